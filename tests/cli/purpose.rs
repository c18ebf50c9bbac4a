//! What a request is for stands with the request: it is known whatever became of the journal, the answers and the place.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::common::edge::Edge;
use crate::common::offers::House;
use crate::common::place::answers;
use crate::complete::house;

/// What `complete` says that stands in no other story.
pub const CODES: [&str; 4] = ["server-unknown", "server-other", "usage-other", "request-purpose"];

const INTERNAL: &str = "request.usage = \"internal\"\nedge.internal = \"lsedge.contoso.net\"";

/// A Lync edge whose only request is for the internal interface.
fn inside(house: &House) -> Edge<'_> {
    Edge::new(house, "lync", INTERNAL)
}

fn links(edge: &Edge) -> [Option<PathBuf>; 2] {
    ["current", "current-internal"].map(|name| edge.link(name))
}

const INSIDE: [Option<&str>; 2] = [None, Some("pairs/1")];

fn leads(edge: &Edge, to: [Option<&str>; 2], told: &str) {
    assert_eq!(links(edge), to.map(|to| to.map(PathBuf::from)), "{told}");
}

fn json(edge: &Edge, name: &str) -> Value {
    serde_json::from_str(&edge.place.read(name)).unwrap()
}

#[test]
fn it_stands_beside_the_request_and_the_pair_and_only_its_owner_reads_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some(house) = house() else { return };
    for (base, edits, usage, name) in [
        ("lync", INTERNAL, "internal", "lsedge.contoso.net"),
        ("lync", "", "external", "sip.contoso.com"),
        ("prosody", "", "external", "contoso.com"),
        ("ejabberd", "", "external", "contoso.com"),
    ] {
        let edge = Edge::new(&house, base, edits);
        edge.completed(1);
        for file in ["home/requests/1/request.json", "home/pairs/1/pair.json"] {
            let said = json(&edge, file);
            assert_eq!(
                (&said["schema"], &said["server"], &said["usage"], &said["names"][0]),
                (&1.into(), &base.into(), &usage.into(), &name.into()),
                "{said}"
            );
            assert_eq!(fs::metadata(edge.place.path(file)).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}

#[test]
fn without_its_journal_or_answers_a_request_is_for_what_it_was_made_for() {
    let Some(house) = house() else { return };
    for lost in [&["home/journal.jsonl"][..], &["home/answers.toml"], &["home/journal.jsonl", "home/answers.toml"]] {
        let edge = inside(&house);
        for file in lost {
            fs::remove_file(edge.place.path(file)).unwrap();
        }
        edge.completed(1);
        leads(&edge, INSIDE, &format!("{lost:?}"));
        assert!(edge.place.path("home/out/lync/20-certificate-internal.ps1").exists(), "{lost:?}");
        assert!(!edge.place.path("home/out/lync/20-certificate.ps1").exists(), "{lost:?}");
        // And stays so.
        edge.runs(&["complete", "--certificate", "1.crt"]);
        leads(&edge, INSIDE, "again");
    }
    let edge = inside(&house);
    let journal = edge.place.read("home/journal.jsonl");
    for keep in 0..journal.lines().count() {
        let torn: Vec<&str> = journal.lines().take(keep).chain(["{\"v\":2,\"run\":"]).collect();
        edge.place.write("home/journal.jsonl", &torn.join("\n"));
        edge.send(1, "1.crt");
        edge.runs(&["complete", "--certificate", "1.crt", "--dry-run"]);
        assert!(!edge.run(&["complete", "--certificate", "1.crt", "--dry-run"]).out.contains("AccessEdge"), "{keep}");
    }
}

#[test]
fn after_an_undone_apply_each_server_is_still_what_it_is() {
    let Some(house) = house() else { return };
    for base in ["lync", "prosody", "ejabberd"] {
        let edge = Edge::new(&house, base, "");
        edge.runs(&["undo"]);
        assert!(!edge.place.path("home/answers.toml").exists());
        edge.completed(1);
        assert_eq!(edge.current(), Some("pairs/1".into()), "{base}");
        assert_eq!(json(&edge, "home/pairs/1/pair.json")["server"], base);
        assert_eq!(edge.place.path("home/out/lync/20-certificate.ps1").exists(), base == "lync", "{base}");
    }
}

#[test]
fn a_person_says_it_of_an_older_request_and_is_held_to_its_names() {
    let Some(house) = house() else { return };
    let edge = inside(&house);
    fs::remove_file(edge.place.path("home/requests/1/request.json")).unwrap();
    fs::remove_file(edge.place.path("home/journal.jsonl")).unwrap();
    edge.send(1, "1.crt");
    let complete = |more: &[&'static str]| [&["complete", "--certificate", "1.crt"], more].concat();
    edge.refuses(&complete(&[]), &["usage-unknown"]);
    edge.refuses(&complete(&["--usage", "external"]), &["usage-other"]);
    edge.runs(&complete(&["--usage", "internal"]));
    leads(&edge, INSIDE, "said");

    let edge = Edge::new(&house, "lync", "");
    fs::remove_file(edge.place.path("home/requests/1/request.json")).unwrap();
    fs::remove_file(edge.place.path("home/journal.jsonl")).unwrap();
    edge.send(1, "1.crt");
    edge.refuses(&complete(&["--usage", "internal"]), &["usage-other"]);
    edge.runs(&complete(&["--usage", "external"]));
    leads(&edge, [Some("pairs/1"), None], "said");

    // Prosody has one interface.
    let edge = Edge::new(&house, "prosody", "");
    fs::remove_file(edge.place.path("home/requests/1/request.json")).unwrap();
    fs::remove_file(edge.place.path("home/journal.jsonl")).unwrap();
    edge.send(1, "1.crt");
    edge.refuses(&complete(&["--usage", "internal"]), &["usage-other"]);
    fs::rename(edge.place.path("home/answers.toml"), edge.place.path("answers.toml")).unwrap();
    edge.refuses(&complete(&[]), &["server-unknown"]);
    fs::rename(edge.place.path("answers.toml"), edge.place.path("home/answers.toml")).unwrap();
    edge.runs(&complete(&[]));
    leads(&edge, [Some("pairs/1"), None], "Prosody");
}

#[test]
fn what_is_said_against_what_stands_there_is_refused() {
    let Some(house) = house() else { return };
    let edge = inside(&house);
    edge.send(1, "1.crt");
    edge.refuses(&["complete", "--certificate", "1.crt", "--usage", "external"], &["usage-other"]);
    let request = "home/requests/1/request.json";
    let said = edge.place.read(request);
    edge.place.write(request, &said.replace("internal", "external"));
    edge.refuses(&["complete", "--certificate", "1.crt"], &["usage-other"]);
    edge.place.write(request, &said.replace("lsedge", "sip"));
    edge.refuses(&["complete", "--certificate", "1.crt"], &["request-purpose"]);
    edge.place.write(request, &said);
    edge.runs(&["complete", "--certificate", "1.crt"]);
    leads(&edge, INSIDE, "as it was");
}

#[test]
fn an_older_journal_that_agrees_with_the_names_says_it() {
    let Some(house) = house() else { return };
    for (usage, code) in [("internal", None), ("external", Some("usage-unknown"))] {
        let edge = inside(&house);
        fs::remove_file(edge.place.path("home/requests/1/request.json")).unwrap();
        let target = edge.place.path("home/requests/1/request.pem");
        let time = "2026-11-24T10:00:00Z";
        let line = format!(
            r#"{{"time":"{time}","run":"{time}","kind":"create","what":"request","target":"{}","usage":"{usage}"}}"#,
            target.display()
        );
        edge.place.write("home/journal.jsonl", &(line + "\n"));
        edge.send(1, "1.crt");
        if let Some(code) = code {
            edge.refuses(&["complete", "--certificate", "1.crt"], &[code]);
        } else {
            edge.runs(&["complete", "--certificate", "1.crt"]);
            leads(&edge, INSIDE, "version 1");
        }
    }
}

#[test]
fn a_request_for_another_server_or_interface_is_not_taken_for_this_one() {
    let Some(house) = house() else { return };
    let edge = Edge::new(&house, "prosody", "");
    edge.place.answer(&answers("ejabberd", "request.file = \"2.req\""));
    edge.place.applied();
    assert!(edge.place.path("home/requests/2").exists(), "the same names, but ejabberd's");
    let completed = edge.completed(1);
    assert_eq!(json(&edge, "home/pairs/1/pair.json")["server"], "prosody");
    assert!(completed.err.contains("warning[server-other]"), "{}", completed.err);
    assert!(!edge.completed(2).err.contains("server-other"));
}

#[test]
fn a_server_that_is_not_the_answers_is_told() {
    let Some(house) = house() else { return };
    for base in ["prosody", "ejabberd", "lync"] {
        let edge = Edge::new(&house, base, "");
        let said = edge.place.read("home/requests/1/request.json");
        let other = if base == "lync" { "prosody" } else { "lync" };
        edge.place.write("home/requests/1/request.json", &said.replace(base, other));
        let completed = edge.completed(1);
        assert!(completed.err.contains("warning[server-other]"), "{base}: {}", completed.err);
        assert_eq!(json(&edge, "home/pairs/1/pair.json")["server"], other, "{base}");
    }
}

#[test]
fn a_pair_is_not_for_what_its_names_do_not_allow() {
    let Some(house) = house() else { return };
    for base in ["prosody", "ejabberd", "lync"] {
        let edge = Edge::new(&house, base, "");
        edge.completed(1);
        let said = edge.place.read("home/pairs/1/pair.json");
        edge.place.write("home/pairs/1/pair.json", &said.replace("external", "internal"));
        edge.runs(&["renew"]);
        edge.completed(2);
        leads(&edge, [Some("pairs/2"), None], base);
    }
}
