//! The private key of a request, which is never written over and never taken away.

use std::path::Path;

use zeroize::Zeroizing;

use crate::home::{Facts, Found, Stay, Undo};
use crate::pki::KeyKind;
use crate::plan::{Action, Change, Done, Executor, Step, Undone, key_open};
use crate::problem::Problem;
use crate::system::{Access, World};
use crate::text::{Message, say};

/// Has the key of a request there, for its owner alone.
#[derive(Debug, PartialEq)]
pub enum Key {
    /// A new one.
    New(KeyKind),
    /// One that an unfinished run left without its request, and that the request is now made with.
    Left(KeyKind),
    /// One that others may read, made its owner's alone.
    Closed(KeyKind),
}

impl Step for Key {
    fn name(&self) -> &'static str {
        "key"
    }

    fn what(&self, _: &Path) -> Message {
        let (Key::New(kind) | Key::Left(kind) | Key::Closed(kind)) = self;
        say("action-key").with("kind", say(format!("field-security-key.{}", kind.name())))
    }

    fn deed(&self, kind: Change) -> String {
        match self {
            Key::Left(_) => "action-go-on".to_owned(),
            Key::Closed(_) => "action-close".to_owned(),
            Key::New(_) => format!("action-{}", kind.name()),
        }
    }

    fn problem(&self, action: &Action, facts: &Facts) -> Option<Problem> {
        match (self, &facts.path_state(&action.target).found) {
            (Key::Closed(_), Found::Key) => None,
            _ => action.in_the_way(facts),
        }
    }

    fn warning(&self, target: &Path) -> Option<Problem> {
        matches!(self, Key::Closed(_)).then(|| key_open(target, say("key-open-closed")))
    }

    fn prepare(
        &self,
        executor: &mut Executor<'_>,
        world: &mut dyn World,
    ) -> Result<Option<(Zeroizing<String>, Access)>, Undone> {
        let Key::New(kind) = self else { return Ok(None) };
        let new = executor.make_key(world, *kind)?;
        Ok(Some((executor.key.insert(new).written.clone(), Access::Private)))
    }

    fn perform(&self, action: &Action, executor: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        match self {
            Key::New(kind) => {
                let new = executor.key.take().map_or_else(|| executor.make_key(world, *kind), Ok)?;
                world.create(&action.target, new.written.as_bytes(), Access::Private)?;
                executor.key = Some(new);
            }
            // It is there, and kept.
            Key::Left(_) => {}
            Key::Closed(_) => world.close_key(&action.target)?,
        }
        Ok(Done::Made)
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::Stays { why: Stay::Key }
    }
}
