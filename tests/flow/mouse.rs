//! The mouse, once it is switched on: what a click and the wheel do.

use crossterm::event::MouseButton;
use crossterm::event::MouseEventKind::{self, ScrollDown, ScrollUp};
use edgewright::faces::tui::{Palette, Theme};
use edgewright::text::say;
use edgewright::wizard::{FocusTarget, Overlay};

use crate::walk::{CONTOSO, Walk, quick};

const PARTNER: &str = "partner.example";

/// At the first partner of the sample edge, opened by a click.
fn at_a_partner() -> Walk {
    let mut walk = Walk::at("partners");
    walk.go_to(&FocusTarget::AddRow).click(PARTNER);
    assert_eq!(
        (walk.wizard().row, &walk.wizard().focus),
        (None, &FocusTarget::Row(0)),
        "the first click shows which it is"
    );
    walk.click(PARTNER);
    assert_eq!(walk.wizard().row, Some(0));
    walk
}

fn text(path: &str) -> FocusTarget {
    FocusTarget::Text(path.to_owned())
}

#[test]
fn a_click_chooses_an_option() {
    let mut walk = Walk::new();
    walk.click("( ) Prosody");
    assert_eq!(walk.answer("server.kind").as_deref(), Some("prosody"));
    walk.click("[ Next ]").on("edge");
}

#[test]
fn a_click_gives_a_field_the_focus_and_what_is_typed_goes_there() {
    let mut walk = Walk::at("edge");
    walk.click("Web Conferencing").keys("<c-u>web.contoso.com");
    assert_eq!(walk.wizard().focus, text("edge.web_conferencing"));
    assert_eq!(walk.answer("edge.web_conferencing").as_deref(), Some("web.contoso.com"));
}

#[test]
fn a_click_presses_a_button_and_ticks_a_box() {
    let mut walk = Walk::at("security");
    let exportable = walk.words(&say("field-security-exportable"));
    walk.click(&exportable);
    assert_eq!(walk.answer("security.exportable").as_deref(), Some("false"));
    walk.click(&exportable).click("[ Next ]").on("organization");
}

#[test]
fn a_click_chooses_a_word_in_a_line() {
    let mut walk = at_a_partner();
    for (word, value) in [("not-supported", "not-supported"), ("required", "required"), ("optional", "optional")] {
        let word = walk.words(&say(format!("field-partners-tls.{word}")));
        walk.click_in((200, 50), &word);
        assert_eq!(walk.answer("partners.0.tls").as_deref(), Some(value), "\n{}", walk.screen());
    }
    // Where there is no room for all of them in a line, each has its own.
    let federated = walk.words(&say("field-partners-type.federated"));
    walk.click(&format!("( ) {federated}"));
    assert_eq!(walk.answer("partners.0.type").as_deref(), Some("federated"), "\n{}", walk.screen());
}

#[test]
fn a_click_answers_what_lies_over_the_page_and_reaches_nothing_below() {
    let mut walk = at_a_partner();
    walk.keys("<esc><space>").click("Remove").click("[ No ]");
    assert!(walk.wizard().overlay.is_none());
    assert_eq!(walk.answer("partners.0.domain").as_deref(), Some(PARTNER));
    walk.keys("<f8>").click("[ Yes ]");
    assert_ne!(walk.answer("partners.0.domain").as_deref(), Some(PARTNER));

    walk.keys("<f1>").click("Esc close");
    assert!(matches!(walk.wizard().overlay, Some(Overlay::Help { .. })));
    let focus = walk.wizard().focus.clone();
    for row in 0..24 {
        walk.point((80, 24), MouseEventKind::Down(MouseButton::Left), (40, row));
    }
    assert_eq!(walk.wizard().focus, focus);
}

#[test]
fn the_wheel_moves_the_page_and_neither_focus_nor_answers() {
    let mut walk = Walk::with(&quick(CONTOSO));
    walk.go_to_page("request-summary");
    let (focus, touched, top) = (walk.wizard().focus.clone(), walk.wizard().touched.clone(), walk.screen());
    walk.wheel(ScrollUp);
    assert_eq!(walk.screen(), top, "there is nothing above");
    walk.wheel(ScrollDown).must_say_key("screen-more-both");
    for _ in 0..100 {
        walk.wheel(ScrollDown);
    }
    let end = walk.wizard().sight.clone().unwrap();
    assert_eq!(end.first, end.last);
    walk.wheel(ScrollUp);
    assert!(walk.wizard().sight.as_ref().unwrap().first < end.last);
    for _ in 0..100 {
        walk.wheel(ScrollUp);
    }
    assert_eq!(walk.wizard().sight.as_ref().unwrap().first, 0);
    assert_eq!((&walk.wizard().focus, &walk.wizard().touched), (&focus, &touched));
}

#[test]
fn a_focus_that_the_wheel_moved_away_shows_no_cursor_until_the_next_key() {
    let mut walk = Walk::at("request-summary");
    walk.go_to_line("server.kind");
    let cursor = |walk: &Walk| walk.drawn(80, 24, Theme::new(Palette::None, true)).cursor;
    assert!(cursor(&walk).is_some());
    for _ in 0..20 {
        walk.wheel(ScrollUp);
    }
    assert_eq!(cursor(&walk), None);
    walk.keys("<tab>");
    assert!(cursor(&walk).is_some());
}

#[test]
fn the_wheel_scrolls_a_text_and_moves_in_a_menu_but_answers_nothing() {
    let mut walk = Walk::at("dns");
    walk.keys("<f1>").wheel(ScrollDown);
    assert!(matches!(walk.wizard().overlay, Some(Overlay::Help { scroll: 3 })));
    walk.keys("<esc><f4>");
    let selected = |walk: &Walk| match &walk.wizard().overlay {
        Some(Overlay::Menu { selected, .. }) => *selected,
        other => panic!("{other:?}"),
    };
    let before = selected(&walk);
    walk.wheel(ScrollUp);
    assert_eq!(selected(&walk), before - 1);
    let mut walk = at_a_partner();
    walk.keys("<esc><f8>");
    for kind in [ScrollUp, ScrollDown, ScrollDown, MouseEventKind::Moved] {
        walk.wheel(kind);
    }
    assert!(matches!(walk.wizard().overlay, Some(Overlay::Confirm { yes: false, .. })));
}

#[test]
fn what_was_emptied_and_left_by_a_click_is_gone_and_the_focus_is_somewhere() {
    let mut walk = Walk::at("extra-names");
    let names = "names.extra";
    walk.go_to(&FocusTarget::Item(names.to_owned(), 0)).keys("<c-u>a.contoso.com<enter><c-u>b.contoso.com<up>");
    walk.keys("<c-u><delete><c-u>").click("add one here");
    assert!(walk.wizard().slots().contains(&walk.wizard().focus));
}

#[test]
fn that_the_mouse_is_on_is_said_in_the_last_line() {
    let walk = Walk::at("edge");
    let drawn = |mouse| {
        let mut theme = Theme::new(Palette::None, true);
        theme.mouse = mouse;
        walk.drawn(60, 16, theme).text
    };
    let said = walk.words(&say("screen-mouse"));
    assert!(drawn(true).trim_end().ends_with(&said), "{}", drawn(true));
    assert!(!drawn(false).contains(&said));
}
