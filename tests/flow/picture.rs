//! The pictures in the README: the real screen, from the real buffer. `UPDATE_PICTURE=1 cargo test --test flow picture`
//! makes them anew; without that the test holds them current.

use edgewright::faces::tui::{Palette, Theme, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use crate::walk::{CONTOSO, Walk, quick};

/// Columns and lines of the picture.
const SIZE: (u16, u16) = (110, 30);
/// Pixels of a column and a line.
const CELL: (u16, u16) = (8, 17);
const PAPER: &str = "#16181d";
const INK: &str = "#d8dbe2";

#[test]
fn the_pictures_in_the_readme_are_the_screen() {
    let mut walk = Walk::with(CONTOSO);
    is_the_screen("summary.svg", walk.go_to_page("request-summary"));
    let mut walk = Walk::with(&quick(CONTOSO));
    walk.go_to_page("partners").keys("<enter>").go_to_field("partners.0.tls").keys("<right>");
    is_the_screen("screen.svg", &walk);
}

#[track_caller]
fn is_the_screen(name: &str, walk: &Walk) {
    let drawn = svg(&buffer(walk));
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name);
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        std::fs::write(&file, &drawn).expect("the assets can be written");
    }
    let kept = std::fs::read_to_string(file).unwrap_or_default();
    assert!(kept == drawn, "the screen changed: UPDATE_PICTURE=1 cargo test --test flow picture");
}

fn buffer(walk: &Walk) -> Buffer {
    let mut screen = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a screen in memory");
    screen
        .draw(|frame| drop(draw(frame, walk.wizard(), Theme::new(Palette::Sixteen, true))))
        .expect("drawing in memory");
    screen.backend().buffer().clone()
}

/// The cells as text in SVG, run by run of equal looks.
fn svg(buffer: &Buffer) -> String {
    let (width, height) = (SIZE.0 * CELL.0 + 16, SIZE.1 * CELL.1 + 16);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"monospace\" \
         font-size=\"13\" xml:space=\"preserve\">\n<rect width=\"{width}\" height=\"{height}\" rx=\"6\" fill=\"{PAPER}\"/>\n"
    );
    for y in 0..SIZE.1 {
        let mut x = 0;
        while x < SIZE.0 {
            let look = look(&buffer[(x, y)]);
            let end = (x..SIZE.0).find(|at| self::look(&buffer[(*at, y)]) != look).unwrap_or(SIZE.0);
            let text: String = (x..end).map(|at| buffer[(at, y)].symbol()).collect();
            svg += &run(look, &text, x, y, end - x);
            x = end;
        }
    }
    svg + "</svg>\n"
}

fn look(cell: &Cell) -> (Color, Modifier) {
    (cell.fg, cell.modifier)
}

fn run((colour, modifier): (Color, Modifier), text: &str, x: u16, y: u16, columns: u16) -> String {
    let (left, top, wide) = (8 + x * CELL.0, 8 + y * CELL.1, columns * CELL.0);
    let is = |wanted| modifier.contains(wanted);
    let ink = match colour {
        Color::Green | Color::LightGreen => "#7fc97f",
        Color::Yellow | Color::LightYellow => "#e6c34a",
        Color::Red | Color::LightRed => "#ef7b7b",
        Color::Cyan | Color::LightCyan => "#6cc3e8",
        _ => INK,
    };
    let mut out = String::new();
    if is(Modifier::REVERSED) {
        out += &format!("<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{}\" fill=\"{ink}\"/>\n", CELL.1);
    }
    if is(Modifier::UNDERLINED) {
        let line = top + CELL.1 - 2;
        out += &format!("<path d=\"M{left} {line}h{wide}\" stroke=\"{ink}\" stroke-opacity=\".4\"/>\n");
    }
    if !text.trim().is_empty() {
        let fill = if is(Modifier::REVERSED) { PAPER } else { ink };
        let weight = if is(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
        let faint = if is(Modifier::DIM) { " fill-opacity=\".6\"" } else { "" };
        // Blanks are left out, so that no reader's idea of them moves the words.
        let left = left + CELL.0 * u16::try_from(text.len() - text.trim_start().len()).unwrap_or(0);
        let text = text.trim();
        let wide = CELL.0 * u16::try_from(text.width()).unwrap_or(0);
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let base = top + CELL.1 - 5;
        out += &format!(
            "<text x=\"{left}\" y=\"{base}\" textLength=\"{wide}\" fill=\"{fill}\"{weight}{faint}>{text}</text>\n"
        );
    }
    out
}
