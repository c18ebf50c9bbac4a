//! The last run is taken back, as far as that can be, from what the journal and the disk say.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::model::request::sha256_hex;
use crate::model::{Entry, Facts, Found, Usage, number_of};
use crate::plan::{Access, Action, ActionKind, BEFORE, Plan, Work};
use crate::text::{Message, say};

/// What taking back the last run comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// When that run began.
    pub run: OffsetDateTime,
    /// What takes it back.
    pub plan: Plan,
    /// What stays, and why.
    pub stays: Vec<Message>,
}

/// Takes back the last run that was not taken back yet. `facts` are to hold what is at [`touched`].
#[must_use]
pub fn undo(facts: &Facts) -> Option<Undo> {
    let entries = last_run(&facts.journal);
    let run = entries.first()?.run;
    let mut undo = Undo { run, plan: Plan::default(), stays: Vec::new() };
    let mut actions = Vec::new();
    // What was done last is taken back first.
    for entry in entries.into_iter().rev() {
        match step(facts, entry) {
            Some(Ok(action)) => actions.push(action),
            Some(Err(why)) if !undo.stays.contains(&why) => undo.stays.push(why),
            _ => {}
        }
    }
    undo.plan = Plan { undoes: Some(run), ..Plan::of(facts, actions) };
    Some(undo)
}

/// Every place that [`undo`] looks at.
#[must_use]
pub fn touched(facts: &Facts) -> Vec<PathBuf> {
    let entries = last_run(&facts.journal);
    let replaced = entries.iter().filter_map(|entry| Some(kept_at(facts, entry.before.as_deref()?)));
    entries.iter().map(|entry| PathBuf::from(&entry.target)).chain(replaced).collect()
}

/// The entries of the last run that took nothing back itself and was not taken back.
fn last_run(journal: &[Entry]) -> Vec<&Entry> {
    let undone: BTreeSet<OffsetDateTime> = journal.iter().filter_map(Entry::ended_undo).collect();
    let is_standing = |entry: &&Entry| entry.undoes.is_none() && !undone.contains(&entry.run);
    let last = journal.iter().filter(is_standing).map(|entry| entry.run).max();
    journal.iter().filter(|entry| Some(entry.run) == last).collect()
}

/// Where the content of this SHA-256 is kept that a run replaced.
fn kept_at(facts: &Facts, sha256: &str) -> PathBuf {
    facts.home.join(BEFORE).join(sha256)
}

/// What takes one entry back, or why it stays; nothing for what harms nobody.
fn step(facts: &Facts, entry: &Entry) -> Option<Result<Action, Message>> {
    let target = PathBuf::from(&entry.target);
    let file = || entry.target.clone();
    if target.starts_with(facts.home.join(BEFORE)) {
        return None;
    }
    match (entry.what.as_str(), entry.number(&facts.home)) {
        ("link", _) => Some(switch_back(facts, entry)),
        (_, Some(number)) if target.starts_with(facts.home.join("pairs")) => {
            Some(Err(say("undo-pair-stays").with("number", number.to_string())))
        }
        ("key", _) => Some(Err(say("undo-key-stays").with("file", file()))),
        ("request", _) => Some(Err(say("undo-request-stays").with("file", file()))),
        ("pfx", _) => Some(Err(say("undo-pfx-stays").with("file", file()))),
        ("file" | "request-copy", _) => Some(put_back(facts, entry, target)),
        _ => None,
    }
}

fn switch_back(facts: &Facts, entry: &Entry) -> Result<Action, Message> {
    let usage = Usage::ALL.into_iter().find(|usage| Path::new(&entry.target) == facts.home.join(usage.link()));
    let now = usage.and_then(|usage| facts.links.get(usage.link()));
    let Some(usage) = usage.filter(|_| now.map(PathBuf::as_path) == entry.to.as_deref().map(Path::new)) else {
        return Err(say("undo-link-changed").with("file", entry.target.as_str()));
    };
    let Some(was) = &entry.was else { return Ok(Action::link(facts, usage, None)) };
    let number = number_of(Path::new(was));
    let is_whole = facts.pairs.iter().any(|pair| Some(pair.number) == number && pair.is_whole);
    if is_whole {
        Ok(Action::link(facts, usage, number))
    } else {
        Err(say("undo-pair-gone").with("pair", was.as_str()))
    }
}

/// A file as it was before, if nobody changed it since.
fn put_back(facts: &Facts, entry: &Entry, target: PathBuf) -> Result<Action, Message> {
    let file = entry.target.as_str();
    let Found::File(content) = &facts.spot(&target).found else {
        return Err(say("undo-file-gone").with("file", file));
    };
    if Some(sha256_hex(content)) != entry.sha256 {
        return Err(say("undo-file-changed").with("file", file));
    }
    let now = String::from_utf8_lossy(content).into_owned();
    let Some(before) = &entry.before else {
        return Ok(Action::new(ActionKind::Remove, target, Work::Remove { before: now }));
    };
    let Found::File(before) = &facts.spot(&kept_at(facts, before)).found else {
        return Err(say("undo-before-gone").with("file", file));
    };
    let access = if target.starts_with(&facts.home) { Access::Private } else { Access::Shared };
    Ok(Action::file_for(facts, target, String::from_utf8_lossy(before).into_owned(), access))
}
