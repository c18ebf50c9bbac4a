//! Domains looked at as other servers do, and judged with what the answers say of them: for the command and for the screen.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use time::OffsetDateTime;

use crate::check::{DomainCheck, Judge, Wanted};
use crate::edge::{Deployment, Server, Usage};
use crate::form::Answered;
use crate::home::Layout;
use crate::home::layout::{FULLCHAIN, KEY};
use crate::lifecycle::with_roots;
use crate::name::Name;
use crate::pages;
use crate::pki::{Certificate, covers};
use crate::servers::product;
use crate::system::Look;
use crate::system::probe::{Identity, ProbeOptions, Services, SipAsked};

use super::look::received;

/// Domains that are to be looked at, and what the answers say of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Domains {
    /// All of them, in A-labels, each once.
    pub all: Vec<String>,
    /// The XMPP domains of the answers, which are ours.
    pub own: Vec<String>,
    /// Their SIP domains, which are ours too; they may be the same.
    pub own_sip: Vec<String>,
    /// Whether those of others are looked at for SIP too, where they publish it.
    pub asks_for_sip: bool,
    /// What the answers ask of those that are partners.
    pub wanted: HashMap<String, Wanted>,
    /// What runs here, where that is known.
    pub here: Option<Server>,
    /// The file with the root of our own certificate, which this system need not know.
    pub root: Option<PathBuf>,
}

impl Domains {
    /// Those of the answers: our own, then all partners.
    #[must_use]
    pub fn of(answered: &Answered, deployment: &Deployment) -> Self {
        let own = deployment.edge.xmpp_domains.iter().chain(&deployment.edge.components);
        let sip = deployment.edge.sip_domains.iter().filter(|_| deployment.server.traits().has_sip);
        let [own, own_sip] = [own.collect(), sip.collect()].map(sound);
        let partners: Vec<(String, Wanted)> = partners(deployment).collect();
        let all = own.iter().chain(&own_sip).chain(partners.iter().map(|(domain, _)| domain)).cloned().collect();
        let domains = Domains {
            all: Vec::new(),
            own,
            own_sip,
            asks_for_sip: false,
            wanted: partners.into_iter().collect(),
            here: Some(deployment.server),
            root: pages::file(answered, pages::ROOT_FILE),
        };
        domains.looking_at(all)
    }

    /// The same, where `all` are to be looked at, which are in A-labels.
    #[must_use]
    pub fn looking_at(self, mut all: Vec<String>) -> Self {
        let mut seen = HashSet::new();
        all.retain(|domain| seen.insert(domain.clone()));
        Domains { all, ..self }
    }

    /// Whether a domain is ours.
    #[must_use]
    pub fn is_own(&self, domain: &String) -> bool {
        self.own.contains(domain) || self.own_sip.contains(domain)
    }
}

fn sound(names: Vec<&Name>) -> Vec<String> {
    names.into_iter().filter(|name| name.is_sound()).map(|name| name.ascii().to_owned()).collect()
}

/// The partners, with what shares their settings, and what is wanted of each.
fn partners(deployment: &Deployment) -> impl Iterator<Item = (String, Wanted)> {
    deployment.federation.partners.iter().flat_map(|partner| {
        let methods = product(deployment.server).enforces(partner.negotiation).methods;
        let wanted = Wanted { settings: partner.negotiation, methods };
        let domains = [&partner.domain].into_iter().chain(&partner.additional_domains);
        let sound = domains.filter(|domain: &&Name| domain.is_sound());
        sound.map(move |domain| (domain.ascii().to_owned(), wanted.clone()))
    })
}

/// How domains are looked at and judged.
pub struct CheckOptions<'a> {
    /// The home folder with our certificate.
    pub home: &'a Path,
    /// Now.
    pub now: OffsetDateTime,
    /// Who we are to everybody; none: to partners, who the certificate in use says.
    pub identity: Option<Identity>,
    /// Roots that are believed besides the system's.
    pub roots: Vec<Certificate>,
    /// Whether anybody still wants to know; it is asked every moment.
    pub go_on: &'a dyn Fn() -> bool,
}

/// Looks at `domains` and judges what is seen; `tell` hears of each as it comes, with its place among them, and says whether
/// to go on.
///
/// # Errors
/// The system's, where nothing can be looked at at all.
pub fn check_domains(
    reader: &dyn Look,
    domains: &Domains,
    options: &CheckOptions<'_>,
    tell: &mut dyn FnMut(usize, DomainCheck) -> bool,
) -> io::Result<()> {
    let services = services(domains);
    let own = domains.own.iter().filter(|_| !domains.wanted.is_empty());
    let own = own.into_iter().find_map(|domain| identity(reader, options.home, domain));
    let identity = options.identity.as_ref().or(own.as_ref());
    // Who we are is told to partners, and to others where that is asked for: it leaves a line in their log. To itself nobody
    // tells it.
    let is_told = |domain: &str| {
        let is_meant = options.identity.is_some() || domains.wanted.contains_key(domain);
        is_meant && identity.is_some_and(|identity| identity.domain != domain)
    };
    let trust = with_roots(reader.trust(), &options.roots);
    let own_root = domains.root.as_deref().and_then(|file| received(reader, file).certificates.ok());
    let own_trust = with_roots(Arc::clone(&trust), &own_root.unwrap_or_default());
    let how = ProbeOptions { identity, is_told: &is_told, services: &services, go_on: options.go_on };
    reader.probe(&domains.all, &how, &mut |place, probe| {
        let Services { sip, caa: is_own, .. } = services(&probe.domain);
        let judge = Judge {
            trust: if is_own { &own_trust } else { &trust },
            now: options.now,
            here: domains.here,
            ours: identity.filter(|_| is_told(&probe.domain)).and_then(|identity| identity.chain.first()),
            is_own,
            is_own_sip: sip == SipAsked::Yes,
        };
        tell(place, DomainCheck::of(&probe, &judge, domains.wanted.get(&probe.domain).cloned()))
    })
}

/// What is looked at of each domain.
fn services(domains: &Domains) -> impl Fn(&str) -> Services {
    let [own, own_sip] =
        [&domains.own, &domains.own_sip].map(|all| all.iter().map(String::as_str).collect::<HashSet<_>>());
    move |domain| {
        let (is_own, is_own_sip) = (own.contains(domain), own_sip.contains(domain));
        // A domain of our own that is there for SIP alone has no XMPP records that could be found.
        let xmpp = is_own || !is_own_sip || domains.wanted.contains_key(domain);
        let sip = match is_own_sip {
            true => SipAsked::Yes,
            false if domains.asks_for_sip => SipAsked::IfPublished,
            false => SipAsked::No,
        };
        Services { xmpp, sip, caa: is_own || is_own_sip }
    }
}

/// A domain that the certificate in use is for, with its key.
#[must_use]
pub fn identity(reader: &dyn Look, home: &Path, domain: &str) -> Option<Identity> {
    let current = Layout::of(home).link(Usage::External);
    let chain = reader.read_sent(&current.join(FULLCHAIN)).ok()?;
    let chain = Certificate::read_all(std::str::from_utf8(&chain).ok()?);
    let is_named = chain.first()?.dns_names.iter().any(|held| covers(held, domain));
    let key = reader.own_key(&current.join(KEY)).ok().filter(|key| is_named && !key.is_encrypted())?;
    Some(Identity { domain: domain.to_owned(), chain, key })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::world::{FakeWorld, World as _};

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn whoever_wants_no_more_is_told_of_no_more() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let reader = FakeWorld::new(Path::new("/home"), now).reader();
        let domains = Domains::default().looking_at(names(&["a.example", "b.example", "a.example", "c.example"]));
        assert_eq!(domains.all, ["a.example", "b.example", "c.example"]);
        let told = Cell::new(0);
        let go_on = || told.get() < 2;
        let home = Path::new("/home");
        let options = CheckOptions { home, now, identity: None, roots: Vec::new(), go_on: &go_on };
        let mut heard = Vec::new();
        check_domains(reader.as_ref(), &domains, &options, &mut |place, check| {
            told.set(told.get() + 1);
            heard.push((place, check.domain));
            true
        })
        .unwrap();
        assert_eq!(heard, [(0, "a.example".to_owned()), (1, "b.example".to_owned())]);
    }

    #[test]
    fn a_domain_is_looked_at_for_what_it_is_there_for() {
        let (own, own_sip) = (names(&["both.example", "xmpp.example"]), names(&["both.example", "sip.example"]));
        let domains = Domains { own, own_sip, ..Domains::default() };
        let named = Domains { asks_for_sip: true, ..domains.clone() };
        let looks = |domains: &Domains, domain| {
            let Services { xmpp, sip, caa } = services(domains)(domain);
            (xmpp, sip, caa)
        };
        assert_eq!(looks(&domains, "both.example"), (true, SipAsked::Yes, true));
        assert_eq!(looks(&domains, "sip.example"), (false, SipAsked::Yes, true));
        assert_eq!(looks(&domains, "xmpp.example"), (true, SipAsked::No, true));
        assert_eq!(looks(&domains, "other.example"), (true, SipAsked::No, false));
        assert_eq!(looks(&named, "xmpp.example"), (true, SipAsked::IfPublished, true));
        assert_eq!(looks(&named, "other.example"), (true, SipAsked::IfPublished, false));
    }
}
