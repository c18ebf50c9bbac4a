//! The partners as servers are told about them.

use crate::edge::{Deployment, Partner};
use crate::name::Name;
use crate::text::Message;

use super::product::Product;

/// The partners that `product` can be told about: a sound name, and a method that takes place.
pub(super) fn partners<'a>(product: &dyn Product, deployment: &'a Deployment) -> impl Iterator<Item = &'a Partner> {
    named(deployment).filter(|partner| !product.enforces(partner.negotiation).methods.is_empty())
}

/// What `product` does not do as the partners' settings ask, each once with the partners it is about, in their order.
#[must_use]
pub fn limits<'a>(product: &dyn Product, deployment: &'a Deployment) -> Vec<(Message, Vec<&'a Partner>)> {
    let mut limits: Vec<(Message, Vec<&Partner>)> = Vec::new();
    for partner in named(deployment) {
        for limit in product.enforces(partner.negotiation).limits {
            match limits.iter_mut().find(|(said, _)| *said == limit) {
                Some((_, partners)) => partners.push(partner),
                None => limits.push((limit, vec![partner])),
            }
        }
    }
    limits
}

fn named(deployment: &Deployment) -> impl Iterator<Item = &Partner> {
    deployment.federation.partners.iter().filter(|partner| is_host(&partner.domain))
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
