//! A domain as other servers find it, judged step by step in the order in which they go: name service, connection, STARTTLS,
//! certificate, features, SASL EXTERNAL, dialback, published keys, DNSSEC, CAA.

mod caa;
mod certificate;
mod dnssec;
mod endpoint;
mod lookup;
mod records;
mod sip;
mod step;
mod tlsa;
mod wanted;

use std::net::IpAddr;

pub use self::caa::CaaCheck;
use self::certificate::Shown;
use self::lookup::{addresses, failed, targets};
pub use self::records::{RecordCheck, RecordState, all_findings, each_once, hint, record_checks, record_sets};
pub use self::step::{Judge, Part, Protocol, Seen, Step};
pub use self::wanted::{Contradiction, Side, Sight, Wanted};
use crate::home::Lookup;
use crate::system::probe::{DomainProbe, Srv};

/// Where servers speak with servers (RFC 6120 14.7).
const PORT: u16 = 5269;

/// A domain, judged.
#[derive(Debug, Clone, PartialEq)]
pub struct DomainCheck {
    /// In A-labels.
    pub domain: String,
    /// What was seen, in order.
    pub steps: Vec<Step>,
    /// By what we are believed there, as far as it can be told; of a partner, as our settings have it.
    pub to_partner: Seen,
    /// By what it may be believed here, likewise.
    pub from_partner: Seen,
    /// What our settings ask of it, where it is a partner of ours.
    pub wanted: Option<Wanted>,
    /// What does not go with them.
    pub contradictions: Vec<Contradiction>,
}

impl DomainCheck {
    /// Judges what a look showed.
    #[must_use]
    pub fn of(probe: &DomainProbe, judge: &Judge<'_>, wanted: Option<Wanted>) -> Self {
        let mut steps = if probe.is_sip_only { Vec::new() } else { services(probe) };
        steps.extend(probe.hosts.iter().flat_map(|host| addresses(host, &probe.domain)));
        if probe.left_out > 0 {
            let step = Step::new(Part::Address, probe.domain.as_str(), None, "check-left-out");
            steps.push(step.with("count", probe.left_out.to_string()));
        }
        let endpoints = probe.hosts.iter().flat_map(|host| &host.endpoints);
        let endpoints: Vec<_> =
            endpoints.map(|endpoint| (endpoint, Shown::at(&probe.domain, endpoint, judge))).collect();
        for (endpoint, shown) in &endpoints {
            steps.extend(endpoint::steps(endpoint, shown.as_ref(), judge));
        }
        steps.extend(probe.hosts.iter().flat_map(|host| tlsa::steps(host, dnssec::of_keys(probe, host))));
        steps.extend(dnssec::steps(probe));
        // Where nothing is wrong but this machine's network, nothing can be told.
        let nobody = if steps.iter().any(|step| step.ok == Some(false)) { Seen::None } else { Seen::Unknown };
        steps.extend(sip::steps(probe, judge));
        steps.extend(caa::steps(probe));
        dedup(&mut steps);
        // A server goes on to the next address where one does not answer: the first that does counts.
        let answers = endpoints.iter().find(|(endpoint, _)| endpoint.secure.is_some() || endpoint.plain.is_some());
        let sight = answers.map(|(endpoint, shown)| endpoint::sight(endpoint, shown.as_ref(), judge));
        let (to_partner, from_partner) = match (&sight, &wanted) {
            (Some(sight), Some(wanted)) => wanted.leads_to(*sight),
            (Some(sight), None) => (sight.to, sight.from),
            (None, _) => (nobody, Seen::Unknown),
        };
        let both = sight.zip(wanted.as_ref());
        let contradictions = both.map(|(sight, wanted)| wanted.contradictions(sight)).unwrap_or_default();
        DomainCheck { domain: probe.domain.clone(), steps, to_partner, from_partner, wanted, contradictions }
    }

    /// Whether everything that could be told is as it should be; none where nothing could be told.
    #[must_use]
    pub fn ok(&self) -> Option<bool> {
        if !self.contradictions.is_empty() || self.steps.iter().any(|step| step.ok == Some(false)) {
            return Some(false);
        }
        self.steps.iter().any(|step| self.counts(step) && step.is_handshake()).then_some(true)
    }

    /// Whether nobody looked for XMPP.
    #[must_use]
    pub fn is_sip_only(&self) -> bool {
        let is_of = |protocol| self.steps.iter().any(|step| step.protocol == protocol && step.part != Part::Caa);
        is_of(Protocol::Sip) && !is_of(Protocol::Xmpp)
    }

    /// Whether it says how the domain stands: where it is there for XMPP, SIP alone is not enough.
    fn counts(&self, step: &Step) -> bool {
        step.protocol == Protocol::Xmpp || self.is_sip_only()
    }

    /// The first step that is not as it should be: there it breaks, if anywhere.
    #[must_use]
    pub fn wrong(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.ok == Some(false))
    }

    /// The last step on the way there that could not be told from here.
    #[must_use]
    pub fn unclear(&self) -> Option<&Step> {
        let way = [Part::Srv, Part::Address, Part::Tcp, Part::Stream, Part::StartTls, Part::Features, Part::External];
        self.steps.iter().rfind(|step| step.ok.is_none() && way.contains(&step.part) && self.counts(step))
    }
}

/// A host that two services lead to is said once.
fn dedup(steps: &mut Vec<Step>) {
    let mut seen: Vec<Step> = Vec::new();
    steps.retain(|step| {
        let is_new = !seen.contains(step);
        seen.extend(is_new.then(|| step.clone()));
        is_new
    });
}

/// The records that lead to the servers.
fn services(probe: &DomainProbe) -> Vec<Step> {
    let mut steps = Vec::new();
    let kinds = [("_xmpp-server._tcp", &probe.srv, false), ("_xmpps-server._tcp", &probe.direct_srv, true)];
    for (service, found, is_direct) in kinds {
        let target = format!("{service}.{}", probe.domain);
        match found {
            None => steps.push(Step::new(Part::Srv, target, Some(false), "check-late")),
            Some(Err(error)) => steps.push(failed(Part::Srv, target, error)),
            Some(Ok(records)) => steps.extend(records_of(&target, records, is_direct, probe)),
        }
    }
    steps
}

fn records_of(target: &str, records: &[Srv], is_direct: bool, probe: &DomainProbe) -> Vec<Step> {
    if let [only] = records
        && only.target.is_empty()
    {
        return vec![Step::new(Part::Srv, target, Some(false), "check-srv-refused")];
    }
    if records.is_empty() {
        let is_there = |found: &Option<Lookup<Srv>>| found.iter().flatten().flatten().next().is_some();
        // Few offer TLS from the start, and who has it needs no other.
        let step = match (is_direct, is_there(&probe.direct_srv)) {
            (true, _) => return Vec::new(),
            (false, true) => Step::new(Part::Srv, target, None, "check-srv-direct-only"),
            (false, false) => Step::new(Part::Srv, target, None, "check-srv-none"),
        };
        return vec![step];
    }
    let mut steps = vec![Step::new(Part::Srv, target, Some(true), "check-srv-found").with("targets", targets(records))];
    let odd = records.iter().find(|srv| !is_direct && srv.port != PORT);
    steps
        .extend(odd.map(|srv| Step::new(Part::Srv, target, None, "check-srv-port").with("port", srv.port.to_string())));
    let is_address = |srv: &&Srv| srv.target.parse::<IpAddr>().is_ok();
    let numbers = records.iter().find(is_address);
    steps.extend(
        numbers.map(|srv| Step::new(Part::Srv, target, Some(false), "check-srv-address").with("target", &*srv.target)),
    );
    steps
}

/// What name servers know of what is planned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NamesCheck {
    /// The wanted records.
    pub records: Vec<RecordCheck>,
    /// Who may issue, for each name of a request to a public authority; others do not have to ask.
    pub caa: Vec<CaaCheck>,
}
