//! The partners: a table of rows.

use edgewright::edge::Server;
use edgewright::text::say;
use edgewright::wizard::{FocusTarget, Overlay};

use crate::walk::{CONTOSO, Walk, contoso};

/// At the table, with the partner of the sample.
fn at_the_table() -> Walk {
    Walk::at("partners")
}

/// At the table with partner.example, northwind.example and litware.example.
fn three() -> Walk {
    let mut walk = at_the_table();
    walk.keys("<f7>northwind.example<c-n><f7>litware.example<c-n>");
    assert_eq!(domains(&walk), ["partner.example", "northwind.example", "litware.example"]);
    walk
}

fn domains(walk: &Walk) -> Vec<String> {
    walk.wizard().reading().deployment.federation.partners.iter().map(|partner| partner.domain.unicode()).collect()
}

#[test]
fn a_row_is_added_edited_and_closed() {
    let mut walk = at_the_table();
    walk.keys("<f7>");
    assert_eq!(walk.wizard().focus, FocusTarget::Text("partners.1.domain".into()), "typing starts at once");
    walk.keys("northwind.example<c-n>").on("partners").must_show("northwind.example");
    assert_eq!(walk.wizard().focus, FocusTarget::Row(1));
    assert!(walk.answers_file().contains("northwind.example"));

    walk.keys("<enter>").go_to_field("partners.1.domain").keys("<c-u>litware.example").next();
    assert_eq!(domains(&walk), ["partner.example", "litware.example"]);
}

#[test]
fn a_new_row_that_stays_empty_vanishes() {
    let mut walk = at_the_table();
    walk.keys("<f7><esc>");
    assert_eq!(domains(&walk), ["partner.example"]);
    walk.keys("<f7>x<backspace><down>y<backspace><esc>");
    assert_eq!(domains(&walk), ["partner.example"], "typed and taken back is empty too");
    walk.keys("<f7><down><down>y<backspace><down><esc>");
    assert_eq!(domains(&walk), ["partner.example"], "and so is a list without an item");
}

#[test]
fn a_row_is_removed_and_the_focus_stays_near() {
    for key in ["<f8>", "<delete>"] {
        let mut walk = three();
        walk.go_to(&FocusTarget::Row(1))
            .keys(key)
            .must_say(&say("confirm-remove").with("name", "northwind.example"))
            .keys("<enter>");
        assert_eq!(domains(&walk).len(), 3, "no is the answer of return");
        walk.keys(key).keys("y");
        assert_eq!(domains(&walk), ["partner.example", "litware.example"]);
        assert_eq!(walk.wizard().focus, FocusTarget::Row(1));
        walk.keys(key).keys("<right><enter>").keys(key).keys("y").keys(key);
        assert!(domains(&walk).is_empty());
        assert_eq!(walk.wizard().focus, FocusTarget::AddRow);
        walk.next().on("policy");
    }
}

#[test]
fn rows_are_reordered_and_the_focus_goes_along() {
    let mut walk = three();
    walk.go_to(&FocusTarget::Row(1)).keys("<c-up>");
    assert_eq!(domains(&walk), ["northwind.example", "partner.example", "litware.example"]);
    walk.keys("<c-up><c-down><c-down><c-down>");
    assert_eq!(domains(&walk), ["partner.example", "litware.example", "northwind.example"]);
    assert_eq!(walk.wizard().focus, FocusTarget::Row(2));
}

#[test]
fn the_menu_of_a_row_does_what_the_keys_do() {
    let mut walk = three();
    walk.go_to(&FocusTarget::Row(1)).keys("<space>").must_say_key("menu-remove").keys("<down><down><enter>"); // up
    assert_eq!(domains(&walk), ["northwind.example", "partner.example", "litware.example"]);
    walk.keys("<space><end><enter>y"); // remove
    assert_eq!(domains(&walk), ["partner.example", "litware.example"]);
    walk.keys("<space><enter>");
    assert_eq!(walk.wizard().row, Some(0));
}

#[test]
fn all_rows_are_removed_after_a_yes() {
    let mut walk = three();
    walk.keys("<f9>").must_say(&say("confirm-clear").with("count", 3_usize)).keys("<enter>");
    assert_eq!(domains(&walk).len(), 3, "no is the answer of return");
    walk.keys("<f9><right><enter>");
    assert!(domains(&walk).is_empty());
    assert!(!walk.answers_file().contains("partners]]"));
}

#[test]
fn the_filter_shows_the_rows_that_hold_it() {
    let mut walk = three();
    walk.keys("/wind").must_show("northwind.example").must_not_show("litware.example");
    walk.keys("<enter>");
    assert_eq!(walk.wizard().focus, FocusTarget::Row(1), "return goes to the first that is left");
    walk.keys("<up><c-u>CORP.").must_show("partner.example").must_not_show("northwind.example");
    walk.keys("<c-u>").must_show("litware.example");
}

#[test]
fn a_filter_never_hides_the_only_row() {
    let mut walk = at_the_table();
    walk.keys("<f7>northwind.example<c-n>/wind<enter><f8>y");
    assert_eq!(domains(&walk), ["partner.example"]);
    walk.must_show("partner.example");
    assert_eq!(walk.wizard().focus, FocusTarget::Row(0));
}

#[test]
fn a_new_row_is_in_sight_whatever_was_filtered() {
    let mut walk = three();
    walk.keys("/wind<enter><f7>tailspin.example<c-n>").must_show("tailspin.example").must_show("litware.example");
}

#[test]
fn the_table_says_what_each_row_connects_by_and_counts_its_errors_else_its_warnings() {
    let mut walk = three();
    walk.go_to(&FocusTarget::Row(1)).keys("<f5><end><enter>yy").go_to(&FocusTarget::Row(2)).keys("<enter>");
    walk.go_to_field("partners.2.tls").keys("<right><c-n>");
    let screen = walk.wide_screen();
    let cells = |domain: &str| {
        let row = screen.lines().find(|line| line.contains(domain)).unwrap_or_else(|| panic!("{screen}"));
        row.split("  ")
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .skip_while(|cell| !cell.contains(domain))
            .collect()
    };
    let partner: Vec<&str> = cells("partner.example");
    assert_eq!(partner, ["partner.example", "certificate, else dialback", "Public unverified"]);
    let northwind: Vec<&str> = cells("northwind.example");
    assert_eq!(northwind, ["northwind.example", "! clear text only", "Public unverified", "1 warning"]);
    let litware: Vec<&str> = cells("litware.example");
    assert_eq!(litware[1..], ["! clear text possible", "Public unverified", "1 error"]);
}

#[test]
fn errors_of_a_row_stay_with_it_when_it_is_moved_or_another_goes() {
    let mut walk = at_the_table();
    walk.keys("<f7>faulty..example<c-n><c-up><enter>").must_show("faulty..example");
    walk.must_show("is not a domain name").keys("<c-n><down><f8><up><enter>");
    walk.must_show("is not a domain name");
}

#[test]
fn a_preset_sets_the_row_and_is_recognized() {
    let mut walk = at_the_table();
    for (downs, preset, settings) in [
        ("<home>", "strict", ["required", "required", "false"]),
        ("<home><down><down>", "encrypted-dialback", ["required", "not-supported", "true"]),
        ("<home><down>", "balanced", ["required", "optional", "true"]),
    ] {
        walk.keys("<f5>").must_say_key("menu-preset").keys(downs).keys("<enter>");
        let answers = ["tls", "sasl", "dialback"].map(|field| walk.answer(&format!("partners.0.{field}")).unwrap());
        assert_eq!(answers, settings, "{preset}");
        walk.keys("<enter>");
        walk.must_say(&say("screen-preset")).must_say(&say(format!("preset-{preset}"))).keys("<esc>");
    }
}

#[test]
fn a_partner_that_takes_only_the_certificate_is_told_what_that_one_cannot_do() {
    let mut walk = at_the_table();
    walk.keys("<enter>").must_not_say_key("partner-server-only").keys("<esc>");
    walk.keys("<f5><home><enter><enter><f2>").must_say_key("partner-server-only").keys("<esc>");
    let authenticates_clients =
        CONTOSO.replace("client_eku = false", "client_eku = true").replace("\"public\"", "\"private\"");
    let mut walk = Walk::with(&authenticates_clients);
    walk.go_to_page("partners").keys("<f5><home><enter><enter><f2>").must_not_say_key("partner-server-only");
}

#[test]
fn presets_are_offered_inside_a_row_too() {
    let mut walk = at_the_table();
    walk.keys("<enter>").must_say_key("screen-preset").keys("<space><home><enter>");
    assert_eq!(walk.answer("partners.0.sasl").unwrap(), "required");
    walk.go_to_field("partners.0.description").keys("<f5><home><down><enter>");
    assert_eq!(walk.answer("partners.0.sasl").unwrap(), "optional");
}

#[test]
fn clear_text_is_asked_twice_and_then_accepted() {
    let mut walk = at_the_table();
    walk.keys("<f5><end><enter>").must_say_key("confirm-clear-text").keys("<enter>");
    assert_eq!(walk.answer("partners.0.tls").unwrap(), "required", "no, the first time");
    walk.keys("<f5><end><enter><right><enter>").must_say_key("confirm-clear-text-again").keys("<esc>");
    assert_eq!(walk.answer("partners.0.tls").unwrap(), "required", "no, the second time");
    assert_eq!(walk.answer("partners.0.accept_clear_text").unwrap(), "false");

    walk.keys("<f5><end><enter><right><enter><right><enter>");
    assert!(walk.wizard().overlay.is_none());
    assert_eq!(walk.answer("partners.0.tls").unwrap(), "not-supported");
    assert_eq!(walk.answer("partners.0.accept_clear_text").unwrap(), "true");
    assert!(walk.answers_file().contains("accept_clear_text = true"));
    walk.go_to_page("settings-summary").next().on("settings-executing"); // it warns, and goes
}

#[test]
fn what_a_file_accepts_is_kept_where_it_is_not_asked() {
    let mut walk =
        Walk::with(&contoso(Server::Prosody).replace("accept_clear_text = false", "accept_clear_text = true"));
    walk.go_to_page("partners").keys("<f7>northwind.example<c-n>");
    assert!(walk.answers_file().contains("accept_clear_text = true"));
}

#[test]
fn another_preset_takes_the_acceptance_back() {
    let mut walk = at_the_table();
    walk.keys("<f5><end><enter><right><enter><right><enter><f5><home><enter>");
    assert_eq!(walk.answer("partners.0.accept_clear_text").unwrap(), "false");
}

#[test]
fn clear_text_chosen_by_hand_is_an_error_until_it_is_accepted() {
    let mut walk = at_the_table();
    walk.keys("<enter>").go_to_field("partners.0.tls").keys("<right><c-n>").next().on("partners");
    walk.must_say_key("notice-page-errors").go_to(&FocusTarget::Row(0)).keys("<enter>");
    walk.go_to_field("partners.0.accept_clear_text").keys("<space><c-n>").next().on("policy");
}

#[test]
fn the_menu_of_presets_starts_at_the_one_that_is_set() {
    let mut walk = at_the_table();
    walk.keys("<f5><home><enter><f5>");
    assert!(matches!(walk.wizard().overlay, Some(Overlay::Menu { selected: 0, .. })));
}

#[test]
fn pasted_domains_become_additional_domains() {
    let mut walk = at_the_table();
    walk.keys("<enter>").go_to(&FocusTarget::Item("partners.0.additional_domains".into(), 1));
    walk.paste("a.example\nb.example\n").keys("<c-n>");
    let answer = walk.answer("partners.0.additional_domains").unwrap();
    assert_eq!(answer, "corp.partner.example, a.example, b.example");
}

#[test]
fn escape_leaves_a_changed_row_only_after_a_yes_and_then_as_it_was() {
    let mut walk = at_the_table();
    walk.keys("<f7>northwind.example<esc>").must_say_key("confirm-cancel-row").keys("<enter>");
    assert_eq!(walk.answer("partners.1.domain").as_deref(), Some("northwind.example"), "no stays in the form");
    walk.keys("<c-n><enter>")
        .go_to_field("partners.1.domain")
        .keys("<c-u>other.example<esc>")
        .must_say_key("confirm-cancel-row")
        .keys("y");
    assert_eq!(walk.answer("partners.1.domain").as_deref(), Some("northwind.example"));
    walk.keys("<enter><esc>").must_not_say_key("confirm-cancel-row").on("partners");
}

#[test]
fn what_is_saved_is_what_a_row_says_after_escape_left_it_as_it_was() {
    let mut walk = at_the_table();
    walk.keys("<enter>").go_to_field("partners.0.description").keys("abc<c-n>").on("partners").keys("<enter>");
    walk.go_to_field("partners.0.description").keys("x").go_to_field("partners.0.domain");
    walk.go_to_field("partners.0.description").keys("<backspace><esc>").must_not_say_key("confirm-cancel-row");
    assert_eq!(walk.wizard().row, None);
    assert_eq!(walk.saved().last(), Some(&walk.written()));
}
