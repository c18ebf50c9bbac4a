//! `renew`, and `apply` beside a pair in use: when there is another request, and with which key.

use std::fs;

use crate::common::edge::{Edge, told};
use crate::common::place::{Place, answers};
use crate::complete::house;

fn exists(edge: &Edge, number: u32) -> bool {
    edge.place.path(&format!("home/requests/{number}")).exists()
}

#[test]
fn a_renewal_makes_the_next_request_with_a_new_key_and_the_old_pair_serves_until_its_certificate_comes() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    let (first, request) = (edge.public_key(1), edge.request(1));
    edge.runs(&["renew"]);
    assert!(edge.is_for(2, 2) && !edge.is_for(2, 1));
    assert_eq!((edge.current(), edge.request(1)), (Some("pairs/1".into()), request));
    // The copy is the new one, in place of the one that has done its work.
    assert_eq!(edge.place.read("edge.req"), edge.request(2));
    edge.completed(2);
    assert_eq!(edge.current(), Some("pairs/2".into()));
    assert_ne!(edge.public_key(2), first);
    assert!(edge.place.path("home/pairs/1/key.pem").exists());
}

#[test]
fn a_renewal_may_keep_the_key() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    edge.runs(&["renew", "--keep-key"]);
    assert!(edge.is_for(2, 1) && edge.is_for(2, 2));
    edge.completed(2);
    assert_eq!(edge.current(), Some("pairs/2".into()));
    assert_eq!(edge.public_key(1), edge.public_key(2));
    // The certificate before, given again, is not taken for the new one.
    edge.runs(&["complete", "--certificate", "1.crt"]);
    assert_eq!(edge.current(), Some("pairs/1".into()));
}

#[test]
fn a_key_that_was_kept_is_not_taken_for_a_new_one_where_the_run_was_cut_off() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    edge.runs(&["renew", "--keep-key"]);
    fs::remove_file(edge.place.path("home/requests/2/request.pem")).unwrap();
    edge.place.write("edge.req", &edge.request(1));
    edge.runs(&["renew"]);
    let newest = if exists(&edge, 3) { 3 } else { 2 };
    assert!(!edge.is_for(newest, 1), "a new key was asked for");
}

#[test]
fn a_pending_request_is_kept_when_renewed_twice() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    edge.runs(&["renew"]);
    let before = edge.listing();
    let again = edge.runs(&["renew"]);
    assert_eq!((told(&again.out), edge.listing()), (vec![], before));
}

#[test]
fn a_dry_renewal_says_what_a_renewal_makes() {
    let Some(house) = house() else { return };
    for args in [&["renew"][..], &["renew", "--keep-key"]] {
        let edge = Edge::served(&house);
        let before = edge.place.listing();
        let dry = edge.runs(&[args, &["--dry-run"]].concat());
        assert_eq!(edge.place.listing(), before);
        assert_eq!(told(&dry.out), told(&edge.runs(args).out));
    }
}

#[test]
fn an_apply_keeps_the_pair_in_use_until_it_is_due_or_the_answers_change() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    assert!(edge.place.applied().keeps_all());
    edge.place.answer(&answers("prosody", "names.extra = [\"x.contoso.com\"]"));
    edge.place.applied();
    assert!(exists(&edge, 2));
    assert_eq!(edge.current(), Some("pairs/1".into()));

    let edge = Edge::new(&house, "prosody", "");
    let soon = house.with_issuer(house.answer(&edge.request(1)).days(-80, 5).of("asked"));
    fs::write(edge.place.path("soon.crt"), soon).unwrap();
    let run = edge.runs(&["complete", "--certificate", "soon.crt"]);
    assert!(run.err.contains("certificate-ends-soon"), "{}", run.err);
    edge.place.applied();
    assert!(exists(&edge, 2) && edge.is_for(2, 2));
    assert_eq!(edge.current(), Some("pairs/1".into()));
    assert!(edge.place.applied().keeps_all());
}

#[test]
fn what_todays_rules_forbid_is_not_renewed() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    let saved = edge.place.read("home/answers.toml");
    for (said, code) in [
        ("[organization]\nunit = \"IT\\t\"\n", "text-control"),
        ("[names]\nextra = [\"edge\"]\n", "name-single-label"),
        ("what is this", "answers-syntax"),
    ] {
        edge.place.write("home/answers.toml", &format!("{saved}{said}"));
        edge.refuses(&["renew"], &[code]);
        edge.refuses(&["renew", "--dry-run"], &[code]);
    }
}

#[test]
fn without_answers_there_is_nothing_to_renew_from() {
    let place = Place::with("");
    let run = place.run(&["renew"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("renew-without-answers"), "{}", run.err);
    assert!(!place.home().exists());
}

#[test]
fn without_a_certificate_in_use_there_is_nothing_to_renew_and_what_to_do_is_said() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    for args in [&["renew"][..], &["renew", "--keep-key"], &["renew", "--dry-run"]] {
        let run = place.run(args);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{args:?}: {}", run.err);
        assert!(
            run.err.contains("[renew-without-certificate]: ") && run.err.contains("request 1 waits"),
            "{}",
            run.err
        );
        assert!(run.err.contains("hint: Install the certificate when it comes: `edgewright complete"), "{}", run.err);
    }
    std::fs::remove_dir_all(place.home().join("requests")).unwrap();
    let run = place.run(&["renew"]);
    assert!(!place.home().join("requests").exists());
    assert!(run.err.contains("no certificate is in use") && run.err.contains("`edgewright apply`"), "{}", run.err);
}

#[test]
fn while_a_request_waits_nobody_reads_that_there_is_nothing_to_do() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    let apply = ["apply", "--answers", "edge.toml"];
    assert!(edge.runs(&apply).out.contains("Nothing to do"));
    edge.runs(&["renew"]);
    edge.runs(&apply); // what is left to do by hand is about the new request now
    for args in [&["renew"][..], &apply] {
        let run = edge.runs(args);
        assert!(run.out.contains("Request 2 waits for its certificate"), "{}", run.out);
        assert!(run.out.contains("edgewright complete") && !run.out.contains("Nothing to do"), "{}", run.out);
    }
}
