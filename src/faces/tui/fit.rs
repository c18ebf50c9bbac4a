//! Text made to fit the columns of a screen, where a wide character takes two.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::text::visible;

/// Lines of at most `width` columns.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = textwrap::Options::new(width.max(1)).word_splitter(textwrap::WordSplitter::NoHyphenation);
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

/// `text` in pieces of `width` columns, nothing left out: for text that must not be wrapped at words.
#[must_use]
pub fn broken(text: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut column = 0;
    for grapheme in text.graphemes(true) {
        if column + grapheme.width() > width {
            pieces.push(String::new());
            column = 0;
        }
        column += grapheme.width();
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(grapheme);
        }
    }
    pieces
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

/// Widths of columns that fit into `width` together; the first gives way.
pub fn fitted(mut widths: Vec<usize>, width: usize) -> Vec<usize> {
    let total: usize = widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1);
    if let Some(first) = widths.first_mut() {
        *first = first.saturating_sub(total.saturating_sub(width)).max(8);
    }
    widths
}

pub fn in_columns(cells: &[String], widths: &[usize], width: usize, sign: &str) -> String {
    let cells: Vec<String> =
        cells.iter().zip(widths).map(|(cell, width)| pad(&cut(cell, *width, sign), *width)).collect();
    cut(cells.join("  ").trim_end(), width, sign)
}
