//! The private key that came with its certificate.

use std::path::Path;

use crate::edge::Usage;
use crate::home::{Stay, Undo};
use crate::plan::{Action, Done, Executor, Step, Undone};
use crate::system::{Access, World};
use crate::text::{Message, say};

/// Writes the key that was handed over, for a pair of this use.
#[derive(Debug, PartialEq)]
pub struct KeyGiven(pub Usage);

impl Step for KeyGiven {
    fn name(&self) -> &'static str {
        "key"
    }

    fn what(&self, _: &Path) -> Message {
        say("action-key-given")
    }

    fn perform(&self, action: &Action, executor: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        let key = executor.hands.key.take().ok_or_else(|| say("reason-no-key-given"))?;
        world.create(&action.target, key.pem().as_bytes(), Access::Private)?;
        Ok(Done::Made)
    }

    fn usage(&self) -> Option<Usage> {
        Some(self.0)
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::Stays { why: Stay::Key }
    }
}
