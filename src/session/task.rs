//! What there is to do outside of the wizard: tasks, how far they are, what came of them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::check::DomainCheck;
use crate::form::{Answers, Wishes};
use crate::home::{Facts, IssuersFound, RecordLook, RecordSet};
use crate::pki::{KeyKind, Secret};
use crate::plan::Plan;
use crate::system::Look;
use crate::text::{Message, Text};
use crate::world::{KnownAnswers, RunOutcome, Secrets, World, save_answers, save_received, save_ticks};

use super::outside::{CheckOptions, Domains, check_domains};
use super::{execute, look};

/// Which task: the wizard counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TaskId(pub u64);

/// Something to do outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Do this, and report.
    Start(TaskId, Task),
    /// Stop that at the next safe point.
    Stop(TaskId),
    /// Send the text of a file to the terminal's clipboard.
    Copy(PathBuf, String),
    /// Leave.
    Quit,
}

/// Work on the home folder and on what the answers touch.
#[derive(Debug, Clone, PartialEq)]
pub enum Task {
    /// Save the answers: the whole file.
    Save(String),
    /// Save which steps are ticked: the whole file.
    Tick(String),
    /// Look at what the answers touch.
    Look(Wanted),
    /// Put a certificate that was pasted into a file of its own.
    Receive(String),
    /// Make a key of this kind beside all other work, in memory only, in place of any made before; or throw that away.
    PrepareKey(Option<KeyKind>),
    /// Perform a plan, with the password that it needs, then look.
    Run(Plan, Option<Secret>, Wanted),
    /// List what a path may be completed to.
    Complete(String),
    /// Ask name servers for records.
    LookUp(Vec<RecordSet>),
    /// Ask name servers who may issue certificates for these names.
    AskIssuers(Vec<String>),
    /// Look at domains as other servers do.
    Check(Arc<Domains>),
}

/// What is to be looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The answers, as far as they decide it ([`Answers::outline`], unless a server is asked about its partners).
    pub answers: Answers,
    /// What is wanted besides.
    pub wishes: Arc<Wishes>,
}

/// What a task tells.
#[derive(Debug, Clone)]
pub enum Report {
    /// It goes on.
    Progress(Progress),
    /// The answers were saved, and whether somebody else wrote there meanwhile, which is kept; or why not.
    Saved(Result<bool, String>),
    /// Which steps are ticked was saved, or why not.
    Ticked(Result<(), String>),
    /// What there is.
    Looked(Box<Facts>),
    /// What was pasted of a certificate was put into this file, or why not.
    Received(Result<PathBuf, String>),
    /// What name servers answer.
    LookedUp(Arc<[RecordLook]>),
    /// Who may issue certificates.
    Issuers(Arc<IssuersFound>),
    /// All domains were looked at, or it was told to stop; or why none can be.
    Checked(Result<(), String>),
    /// What a path may be completed to.
    Completed {
        /// The path as far as it was typed then.
        start: String,
        /// Names; folders end in a separator.
        names: Vec<String>,
    },
    /// A plan was performed.
    Finished {
        /// How many actions were done or there already.
        done: usize,
        /// What went wrong, put into words.
        failed: Option<String>,
        /// Whether it was told to stop.
        cancelled: bool,
        /// What became then of the server that it had begun to change.
        taken_back: Vec<Message>,
        /// What there is now.
        facts: Box<Facts>,
    },
}

/// How far a task is.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    /// So many actions of its plan are done.
    Step(usize),
    /// What was seen of the domain at this place.
    Seen(usize, Box<DomainCheck>),
}

/// Tells a task to stop. It may be told from another thread.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Has the task stop at the next safe point.
    pub fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it shall.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What a task has to do with those who wait for it.
pub struct Control<'a> {
    /// Hears how far it is.
    pub report: &'a mut dyn FnMut(Progress),
    /// Tells it to stop.
    pub stop: &'a Stop,
}

/// Who does the tasks.
pub struct Session<'a> {
    /// Where they are done.
    pub world: &'a mut dyn World,
    /// The home folder.
    pub home: &'a Path,
    /// The language of what is told.
    pub text: &'a Text,
    /// What the saved answers said last.
    pub known: &'a mut KnownAnswers,
}

impl Session<'_> {
    /// Does `task` and says what came of it, if anything.
    pub fn carry_out(&mut self, task: Task, control: &mut Control) -> Option<Report> {
        Some(match task {
            Task::Save(content) => {
                let saved = save_answers(self.world, self.home, self.known, &content);
                Report::Saved(saved.map_err(|error| error.to_string()))
            }
            Task::Tick(content) => {
                let saved = save_ticks(self.world, self.home, &content);
                Report::Ticked(saved.map_err(|error| error.to_string()))
            }
            Task::Receive(pasted) => {
                let received = save_received(self.world, self.home, &pasted);
                Report::Received(received.map_err(|error| error.to_string()))
            }
            Task::PrepareKey(kind) => {
                self.world.make_key_ahead(kind);
                return None;
            }
            task @ (Task::Look(_) | Task::Complete(_) | Task::LookUp(_) | Task::AskIssuers(_) | Task::Check(_)) => {
                return only_look(self.world.reader().as_ref(), task, self.text, control);
            }
            Task::Run(plan, password, wanted) => {
                // A person who runs dry goes on from what is there: no look shows what the plan would have made.
                let mut trial = self.world.trial();
                let world = match &mut trial {
                    Some(trial) => trial.as_mut(),
                    None => &mut *self.world,
                };
                let Control { report, stop } = control;
                let password = password.map(|password| password.reveal().clone());
                let secrets = Secrets { password, ..Secrets::default() };
                let mut tell = |done| report(Progress::Step(done));
                let (RunOutcome { reached, failed, cancelled, .. }, taken_back) =
                    execute(world, self.home, &plan, secrets, &mut tell, &|| !stop.is_wanted());
                let failed = failed.map(|(_, problem)| self.text.say(&problem.what()));
                *self.known = KnownAnswers::read(self.world, self.home);
                Report::Finished {
                    done: reached,
                    failed,
                    cancelled,
                    taken_back,
                    facts: facts(self.world.reader().as_ref(), &wanted, self.text),
                }
            }
        })
    }
}

/// Does a task that only looks, and says what came of it; nothing where it is one that writes.
pub fn only_look(reader: &dyn Look, task: Task, text: &Text, control: &mut Control) -> Option<Report> {
    match task {
        Task::Look(wanted) => Some(Report::Looked(facts(reader, &wanted, text))),
        Task::Complete(start) => Some(Report::Completed { names: reader.complete(&start), start }),
        Task::LookUp(sets) => {
            // Where nobody can be asked at all there is nothing to show.
            let found = reader.records(&sets).unwrap_or_default();
            Some(Report::LookedUp(found.into()))
        }
        Task::AskIssuers(names) => {
            let looks = reader.caa(&names).unwrap_or_default();
            Some(Report::Issuers(Arc::new(IssuersFound { names, looks })))
        }
        Task::Check(domains) => {
            let checked = check(reader, &domains, control);
            Some(Report::Checked(checked.map_err(|error| error.to_string())))
        }
        Task::Save(_) | Task::Tick(_) | Task::Receive(_) | Task::PrepareKey(_) | Task::Run(..) => None,
    }
}

fn check(reader: &dyn Look, domains: &Domains, Control { report, stop }: &mut Control) -> io::Result<()> {
    let Facts { home, now, .. } = reader.look_home();
    let go_on = || !stop.is_wanted();
    let options = CheckOptions { home: &home, now, identity: None, roots: Vec::new(), go_on: &go_on };
    check_domains(reader, domains, &options, &mut |place, check| {
        report(Progress::Seen(place, Box::new(check)));
        go_on()
    })
}

fn facts(reader: &dyn Look, wanted: &Wanted, text: &Text) -> Box<Facts> {
    Box::new(look(reader, &wanted.answers, &wanted.wishes, text))
}
