//! Text made to fit the columns of a screen, where a wide character takes two.

use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::text::visible;

/// Lines of at most `width` columns.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = textwrap::Options::new(width.max(1)).word_splitter(textwrap::WordSplitter::NoHyphenation);
    // A path stays whole, so that it can be copied; what is written without blanks breaks where its writing lets it.
    let has_wide = text.width() > text.chars().count();
    let options = if has_wide { options } else { options.word_separator(textwrap::WordSeparator::AsciiSpace) };
    text.lines().flat_map(|line| textwrap::wrap(line, &options)).map(|line| line.trim_end().to_owned()).collect()
}

/// At most `width` columns of `text`, with a sign where something is cut.
#[must_use]
pub fn cut(text: &str, width: usize, sign: &str) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    window(text, 0, width.saturating_sub(1)) + sign
}

/// `text` in pieces of at most `width` columns, nothing left out, broken behind a blank where there is one near the end: for
/// text that stands as it is in a file.
#[must_use]
pub fn broken(text: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut column = 0;
    for grapheme in text.graphemes(true) {
        if column + grapheme.width() > width {
            let rest = pieces.last_mut().map(|piece| last_word(piece, width)).unwrap_or_default();
            column = rest.width();
            pieces.push(rest);
        }
        column += grapheme.width();
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(grapheme);
        }
    }
    pieces
}

/// Takes what stands behind the last blank of `piece` away from it, where that is less than a third of the width.
fn last_word(piece: &mut String, width: usize) -> String {
    let from = piece.rfind(' ').map_or(piece.len(), |blank| blank + 1);
    if piece[from..].width() * 3 < width { piece.split_off(from) } else { String::new() }
}

/// The part of `text` in the columns from `start` on; text of the person's own hand, with control characters escaped.
pub fn window(text: &str, start: usize, width: usize) -> String {
    let mut column = 0;
    let mut shown = String::new();
    for grapheme in text.graphemes(true) {
        let next = column + grapheme.width();
        if column >= start && next <= start + width {
            shown.push_str(&visible(grapheme));
        }
        column = next;
    }
    shown
}

/// The part of `input` in sight in `width` columns, and the column of the cursor in it; a sign where something is cut.
pub fn typed(input: &Input, width: usize, sign: &str) -> (String, usize) {
    let text = input.value();
    if text.width() < width {
        return (window(text, 0, width), input.visual_cursor());
    }
    // A column at each side is for the sign, and one for a cursor at the end.
    let start = input.visual_scroll(width.saturating_sub(2));
    let left = if start > 0 { sign } else { "" };
    let room = width.saturating_sub(left.width() + 1);
    let shown = window(text, start, room);
    let right = if start + room < text.width() { sign } else { "" };
    (format!("{left}{shown}{right}"), input.visual_cursor().saturating_sub(start) + left.width())
}

pub fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Rows of cells in aligned columns, at most `width` columns together; the first column gives way.
pub fn columns(rows: &[Vec<String>], width: usize, sign: &str) -> Vec<String> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths = (0..count)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0))
        .collect();
    let widths = fitted(widths, width);
    rows.iter().map(|row| in_columns(row, &widths, width, sign)).collect()
}

/// Columns that any but the first is given at least.
const NARROWEST: usize = 12;

/// Widths of columns that fit into `width` together: the first has what it needs, the next what is left, and what finds no
/// room is left out.
pub fn fitted(widths: Vec<usize>, width: usize) -> Vec<usize> {
    let mut left = width;
    let fits = |(index, wanted): (usize, usize)| {
        let room = if index == 0 { left } else { left.saturating_sub(2) };
        let given = wanted.min(room);
        left = room - given;
        (index == 0 || given >= wanted.min(NARROWEST)).then_some(given)
    };
    widths.into_iter().enumerate().map_while(fits).collect()
}

pub fn in_columns(cells: &[String], widths: &[usize], width: usize, sign: &str) -> String {
    let cells: Vec<String> =
        cells.iter().zip(widths).map(|(cell, width)| pad(&cut(cell, *width, sign), *width)).collect();
    cut(cells.join("  ").trim_end(), width, sign)
}
