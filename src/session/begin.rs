//! How every run begins: the home folder is held and looked at, and what a run that was cut off left is ended.

use super::execute::take_back;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::home::Facts;
use crate::lifecycle::{Recovery, recover};
use crate::plan::Action;
use crate::problem::{Code, Problem, any_error};
use crate::text::{Message, say};
use crate::world::{RunOutcome, Secrets, World, perform_with};

/// A run that has begun.
pub struct Begun {
    /// What there is.
    pub facts: Facts,
    /// Who holds the home folder, where that is somebody else: then nothing was done.
    pub held_by: Option<String>,
    /// What became of a run that was cut off, in words.
    pub said: Vec<Message>,
    /// What was done to end it.
    pub done: Vec<Action>,
    /// What keeps it from being ended.
    pub problems: Vec<Problem>,
    /// Whether what that run had begun on a server was taken back.
    pub is_taken_back: bool,
}

/// Holds the home folder of `world`, looks at it and ends what was cut off there.
pub fn begin(world: &mut dyn World) -> Begun {
    // Held before looking, so that nothing changes between the look and the command.
    let held_by = world.lock().err().map(|held| held.by);
    let said = world.cut_off().map(|by| say("run-cut-off").with("by", by)).into_iter().collect();
    let facts = world.look(&[]);
    let mut begun = Begun { facts, held_by, said, done: Vec::new(), problems: Vec::new(), is_taken_back: false };
    if begun.held_by.is_none() {
        begun.end_what_was_cut_off(world);
    }
    begun
}

impl Begun {
    /// What keeps this run from going on.
    #[must_use]
    pub fn barred(&self) -> Vec<Problem> {
        let held = self.held_by.as_ref().map(|by| Problem::error(Code::HomeLocked, "").with("by", by.as_str()));
        held.into_iter().chain(self.problems.iter().cloned()).collect()
    }

    /// The folders outside the home folder that a server's files were put into.
    fn folders_outside(&self) -> BTreeSet<PathBuf> {
        let staged = self.facts.journal.entries.iter().filter(|entry| entry.stage.is_some());
        let places = staged.filter_map(|entry| self.facts.reach(&entry.place));
        let outside = places.filter(|place| !place.starts_with(&self.facts.home));
        outside.filter_map(|place| place.parent().map(Path::to_owned)).collect()
    }

    fn end_what_was_cut_off(&mut self, world: &mut dyn World) {
        world.clear(&self.folders_outside());
        match take_back(world, self.facts.clone()) {
            Ok(None) => {}
            Ok(Some(undo)) => {
                self.said.push(say("recover-stage").with("number", undo.number.to_string()));
                self.done.extend(undo.plan.actions);
                self.is_taken_back = true;
                self.facts = world.look(&[]);
            }
            Err(problem) => return self.problems.push(problem),
        }
        let Recovery { plan, said } = recover(&self.facts);
        let problems = if plan.is_done() { Vec::new() } else { plan.problems(&self.facts) };
        if any_error(&problems) {
            self.problems = problems;
            return;
        }
        let RunOutcome { done, failed, .. } =
            perform_with(world, &self.facts.home, &plan, Secrets::default(), &mut |_| (), &|| true);
        match failed {
            Some((_, problem)) => self.problems.push(problem),
            None => self.said.extend(said),
        }
        if !done.is_empty() {
            self.facts = world.look(&[]);
        }
        self.done.extend(done);
    }
}
