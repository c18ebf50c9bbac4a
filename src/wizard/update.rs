//! The pure update: a message in, effects out. What a key or a message is about has a file of its own below.

mod choosing;
mod commands;
mod focus;
mod intents;
mod moving;
mod overlays;
mod rows;
mod saving;
mod typing;
mod upkeep;

use crate::form::{Body, Kind};
use crate::pki::digest::sha256_hex;
use crate::session::{Effect, Progress, Report, Task, TaskId};
use crate::text::say;

use super::{Command, End, FocusTarget, Intent, KeyPress, MenuItem, Msg, Overlay, Run, Wizard};
use choosing::{choose, flip, turn};
use commands::perform;
use focus::{move_to, step};
use intents::{intend, remove_item};
use moving::{back, go_on, jump, leave, next};
use overlays::{confirm, overlay_key};
use rows::{add_row, ask_to_remove, close_row, row_menu, with_row};
use saving::save;
pub use typing::countries;
use typing::{complete, edit_of, paste, received, type_into};

/// Lines that a page key moves by.
const PAGE: usize = 10;

/// Takes `msg` in and says what is to be done outside.
pub fn update(wizard: &mut Wizard, msg: Msg) -> Vec<Effect> {
    let Some(msg) = hold_back(wizard, msg) else { return Vec::new() };
    match msg {
        Msg::Start(facts) => {
            wizard.is_over(wizard.last_task);
            wizard.look_is_in(*facts);
            wizard.begin();
            // Nothing was said yet: what would be written now is what was saved.
            wizard.saved = sha256_hex(wizard.written().as_bytes());
            wizard.unsaved = false;
            make_key(wizard).into_iter().collect()
        }
        Msg::Key(key) => {
            wizard.notice = None;
            wizard.rest();
            match wizard.overlay.take() {
                Some(overlay) => overlay_key(wizard, overlay, key),
                None => page_key(wizard, key),
            }
        }
        Msg::Intent(intent) => intend(wizard, intent),
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
        Msg::Copied(file) => {
            let is_there = wizard.reading().facts().path_state(&file).found != crate::home::Found::Nothing;
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
        Report::Looked(facts) => {
            looked(wizard, *facts);
            let mut effects: Vec<Effect> = make_key(wizard).into_iter().collect();
            if wizard.awaited.take_if(|awaited| *awaited <= id).is_some()
                && let Some((page, held_back)) = wizard.going_on.take()
            {
                wizard.notice = None;
                effects.extend(if page == wizard.page.id { go_on(wizard) } else { Vec::new() });
                effects.extend(held_back.into_iter().flat_map(|msg| update(wizard, msg)).collect::<Vec<_>>());
            }
            effects
        }
        Report::Completed { start, names } => complete(wizard, &start, names),
        Report::Saved(Ok(())) => Vec::new(),
        Report::Saved(Err(reason)) => {
            wizard.saved.clear();
            wizard.unsaved = true;
            wizard.notice = Some(say("notice-not-saved").with("reason", reason));
            Vec::new()
        }
        Report::Received(Ok(file)) => received(wizard, &file),
        Report::Received(Err(reason)) => {
            wizard.notice = Some(say("notice-not-received").with("reason", reason));
            Vec::new()
        }
        Report::Finished { done, failed, cancelled, facts } => {
            // Whatever was said of the run while it went on holds no longer.
            wizard.notice = None;
            finished(wizard, id, done, failed, cancelled);
            looked(wizard, *facts);
            if wizard.leaving { vec![Effect::Quit] } else { make_key(wizard).into_iter().collect() }
        }
    }
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

fn looked(wizard: &mut Wizard, facts: crate::home::Facts) {
    wizard.look_is_in(facts);
    wizard.keep_focus();
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

fn finished(wizard: &mut Wizard, task: TaskId, done: usize, failed: Option<String>, cancelled: bool) {
    let Some(run) = wizard.runs.values_mut().find(|run| run.task == task) else { return };
    run.done = done;
    run.end = Some(match failed {
        Some(reason) => End::Failed(reason),
        None if cancelled => End::Cancelled,
        None => End::Complete,
    });
    let performed = run.plan.actions.iter().take(done);
    let lines = performed.map(|action| action.line(&wizard.text));
    wizard.log.extend(lines);
    if let Some(End::Failed(reason)) = &run.end {
        wizard.log.push(reason.clone());
    }
    if let Run { plan, end: Some(end), .. } = run.clone() {
        upkeep::finished(wizard, &plan, &end);
    }
}

fn page_key(wizard: &mut Wizard, key: KeyPress) -> Vec<Effect> {
    if wizard.focus.is_text()
        && let Some(edit) = edit_of(key)
    {
        return type_into(wizard, edit);
    }
    match key {
        KeyPress::Up | KeyPress::BackTab => step(wizard, -1),
        KeyPress::Tab if matches!(wizard.kind_at_focus(), Some(Kind::File)) => {
            let start = wizard.input.value().to_owned();
            vec![wizard.start(Task::Complete(start))]
        }
        KeyPress::Down | KeyPress::Tab => step(wizard, 1),
        KeyPress::Left => turn(wizard, -1),
        KeyPress::Right => turn(wizard, 1),
        KeyPress::Char(' ') => space(wizard),
        KeyPress::Char('/') if wizard.slots().contains(&FocusTarget::Filter) => move_to(wizard, FocusTarget::Filter),
        KeyPress::Enter => enter(wizard),
        KeyPress::Escape => back(wizard),
        KeyPress::PageUp => scroll(wizard, false),
        KeyPress::PageDown => scroll(wizard, true),
        KeyPress::MoveUp => with_row(wizard, |row| Command::MoveRow { row, up: true }),
        KeyPress::MoveDown => with_row(wizard, |row| Command::MoveRow { row, up: false }),
        KeyPress::Delete => with_row(wizard, Command::AskToRemove),
        KeyPress::Function(number) => function(wizard, number),
        KeyPress::Save => save(wizard),
        KeyPress::Next if wizard.row.is_some() => close_row(wizard),
        KeyPress::Next => next(wizard),
        KeyPress::Quit => leave(wizard),
        _ => Vec::new(),
    }
}

fn space(wizard: &mut Wizard) -> Vec<Effect> {
    match wizard.focus.clone() {
        FocusTarget::Choice(_) => turn(wizard, 1),
        FocusTarget::Option(..) => choose(wizard).unwrap_or_default(),
        FocusTarget::Toggle(_) | FocusTarget::Tick(..) => flip(wizard),
        FocusTarget::Row(row) => {
            wizard.overlay = Some(row_menu(wizard, row));
            Vec::new()
        }
        _ => enter(wizard),
    }
}

fn enter(wizard: &mut Wizard) -> Vec<Effect> {
    match wizard.focus.clone() {
        FocusTarget::Text(path) if matches!(wizard.kind_at_focus(), Some(Kind::Country)) => {
            let found = countries(wizard.input.value());
            if found.len() < 2 {
                return step(wizard, 1);
            }
            let items = found.into_iter().map(|(code, name)| MenuItem {
                label: say("country").with("code", code).with("name", name),
                command: Command::Answer { path: path.clone(), text: code.to_owned() },
            });
            wizard.overlay = Some(Overlay::Menu {
                title: say("menu-country"),
                about: Vec::new(),
                items: items.collect(),
                selected: 0,
            });
            Vec::new()
        }
        FocusTarget::Option(path, _) => {
            // Return chooses, and goes on to what comes after the choice.
            let Some(mut effects) = choose(wizard) else { return Vec::new() };
            let slots = wizard.slots();
            let here = slots.iter().position(|slot| *slot == wizard.focus).unwrap_or(0);
            let after = slots[here..].iter().find(|slot| slot.path() != Some(path.as_str())).cloned();
            effects.extend(after.map(|slot| move_to(wizard, slot)).unwrap_or_default());
            effects
        }
        FocusTarget::Text(_)
        | FocusTarget::Item(..)
        | FocusTarget::Choice(_)
        | FocusTarget::Toggle(_)
        | FocusTarget::Tick(..)
        | FocusTarget::Filter => step(wizard, 1),
        FocusTarget::Preset(row) => perform(wizard, Command::ChoosePreset(row)),
        FocusTarget::Row(row) => perform(wizard, Command::EditRow(row)),
        FocusTarget::AddRow => add_row(wizard),
        FocusTarget::Document(index) => view_document(wizard, index),
        FocusTarget::Log => {
            let name = wizard.text.say(&say("log"));
            wizard.overlay = Some(Overlay::View { name, file: None, content: wizard.log.join("\n"), scroll: 0 });
            Vec::new()
        }
        FocusTarget::Jump(_, path) => jump(wizard, &path),
        FocusTarget::Next if wizard.row.is_some() => close_row(wizard),
        FocusTarget::Next => next(wizard),
    }
}

fn function(wizard: &mut Wizard, number: u8) -> Vec<Effect> {
    let clearable = match &wizard.focus {
        FocusTarget::Item(path, _) => Some(path.clone()),
        FocusTarget::Row(_) | FocusTarget::AddRow | FocusTarget::Filter => {
            wizard.rows_field().map(|field| field.path.to_owned())
        }
        _ => None,
    };
    match (number, wizard.focus.clone()) {
        (1, _) => wizard.overlay = Some(Overlay::Help { scroll: 0 }),
        (2, _) => wizard.overlay = Some(Overlay::LeadsTo { scroll: 0 }),
        (4, _) if !wizard.is_running() => wizard.overlay = Some(super::all_pages(wizard)),
        (3, FocusTarget::Document(index)) => return view_document(wizard, index),
        (3, _) => return view_document(wizard, 0),
        (5, FocusTarget::Row(row)) => return perform(wizard, Command::ChoosePreset(row)),
        (5, _) => {
            if let Some(row) = wizard.row.filter(|_| wizard.page.presets.is_some()) {
                return perform(wizard, Command::ChoosePreset(row));
            }
        }
        (6, focus) => {
            let index = if let FocusTarget::Document(index) = focus { index } else { 0 };
            let document = wizard.document(index);
            return document.map(|(_, file, content)| Effect::Copy(file, content)).into_iter().collect();
        }
        (7, _) if wizard.rows_field().is_some() && wizard.row.is_none() => return add_row(wizard),
        (8, FocusTarget::Item(path, index)) => return remove_item(wizard, &path, index),
        (8, FocusTarget::Row(row)) => ask_to_remove(wizard, row),
        (9, _) => {
            if let Some(path) = clearable {
                wizard.overlay = Some(confirm(say("confirm-clear"), Command::Clear(path)));
            }
        }
        _ => {}
    }
    Vec::new()
}

/// Moves by a page: the focus where there are places, else what is shown.
fn scroll(wizard: &mut Wizard, down: bool) -> Vec<Effect> {
    let slots = wizard.slots();
    let at = slots.iter().position(|slot| *slot == wizard.focus).unwrap_or(0);
    if slots.len() > 1 && wizard.page.body != Body::Document {
        let to = if down { (at + PAGE).min(slots.len() - 1) } else { at.saturating_sub(PAGE) };
        return move_to(wizard, slots[to].clone());
    }
    wizard.scroll = if down { wizard.scroll + PAGE } else { wizard.scroll.saturating_sub(PAGE) };
    Vec::new()
}

fn view_document(wizard: &mut Wizard, index: usize) -> Vec<Effect> {
    if let Some((name, file, content)) = wizard.document(index) {
        wizard.overlay = Some(Overlay::View { name, file: Some(file), content, scroll: 0 });
    }
    Vec::new()
}
