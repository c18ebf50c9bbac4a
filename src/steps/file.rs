//! A file with a content that is known.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::home::layout::BEFORE;
use crate::home::{Facts, Undo};
use crate::plan::{Action, Change, Done, Executor, Step, Undone, diff};
use crate::problem::Problem;
use crate::system::{Access, World};
use crate::text::{Message, say};

use super::target::{appearance, file_undo, is_of_another, leads_home, named, no_text, text_at};

/// Writes a file.
#[derive(Debug, PartialEq)]
pub struct File {
    /// The new content.
    pub content: String,
    /// What is there now.
    pub before: Option<String>,
    /// Who may read it.
    pub access: Access,
    /// Whose it becomes, as `chown` takes it, where that is chosen.
    pub owner: Option<String>,
}

impl File {
    /// What the journal calls it.
    pub const NAME: &'static str = "file";
}

impl Action {
    /// A file in the home folder for its owner alone, created or changed or kept as `facts` have it.
    #[must_use]
    pub fn file(facts: &Facts, target: PathBuf, content: String) -> Self {
        Action::file_for(facts, target, content, Access::Private)
    }

    /// A file, created or changed or kept as `facts` have it.
    #[must_use]
    pub fn file_for(facts: &Facts, target: PathBuf, content: String, access: Access) -> Self {
        let spot = facts.path_state(&target);
        let is_other = match access {
            // A file that others came to read is written anew with its own mode.
            Access::Private => facts.is_open(&target),
            Access::Shared => false,
            Access::Exactly { mode, owner } => {
                spot.mode.is_some_and(|is| is & 0o7777 != mode)
                    || owner.is_some() && spot.owner.is_some() && spot.owner != owner
            }
        };
        let before = text_at(facts, &target);
        let kind = match &before {
            Some(before) if *before == content && !is_other => Change::Keep,
            _ => appearance(facts, &target),
        };
        let owner = match access {
            Access::Exactly { owner, .. } => owner.map(|owner| facts.names.shown(owner)),
            Access::Private | Access::Shared => None,
        };
        Action::replacing(facts, kind, target, File { content, before, access, owner })
    }
}

impl Step for File {
    fn name(&self) -> &'static str {
        File::NAME
    }

    fn what(&self, target: &Path) -> Message {
        let is_kept = target.parent().is_some_and(|folder| folder.ends_with(BEFORE));
        if is_kept { say("action-before") } else { named(target) }
    }

    fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    fn diff(&self) -> String {
        self.before.as_ref().map(|before| diff(before, &self.content)).unwrap_or_default()
    }

    fn access(&self) -> (Option<u32>, Option<String>) {
        match self.access {
            Access::Exactly { mode, .. } => (Some(mode), self.owner.clone()),
            Access::Private | Access::Shared => (None, None),
        }
    }

    fn problem(&self, action: &Action, facts: &Facts) -> Option<Problem> {
        if is_of_another(action, facts) {
            return Some(action.file_exists());
        }
        action.in_the_way(facts).or_else(|| no_text(action, facts))
    }

    fn is_taken(&self, action: &Action, facts: &Facts) -> bool {
        leads_home(action, facts)
    }

    fn prepare(&self, _: &mut Executor<'_>, _: &mut dyn World) -> Result<Option<(Zeroizing<String>, Access)>, Undone> {
        Ok(Some((self.content.clone().into(), self.access)))
    }

    fn perform(&self, action: &Action, executor: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        // What somebody else wrote meanwhile, who does not hold the home folder, is not lost.
        let is_theirs = !action.target.starts_with(executor.home) && action.kind == Change::Change;
        if is_theirs && world.read(&action.target).ok() != self.before {
            return Err(say("reason-changed-meanwhile").into());
        }
        action.write(world, &self.content, self.access)?;
        Ok(Done::Wrote(self.content.clone()))
    }

    fn undo(&self, action: &Action) -> Undo {
        file_undo(action)
    }
}
