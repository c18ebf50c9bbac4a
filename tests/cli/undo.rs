//! `undo`: the last run is taken back, once each, as far as that can be; the rest is said.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::process::Command;

use edgewright::home::{Entry, Journal};

use crate::common::edge::{Edge, errors, told};
use crate::common::place::{Place, Run, answers, set_mode};
use crate::common::{have, have_root};
use crate::complete::house;

/// The journal, every line of which is whole.
fn journal(place: &Place) -> Vec<Entry> {
    let journal = Journal::read(&place.read("home/journal.jsonl"));
    assert_eq!(journal.damaged, Vec::<usize>::new());
    journal.entries
}

/// Has `current` lead there, as somebody else would.
fn lead(edge: &Edge, to: &str) {
    let current = edge.place.path("home/current");
    fs::remove_file(&current).unwrap();
    std::os::unix::fs::symlink(to, &current).unwrap();
}

#[test]
fn a_switch_is_taken_back_and_nothing_switches_forward_by_itself() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    edge.runs(&["renew"]);
    edge.completed(2);
    let pairs = |edge: &Edge| {
        let listing = edge.listing();
        listing.into_iter().filter(|(path, _)| path.starts_with(edge.place.path("home/pairs"))).collect::<Vec<_>>()
    };
    let before = pairs(&edge);
    edge.runs(&["undo"]);
    assert_eq!((edge.current(), pairs(&edge)), (Some("pairs/1".into()), before));
    // Neither does the next command switch forward, nor `apply` forget that the pair serves.
    edge.refuses(&["complete", "--certificate", "edge.toml"], &["certificate-unreadable"]);
    edge.runs(&["renew", "--dry-run"]);
    assert_eq!(edge.current(), Some("pairs/1".into()));
    // Asked for, it does.
    edge.runs(&["complete", "--certificate", "2.crt"]);
    assert_eq!(edge.current(), Some("pairs/2".into()));
    edge.runs(&["undo"]);
    assert_eq!(edge.current(), Some("pairs/1".into()));
    journal(&edge.place);
}

#[test]
fn the_first_switch_leaves_no_link_behind() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    let run = edge.runs(&["undo"]);
    assert_eq!(told(&run.out), [('-', edge.place.home().join("current"))]);
    assert_eq!(edge.link("current"), None);
    // What serves nobody is no all clear.
    let status = edge.run(&["status"]);
    assert!(status.code == 3 && status.out.contains("[pair-none]: No certificate is in use"), "{}", status.out);
    edge.runs(&["complete", "--certificate", "1.crt"]);
    assert_eq!(edge.current(), Some("pairs/1".into()));
}

#[test]
fn an_apply_is_taken_back_but_for_key_and_request() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    let request = place.read("home/requests/1/request.pem");
    let run = place.run(&["undo"]);
    assert_eq!(run.code, 0, "{}", run.err);
    for gone in ["edge.req", "home/answers.toml"] {
        assert!(!place.path(gone).exists(), "{gone}");
    }
    assert_eq!(place.read("home/requests/1/request.pem"), request);
    assert!(run.err.contains("key.pem") && run.err.contains("request.pem"), "{}", run.err);
    // There is nothing else, and the request is still good.
    let again = place.run(&["undo"]);
    assert_eq!((again.code, told(&again.out)), (0, vec![]));
    place.applied();
    assert_eq!(place.read("edge.req"), request);
    journal(&place);
}

#[test]
fn files_get_back_what_they_said_one_run_after_the_other() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    let first = place.listing();
    place.answer(&answers("prosody", "request.file = \"2.req\"\norganization.name = \"Other\""));
    place.applied();
    let second = place.read("home/answers.toml");
    place.answer(&answers("prosody", "request.file = \"3.req\"\norganization.name = \"Third\""));
    place.applied();
    for (answers, copies) in [(second.as_bytes(), ["2.req"].as_slice()), (content(&first, &place), &[])] {
        let run = place.run(&["undo"]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert_eq!(place.read("home/answers.toml").as_bytes(), answers);
        for copy in ["2.req", "3.req"] {
            assert_eq!(place.path(copy).exists(), copies.contains(&copy), "{copy}");
        }
        assert!(place.path("edge.req").exists());
    }
    place.run(&["undo"]);
    assert!(!place.path("home/answers.toml").exists() && !place.path("edge.req").exists());
    let last = place.run(&["undo"]);
    assert_eq!((last.code, told(&last.out)), (0, vec![]));
}

fn content<'a>(listing: &'a crate::common::place::Listing, place: &Place) -> &'a [u8] {
    listing[&place.path("home/answers.toml")].content.as_deref().unwrap()
}

#[test]
fn a_run_is_named_by_its_number_and_taken_back_where_no_later_one_stands_on_it() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    edge.runs(&["renew"]);
    let run = edge.runs(&["undo", "--run", "2", "--dry-run"]);
    assert!(run.err.contains("Undo of run 2, of 20"), "{}", run.err);
    edge.refuses(&["undo", "--run", "7"], &["run-unknown"]);
    edge.refuses(&["undo", "--run", "0"], &["run-unknown"]);
    // The renewal replaced the first run's copy of the request.
    let [copy, answers] = ["edge.req", "home/answers.toml"].map(|file| edge.place.read(file));
    let first = edge.run(&["undo", "--run", "1"]);
    assert!(first.code == 1 && first.err.contains("[run-overlaid]") && first.err.contains("--run 3"), "{}", first.err);
    assert_eq!([copy, answers], ["edge.req", "home/answers.toml"].map(|file| edge.place.read(file)));
    // The switch, and nothing of the renewal after it.
    let copy = edge.place.read("edge.req");
    edge.runs(&["undo", "--run", "2"]);
    assert_eq!((edge.link("current"), edge.place.read("edge.req")), (None, copy.clone()));
    let again = edge.runs(&["undo", "--run", "2"]);
    assert!(told(&again.out).is_empty() && again.err.contains("Run 2 is undone already"), "{}", again.err);
    assert!(edge.runs(&["undo"]).err.contains("Undo of run 3"));
    assert_ne!(edge.place.read("edge.req"), copy);
}

#[test]
fn the_runs_are_listed_with_what_each_is_known_by() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    edge.runs(&["renew"]);
    edge.runs(&["undo"]);
    let before = edge.place.listing();
    let listed = edge.runs(&["undo", "--list"]).out;
    let rows: Vec<Vec<&str>> =
        listed.lines().map(|row| row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect()).collect();
    let known_by: Vec<(&str, &[&str])> = rows.iter().map(|row| (row[0], &row[2..])).collect();
    let expected: [(&str, &[&str]); 3] =
        [("1", &["request 1"]), ("2", &["pair 1 in use"]), ("3", &["request 2", "undone"])];
    assert_eq!(known_by, expected, "{listed}");
    assert_eq!(edge.place.listing(), before);
}

#[test]
fn no_pair_comes_back_whose_own_switch_was_undone() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    edge.runs(&["renew"]);
    edge.completed(2);
    // Run 2 switched to pair 1, run 4 from there to pair 2.
    edge.refuses(&["undo", "--run", "2"], &["run-overlaid"]);
    edge.runs(&["undo", "--run", "4"]);
    assert_eq!(edge.current(), Some("pairs/1".into()));
    edge.runs(&["undo", "--run", "2"]);
    assert_eq!(edge.link("current"), None);
}

#[test]
fn a_renewal_is_taken_back_and_the_copy_is_again_the_one_before() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    let copy = edge.place.read("edge.req");
    edge.runs(&["renew"]);
    assert_ne!(edge.place.read("edge.req"), copy);
    edge.runs(&["undo"]);
    assert_eq!((edge.place.read("edge.req"), edge.current()), (copy, Some("pairs/1".into())));
    assert!(edge.place.path("home/requests/2/key.pem").exists(), "a key is never taken away");
}

#[test]
fn a_file_that_was_changed_since_stays_and_is_named() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    place.write("edge.req", "mine\n");
    let run = place.run(&["undo"]);
    assert_eq!((run.code, place.read("edge.req")), (0, "mine\n".to_owned()));
    assert!(run.err.contains("edge.req"), "{}", run.err);
    assert!(!place.path("home/answers.toml").exists());
}

#[test]
fn a_link_that_was_switched_since_stays() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    edge.runs(&["renew"]);
    edge.completed(2);
    lead(&edge, "elsewhere");
    let run = edge.runs(&["undo"]);
    assert_eq!((edge.link("current"), told(&run.out)), (Some("elsewhere".into()), vec![]));
    assert!(run.err.contains("current"), "{}", run.err);
}

#[test]
fn an_undo_that_was_cut_off_is_ended_by_the_next_and_says_nothing_false() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    let copy = edge.place.read("edge.req");
    edge.runs(&["renew"]);
    edge.runs(&["undo"]);
    // As a dead machine leaves it: all is done but the last line, then but the last two.
    for lines in 1..=2 {
        let journal = edge.place.read("home/journal.jsonl");
        let kept: Vec<&str> = journal.lines().collect();
        edge.place.write("home/journal.jsonl", &(kept[..kept.len() - lines].join("\n") + "\n"));
        let again = edge.runs(&["undo"]);
        assert_eq!((told(&again.out), edge.place.read("edge.req")), (vec![], copy.clone()));
        assert!(!again.err.contains("edge.req"), "{}", again.err);
    }
    // It is taken back now: the next takes back the run before it.
    edge.runs(&["undo"]);
    assert_eq!(edge.link("current"), None);
}

#[test]
fn a_dry_undo_says_what_an_undo_does() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    let before = edge.place.listing();
    let dry = edge.runs(&["undo", "--dry-run"]);
    assert_eq!(edge.place.listing(), before);
    assert_eq!(told(&dry.out), told(&edge.runs(&["undo"]).out));
    assert_eq!(edge.link("current"), None);
}

#[test]
fn a_dry_run_says_what_a_run_does_first_about_one_that_was_cut_off() {
    let Some(house) = house() else { return };
    for command in ["undo", "renew"] {
        let edge = Edge::served(&house);
        edge.runs(&["renew"]);
        edge.completed(2);
        // As a dead machine leaves it: the pair is written, the switch to it is neither done nor written down.
        lead(&edge, "pairs/1");
        let journal = edge.place.read("home/journal.jsonl");
        let kept: Vec<&str> = journal.lines().filter(|line| !line.contains("\"to\":\"pairs/2\"")).collect();
        edge.place.write("home/journal.jsonl", &(kept.join("\n") + "\n"));

        let before = edge.place.listing();
        let dry = edge.runs(&[command, "--dry-run"]);
        assert_eq!(edge.place.listing(), before, "{command}");
        assert!(dry.err.contains("pair 2"), "{command}: {}", dry.err);
        let run = edge.runs(&[command]);
        assert_eq!((told(&dry.out), dry.err), (told(&run.out), run.err), "{command}");
        assert_eq!(edge.current(), Some(if command == "undo" { "pairs/1" } else { "pairs/2" }.into()));
    }
}

#[test]
fn a_journal_that_cannot_be_read_is_not_taken_for_an_empty_one() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    fs::rename(place.path("home/journal.jsonl"), place.path("kept")).unwrap();
    fs::create_dir(place.path("home/journal.jsonl")).unwrap();
    let run = place.run(&["undo"]);
    assert_eq!((run.code, errors(&run.err)), (1, vec!["file-unreadable".to_owned()]), "{}", run.err);
}

#[test]
fn what_is_no_file_any_more_stays_and_is_named() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    fs::remove_file(place.path("edge.req")).unwrap();
    fs::create_dir(place.path("edge.req")).unwrap();
    let run = place.run(&["undo"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("edge.req cannot be read as a file"), "{}", run.err);
    assert!(place.path("edge.req").is_dir() && !place.path("home/answers.toml").exists());
}

#[test]
fn without_a_run_there_is_nothing_to_take_back() {
    let place = Place::with("");
    let run = place.run(&["undo"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert!(!place.home().exists());
}

#[test]
fn a_file_gets_its_mode_and_its_owner_back() {
    if !have_root() {
        return;
    }
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    let file = place.path("home/out/prosody/edgewright.cfg.lua");
    set_mode(&file, 0o640);
    chown(&file, Some(33), Some(33)).unwrap();
    let was = place.read("home/out/prosody/edgewright.cfg.lua");
    place.answer(&answers("prosody", "[[partners]]\ndomain = \"partner.example\""));
    place.applied();
    assert_ne!(place.read("home/out/prosody/edgewright.cfg.lua"), was);
    assert_eq!(fs::metadata(&file).unwrap().uid(), 0);
    assert!(place.read("home/journal.jsonl").contains("\"owner\":\"www-data:www-data\""), "as chown takes it");
    let run = place.run(&["undo"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let about = fs::metadata(&file).unwrap();
    assert_eq!((about.uid(), about.gid(), about.mode() & 0o7777), (33, 33, 0o640));
    assert_eq!(place.read("home/out/prosody/edgewright.cfg.lua"), was);
    assert!(!run.err.contains("www-data"), "{}", run.err);
}

#[test]
fn who_may_not_give_a_file_back_puts_it_back_as_his_and_is_told_whose_it_was() {
    const USER: u32 = 12345;
    if !have_root() || !have("setpriv") {
        return;
    }
    let place = Place::with(&answers("prosody", ""));
    set_mode(place.folder(), 0o755);
    fs::copy(env!("CARGO_BIN_EXE_edgewright"), place.path("edgewright")).unwrap();
    fs::create_dir(place.path("his")).unwrap();
    chown(place.path("his"), Some(USER), Some(USER)).unwrap();
    let run = |args: &[&str]| {
        let mut command = Command::new("setpriv");
        command.args([format!("--reuid={USER}"), format!("--regid={USER}"), "--clear-groups".to_owned()]);
        command.arg(place.path("edgewright")).args(["--home", "his/home"]).args(args);
        let run = Run::of(command.current_dir(place.folder()).env("LC_ALL", "C"));
        assert_eq!(run.code, 0, "{}", run.err);
        run
    };
    let apply = |edits: &str| {
        let edits = format!("request.file = \"his/edge.req\"\n{edits}");
        place.answer(&answers("prosody", &edits));
        run(&["apply", "--answers", "edge.toml"]);
    };
    apply("");
    let file = place.path("his/home/out/prosody/edgewright.cfg.lua");
    let was = fs::read_to_string(&file).unwrap();
    chown(&file, Some(0), Some(23456)).unwrap();
    set_mode(&file, 0o644);
    apply("[[partners]]\ndomain = \"partner.example\"");
    // What is said of it is said before it is done, too.
    for args in [["undo", "--dry-run"].as_slice(), &["undo"]] {
        let err = run(args).err;
        assert!(err.contains("edgewright.cfg.lua is put back, but stays yours") && err.contains("root:23456"), "{err}");
    }
    let about = fs::metadata(&file).unwrap();
    assert_eq!((about.uid(), about.gid(), about.mode() & 0o7777), (USER, USER, 0o644));
    assert_eq!(fs::read_to_string(&file).unwrap(), was);
}
