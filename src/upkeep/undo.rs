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
    // In the order of the journal: a clock may have been set back.
    let last = journal.iter().rfind(is_standing).map(|entry| entry.run);
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
        ("link", _) => switch_back(facts, entry),
        (_, Some(number)) if target.starts_with(facts.home.join("pairs")) => {
            Some(Err(say("undo-pair-stays").with("number", number.to_string())))
        }
        ("key", _) => Some(Err(say("undo-key-stays").with("file", file()))),
        ("request", _) => Some(Err(say("undo-request-stays").with("file", file()))),
        ("pfx", _) => Some(Err(say("undo-pfx-stays").with("file", file()))),
        ("file" | "request-copy", _) => put_back(facts, entry, target),
        _ => None,
    }
}

/// The link to the pair in use before; nothing where it leads there already, as after an undo that was cut off.
fn switch_back(facts: &Facts, entry: &Entry) -> Option<Result<Action, Message>> {
    let usage = Usage::ALL.into_iter().find(|usage| Path::new(&entry.target) == facts.home.join(usage.link()))?;
    let now = facts.links.get(usage.link()).map(PathBuf::as_path);
    let [to, was] = [&entry.to, &entry.was].map(|place| place.as_deref().map(Path::new));
    if now == was {
        return None;
    }
    if now != to {
        return Some(Err(say("undo-link-changed").with("file", entry.target.as_str())));
    }
    let Some(was) = was else { return Some(Ok(Action::link(facts, usage, None))) };
    let number = number_of(was);
    let is_whole = facts.pairs.iter().any(|pair| Some(pair.number) == number && pair.is_whole);
    Some(if is_whole {
        Ok(Action::link(facts, usage, number))
    } else {
        Err(say("undo-pair-gone").with("pair", was.to_string_lossy().into_owned()))
    })
}

/// A file as it was before, if nobody changed it since; nothing where it is so already.
fn put_back(facts: &Facts, entry: &Entry, target: PathBuf) -> Option<Result<Action, Message>> {
    let stays = |why: &'static str| Some(Err(say(why).with("file", entry.target.as_str())));
    let is_new = entry.kind == ActionKind::Create.name();
    let content = match &facts.spot(&target).found {
        Found::Nothing if is_new => return None,
        Found::File(content) => content,
        _ => return stays("undo-file-gone"),
    };
    let digest = Some(sha256_hex(content));
    if digest == entry.before {
        return None;
    }
    if digest != entry.sha256 {
        return stays("undo-file-changed");
    }
    if is_new {
        let before = String::from_utf8_lossy(content).into_owned();
        return Some(Ok(Action::new(ActionKind::Remove, target, Work::Remove { before })));
    }
    let kept = entry.before.as_ref().map(|before| &facts.spot(&kept_at(facts, before)).found);
    let Some(Found::File(before)) = kept else { return stays("undo-before-gone") };
    let access = if target.starts_with(&facts.home) { Access::Private } else { Access::Shared };
    Some(Ok(Action::file_for(facts, target, String::from_utf8_lossy(before).into_owned(), access)))
}
