//! One thing that a run does: what it amounts to, and the step that does it.

use std::any::Any;
use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::edge::Usage;
use crate::home::{Facts, Found, Undo};
use crate::problem::{Code, Problem};
use crate::system::{Access, World};
use crate::text::{Message, Text, say, visible};

use super::executor::{Done, Executor, Undone};

/// One action on one target.
#[derive(Debug, Clone)]
pub struct Action {
    /// What it amounts to, compared with what is there.
    pub kind: Change,
    /// Absolute path of what it makes or changes.
    pub target: PathBuf,
    /// How it is done.
    pub step: Arc<dyn Step>,
    /// Path of the answer that chose the target; empty where it follows from the home folder.
    pub answer: &'static str,
    /// Whether what is at the target may be replaced although somebody may still need it.
    pub may_replace: bool,
    /// Permission bits of the file that is there now and is replaced or taken away.
    pub mode: Option<u32>,
    /// Whose file that is, as `chown` takes it.
    pub owner: Option<String>,
    /// The part of the plan that is done as a whole or taken back, if it is in one.
    pub stage: Option<&'static str>,
}

impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        let Action { kind, target, step, answer, may_replace, mode, owner, stage } = self;
        (kind, target, answer, may_replace) == (&other.kind, &other.target, &other.answer, &other.may_replace)
            && (mode, owner, stage) == (&other.mode, &other.owner, &other.stage)
            && **step == *other.step
    }
}

impl Eq for Action {}

/// What an action amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Something new.
    Create,
    /// Something that is there becomes different.
    Change,
    /// It is there already.
    Keep,
    /// Something that is there goes away.
    Remove,
    /// A command.
    Run,
}

impl Change {
    /// The contract's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Change::Create => "create",
            Change::Change => "change",
            Change::Keep => "keep",
            Change::Remove => "remove",
            Change::Run => "run",
        }
    }

    /// One column that tells it apart in a list.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Change::Create => "+",
            Change::Change => "~",
            Change::Keep => "=",
            Change::Remove => "-",
            Change::Run => ">",
        }
    }
}

impl Action {
    /// Does `step` at `target`, where nothing is replaced.
    #[must_use]
    pub fn new(kind: Change, target: PathBuf, step: impl Step) -> Self {
        Action {
            kind,
            target,
            step: Arc::new(step),
            answer: "",
            may_replace: false,
            mode: None,
            owner: None,
            stage: None,
        }
    }

    /// Does `step` in place of the file at `target`, as `facts` have it.
    #[must_use]
    pub fn replacing(facts: &Facts, kind: Change, target: PathBuf, step: impl Step) -> Self {
        let spot = facts.path_state(&target);
        let owner = spot.owner.map(|owner| facts.names.shown(owner));
        Action { mode: spot.mode, owner, ..Action::new(kind, target, step) }
    }

    /// Its step, if it is of this kind.
    #[must_use]
    pub fn as_a<T: Step>(&self) -> Option<&T> {
        let step: &dyn Any = &*self.step;
        step.downcast_ref()
    }

    /// What is there now and is replaced or taken away.
    #[must_use]
    pub fn before(&self) -> Option<&str> {
        self.step.before()
    }

    /// The action in one line, without its target.
    #[must_use]
    pub fn summary(&self) -> Message {
        say(self.step.deed(self.kind)).with("what", self.what())
    }

    /// The action in as few words as tell it from others, without its target; a command has no fewer.
    #[must_use]
    pub fn in_short(&self) -> Message {
        if self.kind == Change::Run {
            return self.summary();
        }
        say(self.step.deed(self.kind)).with("what", say(format!("step-{}", self.step.name())))
    }

    /// What it makes or changes; nothing of a command.
    #[must_use]
    pub fn made(&self) -> Option<&Path> {
        (self.kind != Change::Run).then_some(self.target.as_path())
    }

    /// The action with its target, as a line of the log.
    #[must_use]
    pub fn line(&self, text: &Text) -> String {
        format!("{}  {}", text.say(&self.summary()), visible(&self.target.to_string_lossy()))
    }

    /// What it makes or changes, without the deed.
    #[must_use]
    pub fn what(&self) -> Message {
        self.step.what(&self.target)
    }

    /// What changes, as a diff; empty for anything but a changed text.
    #[must_use]
    pub fn changes(&self) -> String {
        if self.kind == Change::Change { self.step.diff() } else { String::new() }
    }

    /// Why it cannot be done, as far as `facts` tell.
    #[must_use]
    pub fn problem(&self, facts: &Facts) -> Option<Problem> {
        if self.kind == Change::Keep { None } else { self.step.problem(self, facts) }
    }

    /// Writes its file: a new one, never over anything, or one in place of what is there.
    ///
    /// # Errors
    /// The system's.
    pub fn write(&self, world: &mut dyn World, content: &str, access: Access) -> io::Result<()> {
        match self.kind {
            Change::Create => world.create(&self.target, content.as_bytes(), access),
            _ => world.replace(&self.target, content.as_bytes(), access),
        }
    }

    /// What keeps a file from being put at the target.
    #[must_use]
    pub fn in_the_way(&self, facts: &Facts) -> Option<Problem> {
        let spot = facts.path_state(&self.target);
        Some(self.unwritable(match spot.found {
            Found::Nothing | Found::File(_) => spot.unwritable.clone()?,
            Found::Link => say("reason-link"),
            Found::Other => say("reason-other"),
            Found::Folder => say("reason-folder"),
            Found::Key => say("reason-key"),
        }))
    }

    /// Says why the target cannot be written.
    #[must_use]
    pub fn unwritable(&self, reason: Message) -> Problem {
        unwritable(self.answer, &self.target, reason)
    }

    /// Says that the target is what somebody may still need.
    #[must_use]
    pub fn file_exists(&self) -> Problem {
        Problem::error(Code::FileExists, self.answer).with("file", self.target.to_string_lossy().into_owned())
    }
}

/// How an action is done. The kinds stand in `steps`, one file each; what one does not say of itself is as it is with most.
pub trait Step: Any + Debug + Send + Sync + Same {
    /// What the journal calls that which is made.
    fn name(&self) -> &'static str;

    /// What it makes or changes at `target` in words, without the deed.
    fn what(&self, target: &Path) -> Message;

    /// The key of the message that says the deed.
    fn deed(&self, kind: Change) -> String {
        format!("action-{}", kind.name())
    }

    /// Whether other actions may be about something inside of what it makes.
    fn is_folder(&self) -> bool {
        false
    }

    /// The text that is there now and is replaced or taken away.
    fn before(&self) -> Option<&str> {
        None
    }

    /// What changes, as a diff of texts.
    fn diff(&self) -> String {
        String::new()
    }

    /// Why it cannot be done, as far as `facts` tell.
    fn problem(&self, action: &Action, facts: &Facts) -> Option<Problem> {
        action.in_the_way(facts)
    }

    /// Whether its place is one that the home folder needs for something else.
    fn is_taken(&self, _action: &Action, _facts: &Facts) -> bool {
        false
    }

    /// What it is called when it could not be done.
    fn failure(&self) -> Code {
        Code::FileUnwritable
    }

    /// Permission bits and owner of the file that it writes, where they are chosen.
    fn access(&self) -> (Option<u32>, Option<String>) {
        (None, None)
    }

    /// What is to be known before it is done.
    fn warning(&self, _target: &Path) -> Option<Problem> {
        None
    }

    /// The key in the home folder that it is done with.
    fn key_used(&self, _target: &Path) -> Option<PathBuf> {
        None
    }

    /// What it will write and for whom, where that is known or can be made before; it is then on the disk already when
    /// [`Step::perform`] writes it.
    ///
    /// # Errors
    /// Why it cannot be made, which [`Step::perform`] says again.
    fn prepare(
        &self,
        _executor: &mut Executor<'_>,
        _world: &mut dyn World,
    ) -> Result<Option<(Zeroizing<String>, Access)>, Undone> {
        Ok(None)
    }

    /// Does it.
    ///
    /// # Errors
    /// Why it is not done.
    fn perform(&self, action: &Action, executor: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone>;

    /// What the request or pair is for that it makes.
    fn usage(&self) -> Option<Usage> {
        None
    }

    /// Whether the journal hears of it before it is done: whoever takes it back has to know what was before.
    fn is_told_first(&self) -> bool {
        false
    }

    /// Where the link leads that it makes, as the link says it.
    fn leads_to(&self) -> Option<&Path> {
        None
    }

    /// What takes it back; there is no default, so that no step forgets it.
    fn undo(&self, action: &Action) -> Undo;
}

/// Compares steps of whatever kind.
pub trait Same {
    /// Whether `other` is of the same kind and says the same.
    fn is_same(&self, other: &dyn Any) -> bool;
}

impl<T: Any + PartialEq> Same for T {
    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

impl PartialEq for dyn Step {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other as &dyn Any)
    }
}

/// Says why `file` cannot be written.
pub(super) fn unwritable(answer: &str, file: &Path, reason: Message) -> Problem {
    let file = file.to_string_lossy().into_owned();
    Problem::error(Code::FileUnwritable, answer).with("file", file).with("reason", reason)
}
