//! The screen at every size: nothing panics, and below the smallest one a message says what is needed.

use edgewright::faces::tui::{Palette, Theme, draw};
use edgewright::text::say;
use edgewright::wizard::FocusTarget;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::walk::{CONTOSO, Walk, quick};

const WIDTHS: &[u16] = &[0, 1, 2, 7, 30, 59, 60, 61, 79, 80, 99, 100, 133, 200, 500];
const HEIGHTS: &[u16] = &[0, 1, 2, 5, 15, 16, 17, 24, 50, 200];

/// Draws at every size and looks at what can be said of all pages.
#[track_caller]
fn fits_everywhere(walk: &Walk, what: &str) {
    let too_small = letters(&walk.words(&say("screen-too-small")));
    for (width, height) in WIDTHS.iter().flat_map(|width| HEIGHTS.iter().map(|height| (*width, *height))) {
        let drawn = walk.drawn(width, height, Theme::new(Palette::None, true));
        let text = letters(&drawn.text);
        let about = format!("{what} at {width}x{height}:\n{}", drawn.text);
        if width < 60 || height < 16 {
            assert!(too_small.starts_with(&text), "{about}");
            assert!(width == 0 || height == 0 || !text.is_empty(), "{about}");
        } else {
            assert!(!text.contains(&too_small), "{about}");
            let (x, y) = drawn.cursor.unwrap_or_else(|| panic!("no cursor on {about}"));
            assert!(x < width && y < height, "the cursor is at {x}, {y} on {about}");
            assert!(drawn.text.lines().last().is_some_and(|keys| !keys.is_empty()), "no keys on {about}");
        }
    }
}

fn letters(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn every_page_fits_everywhere() {
    let mut walk = Walk::with(&quick(CONTOSO));
    walk.draw_seldom();
    for page in walk.wizard().pages() {
        walk.go_to_page(page.id);
        fits_everywhere(&walk, page.id);
    }
}

#[test]
fn a_row_and_what_lies_over_a_page_fit_everywhere() {
    let mut walk = Walk::at("partners");
    walk.draw_seldom().go_to(&FocusTarget::Row(0)).keys("<enter>");
    fits_everywhere(&walk, "a row");
    walk.keys("<esc>");
    for (name, keys) in [
        ("help", "<f1>"),
        ("what it leads to", "<f2>"),
        ("the menu of a row", "<space>"),
        ("the menu of presets", "<f5>"),
        ("the menu of pages", "<f4>"),
        ("a question", "<f8>"),
    ] {
        walk.keys(keys);
        assert!(walk.wizard().overlay.is_some(), "{name}");
        fits_everywhere(&walk, name);
        walk.keys("<esc>");
    }
    walk.go_to_page("dns").keys("<f3>");
    fits_everywhere(&walk, "a text");
}

#[test]
fn what_does_not_fit_anywhere_fits_everywhere() {
    let mut walk = Walk::at("partners");
    let long = "例え.テスト".repeat(40);
    walk.draw_seldom().keys("<f7>").paste(&long).keys("<enter>").paste(&long);
    fits_everywhere(&walk, "a long row");
    walk.keys("<esc>");
    fits_everywhere(&walk, "a table with a long row");
    walk.keys("<f8>");
    fits_everywhere(&walk, "a question about a long row");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// One terminal all along, as the real one: it draws what changed since the last size.
    #[test]
    fn a_window_that_is_resized_between_keys_goes_on(
        steps in proptest::collection::vec(
            (0_u16..=130, 0_u16..=50, proptest::sample::select(&["<tab>", "<enter>", "<c-n>", "<f1>", "<f4>", "<pgdn>", "<esc>", "x", ""][..])),
            1..40,
        )
    ) {
        let mut walk = Walk::with(&quick(CONTOSO));
        walk.draw_seldom();
        let mut screen = Terminal::new(TestBackend::new(80, 24)).expect("a screen in memory");
        for (width, height, keys) in steps {
            screen.backend_mut().resize(width, height);
            screen.draw(|frame| drop(draw(frame, walk.wizard(), Theme::new(Palette::Full, true)))).expect("drawing");
            walk.keys(keys);
            if walk.has_left() {
                break;
            }
            screen.draw(|frame| drop(draw(frame, walk.wizard(), Theme::new(Palette::Full, false)))).expect("drawing");
        }
    }
}
