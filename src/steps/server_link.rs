//! The link that a server reads its pair through, outside the home folder.

use std::path::{Path, PathBuf};

use crate::home::{Facts, Undo};
use crate::plan::{Action, Done, Executor, Step, Undone};
use crate::problem::Problem;
use crate::system::World;
use crate::text::{Message, say};

use super::target::{no_link, turn};

/// Name of the link below the server's folder of pairs.
pub const SERVER_LINK: &str = "current";

/// Switches the link in one step.
#[derive(Debug, PartialEq)]
pub struct ServerLink {
    /// Where it is to lead, as the link says it; none takes it away.
    to: Option<PathBuf>,
    /// Where it leads now.
    was: Option<PathBuf>,
}

impl ServerLink {
    /// What the journal calls it.
    pub const NAME: &'static str = "server-link";
}

impl Action {
    /// The link at `target`, to the pair's folder of this name beside it; none takes it away.
    #[must_use]
    pub fn server_link(facts: &Facts, target: PathBuf, to: Option<PathBuf>) -> Self {
        let was = facts.leads.get(&target).cloned();
        Action::new(turn(was.as_ref(), to.as_ref()), target, ServerLink { to, was })
    }
}

impl Step for ServerLink {
    fn name(&self) -> &'static str {
        ServerLink::NAME
    }

    fn what(&self, _: &Path) -> Message {
        match &self.to {
            Some(to) => say("action-server-link").with("to", to.to_string_lossy().into_owned()),
            None => say("action-server-link-away"),
        }
    }

    fn problem(&self, action: &Action, facts: &Facts) -> Option<Problem> {
        no_link(action, facts)
    }

    fn perform(&self, action: &Action, _: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        let folder = action.target.parent().unwrap_or(&action.target);
        if let (Some(to), Some(was)) = (&self.to, &self.was) {
            // ejabberd reads a file again only where it is newer than the one it knows by that path.
            world.freshen(&folder.join(to), &folder.join(was))?;
        }
        world.link(&action.target, self.to.as_deref())?;
        world.sync()?;
        Ok(Done::Made)
    }

    fn leads_to(&self) -> Option<&Path> {
        self.to.as_deref()
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::Point { to: self.was.as_ref().map(|was| was.to_string_lossy().into_owned()) }
    }
}
