//! The names of the certificate, each with its reason.
//!
//! Sources: the product's «Certificate summary» topics (access edge, web conferencing, `sip.<domain>`, XMPP domain), RFC
//! 6120 13.7.2 and XEP-0178 (the certificate proves the address domain, not the SRV target).

use std::collections::HashSet;

use super::{Deployment, NameReason, NamedFor, Traits, Usage};
use crate::name::Name;

/// The names of the certificate in order, each once; the first is the common name.
#[must_use]
pub fn names(deployment: &Deployment) -> Vec<NamedFor> {
    let edge = &deployment.edge;
    let Traits { has_sip, has_internal_interface, .. } = deployment.server.traits();
    let mut wanted: Vec<NamedFor> = Vec::new();
    let mut add = |reason: NameReason, place: usize, name: Name| wanted.push(NamedFor { name, reason, place });

    if *has_internal_interface && deployment.request.usage == Usage::Internal {
        if let Some(internal) = &edge.internal {
            add(NameReason::InternalEdge, 0, internal.clone());
        }
        return wanted;
    }
    if *has_sip {
        for (reason, name) in
            [(NameReason::AccessEdge, &edge.access), (NameReason::WebConferencing, &edge.web_conferencing)]
        {
            if let Some(name) = name {
                add(reason, 0, name.clone());
            }
        }
        let domains: HashSet<&Name> = edge.sip_domains.iter().collect();
        let ticked = deployment.ticked_sip_domains.iter().enumerate();
        for (place, domain) in ticked.filter(|(_, domain)| domains.contains(domain)) {
            add(NameReason::SipDomain, place, domain.under("sip"));
        }
    }
    for (place, domain) in edge.xmpp_domains.iter().enumerate() {
        add(NameReason::XmppDomain, place, domain.clone());
    }
    for (place, component) in edge.components.iter().enumerate() {
        add(NameReason::Component, place, component.clone());
    }
    for (place, extra) in deployment.extra_names.iter().enumerate() {
        add(NameReason::Extra, place, extra.clone());
    }
    let mut seen = HashSet::new();
    wanted.retain(|named| seen.insert(named.name.ascii().to_owned()));
    wanted
}
