//! Lists of names, ticks among them.

use edgewright::problem::{Code, Problem};
use edgewright::text::say;
use edgewright::wizard::FocusTarget;

use crate::walk::{CONTOSO, Walk, quick};

const SIP: &str = "edge.sip_domains";

/// At the SIP domains of a new Lync edge.
fn at_the_sip_domains() -> Walk {
    let mut walk = Walk::new();
    walk.keys("<enter>").next();
    walk.on("edge").go_to_field(SIP);
    walk
}

fn three() -> Walk {
    let mut walk = at_the_sip_domains();
    walk.keys("contoso.com<enter>fabrikam.com<enter>litware.com<enter>");
    assert_eq!(walk.answer(SIP).unwrap(), "contoso.com, fabrikam.com, litware.com");
    walk
}

#[test]
fn return_goes_from_item_to_item_and_an_empty_one_ends_the_list() {
    let mut walk = three();
    assert_eq!(walk.wizard().focus, FocusTarget::Item(SIP.into(), 3));
    walk.keys("<enter>");
    // The SIP domains are proposed there; one more would be added below them.
    assert_eq!(walk.wizard().focus, FocusTarget::Item("edge.xmpp_domains".into(), 3));
}

#[test]
fn an_emptied_item_goes_away() {
    let mut walk = three();
    walk.go_to(&FocusTarget::Item(SIP.into(), 1)).keys("<c-u><down>");
    assert_eq!(walk.answer(SIP).unwrap(), "contoso.com, litware.com");
}

#[test]
fn after_an_emptied_item_no_other_is_passed_over() {
    for key in ["<down>", "<enter>", "<tab>"] {
        let mut walk = three();
        walk.go_to(&FocusTarget::Item(SIP.into(), 0)).keys("<c-u>").keys(key);
        assert_eq!(walk.answer(SIP).unwrap(), "fabrikam.com, litware.com");
        assert_eq!(walk.wizard().focus, FocusTarget::Item(SIP.into(), 0), "{key} goes to what took its place");
        assert_eq!(walk.wizard().input.value(), "fabrikam.com");
    }
}

#[test]
fn the_last_item_emptied_by_return_leaves_the_place_that_adds() {
    let mut walk = at_the_sip_domains();
    walk.keys("contoso.com<c-u><enter>fabrikam.com<enter>");
    assert_eq!(walk.answer(SIP).unwrap(), "fabrikam.com");
}

#[test]
fn f8_removes_an_item() {
    let mut walk = three();
    walk.go_to(&FocusTarget::Item(SIP.into(), 1)).keys("<f8>");
    assert_eq!(walk.answer(SIP).unwrap(), "contoso.com, litware.com");
    assert_eq!(walk.wizard().input.value(), "litware.com", "the next item has taken its place");
    walk.keys("<f8><f8>"); // the second one is at the place that adds
    assert_eq!(walk.answer(SIP).unwrap(), "contoso.com");
}

#[test]
fn f9_removes_all_items_after_a_yes() {
    let mut walk = three();
    walk.go_to(&FocusTarget::Item(SIP.into(), 1))
        .keys("<f9>")
        .must_say(&say("confirm-clear").with("count", 3_usize))
        .keys("<enter>");
    assert_eq!(walk.answer(SIP).unwrap(), "contoso.com, fabrikam.com, litware.com", "no is the answer of return");
    walk.keys("<f9><right><enter>");
    assert_eq!(walk.answer(SIP), None);
    assert_eq!(walk.wizard().focus, FocusTarget::Item(SIP.into(), 0), "the focus stays at the list");
}

#[test]
fn pasted_lines_become_items() {
    let mut walk = at_the_sip_domains();
    walk.paste("contoso.com\r\n\r\n  fabrikam.com\t\nlitware.com\u{1b}[31m\n");
    assert_eq!(walk.answer(SIP).unwrap(), "contoso.com, fabrikam.com, litware.com[31m");
    assert_eq!(walk.wizard().focus, FocusTarget::Item(SIP.into(), 3));
}

#[test]
fn a_fault_among_pasted_lines_shows_at_its_line() {
    let mut walk = at_the_sip_domains();
    walk.paste("contoso.com\nfabri_kam.com\nlitware.com");
    walk.must_say(&Problem::error(Code::NameUnderscore, "").with("name", "fabri_kam.com").what());
}

#[test]
fn lines_pasted_in_the_middle_follow_the_item_there() {
    let mut walk = three();
    walk.go_to(&FocusTarget::Item(SIP.into(), 1)).paste("example.com\nnorthwind.com");
    assert_eq!(walk.answer(SIP).unwrap(), "contoso.com, fabrikam.com, example.com, northwind.com, litware.com");
}

#[test]
fn a_piece_pasted_into_an_item_can_be_typed_on() {
    let mut walk = at_the_sip_domains();
    walk.keys("sip.").paste("contoso").keys(".com<enter>");
    assert_eq!(walk.answer(SIP).unwrap(), "sip.contoso.com");
}

#[test]
fn pasted_lines_in_a_text_press_no_button() {
    let mut walk = Walk::new();
    walk.keys("<enter>").next();
    walk.on("edge").paste("sip.contoso.com\nwebcon.contoso.com\n\n\n");
    assert_eq!(walk.answer("edge.access").unwrap(), "sip.contoso.com");
    assert_eq!(walk.answer("edge.web_conferencing"), None);
    walk.on("edge");
}

#[test]
fn ticks_follow_newly_added_domains() {
    let mut walk = Walk::at("sip-domains");
    walk.keys("<down><space>").go_to_page("edge"); // fabrikam.com is unticked
    assert_eq!(walk.answer("names.sip").unwrap(), "contoso.com");
    walk.go_to(&FocusTarget::Item(SIP.into(), 2)).keys("litware.com<enter>").go_to_page("sip-domains");
    walk.must_show("[x] contoso.com").must_show("[ ] fabrikam.com").must_show("[ ] litware.com");
}

#[test]
fn nothing_unticked_yet_means_that_every_domain_is_ticked() {
    let mut walk = Walk::with(&without(&quick(CONTOSO), "sip = [\"contoso"));
    walk.go_to_page("edge")
        .go_to(&FocusTarget::Item(SIP.into(), 2))
        .keys("litware.com<enter>")
        .go_to_page("sip-domains");
    walk.must_show("[x] contoso.com").must_show("[x] fabrikam.com").must_show("[x] litware.com");
    assert_eq!(walk.answer("names.sip"), None);
}

#[test]
fn ticks_keep_the_order_of_the_domains() {
    let mut walk = Walk::at("sip-domains");
    walk.keys("<space>"); // contoso.com
    assert_eq!(walk.answer("names.sip").unwrap(), "fabrikam.com");
    walk.go_to_page("edge")
        .go_to(&FocusTarget::Item(SIP.into(), 2))
        .keys("litware.com<enter>")
        .go_to_page("sip-domains");
    walk.keys("<space>");
    assert_eq!(walk.answer("names.sip").unwrap(), "contoso.com, fabrikam.com");
}

#[test]
fn all_ticked_by_hand_holds_for_domains_that_are_added_later() {
    let mut walk = Walk::at("sip-domains");
    walk.keys("<space><space>").go_to_page("edge");
    walk.go_to(&FocusTarget::Item(SIP.into(), 2))
        .keys("litware.com<enter>")
        .go_to_page("sip-domains")
        .must_show("[x] litware.com");
}

#[test]
fn a_domain_that_is_taken_away_takes_its_tick_along() {
    let mut walk = Walk::at("edge");
    walk.go_to(&FocusTarget::Item(SIP.into(), 1)).keys("<f8>").go_to_page("request-summary");
    walk.next().on("request-executing");
    assert_eq!(walk.answer("names.sip").unwrap(), "contoso.com");
}

fn without(file: &str, line: &str) -> String {
    file.lines().filter(|kept| !kept.starts_with(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_in_a_list_already_is_not_taken_twice() {
    let mut walk = Walk::at("edge");
    let before = walk.answer("edge.xmpp_domains").unwrap();
    walk.go_to_field("edge.xmpp_domains").keys("<end><down>");
    let first = before.split(", ").next().unwrap().to_uppercase();
    walk.keys(&format!("{first}<enter>")).must_say_key("notice-repeated");
    assert_eq!(walk.answer("edge.xmpp_domains"), Some(before));
}
