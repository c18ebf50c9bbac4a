//! The servers that a domain's SIP records lead to, as far as TLS: no SIP is spoken.

use tokio::time::timeout_at;

use crate::edge::SipService;
use crate::system::probe::{HostProbe, SipAsked, SipProbe, Way};

use super::dns::Resolver;
use super::endpoint::{Caller, MOST_ENDPOINTS, visit};

/// Looks at what the domain publishes, where that is asked for.
pub async fn probe(caller: &Caller, resolver: &Resolver, asked: SipAsked) -> Vec<SipProbe> {
    let [federation, clients] = SipService::ALL.map(|service| service_probe(service, caller, resolver));
    match asked {
        SipAsked::No => Vec::new(),
        SipAsked::Yes => <[SipProbe; 2]>::from(tokio::join!(federation, clients)).into(),
        SipAsked::IfPublished => {
            let federation = federation.await;
            let is_published = federation.srv.iter().flatten().flatten().next().is_some();
            if is_published { vec![federation] } else { Vec::new() }
        }
    }
}

async fn service_probe(service: SipService, caller: &Caller, resolver: &Resolver) -> SipProbe {
    let mut probe = SipProbe { service, srv: None, hosts: Vec::new(), left_out: 0 };
    if timeout_at(caller.end, find(&mut probe, &caller.domain, resolver)).await.is_err() {
        return probe;
    }
    probe.left_out += visit(caller, &mut probe.hosts).await;
    probe
}

/// Finds the hosts of the service and their addresses.
async fn find(probe: &mut SipProbe, domain: &str, resolver: &Resolver) {
    let found = resolver.services(&format!("{}.{domain}", probe.service.name())).await;
    let named = found.iter().flatten().filter(|srv| srv.names_a_host());
    probe.hosts = named.map(|srv| HostProbe::new(srv.target.clone(), srv.port, Way::Sip)).collect();
    probe.srv = Some(found);
    probe.left_out = probe.hosts.len().saturating_sub(MOST_ENDPOINTS);
    probe.hosts.truncate(MOST_ENDPOINTS);
    for host in &mut probe.hosts {
        let (addresses, is_alias) = resolver.addresses(&host.name).await;
        (host.addresses, host.is_alias) = (Some(addresses), is_alias);
    }
}
