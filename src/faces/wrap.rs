//! Lines that scroll, made to fit the width of a terminal.

use unicode_width::UnicodeWidthStr;

/// Columns of the longest mark before a text, its blank among them: `12. `.
const MARK: usize = 4;

/// `text` with each line that is wider than `width` columns broken at words, what goes on indented as its line is. A word
/// that is wider stays whole: it may be a path or a command that somebody copies.
#[must_use]
pub fn wrap(text: &str, width: usize) -> String {
    text.split_inclusive('\n').map(|line| wrap_line(line, width)).collect()
}

fn wrap_line(line: &str, width: usize) -> String {
    let words = line.trim();
    if line.trim_end().width() <= width || words.is_empty() {
        return line.to_owned();
    }
    let indent = &line[..line.len() - line.trim_start().len()];
    // The blank behind a prompt and the end of the line stay.
    let end = &line[line.trim_end().len()..];
    // A sign or a number stands before its text, never above it.
    let is_mark = |word: &&str| word.width() <= MARK && !word.contains(char::is_alphabetic);
    let mark = words.split_inclusive(' ').next().filter(is_mark).unwrap_or_default();
    let words = &words[mark.len()..];
    // What goes on in a column goes on below it, and cannot be taken for a row of its own.
    let column = words.rfind("  ").map_or(0, |gap| words[..gap].width() + 2);
    let column = if indent.width() + mark.width() + column <= width / 2 { column } else { MARK };
    let (first, next) = (format!("{indent}{mark}"), format!("{indent}{}", " ".repeat(mark.width() + column)));
    let options = textwrap::Options::new(width)
        .initial_indent(&first)
        .subsequent_indent(&next)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .break_words(false);
    textwrap::fill(words, options) + end
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_words_and_keep_their_indent() {
        assert_eq!(wrap("one two three\n  four five six\nseven", 9), "one two\nthree\n  four\n  five\n  six\nseven");
    }

    #[test]
    fn what_stands_behind_a_sign_or_a_number_stays_behind_it() {
        let list = "  + /a/path/that/is/copied with\n  12. one two three";
        assert_eq!(wrap(list, 12), "  + /a/path/that/is/copied\n    with\n  12. one\n      two\n      three");
    }

    #[test]
    fn what_fits_or_cannot_be_broken_stays_as_it_is() {
        for line in ["", "\n", "one two\n", "/a/path/that/is/copied", "  name  SRV  0"] {
            assert_eq!(wrap(line, 15), line);
        }
        assert_eq!(wrap("in /a/path/that/is/copied\n", 8), "in\n/a/path/that/is/copied\n");
    }

    #[test]
    fn the_blank_behind_a_prompt_stays() {
        assert_eq!(wrap("Go on to the next: ", 10), "Go on to\nthe next: ");
    }
}
