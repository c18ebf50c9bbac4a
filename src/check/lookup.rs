//! What name servers tell, and what is to be said of it.

use std::net::IpAddr;

use crate::home::LookupError;
use crate::system::probe::{HostProbe, Srv};
use crate::text::quoted;

use super::step::{Part, Step};

/// Hosts that are named in one line.
const MOST_NAMED: usize = 16;

/// Where service records lead to, with the ports. One that is refused among others is none.
pub(super) fn targets(records: &[Srv]) -> String {
    let named = || records.iter().filter(|srv| !srv.target.is_empty());
    let mut all: Vec<String> =
        named().take(MOST_NAMED).map(|srv| quoted(&format!("{}:{}", srv.target, srv.port))).collect();
    all.extend((named().count() > MOST_NAMED).then(|| "…".to_owned()));
    all.join(", ")
}

/// The addresses of a host of `domain`.
pub(super) fn addresses(host: &HostProbe, domain: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let step = |ok, code| Step::new(Part::Address, host.name.as_str(), ok, code);
    match &host.addresses {
        None => steps.push(step(Some(false), "check-late")),
        Some(Err(error)) => steps.push(failed(Part::Address, host.name.clone(), error)),
        Some(Ok(found)) if found.is_empty() => steps.push(step(Some(false), "check-address-none")),
        Some(Ok(found)) => {
            let all: Vec<String> = found.iter().map(IpAddr::to_string).collect();
            steps.push(step(Some(true), "check-address-found").with("addresses", all.join(", ")));
            let local = found.iter().find(|address| is_local(**address));
            steps.extend(local.map(|address| step(None, "check-address-private").with("address", address.to_string())));
        }
    }
    if host.is_alias && host.name != domain {
        steps.push(step(Some(false), "check-address-alias"));
    }
    steps
}

/// A question that was not answered: where nobody could be asked, nothing can be told of the domain.
pub(super) fn failed(part: Part, target: String, error: &LookupError) -> Step {
    let ok = (!error.is_silence()).then_some(false);
    Step { detail: error.reason(), ..Step::new(part, target, ok, "check-late") }
}

/// Whether nobody elsewhere reaches it (RFC 1918, 3927, 4193, 4291 2.5).
pub(super) fn is_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            address.is_unspecified() || address.is_private() || address.is_loopback() || address.is_link_local()
        }
        IpAddr::V6(address) => {
            address.is_unspecified()
                || address.is_loopback()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}
