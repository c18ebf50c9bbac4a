//! A home folder that somebody changed by hand, or that a careless copy changed: nothing is put in use that was not proved,
//! nothing is said to be done that was not, and nothing goes that was not kept.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::Command;

use edgewright::pki::digest::sha256_hex;

use crate::common::edge::{Edge, errors};
use crate::common::homes::private;
use crate::common::place::{Place, answers, differences, timeless};
use crate::complete::house;

/// Every kind of edge: its answers, and the link that its certificate is served through.
const EDGES: [(&str, &str, &str); 4] = [
    ("prosody", "", "current"),
    ("ejabberd", "", "current"),
    ("lync", "", "current"),
    ("lync", "request.usage = \"internal\"\nedge.internal = \"lsedge.contoso.net\"", "current-internal"),
];

type Spoil = fn(&Edge);

/// Ways to spoil the key of the pair in use.
const SPOILT: [(&str, Spoil); 7] = [
    ("another's", |edge| fs::copy(edge.house.at("issuing.key"), key(edge)).map(drop).unwrap()),
    ("empty", |edge| private(&key(edge), "")),
    ("cut short", |edge| private(&key(edge), "-----BEGIN PRIVATE KEY-----\nMIG")),
    ("gone", |edge| fs::remove_file(key(edge)).unwrap()),
    ("open", |edge| fs::set_permissions(key(edge), fs::Permissions::from_mode(0o644)).unwrap()),
    ("a link", |edge| {
        fs::rename(key(edge), edge.place.path("elsewhere")).unwrap();
        symlink(edge.place.path("elsewhere"), key(edge)).unwrap();
    }),
    ("with a second name", |edge| fs::hard_link(key(edge), edge.place.path("second")).unwrap()),
];

fn key(edge: &Edge) -> PathBuf {
    edge.place.path("home/pairs/1/key.pem")
}

#[test]
fn a_broken_pair_in_use_is_replaced_by_its_certificate_given_again() {
    let Some(house) = house() else { return };
    for (base, edits, link) in EDGES {
        for (how, spoil) in SPOILT {
            let edge = Edge::new(&house, base, edits);
            edge.completed(1);
            spoil(&edge);
            let spoilt =
                edge.place.listing().into_iter().filter(|(path, _)| path.starts_with(edge.place.path("home/pairs/1")));
            let spoilt: Vec<_> = spoilt.collect();
            assert_eq!(edge.run(&["status"]).code, 3, "{base} {how}");
            edge.runs(&["complete", "--certificate", "1.crt"]);
            let to = edge.link(link).unwrap();
            assert_eq!(to, PathBuf::from("pairs/2"), "{base} {how}");
            edge.is_whole(&to);
            let after = edge.place.listing();
            assert!(
                spoilt.iter().all(|(path, entry)| after.get(path) == Some(entry)),
                "{base} {how}: the old one stays"
            );
            assert!(!edge.run(&["status"]).out.contains("pair-broken"), "{base} {how}");
        }
    }
}

#[test]
fn a_pair_that_came_from_elsewhere_is_not_put_in_use() {
    let Some(house) = house() else { return };
    for (base, edits, link) in EDGES {
        let (edge, other) = (Edge::new(&house, base, edits), Edge::new(&house, base, edits));
        edge.completed(1);
        other.completed(1);
        for (from, to) in [(other.place.path("home/pairs/1"), "7"), (edge.place.path("home/pairs/1"), "9")] {
            let copied =
                Command::new("cp").arg("-a").arg(&from).arg(edge.place.path(&format!("home/pairs/{to}"))).status();
            assert!(copied.unwrap().success());
            for args in [&["renew"][..], &["undo", "--dry-run"], &["complete", "--certificate", "1.crt"]] {
                let run = edge.run(args);
                assert_eq!(edge.link(link), Some("pairs/1".into()), "{base} {to} {args:?}: {}{}", run.out, run.err);
            }
            let told = edge.runs(&["complete", "--certificate", "1.crt"]).err;
            assert!(told.contains(&format!("Pair {to} is not in use")), "{base}: {told}");
        }
    }
}

#[test]
fn a_pair_that_is_not_what_was_asked_for_is_not_put_in_use_by_recovery() {
    let Some(house) = house() else { return };
    for (base, edits, link) in EDGES {
        let edge = Edge::new(&house, base, edits);
        edge.completed(1);
        edge.runs(&["renew"]);
        // Its key is that of request 2, and nothing else about it is right.
        let pair = edge.place.path("home/pairs/2");
        fs::create_dir(&pair).unwrap();
        fs::set_permissions(&pair, fs::Permissions::from_mode(0o700)).unwrap();
        private(&pair.join("key.pem"), &edge.place.read("home/requests/2/key.pem"));
        private(&pair.join("pair.json"), &edge.place.read("home/pairs/1/pair.json"));
        let made = Command::new("openssl")
            .args(["req", "-x509", "-subj", "/CN=evil.example", "-days", "30", "-key"])
            .arg(pair.join("key.pem"))
            .output()
            .unwrap();
        let certificate = String::from_utf8(made.stdout).unwrap();
        for (name, content) in [("cert.pem", certificate.as_str()), ("chain.pem", ""), ("fullchain.pem", &certificate)]
        {
            private(&pair.join(name), content);
        }
        for args in [&["renew", "--dry-run"][..], &["complete", "--certificate", "1.crt"]] {
            let run = edge.run(args);
            assert_eq!(edge.link(link), Some("pairs/1".into()), "{base} {args:?}: {}", run.err);
            assert!(run.err.contains("Pair 2 is not in use"), "{base} {args:?}: {}", run.err);
        }
    }
}

#[test]
fn a_stray_pair_does_not_keep_a_run_that_was_cut_off_from_being_ended() {
    let Some(house) = house() else { return };
    for (base, edits, link) in EDGES {
        let edge = Edge::new(&house, base, edits);
        edge.completed(1);
        let [pair, stray] = ["1", "7"].map(|number| edge.place.path(&format!("home/pairs/{number}")));
        assert!(Command::new("cp").arg("-a").args([pair, stray]).status().unwrap().success());
        // As if it had died before the switch.
        fs::remove_file(edge.place.path(&format!("home/{link}"))).unwrap();
        let journal = edge.place.read("home/journal.jsonl");
        let kept: Vec<&str> = journal.lines().filter(|line| !line.contains(r#""what":"link""#)).collect();
        edge.place.write("home/journal.jsonl", &(kept.join("\n") + "\n"));
        edge.run(&["renew"]);
        assert_eq!(edge.link(link), Some("pairs/1".into()), "{base}");
    }
}

#[test]
fn a_pair_in_use_for_one_interface_is_not_given_to_the_other() {
    let Some(house) = house() else { return };
    let edge = Edge::new(
        &house,
        "ejabberd",
        "edge.components = []\nedge.xmpp_domains = [\"contoso.com\"]\nedge.host = \"contoso.com\"",
    );
    edge.completed(1);
    let said = edge.place.read("home/pairs/1/pair.json");
    edge.place.write("home/pairs/1/pair.json", &said.replace("ejabberd", "lync").replace("external", "internal"));
    edge.run(&["renew"]);
    assert_eq!((edge.current(), edge.link("current-internal")), (Some("pairs/1".into()), None));
}

/// Changes one answer and applies again, so that files are replaced.
fn applied_again(base: &str) -> Place {
    let place = Place::with(&answers(base, "edge.addresses = [\"198.51.100.7\"]"));
    place.applied();
    place.answer(&answers(base, "edge.addresses = [\"198.51.100.8\"]"));
    place.applied();
    place
}

#[test]
fn what_was_kept_and_changed_since_is_not_put_back() {
    for base in ["prosody", "ejabberd", "lync"] {
        for content in ["", "TAMPERED"] {
            let place = applied_again(base);
            for kept in fs::read_dir(place.path("home/before")).unwrap() {
                private(&kept.unwrap().path(), content);
            }
            let before = timeless(place.listing());
            let undone = place.run(&["undo"]);
            assert_eq!(undone.code, 0, "{base}: {}", undone.err);
            assert!(undone.err.contains("was changed or damaged"), "{base}: {}", undone.err);
            let changed = differences(&before, &timeless(place.listing()));
            assert!(changed.iter().all(|path| path.ends_with("journal.jsonl")), "{base}: {changed:?}");
        }
    }
}

#[test]
fn what_a_run_replaces_is_kept_whatever_has_its_name() {
    for base in ["prosody", "ejabberd", "lync"] {
        for what in ["nothing", "empty", "link", "fifo", "folder"] {
            let place = Place::with(&answers(base, "edge.addresses = [\"198.51.100.7\"]"));
            place.applied();
            let out =
                place.listing().into_keys().find(|path| path.starts_with(place.path("home/out/dns")) && path.is_file());
            let out = out.unwrap();
            let mine = fs::read_to_string(&out).unwrap() + "; hours of work\n";
            private(&out, &mine);
            let kept = place.path("home/before").join(sha256_hex(mine.as_bytes()));
            fs::create_dir(place.path("home/before")).unwrap();
            fs::set_permissions(place.path("home/before"), fs::Permissions::from_mode(0o700)).unwrap();
            match what {
                "empty" => private(&kept, ""),
                "link" => symlink("nowhere", &kept).unwrap(),
                "folder" => {
                    fs::create_dir(&kept).unwrap();
                    let run = place.run(&["apply", "--answers", "edge.toml"]);
                    assert!(run.code == 1 && run.err.contains(kept.to_str().unwrap()), "{base}: {}", run.err);
                    assert_eq!(fs::read_to_string(&out).unwrap(), mine, "{base}");
                    continue;
                }
                "fifo" => assert!(Command::new("mkfifo").arg(&kept).status().unwrap().success()),
                _ => {}
            }
            place.applied();
            assert_ne!(fs::read_to_string(&out).unwrap(), mine, "{base} {what}");
            assert_eq!(fs::read_to_string(&kept).unwrap(), mine, "{base} {what}");
            assert_eq!(place.run(&["undo"]).code, 0);
            assert_eq!(fs::read_to_string(&out).unwrap(), mine, "{base} {what}");
        }
    }
}

#[test]
fn what_is_no_text_is_not_written_over() {
    for base in ["prosody", "ejabberd", "lync"] {
        let place = Place::with(&answers(base, "edge.addresses = [\"198.51.100.7\"]"));
        place.applied();
        let out = place
            .listing()
            .into_keys()
            .find(|path| path.starts_with(place.path("home/out")) && path.is_file())
            .unwrap();
        fs::write(&out, b"# Gr\xfc\xdfe\n").unwrap();
        place.answer(&answers(base, "edge.addresses = [\"198.51.100.7\"]"));
        let run = place.run(&["apply", "--answers", "edge.toml"]);
        assert_eq!((run.code, errors(&run.err)), (1, vec!["file-unwritable".to_owned()]), "{base}: {}", run.err);
        assert_eq!(fs::read(&out).unwrap(), b"# Gr\xfc\xdfe\n", "{base}");
    }
}

#[test]
fn another_home_folder_keeps_its_places() {
    let Some(house) = house() else { return };
    let other = Edge::new(&house, "prosody", "");
    other.completed(1);
    let home = other.place.home();
    let before = other.listing();
    for inside in
        ["requests/1/new.req", "requests/2", "current/x.req", "lock", "pairs/1/x.req", "out/x.req", "todo.json"]
    {
        let named = home.join(inside);
        let edge = Place::with(&answers("prosody", &format!("request.file = \"{}\"", named.display())));
        let run = edge.run(&["apply", "--answers", "edge.toml"]);
        assert_eq!((run.code, errors(&run.err)), (1, vec!["file-unwritable".to_owned()]), "{inside}: {}", run.err);
        edge.answer(&answers("prosody", ""));
        let log = edge.run(&["--log", named.to_str().unwrap(), "apply", "--answers", "edge.toml"]);
        assert_eq!(errors(&log.err), ["file-unwritable"], "{inside}: {}", log.err);
    }
    let edge = Edge::served(&house);
    private(&edge.place.path("password"), "Loewe\n");
    for inside in ["pairs/1/edge.pfx", "requests/1/edge.pfx"] {
        let out = home.join(inside);
        edge.refuses(
            &["export-pfx", "--out", out.to_str().unwrap(), "--password-file", "password"],
            &["file-unwritable"],
        );
    }
    let answers_out = home.join("answers.toml");
    let plain = ["--plain", "--dry-run", "--answers", "edge.toml", "--answers-out", answers_out.to_str().unwrap()];
    assert_eq!(errors(&edge.run(&plain).err), ["file-unwritable"]);
    assert_eq!(other.listing(), before);
}

#[test]
fn a_journal_that_names_another_home_s_files_removes_none() {
    let Some(house) = house() else { return };
    let other = Edge::served(&house);
    let edge = Edge::served(&house);
    for (what, inside) in [("file", "pairs/1/cert.pem"), ("request-copy", "requests/1/request.pem")] {
        let target = other.place.home().join(inside);
        let (time, digest) = ("2027-11-24T10:00:00Z", sha256_hex(&fs::read(&target).unwrap()));
        let line = format!(
            r#"{{"time":"{time}","run":"{time}","kind":"create","what":"{what}","target":"{}","sha256":"{digest}"}}"#,
            target.display()
        );
        fs::remove_file(edge.place.path("home/home-id")).unwrap();
        edge.place.write("home/journal.jsonl", &(line + "\n"));
        let undone = edge.run(&["undo"]);
        assert!(target.exists(), "{inside}: {}{}", undone.out, undone.err);
    }
}

#[test]
fn a_backup_of_hard_links_keeps_its_own_journal() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    let copied = Command::new("cp").arg("-al").args([place.home(), place.path("backup")]).status().unwrap();
    assert!(copied.success());
    let journal = place.read("home/journal.jsonl");
    place.answer(&answers("prosody", "edge.addresses = [\"198.51.100.8\"]"));
    place.applied();
    assert_eq!(place.read("backup/journal.jsonl"), journal);
    assert!(place.read("home/journal.jsonl").starts_with(&journal) && place.read("home/journal.jsonl") != journal);
}

#[test]
fn a_key_is_no_password() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    private(&edge.place.path("key"), "-----BEGIN PRIVATE KEY-----\n");
    edge.refuses(&["export-pfx", "--out", "edge.pfx", "--password-file", "key"], &["password-unreadable"]);
}
