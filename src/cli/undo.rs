//! `undo`: a run is taken back.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::Path;

use crate::faces::headless::{actions_text, aligned};
use crate::faces::plain::yes_or_no;
use crate::home::Layout;
use crate::lifecycle::proof::shown;
use crate::lifecycle::{PastRun, history, overlaid_by, runs, undo as worked_out, undo_barred, undo_touches};
use crate::problem::{Code, Problem, any_error};
use crate::session::{ask_for_undo, look_up_for_undo};
use crate::steps::service::Service;
use crate::system::probe::LookOptions;
use crate::text::{Text, say};
use crate::world::{RealWorld, Secrets, World as _};

use super::exit::OK;
use super::home::absolute;
use super::run::{Ended, Run};
use super::told::{beside, report_problems, show, tell};

/// Says which runs there were, the newest last; holds nothing and writes nothing.
pub fn list(home: &Path, text: &Text) -> io::Result<u8> {
    let facts = RealWorld::new(home.to_owned(), absolute(Path::new("."))).look(&[]);
    let row = |past: PastRun| {
        let did: Vec<String> = past.did.iter().map(|did| text.say(did)).collect();
        let date = text.say(&say("run-date").with("date", shown(past.run)).with("by", past.by));
        let undone = past.is_undone.then(|| text.say(&say("run-undone")));
        [past.number.to_string(), date, did.join(", ")].into_iter().chain(undone).collect()
    };
    let rows: Vec<Vec<String>> = history(&facts.journal).into_iter().map(row).collect();
    if rows.is_empty() {
        tell(&say("undo-nothing"), text)?;
    }
    show(&aligned(&rows, ""))?;
    Ok(OK)
}

/// What `undo` was told.
pub struct Wish {
    /// The run of this number; the last, where none is said.
    pub number: Option<usize>,
    /// Whether only to say what would be done.
    pub dry_run: bool,
    /// Whether a person is not asked.
    pub yes: bool,
    /// How name servers are asked.
    pub network: LookOptions,
}

/// Takes a run back. At a terminal a person first sees what that comes to and is asked, unless `yes` answers.
pub fn undo(home: &Path, wish: Wish, text: &Text) -> io::Result<Ended> {
    let Wish { number, dry_run, yes, network } = wish;
    let mut run = match Run::begin(home, dry_run, network, text)? {
        Ok(run) => run,
        Err(refused) => return Ok(refused),
    };
    if number.is_none() && run.has_taken_back {
        run.say(&say("undo-enough"))?;
        return Ok((OK, Vec::new()));
    }
    let touched = undo_touches(&run.facts, number);
    run.look(&touched);
    let reader = run.world.reader();
    ask_for_undo(reader.as_ref(), &mut run.facts, number);
    look_up_for_undo(reader.as_ref(), &mut run.facts, number);
    let barred = undo_barred(&run.facts, number);
    if any_error(&barred) {
        return run.refuse(&barred);
    }
    let runs = runs(&run.facts.journal);
    if let Some(number) = number.filter(|number| !(1..=runs).contains(number)) {
        return run.refuse(&[Problem::error(Code::RunUnknown, "").with("number", number).with("count", runs)]);
    }
    if let Some((later, place)) = number.and_then(|number| overlaid_by(&run.facts, number)) {
        let problem = Problem::error(Code::RunOverlaid, "").with("number", number.unwrap_or_default());
        return run.refuse(&[problem.with("later", later).with("file", place.shown(&run.facts.home))]);
    }
    let Some(undo) = worked_out(&run.facts, number) else {
        run.say(&number.map_or(say("undo-nothing"), |number| say("undo-already").with("number", number.to_string())))?;
        return Ok((OK, Vec::new()));
    };
    let problems = undo.plan.problems(&run.facts);
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    let asks = !dry_run && !yes && io::stdin().is_terminal();
    if asks {
        beside(&actions_text(&undo.plan.actions, text))?;
    }
    report_problems(&barred, text)?;
    // What was asked about stands last: before it there may be more than a screen.
    run.say(&undo.title())?;
    for stays in &undo.stays {
        run.say(stays)?;
    }
    let is_of_server = undo.plan.actions.iter().any(|action| action.as_a::<Service>().is_some());
    if is_of_server {
        run.say(&say("undo-streams"))?;
    }
    if asks && !is_agreed(text)? {
        run.say(&say("undo-left"))?;
        return Ok((OK, Vec::new()));
    }
    // What was undone is in the answers still, where a wizard saved them before its run.
    let answers = Layout::of(home).answers();
    let keeps_answers = answers.exists() && undo.plan.actions.iter().all(|action| action.target != answers);
    let ended = run.perform(&undo.plan, Secrets::default())?;
    if keeps_answers && is_of_server && ended.0 == OK && !dry_run {
        run.say(&say("undo-answers-stay"))?;
    }
    Ok(ended)
}

/// Asks, and takes nothing but a yes for one.
fn is_agreed(text: &Text) -> io::Result<bool> {
    let [question, yes, no] = ["undo-sure", "yes", "no"].map(|word| text.say(&say(word)));
    beside(&format!("{question} ({yes}/{no}) [{no}]: "))?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(yes_or_no(&line, text) == Some(true))
}
