//! How a problem is told: the fact in one line with its code and place, then what to do; the rule behind it to whoever asks.

use serde_json::json;

use crate::common::edge::{Edge, errors};
use crate::common::place::{Place, answers, list};
use crate::complete::house;

const UNDERSCORE: &str = "\
error[name-underscore]: edge.host (line 5): `xmpp_.contoso.com` contains an underscore
  hint: Use a hyphen, and rename the host where it is already called so
";
const WHY: &str = "  why: Host names have letters, digits and hyphens (RFC 1123 2.1); public CAs refuse underscores since 1 May \
                   2019 (CA/B ballot SC12).\n";

fn with_underscore() -> Place {
    Place::with(
        "schema = 1\n[server]\nkind = \"prosody\"\n[edge]\nhost = \"xmpp_.contoso.com\"\nxmpp_domains = [\"contoso.com\"]\n\
         addresses = [\"198.51.100.7\"]\n[request]\nfile = \"edge.req\"\n[organization]\nname = \"Contoso\"\n\
         [geography]\ncountry = \"DE\"\n",
    )
}

#[test]
fn a_problem_is_one_headline_and_what_to_do() {
    for verb in ["plan", "apply"] {
        let run = with_underscore().run(&[verb, "--answers", "edge.toml"]);
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, "", UNDERSCORE), "{verb}");
    }
}

#[test]
fn the_rule_behind_it_is_told_to_whoever_asks() {
    for args in [["--explain", "plan"], ["plan", "--explain"]] {
        let run = with_underscore().run(&[&args[..], &["--answers", "edge.toml"]].concat());
        assert_eq!((run.code, run.err), (1, format!("{UNDERSCORE}{WHY}")), "{args:?}");
    }
    let plan = |args: &[&str]| {
        let run = with_underscore().run(&[&["plan", "--answers", "edge.toml", "--json"], args].concat());
        list(&run.json()["problems"])[0].clone()
    };
    let (short, long) = (plan(&[]), plan(&["--explain"]));
    assert_eq!(short["message"], json!("`xmpp_.contoso.com` contains an underscore"));
    assert_eq!(short.get("why"), None);
    assert!(long["why"].as_str().unwrap().contains("RFC 1123"), "{long}");
    // What is not asked for a rule reads as without it.
    assert!(short.as_object().unwrap().iter().all(|(key, value)| long[key] == *value), "{short} {long}");
}

#[test]
fn a_headline_carries_the_fact() {
    for (edits, headline) in [
        ("edge.addresses = [\"300.1.1.1\"]", "edge.addresses.0 (line 8): `300.1.1.1` is not an IP address"),
        (
            "edge.host = \"192.0.2.1\"",
            "edge.host (line 8): `192.0.2.1` is an IP address or ends in a number, so it is no name",
        ),
        ("request.file = \"none/edge.req\"", "request.file (line 8): "),
        (
            "[[partners]]\ndomain = \"fabrikam.com\"\nsasl = \"not-supported\"\ndialback = false",
            "partners.0.tls (line 9): `fabrikam.com` cannot connect: SASL and dialback are both off, so nobody can be \
             authenticated",
        ),
    ] {
        let text = answers("prosody", edits);
        let run = Place::with(&text).run(&["plan", "--answers", "edge.toml"]);
        let headlines: Vec<&str> = run.err.lines().filter(|line| line.starts_with("error[")).collect();
        assert!(headlines.iter().any(|line| line.contains(headline)), "{headline} is not in\n{}\n{text}", run.err);
    }
}

#[test]
fn a_certificate_for_another_key_says_that_and_nothing_besides() {
    let Some(house) = house() else { return };
    let edge = Edge::new(&house, "prosody", "");
    let other = Edge::new(&house, "prosody", "edge.xmpp_domains = [\"fabrikam.com\"]");
    std::fs::write(edge.place.path("other.crt"), house.with_issuer(other.leaf(1))).unwrap();
    let run = edge.run(&["complete", "--certificate", "other.crt"]);
    assert_eq!((run.code, errors(&run.err)), (1, vec!["certificate-other-key".to_owned()]), "{}", run.err);
    assert!(
        run.err.starts_with("error[certificate-other-key]: The certificate is for another key than "),
        "{}",
        run.err
    );
    assert_eq!(run.err.lines().count(), 2, "{}", run.err);
}
