//! The partners as servers are told about them.

use crate::edge::{Deployment, Partner, Verdict};
use crate::name::Name;

/// The partners that a server can be told about: a sound name, and settings that leave a method.
pub(super) fn partners(deployment: &Deployment) -> impl Iterator<Item = &Partner> {
    let can_work =
        |partner: &&Partner| is_host(&partner.domain) && partner.outcome(deployment.server).verdict != Verdict::Invalid;
    deployment.federation.partners.iter().filter(can_work)
}

/// Primary and additional domains of a partner in A-labels, the primary one first.
pub(super) fn domains(partner: &Partner) -> impl Iterator<Item = &str> {
    std::iter::once(&partner.domain).chain(&partner.additional_domains).filter(|name| is_host(name)).map(Name::ascii)
}

pub(super) fn is_host(name: &Name) -> bool {
    name.is_sound() && !name.is_wildcard()
}

/// Sound names as strings that Lua and YAML read alike: letters, digits, hyphens and dots need no escape in either.
pub(super) fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    names.into_iter().map(|name| format!("\"{name}\"")).collect()
}
