//! `plan`: what it says, and that saying is all it does.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::common::beside;
use crate::common::place::{Place, Run, answers, list, set_mode, timeless};

fn contract(file: &str) -> String {
    std::fs::read_to_string(beside("contract").join(file)).unwrap()
}

fn as_set(records: &Value) -> BTreeSet<String> {
    list(records).iter().map(Value::to_string).collect()
}

#[test]
fn the_contracts_answers_lead_to_the_contracts_plan() {
    let run = Place::with(&contract("answers.toml")).plan();
    let (mut said, wanted) = (run.json(), serde_json::from_str::<Value>(&contract("plan.json")).unwrap());
    assert_eq!(said["partners"][0].as_object_mut().unwrap().remove("enforced"), Some(json!(true)));
    assert_eq!(said["schema"], wanted["schema"]);
    assert_eq!(said["names"], wanted["names"]);
    assert_eq!(said["partners"], wanted["partners"]);
    assert_eq!(as_set(&said["records"]), as_set(&wanted["records"]));
    assert_eq!(list(&said["records"]).len(), list(&wanted["records"]).len());
    assert_eq!((run.code, run.verdicts()), (0, vec![]));
}

#[test]
fn everything_wrong_is_said_at_once_each_with_its_line() {
    let place = Place::with(
        r#"schema = 1
surprise = true

[server]
kind = "lync"

[edge]
access = "sip_edge.contoso.com"
acess = "sip.contoso.com"
sip_domains = [
    "contoso.com",
    "a b",
]
xmpp_domains = ["contoso.com"]

[request]
usage = "both"
file = "missing/edge.req"

[organization]
unit = "IT"

[[partners]]
domain = "one.example"
tls = "not-supported"
sasl = "required"
dialback = false

[[partners]]
tls = "optional"
"#,
    );
    let run = place.plan();
    let mut said: Vec<(Option<u64>, String)> =
        run.problems().into_iter().map(|said| (said.line, said.verdict)).collect();
    said.sort();
    let wanted = [
        (2, "error answers-unknown-key surprise"),
        (7, "error answers-missing edge.web_conferencing"),
        (8, "error name-underscore edge.access"),
        (9, "error answers-unknown-key edge.acess"),
        (12, "error name-syntax edge.sip_domains.1"),
        (17, "error answers-type request.usage"),
        (18, "error file-unwritable request.file"),
        (21, "warning ou-public organization.unit"),
        (25, "error partner-invalid partners.0.tls"),
        (29, "error answers-missing partners.1.domain"),
        (29, "error clear-text-not-accepted partners.1.accept_clear_text"),
        (30, "warning partner-warning partners.1.tls"),
    ];
    assert_eq!(said, wanted.map(|(line, verdict)| (Some(line), verdict.to_owned())));
    assert_eq!(run.code, 1);
    // What can be said is said all the same.
    assert_eq!(list(&run.json()["partners"]).len(), 2);
    assert!(!list(&run.json()["records"]).is_empty() && !run.planned().is_empty());
}

#[test]
fn a_file_that_is_no_toml_is_told_line_by_line_and_nothing_is_guessed() {
    let place = Place::with("schema = 1\n[server]\nkind = \"lync\"b\n[edge]\naccess = \naccess = 1\n");
    let run = place.plan();
    assert!(run.problems().iter().all(|said| said.verdict == "error answers-syntax"), "{}", run.out);
    let lines: BTreeSet<u64> = run.problems().iter().filter_map(|said| said.line).collect();
    assert!(lines.contains(&3) && lines.contains(&5), "{lines:?}");
    assert_eq!(run.code, 1);
}

/// What the contract's table makes of settings: methods and verdict.
fn contracts_outcome(lync: bool, tls: &str, sasl: &str, dialback: bool) -> (Vec<&'static str>, &'static str) {
    let (required, never) = ("required", "not-supported");
    let over_tls = if lync { !(tls == required && sasl == required) } else { sasl != required };
    let in_clear = lync || sasl != required;
    let mut methods = Vec::new();
    methods.extend((tls != never && sasl != never).then_some("sasl-over-tls"));
    methods.extend((dialback && tls != never && over_tls).then_some("tls-dialback"));
    methods.extend((dialback && tls != required && in_clear).then_some("tcp-dialback"));
    let warns =
        (sasl == required && dialback) || (sasl != never && tls != required) || methods.contains(&"tcp-dialback");
    let verdict = match (methods.is_empty(), warns) {
        (true, _) => "invalid",
        (false, true) => "warning",
        (false, false) => "valid",
    };
    (methods, verdict)
}

/// Whether a server does what settings ask: Lync save for rows 3 and 5 of its table, the others by our module.
fn does_as_asked(lync: bool, tls: &str, sasl: &str, dialback: bool) -> bool {
    !(lync && sasl == "required" && tls != "required" && dialback)
}

#[test]
fn all_eighteen_settings_lead_where_the_contract_says() {
    let words = ["required", "optional", "not-supported"];
    for base in ["lync", "prosody", "ejabberd"] {
        let settings =
            words.iter().flat_map(|tls| words.iter().flat_map(move |sasl| [(*tls, *sasl, true), (*tls, *sasl, false)]));
        let (mut rows, mut wanted) = (String::new(), Vec::new());
        for (row, (tls, sasl, dialback)) in settings.enumerate() {
            let domain = format!("p{row}.example");
            rows += &format!(
                "[[partners]]\ndomain = \"{domain}\"\ntls = \"{tls}\"\nsasl = \"{sasl}\"\ndialback = {dialback}\n"
            );
            let (methods, verdict) = contracts_outcome(base == "lync", tls, sasl, dialback);
            let enforced = does_as_asked(base == "lync", tls, sasl, dialback);
            wanted.push(json!({ "domain": domain, "methods": methods, "verdict": verdict, "enforced": enforced }));
        }
        assert_eq!(wanted.len(), 18);
        assert_eq!(Place::with(&answers(base, &rows)).plan().json()["partners"], json!(wanted), "{base}");
    }
}

#[test]
fn names_come_once_in_lower_case_a_labels_with_the_reason_of_their_first_place() {
    let edits = r#"
        edge.access = "SIP.Contoso.com"
        edge.sip_domains = ["contoso.com", "München.de"]
        edge.xmpp_domains = ["münchen.de", "contoso.com", "CONTOSO.com"]
        names.extra = ["webcon.contoso.com", "Extra.contoso.com"]
    "#;
    let names = Place::with(&answers("lync", edits)).plan().json()["names"].clone();
    let names: Vec<(String, String)> = serde_json::from_value::<Vec<std::collections::BTreeMap<String, String>>>(names)
        .unwrap()
        .into_iter()
        .map(|mut named| (named.remove("name").unwrap(), named.remove("reason").unwrap()))
        .collect();
    let wanted = [
        ("sip.contoso.com", "access-edge"),
        ("webcon.contoso.com", "web-conferencing"),
        ("sip.xn--mnchen-3ya.de", "sip-domain"),
        ("xn--mnchen-3ya.de", "xmpp-domain"),
        ("contoso.com", "xmpp-domain"),
        ("extra.contoso.com", "extra"),
    ];
    assert_eq!(names, wanted.map(|(name, reason)| (name.to_owned(), reason.to_owned())));
}

/// The product's own worked examples that must be refused (vectors V9 and V12: the XMPP table of the certificate summaries,
/// and the sample of the Central Management Server).
#[test]
fn the_products_flawed_examples_are_refused_for_what_is_wrong_with_them() {
    let v9 = "names.extra = [\"xmpp.contoso.com\", \"*.contoso.com\"]";
    let v12 = "edge.access = \"atl-edge-001.litwareinc.com\"\n\
        names.extra = [\"ap.litwareinc.com\", \"dp.litwareinc.com\", \"atl-edge-001\"]";
    for (edits, wanted) in [(v9, "error name-wildcard names.extra.1"), (v12, "error name-single-label names.extra.2")] {
        let place = Place::with(&answers("lync", edits));
        let before = place.listing();
        let run = place.apply();
        assert_eq!((run.code, run.verdicts()), (1, vec![wanted.to_owned()]), "{}", run.out);
        assert_eq!(place.listing(), before);
    }
}

#[test]
fn plan_and_dry_runs_leave_the_disk_as_it_is_down_to_the_times() {
    for edits in ["", "organization.unit = \"IT\""] {
        let place = Place::with(&answers("lync", edits));
        let before = place.listing();
        place.plan();
        place.run(&["apply", "--dry-run", "--answers", "edge.toml"]);
        assert_eq!(place.listing(), before);
    }
    let place = Place::with(&answers("lync", ""));
    place.applied();
    place.answer(&answers("lync", "request.file = \"2.req\"\norganization.name = \"Fabrikam\""));
    let before = place.listing();
    place.plan();
    let dry = place.run(&["apply", "--dry-run", "--answers", "edge.toml", "--json"]);
    assert_eq!(place.listing(), before);
    assert_eq!((dry.code, dry.done()), (0, vec![]));
    assert_eq!(dry.actions(), place.plan().actions());
}

#[test]
fn a_person_who_runs_dry_reads_the_plan() {
    let place = Place::with(&answers("lync", ""));
    let dry = place.run(&["apply", "--dry-run", "--answers", "edge.toml"]);
    assert_eq!(dry.out, place.run(&["plan", "--answers", "edge.toml"]).out);
    assert!(dry.out.contains("home/requests/1/key.pem"), "{}", dry.out);
}

#[test]
fn a_wrong_command_line_is_two_and_says_so_on_standard_error() {
    let place = Place::with(&answers("lync", ""));
    let before = place.listing();
    for wrong in [
        &["plan", "--answers"] as &[&str],
        &["apply", "--answers", "edge.toml", "--force"],
        &["unknown"],
        &["plan", "--answers", "edge.toml", "--color", "blue"],
        &["--answers-out", "x"],
    ] {
        let run = place.run(wrong);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{wrong:?}");
        assert!(!run.err.is_empty());
    }
    assert_eq!(place.listing(), before);
}

#[test]
fn warnings_alone_are_no_failure() {
    let place = Place::with(&answers("lync", "-edge.xmpp_domains"));
    assert_eq!(place.plan().code, 0);
    assert_eq!(place.applied().verdicts(), ["warning xmpp-domain-missing edge.xmpp_domains"]);
}

#[test]
fn unreadable_answers_are_one_and_still_json() {
    let place = Place::with("");
    for verb in ["plan", "apply"] {
        for file in ["missing.toml", "."] {
            let run = place.run(&[verb, "--answers", file, "--json"]);
            assert_eq!((run.code, run.verdicts()), (1, vec!["error answers-unreadable".to_owned()]));
            assert_eq!(run.meaning(), json!({ "names": [], "partners": [], "records": [] }));
            assert!(run.err.is_empty(), "{}", run.err);
        }
        let run = place.run(&[verb, "--answers", "missing.toml"]);
        assert_eq!((run.code, run.out.as_str()), (1, ""));
        assert!(run.err.contains("answers-unreadable"), "{}", run.err);
    }
}

#[test]
fn a_file_that_is_endless_or_far_too_large_is_refused_at_once() {
    let place = Place::with("");
    std::fs::File::create(place.path("huge.toml")).unwrap().set_len(1 << 40).unwrap();
    let begun = std::time::Instant::now();
    for file in ["/dev/zero", "huge.toml"] {
        for verb in ["plan", "apply"] {
            let run = place.run(&[verb, "--answers", file, "--json"]);
            assert_eq!((run.code, run.verdicts()), (1, vec!["error answers-unreadable".to_owned()]));
            assert!(run.out.contains("16 MiB"), "{}", run.out);
        }
        let run = place.run(&["--plain", "--answers", file]);
        assert_eq!(run.code, 1);
        assert!(run.err.contains("16 MiB"), "{}", run.err);
    }
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
    assert!(!place.home().exists());
}

#[test]
fn a_large_file_is_read_to_its_end() {
    let comment = format!("# {}\n", "x".repeat(1022));
    let full = answers("lync", "") + &comment.repeat(16 << 10);
    let place = Place::with(&full[..16 << 20]);
    assert_eq!(place.plan().code, 0);
    place.answer(&full[..=16 << 20]);
    assert_eq!(place.plan().verdicts(), ["error answers-unreadable"]);
}

#[test]
fn text_from_answers_never_moves_the_cursor() {
    let edits = r#"
        edge.xmpp_domains = ["contoso.com", "a\u001b[2J.com"]
        "colour\u001b[2J" = 1
        [[partners]]
        domain = "b\u009b2J\u202e.com"
    "#;
    let place = Place::with(&answers("lync", edits));
    let Run { out, err, .. } = place.run(&["plan", "--answers", "edge.toml"]);
    let moves = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!out.contains(moves) && !err.contains(moves), "{out:?} {err:?}");
}

#[test]
fn the_home_folder_is_the_flags_else_the_variables() {
    let place = Place::with(&answers("lync", ""));
    let home_of = |run: Run| run.planned()[0].clone();
    assert_eq!(home_of(place.plan()), place.home());
    for args in [["--home", "other"].as_slice(), &["--home=./other"]] {
        let args: Vec<&str> = [&["plan", "--answers", "edge.toml", "--json"], args].concat();
        assert_eq!(home_of(place.run(&args)), place.path("other"));
    }
}

#[test]
fn a_home_folder_that_others_may_read_is_closed() {
    let place = Place::with(&answers("lync", ""));
    std::fs::create_dir(place.home()).unwrap();
    set_mode(&place.home(), 0o755);
    let before = timeless(place.listing());
    let plan = place.plan();
    assert_eq!(plan.actions()[0], ("change".to_owned(), place.home()));
    assert_eq!(timeless(place.listing()), before);
    place.applied();
    assert_eq!(place.listing()[&place.home()].mode, 0o700);
}

#[test]
fn the_plan_says_what_partners_connect_by() {
    let partner = |domain: &str, rest: &str| format!("[[partners]]\ndomain = \"{domain}\"\n{rest}\n");
    let strict = "sasl = \"required\"\ndialback = false";
    let clear = "tls = \"not-supported\"\nsasl = \"not-supported\"\naccept_clear_text = true";
    let partners = partner("one.example", strict) + &partner("plain.example", clear) + &partner("other.example", "");
    let run = Place::with(&answers("prosody", &partners)).run(&["plan", "--answers", "edge.toml"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for line in [
        "  one.example    certificate only\n",
        "  plain.example  clear text only\n",
        "  other.example  certificate, else dialback\n",
    ] {
        assert_eq!(run.out.matches(line).count(), 1, "{line}: {}", run.out);
    }
}

#[test]
fn partners_that_take_only_the_certificate_are_named_where_it_authenticates_no_client() {
    let partner = |domain: &str, rest: &str| format!("[[partners]]\ndomain = \"{domain}\"\n{rest}\n");
    let strict = "tls = \"required\"\nsasl = \"required\"\ndialback = false";
    let partners = partner("one.example", strict) + &partner("other.example", "") + &partner("two.example", strict);
    let private = "request.authority = \"private\"\n";
    // ejabberd takes nobody by the certificate alone.
    for server in ["lync", "prosody"] {
        for (edits, is_said) in [("", true), ("request.client_eku = true\n", false)] {
            let place = Place::with(&answers(server, &format!("{private}{edits}{partners}")));
            for args in [&["plan", "--answers", "edge.toml"][..], &["apply", "--dry-run", "--answers", "edge.toml"]] {
                let run = place.run(args);
                assert_eq!(run.code, 0, "{}", run.err);
                let said: Vec<&str> = run.out.lines().filter(|line| line.contains("ejabberd before 25.08")).collect();
                assert_eq!(said.len(), usize::from(is_said), "{server}, {edits}: {}", run.out);
                assert!(said.iter().all(|line| line.contains("one.example, two.example:")), "{said:?}");
            }
        }
    }
}

#[test]
fn plan_and_apply_take_the_saved_answers_where_no_file_is_named() {
    let place = Place::with(&answers("prosody", ""));
    for verb in ["plan", "apply"] {
        let run = place.run(&[verb]);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{verb}");
        assert!(
            run.err.contains("[answers-unreadable]") && run.err.contains("no answers are saved yet"),
            "{}",
            run.err
        );
        assert!(!place.home().exists(), "{verb}");
    }
    place.applied();
    let named = place.run(&["plan", "--answers", "home/answers.toml", "--json"]);
    assert_eq!(place.run(&["plan", "--json"]).json(), named.json());
    let saved = place.read("home/answers.toml") + "[[partners]]\ndomain = \"fabrikam.com\"\n";
    place.write("home/answers.toml", &saved);
    let run = place.run(&["apply"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(place.read("home/out/prosody/edgewright.cfg.lua").contains("fabrikam.com"));
}

#[test]
fn what_only_reads_works_while_somebody_is_at_work() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    let lock = place.home().join("lock");
    std::fs::write(&lock, "pid 1 ada 2026-11-25T10:00:00Z\n").unwrap();
    set_mode(&lock, 0o600);
    let held = std::fs::File::open(&lock).unwrap();
    held.lock().unwrap();
    for args in [&["plan"][..], &["apply", "--dry-run"], &["status"], &["undo", "--dry-run"], &["--plain", "--dry-run"]]
    {
        let run = place.run(args);
        assert_eq!(run.code, 0, "{args:?}: {}", run.err);
    }
    for args in [&["apply"][..], &["undo"], &["--plain"]] {
        let run = place.run(args);
        assert_eq!(run.code, 1, "{args:?}: {}", run.err);
        assert!(run.err.starts_with("error[home-locked]: ") && run.err.contains("pid 1 ada"), "{args:?}: {}", run.err);
    }
}
