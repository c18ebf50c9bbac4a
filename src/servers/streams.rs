//! Streams that a server has already, and what becomes of them.

use super::partners::domains;
use super::product::Product;
use crate::edge::{Deployment, Method};
use crate::home::{ServerFound, StreamFound};
use crate::name::Name;
use crate::servers::installation::our_hosts;

/// The streams of our hosts.
pub fn streams_of<'a>(deployment: &Deployment, found: &'a ServerFound) -> impl Iterator<Item = &'a StreamFound> {
    let is_ours = |stream: &&StreamFound| our_hosts(deployment).any(|ours| ours == Name::new(&stream.host).ascii());
    found.streams.iter().filter(is_ours)
}

/// Those of them that come to their end when `product` does what the answers say: they were authenticated as the settings of
/// their partner do not allow.
pub fn closed_streams<'a>(
    product: &dyn Product,
    deployment: &Deployment,
    found: &'a ServerFound,
) -> impl Iterator<Item = &'a StreamFound> {
    let federation = &deployment.federation;
    let partner = |domain: &Name| {
        federation.partners.iter().find(|partner| domains(partner).any(|known| known == domain.ascii()))
    };
    streams_of(deployment, found).filter(move |stream| match partner(&Name::new(&stream.domain)) {
        Some(partner) => {
            let methods = product.enforces(partner.negotiation).methods;
            stream.method.is_none_or(|method| !methods.contains(&method))
        }
        // Our hosts require TLS of everybody.
        None => federation.refuse_unlisted || stream.method == Some(Method::TcpDialback),
    })
}
