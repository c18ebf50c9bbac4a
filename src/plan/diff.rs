//! What changes in a text.

use imara_diff::{Algorithm, BasicLineDiffPrinter, Diff, InternedInput, UnifiedDiffConfig};

/// The unified diff from `before` to `after`, three lines around each change; empty where they are equal.
#[must_use]
pub fn diff(before: &str, after: &str) -> String {
    let input = InternedInput::new(before, after);
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    diff.unified_diff(&BasicLineDiffPrinter(&input.interner), UnifiedDiffConfig::default(), &input).to_string()
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
}
