//! A line of a summary page.

use crate::form::Content;
use crate::plan::Action;
use crate::problem::Problem;
use crate::text::Message;

use super::focus_target::FocusTarget;

/// A line of a summary page.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// A heading.
    Heading(Message),
    /// What the page itself shows.
    Content(Content),
    /// A problem; its answer is one key away.
    Problem(Problem),
    /// An answer; its page is one key away.
    Answer {
        /// Path of the answer.
        path: String,
        /// Its field's label.
        label: Message,
        /// What was said, or the default.
        value: String,
        /// Whether it was said.
        given: bool,
    },
    /// What will be done.
    Action(Action),
}

impl Line {
    /// The place it gives the focus to, as the line of this index.
    #[must_use]
    pub fn slot(&self, index: usize) -> Option<FocusTarget> {
        match self {
            Line::Problem(problem) if !problem.path.is_empty() => Some(FocusTarget::Jump(index, problem.path.clone())),
            Line::Answer { path, .. } => Some(FocusTarget::Jump(index, path.clone())),
            _ => None,
        }
    }
}
