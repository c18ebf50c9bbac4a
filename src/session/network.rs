//! What leads partners to us, and whether they can be reached: the records that are wanted against those that are there, and
//! every partner as our server would find it.

use std::io;

use crate::check::{DomainCheck, RecordCheck, RecordState, Seen, record_checks};
use crate::edge::{Deployment, records};
use crate::form::Answered;
use crate::pages;
use crate::problem::{Code, Problem};
use crate::system::Look;
use crate::text::Message;

use super::outside::{CheckOptions, Domains, check_domains};

/// What was seen of the records and the partners of the answers.
#[derive(Debug)]
pub struct NetworkSeen {
    /// The wanted records, each with what is there.
    pub records: Vec<RecordCheck>,
    /// The partners whose settings let anybody through, in the order of the answers.
    pub partners: Vec<PartnerSeen>,
}

/// A partner, in short.
#[derive(Debug)]
pub struct PartnerSeen {
    /// Its domain, in A-labels.
    pub domain: String,
    /// By what stanzas go there.
    pub to: Seen,
    /// By what they come from there.
    pub from: Seen,
    /// What keeps them from it, where something does.
    pub reason: Option<Message>,
}

/// Looks at the records and the partners of `answered`, whose deployment is `deployment`.
///
/// # Errors
/// The system's, where nothing can be looked at at all.
pub fn look_at_network(
    reader: &dyn Look,
    answered: &Answered,
    deployment: &Deployment,
    options: &CheckOptions<'_>,
) -> io::Result<NetworkSeen> {
    let found = reader.records(&pages::record_asks(deployment, answered.facts))?;
    let records = record_checks(&records(deployment), &found);
    let domains = Domains::of(answered, deployment);
    let is_reachable = |domain: &String| domains.wanted.get(domain).is_some_and(|wanted| !wanted.methods.is_empty());
    let partners: Vec<String> = domains.all.iter().filter(|domain| is_reachable(domain)).cloned().collect();
    let domains = domains.looking_at(partners);
    let mut partners = Vec::new();
    check_domains(reader, &domains, options, &mut |place, check| {
        partners.push((place, PartnerSeen::of(check)));
        true
    })?;
    partners.sort_by_key(|(place, _)| *place);
    Ok(NetworkSeen { records, partners: partners.into_iter().map(|(_, partner)| partner).collect() })
}

impl NetworkSeen {
    /// What needs a person: records that are not there as they are wanted, and partners that cannot be reached or cannot reach
    /// us. What others put beside our records, and what cannot be told from here, is none of it.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        let is_wrong = |state| matches!(state, RecordState::Missing | RecordState::Different | RecordState::Disagree);
        let records = self.records.iter().filter(move |check| is_wrong(check.state)).map(|check| {
            let problem = Problem::error(Code::RecordAbsent, "").with("name", check.record.name.as_str());
            let problem = problem.with("type", check.record.data.kind()).with("data", check.record.data.presentation());
            problem.with("state", check.state.name())
        });
        let partners = self.partners.iter().filter_map(|partner| {
            let problem = Problem::error(Code::PartnerStopped, "").with("domain", partner.domain.as_str());
            Some(problem.with("reason", partner.reason.clone()?))
        });
        records.chain(partners)
    }

    /// Whether anything could be told of what was to be looked at.
    #[must_use]
    pub fn could_be_told(&self) -> bool {
        let is_empty = self.records.is_empty() && self.partners.is_empty();
        let record = self.records.iter().any(|check| check.state != RecordState::Unknown);
        is_empty || record || self.partners.iter().any(|partner| partner.works().is_some())
    }
}

impl PartnerSeen {
    fn of(check: DomainCheck) -> Self {
        let (to, from) = (check.to_partner, check.from_partner);
        let stops = [to, from].contains(&Seen::None);
        let against = check.contradictions.first().map(|found| &found.hint);
        let reason = against.or(check.wrong().map(|step| &step.detail)).filter(|_| stops).cloned();
        PartnerSeen { domain: check.domain, to, from, reason }
    }

    /// Whether stanzas go both ways, as far as that can be told; none where nothing can.
    #[must_use]
    pub fn works(&self) -> Option<bool> {
        match (self.to, self.from) {
            (Seen::None, _) | (_, Seen::None) => Some(false),
            (Seen::Method(_), _) => Some(true),
            (Seen::Unknown, _) => None,
        }
    }
}
