//! What tells the home folder apart from every other: random, made once.

use std::path::Path;

use crate::home::{Facts, Undo};
use crate::plan::{Action, Change, Done, Executor, Plan, Step, Undone};
use crate::system::World;
use crate::text::Message;

use super::target::named;

/// Gives the home folder a name of its own.
#[derive(Debug, PartialEq)]
pub struct HomeId;

impl Step for HomeId {
    fn name(&self) -> &'static str {
        "file"
    }

    fn what(&self, target: &Path) -> Message {
        named(target)
    }

    fn perform(&self, _: &Action, _: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        world.owner()?;
        Ok(Done::Made)
    }

    // The name stays as long as the folder does.
    fn undo(&self, _: &Action) -> Undo {
        Undo::Nothing
    }
}

impl Plan {
    /// A home folder without a name of its own gets one with the first thing that is done in it.
    pub(super) fn add_home_id(&mut self, facts: &Facts) {
        if facts.owner.home_id.is_empty() && !self.is_done() {
            let is_above = |action: &Action| facts.home.starts_with(&action.target);
            let at = self.actions.iter().rposition(is_above).map_or(0, |last| last + 1);
            self.actions.insert(at, Action::new(Change::Create, facts.layout().home_id(), HomeId));
        }
    }
}
