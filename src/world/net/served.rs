//! What the server on this machine shows another server.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::time::Instant;

use crate::pki::Certificate;
use crate::system::probe::{EndpointProbe, Way};
use crate::text::{Message, say};

use super::super::platform;
use super::endpoint::{Caller, Farewells, PORT, look};
use super::tls::Handshakes;

/// How long a server may take at an address: it is on this machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// The certificate that is shown for `domain`, as the server spells it, at the first of `addresses` where one is, or where else
/// somebody listens: behind NAT the server's own addresses are others than its partners know.
pub async fn served(domain: &str, addresses: &[IpAddr], handshakes: &Handshakes) -> Result<Certificate, Message> {
    let own = platform::listening(PORT).into_iter().filter(|address| !address.is_unspecified());
    let (mut silent, mut unfit) = (say("check-nobody"), None);
    for address in addresses.iter().copied().chain(own) {
        let caller = Caller {
            domain: domain.to_owned(),
            // Nobody is said to ask: a domain that is no partner would be sent away.
            ours: None,
            end: Instant::now() + PATIENCE,
            handshakes: handshakes.clone(),
            farewells: Farewells::default(),
        };
        let probe = look(&caller, Way::StartTls, EndpointProbe::at(SocketAddr::new(address, PORT))).await;
        caller.farewells.end().await;
        let is_reached = probe.reached().is_some();
        let reason = match (probe.chain.into_iter().next(), probe.fault) {
            (Some(leaf), _) => return Ok(leaf),
            (None, Some(fault)) => fault.reason(),
            (None, None) if probe.has_unreadable => say("check-certificate-unreadable"),
            (None, None) => say("check-starttls-missing"),
        };
        if is_reached {
            // It may be another server's.
            unfit = unfit.or(Some(reason));
        } else {
            silent = reason;
        }
    }
    Err(unfit.unwrap_or(silent))
}
