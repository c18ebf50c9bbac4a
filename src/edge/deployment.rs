//! What the answers mean, worked out once: everything after the form reads this and no raw answers.

use std::net::IpAddr;
use std::path::PathBuf;

use super::{Method, NamedFor, Partner, Publication, Server};
use crate::name::Name;
use crate::pki::request::RequestSpec;
use crate::pki::{KeyKind, Subject};

/// One edge, as the answers describe it. Faulty answers leave their place empty; the problems tell why.
#[derive(Debug, Clone, PartialEq)]
pub struct Deployment {
    /// What runs on the edge.
    pub server: Server,
    /// Absolute path of the main configuration file of the server on this machine, where settings and certificate go to it.
    pub install: Option<PathBuf>,
    /// Whether chat-room services that the server does not have yet are made there.
    pub makes_rooms: bool,
    /// Whether streams may be closed there that the settings do not allow.
    pub drops_streams: bool,
    /// Names, domains and addresses.
    pub edge: Edge,
    /// How the certificate is asked for.
    pub request: RequestSettings,
    /// SIP domains that get `sip.<domain>` (Lync).
    pub ticked_sip_domains: Vec<Name>,
    /// Names asked for beyond the computed ones.
    pub extra_names: Vec<Name>,
    /// The names of the certificate with their reasons.
    pub names: Vec<NamedFor>,
    /// The partners.
    pub federation: Federation,
    /// External access (Lync).
    pub policy: Policy,
    /// How the records are written.
    pub dns: DnsSettings,
}

impl Deployment {
    /// What the request says that this leads to; none where Windows makes it or the key kind is unknown.
    #[must_use]
    pub fn request_spec(&self) -> Option<RequestSpec> {
        let request = &self.request;
        let key = request.key.filter(|_| request.key_by == KeyMaker::Edgewright)?;
        Some(RequestSpec {
            key,
            subject: request.subject.clone(),
            names: self.names.iter().map(|NamedFor { name, .. }| name.ascii().to_owned()).collect(),
            client_eku: request.client_eku,
            template: request.template.clone(),
        })
    }

    /// The name the deployment is known by: the common name.
    #[must_use]
    pub fn first_name(&self) -> &str {
        self.names.first().map_or("", |named| named.name.ascii())
    }

    /// Whether a partner with these `methods` is left with SASL EXTERNAL alone, and the certificate is asked for without the
    /// usage of a TLS client, which is what the server that connects shows it as (RFC 5280 4.2.1.12).
    #[must_use]
    pub fn may_be_refused_by(&self, methods: &[Method]) -> bool {
        !self.request.client_eku && methods == [Method::SaslOverTls]
    }
}

/// Names, domains and addresses of the edge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    /// Access edge (Lync).
    pub access: Option<Name>,
    /// Web conferencing edge (Lync).
    pub web_conferencing: Option<Name>,
    /// A/V edge (Lync); in DNS only.
    pub av: Option<Name>,
    /// Internal interface (Lync).
    pub internal: Option<Name>,
    /// FQDNs of the pool's members (Lync).
    pub pool: Vec<Name>,
    /// SIP domains (Lync).
    pub sip_domains: Vec<Name>,
    /// Domains in XMPP addresses.
    pub xmpp_domains: Vec<Name>,
    /// Components such as chat-room services (Prosody, ejabberd).
    pub components: Vec<Name>,
    /// Target of the SRV records.
    pub host: Option<Name>,
    /// Addresses of the host.
    pub addresses: Vec<IpAddr>,
    /// Addresses of the web conferencing edge (Lync).
    pub web_conferencing_addresses: Vec<IpAddr>,
    /// Addresses of the A/V edge (Lync).
    pub av_addresses: Vec<IpAddr>,
}

/// Which interface a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Usage {
    /// The side that partners and users outside see.
    #[default]
    External,
    /// The side towards the own network (Lync).
    Internal,
}

impl Usage {
    /// Both.
    pub const ALL: [Usage; 2] = [Usage::External, Usage::Internal];

    /// Name of the link in the home folder that leads to the pair in use.
    #[must_use]
    pub const fn link(self) -> &'static str {
        match self {
            Usage::External => "current",
            Usage::Internal => "current-internal",
        }
    }

    /// The contract's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Usage::External => "external",
            Usage::Internal => "internal",
        }
    }

    /// The usage of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|usage| usage.name() == name)
    }
}

/// What kind of authority will answer; its rules judge the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Authority {
    /// In the browsers' root programs: CA/Browser Forum rules hold.
    #[default]
    Public,
    /// The organization's own.
    Private,
}

/// Who makes the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyMaker {
    /// This program; for Lync it travels as a PFX.
    #[default]
    Edgewright,
    /// Windows, by script on the edge; no key exists here.
    Lync,
}

/// How the certificate is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestSettings {
    /// Which interface it is for.
    pub usage: Usage,
    /// Who makes the key.
    pub key_by: KeyMaker,
    /// Absolute path of the request's copy.
    pub file: PathBuf,
    /// Whose rules judge it.
    pub authority: Authority,
    /// Certificate template of an enterprise authority; empty for none.
    pub template: String,
    /// Whether TLS client authentication is asked for.
    pub client_eku: bool,
    /// Name shown beside the certificate in Windows and in a PFX.
    pub friendly_name: String,
    /// Kind of key; none where the answer is unknown.
    pub key: Option<KeyKind>,
    /// Whether a PFX may ever be made from the key.
    pub exportable: bool,
    /// Who asks.
    pub subject: Subject,
    /// Whether a new one is wanted although the certificate there is would do, and how.
    pub renewal: Option<Renewal>,
}

/// How a certificate is renewed before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewal {
    /// Whether the new request is made for the key there is.
    pub keeps_key: bool,
}

/// Whom the edge talks with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Federation {
    /// Whether domains that are no partner are refused; else the server's own settings stay.
    pub refuse_unlisted: bool,
    /// The partners in order.
    pub partners: Vec<Partner>,
}

/// External access (Lync): which policy, and what it allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// `global`, `site:<name>` or `user:<policy name>`.
    pub scope: String,
    /// Users whom a user policy is granted to, as their SIP addresses; `all` is everybody.
    pub grant: Vec<String>,
    /// «Enable communications with federated users».
    pub federation_access: bool,
    /// «Enable communications with XMPP federated users».
    pub xmpp_access: bool,
    /// Access edge configuration: «Enable communications with federated users».
    pub allow_federated_users: bool,
}

impl Policy {
    /// Whether a user policy is granted to everybody.
    #[must_use]
    pub fn is_for_all(&self) -> bool {
        self.grant.iter().any(|user| user == "all")
    }
}

/// How DNS records are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DnsSettings {
    /// Zones the records go to; none: each record's registrable domain.
    pub zones: Option<Vec<Name>>,
    /// Time to live in seconds.
    pub ttl: u32,
    /// Priority of every SRV record (RFC 2782).
    pub priority: u16,
    /// Weight of every SRV record (RFC 2782).
    pub weight: u16,
    /// Where they are published.
    pub publication: Publication,
    /// The SHA-256 of the public keys that are published beside the host, as TLSA records: of the one in use, and of those that
    /// wait for their certificate. None where that is not asked for.
    pub keys: Option<Vec<Vec<u8>>>,
}
