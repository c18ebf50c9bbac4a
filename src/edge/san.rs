//! The names of the certificate, each with its reason.
//!
//! Sources: the product's «Certificate summary» topics (access edge, web conferencing, `sip.<domain>`, XMPP domain), RFC
//! 6120 13.7.2 and XEP-0178 (the certificate proves the address domain, not the SRV target).

use super::{Deployment, Traits, Usage};
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

/// A name of the certificate, why it is there, and which answer put it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFor {
    /// The name; faulty ones are listed too, so that they can be judged.
    pub name: Name,
    /// The reason of its first place.
    pub reason: Reason,
    /// Path of the answer, such as `edge.xmpp_domains.0`.
    pub path: String,
}

/// The names of the certificate in order, each once; the first is the common name.
#[must_use]
pub fn names(deployment: &Deployment) -> Vec<NamedFor> {
    let edge = &deployment.edge;
    let Traits { has_sip, has_internal_interface, .. } = deployment.server.traits();
    let mut wanted: Vec<NamedFor> = Vec::new();
    let mut add = |reason: Reason, path: String, name: Name| wanted.push(NamedFor { name, reason, path });
    let listed = |path: &str, index: usize| format!("{path}.{index}");

    if *has_internal_interface && deployment.request.usage == Usage::Internal {
        if let Some(internal) = &edge.internal {
            add(Reason::InternalEdge, "edge.internal".into(), internal.clone());
        }
        return wanted;
    }
    if *has_sip {
        for (reason, path, name) in [
            (Reason::AccessEdge, "edge.access", &edge.access),
            (Reason::WebConferencing, "edge.web_conferencing", &edge.web_conferencing),
        ] {
            if let Some(name) = name {
                add(reason, path.into(), name.clone());
            }
        }
        for (path, domain) in &deployment.ticked_sip_domains {
            add(Reason::SipDomain, path.clone(), domain.under("sip"));
        }
    }
    for (index, domain) in edge.xmpp_domains.iter().enumerate() {
        add(Reason::XmppDomain, listed("edge.xmpp_domains", index), domain.clone());
    }
    for (index, component) in edge.components.iter().enumerate() {
        add(Reason::Component, listed("edge.components", index), component.clone());
    }
    for (index, extra) in deployment.extra_names.iter().enumerate() {
        add(Reason::Extra, listed("names.extra", index), extra.clone());
    }
    let mut seen = std::collections::HashSet::new();
    wanted.retain(|named| seen.insert(named.name.ascii().to_owned()));
    wanted
}
