//! Publishing the records, without a name server in reach: what is refused, what is said before, and that nothing is lost where
//! nobody answers. What real name servers make of it is in `tests/peers/publish.py`.

use std::path::Path;

use crate::common::place::{Place, Run, answers, set_mode};

/// Those that only a name server leads to are in `tests/peers/publish.py`; `zone-waits` needs a server to be set up.
pub const CODES: [&str; 9] = [
    "tsig-key",
    "zone-without-records",
    "zone-unasked",
    "zone-unanswered",
    "zone-failed",
    "zone-alias",
    "zone-behind",
    "zone-replaces",
    "zone-waits",
];

const SECRET: &str = "c2VjcmV0LXNlY3JldC1zZWNyZXQtMDEyMw==";
/// Nobody listens there.
const NOBODY: &str = "127.0.0.1:9";
const GOOD: &str = "dns.publish.server = \"127.0.0.1:9\"\ndns.publish.tsig_key_file = \"tsig.key\"";

fn key(algorithm: &str, secret: &str) -> String {
    format!("key \"upd\" {{\n\talgorithm {algorithm};\n\tsecret \"{secret}\";\n}};\n")
}

fn place(edits: &str, key: &str) -> Place {
    let place = Place::with(&answers("prosody", edits));
    place.write("tsig.key", key);
    set_mode(&place.path("tsig.key"), 0o600);
    place
}

fn run(place: &Place, verb: &str, more: &[&str]) -> Run {
    place.run(&[&[verb, "--answers", "edge.toml", "--json", "--resolver", NOBODY][..], more].concat())
}

/// What `plan` says of these answers, where the key file says this.
fn planned(edits: &str, key: &str) -> Vec<String> {
    run(&place(edits, key), "plan", &[]).verdicts()
}

#[test]
fn where_the_records_go_is_judged_before_anything_is_sent() {
    let good = key("hmac-sha256", SECRET);
    let unasked = "warning zone-unasked dns.publish.server";
    assert_eq!(planned(GOOD, &good), [unasked]);
    let file = "dns.publish.tsig_key_file = \"tsig.key\"";
    let of_host = format!("dns.publish.server = \"ns.contoso.com\"\n{file}");
    assert_eq!(planned(&of_host, &good), ["error answers-type dns.publish.server"]);
    assert_eq!(planned(file, &good), ["error answers-missing dns.publish.server"]);
    let keyless = "dns.publish.server = \"192.0.2.53\"";
    assert_eq!(planned(keyless, &good), ["error answers-missing dns.publish.tsig_key_file"]);
    for faulty in ["", "no key", &key("hmac-md5", SECRET), &key("hmac-sha256", "*")] {
        assert_eq!(planned(GOOD, faulty), ["error tsig-key dns.publish.tsig_key_file", unasked], "{faulty}");
    }
    let gone = GOOD.replace("tsig.key", "other.key");
    assert_eq!(planned(&gone, &good), ["error tsig-key dns.publish.tsig_key_file", unasked]);
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    let place = place(GOOD, &key("hmac-sha256", SECRET));
    set_mode(&place.path("tsig.key"), 0o640);
    let said = run(&place, "apply", &[]).verdicts();
    assert!(said.contains(&"error secret-open dns.publish.tsig_key_file".to_owned()), "{said:?}");
    assert!(!place.path("home").exists());
}

#[test]
fn a_zone_may_have_a_name_server_and_a_key_of_its_own() {
    let zone = |rest: &str| format!("[[dns.publish.zone]]\nname = \"contoso.com\"\n{rest}");
    let good = key("hmac-sha256", SECRET);
    let unasked = "warning zone-unasked dns.publish.server";
    let own = zone("server = \"127.0.0.1:9\"\ntsig_key_file = \"tsig.key\"");
    assert_eq!(planned(&own, &good), [unasked]);
    assert_eq!(planned(&format!("{GOOD}\n{}", zone("server = \"127.0.0.1:10\"")), &good), [unasked]);
    let half = planned(&zone("server = \"127.0.0.1:9\""), &good);
    assert_eq!(half, ["error answers-missing dns.publish.zone.0.tsig_key_file"]);
    let other = planned(&format!("{GOOD}\n{}", zone("").replace("contoso.com", "contoso.org")), &good);
    assert_eq!(other, ["warning zone-without-records dns.publish.zone.0.name", unasked]);
    let wrong = planned(&zone("server = \"ns\"\ntsig_key_file = \"none\""), &good);
    assert!(wrong.contains(&"error answers-type dns.publish.zone.0.server".to_owned()), "{wrong:?}");
}

#[test]
fn where_the_name_server_is_away_all_else_is_done_and_the_next_run_tries_again() {
    let place = place(GOOD, &key("hmac-sha256", SECRET));
    let dry = run(&place, "apply", &["--dry-run"]);
    assert_eq!((dry.code, dry.verdicts()), (0, vec!["warning zone-unanswered dns.publish.server".to_owned()]));
    for _ in 0..2 {
        let run = run(&place, "apply", &[]);
        assert_eq!(run.code, 1, "{}", run.out);
        let said = run.verdicts();
        assert!(said.iter().any(|said| said.starts_with("error zone-failed")), "{said:?}");
        assert!(run.out.contains("Connection refused") && place.path("home/out/dns").exists(), "{}", run.out);
    }
    // Nothing was changed there, so there is nothing to take back there.
    let undone = place.run(&["undo", "--yes", "--resolver", NOBODY]);
    assert_eq!(undone.code, 0, "{}{}", undone.out, undone.err);
    let holds_secret = |file: &Path| std::fs::read_to_string(file).is_ok_and(|content| content.contains(SECRET));
    assert!(!holds_secret(&place.path("home/journal.jsonl")) && !holds_secret(&place.path("home/answers.toml")));
}
