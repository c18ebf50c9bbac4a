//! Roots that a person has believed besides the system's: those of a CA of one's own.

use std::sync::Arc;

use time::OffsetDateTime;

use crate::lifecycle::proof::shown;
use crate::pki::Certificate;
use crate::problem::{Code, Problem};

/// What is believed with `roots` besides what the system believes.
#[must_use]
pub fn with_roots(system: Arc<[Certificate]>, roots: &[Certificate]) -> Arc<[Certificate]> {
    if roots.is_empty() { system } else { system.iter().chain(roots).cloned().collect() }
}

/// What is wrong with `roots` that are to be believed: `root-not-ca` for each that no chain can end in, and
/// `certificate-issuer-expired` where none is valid `now`. An older one beside its successor harms nobody, and any CA may
/// be where trust begins (RFC 5280 6.1.1).
#[must_use]
pub fn of_roots(roots: &[Certificate], now: OffsetDateTime) -> Vec<Problem> {
    let (may_issue, others): (Vec<_>, Vec<_>) = roots.iter().partition(|root| root.may_issue());
    let not_ca = |other: &Certificate| Problem::error(Code::RootNotCa, "").with("subject", other.subject.as_str());
    let mut problems: Vec<Problem> = others.into_iter().map(not_ca).collect();
    if let [first, ..] = may_issue[..]
        && !may_issue.iter().any(|root| root.is_valid_at(now))
    {
        let problem = Problem::error(Code::CertificateIssuerExpired, "").with("issuer", first.subject.as_str());
        problems.push(problem.with("from", shown(first.not_before)).with("to", shown(first.not_after)));
    }
    problems
}
