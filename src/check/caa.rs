//! Who may issue a certificate for a name, before a request goes out (RFC 8659).

use std::collections::BTreeSet;

use crate::system::caa::{Caa, CaaLook};
use crate::text::{Message, say, visible};

/// The properties that an authority has to understand (RFC 8659 4, RFC 9495, RFC 8657).
const KNOWN: [&str; 6] = ["issue", "issuewild", "iodef", "issuemail", "contactemail", "contactphone"];

/// A name of the request.
#[derive(Debug, Clone, PartialEq)]
pub struct CaaCheck {
    /// In A-labels.
    pub name: String,
    /// The authorities that may issue for it, by the domains they are known by; none where any may.
    pub issuers: Option<Vec<String>>,
    /// The same in words, `caa-…`, with what to do in its attribute `hint`.
    pub finding: Message,
}

impl CaaCheck {
    /// Judges what was answered.
    #[must_use]
    pub fn of(look: &CaaLook) -> Self {
        let (issuers, finding) = match &look.found {
            // Who cannot ask must not issue (RFC 8659 3).
            Err(error) => (Some(Vec::new()), finding("caa-unanswered").with("reason", error.reason())),
            Ok(None) => (None, finding("caa-anybody")),
            Ok(Some((at, records))) => judged(&look.name, at, records),
        };
        CaaCheck { name: look.name.clone(), issuers, finding }
    }
}

fn judged(name: &str, at: &str, records: &[Caa]) -> (Option<Vec<String>>, Message) {
    if let Some(unknown) = records.iter().find(|caa| caa.is_critical && !KNOWN.contains(&caa.tag.as_str())) {
        let tag = visible(&unknown.tag).into_owned();
        return (Some(Vec::new()), finding("caa-critical").with("at", at).with("tag", tag));
    }
    let of = |tag: &str| records.iter().filter(|caa| caa.tag == tag).map(issuer).collect::<BTreeSet<String>>();
    // For a wildcard its own property counts, where there is any.
    let wild = if name.starts_with("*.") { of("issuewild") } else { BTreeSet::new() };
    let issuers = if wild.is_empty() { of("issue") } else { wild };
    if issuers.is_empty() {
        return (None, finding("caa-anybody"));
    }
    let issuers: Vec<String> = issuers.into_iter().filter(|issuer| !issuer.is_empty()).collect();
    let finding = match issuers.as_slice() {
        [] => finding("caa-nobody").with("at", at),
        some => finding("caa-some").with("at", at).with("issuers", some.join(", ")),
    };
    (Some(issuers), finding)
}

/// The authority's domain, without what is asked of it besides; empty for nobody.
fn issuer(caa: &Caa) -> String {
    visible(caa.value.split(';').next().unwrap_or_default().trim()).to_lowercase()
}

/// One that has what to do in its attribute `hint`.
fn finding(key: &'static str) -> Message {
    say(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, records: &[(bool, &str, &str)]) -> (Option<Vec<String>>, String) {
        let caa = |(critical, tag, value): &(bool, &str, &str)| Caa {
            is_critical: *critical,
            tag: (*tag).to_owned(),
            value: (*value).to_owned(),
        };
        let found = Ok(Some(("example".to_owned(), records.iter().map(caa).collect())));
        let check = CaaCheck::of(&CaaLook { name: name.to_owned(), found });
        (check.issuers, check.finding.key.into_owned())
    }

    #[test]
    fn who_is_named_may_issue_and_nobody_else() {
        let some = [(false, "issue", "ca.example; validationmethods=dns-01"), (false, "issue", "Other.example")];
        let both = vec!["ca.example".to_owned(), "other.example".to_owned()];
        assert_eq!(of("a.example", &some), (Some(both), "caa-some".into()));
        assert_eq!(of("a.example", &[(false, "issue", ";")]), (Some(vec![]), "caa-nobody".into()));
    }

    #[test]
    fn without_the_property_anybody_may() {
        assert_eq!(of("a.example", &[(false, "iodef", "mailto:a@a.example")]), (None, "caa-anybody".into()));
        assert_eq!(of("a.example", &[(false, "issuewild", ";")]), (None, "caa-anybody".into()));
    }

    #[test]
    fn a_wildcard_has_a_property_of_its_own() {
        let records = [(false, "issue", "ca.example"), (false, "issuewild", ";")];
        assert_eq!(of("*.example", &records), (Some(vec![]), "caa-nobody".into()));
        assert_eq!(of("*.example", &records[..1]), (Some(vec!["ca.example".into()]), "caa-some".into()));
    }

    #[test]
    fn what_is_critical_and_unknown_keeps_everybody_from_issuing() {
        let records = [(true, "future", "x"), (false, "issue", "ca.example")];
        assert_eq!(of("a.example", &records), (Some(vec![]), "caa-critical".into()));
    }
}
