//! Where zones take dynamic updates (RFC 2136).

use std::collections::BTreeMap;
use std::net::{AddrParseError, IpAddr, SocketAddr};
use std::path::PathBuf;

/// Where name servers listen.
pub const DNS_PORT: u16 = 53;

/// A name server that takes updates, and the key that signs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// Where it listens.
    pub server: SocketAddr,
    /// Absolute path of the file with the TSIG key (RFC 8945).
    pub key_file: PathBuf,
}

/// Where the records are published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publication {
    /// The zones that have none of their own are published here.
    pub usual: Option<Publisher>,
    /// By zone, in A-labels.
    pub own: BTreeMap<String, Publisher>,
}

impl Publication {
    /// Where `zone` is published, if anywhere.
    #[must_use]
    pub fn of(&self, zone: &str) -> Option<&Publisher> {
        self.own.get(zone).or(self.usual.as_ref()).filter(|_| !zone.is_empty())
    }

    /// All of them.
    pub fn publishers(&self) -> impl Iterator<Item = &Publisher> {
        self.usual.iter().chain(self.own.values())
    }
}

/// A name server by its address, at port 53 where none is said: `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`.
///
/// # Errors
/// It is no address.
pub fn name_server(said: &str) -> Result<SocketAddr, AddrParseError> {
    match said.parse::<IpAddr>() {
        Ok(address) => Ok(SocketAddr::new(address, DNS_PORT)),
        Err(_) => said.parse(),
    }
}
