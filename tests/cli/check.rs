//! `check` without a server in reach: what it refuses, and that it says so when nothing can be told. What it finds of real
//! servers is in `tests/peers/look.py`.

use serde_json::Value;

use crate::common::homes::Home;
use crate::common::place::{Place, Run, answers, list};
use edgewright::edge::Usage::External;

pub const CODES: [&str; 3] = ["check-nothing", "check-identity", "check-trust-anchor"];
/// Nobody listens there.
const NOBODY: &str = "127.0.0.1:9";

fn check(place: &Place, more: &[&str]) -> Run {
    place.run(&[&["check", "--resolver", NOBODY][..], more].concat())
}

#[test]
fn a_domain_that_cannot_be_looked_at_is_nobodys_fault_and_leaves_nothing() {
    let place = Place::with("");
    let before = place.listing();
    let run = check(&place, &["example.org", "Bücher.example", "EXAMPLE.org.", "--json"]);
    // Nothing seen is not nothing wrong.
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    let domains = list(&run.json()["domains"]);
    let names: Vec<&Value> = domains.iter().map(|domain| &domain["domain"]).collect();
    assert_eq!(names, ["example.org", "xn--bcher-kva.example"]);
    for domain in &domains {
        assert_eq!(domain["ok"], Value::Null);
        for step in list(&domain["steps"]) {
            assert_eq!((&step["code"], &step["ok"]), (&"lookup-failed".into(), &Value::Null), "{step}");
        }
    }
    assert_eq!(place.listing(), before);
    let said = check(&place, &["bücher.example"]).out;
    assert!(said.starts_with("bücher.example (xn--bcher-kva.example)\n"), "{said}");
    assert!(
        said.contains("127.0.0.1: Connection refused\n") && said.contains("To bücher.example: cannot be told"),
        "{said}"
    );
    assert!(said.contains("note") && !said.contains("WRONG"), "{said}");
}

#[test]
fn without_a_domain_those_of_the_answers_and_their_partners_are_looked_at() {
    let place = Place::with(&answers(
        "prosody",
        "[[partners]]\ndomain = \"one.example\"\nadditional_domains = [\"two.example\"]",
    ));
    let domains = list(&check(&place, &["--answers", "edge.toml", "--json"]).json()["domains"]);
    let names: Vec<&str> = domains.iter().filter_map(|domain| domain["domain"].as_str()).collect();
    assert!(names.ends_with(&["one.example", "two.example"]) && names.len() > 2, "{names:?}");
    // A partner that is a domain of our own too is looked at once, and holds up none behind it.
    let place = Place::with(&answers(
        "prosody",
        "[[partners]]\ndomain = \"contoso.com\"\n[[partners]]\ndomain = \"last.example\"",
    ));
    let said = check(&place, &["--answers", "edge.toml"]).out;
    let count = |domain: &str| said.lines().filter(|line| *line == domain).count();
    assert_eq!((count("contoso.com"), count("last.example")), (1, 1), "{said}");
    let run = check(&Place::with(""), &[]);
    assert_eq!((run.code, run.err.contains("[check-nothing]")), (1, true), "{}", run.err);
}

#[test]
fn we_are_nobody_whose_certificate_is_not_in_use() {
    let place = Place::with("");
    let run = check(&place, &["partner.example", "--as", "contoso.com"]);
    assert_eq!((run.code, run.err.contains("[check-identity]")), (1, true), "{}", run.err);
    Home::of(&place).in_use(External, 1, (-24, 24 * 30));
    let run = check(&place, &["partner.example", "--as", "other.example"]);
    assert_eq!((run.code, run.err.contains("[check-identity]")), (1, true), "{}", run.err);
}

#[test]
fn what_is_no_domain_is_refused_before_anybody_is_asked() {
    let place = Place::with("");
    for (domain, code) in [("192.0.2.1", "name-ip"), ("a..example", "name-syntax"), ("*.example.org", "name-syntax")] {
        let run = check(&place, &["example.org", domain]);
        assert_eq!((run.code, run.err.contains(&format!("[{code}]"))), (1, true), "{domain}: {}", run.err);
        assert_eq!(run.out, "");
        let told = check(&place, &["example.org", domain, "--json"]);
        assert_eq!((told.verdicts(), told.code), (vec![format!("error {code}")], 1));
    }
    let run = check(&place, &["example.org", "--ca-file", "nowhere.pem"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.err);
    place.write("root.key", ". IN DNSKEY 257 3\n");
    place.write("other.key", "test. IN DNSKEY 257 3 13 0YVfUYnALbwN0A1omi4D6nMQI+ibs6Fms2O+RqpFaqGjXNnHn5JFvPdP3rx5kuOBwKjxy+Hi3jt0A8ZT7zBVRQ==\n");
    for file in ["root.key", "other.key"] {
        let run = check(&place, &["example.org", "--trust-anchor", file]);
        assert_eq!((run.code, run.err.contains("[check-trust-anchor]")), (1, true), "{file}: {}", run.err);
    }
    for wrong in [["--timeout", "0"], ["--timeout", "x"], ["--resolver", "localhost"]] {
        assert_eq!(check(&place, &[&wrong[..], &["example.org"]].concat()).code, 2, "{wrong:?}");
    }
}
