//! A copy of the request where a person wants it, to be sent.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::home::{Facts, Found, Undo};
use crate::pki::holds_certificate;
use crate::plan::{Action, Change, Done, Executor, Step, Undone};
use crate::problem::Problem;
use crate::system::{Access, World};
use crate::text::{Message, say};

use super::target::{appearance, file_undo, no_text, text_at};

/// Copies the request that this run made or found.
#[derive(Debug, PartialEq)]
pub struct RequestCopy {
    /// The request, where it exists already.
    found: Option<String>,
    /// What is there now and is replaced.
    before: Option<String>,
}

impl Action {
    /// A copy of the request at `target`: of `found`, else of the one made in this run.
    #[must_use]
    pub fn request_copy(facts: &Facts, target: PathBuf, found: Option<String>) -> Self {
        let before = text_at(facts, &target);
        let kind = match (&before, &found) {
            (Some(before), Some(found)) if before == found => Change::Keep,
            _ => appearance(facts, &target),
        };
        Action::replacing(facts, kind, target, RequestCopy { found, before })
    }
}

impl RequestCopy {
    fn request(&self, executor: &Executor<'_>) -> Option<String> {
        self.found.clone().or_else(|| executor.request.clone())
    }
}

impl Step for RequestCopy {
    fn name(&self) -> &'static str {
        "request-copy"
    }

    fn what(&self, _: &Path) -> Message {
        say("action-request-copy")
    }

    fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    fn problem(&self, action: &Action, facts: &Facts) -> Option<Problem> {
        match &facts.path_state(&action.target).found {
            Found::File(content) if holds_certificate(content) => Some(action.unwritable(say("reason-certificate"))),
            Found::File(content) if is_needed(action, facts, content) => Some(action.file_exists()),
            _ => action.in_the_way(facts).or_else(|| no_text(action, facts)),
        }
    }

    fn is_taken(&self, action: &Action, facts: &Facts) -> bool {
        facts.layout().is_taken(facts.place(&action.target))
    }

    fn prepare(
        &self,
        executor: &mut Executor<'_>,
        _: &mut dyn World,
    ) -> Result<Option<(Zeroizing<String>, Access)>, Undone> {
        Ok(self.request(executor).map(|request| (request.into(), Access::Shared)))
    }

    fn perform(&self, action: &Action, executor: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        // What has left the home folder leads back to it, so all that is in it outlasts the machine first.
        if !action.target.starts_with(executor.home) {
            world.sync()?;
        }
        let pem = self.request(executor).ok_or_else(|| say("reason-no-request"))?;
        action.write(world, &pem, Access::Shared)?;
        Ok(Done::Wrote(pem))
    }

    fn undo(&self, action: &Action) -> Undo {
        file_undo(action)
    }
}

/// Whether somebody may still need what is there: it is another's, or ours and waits for its certificate. One whose
/// certificate came has done its work, and is kept in the home folder.
fn is_needed(action: &Action, facts: &Facts, content: &[u8]) -> bool {
    let is_answered = || facts.answered.iter().any(|request| request.pem.as_bytes() == content);
    !action.may_replace && (!is_answered() || !facts.wrote(&action.target, content))
}
