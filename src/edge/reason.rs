//! Why a name is in the certificate.

use crate::name::Name;

/// Why a name is in the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Subject of the external certificate of a Lync edge.
    AccessEdge,
    /// Web conferencing edge.
    WebConferencing,
    /// `sip.<domain>`: client configuration and federation of a SIP domain.
    SipDomain,
    /// A domain in XMPP addresses.
    XmppDomain,
    /// A component such as a chat-room service.
    Component,
    /// Asked for by the administrator.
    Extra,
    /// Subject of the internal certificate of a Lync edge.
    InternalEdge,
}

impl Reason {
    /// Every reason there is.
    pub const ALL: [Reason; 7] = [
        Reason::AccessEdge,
        Reason::WebConferencing,
        Reason::SipDomain,
        Reason::XmppDomain,
        Reason::Component,
        Reason::Extra,
        Reason::InternalEdge,
    ];

    /// The contract's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Reason::AccessEdge => "access-edge",
            Reason::WebConferencing => "web-conferencing",
            Reason::SipDomain => "sip-domain",
            Reason::XmppDomain => "xmpp-domain",
            Reason::Component => "component",
            Reason::Extra => "extra",
            Reason::InternalEdge => "internal-edge",
        }
    }
}

/// A name of the certificate, and why it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFor {
    /// The name; faulty ones are listed too, so that they can be judged.
    pub name: Name,
    /// The reason of its first place.
    pub reason: Reason,
    /// Its place among the names there for this reason, as they were given.
    pub place: usize,
}
