//! A copy of a pair where the server reads it: a folder of its own with chain and key, whole or not at all, readable by the
//! server's group from birth.

use std::path::{Path, PathBuf};

use crate::home::layout::{FULLCHAIN, KEY};
use crate::home::{Facts, FileOwner, Found, Stay, Undo};
use crate::pki::digest::sha256_hex;
use crate::plan::{Action, Change, Done, Executor, Step, Undone};
use crate::problem::Problem;
use crate::system::{Access, World};
use crate::text::{Message, say};

/// The names that a server finds the two under.
pub const SERVED_CHAIN: &str = "fullchain.pem";
/// The key's.
pub const SERVED_KEY: &str = "privkey.pem";

/// The folder that a pair with this chain has below the server's folder of pairs: the same chain has the same, wherever it
/// comes from.
#[must_use]
pub fn folder_name(fullchain: &str) -> String {
    sha256_hex(fullchain.as_bytes())[..16].to_owned()
}

/// Copies a pair of the home folder.
#[derive(Debug, PartialEq)]
pub struct ServerPair {
    /// The folder of the pair, absolute.
    pub from: PathBuf,
    /// Whose the copies are.
    pub owner: FileOwner,
}

impl Action {
    /// The copy of the pair at `from`, whose chain this is, below the folder `pairs`; kept where it is there.
    #[must_use]
    pub fn server_pair(facts: &Facts, pairs: &Path, from: PathBuf, fullchain: &str, owner: FileOwner) -> Self {
        let target = pairs.join(folder_name(fullchain));
        let kind = if facts.path_state(&target).found == Found::Folder { Change::Keep } else { Change::Create };
        Action::new(kind, target, ServerPair { from, owner })
    }
}

impl Step for ServerPair {
    fn name(&self) -> &'static str {
        "server-pair"
    }

    fn what(&self, _: &Path) -> Message {
        say("action-server-pair")
    }

    fn problem(&self, action: &Action, facts: &Facts) -> Option<Problem> {
        action.in_the_way(facts)
    }

    fn key_used(&self, _: &Path) -> Option<PathBuf> {
        Some(self.from.join(KEY))
    }

    fn perform(&self, action: &Action, _: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        let access = |mode| Access::Exactly { mode, owner: Some(self.owner) };
        let chain = world.read(&self.from.join(FULLCHAIN))?;
        let key =
            world.read_key(&self.from.join(KEY)).map_err(|e| say("reason-no-key").with("reason", e.to_string()))?;
        let is_same = action.target.ends_with(folder_name(&chain));
        if !is_same || key.is_encrypted() {
            return Err(say("reason-no-pair").into());
        }
        world.stage(&action.target, access(0o750))?;
        let chain = world.create(&action.target.join(SERVED_CHAIN), chain.as_bytes(), access(0o640));
        let both =
            chain.and_then(|()| world.create(&action.target.join(SERVED_KEY), key.pem().as_bytes(), access(0o640)));
        if let Err(error) = both.and_then(|()| world.publish()) {
            world.unstage();
            return Err(error.into());
        }
        Ok(Done::Made)
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::Stays { why: Stay::Key }
    }
}
