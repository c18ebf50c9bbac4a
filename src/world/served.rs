//! What a server on this machine shows another server: a stream, STARTTLS, a handshake (RFC 6120 5.4), and the certificate.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme};

use crate::name::Name;
use crate::pki::Certificate;

use super::platform;

/// Where servers speak with servers (RFC 6120 14.7).
const PORT: u16 = 5269;
/// How long a server may say nothing: it is on this machine.
const PATIENCE: Duration = Duration::from_secs(5);
/// Octets of a stream that are read before TLS.
const MOST_SAID: usize = 64 << 10;
const TLS: &str = "urn:ietf:params:xml:ns:xmpp-tls";

/// The certificate that is shown for `domain`, as the server spells it, at the first of `addresses` where one is, or where else
/// somebody listens: behind NAT the server's own addresses are others than its partners know.
pub fn served(domain: &str, addresses: &[IpAddr]) -> io::Result<Certificate> {
    let own = platform::listening(PORT).into_iter().filter(|address| !address.is_unspecified());
    let (mut silent, mut unfit) = (io::Error::from(ErrorKind::AddrNotAvailable), None);
    for address in addresses.iter().copied().chain(own) {
        match TcpStream::connect_timeout(&SocketAddr::new(address, PORT), PATIENCE) {
            Ok(stream) => match shown(domain, stream) {
                Ok(leaf) => return Ok(leaf),
                // It may be another server's.
                Err(error) => unfit = unfit.or(Some(error)),
            },
            Err(error) => silent = error,
        }
    }
    Err(unfit.unwrap_or(silent))
}

fn shown(domain: &str, mut stream: TcpStream) -> io::Result<Certificate> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    // Nobody is said to ask: a domain that is no partner would be sent away.
    write!(
        stream,
        "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' \
         xmlns:db='jabber:server:dialback' to='{domain}' version='1.0'>"
    )?;
    let features = until(&mut stream, &["</stream:features>", "<stream:features/>", "</stream:stream>"])?;
    if !features.contains(TLS) {
        return Err(io::Error::new(ErrorKind::InvalidData, "no STARTTLS"));
    }
    write!(stream, "<starttls xmlns='{TLS}'/>")?;
    let answer = until(&mut stream, &["<proceed", "<failure", "</stream:stream>"])?;
    if !answer.contains("<proceed") {
        return Err(io::Error::new(ErrorKind::InvalidData, "STARTTLS refused"));
    }
    if !answer.ends_with('>') {
        until(&mut stream, &[">"])?;
    }
    handshake(domain, &mut stream)
}

/// Reads octet by octet, so that nothing of TLS is taken, until one of `ends` was said.
fn until(stream: &mut TcpStream, ends: &[&str]) -> io::Result<String> {
    let mut said = Vec::new();
    while said.len() < MOST_SAID {
        let mut octet = [0];
        stream.read_exact(&mut octet)?;
        said.push(octet[0]);
        if ends.iter().any(|end| said.ends_with(end.as_bytes())) {
            return Ok(String::from_utf8_lossy(&said).into_owned());
        }
    }
    Err(ErrorKind::InvalidData.into())
}

fn handshake(domain: &str, stream: &mut TcpStream) -> io::Result<Certificate> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let seen = Arc::new(Seen { leaf: Mutex::default(), provider: Arc::clone(&provider) });
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(io::Error::other)?.dangerous();
    let config = config.with_custom_certificate_verifier(Arc::clone(&seen) as _).with_no_client_auth();
    // TLS knows A-labels alone (RFC 6066 3).
    let name = ServerName::try_from(Name::new(domain).ascii().to_owned()).map_err(io::Error::other)?;
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    let outcome = connection.complete_io(stream);
    let leaf = seen.leaf.lock().unwrap_or_else(PoisonError::into_inner).take();
    match leaf.as_deref().and_then(Certificate::read) {
        Some(certificate) => {
            connection.send_close_notify();
            let _ = connection.complete_io(stream);
            Ok(certificate)
        }
        None => Err(outcome.err().unwrap_or_else(|| ErrorKind::InvalidData.into())),
    }
}

/// Keeps the certificate that is shown. It is believed only in so far as its key signed the handshake.
#[derive(Debug)]
struct Seen {
    leaf: Mutex<Option<Vec<u8>>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        *self.leaf.lock().unwrap_or_else(PoisonError::into_inner) = Some(leaf.to_vec());
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
