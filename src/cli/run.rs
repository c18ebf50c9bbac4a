//! What the commands that change something have in common.

use std::io;
use std::path::{Path, PathBuf};

use crate::edge::Deployment;
use crate::faces::headless::{self as face, Report};
use crate::form::{Answered, Answers};
use crate::home::Facts;
use crate::lifecycle::awaited;
use crate::pages;
use crate::plan::Plan;
use crate::problem::{Problem, Severity, any_error};
use crate::session::{begin, execute};
use crate::system::probe::LookOptions;
use crate::text::{Message, Text};
use crate::world::{DryWorld, RealWorld, RunOutcome, Secrets, World};

use super::exit::{FAILED, OK};
use super::home::absolute;
use super::told::{report_problems, show, tell};

/// A run of a command: the home folder is held, and what an earlier run left half-done is done with.
pub struct Run<'a> {
    /// The home folder.
    pub home: &'a Path,
    /// Where it is done.
    pub world: Box<dyn World>,
    /// What there is.
    pub facts: Facts,
    /// Whether an earlier one was cut off on a server, and was taken back when this began.
    pub has_taken_back: bool,
    /// Whether it only says what would be done.
    pub is_dry: bool,
    /// The language.
    pub text: &'a Text,
}

/// The exit code, and lines for the log.
pub type Ended = (u8, Vec<String>);

impl<'a> Run<'a> {
    /// Begins it; `Err` where the home folder, or a run that was cut off, keeps it from going on, which is told.
    pub fn begin(
        home: &'a Path,
        dry_run: bool,
        network: LookOptions,
        text: &'a Text,
    ) -> io::Result<Result<Self, Ended>> {
        let real = RealWorld::new(home.to_owned(), absolute(Path::new("."))).looking(network);
        let mut world: Box<dyn World> = if dry_run { Box::new(DryWorld::of(real)) } else { Box::new(real) };
        let begun = begin(world.as_mut());
        let barred = begun.barred();
        let run = Run { home, world, facts: begun.facts, has_taken_back: begun.is_taken_back, is_dry: dry_run, text };
        begun.said.iter().try_for_each(|said| run.say(said))?;
        Ok(if any_error(&barred) { Err(run.refuse(&barred)?) } else { Ok(run) })
    }

    /// Looks again, also at `wanted`.
    pub fn look(&mut self, wanted: &[PathBuf]) {
        let (trust, server) = (self.facts.trust.clone(), self.facts.server.take());
        self.facts = self.world.look(wanted);
        (self.facts.trust, self.facts.server) = (trust, server);
    }

    /// The form with these answers.
    pub fn answered<'s>(&'s self, answers: &'s Answers) -> Answered<'s> {
        Answered::new(answers, &self.facts)
    }

    /// What these answers mean.
    pub fn deployment(&self, answers: &Answers) -> Deployment {
        pages::deployment(&self.answered(answers))
    }

    /// Does what `plan` says, and tells what was done; or only tells, in a dry run.
    pub fn perform(&mut self, plan: &Plan, hands: Secrets) -> io::Result<Ended> {
        let (RunOutcome { done, failed, .. }, said) =
            execute(self.world.as_mut(), self.home, plan, hands, &mut |_| (), &|| true);
        let report = Report { done, failed, awaited: awaited(&self.facts) };
        let told = if self.is_dry {
            face::actions_text(&plan.actions, self.text)
        } else {
            face::report_text(&report, self.text)
        };
        show(&told)?;
        let lines = report.done.iter().map(|action| action.line(self.text)).collect();
        match report.failed {
            Some((_, problem)) => {
                report_problems(&[problem], self.text)?;
                said.iter().try_for_each(|said| self.say(said))?;
                Ok((FAILED, lines))
            }
            None => said.iter().try_for_each(|said| self.say(said)).map(|()| (OK, lines)),
        }
    }

    /// Tells why nothing is done.
    pub fn refuse(&self, problems: &[Problem]) -> io::Result<Ended> {
        report_problems(problems, self.text)?;
        let errors: Vec<Problem> =
            problems.iter().filter(|problem| problem.severity == Severity::Error).cloned().collect();
        Ok((FAILED, face::problems_text(&errors, self.text).lines().map(str::to_owned).collect()))
    }

    /// Says something on standard error.
    pub fn say(&self, said: &Message) -> io::Result<()> {
        tell(said, self.text)
    }
}
