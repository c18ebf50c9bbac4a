//! A server that `speed.py` has many domains looked at on. What it says is the same whoever asks, and it reads no XML: so it
//! takes less time than who is measured.
//!
//!     peer ADDRESS:PORT CHAIN KEY

use std::env;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio_rustls::TlsAcceptor;

const OPENED: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:db='jabber:server:dialback' \
    xmlns:stream='http://etherx.jabber.org/streams' id='x' version='1.0'><stream:features>";
const STARTTLS: &str = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>";
const PROCEED: &str = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const MECHANISMS: &str = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>EXTERNAL</mechanism></mechanisms>\
    <dialback xmlns='urn:xmpp:features:dialback'/></stream:features>";
const CLOSED: &str = "</stream:stream>";

fn main() {
    let given: Vec<String> = env::args().collect();
    let [_, address, chain, key] = &given[..] else { panic!("peer ADDRESS:PORT CHAIN KEY") };
    let chain = CertificateDer::pem_file_iter(chain).unwrap().map(Result::unwrap).collect();
    let config =
        ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
    let config = config.unwrap().with_no_client_auth();
    let config = config.with_single_cert(chain, PrivateKeyDer::from_pem_file(key).unwrap()).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    Builder::new_current_thread().enable_io().build().unwrap().block_on(async {
        let listener = TcpListener::bind(address).await.unwrap();
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            tokio::spawn(serve(connection, acceptor.clone()));
        }
    });
}

/// Whoever goes away early, as `openssl s_client` does, is missed by nobody.
async fn serve(mut connection: TcpStream, acceptor: TlsAcceptor) -> io::Result<()> {
    connection.set_nodelay(true)?;
    hear(&mut connection, "version='1.0'>").await?;
    connection.write_all(format!("{OPENED}{STARTTLS}").as_bytes()).await?;
    hear(&mut connection, "/>").await?;
    connection.write_all(PROCEED.as_bytes()).await?;
    let mut connection = acceptor.accept(connection).await?;
    hear(&mut connection, "version='1.0'>").await?;
    connection.write_all(format!("{OPENED}{MECHANISMS}").as_bytes()).await?;
    hear(&mut connection, CLOSED).await?;
    connection.write_all(CLOSED.as_bytes()).await?;
    connection.shutdown().await
}

/// Reads until that was said.
async fn hear(from: &mut (impl AsyncRead + Unpin), end: &str) -> io::Result<()> {
    let mut heard = Vec::new();
    while !heard.ends_with(end.as_bytes()) {
        if from.read_buf(&mut heard).await? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}
