//! The symbolic link that a pair is served through.

use std::path::{Path, PathBuf};

use crate::edge::Usage;
use crate::home::layout::{CERTIFICATE, CHAIN, FULLCHAIN, KEY, pair};
use crate::home::{Facts, Pair, Undo};
use crate::pki::request::public_key_of;
use crate::plan::{Action, Done, Executor, Step, Undone};
use crate::problem::Problem;
use crate::system::World;
use crate::text::{Message, say};

use super::target::{no_link, turn};

/// Switches a link in one step; the pair it leads to is proved once more before.
#[derive(Debug, PartialEq)]
pub struct Link {
    /// Where it is to lead, as the link says it; none takes it away.
    to: Option<PathBuf>,
    /// Where it leads now.
    was: Option<PathBuf>,
}

impl Action {
    /// The link that `usage` is served through, to the pair of this number; none takes the link away.
    #[must_use]
    pub fn link(facts: &Facts, usage: Usage, number: Option<u32>) -> Self {
        let target = facts.layout().link(usage);
        let was = facts.links.get(usage.link()).cloned();
        let to = number.map(pair);
        Action::new(turn(was.as_ref(), to.as_ref()), target, Link { to, was })
    }
}

impl Step for Link {
    fn name(&self) -> &'static str {
        "link"
    }

    fn what(&self, _: &Path) -> Message {
        match &self.to {
            Some(to) => say("action-link").with("to", to.to_string_lossy().into_owned()),
            None => say("action-link-away"),
        }
    }

    fn problem(&self, action: &Action, facts: &Facts) -> Option<Problem> {
        no_link(action, facts)
    }

    fn perform(&self, action: &Action, executor: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        if let Some(to) = &self.to {
            prove_pair(world, &executor.home.join(to))?;
        }
        world.link(&action.target, self.to.as_deref())?;
        world.sync()?;
        Ok(Done::Made)
    }

    fn is_told_first(&self) -> bool {
        true
    }

    fn leads_to(&self) -> Option<&Path> {
        self.to.as_deref()
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::Point { to: self.was.as_ref().map(|was| was.to_string_lossy().into_owned()) }
    }
}

/// Proves that what lies in the folder of a pair is one: read anew from the disk, at the last moment.
fn prove_pair(world: &dyn World, folder: &Path) -> Result<(), Message> {
    let read = |name: &str| world.read(&folder.join(name)).ok();
    let key = world.read_key(&folder.join(KEY)).ok();
    let pair = Pair::of(0, [CERTIFICATE, CHAIN, FULLCHAIN].map(read), key.as_ref().and_then(public_key_of));
    if pair.is_whole { Ok(()) } else { Err(say("reason-no-pair")) }
}
