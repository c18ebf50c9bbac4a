//! What our module enforces, as text that is told apart by its digest.

use super::partners::domains;
use crate::edge::Deployment;

/// The policy as text that its SHA-256 is taken of, which a server's module tells: first what becomes of domains that are no
/// partner, then a line for each domain in order.
#[must_use]
pub fn policy_text(deployment: &Deployment) -> String {
    let mut lines: Vec<String> = deployment
        .federation
        .partners
        .iter()
        .flat_map(|partner| {
            let said = partner.negotiation;
            let settings =
                format!("{} {} {} {}", partner.kind.name(), said.tls.name(), said.sasl.name(), said.dialback);
            domains(partner).map(move |domain| format!("{domain} {settings}\n")).collect::<Vec<_>>()
        })
        .collect();
    lines.sort();
    lines.dedup();
    format!("refuse-unlisted {}\n{}", deployment.federation.refuse_unlisted, lines.concat())
}
