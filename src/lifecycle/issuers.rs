//! Whether the issuers that are sent along with the certificate in use still do their task.

use time::{Duration, OffsetDateTime};

use crate::home::Pair;
use crate::lifecycle::proof::shown;
use crate::pki::Certificate;
use crate::problem::{Code, Problem};
use crate::text::{Message, say};

/// How long before its end an issuer is told of: its successor comes with the next certificate, or from the authority's
/// pages.
const NOTICE: Duration = Duration::days(30);

/// What is wrong with the issuers of a pair; `trust` holds the roots that are believed, and nothing where nobody looked.
pub(super) fn of_issuers(pair: &Pair, trust: &[Certificate], now: OffsetDateTime) -> Vec<Problem> {
    let chain = Certificate::read_all(pair.fullchain.as_deref().unwrap_or_default());
    let Some((leaf, issuers)) = chain.split_first() else { return Vec::new() };
    let mut problems = Vec::new();
    let wrong = |reason: Message| {
        Problem::error(Code::PairChain, "").with("number", pair.number.to_string()).with("reason", reason)
    };
    let mut last = leaf;
    for issuer in issuers {
        if !last.is_issued_by(issuer) {
            problems.push(wrong(
                say("chain-foreign").with("issuer", issuer.subject.as_str()).with("subject", last.subject.as_str()),
            ));
            return problems;
        }
        problems.extend(of_dates(issuer, pair.number, now).or_else(|| soon(issuer, pair.number, now)));
        last = issuer;
    }
    let mut roots = trust.iter().filter(|root| last.is_issued_by(root)).peekable();
    // Nobody noted of older pairs which root they lead to, and a root of one's own need not be in the system's store.
    let leads = |root: &String| last.issuer == *root;
    let is_proved = pair.purpose.as_ref().and_then(|purpose| purpose.root.as_ref()).is_none_or(leads);
    if roots.peek().is_none() && !is_proved {
        problems.push(wrong(say("chain-missing").with("issuer", last.issuer.as_str())));
    }
    let roots: Vec<&Certificate> = roots.collect();
    if !roots.iter().any(|root| root.is_valid_at(now)) {
        problems.extend(roots.first().and_then(|root| of_dates(root, pair.number, now)));
    }
    problems
}

fn of_dates(issuer: &Certificate, number: u32, now: OffsetDateTime) -> Option<Problem> {
    let reason = say("chain-not-valid")
        .with("issuer", issuer.subject.as_str())
        .with("from", shown(issuer.not_before))
        .with("to", shown(issuer.not_after));
    let problem = Problem::error(Code::PairChain, "").with("number", number.to_string()).with("reason", reason);
    (!issuer.is_valid_at(now)).then_some(problem)
}

fn soon(issuer: &Certificate, number: u32, now: OffsetDateTime) -> Option<Problem> {
    let problem = Problem::warning(Code::PairIssuerEndsSoon, "")
        .with("number", number.to_string())
        .with("issuer", issuer.subject.as_str())
        .with("date", shown(issuer.not_after));
    (issuer.not_after - now < NOTICE).then_some(problem)
}
