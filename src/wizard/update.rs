//! The pure update: a message in, effects out. What a key or a message is about has a file of its own below.

mod choosing;
mod commands;
mod focus;
mod intents;
mod keys;
mod moving;
mod outside;
mod overlays;
mod pasting;
mod pfx;
mod rows;
mod saving;
mod ticking;
mod typing;
mod upkeep;

use std::sync::Arc;

use crate::form::{Body, Content, Tone};
use crate::home::{Facts, Found};
use crate::pki::digest::sha256_hex;
use crate::session::{Effect, Progress, Report, Task, TaskId};
use crate::text::{Message, say};

use super::{End, FocusTarget, Intent, KeyPress, Msg, Run, Wizard};
use commands::perform;
use focus::take_proposed;
use intents::intend;
use keys::page_key;
use moving::{go_on, look_up};
use overlays::overlay_key;
use pasting::{complete, paste, received};

/// Takes `msg` in and says what is to be done outside.
pub fn update(wizard: &mut Wizard, msg: Msg) -> Vec<Effect> {
    let Some(msg) = let_go(wizard, msg).and_then(|msg| hold_back(wizard, msg)) else { return Vec::new() };
    match msg {
        Msg::Start(facts) => {
            wizard.is_over(wizard.last_task);
            wizard.look_is_in(*facts);
            wizard.begin();
            // Nothing was said yet: what would be written now is what was saved.
            wizard.saved = sha256_hex(wizard.written().as_bytes());
            wizard.unsaved = false;
            let mut effects: Vec<Effect> = make_key(wizard).into_iter().collect();
            // What lies over the page leads to a page first.
            effects.extend(if wizard.overlay.is_none() { look_up(wizard) } else { Vec::new() });
            effects
        }
        Msg::Key(key) | Msg::Held(key) => {
            wizard.notice = None;
            wizard.rest();
            match wizard.overlay.take() {
                Some(overlay) => overlay_key(wizard, overlay, key),
                None => page_key(wizard, key),
            }
        }
        Msg::Intent(intent) => intend(wizard, intent),
        Msg::Drawn(sight) => {
            wizard.is_drawn(sight);
            Vec::new()
        }
        Msg::Paste(text) => {
            wizard.rest();
            paste(wizard, &text)
        }
        Msg::Task(id, report) => {
            if !matches!(report, Report::Progress(_)) {
                wizard.is_over(id);
            }
            reported(wizard, id, report)
        }
        Msg::Slow(id) => {
            if let Some(notice) = wizard.tasks.get(&id).filter(|_| wizard.notice.is_none()) {
                wizard.notice = Some(notice.clone());
                wizard.slow = Some(id);
            }
            Vec::new()
        }
        Msg::Leaving => {
            wizard.notice = Some(say("notice-leaving"));
            Vec::new()
        }
        Msg::Unsaved => {
            wizard.notice = Some(say("notice-unsaved"));
            Vec::new()
        }
        Msg::Copied(file) => {
            let is_there = wizard.reading().facts().path_state(&file).found != Found::Nothing;
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let place = file.parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
            let notice = if is_there { say("notice-copied") } else { say("notice-copied-planned") };
            wizard.notice = Some(notice.with("name", name).with("folder", place));
            Vec::new()
        }
    }
}

/// Takes in what a task tells.
fn reported(wizard: &mut Wizard, id: TaskId, report: Report) -> Vec<Effect> {
    match report {
        Report::Progress(Progress::Step(done)) => {
            if let Some(run) = wizard.runs.values_mut().find(|run| run.task == id) {
                run.done = done;
            }
            Vec::new()
        }
        Report::Progress(Progress::Seen(place, check)) => {
            if let Some(outside) = wizard.outside.as_mut().filter(|outside| outside.task == id) {
                outside.take(place, *check);
            }
            Vec::new()
        }
        Report::Checked(outcome) => {
            if let Some(outside) = wizard.outside.as_mut().filter(|outside| outside.task == id) {
                outside.end.get_or_insert(outcome);
            }
            Vec::new()
        }
        Report::Looked(facts) => {
            let asked = wizard.slots();
            looked(wizard, with_answers(wizard, *facts));
            take_proposed(wizard);
            let mut effects: Vec<Effect> = make_key(wizard).into_iter().chain(look_up(wizard)).collect();
            let is_awaited = wizard.awaited.take_if(|awaited| *awaited <= id).is_some();
            if is_awaited && wizard.going_on.is_none() {
                go_to_new(wizard, &asked);
            }
            if is_awaited && let Some((page, held_back)) = wizard.going_on.take() {
                wizard.notice = None;
                effects.extend(if page == wizard.page.id { go_on(wizard) } else { Vec::new() });
                effects.extend(held_back.into_iter().flat_map(|msg| update(wizard, msg)).collect::<Vec<_>>());
            }
            effects
        }
        Report::LookedUp(found) => {
            let facts = Facts { records: found, ..wizard.reading().facts().clone() };
            looked(wizard, facts);
            Vec::new()
        }
        Report::Issuers(found) => {
            let facts = Facts { issuers: Some(found), ..wizard.reading().facts().clone() };
            looked(wizard, facts);
            // Whoever has read the page to its end would miss what came above it.
            let warns = wizard.blocks().iter().any(|block| matches!(block, Content::Paragraph(Tone::Warning, _)));
            if warns && wizard.page.body == Body::Summary && wizard.read == Some(wizard.page.id) {
                wizard.notice = Some(say("notice-issuers"));
            }
            Vec::new()
        }
        Report::Completed { start, names } => complete(wizard, &start, names),
        Report::Saved(Ok(keeps_theirs)) => {
            if keeps_theirs {
                wizard.notice = Some(say("notice-kept"));
            }
            Vec::new()
        }
        Report::Saved(Err(reason)) => {
            wizard.saved.clear();
            wizard.unsaved = true;
            wizard.notice = Some(say("notice-not-saved").with("reason", reason));
            Vec::new()
        }
        Report::Ticked(Ok(())) => Vec::new(),
        Report::Ticked(Err(reason)) => {
            wizard.notice = Some(say("notice-not-ticked").with("reason", reason));
            vec![wizard.look()]
        }
        Report::Received(Ok(file)) => received(wizard, &file),
        Report::Received(Err(reason)) => {
            wizard.notice = Some(say("notice-not-received").with("reason", reason));
            Vec::new()
        }
        Report::Finished { done, failed, cancelled, taken_back, facts } => {
            // Whatever was said of the run while it went on holds no longer.
            wizard.notice = None;
            let end = match failed {
                Some(reason) => End::Failed(reason),
                None if cancelled => End::Cancelled,
                None => End::Complete,
            };
            finished(wizard, id, done, end, taken_back);
            looked(wizard, with_answers(wizard, *facts));
            if wizard.leaving {
                return vec![Effect::Quit];
            }
            let mut effects: Vec<Effect> = make_key(wizard).into_iter().collect();
            effects.extend(
                wizard.follow.take().into_iter().flat_map(|command| perform(wizard, command)).collect::<Vec<_>>(),
            );
            effects
        }
    }
}

/// Nothing is carried out by a key that may be held down, or was meant for the page before.
fn let_go(wizard: &mut Wizard, msg: Msg) -> Option<Msg> {
    let Msg::Held(key) = msg else { return Some(msg) };
    if matches!(key, KeyPress::Enter | KeyPress::Char(' ')) && wizard.carries_out() {
        wizard.notice = Some(say("notice-held"));
        return None;
    }
    Some(Msg::Key(key))
}

/// Holds back what a person types while the wizard waits to go on, since it is meant for the next page; what is pointed at
/// is on this one still, and comes too late. Escape and Quit end the waiting.
fn hold_back(wizard: &mut Wizard, msg: Msg) -> Option<Msg> {
    let Some((_, held_back)) = &mut wizard.going_on else { return Some(msg) };
    match msg {
        Msg::Key(KeyPress::Escape | KeyPress::Quit) => {
            wizard.going_on = None;
            wizard.notice = None;
            matches!(msg, Msg::Key(KeyPress::Quit)).then_some(msg)
        }
        Msg::Key(_) | Msg::Paste(_) => {
            held_back.push(msg);
            None
        }
        Msg::Intent(Intent::Quit) => Some(msg),
        Msg::Intent(_) => None,
        _ => Some(msg),
    }
}

fn looked(wizard: &mut Wizard, facts: Facts) {
    wizard.look_is_in(facts);
    wizard.keep_focus();
}

/// A look at this machine asks no name servers: what they said holds on.
fn with_answers(wizard: &Wizard, facts: Facts) -> Facts {
    let Facts { records, issuers, .. } = wizard.reading().facts();
    Facts { records: Arc::clone(records), issuers: issuers.clone(), ..facts }
}

/// Goes back to a question that came up between those that were `asked`, unless a person is at something else by now.
fn go_to_new(wizard: &mut Wizard, asked: &[FocusTarget]) {
    let is_idle = !wizard.focus.is_text() || wizard.input.value().is_empty();
    let slots = wizard.slots();
    let before = slots.iter().take_while(|slot| **slot != wizard.focus);
    let new = before.into_iter().find(|slot| slot.is_text() && !asked.contains(slot)).cloned();
    if let Some(new) = new.filter(|_| is_idle) {
        wizard.focus_on(new);
    }
}

/// Has the key that the next run needs made ahead, so that nobody waits for it then; or thrown away, where the next run
/// needs another or none.
fn make_key(wizard: &mut Wizard) -> Option<Effect> {
    let wanted = wizard.key_to_make();
    if wizard.is_running() || wanted == wizard.key_ahead {
        return None;
    }
    wizard.key_ahead = wanted;
    Some(wizard.start(Task::PrepareKey(wanted)))
}

fn finished(wizard: &mut Wizard, task: TaskId, done: usize, end: End, taken_back: Vec<Message>) {
    let Some(run) = wizard.runs.values_mut().find(|run| run.task == task) else { return };
    (run.done, run.end, run.taken_back) = (done, Some(end), taken_back);
    let performed = run.plan.actions.iter().take(done);
    let lines = performed.map(|action| action.line(&wizard.text));
    wizard.log.extend(lines);
    if let Some(End::Failed(reason)) = &run.end {
        wizard.log.push(reason.clone());
    }
    wizard.log.extend(run.taken_back.iter().map(|said| wizard.text.say(said)));
    if let Run { plan, end: Some(end), .. } = run.clone() {
        upkeep::finished(wizard, &plan, &end);
        pfx::finished(wizard, &end);
    }
}
