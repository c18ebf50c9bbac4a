//! A file that goes away.

use std::path::{Path, PathBuf};

use crate::home::{Facts, Undo};
use crate::plan::{Action, Change, Done, Executor, Step, Undone};
use crate::problem::Problem;
use crate::system::World;
use crate::text::Message;

use super::target::{file_undo, is_of_another, leads_home, named, text_at};

/// Takes a file away.
#[derive(Debug, PartialEq)]
pub struct Remove {
    /// What is there now.
    before: String,
}

impl Action {
    /// Takes the file at `target` away, as `facts` have it.
    #[must_use]
    pub fn remove(facts: &Facts, target: PathBuf) -> Self {
        let before = text_at(facts, &target).unwrap_or_default();
        Action::replacing(facts, Change::Remove, target, Remove { before })
    }
}

impl Step for Remove {
    fn name(&self) -> &'static str {
        "file"
    }

    fn what(&self, target: &Path) -> Message {
        named(target)
    }

    fn before(&self) -> Option<&str> {
        Some(&self.before)
    }

    fn problem(&self, action: &Action, facts: &Facts) -> Option<Problem> {
        if is_of_another(action, facts) { Some(action.file_exists()) } else { action.in_the_way(facts) }
    }

    fn is_taken(&self, action: &Action, facts: &Facts) -> bool {
        leads_home(action, facts)
    }

    fn perform(&self, action: &Action, _: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        world.remove(&action.target)?;
        Ok(Done::Made)
    }

    fn undo(&self, action: &Action) -> Undo {
        file_undo(action)
    }
}
