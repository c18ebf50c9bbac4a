//! Whether what a domain is found by is led back to the root's key (DNSSEC, RFC 4035 4.3).

use crate::home::Proof;
use crate::system::probe::{DomainProbe, HostProbe, Proven, Way};

use super::step::{Part, Step};

/// What is to be said of the domain, and of those of its hosts where it is something else.
pub(super) fn steps(probe: &DomainProbe) -> Vec<Step> {
    let services: Vec<&Proven> = probe.proofs.iter().filter(|proven| proven.set.kind == "SRV").collect();
    let Some(own) = worst(&services) else { return Vec::new() };
    let mut steps = vec![step(&probe.domain, own, &services)];
    for host in &probe.hosts {
        let of_host = of_host(probe, host);
        let other = worst(&of_host).filter(|proof| *proof != own);
        steps.extend(other.map(|proof| step(&host.name, proof, &of_host)));
    }
    steps
}

/// Whether servers that validate may believe the keys that a host publishes: the way to it has to be secure as well (RFC 7673 3).
pub(super) fn of_keys<'a>(probe: &'a DomainProbe, host: &HostProbe) -> Option<&'a Proof> {
    let service = if host.way == Way::Direct { "_xmpps-server._tcp." } else { "_xmpp-server._tcp." };
    let leads_there = |proven: &&Proven| proven.set.name.strip_prefix(service) == Some(probe.domain.as_str());
    let way: Vec<&Proven> = probe.proofs.iter().filter(leads_there).chain(of_host(probe, host)).collect();
    worst(&way)
}

/// The host's addresses and keys.
fn of_host<'a>(probe: &'a DomainProbe, host: &HostProbe) -> Vec<&'a Proven> {
    let names = [host.name.clone(), host.service()];
    probe.proofs.iter().filter(|proven| names.contains(&proven.set.name)).collect()
}

/// What nobody gets around.
fn worst<'a>(proven: &[&'a Proven]) -> Option<&'a Proof> {
    let weight = |proof: &&Proof| match proof {
        Proof::Secure => 0,
        Proof::Insecure => 1,
        Proof::Unproven(_) => 2,
        Proof::Bogus => 3,
    };
    proven.iter().map(|proven| &proven.proof).max_by_key(weight)
}

fn step(name: &str, proof: &Proof, proven: &[&Proven]) -> Step {
    let ok = match proof {
        Proof::Secure => Some(true),
        Proof::Insecure | Proof::Unproven(_) => None,
        Proof::Bogus => Some(false),
    };
    let mut kinds: Vec<&str> = proven.iter().filter(|one| one.proof == *proof).map(|one| one.set.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Step { detail: proof.words(&kinds.join(", ")), ..Step::new(Part::Dnssec, name, ok, "check-dnssec-secure") }
}

#[cfg(test)]
mod tests {
    use std::slice;

    use super::*;
    use crate::home::{RecordSet, Unproven};

    /// A domain whose service records lead to one host, with what came of validating them, its address and its keys.
    fn probe(services: Proof, address: Proof, keys: Proof) -> DomainProbe {
        let proven =
            |name: &str, kind, proof| Proven { set: RecordSet { name: name.to_owned(), kind, primary: None }, proof };
        DomainProbe {
            domain: "a.example".to_owned(),
            hosts: vec![HostProbe::new("xmpp.b.example".to_owned(), 5269, Way::StartTls)],
            proofs: vec![
                proven("_xmpps-server._tcp.a.example", "SRV", Proof::Secure),
                proven("_xmpp-server._tcp.a.example", "SRV", services),
                proven("xmpp.b.example", "AAAA", Proof::Secure),
                proven("xmpp.b.example", "A", address),
                proven("_5269._tcp.xmpp.b.example", "TLSA", keys),
            ],
            ..DomainProbe::default()
        }
    }

    fn said(probe: &DomainProbe) -> Vec<(String, String, Option<bool>)> {
        steps(probe).iter().map(|step| (step.target.clone(), step.code().to_owned(), step.ok)).collect()
    }

    fn one(name: &str, code: &str, ok: Option<bool>) -> (String, String, Option<bool>) {
        (name.to_owned(), code.to_owned(), ok)
    }

    #[test]
    fn a_host_is_told_where_it_is_not_as_the_domain() {
        let secure = one("a.example", "dnssec-secure", Some(true));
        assert_eq!(said(&probe(Proof::Secure, Proof::Secure, Proof::Secure)), slice::from_ref(&secure));
        let host = one("xmpp.b.example", "dnssec-insecure", None);
        assert_eq!(said(&probe(Proof::Secure, Proof::Insecure, Proof::Insecure)), [secure.clone(), host]);
        let host = one("xmpp.b.example", "dnssec-bogus", Some(false));
        assert_eq!(said(&probe(Proof::Secure, Proof::Insecure, Proof::Bogus)), [secure, host]);
        let own = one("a.example", "dnssec-bogus", Some(false));
        assert_eq!(said(&probe(Proof::Bogus, Proof::Bogus, Proof::Secure)), [own]);
    }

    #[test]
    fn what_cannot_be_told_is_nobodys_fault() {
        let why = Proof::Unproven(Unproven::Stripped);
        assert_eq!(said(&probe(why.clone(), why.clone(), why)), [one("a.example", "dnssec-stripped", None)]);
        // Of a name server that says nothing enough is said.
        assert_eq!(said(&DomainProbe::default()), []);
    }

    #[test]
    fn keys_are_believed_where_the_whole_way_is_secure() {
        let keys = |services, address, keys| {
            let probe = probe(services, address, keys);
            of_keys(&probe, &probe.hosts[0]).cloned()
        };
        assert_eq!(keys(Proof::Secure, Proof::Secure, Proof::Secure), Some(Proof::Secure));
        assert_eq!(keys(Proof::Insecure, Proof::Secure, Proof::Secure), Some(Proof::Insecure));
        assert_eq!(keys(Proof::Secure, Proof::Insecure, Proof::Secure), Some(Proof::Insecure));
        assert_eq!(keys(Proof::Secure, Proof::Secure, Proof::Bogus), Some(Proof::Bogus));
        // A service that leads elsewhere has no part in it.
        let mut direct = probe(Proof::Insecure, Proof::Secure, Proof::Secure);
        direct.hosts[0].way = Way::Direct;
        assert_eq!(of_keys(&direct, &direct.hosts[0]), Some(&Proof::Secure));
    }
}
