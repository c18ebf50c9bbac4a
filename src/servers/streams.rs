//! Streams that a server has already, and what becomes of them.

use super::partners::domains;
use super::product::Product;
use crate::edge::{Deployment, Method};
use crate::home::{ServerFound, StreamFound};
use crate::name::Name;
use crate::servers::installation::our_hosts;

/// The streams that come to their end when `product` does what the answers say: those to our hosts that were authenticated as
/// the settings of their partner do not allow.
pub fn closed_streams<'a>(
    product: &dyn Product,
    deployment: &Deployment,
    found: &'a ServerFound,
) -> impl Iterator<Item = &'a StreamFound> {
    found.streams.iter().filter(move |stream| {
        let (host, domain) = (Name::new(&stream.host), Name::new(&stream.domain));
        let federation = &deployment.federation;
        let partner = federation.partners.iter().find(|partner| domains(partner).any(|known| known == domain.ascii()));
        let is_allowed = match partner {
            Some(partner) => {
                stream.method.is_some_and(|method| product.enforces(partner.negotiation).methods.contains(&method))
            }
            // Our hosts require TLS of everybody.
            None => !federation.refuse_unlisted && stream.method != Some(Method::TcpDialback),
        };
        our_hosts(deployment).any(|ours| ours == host.ascii()) && !is_allowed
    })
}
