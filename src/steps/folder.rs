//! A folder: for its owner alone, 0700, unless something else is said.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::home::{Facts, Found, Undo};
use crate::plan::{Action, Change, Done, Executor, Plan, Step, Undone};
use crate::problem::Problem;
use crate::system::{Access, World};
use crate::text::{Message, say};

/// Makes a folder.
#[derive(Debug, PartialEq)]
pub enum Folder {
    /// By itself; one that is there becomes its owner's alone.
    Plain,
    /// With all that the next actions put into it, or not at all.
    Whole(Access),
    /// By itself, for somebody else.
    For(Access),
}

impl Step for Folder {
    fn name(&self) -> &'static str {
        "folder"
    }

    fn what(&self, _: &Path) -> Message {
        if matches!(self, Folder::For(_)) { say("action-folder-server") } else { say("action-folder") }
    }

    fn is_folder(&self) -> bool {
        true
    }

    fn problem(&self, action: &Action, facts: &Facts) -> Option<Problem> {
        let spot = facts.path_state(&action.target);
        match spot.found {
            Found::Folder => spot.unwritable.clone().map(|reason| action.unwritable(reason)),
            Found::File(_) | Found::Key => Some(action.unwritable(say("reason-file"))),
            _ => action.in_the_way(facts),
        }
    }

    fn perform(&self, action: &Action, executor: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        match self {
            Folder::Plain => world.make_folder(&action.target)?,
            Folder::Whole(access) => executor.stage(world, &action.target, *access)?,
            Folder::For(access) => {
                world.stage(&action.target, *access)?;
                world.publish()?;
            }
        }
        Ok(Done::Made)
    }

    // An empty folder harms nobody, and another run may need it.
    fn undo(&self, _: &Action) -> Undo {
        Undo::Nothing
    }
}

impl Plan {
    /// Adds a folder that something is put into, where it is not there, or where others may look into the home folder.
    pub(super) fn add_folder(&mut self, facts: &Facts, folder: &Path, planned: &mut HashSet<PathBuf>) {
        let spot = facts.path_state(folder);
        let is_home = folder == facts.home;
        let kind = match spot.found {
            // Another's curiosity about the home folder ends here; the files in it are private on their own as well.
            Found::Folder if is_home && facts.is_open(folder) => Change::Change,
            Found::Folder => return,
            // Above the home folder, where nobody looked counts as there, and links lead where their owner wants.
            _ if !folder.starts_with(&facts.home) && !facts.is_seen_free(folder) => return,
            _ => Change::Create,
        };
        if planned.insert(folder.to_owned()) {
            let is_whole = kind == Change::Create && facts.layout().is_numbered(folder);
            let step = if is_whole { Folder::Whole(Access::Private) } else { Folder::Plain };
            self.actions.push(Action::new(kind, folder.to_owned(), step));
        }
    }
}
