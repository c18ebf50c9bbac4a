//! The last run is taken back, as far as that can be, from what the journal and the disk say.

use crate::model::Facts;
use crate::plan::Plan;
use crate::text::Message;

/// What taking back the last run comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// What takes it back.
    pub plan: Plan,
    /// What stays, and why.
    pub stays: Vec<Message>,
}

/// Takes back the last run that was not taken back yet.
#[must_use]
pub fn undo(_facts: &Facts) -> Option<Undo> {
    None
}
