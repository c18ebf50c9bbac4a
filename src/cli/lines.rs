//! The wizard line by line: a question, a line typed, and so on to the end. Nothing goes on meanwhile, so the world works
//! between two questions.

use std::collections::VecDeque;
use std::io::{self, BufRead as _};

use crate::faces::plain::{Plain, Reply};
use crate::wizard::{Effect, Key, Msg, Wizard, update};

use super::told::print;
use super::work::{Job, Worker};
use super::{Args, OK};

/// Runs `wizard` on standard input and output; gives the exit code and how it ended.
pub fn run(_: &Args, mut wizard: Wizard, mut worker: Worker) -> io::Result<(u8, Wizard)> {
    let mut plain = Plain::default();
    let mut typed = io::stdin().lock().lines();
    let facts = worker.look(&wizard.answers, None);
    give(&mut wizard, &mut worker, vec![Msg::Start(facts)]);
    loop {
        let is_read = print(&plain.prompt(&wizard))?;
        let line = if is_read { typed.next().transpose()? } else { None };
        let Some(line) = line else {
            // The line is gone, or the script is over, or nobody reads what is asked: what was answered is kept.
            print("\n")?;
            give(&mut wizard, &mut worker, vec![Msg::Key(Key::Quit)]);
            return Ok((OK, wizard));
        };
        let has_left = match plain.take(&wizard, &line) {
            Reply::Say(text) => {
                print(&text)?;
                false
            }
            Reply::Do(msgs) => give(&mut wizard, &mut worker, msgs),
        };
        if has_left {
            return Ok((OK, wizard));
        }
    }
}

/// Gives messages to the wizard and does what it asks until nothing is left to do; tells whether it wants to leave.
fn give(wizard: &mut Wizard, worker: &mut Worker, msgs: Vec<Msg>) -> bool {
    let mut waiting = VecDeque::from(msgs);
    let mut has_left = false;
    while let Some(msg) = waiting.pop_front() {
        for effect in update(wizard, msg) {
            let job = match effect {
                Effect::Save(content) => Job::Save(content),
                Effect::Look => Job::Look(wizard.answers.clone(), wizard.facts.renewal),
                Effect::Receive(pasted) => Job::Receive(pasted),
                Effect::MakeKey(kind) => Job::MakeKey(kind),
                Effect::Run(plan) => Job::Run(plan, wizard.answers.clone(), wizard.facts.renewal),
                Effect::Complete(start) => Job::Complete(start),
                // A run cannot be interrupted between two questions, and what is printed can be copied as it is.
                Effect::Cancel | Effect::Copy(..) => continue,
                Effect::Quit => {
                    has_left = true;
                    continue;
                }
            };
            if let Some(msg) = worker.carry_out(job, &mut |_| (), &|| true) {
                waiting.push_front(msg);
            }
        }
    }
    has_left
}
