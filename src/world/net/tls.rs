//! A handshake in which everything is accepted and written down, to be judged later.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, DigitallySignedStruct, Error, ProtocolVersion, SignatureScheme};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::name::Name;
use crate::pki::Certificate;
use crate::system::probe::{Fault, Identity, PeerHello, TlsProbe};

/// Octets of the peer that are looked at where the handshake fails.
const FIRST: usize = 16;

/// What a server may believe us by.
#[derive(Debug, Clone)]
pub struct Ours(Arc<CertifiedKey>);

impl Ours {
    /// Nothing where the key is of a kind that TLS does not use.
    pub fn of(identity: &Identity) -> Option<Self> {
        let key = PrivateKeyDer::try_from(identity.key.der()?.to_vec()).ok()?;
        let key = aws_lc_rs::sign::any_supported_type(&key).ok()?;
        let chain = identity.chain.iter().map(|one| CertificateDer::from(one.der().to_vec())).collect();
        Some(Ours(Arc::new(CertifiedKey::new(chain, key))))
    }
}

/// What all handshakes have in common, made once.
#[derive(Debug, Clone)]
pub struct Handshakes(Arc<ClientConfig>);

impl Handshakes {
    /// # Errors
    /// The library's, where it has no cipher suite for any version.
    pub fn new() -> io::Result<Self> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let seen = Seen { chain: Mutex::default(), provider: Arc::clone(&provider) };
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(io::Error::other)?.dangerous();
        let mut config = config.with_custom_certificate_verifier(Arc::new(seen)).with_no_client_auth();
        config.resumption = Resumption::disabled();
        Ok(Handshakes(Arc::new(config)))
    }
}

/// What came of a handshake.
pub struct Shaken<C> {
    /// The connection with what was agreed on, or why there is none.
    pub outcome: Result<(TlsStream<Tap<C>>, TlsProbe), Fault>,
    /// What was shown, the server's own first.
    pub chain: Vec<Certificate>,
    /// Whether there is more, which cannot be read.
    pub has_unreadable: bool,
    /// Whether the peer ended it, having asked for a certificate and been shown none.
    pub misses_certificate: bool,
}

/// Begins TLS for `domain`, however it is spelt, and says that `protocol` is spoken inside, where that is not said before.
pub async fn shake<C: AsyncRead + AsyncWrite + Unpin>(
    handshakes: &Handshakes,
    domain: &str,
    connection: C,
    ours: Option<&Ours>,
    protocol: Option<&[u8]>,
) -> Shaken<C> {
    // TLS knows A-labels alone (RFC 6066 3).
    let Ok(name) = ServerName::try_from(Name::new(domain).ascii().to_owned()) else {
        let fault = Fault::Tls { why: domain.to_owned(), peer: PeerHello::Nothing, old: None };
        let chain = Vec::new();
        return Shaken { outcome: Err(fault), chain, has_unreadable: false, misses_certificate: false };
    };
    let mut config = ClientConfig::clone(&handshakes.0);
    let seen = Arc::new(Seen { chain: Mutex::default(), provider: Arc::clone(config.crypto_provider()) });
    let asked = Arc::new(Asked { ours: ours.map(|ours| Arc::clone(&ours.0)), was_asked: Mutex::new(false) });
    config.dangerous().set_certificate_verifier(Arc::clone(&seen) as _);
    config.client_auth_cert_resolver = Arc::clone(&asked) as _;
    config.alpn_protocols = protocol.map(<[u8]>::to_vec).into_iter().collect();
    let tapped = Tap { connection, first: Vec::new() };
    let shaken = TlsConnector::from(Arc::new(config)).connect(name, tapped).into_fallible().await;
    let mut misses_certificate = false;
    let outcome = match shaken {
        Ok(stream) => {
            let agreed = agreed(&stream, *lock(&asked.was_asked), ours.is_some());
            Ok((stream, agreed))
        }
        Err((error, tapped)) => {
            misses_certificate = ours.is_none() && *lock(&asked.was_asked) && is_by_peer(&error);
            Err(Fault::Tls { why: error.to_string(), peer: hello(&tapped.first), old: None })
        }
    };
    let shown = lock(&seen.chain);
    // What cannot be read is not passed over: what comes behind it is not what the server shows as its own.
    let chain: Vec<Certificate> = shown.iter().map_while(|der| Certificate::read(der)).collect();
    let has_unreadable = chain.len() < shown.len();
    Shaken { outcome, chain, has_unreadable, misses_certificate }
}

/// Whether it is the peer that ended the handshake.
fn is_by_peer(error: &io::Error) -> bool {
    let ours = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    ours.is_none_or(|error| matches!(error, Error::AlertReceived(_)))
}

fn agreed<C>(stream: &TlsStream<C>, asks_for_certificate: bool, has_one: bool) -> TlsProbe {
    let (_, connection) = stream.get_ref();
    let version = match connection.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => "1.3",
        _ => "1.2",
    };
    let suite = connection.negotiated_cipher_suite().and_then(|suite| suite.suite().as_str()).unwrap_or_default();
    let group = connection.negotiated_key_exchange_group().and_then(|group| group.name().as_str());
    TlsProbe {
        version: version.to_owned(),
        suite: suite.replace("TLS13_", "TLS_"),
        group: group.map(str::to_owned),
        asks_for_certificate,
        was_shown_certificate: asks_for_certificate && has_one,
    }
}

/// What the first octets of a handshake say (RFC 8446 5.1, 6).
fn hello(first: &[u8]) -> PeerHello {
    match first {
        [] => PeerHello::Nothing,
        [21, _, _, _, _, _, alert, ..] => PeerHello::Alert(*alert),
        [22, _, _, _, _, 2, _, _, _, major, minor, ..] => PeerHello::Hello(*major, *minor),
        [b'<', ..] => PeerHello::Xml,
        _ => PeerHello::Other,
    }
}

/// What the peer says to a `ClientHello` of TLS 1.2 (RFC 5246 7.4.1.2) that offers what nobody should take any more. Nothing comes
/// of it: it is all the same octets for everybody, but for the name.
pub async fn old_hello(mut connection: TcpStream, domain: &str) -> PeerHello {
    let mut first = [0; FIRST];
    let told = async {
        connection.write_all(&client_hello(domain)).await?;
        connection.read(&mut first).await
    };
    let length = told.await.unwrap_or_default();
    hello(&first[..length])
}

/// Cipher suites of TLS 1.2 and before, those with RSA or CBC among them.
const OLD_SUITES: [u16; 16] = [
    0xc02f, 0xc02b, 0xc030, 0xc02c, 0x009e, 0x009f, 0xc013, 0xc014, 0xc009, 0xc00a, 0x0033, 0x009c, 0x009d, 0x002f,
    0x0035, 0x000a,
];

fn client_hello(domain: &str) -> Vec<u8> {
    let name = [&[0][..], &sized(domain.as_bytes())].concat();
    let extensions = [
        extension(0, &sized(&name)),                                  // server_name (RFC 6066 3)
        extension(10, &sized(&[0, 23, 0, 24, 0, 25, 0, 29])),         // supported_groups (RFC 8422 5.1)
        extension(11, &[1, 0]),                                       // ec_point_formats
        extension(13, &sized(&[4, 1, 5, 1, 2, 1, 4, 3, 2, 3, 8, 4])), // signature_algorithms
        extension(0xff01, &[0]),                                      // renegotiation_info (RFC 5746)
    ];
    let suites: Vec<u8> = OLD_SUITES.iter().flat_map(|suite| suite.to_be_bytes()).collect();
    let random = [0x5a; 32];
    let body = [&[3, 3][..], &random, &[0], &sized(&suites), &[1, 0], &sized(&extensions.concat())].concat();
    let message = [&[1, 0][..], &sized(&body)].concat();
    [&[22, 3, 1][..], &sized(&message)].concat()
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes()[..], &sized(content)].concat()
}

/// With its length before it, in two octets.
fn sized(content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap_or(u16::MAX);
    [&length.to_be_bytes()[..], content].concat()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps the certificates that are shown. They are kept here and not in the connection, which has none where the handshake
/// fails later. They are believed only in so far as their key signed it.
#[derive(Debug)]
struct Seen {
    chain: Mutex<Vec<Vec<u8>>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        issuers: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *lock(&self.chain) = std::iter::once(leaf).chain(issuers).map(|one| one.to_vec()).collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, leaf, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, leaf, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// Shows our certificate to whoever asks for one, whichever authorities it names, and notes that it did.
#[derive(Debug)]
struct Asked {
    ours: Option<Arc<CertifiedKey>>,
    was_asked: Mutex<bool>,
}

impl ResolvesClientCert for Asked {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        *lock(&self.was_asked) = true;
        self.ours.clone()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// A connection that keeps the peer's first octets.
pub struct Tap<C> {
    connection: C,
    first: Vec<u8>,
}

impl<C: AsyncRead + Unpin> AsyncRead for Tap<C> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let polled = Pin::new(&mut self.connection).poll_read(context, into);
        let room = FIRST - self.first.len().min(FIRST);
        let new = &into.filled()[before..];
        self.first.extend_from_slice(&new[..new.len().min(room)]);
        polled
    }
}

impl<C: AsyncWrite + Unpin> AsyncWrite for Tap<C> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.connection).poll_write(context, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_octets_tell_what_a_peer_speaks() {
        assert_eq!(hello(&[]), PeerHello::Nothing);
        assert_eq!(hello(&[21, 3, 1, 0, 2, 2, 70]), PeerHello::Alert(70));
        assert_eq!(hello(&[22, 3, 1, 0, 0, 2, 0, 0, 0, 3, 1]), PeerHello::Hello(3, 1));
        assert_eq!(hello(b"<stream"), PeerHello::Xml);
        assert_eq!(hello(b"HTTP/1.1"), PeerHello::Other);
    }
}
