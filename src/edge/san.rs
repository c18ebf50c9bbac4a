//! The names of the certificate, each with its reason.
//!
//! Sources: the product's «Certificate summary» topics (access edge, web conferencing, `sip.<domain>`, XMPP domain), RFC
//! 6120 13.7.2 and XEP-0178 (the certificate proves the address domain, not the SRV target).

use std::collections::HashSet;

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

/// The names of the certificate in order, each once; the first is the common name.
#[must_use]
pub fn names(deployment: &Deployment) -> Vec<NamedFor> {
    let edge = &deployment.edge;
    let Traits { has_sip, has_internal_interface, .. } = deployment.server.traits();
    let mut wanted: Vec<NamedFor> = Vec::new();
    let mut add = |reason: Reason, place: usize, name: Name| wanted.push(NamedFor { name, reason, place });

    if *has_internal_interface && deployment.request.usage == Usage::Internal {
        if let Some(internal) = &edge.internal {
            add(Reason::InternalEdge, 0, internal.clone());
        }
        return wanted;
    }
    if *has_sip {
        for (reason, name) in [(Reason::AccessEdge, &edge.access), (Reason::WebConferencing, &edge.web_conferencing)] {
            if let Some(name) = name {
                add(reason, 0, name.clone());
            }
        }
        let domains: HashSet<&Name> = edge.sip_domains.iter().collect();
        let ticked = deployment.ticked_sip_domains.iter().enumerate();
        for (place, domain) in ticked.filter(|(_, domain)| domains.contains(domain)) {
            add(Reason::SipDomain, place, domain.under("sip"));
        }
    }
    for (place, domain) in edge.xmpp_domains.iter().enumerate() {
        add(Reason::XmppDomain, place, domain.clone());
    }
    for (place, component) in edge.components.iter().enumerate() {
        add(Reason::Component, place, component.clone());
    }
    for (place, extra) in deployment.extra_names.iter().enumerate() {
        add(Reason::Extra, place, extra.clone());
    }
    let mut seen = HashSet::new();
    wanted.retain(|named| seen.insert(named.name.ascii().to_owned()));
    wanted
}
