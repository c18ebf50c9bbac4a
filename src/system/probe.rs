//! What a server shows another server that looks at it from outside. Nothing of it is judged here.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::dnssec::TrustAnchors;

use crate::edge::SipService;
use crate::home::{CaaLook, Lookup, Proof, RecordSet};
use crate::pki::{Certificate, PrivateKey};
use crate::text::{Message, quoted, say};

/// How it is looked into the network.
#[derive(Clone)]
pub struct LookOptions {
    /// The name server that is asked; none: the system's.
    pub resolver: Option<SocketAddr>,
    /// How long it may take, for each domain with all of its addresses.
    pub timeout: Duration,
    /// The root's keys that names are validated from.
    pub anchors: Arc<TrustAnchors>,
}

impl Default for LookOptions {
    /// The system's name server, ten seconds, and the internet's own root.
    fn default() -> Self {
        LookOptions { resolver: None, timeout: Duration::from_secs(10), anchors: Arc::default() }
    }
}

/// How domains are looked at.
pub struct ProbeOptions<'a> {
    /// Who asks; none: nobody is named, and SASL EXTERNAL is not tried.
    pub identity: Option<&'a Identity>,
    /// Whether to go on; it is asked every moment.
    pub go_on: &'a dyn Fn() -> bool,
    /// What is looked at of a domain.
    pub services: &'a dyn Fn(&str) -> Services,
    /// Whether a domain is told who asks.
    pub is_told: &'a dyn Fn(&str) -> bool,
}

/// What is looked at of a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Services {
    /// Whether servers find each other there by XMPP.
    pub xmpp: bool,
    /// Whether they do by SIP.
    pub sip: SipAsked,
    /// Whether it is asked who may issue certificates for it.
    pub caa: bool,
}

/// Whether a domain is looked at for SIP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SipAsked {
    /// It is not.
    No,
    /// Where it has the record that partners look for.
    IfPublished,
    /// Whatever it publishes.
    Yes,
}

/// A domain, with the certificate that proves it.
pub struct Identity {
    /// In A-labels.
    pub domain: String,
    /// Its certificate, and its issuers.
    pub chain: Vec<Certificate>,
    /// Its key.
    pub key: PrivateKey,
}

/// What a domain shows.
#[derive(Debug, Clone, Default)]
pub struct DomainProbe {
    /// In A-labels.
    pub domain: String,
    /// Whether nobody looked for XMPP.
    pub is_sip_only: bool,
    /// What `_xmpp-server._tcp` leads to (RFC 6120 3.2.1); none where there was no time for it.
    pub srv: Option<Lookup<Srv>>,
    /// What `_xmpps-server._tcp` leads to (XEP-0368).
    pub direct_srv: Option<Lookup<Srv>>,
    /// The hosts that a server tries, in their order; the domain itself where there are no SRV records.
    pub hosts: Vec<HostProbe>,
    /// How many hosts and addresses more there are, which were not looked at.
    pub left_out: usize,
    /// What its SIP records lead to, where they were looked at.
    pub sip: Vec<SipProbe>,
    /// What came of validating its service records, and the addresses and keys of its hosts; in no order.
    pub proofs: Vec<Proven>,
    /// Who may issue certificates for it; asked of domains of our own alone.
    pub caa: Option<CaaLook>,
}

/// What a SIP record leads to.
#[derive(Debug, Clone)]
pub struct SipProbe {
    /// Whom it is for.
    pub service: SipService,
    /// The record; none where there was no time for it.
    pub srv: Option<Lookup<Srv>>,
    /// The hosts that it leads to, in their order.
    pub hosts: Vec<HostProbe>,
    /// How many hosts and addresses more there are, which were not looked at.
    pub left_out: usize,
}

/// An answer, validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// What was asked for.
    pub set: RecordSet,
    /// What came of it.
    pub proof: Proof,
}

/// A service record (RFC 2782), its target in A-labels without a trailing dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Srv {
    /// The least is tried first.
    pub priority: u16,
    /// Share among those of one priority.
    pub weight: u16,
    /// Port.
    pub port: u16,
    /// Host; empty where the service is decidedly not offered.
    pub target: String,
}

/// A host that a domain leads to.
#[derive(Debug, Clone)]
pub struct HostProbe {
    /// In A-labels.
    pub name: String,
    /// Port.
    pub port: u16,
    /// How a conversation with it begins.
    pub way: Way,
    /// Whether the name is an alias, which a target must not be (RFC 2782).
    pub is_alias: bool,
    /// Its addresses; none where there was no time for them.
    pub addresses: Option<Lookup<IpAddr>>,
    /// What it publishes of its keys; none where there was no time for them.
    pub tlsa: Option<Lookup<Tlsa>>,
    /// What was found at each.
    pub endpoints: Vec<EndpointProbe>,
}

/// How a conversation begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// With an XMPP stream, in which STARTTLS is agreed on.
    StartTls,
    /// With TLS, an XMPP stream inside it (XEP-0368).
    Direct,
    /// With TLS, in which nothing is said: SIP is not spoken here.
    Sip,
}

/// A key or certificate that a host publishes (RFC 6698 2.1, RFC 7673).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tlsa {
    /// Whose it is, and what more is asked of it.
    pub usage: u8,
    /// 0 for the certificate, 1 for the key.
    pub selector: u8,
    /// 0 for itself, 1 for its SHA-256, 2 for its SHA-512.
    pub matching: u8,
    /// What has to match.
    pub data: Vec<u8>,
}

/// What is found at an address.
#[derive(Debug, Clone)]
pub struct EndpointProbe {
    /// Where.
    pub address: SocketAddr,
    /// How long each part took, as far as it came.
    pub took: Vec<(Stage, Duration)>,
    /// What is offered before TLS.
    pub plain: Option<Features>,
    /// The TLS that was agreed on.
    pub tls: Option<TlsProbe>,
    /// The certificates that were shown, the server's own first; also where the handshake failed afterwards.
    pub chain: Vec<Certificate>,
    /// Whether something among them cannot be read, which then is left out, and what comes behind it too.
    pub has_unreadable: bool,
    /// What is offered inside TLS.
    pub secure: Option<Features>,
    /// The answer to SASL EXTERNAL, where it was tried.
    pub external: Option<SaslAnswer>,
    /// Why it ended before all was seen.
    pub fault: Option<Fault>,
}

impl Srv {
    /// Whether it leads to a host: not to ".", nor to an address, which nobody looks up (RFC 2782).
    #[must_use]
    pub fn names_a_host(&self) -> bool {
        !self.target.is_empty() && self.target.parse::<IpAddr>().is_err()
    }
}

impl HostProbe {
    /// Nothing of it seen yet.
    #[must_use]
    pub fn new(name: String, port: u16, way: Way) -> Self {
        HostProbe { name, port, way, is_alias: false, addresses: None, tlsa: None, endpoints: Vec::new() }
    }

    /// The name that its keys are published at (RFC 7673 3.3).
    #[must_use]
    pub fn service(&self) -> String {
        format!("_{}._tcp.{}", self.port, self.name)
    }
}

impl EndpointProbe {
    /// Nothing seen yet.
    #[must_use]
    pub fn at(address: SocketAddr) -> Self {
        EndpointProbe {
            address,
            took: Vec::new(),
            plain: None,
            tls: None,
            chain: Vec::new(),
            has_unreadable: false,
            secure: None,
            external: None,
            fault: None,
        }
    }

    /// The last part that came to its end.
    #[must_use]
    pub fn reached(&self) -> Option<Stage> {
        self.took.last().map(|(stage, _)| *stage)
    }
}

/// The parts of a conversation, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The connection.
    Tcp,
    /// A stream and its features, in clear.
    Stream,
    /// STARTTLS is agreed on.
    StartTls,
    /// The handshake.
    Tls,
    /// A stream and its features, inside TLS.
    Features,
    /// SASL EXTERNAL.
    External,
}

/// Stream features (RFC 6120 4.3.2) that servers care about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Features {
    /// Whether STARTTLS is offered.
    pub offers_starttls: bool,
    /// Whether it must be used.
    pub requires_starttls: bool,
    /// SASL mechanisms.
    pub mechanisms: Vec<String>,
    /// Whether server dialback is offered (XEP-0220 2.3).
    pub offers_dialback: bool,
}

/// A TLS connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsProbe {
    /// `1.2` or `1.3`.
    pub version: String,
    /// Cipher suite by its name at IANA.
    pub suite: String,
    /// Group of the key exchange.
    pub group: Option<String>,
    /// Whether the server asked for a certificate, without which there is no EXTERNAL.
    pub asks_for_certificate: bool,
    /// Whether it was shown one.
    pub was_shown_certificate: bool,
}

/// What a server says to SASL EXTERNAL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaslAnswer {
    /// It believes us.
    Success,
    /// It does not (RFC 6120 6.5), in its words.
    Failure {
        /// Such as `not-authorized`.
        condition: String,
        /// What it adds.
        text: String,
    },
}

/// Why a conversation ended before all was seen. What the peer says in it comes from outside;
/// [`visible`](crate::text::visible) makes it fit to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The system's words.
    Io(String),
    /// It did not go on in time.
    Late,
    /// The peer closed the connection.
    Closed,
    /// What it sent is no XML of a stream, or too much of it; why.
    NotXml(String),
    /// It speaks XMPP before 1.0, which has no features.
    Old,
    /// A stream error (RFC 6120 4.9).
    Stream {
        /// Such as `host-unknown`.
        condition: String,
        /// What it adds.
        text: String,
    },
    /// Another element than was due.
    Unexpected(String),
    /// Octets came in clear where TLS was due (RFC 6120 5.4.3.3).
    ClearText(usize),
    /// It ended the handshake, in which it had asked for a certificate and was shown none.
    CertificateMissed,
    /// The handshake failed.
    Tls {
        /// The library's words.
        why: String,
        /// What the peer's first octets say.
        peer: PeerHello,
        /// What they say to a handshake of TLS 1.2 as it was made before 1.3, with old cipher suites too; where it was tried.
        old: Option<PeerHello>,
    },
}

impl Fault {
    /// It in words.
    #[must_use]
    pub fn reason(&self) -> Message {
        match self {
            Fault::Io(why) => say("check-broken").with("reason", quoted(why)),
            Fault::Late => say("check-late"),
            Fault::Closed => say("check-closed"),
            Fault::NotXml(why) => say("check-not-xmpp").with("reason", quoted(why)),
            Fault::Old => say("check-old-xmpp"),
            Fault::Stream { condition, text } => {
                say("check-stream-error").with("condition", quoted(condition)).with("text", quoted(text))
            }
            Fault::Unexpected(name) => say("check-unexpected").with("name", quoted(name)),
            Fault::ClearText(count) => say("check-clear-text").with("count", count.to_string()),
            Fault::CertificateMissed => say("check-tls-mutual"),
            Fault::Tls { why, peer, old } => match old.as_ref().unwrap_or(peer) {
                PeerHello::Hello(3, 1) => say("check-tls-old").with("version", "1.0"),
                PeerHello::Hello(3, 2) => say("check-tls-old").with("version", "1.1"),
                PeerHello::Hello(3, 3) if old.is_some() => say("check-tls-suites"),
                // It takes no version before 1.3.
                PeerHello::Alert(70) if old.is_some() => say("check-tls-groups"),
                PeerHello::Alert(alert) => {
                    say("check-tls-alert").with("alert", alert.to_string()).with("reason", quoted(why))
                }
                PeerHello::Xml => say("check-tls-xml"),
                PeerHello::Nothing => say("check-tls-closed"),
                _ => say("check-tls-failed").with("reason", quoted(why)),
            },
        }
    }
}

/// What a peer's first octets in a handshake say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeerHello {
    /// Nothing came.
    Nothing,
    /// An alert (RFC 8446 6), its number.
    Alert(u8),
    /// A `ServerHello`; the version in it.
    Hello(u8, u8),
    /// XML goes on.
    Xml,
    /// Anything else.
    Other,
}
