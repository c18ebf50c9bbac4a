//! What the world is asked to do while a person is being asked things.

use std::path::PathBuf;
use std::sync::Arc;

use crate::form::Answers;
use crate::home::{Facts, Renewal};
use crate::pki::KeyKind;
use crate::plan::Plan;
use crate::text::Text;
use crate::wizard::Msg;
use crate::world::{Outcome, World, perform, save_answers, save_received};

use super::survey;

/// Work for the world.
pub enum Job {
    /// Save the answers: the whole file.
    Save(String),
    /// Look at what the answers touch, with the renewal that is wanted.
    Look(Answers, Option<Renewal>),
    /// Put a certificate that was pasted into a file.
    Receive(String),
    /// Make a key ahead, or throw away the one that was.
    MakeKey(Option<KeyKind>),
    /// Perform a plan, then look.
    Run(Plan, Answers, Option<Renewal>),
    /// List what a path may be completed to.
    Complete(String),
}

/// Who does it.
pub struct Worker {
    /// Where it is done.
    pub world: Box<dyn World>,
    /// The home folder.
    pub home: PathBuf,
    /// The language of what is told.
    pub text: Arc<Text>,
}

impl Worker {
    /// Looks at everything that the answers touch.
    pub fn look(&self, answers: &Answers, renewal: Option<Renewal>) -> Box<Facts> {
        Box::new(survey(self.world.as_ref(), answers, renewal, &self.text))
    }

    /// Does `job` and says what came of it, if anything. A run tells how many actions are done, and is asked between them
    /// whether to go on.
    pub fn carry_out(&mut self, job: Job, tell: &mut dyn FnMut(usize), go_on: &dyn Fn() -> bool) -> Option<Msg> {
        Some(match job {
            Job::Save(content) => {
                let saved = save_answers(self.world.as_mut(), &self.home, &content);
                Msg::Saved(saved.map_err(|error| error.to_string()))
            }
            Job::Look(answers, renewal) => Msg::Looked(self.look(&answers, renewal)),
            Job::Receive(pasted) => {
                let received = save_received(self.world.as_mut(), &self.home, &pasted);
                Msg::Received(received.map_err(|error| error.to_string()))
            }
            Job::MakeKey(kind) => {
                self.world.make_key_ahead(kind);
                return None;
            }
            Job::Complete(start) => Msg::Completed { names: self.world.complete(&start), start },
            Job::Run(plan, answers, renewal) => {
                let Outcome { reached, failed, cancelled, .. } =
                    perform(self.world.as_mut(), &self.home, &plan, tell, go_on);
                let failed = failed.map(|(_, problem)| problem.message(&self.text));
                Msg::Finished { done: reached, failed, cancelled, facts: self.look(&answers, renewal) }
            }
        })
    }
}
