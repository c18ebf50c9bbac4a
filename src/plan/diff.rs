//! What changes in a text.

use std::fmt;

use imara_diff::{Algorithm, BasicLineDiffPrinter, Diff, InternedInput, Token, UnifiedDiffConfig, UnifiedDiffPrinter};

/// The unified diff from `before` to `after`, three lines around each change, at the begin up to six; empty where they are equal.
#[must_use]
pub fn diff(before: &str, after: &str) -> String {
    let input = InternedInput::new(before, after);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let printer = Printer(BasicLineDiffPrinter(&input.interner));
    diff.unified_diff(&printer, UnifiedDiffConfig::default(), &input).to_string()
}

struct Printer<'a>(BasicLineDiffPrinter<'a, str>);

impl UnifiedDiffPrinter for Printer<'_> {
    fn display_header(
        &self,
        f: impl fmt::Write,
        start_before: u32,
        start_after: u32,
        len_before: u32,
        len_after: u32,
    ) -> fmt::Result {
        // imara-diff 0.2.0 shows the text from its first line where the first change is in the seven lines there, and says
        // that it begins three lines before the change.
        let real = |start: u32| if start <= 3 { 0 } else { start };
        self.0.display_header(f, real(start_before), real(start_after), len_before, len_after)
    }

    fn display_context_token(&self, f: impl fmt::Write, token: Token) -> fmt::Result {
        self.0.display_context_token(f, token)
    }

    fn display_hunk(&self, f: impl fmt::Write, before: &[Token], after: &[Token]) -> fmt::Result {
        self.0.display_hunk(f, before, after)
    }
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn a_diff_shows_what_goes_and_what_comes() {
        assert_eq!(diff("a\nb\nc\n", "a\nB\nc\n"), "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
        assert_eq!(diff("a\n", "a\n"), "");
        assert_eq!(diff("", "a\n").lines().last(), Some("+a"));
        assert_eq!(diff("a\nb", "a\nb\n").lines().skip(1).collect::<Vec<_>>(), [" a", "-b", "+b"]);
    }

    #[test]
    fn it_says_at_which_line_it_begins() {
        let lines: Vec<String> = (1..=40).map(|number| format!("{number}\n")).collect();
        for changed in 1..=40 {
            let mut after = lines.clone();
            after[changed - 1] = "other\n".to_owned();
            let diff = diff(&lines.concat(), &after.concat());
            let mut shown = diff.lines();
            let (head, line) = (shown.next().unwrap(), &shown.next().unwrap()[1..]);
            assert!(head.starts_with(&format!("@@ -{line},")) && head.contains(&format!(" +{line},")), "{diff}");
        }
    }
}
