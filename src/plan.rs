//! What is done is data: actions that describe themselves and compare themselves with what is there. What each kind of
//! action is stands in `steps`, behind one trait.

mod action;
mod diff;
mod executor;
mod journal;

use std::path::{Path, PathBuf};

use crate::home::{Facts, Found};
use crate::problem::{Code, Problem};
use crate::text::{Message, say};

use action::unwritable;
pub use action::{Action, Change, Same, Step};
pub use diff::diff;
pub use executor::{Done, Executor, NewKey, Secrets, Undoes, Undone, system_said};

/// What a run will do, in order. A dry run and a run perform the same plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The actions in order.
    pub actions: Vec<Action>,
    /// What it takes back.
    pub undoes: Option<Undoes>,
}

impl Plan {
    /// Every place the plan touches.
    #[must_use]
    pub fn targets(&self) -> Vec<PathBuf> {
        self.actions.iter().map(|action| action.target.clone()).collect()
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.actions.iter().all(|action| action.kind == Change::Keep)
    }

    /// Why it cannot be done, as far as `facts` tell.
    #[must_use]
    pub fn problems(&self, facts: &Facts) -> Vec<Problem> {
        let unsafe_home = facts.home_unsafe.iter().map(|who| {
            Problem::error(Code::HomeUnsafe, "")
                .with("home", facts.home.to_string_lossy().into_owned())
                .with("who", who.as_str())
        });
        let mut problems: Vec<Problem> = unsafe_home
            .chain(self.journal_problem(facts))
            .chain(self.open_keys(facts))
            .chain(self.shared_keys(facts))
            .collect();
        let mut blocked: Vec<&Path> = Vec::new();
        let mut made: Vec<&Path> = Vec::new();
        for action in &self.actions {
            // Nobody could look into a folder outside the home folder that is still to be made.
            let is_outside = !action.target.starts_with(&facts.home);
            if is_outside && made.iter().any(|folder| action.target.starts_with(folder)) {
                continue;
            }
            let is_new = action.step.is_folder() && action.kind == Change::Create;
            made.extend((is_outside && is_new).then_some(action.target.as_path()));
            // What is inside a folder that cannot be made is one trouble with it.
            if blocked.iter().any(|folder| action.target.starts_with(folder)) {
                continue;
            }
            if let Some(problem) = self.clash(facts, action).or_else(|| action.problem(facts)) {
                problems.push(problem);
                blocked.extend(action.step.is_folder().then_some(action.target.as_path()));
            }
        }
        if problems.is_empty() {
            problems.extend(self.unjournalled(facts));
        }
        problems
    }

    /// Why what is done could not be written down, where it is done outside the home folder: all else would say so itself.
    fn unjournalled(&self, facts: &Facts) -> Option<Problem> {
        let journal = facts.layout().journal();
        let reason = facts.path_state(&journal).unwritable.clone()?;
        (!self.is_done()).then(|| unwritable("", &journal, reason))
    }

    /// Why the place that a person chose for `action` is another's.
    fn clash(&self, facts: &Facts, action: &Action) -> Option<Problem> {
        let place = facts.place(&action.target);
        let same = || self.actions.iter().filter(|other| facts.place(&other.target) == place).count();
        let clashes = action.step.is_taken(action, facts) || !action.answer.is_empty() && same() > 1;
        clashes.then(|| action.unwritable(say("reason-taken")))
    }

    /// The keys that others may read, which is said of each: what they were told of it cannot be taken back.
    fn open_keys<'a>(&'a self, facts: &'a Facts) -> impl Iterator<Item = Problem> + 'a {
        let closed = self.actions.iter().filter_map(|action| action.step.warning(&action.target));
        closed.chain(facts.keys_open.iter().map(|key| key_open(key, say("key-open-unused"))))
    }

    /// The keys that are to be used and are not ours alone: whoever holds the other name could change what is copied.
    fn shared_keys<'a>(&'a self, facts: &'a Facts) -> impl Iterator<Item = Problem> + 'a {
        let done = self.actions.iter().filter(|action| action.kind != Change::Keep);
        let used = done.filter_map(|action| action.step.key_used(&action.target));
        used.filter(|key| facts.keys_shared.contains(key))
            .map(|key| Problem::error(Code::KeyShared, "").with("file", key.to_string_lossy().into_owned()))
    }

    /// Why what is done could not be written down, or the home folder not be held meanwhile.
    fn journal_problem(&self, facts: &Facts) -> Option<Problem> {
        let is_in_the_way = |path: &PathBuf| !matches!(facts.path_state(path).found, Found::Nothing | Found::File(_));
        let path = [facts.layout().journal(), facts.layout().lock()].into_iter().find(is_in_the_way)?;
        let reason = match facts.path_state(&path).found {
            Found::Link => say("reason-link"),
            Found::Folder => say("reason-folder"),
            _ => say("reason-other"),
        };
        (!self.is_done()).then(|| unwritable("", &path, reason))
    }
}

/// Says that others may read a key, and what is done about that.
#[must_use]
pub fn key_open(key: &Path, todo: Message) -> Problem {
    let file = key.to_string_lossy().into_owned();
    Problem::warning(Code::KeyOpen, "").with("file", file).with("todo", todo)
}
