//! What changes in a text.

use similar::TextDiff;

/// The unified diff from `before` to `after`, three lines around each change; empty where they are equal.
#[must_use]
pub fn diff(before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after).unified_diff().context_radius(3).to_string()
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn a_diff_shows_what_goes_and_what_comes() {
        let shown = diff("a\nb\nc\n", "a\nB\nc\n");
        assert!(shown.contains("-b\n+B\n"), "{shown}");
        assert_eq!(diff("a\n", "a\n"), "");
    }
}
