//! From page to page, and what is said on the way.

use edgewright::problem::{Code, Problem};
use edgewright::text::say;
use edgewright::wizard::{FocusTarget, Overlay};

use crate::walk::{CONTOSO, Walk};

/// At the names of a Lync edge.
fn at_the_edge() -> Walk {
    let mut walk = Walk::new();
    walk.keys("<enter>").next();
    walk.on("edge");
    walk
}

fn underscore(name: &str) -> Problem {
    Problem::error(Code::NameUnderscore, "edge.access").with("name", name)
}

#[test]
fn going_back_keeps_the_answers() {
    let mut walk = at_the_edge();
    walk.keys("sip.contoso.com<enter>webcon.contoso.com<enter><esc>").on("server");
    walk.next().on("edge").must_show("sip.contoso.com").must_show("webcon.contoso.com");
}

#[test]
fn back_on_the_first_page_asks_before_it_leaves() {
    let mut walk = Walk::new();
    walk.keys("<esc>").must_say_key("confirm-quit").keys("<enter>"); // no
    assert!(!walk.has_left());
    walk.keys("<esc><right><enter>");
    assert!(walk.has_left());
}

/// The program leaves as soon as nothing is being written, and a look may end meanwhile.
#[test]
fn a_look_that_ends_while_the_last_answers_are_saved_does_not_call_them_lost() {
    let mut walk = at_the_edge();
    walk.looks_are_slow().keys("sip.contoso.com<esc><c-q>");
    assert!(walk.has_left() && !walk.wizard().is_unsaved());
    walk.look_ends();
    assert!(!walk.wizard().is_unsaved());
}

#[test]
fn nothing_nags_while_typing_and_an_error_goes_as_soon_as_it_is_mended() {
    let mut walk = at_the_edge();
    walk.keys("sip_");
    assert!(!walk.says(&underscore("sip_").what()), "\n{}", walk.screen());
    walk.keys("edge.contoso.com<enter>").must_say(&underscore("sip_edge.contoso.com").what());
    walk.keys("<up><c-u>sip-edge.contoso.com");
    assert!(!walk.shows("underscore"), "\n{}", walk.screen());
    walk.keys("<down>").must_not_show("underscore");
}

#[test]
fn nothing_nags_while_a_good_answer_is_typed_anew() {
    let mut walk = Walk::at("organization");
    walk.go_to_field("geography.country").keys("<down><up><c-u>switz").must_not_show("is not a country code");
    walk.keys("q<down>").must_show("is not a country code");
}

#[test]
fn a_required_field_says_so_once_it_was_passed() {
    let mut walk = at_the_edge();
    let missing = Problem::error(Code::AnswersMissing, "").what();
    assert!(!walk.says(&missing));
    walk.keys("<down>").must_say(&missing);
    walk.keys("<up>sip.contoso.com");
    assert_eq!(walk.wizard().problem_at("edge.access"), None);
}

#[test]
fn a_choice_does_not_nag_while_its_options_are_looked_through() {
    let mut walk = Walk::new();
    let missing = Problem::error(Code::AnswersMissing, "").what();
    walk.keys("<down><down><up>");
    assert!(!walk.says(&missing), "\n{}", walk.screen());
    walk.keys("<down><down>").must_say(&missing);
}

#[test]
fn a_field_that_was_left_empty_still_says_what_it_is_for() {
    let mut walk = at_the_edge();
    walk.keys("<down><up>").must_say(&Problem::error(Code::AnswersMissing, "").what());
    walk.must_say_key("field-edge-access.help");
}

#[test]
fn f1_tells_the_problem_of_the_field_to_its_end() {
    let mut walk = at_the_edge();
    walk.keys("sip_edge.contoso.com<down><up><f1>").must_say_key("field-edge-access.help");
    walk.must_say_key("problem-name-underscore.why").must_say_key("problem-name-underscore.hint");
}

#[test]
fn the_summary_shows_long_labels_and_values_to_their_end() {
    let mut walk = Walk::at("request-summary");
    walk.go_to_line("server.kind");
    assert!(!walk.screen().contains("…"), "\n{}", walk.screen());
    walk.must_show("Business 2015");
}

#[test]
fn the_help_of_a_field_with_an_error_says_what_to_do() {
    let mut walk = at_the_edge();
    walk.must_say_key("field-edge-access.help");
    walk.keys("sip_edge.contoso.com<down><up>").must_not_say_key("field-edge-access.help");
    walk.must_say_key("problem-name-underscore.hint");
}

#[test]
fn next_stops_at_the_first_error_and_pressed_again_leaves_it_for_later() {
    let mut walk = at_the_edge();
    walk.next().on("edge").must_say_key("notice-page-errors");
    assert_eq!(walk.wizard().focus, FocusTarget::Text("edge.access".into()), "the first error has the focus");
    walk.next().on("delivery");
}

#[test]
fn a_change_makes_next_stop_again() {
    let mut walk = at_the_edge();
    walk.next().keys("sip").next().on("edge").next().on("delivery");
}

#[test]
fn next_finds_the_missing_domain_of_a_list() {
    let mut walk = Walk::new();
    walk.keys("<down><enter>").next().next().on("edge");
    assert_eq!(walk.wizard().focus, FocusTarget::Item("edge.xmpp_domains".into(), 0), "\n{}", walk.screen());
}

#[test]
fn next_finds_the_row_with_an_error() {
    let mut walk = Walk::at("partners");
    walk.keys("<f7>partner..example<enter><c-n>").go_to(&FocusTarget::Next).keys("<enter>").on("partners");
    assert_eq!(walk.wizard().focus, FocusTarget::Row(1), "\n{}", walk.screen());
    walk.next().on("policy");
}

#[test]
fn the_summary_refuses_while_there_is_an_error_and_leads_to_it() {
    let mut walk = Walk::with(&CONTOSO.replace("sip.contoso.com", "sip_.contoso.com"));
    walk.on("edge"); // where the error is
    walk.next().next(); // left for later
    walk.go_to_page("request-summary").must_say(&underscore("sip_.contoso.com").what());
    assert!(
        matches!(&walk.wizard().focus, FocusTarget::Jump(_, path) if path == "edge.access"),
        "the error has the focus"
    );

    walk.next().on("request-summary").must_say(&say("notice-errors").with("count", 1));
    walk.keys("<enter>").on("edge");
    assert_eq!(walk.wizard().focus, FocusTarget::Text("edge.access".into()));
    assert_eq!(walk.world.disk.keys().filter(|path| path.ends_with("key.pem")).count(), 0, "nothing was made");

    walk.keys("<c-u>sip.contoso.com").go_to_page("request-summary").next().on("request-executing");
}

#[test]
fn problems_in_the_summary_say_which_field_they_are_about() {
    let mut walk = Walk::new();
    walk.keys("<enter>").go_to_page("request-summary");
    for field in ["field-edge-access", "field-edge-web-conferencing", "field-edge-sip-domains"] {
        let label = walk.words(&say(field));
        let what = walk.words(&Problem::error(Code::AnswersMissing, "").what());
        assert!(walk.shows_wide(&format!("{label}: {what}")), "\n{}", walk.wide_screen());
    }
}

#[test]
fn a_line_of_the_summary_leads_to_its_page() {
    let mut walk = Walk::at("request-summary");
    walk.go_to_line("geography.city").keys("<enter>").on("organization");
    assert_eq!(walk.wizard().focus, FocusTarget::Text("geography.city".into()));
    walk.keys("<c-u>Seattle").go_to_page("request-summary").go_to_line("geography.city");
    walk.must_show("Seattle");
}

#[test]
fn a_partner_in_the_summary_leads_to_its_row() {
    let mut walk = Walk::at("settings-summary");
    walk.go_to_line("partners.0.domain").keys("<enter>").on("partners");
    assert_eq!(walk.wizard().row, Some(0));
    assert_eq!(walk.wizard().focus, FocusTarget::Text("partners.0.domain".into()));
}

#[test]
fn what_lies_over_the_page_closes_and_leaves_the_page_as_it_was() {
    let mut walk = at_the_edge();
    walk.keys("sip.contoso.com");
    let before = walk.screen();
    for (open, close) in [("<f1>", "<esc>"), ("<f2>", "<enter>"), ("<f1><down><pgdn><home>", "<f1>")] {
        walk.keys(open);
        assert!(walk.wizard().overlay.is_some(), "{open}");
        walk.paste("nothing of this arrives").keys(close);
        assert_eq!(walk.screen(), before, "{open}{close}");
    }
}

#[test]
fn leaving_works_from_everywhere() {
    let everywhere = ["", "<f1>", "<f2>", "<esc>", "<f3>", "<down><f9>", "<enter>"];
    for keys in everywhere {
        let mut walk = Walk::at("dns");
        walk.keys(keys).keys("<c-q>");
        assert!(walk.has_left(), "ctrl-Q does not leave after {keys:?}");
    }
    let mut walk = Walk::at("partners");
    walk.keys("<space>");
    assert!(matches!(walk.wizard().overlay, Some(Overlay::Menu { .. })));
    walk.keys("<c-q>");
    assert!(walk.has_left());
}

#[test]
fn what_was_typed_last_is_saved_when_leaving() {
    let mut walk = at_the_edge();
    walk.keys("sip.contoso.com<c-q>");
    assert!(walk.answers_file().contains("sip.contoso.com"));
}

#[test]
fn ctrl_s_saves_what_is_being_typed() {
    let mut walk = at_the_edge();
    walk.keys("sip.contoso.com<c-s>").must_say_key("notice-saved");
    assert!(walk.answers_file().contains("sip.contoso.com"));
    walk.keys(".example").must_show("sip.contoso.com.example"); // the cursor stayed where it was
}

#[test]
fn a_disk_that_takes_nothing_is_told_and_what_was_typed_is_saved_later() {
    use edgewright::world::Trouble;
    let mut walk = at_the_edge();
    walk.world.trouble = Some((walk.world.calls + 1, Trouble::Fails(std::io::ErrorKind::StorageFull)));
    walk.keys("sip.contoso.com<enter>");
    assert!(walk.wizard().notice.is_some(), "\n{}", walk.screen());
    assert!(!walk.answers_file().contains("sip.contoso.com"));
    walk.keys("<down>");
    assert!(walk.answers_file().contains("sip.contoso.com"), "the next step saves it");
}
