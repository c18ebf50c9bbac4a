//! Who may issue the certificate, on the summary of its request.

use std::sync::Arc;

use edgewright::faces::plain::Plain;
use edgewright::home::{Caa, CaaLook, IssuersFound};
use edgewright::pages::issued_names;
use edgewright::session::{Report, TaskId};
use edgewright::text::say;
use edgewright::wizard::{FocusTarget, Msg};

use crate::look::looks;
use crate::walk::Walk;

const SUMMARY: &str = "request-summary";

fn only(issuer: &str, at: &str) -> (String, Vec<Caa>) {
    let caa = Caa { is_critical: false, tag: "issue".to_owned(), value: issuer.to_owned() };
    (at.to_owned(), vec![caa])
}

/// Before the summary, where one authority may issue below one zone, and nobody below the other.
fn before_the_summary() -> Walk {
    let mut walk = Walk::at("extra-names");
    let look = |name: &str, found| CaaLook { name: name.to_owned(), found: Ok(Some(found)) };
    walk.world.issuers = vec![
        look("sip.contoso.com", only("letsencrypt.org", "contoso.com")),
        look("webcon.contoso.com", only("letsencrypt.org", "contoso.com")),
        look("sip.fabrikam.com", only(";", "fabrikam.com")),
    ];
    walk.late(of_other_names());
    walk
}

/// As long as this is known, what is asked is not.
fn of_other_names() -> Msg {
    let other = IssuersFound { names: vec!["other.example".to_owned()], looks: Vec::new() };
    Msg::Task(TaskId(99), Report::Issuers(Arc::new(other)))
}

#[test]
fn the_summary_waits_for_nobody_and_says_who_may_issue_as_soon_as_it_is_known() {
    let mut walk = before_the_summary();
    walk.looks_are_slow().draw_seldom().next().on(SUMMARY).draw();
    let asked = say("request-issuers-asked");
    assert!(walk.shows_wide(&walk.words(&asked)), "\n{}", walk.wide_screen());
    walk.look_ends().look_ends().draw();
    assert!(!walk.shows_wide(&walk.words(&asked)), "\n{}", walk.wide_screen());
    let some = "sip.contoso.com, webcon.contoso.com: only letsencrypt.org may issue";
    assert!(walk.shows_wide(some) && walk.shows_wide("sip.fabrikam.com: nobody may issue"), "\n{}", walk.wide_screen());
    looks(&walk, "may-issue");
}

#[test]
fn the_same_is_read_out_as_lines() {
    let mut walk = before_the_summary();
    walk.next().on(SUMMARY);
    let said = Plain::default().prompt(walk.wizard());
    assert!(said.contains("only letsencrypt.org may issue") && said.contains("nobody may issue"), "{said}");
}

#[test]
fn what_comes_late_moves_no_cursor_and_a_warning_is_told() {
    let mut walk = before_the_summary();
    walk.looks_are_slow().next().on(SUMMARY).look_ends();
    walk.go_to_line("edge.access").draw();
    let is_there = |walk: &Walk| matches!(&walk.wizard().focus, FocusTarget::Jump(_, path) if path == "edge.access");
    assert!(is_there(&walk));
    walk.must_not_say_key("notice-issuers").look_ends();
    assert!(is_there(&walk), "{:?}", walk.wizard().focus);
    walk.must_say_key("notice-issuers");
    assert!(walk.wizard().is_read());
}

#[test]
fn what_was_said_of_other_names_is_not_shown_and_a_private_authority_does_not_ask() {
    let mut walk = Walk::at(SUMMARY);
    let any = "All 4 names: any authority may issue";
    assert!(walk.shows_wide(any), "\n{}", walk.wide_screen());
    walk.late(of_other_names()).draw();
    assert!(!walk.shows_wide(any) && walk.shows_wide("Name servers are being asked."), "\n{}", walk.wide_screen());
    walk.go_to_page("delivery")
        .go_to(&FocusTarget::Option("request.authority".into(), 1))
        .keys("<enter>")
        .go_to_page(SUMMARY)
        .draw();
    assert_eq!(issued_names(&walk.wizard().reading().deployment), [""; 0]);
    assert!(!walk.shows_wide("Who may issue the certificate"), "\n{}", walk.wide_screen());
}
