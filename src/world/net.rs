//! Servers looked at from outside, many side by side on one thread, which is made when it is wanted.

mod caa;
mod dns;
mod dnssec;
mod endpoint;
mod records;
mod served;
mod sip;
mod stream;
mod tls;
mod update;
mod words;

use std::collections::BTreeSet;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use crate::edge::DNS_PORT;
use crate::home::{CaaLook, LookupError, RecordLook, RecordSet, ZoneChange};
use crate::pki::Certificate;
use crate::system::probe::{DomainProbe, HostProbe, LookOptions, ProbeOptions, Services, Srv, Way};
use crate::system::update::{TsigKey, UpdateError};
use crate::text::{Message, say};

use self::dns::Resolver;
use self::dnssec::Validator;
use self::endpoint::{Caller, Farewells, MOST_ENDPOINTS, PORT, visit};
use self::tls::{Handshakes, Ours};
use super::platform;

/// Domains under way: what waits for a dead one holds up few others, and takes little memory.
const MOST_DOMAINS: usize = 512;
/// How far the look may be ahead of a domain that is still under way: what was seen since waits for it where the order counts.
const MOST_AHEAD: usize = 4096;
/// How long nobody who does not want to go on is waited for.
const A_MOMENT: Duration = Duration::from_millis(100);

/// Looks at `domains`, which are in A-labels; `tell` hears of each when it is through, with its place among them, and says
/// whether to go on.
pub fn probe(
    domains: &[String],
    options: &ProbeOptions<'_>,
    network: &LookOptions,
    tell: &mut dyn FnMut(usize, DomainProbe) -> bool,
) -> io::Result<()> {
    let resolver = resolver(network);
    let validator = Arc::new(Validator::new(Arc::clone(&resolver), Arc::clone(&network.anchors)));
    let handshakes = Handshakes::new()?;
    let ours = options.identity.as_ref().map(|identity| (identity.domain.clone(), Ours::of(identity)));
    run(async {
        let farewells = Farewells::default();
        let mut waiting = domains.iter().enumerate().peekable();
        let (mut under_way, mut places) = (JoinSet::new(), BTreeSet::new());
        loop {
            while under_way.len() < MOST_DOMAINS
                && let Some((place, domain)) = waiting.next_if(|(place, _)| is_near(*place, &places))
            {
                let ours = ours.clone().filter(|_| (options.is_told)(domain));
                let end = Instant::now() + network.timeout;
                let services = (options.services)(domain);
                let (domain, handshakes, farewells) = (domain.clone(), handshakes.clone(), farewells.clone());
                let caller = Caller { domain, ours, end, handshakes, farewells };
                let (resolver, validator) = (Arc::clone(&resolver), Arc::clone(&validator));
                under_way.spawn(async move { (place, domain_probe(caller, resolver, validator, services).await) });
                places.insert(place);
            }
            let Ok(ended) = timeout(A_MOMENT, under_way.join_next()).await else {
                if (options.go_on)() {
                    continue;
                }
                break;
            };
            let Some(ended) = ended else { break };
            let (place, probe) = ended.unwrap_or_else(|error| resume_unwind(error.into_panic()));
            places.remove(&place);
            if !tell(place, probe) {
                break;
            }
        }
        farewells.end().await;
    })
}

/// Whether `place` is not too far ahead of the first that is under way.
fn is_near(place: usize, under_way: &BTreeSet<usize>) -> bool {
    under_way.first().is_none_or(|first| place - first < MOST_AHEAD)
}

/// The certificate that the server on this machine shows for `domain`, as it spells it.
pub fn served(domain: &str, addresses: &[IpAddr]) -> Result<Certificate, Message> {
    let looked =
        Handshakes::new().and_then(|handshakes| run(async { served::served(domain, addresses, &handshakes).await }));
    looked.unwrap_or_else(|error| Err(say("check-broken").with("reason", words::words(&error))))
}

/// Asks what is there of `sets`.
pub fn records(sets: &[RecordSet], network: &LookOptions) -> io::Result<Vec<RecordLook>> {
    run(async { records::look(sets, &resolver(network), &network.anchors, Instant::now() + network.timeout).await })
}

/// Asks who may issue certificates for `names`.
pub fn caa(names: &[String], network: &LookOptions) -> io::Result<Vec<CaaLook>> {
    run(async { caa::look(names, &resolver(network), Instant::now() + network.timeout).await })
}

/// Has a zone changed.
pub fn update(change: &ZoneChange, key: &TsigKey, network: &LookOptions) -> Result<(), UpdateError> {
    let updated = run(async { update::update(change, key, Instant::now() + network.timeout).await });
    updated.unwrap_or_else(|error| Err(UpdateError::Unanswered(LookupError::Io(error.to_string()))))
}

/// Does `work` on this thread; what is left of it then is let go.
fn run<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let runtime = Builder::new_current_thread().enable_io().enable_time().build()?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_background();
    Ok(outcome)
}

/// The name server that is named, or those of the system.
fn resolver(network: &LookOptions) -> Arc<Resolver> {
    let servers = match network.resolver {
        Some(server) => vec![server],
        None => platform::name_servers().into_iter().map(|server| SocketAddr::new(server, DNS_PORT)).collect(),
    };
    Arc::new(Resolver::new(servers))
}

async fn domain_probe(
    caller: Caller,
    resolver: Arc<Resolver>,
    validator: Arc<Validator>,
    services: Services,
) -> DomainProbe {
    let own = services.caa.then(|| caller.domain.clone());
    let caa = caa::look(own.as_slice(), &resolver, caller.end);
    let sip = sip::probe(&caller, &resolver, services.sip);
    let xmpp = async { if services.xmpp { Some(xmpp_probe(&caller, &resolver, validator).await) } else { None } };
    let (xmpp, sip, mut caa) = tokio::join!(xmpp, sip, caa);
    let is_sip_only = xmpp.is_none();
    DomainProbe { domain: caller.domain, is_sip_only, sip, caa: caa.pop(), ..xmpp.unwrap_or_default() }
}

async fn xmpp_probe(caller: &Caller, resolver: &Resolver, validator: Arc<Validator>) -> DomainProbe {
    let mut probe = DomainProbe { domain: caller.domain.clone(), ..DomainProbe::default() };
    if timeout_at(caller.end, find(&mut probe, resolver)).await.is_err() {
        return probe;
    }
    let proofs = validator.prove(dnssec::sets(&probe), caller.end);
    let (proofs, left_out) = tokio::join!(proofs, visit(caller, &mut probe.hosts));
    probe.proofs = proofs;
    probe.left_out += left_out;
    probe
}

/// Finds the hosts of a domain and their addresses.
async fn find(probe: &mut DomainProbe, resolver: &Resolver) {
    let name = |service: &str| format!("{service}._tcp.{}", probe.domain);
    let (plain, direct) = (name("_xmpp-server"), name("_xmpps-server"));
    let (plain, direct) = tokio::join!(resolver.services(&plain), resolver.services(&direct));
    let host = |srv: &Srv, way| HostProbe::new(srv.target.clone(), srv.port, way);
    let services = [(&plain, Way::StartTls), (&direct, Way::Direct)];
    let named = services.iter().flat_map(|(services, way)| {
        services.iter().flatten().filter(|srv| srv.names_a_host()).map(move |srv| host(srv, *way))
    });
    probe.hosts = named.collect();
    probe.left_out = probe.hosts.len().saturating_sub(MOST_ENDPOINTS);
    probe.hosts.truncate(MOST_ENDPOINTS);
    // Where there is no record at all, the domain itself is tried (RFC 6120 3.2.2).
    if services.iter().all(|(services, _)| services.as_ref().is_ok_and(Vec::is_empty)) {
        probe.hosts.push(HostProbe::new(probe.domain.clone(), PORT, Way::StartTls));
    }
    (probe.srv, probe.direct_srv) = (Some(plain), Some(direct));
    for host in &mut probe.hosts {
        let both = tokio::join!(resolver.addresses(&host.name), resolver.keys(&host.name, host.port));
        let ((addresses, is_alias), keys) = both;
        (host.addresses, host.is_alias, host.tlsa) = (Some(addresses), is_alias, Some(keys));
    }
}
