//! The wizard line by line: a question, a line typed, and so on to the end. Nothing goes on meanwhile, so the world works
//! between two questions; only for who may issue nobody waits longer than a moment.

use std::collections::VecDeque;
use std::io::{self, BufRead as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::faces::plain::{Plain, Reply};
use crate::session::{Control, Effect, Report, Session, Stop, Task, TaskId, only_look};
use crate::text::Text;
use crate::wizard::{Intent, Msg, Wizard, update};
use crate::world::{KnownAnswers, World};

use super::exit::OK;
use super::left::Left;
use super::told::{print, show};

/// How long is waited for name servers.
const A_MOMENT: Duration = Duration::from_secs(1);

/// Runs `wizard` on standard input and output.
pub fn run(home: &Path, mut world: Box<dyn World>, mut wizard: Wizard) -> io::Result<Left> {
    let text = Arc::clone(&wizard.text);
    let mut known = KnownAnswers::read(world.as_ref(), home);
    let mut session = Session { world: world.as_mut(), home, text: &text, known: &mut known };
    let beside = Beside::new(Arc::clone(&text));
    let mut plain = Plain::default();
    let mut typed = io::stdin().lock().lines();
    let (_, first) = wizard.first_look();
    if let Some(Report::Looked(facts)) =
        session.carry_out(first, &mut Control { report: &mut |_| (), stop: &Stop::default() })
    {
        give(&mut wizard, &mut session, &beside, vec![Msg::Start(facts)]);
    }
    loop {
        give(&mut wizard, &mut session, &beside, beside.told.try_iter().collect());
        while let Some(intent) = plain.goes_on(&wizard) {
            give(&mut wizard, &mut session, &beside, vec![Msg::Intent(intent)]);
        }
        let is_read = show(&plain.prompt(&wizard))?;
        let line = if is_read { typed.next().transpose()? } else { None };
        let Some(line) = line else {
            // The line is gone, or the script is over, or nobody reads what is asked: what was answered is kept.
            print("\n")?;
            give(&mut wizard, &mut session, &beside, vec![Msg::Intent(Intent::Quit)]);
            return Ok(Left { code: OK, wizard, is_settled: true });
        };
        let has_left = match plain.take(&wizard, &line) {
            Reply::Say(text) => {
                show(&text)?;
                false
            }
            Reply::Print(document) => {
                print(&document)?;
                false
            }
            Reply::Do(intent) => {
                give(&mut wizard, &mut session, &beside, intent.map(Msg::Intent).into_iter().collect())
            }
        };
        if has_left {
            return Ok(Left { code: OK, wizard, is_settled: true });
        }
    }
}

/// Gives messages to the wizard and does what it asks until nothing is left to do; tells whether it wants to leave.
fn give(wizard: &mut Wizard, session: &mut Session, beside: &Beside, msgs: Vec<Msg>) -> bool {
    let mut waiting = VecDeque::from(msgs);
    let mut has_left = false;
    while let Some(msg) = waiting.pop_front() {
        // What is told of a task comes first, and of two looks the earlier one: it may not know what was answered since.
        let mut told = 0;
        for effect in update(wizard, msg) {
            match effect {
                Effect::Start(id, task @ Task::AskIssuers(_)) => {
                    beside.ask(session, id, task);
                    if let Ok(msg) = beside.told.recv_timeout(A_MOMENT) {
                        waiting.insert(told, msg);
                        told += 1;
                    }
                }
                Effect::Start(id, task) => {
                    let mut hear = |progress| drop(update(wizard, Msg::Task(id, Report::Progress(progress))));
                    let report = session.carry_out(task, &mut Control { report: &mut hear, stop: &Stop::default() });
                    if let Some(report) = report {
                        waiting.insert(told, Msg::Task(id, report));
                        told += 1;
                    }
                }
                // A run cannot be interrupted between two questions, and what is printed can be copied as it is.
                Effect::Stop(_) | Effect::Copy(..) => {}
                Effect::Quit => has_left = true,
            }
        }
    }
    has_left
}

/// What is asked beside all else: the answers come when they come.
struct Beside {
    text: Arc<Text>,
    tell: Sender<Msg>,
    told: Receiver<Msg>,
}

impl Beside {
    fn new(text: Arc<Text>) -> Self {
        let (tell, told) = channel();
        Beside { text, tell, told }
    }

    fn ask(&self, session: &Session, id: TaskId, task: Task) {
        let (reader, text, tell) = (session.world.reader(), Arc::clone(&self.text), self.tell.clone());
        thread::spawn(move || {
            let mut control = Control { report: &mut |_| (), stop: &Stop::default() };
            let report = only_look(reader.as_ref(), task, &text, &mut control);
            // Whoever has left needs no answer.
            report.map(|report| tell.send(Msg::Task(id, report)))
        });
    }
}
