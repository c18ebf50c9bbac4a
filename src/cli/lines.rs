//! The wizard line by line: a question, a line typed, and so on to the end. Nothing goes on meanwhile, so the world works
//! between two questions.

use std::collections::VecDeque;
use std::io::{self, BufRead as _};
use std::path::Path;
use std::sync::Arc;

use crate::faces::plain::{Plain, Reply};
use crate::session::{Control, Effect, Report, Session, Stop};
use crate::wizard::{Intent, Msg, Wizard, update};
use crate::world::{KnownAnswers, World};

use super::exit::OK;
use super::left::Left;
use super::told::{print, show};

/// Runs `wizard` on standard input and output.
pub fn run(home: &Path, mut world: Box<dyn World>, mut wizard: Wizard) -> io::Result<Left> {
    let text = Arc::clone(&wizard.text);
    let mut known = KnownAnswers::read(world.as_ref(), home);
    let mut session = Session { world: world.as_mut(), home, text: &text, known: &mut known };
    let mut plain = Plain::default();
    let mut typed = io::stdin().lock().lines();
    let (_, first) = wizard.first_look();
    if let Some(Report::Looked(facts)) =
        session.carry_out(first, &mut Control { report: &mut |_| (), stop: &Stop::default() })
    {
        give(&mut wizard, &mut session, vec![Msg::Start(facts)]);
    }
    loop {
        while let Some(intent) = plain.goes_on(&wizard) {
            give(&mut wizard, &mut session, vec![Msg::Intent(intent)]);
        }
        let is_read = show(&plain.prompt(&wizard))?;
        let line = if is_read { typed.next().transpose()? } else { None };
        let Some(line) = line else {
            // The line is gone, or the script is over, or nobody reads what is asked: what was answered is kept.
            print("\n")?;
            give(&mut wizard, &mut session, vec![Msg::Intent(Intent::Quit)]);
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
            Reply::Do(intent) => give(&mut wizard, &mut session, intent.map(Msg::Intent).into_iter().collect()),
        };
        if has_left {
            return Ok(Left { code: OK, wizard, is_settled: true });
        }
    }
}

/// Gives messages to the wizard and does what it asks until nothing is left to do; tells whether it wants to leave.
fn give(wizard: &mut Wizard, session: &mut Session, msgs: Vec<Msg>) -> bool {
    let mut waiting = VecDeque::from(msgs);
    let mut has_left = false;
    while let Some(msg) = waiting.pop_front() {
        // What is told of a task comes first, and of two looks the earlier one: it may not know what was answered since.
        let mut told = 0;
        for effect in update(wizard, msg) {
            match effect {
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
