//! One thing that was looked at of a domain, and what came of it.

use std::time::Duration;

use time::OffsetDateTime;

use crate::edge::{Method, Server};
use crate::pki::Certificate;
use crate::text::{Message, say};

/// What a domain is judged by.
pub struct Judge<'a> {
    /// The roots that are believed.
    pub trust: &'a [Certificate],
    /// Now.
    pub now: OffsetDateTime,
    /// What runs here, where that is known.
    pub here: Option<Server>,
    /// Our certificate, where we said who we are.
    pub ours: Option<&'a Certificate>,
    /// Whether the domain is our own.
    pub is_own: bool,
    /// Whether it is a SIP domain of our own.
    pub is_own_sip: bool,
}

/// A way of authentication that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// This one.
    Method(Method),
    /// None at all.
    None,
    /// It cannot be told.
    Unknown,
}

impl Seen {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Seen::Method(method) => method.name(),
            Seen::None => "none",
            Seen::Unknown => "unknown",
        }
    }
}

/// What is looked at, in the order in which a server comes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The service records.
    Srv,
    /// A host's addresses.
    Address,
    /// The connection.
    Tcp,
    /// The stream.
    Stream,
    /// STARTTLS and the handshake.
    StartTls,
    /// The certificate that is shown.
    Certificate,
    /// The features inside TLS.
    Features,
    /// SASL EXTERNAL.
    External,
    /// Server dialback.
    Dialback,
    /// The keys that a host publishes.
    Tlsa,
    /// Whether names are led back to the root's key.
    Dnssec,
    /// Who may issue certificates.
    Caa,
}

impl Part {
    /// All of them.
    pub const ALL: [Part; 12] = [
        Part::Srv,
        Part::Address,
        Part::Tcp,
        Part::Stream,
        Part::StartTls,
        Part::Certificate,
        Part::Features,
        Part::External,
        Part::Dialback,
        Part::Tlsa,
        Part::Dnssec,
        Part::Caa,
    ];

    /// The end of its key `check-step-…`, and its name in JSON where it is no part of SIP.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Part::Srv => "srv",
            Part::Address => "address",
            Part::Tcp => "tcp",
            Part::Stream => "stream",
            Part::StartTls => "starttls",
            Part::Certificate => "certificate",
            Part::Features => "features",
            Part::External => "external",
            Part::Dialback => "dialback",
            Part::Tlsa => "tlsa",
            Part::Dnssec => "dnssec",
            Part::Caa => "caa",
        }
    }
}

/// What it is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// XMPP, and whatever is not of one protocol alone.
    Xmpp,
    /// SIP.
    Sip,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Which.
    pub part: Part,
    /// What for.
    pub protocol: Protocol,
    /// Where: a name, or an address with its port.
    pub target: String,
    /// Whether it is as it should be; none where that cannot be told from here, or is nobody's fault.
    pub ok: Option<bool>,
    /// What it is in words.
    pub detail: Message,
    /// How long it took.
    pub took: Option<Duration>,
}

impl Step {
    /// One that came to what the message `check-…` says.
    #[must_use]
    pub fn new(part: Part, target: impl Into<String>, ok: Option<bool>, key: &'static str) -> Self {
        let (target, detail) = (target.into(), say(key));
        Step { part, protocol: Protocol::Xmpp, target, ok, detail, took: None }
    }

    /// With a part of its message.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        Step { detail: self.detail.with(name, value.into()), ..self }
    }

    /// With the time that it took.
    #[must_use]
    pub fn within(self, took: Option<Duration>) -> Self {
        Step { took, ..self }
    }

    /// The same, of SIP.
    #[must_use]
    pub fn of_sip(self) -> Self {
        Step { protocol: Protocol::Sip, ..self }
    }

    /// What was looked at, in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.protocol {
            Protocol::Xmpp => self.part.name(),
            Protocol::Sip => "sip",
        }
    }

    /// What was looked at, in words.
    #[must_use]
    pub fn title(&self) -> Message {
        let part = say(format!("check-step-{}", self.part.name()));
        match self.protocol {
            Protocol::Xmpp => part,
            Protocol::Sip => say("check-sip-step").with("step", part),
        }
    }

    /// Whether a handshake came so far that it shows that somebody answers there.
    pub(super) fn is_handshake(&self) -> bool {
        ["tls-agreed", "tls-mutual"].contains(&self.code())
    }

    /// What it is, for programs: the end of its message's key.
    #[must_use]
    pub fn code(&self) -> &str {
        self.detail.key.trim_start_matches("check-")
    }
}
