//! What a domain's SIP records lead to: what partners find an edge by (`_sipfederationtls._tcp`), and clients outside
//! (`_sip._tls`). Of others it is said as it is; only a domain of our own has to have it right.

use std::net::IpAddr;

use crate::edge::SipService;
use crate::home::Lookup;
use crate::system::probe::{DomainProbe, HostProbe, SipProbe, Srv};

use super::certificate::{self, Shown};
use super::endpoint;
use super::lookup::{addresses, failed, targets};
use super::step::{Judge, Part, Step};

/// Everything that is to be said of it.
pub(super) fn steps(probe: &DomainProbe, judge: &Judge<'_>) -> Vec<Step> {
    let only = is_only_way(probe).then(|| Step::new(Part::Srv, &*probe.domain, None, "check-sip-only"));
    let steps = probe.sip.iter().flat_map(|sip| of_service(sip, probe, judge));
    let of_others = |step: Step| Step { ok: step.ok.filter(|is_right| *is_right || judge.is_own_sip), ..step };
    only.into_iter().chain(steps.map(of_others)).map(Step::of_sip).collect()
}

/// Whether XMPP was looked for too, and nobody was found; without a record the domain itself may answer.
fn is_only_way(probe: &DomainProbe) -> bool {
    let is_none = |found: &Option<Lookup<Srv>>| matches!(found, Some(Ok(records)) if records.is_empty());
    let mut endpoints = probe.hosts.iter().flat_map(|host| &host.endpoints);
    let is_missing = !probe.is_sip_only
        && is_none(&probe.srv)
        && is_none(&probe.direct_srv)
        && endpoints.all(|endpoint| endpoint.reached().is_none());
    is_missing && probe.sip.iter().any(|sip| !sip.hosts.is_empty())
}

fn of_service(sip: &SipProbe, probe: &DomainProbe, judge: &Judge<'_>) -> Vec<Step> {
    let target = format!("{}.{}", sip.service.name(), probe.domain);
    let mut steps = match &sip.srv {
        None => vec![Step::new(Part::Srv, target, Some(false), "check-late")],
        Some(Err(error)) => vec![failed(Part::Srv, target, error)],
        Some(Ok(records)) => of_records(sip.service, &target, records, &probe.domain),
    };
    steps.extend(sip.hosts.iter().flat_map(|host| addresses(host, &probe.domain)));
    if sip.left_out > 0 {
        let step = Step::new(Part::Address, &*probe.domain, None, "check-left-out");
        steps.push(step.with("count", sip.left_out.to_string()));
    }
    steps.extend(sip.hosts.iter().flat_map(|host| of_host(host, judge)));
    steps
}

fn of_records(service: SipService, target: &str, records: &[Srv], domain: &str) -> Vec<Step> {
    let step = |ok, key| Step::new(Part::Srv, target, ok, key);
    let named: Vec<&Srv> = records.iter().filter(|srv| !srv.target.is_empty()).collect();
    if named.is_empty() {
        let key = match service {
            _ if !records.is_empty() => "check-sip-refused",
            SipService::Federation => "check-sip-federation-none",
            SipService::Clients => "check-sip-clients-none",
        };
        return vec![step(Some(false), key)];
    }
    let mut steps = vec![step(Some(true), "check-srv-found").with("targets", targets(records))];
    let odd = named.iter().find(|srv| srv.port != service.port());
    steps.extend(odd.map(|srv| {
        let step = step(None, "check-sip-port").with("port", srv.port.to_string());
        step.with("usual", service.port().to_string())
    }));
    let is_address = |srv: &Srv| srv.target.parse::<IpAddr>().is_ok();
    let is_below =
        |srv: &Srv| srv.target.strip_suffix(domain).is_some_and(|host| host.is_empty() || host.ends_with('.'));
    steps.extend(named.iter().filter(|srv| is_address(srv) || !is_below(srv)).map(|srv| {
        let key = if is_address(srv) { "check-srv-address" } else { "check-sip-elsewhere" };
        step(Some(false), key).with("target", &*srv.target).with("domain", domain)
    }));
    steps
}

/// What its addresses show, as far as TLS.
fn of_host(host: &HostProbe, judge: &Judge<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for probe in &host.endpoints {
        let shown = Shown::at(&host.name, probe, judge);
        steps.extend(endpoint::connected(probe));
        steps.extend(endpoint::agreed(probe));
        steps.extend(certificate::steps(probe, shown.as_ref(), judge));
        steps.extend(probe.fault.as_ref().map(|fault| {
            let part = if probe.took.is_empty() { Part::Tcp } else { Part::StartTls };
            Step { part, ..endpoint::broken(&probe.address.to_string(), probe, fault, judge) }
        }));
    }
    steps
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use time::OffsetDateTime;

    use super::*;
    use crate::check::DomainCheck;
    use crate::home::LookupError;
    use crate::pki::Certificate;
    use crate::system::probe::{EndpointProbe, Fault, Stage, TlsProbe, Way};

    const TARGET: &str = "sip.a.example";

    /// What is said of one step: its part, whether it is right, its code.
    type Said = (Part, Option<bool>, String);

    fn srv(target: &str, port: u16) -> Srv {
        Srv { priority: 0, weight: 0, port, target: target.to_owned() }
    }

    fn certificate(name: &str) -> Certificate {
        let certificate = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        Certificate::read(certificate.cert.der()).unwrap()
    }

    /// A service whose one host has an address, at which `see` was seen.
    fn service(srv: Option<Lookup<Srv>>, see: impl FnOnce(&mut EndpointProbe)) -> SipProbe {
        let address = SocketAddr::from((Ipv4Addr::new(192, 0, 2, 7), 5061));
        let mut endpoint = EndpointProbe::at(address);
        see(&mut endpoint);
        let host = HostProbe {
            addresses: Some(Ok(vec![address.ip()])),
            endpoints: vec![endpoint],
            ..HostProbe::new(TARGET.to_owned(), 5061, Way::Sip)
        };
        let is_found = srv.iter().flatten().flatten().next().is_some();
        let hosts = if is_found { vec![host] } else { Vec::new() };
        SipProbe { service: SipService::Federation, srv, hosts, left_out: 0 }
    }

    fn agreed(endpoint: &mut EndpointProbe, chain: Vec<Certificate>) {
        endpoint.took = vec![(Stage::Tcp, std::time::Duration::ZERO)];
        endpoint.chain = chain;
        endpoint.tls = Some(TlsProbe {
            version: "1.2".to_owned(),
            suite: String::new(),
            group: None,
            asks_for_certificate: true,
            was_shown_certificate: false,
        });
    }

    /// A domain that was looked at for SIP alone, where these roots are believed.
    fn check(sip: SipProbe, trust: &[Certificate], is_own_sip: bool) -> DomainCheck {
        let probe =
            DomainProbe { domain: "a.example".to_owned(), is_sip_only: true, sip: vec![sip], ..DomainProbe::default() };
        of(&probe, trust, is_own_sip)
    }

    fn of(probe: &DomainProbe, trust: &[Certificate], is_own_sip: bool) -> DomainCheck {
        let now = OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap();
        let judge = Judge { trust, now, here: None, ours: None, is_own: is_own_sip, is_own_sip };
        DomainCheck::of(probe, &judge, None)
    }

    fn said(check: &DomainCheck) -> Vec<Said> {
        assert!(check.steps.iter().all(|step| step.name() == "sip"), "{:?}", check.steps);
        check.steps.iter().map(|step| (step.part, step.ok, step.code().to_owned())).collect()
    }

    fn one(part: Part, ok: Option<bool>, code: &str) -> Said {
        (part, ok, code.to_owned())
    }

    fn found(target: &str, port: u16) -> Vec<Srv> {
        vec![srv(target, port)]
    }

    #[test]
    fn a_host_that_proves_itself_is_as_it_should_be() {
        let own = certificate(TARGET);
        let good = service(Some(Ok(found(TARGET, 5061))), |endpoint| agreed(endpoint, vec![own.clone()]));
        let check = check(good, &[own], true);
        let expected = [
            one(Part::Srv, Some(true), "srv-found"),
            one(Part::Address, Some(true), "address-found"),
            one(Part::Tcp, Some(true), "tcp-connected"),
            one(Part::StartTls, Some(true), "tls-agreed"),
            one(Part::Certificate, Some(true), "certificate-good"),
        ];
        assert_eq!((said(&check).as_slice(), check.ok(), check.is_sip_only()), (&expected[..], Some(true), true));
    }

    #[test]
    fn a_certificate_has_to_name_the_host_and_not_the_domain() {
        let other = certificate("a.example");
        let bad = || service(Some(Ok(found(TARGET, 5061))), |endpoint| agreed(endpoint, vec![other.clone()]));
        let own = check(bad(), std::slice::from_ref(&other), true);
        assert!(said(&own).contains(&one(Part::Certificate, Some(false), "certificate-other-name")));
        assert_eq!(own.ok(), Some(false));
        // Of others it is said, and no more.
        let others = check(bad(), &[other], false);
        assert!(said(&others).contains(&one(Part::Certificate, None, "certificate-other-name")));
        assert_eq!(others.ok(), Some(true));
    }

    #[test]
    fn a_server_that_asks_for_a_certificate_is_judged_by_the_one_it_showed() {
        let own = certificate(TARGET);
        let mutual = service(Some(Ok(found(TARGET, 5061))), |endpoint| {
            agreed(endpoint, vec![own.clone()]);
            (endpoint.tls, endpoint.fault) = (None, Some(Fault::CertificateMissed));
        });
        let check = check(mutual, &[own], true);
        let said = said(&check);
        assert_eq!(said.last(), Some(&one(Part::StartTls, Some(true), "tls-mutual")));
        assert_eq!((said.iter().all(|step| step.1 == Some(true)), check.ok()), (true, Some(true)));
    }

    #[test]
    fn where_it_breaks_is_said() {
        let nobody = service(Some(Ok(found(TARGET, 5061))), |endpoint| {
            endpoint.fault = Some(Fault::Io("Connection refused".to_owned()));
        });
        assert_eq!(said(&check(nobody, &[], true)).last(), Some(&one(Part::Tcp, Some(false), "broken")));
        let silent = service(Some(Ok(found(TARGET, 5061))), |endpoint| {
            endpoint.took = vec![(Stage::Tcp, std::time::Duration::ZERO)];
            endpoint.fault = Some(Fault::Late);
        });
        assert_eq!(said(&check(silent, &[], true)).last(), Some(&one(Part::StartTls, Some(false), "late")));
    }

    #[test]
    fn records_that_lead_astray() {
        let first = |srv, is_own| {
            let check = check(service(srv, |_| ()), &[], is_own);
            said(&check).into_iter().filter(|step| step.0 == Part::Srv).map(|step| (step.1, step.2)).collect::<Vec<_>>()
        };
        let one = |ok, code: &str| (ok, code.to_owned());
        let is_found = || one(Some(true), "srv-found");
        assert_eq!(first(Some(Ok(vec![])), true), [one(Some(false), "sip-federation-none")]);
        assert_eq!(first(Some(Ok(found("", 0))), true), [one(Some(false), "sip-refused")]);
        assert_eq!(first(None, true), [one(Some(false), "late")]);
        assert_eq!(first(Some(Err(LookupError::NoServer)), true), [one(None, "lookup-no-server")]);
        assert_eq!(first(Some(Ok(found(TARGET, 5062))), true), [is_found(), one(None, "sip-port")]);
        assert_eq!(first(Some(Ok(found("192.0.2.7", 5061))), true), [is_found(), one(Some(false), "srv-address")]);
        for target in ["sip.b.example", "sip.xa.example"] {
            assert_eq!(first(Some(Ok(found(target, 5061))), true), [is_found(), one(Some(false), "sip-elsewhere")]);
            assert_eq!(first(Some(Ok(found(target, 5061))), false), [is_found(), one(None, "sip-elsewhere")]);
        }
        assert_eq!(first(Some(Ok(found("a.example", 5061))), true), [is_found()]);
    }

    #[test]
    fn sip_without_xmpp_is_worth_a_word_and_no_way_to_us_by_xmpp() {
        let probe = |srv: Vec<Srv>| DomainProbe {
            domain: "a.example".to_owned(),
            srv: Some(Ok(srv)),
            direct_srv: Some(Ok(Vec::new())),
            sip: vec![service(Some(Ok(found(TARGET, 5061))), |endpoint| agreed(endpoint, vec![certificate(TARGET)]))],
            ..DomainProbe::default()
        };
        let only = |probe: &DomainProbe| {
            let steps = of(probe, &[], false).steps;
            steps.into_iter().find(|step| step.code() == "sip-only").map(|step| step.ok)
        };
        assert_eq!((only(&probe(Vec::new())), of(&probe(Vec::new()), &[], false).ok()), (Some(None), None));
        assert_eq!(only(&probe(found("xmpp.a.example", 5269))), None);
        // Without a record the domain itself is tried.
        let mut itself = HostProbe::new("a.example".to_owned(), 5269, Way::StartTls);
        let mut endpoint = EndpointProbe::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 5269)));
        endpoint.took = vec![(Stage::Tcp, std::time::Duration::ZERO)];
        itself.endpoints = vec![endpoint];
        assert_eq!(only(&DomainProbe { hosts: vec![itself], ..probe(Vec::new()) }), None);
    }
}
