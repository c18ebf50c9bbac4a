//! Single fields: countries, choices, paths, numbers.

use edgewright::pages;
use edgewright::problem::{Code, Problem};
use edgewright::session::{Report, TaskId};
use edgewright::text::say;
use edgewright::wizard::{FocusTarget, Msg, Overlay};

use crate::walk::{HOME, Walk};

#[test]
fn a_country_is_found_by_a_part_of_its_name() {
    let mut walk = Walk::at("organization");
    walk.go_to_field("geography.country").keys("<c-u>switz").must_show("Switzerland").keys("<enter>");
    assert_eq!(walk.answer("geography.country").unwrap(), "CH");
}

#[test]
fn several_countries_are_offered() {
    let mut walk = Walk::at("organization");
    walk.go_to_field("geography.country").keys("<c-u>united<enter>");
    assert!(matches!(&walk.wizard().overlay, Some(Overlay::Menu { items, .. }) if items.len() > 2));
    walk.must_show("United Kingdom").keys("<esc>");
    assert_eq!(walk.answer("geography.country").unwrap(), "united", "nothing was chosen");
    walk.keys("<enter><down><down><enter>");
    let chosen = walk.answer("geography.country").unwrap();
    assert_eq!(chosen.len(), 2, "{chosen}");
    assert_eq!(walk.wizard().focus, FocusTarget::Text("geography.state".into()));
}

#[test]
fn a_country_whose_name_is_part_of_anothers_is_found_by_its_name() {
    for (name, code) in [("Niger", "NE"), ("india", "IN"), ("guinea", "GN")] {
        let mut walk = Walk::at("organization");
        walk.go_to_field("geography.country").keys("<c-u>").keys(name).keys("<down>");
        assert_eq!(walk.answer("geography.country").unwrap(), code);
    }
}

#[test]
fn a_country_that_there_is_not_is_an_error() {
    let mut walk = Walk::at("organization");
    walk.go_to_field("geography.country").keys("<c-u>Atlantis<enter>");
    walk.must_say(&Problem::error(Code::CountryUnknown, "").with("value", "Atlantis").what());
}

#[test]
fn the_immediate_request_cannot_be_chosen_and_says_why() {
    let mut walk = Walk::at("delivery");
    for key in ["<space>", "<enter>"] {
        walk.go_to(&FocusTarget::Option("request.delivery".into(), 1)).keys(key);
        assert_eq!(walk.answer("request.delivery").unwrap(), "delayed");
        walk.must_say_key("problem-immediate-unavailable").must_say_key("problem-immediate-unavailable.why");
    }
}

#[test]
fn a_choice_starts_at_what_is_chosen() {
    let mut walk = Walk::at("server");
    assert_eq!(walk.wizard().focus, FocusTarget::Option("server.kind".into(), 0));
    walk.keys("<down><down><enter>y").next();
    walk.on("edge").keys("<esc>").on("server");
    assert_eq!(walk.wizard().focus, FocusTarget::Option("server.kind".into(), 2));
}

#[test]
fn a_place_that_nobody_typed_follows_what_it_is_worked_out_from() {
    let mut walk = Walk::at("request-file");
    let file = |walk: &Walk| walk.answer("request.file").unwrap();
    walk.keys("<c-u><down>").next();
    assert!(file(&walk).ends_with("/sip.contoso.com.req"), "{}", file(&walk));
    walk.go_to_page("edge").go_to_field("edge.access").keys("<c-u>edge.contoso.com<down>");
    assert!(file(&walk).ends_with("/edge.contoso.com.req"), "{}", file(&walk));
    walk.go_to_page("request-file").keys("<c-u>/tmp/mine.req<down>");
    walk.go_to_page("edge").go_to_field("edge.access").keys("<c-u>sip.contoso.com<down>");
    assert_eq!(file(&walk), "/tmp/mine.req", "typed, it stays");
}

#[test]
fn tab_completes_a_path() {
    let mut walk = Walk::at("request-file");
    walk.put("/home/ada/edge/requests-sent", "");
    walk.put("/home/ada/edge/results", "");
    walk.keys("<c-u>/home/ada/edge/re<tab>");
    assert_eq!(walk.wizard().completions, ["/home/ada/edge/requests-sent", "/home/ada/edge/results"]);
    walk.must_show("requests-sent").must_show("results");
    walk.keys("s<tab>");
    assert_eq!(walk.answer("request.file").unwrap(), "/home/ada/edge/results");
    walk.keys("<tab>");
    assert_eq!(walk.wizard().focus, FocusTarget::Next, "where nothing is left to complete, tab goes on");
}

#[test]
fn a_completion_that_comes_late_changes_no_other_field() {
    // The disk may be slow, and a person is not: the answer to tab comes when the focus is elsewhere already.
    let mut walk = Walk::at("request-file");
    walk.keys("<c-u>/etc").next().on("template").keys("<c-u>conf");
    let completed = Report::Completed { start: "/etc".into(), names: vec!["/etc/prosody/".into()] };
    walk.late(Msg::Task(TaskId(1), completed));
    assert_eq!(walk.wizard().input.value(), "conf");
}

#[test]
fn a_default_shows_and_is_not_an_answer_until_it_is_changed() {
    let mut walk = Walk::with("schema = 1\n[server]\nkind = \"lync\"\n[edge]\naccess = \"sip.contoso.com\"\n");
    walk.on("edge").next().next().next().on("request-file");
    let file = |walk: &Walk| pages::form().value(&walk.wizard().answered(), "request.file").unwrap().shown();
    assert_eq!(file(&walk), format!("{HOME}/sip.contoso.com.req"));
    assert_eq!(walk.answer("request.file"), None);
    walk.go_to_page("edge").keys("<home><delete><delete><delete>edge").go_to_page("request-file");
    assert_eq!(file(&walk), format!("{HOME}/edge.contoso.com.req"));
}

#[test]
fn a_number_takes_only_a_number() {
    let mut walk = Walk::at("dns");
    walk.go_to(&FocusTarget::Text("dns.ttl".into())).keys("<c-u>1 hour<enter>");
    let expected = say("kind-number").with("min", "0").with("max", "2147483647");
    walk.must_say(&Problem::error(Code::AnswersType, "").with("value", "1 hour").with("expected", expected).what());
    walk.keys("<up><c-u>7200<enter>").must_not_show("1 hour");
    assert_eq!(walk.wizard().reading().deployment.dns.ttl, 7200);
}

#[test]
fn what_the_answers_lead_to_changes_with_every_key() {
    let mut walk = Walk::new();
    walk.keys("<enter>").next();
    walk.on("edge").keys("sip.contoso.co");
    assert!(walk.shows_wide("sip.contoso.co "), "\n{}", walk.wide_screen());
    assert!(walk.screen().starts_with(" Edgewright   edge of sip.contoso.co "), "\n{}", walk.screen());
    walk.keys("m");
    assert!(walk.screen().starts_with(" Edgewright   edge of sip.contoso.com "), "\n{}", walk.screen());
}

#[test]
fn an_organizational_unit_is_a_warning_where_the_authority_is_public() {
    let unit = || Problem::warning(Code::OuPublic, "").what();
    let mut walk = Walk::at("organization");
    walk.go_to_field("organization.unit").keys("IT<down>").must_say(&unit());
    walk.go_to_page("request-summary").must_say(&unit());
    walk.go_to_page("delivery").go_to(&FocusTarget::Option("request.authority".into(), 1)).keys("<enter>");
    walk.go_to_page("organization");
    assert_eq!(walk.wizard().problems_of(walk.wizard().page), []);
}

#[test]
fn a_country_is_found_by_typing_it_on() {
    let mut walk = Walk::at("organization");
    walk.go_to_field("geography.country").keys("<c-u>united<enter>").must_show("United Kingdom");
    walk.keys("us").keys("<enter>");
    assert_eq!(walk.answer("geography.country").as_deref(), Some("US"));
}
