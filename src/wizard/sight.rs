//! What of the page can be seen.

use super::focus_target::FocusTarget;

/// What of the page was drawn last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sight {
    /// The first line in sight.
    pub first: usize,
    /// The first line in sight at the page's end.
    pub last: usize,
    /// Lines in sight.
    pub height: usize,
    /// The places in sight, top to bottom, without the buttons.
    pub slots: Vec<FocusTarget>,
}
