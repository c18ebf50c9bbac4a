//! What every function of a field or a page may look at.

use crate::home::Facts;

use super::{Answers, Wishes};

/// What was said, what is there, what is wanted besides.
#[derive(Clone, Copy)]
pub struct Answered<'a> {
    /// What was said.
    pub answers: &'a Answers,
    /// What is there.
    pub facts: &'a Facts,
    /// What is wanted besides.
    pub wishes: &'a Wishes,
}

impl<'a> Answered<'a> {
    /// With nothing wanted besides.
    #[must_use]
    pub fn new(answers: &'a Answers, facts: &'a Facts) -> Self {
        Answered { answers, facts, wishes: &super::NO_WISHES }
    }
}
