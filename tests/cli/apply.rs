//! `apply`: what lies on the disk afterwards.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use edgewright::pki::digest::sha256_hex;
use edgewright::pki::request::{RequestSpec, is_for};
use edgewright::pki::{KeyKind, PrivateKey};
use serde_json::Value;

use crate::common::place::{Place, Run, answers, differences, set_mode, timeless};

#[test]
fn key_request_and_copy_lie_where_the_contract_says() {
    for (base, kind) in [("lync", KeyKind::Rsa2048), ("prosody", KeyKind::EcdsaP256), ("ejabberd", KeyKind::EcdsaP256)]
    {
        let place = Place::with(&answers(base, ""));
        let run = place.applied();
        let request = place.read("home/requests/1/request.pem");
        let spec = RequestSpec::read(&request).expect("a request");
        assert_eq!(spec.key, kind);
        assert_eq!(run.json()["names"].as_array().unwrap().len(), spec.names.len());
        assert_eq!(place.read("edge.req"), request);
        assert!(is_whole_key(&place.read("home/requests/1/key.pem")));
        assert_eq!(run.done().len(), run.planned().len());
    }
}

pub fn is_whole_key(pem: &str) -> bool {
    pem.starts_with("-----BEGIN PRIVATE KEY-----\n") && pem.ends_with("\n-----END PRIVATE KEY-----\n")
}

#[test]
fn every_kind_of_key_can_be_asked_for() {
    for kind in KeyKind::ALL {
        let place = Place::with(&answers("prosody", &format!("security.key = \"{}\"", kind.name())));
        place.applied();
        assert_eq!(RequestSpec::read(&place.read("edge.req")).unwrap().key, kind);
    }
}

#[test]
fn where_windows_makes_the_key_none_is_made_here() {
    let place = Place::with(&answers("lync", "request.key_by = \"lync\""));
    let run = place.applied();
    assert!(!place.path("home/requests").exists() && !place.path("edge.req").exists(), "{}", run.out);
    assert!(place.applied().keeps_all());
}

#[test]
fn an_empty_answer_is_the_default() {
    let edits = "security.key = \"\"\nrequest.file = \"\"\nrequest.usage = \"\"\nfederation.unlisted = \"\"";
    let place = Place::with(&answers("lync", edits));
    place.applied();
    assert_eq!(RequestSpec::read(&place.read("sip.contoso.com.req")).unwrap().key, KeyKind::Rsa2048);
}

#[test]
fn the_home_folder_is_its_owners_alone_under_any_umask() {
    for (umask, copy) in [("000", 0o644), ("022", 0o644), ("077", 0o600)] {
        let place = Place::with(&answers("prosody", ""));
        let run = Run::of(&mut place.command_with_umask(umask, &["apply", "--answers", "edge.toml"]));
        assert_eq!(run.code, 0, "{}", run.err);
        for (path, entry) in place.listing().iter().filter(|(path, _)| path.starts_with(place.home())) {
            let mode = if entry.content.is_none() { 0o700 } else { 0o600 };
            assert_eq!(format!("{:o}", entry.mode), format!("{mode:o}"), "{} under {umask}", path.display());
        }
        assert_eq!(place.listing()[&place.path("edge.req")].mode, copy);
    }
}

#[test]
fn what_is_planned_is_what_appears() {
    for base in ["lync", "prosody", "ejabberd"] {
        let place = Place::with(&answers(base, "request.file = \"1.req\""));
        appears_as_planned(&place);
        place.answer(&answers(base, "request.file = \"2.req\"\norganization.name = \"Fabrikam\""));
        appears_as_planned(&place);
        place.answer(&answers(base, &format!("request.file = \"2.req\"\norganization.name = \"Fabrikam\"\n{PARTNER}")));
        appears_as_planned(&place);
    }
}

const PARTNER: &str = "[[partners]]\ndomain = \"partner.example\"\n";

#[test]
fn folders_above_the_home_folder_are_planned_too() {
    let place = Place::with(&answers("lync", ""));
    let home = place.path("data/of/edge");
    let args = |verb| ["--home", home.to_str().unwrap(), verb, "--answers", "edge.toml", "--json"].map(str::to_owned);
    let run = |verb| place.run(&args(verb).each_ref().map(String::as_str));
    let (plan, before) = (run("plan"), place.listing());
    assert_eq!(run("apply").code, 0);
    same_but_journal(&plan, differences(&before, &place.listing()));
}

fn appears_as_planned(place: &Place) {
    let (plan, before) = (place.plan(), place.listing());
    let dry = place.run(&["apply", "--dry-run", "--answers", "edge.toml", "--json"]);
    assert_eq!(place.listing(), before);
    assert_eq!(plan.actions(), dry.actions());
    place.applied();
    same_but_journal(&plan, differences(&before, &place.listing()));
}

/// The plan's targets are what appeared or changed; the journal, which tells of them, is not planned.
fn same_but_journal(plan: &Run, appeared: Vec<PathBuf>) {
    let planned: BTreeSet<PathBuf> = plan.planned().into_iter().collect();
    let appeared: BTreeSet<PathBuf> = appeared.into_iter().filter(|path| !path.ends_with("journal.jsonl")).collect();
    assert_eq!(planned, appeared);
}

#[test]
fn a_second_run_keeps_everything() {
    for base in ["lync", "prosody", "ejabberd"] {
        let place = Place::with(&answers(base, PARTNER));
        place.applied();
        let before = timeless(place.listing());
        let again = place.applied();
        assert!(again.keeps_all() && again.done().is_empty(), "{}", again.out);
        assert_eq!(timeless(place.listing()), before);
    }
}

#[test]
fn changed_answers_make_another_request_and_leave_the_old_one_alone() {
    let place = Place::with(&answers("lync", ""));
    place.applied();
    let before = place.listing();
    for (number, edits) in [(2, "security.key = \"rsa-3072\""), (3, "names.extra = [\"x.contoso.com\"]")] {
        place.answer(&answers("lync", &format!("{edits}\nrequest.file = \"{number}.req\"")));
        place.applied();
        assert!(is_whole_key(&place.read(&format!("home/requests/{number}/key.pem"))));
    }
    let of_the_first = |path: &PathBuf| path.starts_with(place.path("home/requests/1")) || path.ends_with("edge.req");
    let after = place.listing();
    assert!(before.iter().filter(|(path, _)| of_the_first(path)).all(|(path, entry)| after[path] == *entry));
    // Back to the first answers: its request is still pending and is kept.
    place.answer(&answers("lync", ""));
    let back = place.applied();
    assert!(back.actions().contains(&("keep".to_owned(), place.path("home/requests/1/key.pem"))), "{}", back.out);
    assert!(!place.path("home/requests/4").exists());
}

#[test]
fn numbers_are_never_used_again() {
    for taken in ["requests/7", "pairs/7"] {
        let place = Place::with(&answers("prosody", ""));
        place.applied();
        fs::create_dir_all(place.home().join(taken)).unwrap();
        place.answer(&answers("prosody", "request.file = \"2.req\"\norganization.name = \"Other\""));
        place.applied();
        assert!(place.path("home/requests/8/key.pem").exists(), "{taken}");
    }
}

#[test]
fn a_folder_that_only_looks_like_a_number_is_none() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    fs::rename(place.path("home/requests/1"), place.path("home/requests/+1")).unwrap();
    fs::remove_file(place.path("edge.req")).unwrap();
    let run = place.applied();
    // And the number that the journal knows is not used again although its folder is gone.
    assert!(place.path("home/requests/2/key.pem").exists(), "{}", run.out);
}

#[test]
fn a_request_whose_key_is_another_or_damaged_is_not_kept() {
    for damage in ["", "not a key"] {
        let place = Place::with(&answers("prosody", ""));
        place.applied();
        fs::write(place.path("home/requests/1/key.pem"), damage).unwrap();
        fs::remove_file(place.path("edge.req")).unwrap();
        place.applied();
        assert!(place.path("home/requests/2/key.pem").exists());
        assert_eq!(fs::read_to_string(place.path("home/requests/1/key.pem")).unwrap(), damage);
    }
}

#[test]
fn a_private_key_in_the_way_of_the_copy_is_not_even_offered_to_be_replaced() {
    let place = Place::with(&answers("prosody", ""));
    fs::write(place.path("edge.req"), "-----BEGIN PRIVATE KEY-----\n").unwrap();
    let run = place.run(&["apply", "--answers", "edge.toml", "--json"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("file-unwritable"), "{}", run.out);
}

#[test]
fn a_dry_run_stays_one_on_whichever_side_of_the_command_it_is_said() {
    let place = Place::with(&answers("prosody", ""));
    let before = place.listing();
    assert_eq!(place.run(&["--dry-run", "apply", "--answers", "edge.toml"]).code, 2);
    assert_eq!(place.run(&["apply", "--dry-run", "--answers", "edge.toml"]).code, 0);
    assert_eq!(place.listing(), before);
}

#[test]
fn a_copy_that_is_there_is_kept_or_refused_by_what_is_in_it() {
    let place = Place::with(&answers("lync", ""));
    place.applied();
    place.write("edge.req", "another's\n");
    let before = place.listing();
    let refused = place.apply();
    assert_eq!((refused.code, refused.verdicts()), (1, vec!["error file-exists request.file".to_owned()]));
    assert_eq!(timeless(place.listing()), timeless(before));
    place.write("edge.req", &place.read("home/requests/1/request.pem"));
    assert!(place.applied().keeps_all());
    fs::remove_file(place.path("edge.req")).unwrap();
    assert_eq!(place.applied().done(), [("create".to_owned(), place.path("edge.req"))]);
}

#[test]
fn an_error_keeps_everything_from_being_written() {
    for edits in ["names.extra = [\"edge\"]", "edge.acess = 1", "-schema", "request.file = \"no/edge.req\""] {
        let place = Place::with(&answers("lync", edits));
        let before = place.listing();
        let run = place.apply();
        assert_eq!((run.code, run.done()), (1, vec![]), "{}", run.out);
        assert_eq!(run.json()["failed"], Value::Array(vec![]));
        assert_eq!(place.listing(), before);
    }
    let place = Place::with(&answers("lync", ""));
    place.applied();
    place.answer(&answers("lync", "names.extra = [\"edge\"]"));
    let before = timeless(place.listing());
    assert_eq!(place.apply().code, 1);
    assert_eq!(timeless(place.listing()), before);
}

#[test]
fn the_journal_has_a_line_for_every_action_and_no_secrets() {
    let place = Place::with(&answers("lync", ""));
    let run = place.applied();
    let journal = place.read("home/journal.jsonl");
    let entries: Vec<Value> = journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<(String, PathBuf)> =
        entries.iter().map(|entry| (entry["kind"].as_str().unwrap().to_owned(), place.told_of(entry))).collect();
    assert_eq!(told, run.done());
    for entry in &entries {
        let target = place.told_of(entry);
        let may_tell = target.is_file() && !["key.pem", "home-id"].iter().any(|name| target.ends_with(name));
        let digest = may_tell.then(|| sha256_hex(&fs::read(&target).unwrap()));
        assert_eq!(entry["sha256"].as_str(), digest.as_deref(), "{entry}");
    }
    let key = place.read("home/requests/1/key.pem");
    let says_the_key = |text: &str| key.lines().any(|line| text.contains(line));
    assert!(!says_the_key(&journal) && !says_the_key(&run.out) && !says_the_key(&place.read("home/answers.toml")));
}

#[test]
fn a_torn_line_of_the_journal_spoils_no_other() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    let torn = place.read("home/journal.jsonl") + "{\"time\":\"2026-";
    place.write("home/journal.jsonl", &torn);
    fs::remove_file(place.path("edge.req")).unwrap();
    place.applied();
    let journal = place.read("home/journal.jsonl");
    assert!(journal.starts_with(&format!("{torn}\n")));
    assert!(serde_json::from_str::<Value>(journal.lines().last().unwrap()).is_ok());
}

#[test]
fn paths_in_answers_are_relative_to_their_file() {
    let place = Place::with("");
    fs::create_dir(place.path("sub")).unwrap();
    place.write("sub/edge.toml", &answers("lync", "request.file = \"../copies/edge.req\""));
    fs::create_dir(place.path("copies")).unwrap();
    let run = place.run(&["apply", "--answers", "sub/edge.toml", "--json"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(place.path("copies/edge.req").exists());
    let place = Place::with("");
    fs::create_dir(place.path("sub")).unwrap();
    place.write("sub/edge.toml", &answers("lync", "-request.file"));
    place.run(&["apply", "--answers", "sub/edge.toml", "--json"]);
    assert!(place.path("sub/sip.contoso.com.req").exists());
}

#[test]
fn saved_answers_lead_to_the_same_plan() {
    let places = "names.extra = [\"*.contoso.com\"]\n-edge.components\nserver.config = \"conf/prosody.cfg.lua\"";
    for (base, edits) in [("lync", PARTNER), ("prosody", places), ("ejabberd", PARTNER)] {
        let place = Place::with(&answers(base, edits));
        let first = place.applied();
        let replayed = place.run(&["plan", "--answers", "home/answers.toml", "--json"]);
        assert_eq!((replayed.meaning(), replayed.verdicts()), (first.meaning(), first.verdicts()));
        assert!(replayed.keeps_all(), "{}", replayed.out);
    }
}

#[test]
fn text_of_any_kind_survives_being_saved() {
    let hostile = r#"'"'"\"\"\"''' \\ # = [x] {y} $(id) `id` %n \u202e 中文 مرحبا 👩‍👩‍👧 é é"#;
    let toml = hostile.replace('"', "\\\"").replace("\\\\\"", "\\\"");
    let edits = format!(
        "organization.name = \"{toml}\"\nsecurity.friendly_name = \"{toml}\"\n[[partners]]\ndomain = \"a.example\"\ndescription = \"{toml}\""
    );
    let place = Place::with(&answers("lync", &edits));
    let first = place.applied();
    let saved: toml::Table = place.read("home/answers.toml").parse().unwrap();
    let given: toml::Table = place.read("edge.toml").parse().unwrap();
    let partner = |table: &toml::Table| table["partners"].as_array().unwrap()[0].clone();
    assert_eq!(saved["organization"], given["organization"]);
    assert_eq!(saved["security"], given["security"]);
    assert_eq!(partner(&saved), partner(&given));
    let replayed = place.run(&["plan", "--answers", "home/answers.toml", "--json"]);
    assert_eq!((replayed.meaning(), replayed.code), (first.meaning(), 0));
    assert!(replayed.keeps_all(), "{}", replayed.out);
    let organization = RequestSpec::read(&place.read("edge.req")).unwrap().subject.organization;
    assert_eq!(organization, given["organization"]["name"].as_str().unwrap());
}

/// A place where a run was cut off between the key and its request.
fn with_a_key_left() -> (Place, String) {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    fs::remove_file(place.path("home/requests/1/request.pem")).unwrap();
    fs::remove_file(place.path("edge.req")).unwrap();
    let key = place.read("home/requests/1/key.pem");
    (place, key)
}

#[test]
fn a_key_left_without_its_request_gets_it_and_the_run_says_so() {
    let (place, key) = with_a_key_left();
    let run = place.applied();
    assert!(run.out.contains("go on with the private key"), "{}", run.out);
    assert_eq!(place.read("home/requests/1/key.pem"), key);
    let request = place.read("home/requests/1/request.pem");
    assert!(is_for(&request, &PrivateKey::from_pem(key)));
    assert_eq!(place.read("edge.req"), request);
    assert!(!place.path("home/requests/2").exists());
    assert!(place.applied().keeps_all());
}

#[test]
fn a_key_left_that_is_of_another_kind_damaged_or_open_to_others_is_let_lie() {
    let another = "security.key = \"rsa-2048\"\nrequest.file = \"2.req\"";
    for trouble in ["another kind", "damaged", "open", "a link", "two names"] {
        let (place, key) = with_a_key_left();
        let path = place.path("home/requests/1/key.pem");
        match trouble {
            "another kind" => place.answer(&answers("prosody", another)),
            "damaged" => place.write("home/requests/1/key.pem", &key[..key.len() / 2]),
            "open" => set_mode(&path, 0o640),
            "a link" => {
                fs::rename(&path, place.path("theirs.pem")).unwrap();
                std::os::unix::fs::symlink(place.path("theirs.pem"), &path).unwrap();
            }
            _ => fs::hard_link(&path, place.path("theirs.pem")).unwrap(),
        }
        let before = fs::read(&path).unwrap();
        let run = place.applied();
        assert!(place.path("home/requests/2/key.pem").exists(), "{trouble}: {}", run.out);
        assert_eq!(fs::read(&path).unwrap(), before, "{trouble}");
        // It is no use to anybody, and closing it would only make it look like one that nobody has read.
        let said: &[&str] = if trouble == "open" { &["warning key-open"] } else { &[] };
        assert_eq!(place.plan().verdicts(), said, "{trouble}");
    }
}

#[test]
fn a_key_that_others_came_to_read_is_said_and_closed_and_its_request_kept() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    let path = place.path("home/requests/1/key.pem");
    set_mode(&path, 0o644);
    let before = timeless(place.listing());
    let plan = place.plan();
    assert_eq!(plan.verdicts(), ["warning key-open"]);
    assert!(plan.problems()[0].message.contains("requests/1/key.pem"), "{}", plan.out);
    assert_eq!(plan.actions().into_iter().find(|(kind, _)| kind != "keep"), Some(("change".to_owned(), path.clone())));
    assert_eq!(timeless(place.listing()), before, "a plan changes nothing");

    let run = place.applied();
    assert_eq!(run.done(), [("change".to_owned(), path.clone())]);
    let after = timeless(place.listing());
    assert_eq!(after[&path].mode, 0o600);
    assert_eq!(after[&path].content, before[&path].content);
    assert!(place.read("home/journal.jsonl").lines().last().unwrap().contains("\"what\":\"key\""));
    let next = place.applied();
    assert!(next.keeps_all() && next.problems().is_empty(), "{}", next.out);
}

#[test]
fn a_key_under_two_names_is_not_closed_behind_the_back_of_the_other() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    let path = place.path("home/requests/1/key.pem");
    fs::hard_link(&path, place.path("theirs.pem")).unwrap();
    set_mode(&path, 0o644);
    let run = place.apply();
    assert_eq!(
        (run.code, run.verdicts()),
        (1, vec!["warning key-open".to_owned(), "error file-unwritable".to_owned()])
    );
    assert_eq!(place.listing()[&path].mode, 0o644);
}

#[test]
fn the_run_after_one_that_was_cut_off_says_so_and_tidies_up() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    place.write("home/lock", "pid 4242 somebody 2026-01-01T00:00:00Z\n");
    set_mode(&place.path("home/lock"), 0o600);
    let strays = [".edgewright-aB3dE6", "requests/1/.edgewright-aB3dE6", "out/dns/.edgewright-aB3dE6"];
    for stray in strays {
        place.write(&format!("home/{stray}"), "-----BEGIN PRIVATE KEY-----\nMIG");
    }
    place.write("home/requests/1/note", "theirs");
    // A plan changes nothing, and neither does a dry run.
    let before = timeless(place.listing());
    place.plan();
    place.run(&["apply", "--dry-run", "--answers", "edge.toml"]);
    assert_eq!(timeless(place.listing()), before);
    let run = place.applied();
    assert!(run.err.contains("pid 4242 somebody 2026-01-01T00:00:00Z"), "{}", run.err);
    assert!(strays.iter().all(|stray| !place.home().join(stray).exists()));
    assert_eq!(place.read("home/requests/1/note"), "theirs");
    assert_eq!(place.applied().err, "");
}

#[test]
fn the_key_is_in_its_file_and_nowhere_else_under_any_umask() {
    for umask in ["000", "077"] {
        for (base, kind) in [("lync", "rsa-2048"), ("prosody", "ecdsa-p256"), ("ejabberd", "ecdsa-p384")] {
            let place = Place::with(&answers(base, &format!("security.key = \"{kind}\"\n{PARTNER}")));
            for args in [&["apply", "--answers", "edge.toml"][..], &["apply", "--answers", "edge.toml", "--json"]] {
                let run = Run::of(&mut place.command_with_umask(umask, args));
                assert_eq!(run.code, 0, "{}", run.err);
                place.write("said", &(run.out + &run.err));
                let pieces = pieces_of(&place.read("home/requests/1/key.pem"));
                for (path, entry) in place.listing().into_iter().filter(|(path, _)| !path.ends_with("key.pem")) {
                    let content = entry.content.unwrap_or_default().to_ascii_lowercase();
                    let holds = |piece: &Vec<u8>| content.windows(piece.len()).any(|window| window == *piece);
                    assert!(!pieces.iter().any(holds), "{} under {umask}", path.display());
                }
            }
        }
    }
}

/// What would give a key away, in small letters: each line of its text, and a piece of its secret half as bytes and in
/// hexadecimal.
fn pieces_of(pem: &str) -> Vec<Vec<u8>> {
    const PIECE: usize = 16;
    let lines = || pem.lines().filter(|line| !line.starts_with('-'));
    let der = STANDARD.decode(lines().collect::<String>()).unwrap();
    // The secret number of an elliptic curve, as the private exponent of RSA, is there; the public half is in the request.
    let secret = &der[der.len() * 27 / 100..][..PIECE];
    let hex = format!("{secret:02x?}").replace([',', ' ', '[', ']'], "");
    let texts = lines().map(|line| line.to_ascii_lowercase().into_bytes());
    texts.chain([secret.to_ascii_lowercase(), hex.into_bytes()]).collect()
}
