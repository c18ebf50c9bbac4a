//! A copy of a private key, for its owner alone.

use std::path::{Path, PathBuf};

use crate::edge::Usage;
use crate::home::{Stay, Undo};
use crate::pki::encrypted_key::open;
use crate::plan::{Action, Done, Executor, Step, Undone};
use crate::system::{Access, World};
use crate::text::{Message, say};

/// Copies a private key; one under a passphrase is opened.
#[derive(Debug, PartialEq)]
pub struct KeyCopy {
    /// Absolute path of the key.
    pub from: PathBuf,
    /// What a pair is for; none for the key of a request, which says so itself.
    pub usage: Option<Usage>,
}

impl Step for KeyCopy {
    fn name(&self) -> &'static str {
        "key"
    }

    fn what(&self, _: &Path) -> Message {
        say("action-key-copy")
    }

    fn key_used(&self, _: &Path) -> Option<PathBuf> {
        Some(self.from.clone())
    }

    fn perform(&self, action: &Action, executor: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        let key = world.read_key(&self.from).map_err(|e| say("reason-no-key").with("reason", e.to_string()))?;
        let key = if key.is_encrypted() {
            let passphrase = executor.hands.passphrase.as_ref().ok_or_else(|| say("reason-passphrase"))?;
            open(key.pem(), passphrase).map_err(|_| say("reason-passphrase"))?
        } else {
            key
        };
        world.create(&action.target, key.pem().as_bytes(), Access::Private)?;
        Ok(Done::Made)
    }

    fn usage(&self) -> Option<Usage> {
        self.usage
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::Stays { why: Stay::Key }
    }
}
