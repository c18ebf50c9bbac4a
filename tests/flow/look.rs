//! What every page looks like: the sample edge at 80x24 and 120x40; and, by itself, the frame around it. `INSTA_UPDATE=always cargo test look` accepts what
//! is drawn now.

use std::path::Path;

use edgewright::faces::tui::{Palette, Theme};
use edgewright::pages::PAGES;
use edgewright::world::Trouble;

use crate::walk::{CONTOSO, HOME, Walk, contoso, quick};

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 40)];
/// Lines above the page, each with its rule: the header; and below it: the keys.
const HEADER: usize = 2;
const KEYS: usize = 2;
/// Column of a step's sign.
const SIGN: usize = 1;

/// The sample, from its first page on.
fn sample() -> Walk {
    let mut walk = Walk::with(CONTOSO);
    // `looks` draws what matters.
    walk.draw_seldom().go_to_page("server");
    walk
}

/// Compares the page at both sizes with its snapshots.
pub fn looks(walk: &Walk, name: &str) {
    for (width, height) in SIZES {
        looks_at(walk, name, width, height, Theme::new(Palette::None, true));
    }
}

pub fn looks_at(walk: &Walk, name: &str, width: u16, height: u16, theme: Theme) {
    let drawn = walk.drawn(width, height, theme);
    let (page, left) = page_area(&drawn.text, width);
    let cursor = drawn.cursor.map_or_else(
        || "hidden".to_owned(),
        |(x, y)| format!("column {}, line {}", usize::from(x) - left, usize::from(y) - HEADER),
    );
    compare(&format!("{name}-{width}x{height}"), &format!("{page}cursor: {cursor}\n"));
}

/// Compares a text with its snapshot.
fn compare(name: &str, text: &str) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, same_every_time(text));
    });
}

/// The page with what stands beside it and lies over it, and the column of the screen where this begins. The frame
/// around it has snapshots of its own, so that one page more changes those alone.
fn page_area(screen: &str, width: u16) -> (String, usize) {
    let body = body(screen);
    let steps = steps_width(width);
    // A box may reach over the list of steps, where only a sign, also one of ASCII, looks like a wall.
    let uncovered = |line: &str| {
        let mut shown = line.chars().take(steps).enumerate();
        shown.position(|(x, c)| x != SIGN && "┌│└+|".contains(c)).unwrap_or(steps)
    };
    let left = body.iter().map(|line| uncovered(line)).min().unwrap_or(steps);
    let cut = |line: &&str| {
        let uncovered = uncovered(line);
        let own = " ".repeat(uncovered - left) + &line.chars().skip(uncovered).collect::<String>();
        own.trim_end().to_owned() + "\n"
    };
    (body.iter().map(cut).collect(), left)
}

/// The header, the list of steps and the keys; nothing of the page.
fn frame(screen: &str, width: u16) -> String {
    let lines: Vec<&str> = screen.lines().collect();
    let list = body(screen).into_iter().map(|line| {
        let step: String = line.chars().take(steps_width(width)).collect();
        step.trim_end().to_owned()
    });
    let (header, keys) = (&lines[..HEADER], &lines[lines.len() - KEYS..]);
    let whole = header.iter().map(ToString::to_string).chain(list).chain(keys.iter().map(ToString::to_string));
    whole.map(|line| line + "\n").collect()
}

/// The lines between the header and the keys.
fn body(screen: &str) -> Vec<&str> {
    let lines: Vec<&str> = screen.lines().collect();
    lines[HEADER..lines.len() - KEYS].to_vec()
}

/// The columns of the list of steps on a screen of this width.
fn steps_width(width: u16) -> usize {
    if width >= 80 { 25 } else { 2 }
}

/// Without what a new key makes different each time: the digits of a digest, the lines of a request.
fn same_every_time(screen: &str) -> String {
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let word = |word: &str| {
        let is_random = word.len() >= 8 && word.chars().all(|c| c.is_ascii_hexdigit())
            || word.len() >= 40 && word.chars().all(is_base64);
        if is_random { "#".repeat(word.len()) } else { word.to_owned() }
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ") + "\n";
    screen.lines().map(line).collect()
}

#[test]
fn the_frame() {
    let mut walk = sample();
    // One step with an error, some done, one open, the others still to come.
    walk.go_to_page("edge").keys("<c-u>sip_edge.contoso.com").next();
    walk.next().go_to_page("request-summary");
    for (width, height) in [(60, 16), (79, 20), (80, 24), (120, 40)] {
        let drawn = walk.drawn(width, height, Theme::new(Palette::None, true));
        compare(&format!("frame-{width}x{height}"), &frame(&drawn.text, width));
    }
}

#[test]
fn the_keys_of_what_has_the_focus_and_of_what_lies_over_the_page() {
    let mut walk = sample();
    let mut said = String::new();
    for (page, keys) in [
        ("server", ""),
        ("server", "<esc>"),
        ("server", "<f1>"),
        ("edge", ""),
        ("edge", "<f2>"),
        ("request-file", ""),
        ("partners", ""),
        ("partners", "<space>"),
        ("partners", "<down>"),
        ("dns", ""),
        ("dns", "<f3>"),
        ("request-summary", ""),
    ] {
        walk.go_to_page(page).keys(keys);
        let screen = walk.drawn(80, 24, Theme::new(Palette::None, true)).text;
        said += &format!("{page} {keys}\n{}\n", screen.lines().last().unwrap_or_default());
        if !keys.is_empty() && keys != "<down>" {
            walk.keys("<esc>");
        }
    }
    compare("keys", &said);
}

#[test]
fn every_page() {
    let mut walk = sample();
    for page in walk.wizard().pages() {
        walk.go_to_page(page.id);
        looks(&walk, &format!("page-{}", page.id));
    }
    walk.on(PAGES[PAGES.len() - 1].id);
}

#[test]
fn the_other_servers_have_their_own_pages() {
    use edgewright::edge::Server::{Ejabberd, Prosody};
    for server in [Prosody, Ejabberd] {
        let mut walk = Walk::with(&quick(&contoso(server)));
        walk.go_to_page("server");
        looks(&walk, &format!("{}-server", server.name()));
        walk.go_to_page("edge");
        looks(&walk, &format!("{}-edge", server.name()));
        walk.go_to_page("partners").keys("<enter>");
        looks(&walk, &format!("{}-partner", server.name()));
        walk.keys("<esc>").go_to_page("upkeep").keys("<space>");
        looks(&walk, &format!("{}-upkeep", server.name()));
        walk.go_to_page("done");
        looks(&walk, &format!("{}-done", server.name()));
    }
}

#[test]
fn an_empty_start() {
    let mut walk = Walk::new();
    looks(&walk, "empty-server");
    walk.keys("<enter>").next();
    looks(&walk, "empty-edge");
    walk.next();
    looks(&walk, "empty-edge-refused");
    walk.go_to_page("request-summary").next();
    looks(&walk, "empty-summary");
}

#[test]
fn a_partner_being_edited() {
    let mut walk = sample();
    walk.go_to_page("partners").keys("<enter>");
    looks(&walk, "partner");
    walk.go_to_field("partners.0.tls").keys("<right>");
    looks(&walk, "partner-tls-optional");
    walk.go_to_field("partners.0.additional_domains").keys("<c-u>corp partner<down>");
    looks(&walk, "partner-domain-faulty");
    walk.keys("<c-n><f7>");
    looks(&walk, "partner-new");
    walk.keys("northwind.example<c-n><f7>litware.example<c-n>/wind");
    looks(&walk, "partners-filtered");
}

#[test]
fn an_error() {
    let mut walk = sample();
    walk.go_to_page("edge").keys("<c-u>sip_edge.contoso.com<down>");
    looks(&walk, "error-passed");
    walk.keys("<up>");
    looks(&walk, "error-with-the-focus");
    walk.next();
    looks(&walk, "error-refused");
    walk.next().go_to_page("request-summary");
    looks(&walk, "error-in-the-summary");
    walk.next();
    looks(&walk, "error-refused-by-the-summary");
}

#[test]
fn a_run_that_fails_and_one_that_is_stopped() {
    let mut walk = sample();
    walk.go_to_page("request-summary");
    walk.world.trouble = Some((walk.world.calls + 5, Trouble::Fails(std::io::ErrorKind::StorageFull)));
    walk.next();
    looks(&walk, "run-failed");
    let mut walk = sample();
    walk.go_to_page("request-summary").interrupt_after(2, "<esc>").next();
    looks(&walk, "run-stopped");
}

#[test]
fn what_lies_over_a_page() {
    let mut walk = sample();
    walk.keys("<esc>");
    looks(&walk, "over-confirm-quit");
    walk.keys("<esc><f1>");
    looks(&walk, "over-help");
    walk.keys("<esc>").go_to_page("edge").keys("<f2>");
    looks(&walk, "over-leads-to");
    walk.keys("<esc>").go_to_page("organization").keys("<c-u>united");
    looks(&walk, "country-typed");
    walk.keys("<enter>");
    looks(&walk, "over-countries");
    walk.keys("<esc><c-u>us").go_to_page("partners").keys("<space>");
    looks(&walk, "over-row-menu");
    walk.keys("<esc><f5>");
    looks(&walk, "over-presets");
    walk.keys("<end><enter>");
    looks(&walk, "over-confirm-clear-text");
    walk.keys("<right><enter>");
    looks(&walk, "over-confirm-clear-text-again");
    walk.keys("<esc><f9>");
    looks(&walk, "over-confirm-clear");
    walk.keys("<esc>").go_to_page("dns").keys("<f3>");
    looks(&walk, "over-view");
    walk.keys("<esc><f6>");
    looks(&walk, "copied");
}

#[test]
fn a_file_that_is_there_already() {
    let mut walk = sample();
    walk.put("/home/ada/edge/contoso-edge.req", "something else");
    walk.put("/home/ada/edge/contoso-old.req", "something else");
    walk.go_to_page("request-file").keys("<c-u>/home/ada/edge/c<tab>");
    looks(&walk, "path-completed");
    walk.keys("edge.req<enter>").next();
    looks(&walk, "over-confirm-replace");
}

#[test]
fn without_colours_and_with_signs_of_ascii() {
    let mut walk = sample();
    let ascii = Theme::new(Palette::None, false);
    walk.go_to_page("partners").keys("<enter>").go_to_field("partners.0.tls").keys("<right>");
    looks_at(&walk, "ascii-partner", 80, 24, ascii);
    looks_at(&walk, "ascii-partner", 120, 40, ascii);
    walk.keys("<f5>");
    looks_at(&walk, "ascii-presets", 80, 24, ascii);
    for size in [(80, 24), (120, 40)] {
        let text = walk.drawn(size.0, size.1, ascii).text;
        // The words are the catalogue's; what is drawn around them is ASCII.
        assert!(text.chars().all(|c| c.is_ascii() || "«»".contains(c)), "\n{text}");
    }
}

#[test]
fn every_state_has_a_sign_or_a_word_besides_its_colour() {
    let mut walk = sample();
    walk.go_to_page("partners").keys("<enter>").go_to_field("partners.0.tls").keys("<right>");
    let [colour, mono] =
        [Palette::Full, Palette::None].map(|palette| walk.drawn(120, 40, Theme::new(palette, true)).text);
    assert_eq!(colour, mono);
}

#[test]
fn wide_characters_take_two_columns_and_the_cursor_knows() {
    let mut walk = sample();
    walk.go_to_page("partners").keys("<f7>例え.テスト<enter>販売部門との連携");
    looks(&walk, "wide-partner");
    let left = 23 + 2 + 2; // steps, mark, indent below the label
    let (x, _) = walk.drawn(80, 24, Theme::new(Palette::None, true)).cursor.unwrap();
    assert_eq!(usize::from(x), left + 2 * "販売部門との連携".chars().count());
    walk.keys("<left><left><left>");
    let (x, _) = walk.drawn(80, 24, Theme::new(Palette::None, true)).cursor.unwrap();
    assert_eq!(usize::from(x), left + 2 * 5);
    walk.keys("<c-n>");
    looks(&walk, "wide-partners");

    // Longer than the field: the end is in sight, and the cursor behind it.
    walk.keys("<enter>").go_to_field("partners.1.description").keys(&"長い説明".repeat(20));
    looks(&walk, "wide-partner-long");
    let (x, _) = walk.drawn(80, 24, Theme::new(Palette::None, true)).cursor.unwrap();
    assert!((70..80).contains(&x), "{x}");
}

#[test]
fn the_cursor_is_where_the_eye_should_be() {
    let cursor = |walk: &Walk| walk.drawn(80, 24, Theme::new(Palette::None, true)).cursor.expect("a cursor");
    let word_at = |walk: &Walk| {
        let (x, y) = cursor(walk);
        let screen = walk.drawn(80, 24, Theme::new(Palette::None, true)).text;
        let line: Vec<char> = screen.lines().nth(y.into()).unwrap_or_default().chars().collect();
        line[x.into()..].iter().collect::<String>()
    };
    let mut walk = sample();
    assert!(word_at(&walk).starts_with("*) Lync"), "{}", word_at(&walk));
    walk.keys("<esc>");
    assert!(word_at(&walk).starts_with("[ No ]"), "{}", word_at(&walk));
    walk.keys("<right>");
    assert!(word_at(&walk).starts_with("[ Yes ]"), "{}", word_at(&walk));
    walk.keys("<esc>").go_to_page("partners").keys("<space><down>");
    assert!(word_at(&walk).starts_with("Set to a preset"), "{}", word_at(&walk));
    walk.keys("<esc><enter>").go_to_field("partners.0.dialback");
    assert!(word_at(&walk).starts_with("x] Dialback"), "{}", word_at(&walk));
}

#[test]
fn an_idn_domain_stands_beside_its_a_label() {
    let mut walk = sample();
    walk.go_to_page("edge").go_to_field("edge.xmpp_domains").keys("<c-u>bücher.example<enter>");
    looks(&walk, "idn-edge");
    walk.draw();
    assert!(walk.shows_wide("xn--bcher-kva.example"), "\n{}", walk.wide_screen());
}

#[test]
fn small_windows() {
    let mut walk = sample();
    walk.go_to_page("edge");
    let theme = Theme::new(Palette::None, true);
    looks_at(&walk, "small-edge", 60, 16, theme);
    looks_at(&walk, "small-edge", 79, 20, theme);
    compare("too-small-40x12", &walk.drawn(40, 12, theme).text);
    walk.go_to_page("partners").keys("<enter>");
    looks_at(&walk, "small-partner", 60, 16, theme);
}

#[test]
fn a_dry_run_says_so() {
    use crate::walk::{fake, read_without_problems};
    let answers = read_without_problems(CONTOSO, Path::new(HOME));
    let walk = Walk::in_world(fake(), answers, true);
    let header = |(width, height)| {
        let screen = walk.drawn(width, height, Theme::new(Palette::None, true)).text;
        screen.lines().next().unwrap_or_default().to_owned() + "\n"
    };
    compare("dry-run", &SIZES.map(header).concat());
}
