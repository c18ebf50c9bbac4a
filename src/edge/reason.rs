//! Why a name is in the certificate.

use crate::name::Name;

/// Why a name is in the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameReason {
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

impl NameReason {
    /// Every reason there is.
    pub const ALL: [NameReason; 7] = [
        NameReason::AccessEdge,
        NameReason::WebConferencing,
        NameReason::SipDomain,
        NameReason::XmppDomain,
        NameReason::Component,
        NameReason::Extra,
        NameReason::InternalEdge,
    ];

    /// The contract's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            NameReason::AccessEdge => "access-edge",
            NameReason::WebConferencing => "web-conferencing",
            NameReason::SipDomain => "sip-domain",
            NameReason::XmppDomain => "xmpp-domain",
            NameReason::Component => "component",
            NameReason::Extra => "extra",
            NameReason::InternalEdge => "internal-edge",
        }
    }
}

/// A name of the certificate, and why it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFor {
    /// The name; faulty ones are listed too, so that they can be judged.
    pub name: Name,
    /// The reason of its first place.
    pub reason: NameReason,
    /// Its place among the names there for this reason, as they were given.
    pub place: usize,
}
