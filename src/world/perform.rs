//! Carries a plan out, action by action, and writes the journal.

use std::io;
use std::path::{Path, PathBuf};

use crate::model::PrivateKey;
use crate::model::request::sign;
use crate::plan::journal::Entry;
use crate::plan::{Access, Action, ActionKind, JOURNAL, Plan, Work};
use crate::problem::{Code, Problem};
use crate::text::{Message, say};

use super::World;

/// How far a run came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What was done; kept things are not in it.
    pub done: Vec<Action>,
    /// How many actions of the plan are behind: done, or there already.
    pub reached: usize,
    /// What could not be done, and why; nothing after it was tried.
    pub failed: Option<(Action, Problem)>,
    /// Whether it was told to stop before the end.
    pub cancelled: bool,
}

/// Something that a run tells while it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The action of this index has begun.
    Begun(usize),
    /// The action of this index is done or was there already.
    Done(usize),
}

/// Performs `plan` in `world`; `home` is where the journal is. Between two actions, and
/// while a key is being made, `go_on` is asked whether to go on.
pub fn perform(
    world: &mut dyn World,
    home: &Path,
    plan: &Plan,
    tell: &mut dyn FnMut(Step),
    go_on: &dyn Fn() -> bool,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut bench = Bench { journal: home.join(JOURNAL), untold: Vec::new(), key: None, request: None };
    for (index, action) in plan.actions.iter().enumerate() {
        if !go_on() {
            outcome.cancelled = true;
            break;
        }
        tell(Step::Begun(index));
        // The first run makes the home folder before it can hold it.
        if let Err(held) = world.lock() {
            let problem = Problem::error(Code::HomeLocked, "").with("by", held.by);
            outcome.failed = Some((action.clone(), problem));
            break;
        }
        if action.kind != ActionKind::Keep {
            match bench.perform(world, action, go_on) {
                Ok(()) => outcome.done.push(action.clone()),
                Err(Undone::Cancelled) => {
                    outcome.cancelled = true;
                    break;
                }
                Err(Undone::Failed(reason)) => {
                    let problem = Problem::error(Code::FileUnwritable, action.answer)
                        .with("file", action.target.to_string_lossy().into_owned())
                        .with("reason", reason);
                    outcome.failed = Some((action.clone(), problem));
                    break;
                }
            }
        }
        outcome.reached = index + 1;
        tell(Step::Done(index));
    }
    outcome
}

/// Why an action was not done.
enum Undone {
    /// It was told to stop.
    Cancelled,
    /// It could not be done.
    Failed(Message),
}

impl From<Message> for Undone {
    fn from(reason: Message) -> Self {
        Undone::Failed(reason)
    }
}

/// What one action leaves for the next.
struct Bench {
    journal: PathBuf,
    untold: Vec<String>,
    key: Option<PrivateKey>,
    request: Option<String>,
}

impl Bench {
    fn perform(&mut self, world: &mut dyn World, action: &Action, go_on: &dyn Fn() -> bool) -> Result<(), Undone> {
        let told = match &action.work {
            Work::Folder => {
                world.make_folder(&action.target).map_err(system)?;
                None
            }
            // It is there, and kept.
            Work::KeyLeft(_) => None,
            Work::KeyClosed(_) => {
                world.close_key(&action.target).map_err(system)?;
                None
            }
            Work::Key(kind) => {
                let key = world.make_key(*kind, go_on).map_err(backend)?.ok_or(Undone::Cancelled)?;
                world.create(&action.target, key.pem().as_bytes(), Access::Private).map_err(system)?;
                self.key = Some(key);
                None
            }
            Work::Request(spec) => {
                let beside = action.target.with_file_name("key.pem");
                let left = || world.read_key(&beside).map_err(|e| say("reason-no-key").with("reason", e.to_string()));
                let key = self.key.take().map_or_else(left, Ok)?;
                let pem = sign(spec, &key).map_err(backend)?;
                world.create(&action.target, pem.as_bytes(), Access::Private).map_err(system)?;
                self.request.insert(pem).clone().into()
            }
            Work::RequestCopy { found, .. } => {
                let Some(pem) = found.clone().or_else(|| self.request.clone()) else {
                    return Err(say("reason-no-request").into());
                };
                write(world, action, &pem, Access::Shared)?;
                Some(pem)
            }
            Work::File { content, access, .. } => {
                write(world, action, content, *access)?;
                Some(content.clone())
            }
        };
        self.untold.push(Entry::of(action, told.as_deref(), world.now()).line());
        // A folder above the home folder is made before there is a place to say so.
        let has_journal =
            self.journal.parent().is_none_or(|home| action.target == home || !home.starts_with(&action.target));
        if has_journal { Ok(self.tell(world)?) } else { Ok(()) }
    }

    /// Writes down what was done since the last time.
    fn tell(&mut self, world: &mut dyn World) -> Result<(), Message> {
        for line in self.untold.drain(..) {
            let told = world.append(&self.journal, &line);
            told.map_err(|error| say("reason-journal").with("reason", error.to_string()))?;
        }
        Ok(())
    }
}

fn write(world: &mut dyn World, action: &Action, content: &str, access: Access) -> Result<(), Message> {
    let written = match action.kind {
        ActionKind::Create => world.create(&action.target, content.as_bytes(), access),
        _ => world.replace(&action.target, content.as_bytes(), access),
    };
    written.map_err(system)
}

fn system(error: io::Error) -> Message {
    say("reason-system").with("reason", error.to_string())
}

fn backend(error: String) -> Message {
    say("reason-system").with("reason", error)
}
