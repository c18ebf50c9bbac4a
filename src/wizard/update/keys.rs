//! Keys on the page.

use crate::form::{Body, Kind};
use crate::pages;
use crate::session::{Effect, Task};
use crate::text::say;
use crate::wizard::{Command, FocusTarget, KeyPress, MenuItem, Overlay, Sight, Wizard, all_pages, countries};

use super::choosing::{choose, flip, turn};
use super::commands::perform;
use super::focus::{commit_input, move_to, step, tab};
use super::moving::{back, jump, leave, next};
use super::rows::{add_row, cancel_row, close_row, finish_row, remove, row_menu};
use super::typing::{edit_of, type_into};

/// A key on the page.
pub(super) fn page_key(wizard: &mut Wizard, key: KeyPress) -> Vec<Effect> {
    if wizard.focus.is_text()
        && let Some(edit) = edit_of(key)
    {
        type_into(wizard, edit);
        return Vec::new();
    }
    if wizard.page.is_for_reading()
        && wizard.row.is_none()
        && let Some(effects) = reading_key(wizard, key)
    {
        return effects;
    }
    match key {
        KeyPress::Up => step(wizard, -1),
        KeyPress::BackTab => tab(wizard, -1),
        KeyPress::Tab if wizard.completes() => {
            let start = wizard.input.value().to_owned();
            vec![wizard.start(Task::Complete(start))]
        }
        KeyPress::Down => step(wizard, 1),
        KeyPress::Tab => tab(wizard, 1),
        KeyPress::Left => turn(wizard, -1, false),
        KeyPress::Right => turn(wizard, 1, false),
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
        KeyPress::Save => {
            let effects = commit_input(wizard);
            wizard.notice = Some(if wizard.dry_run { say("notice-dry-run") } else { say("notice-saved") });
            effects
        }
        KeyPress::Char('?') => function(wizard, 1),
        KeyPress::Next if wizard.row.is_some() => close_row(wizard),
        // What a summary lists is done by its button alone.
        KeyPress::Next if wizard.page.body == Body::Summary => {
            wizard.notice = Some(say("notice-press"));
            move_to(wizard, FocusTarget::Next)
        }
        KeyPress::Next => next(wizard),
        KeyPress::Quit => leave(wizard),
        _ => Vec::new(),
    }
}

/// Does `command` with the row that has the focus.
fn with_row(wizard: &mut Wizard, command: impl FnOnce(usize) -> Command) -> Vec<Effect> {
    match wizard.focus {
        FocusTarget::Row(row) => perform(wizard, command(row)),
        _ => Vec::new(),
    }
}

/// What the space bar does where the focus is.
pub(super) fn space(wizard: &mut Wizard) -> Vec<Effect> {
    match wizard.focus.clone() {
        FocusTarget::Choice(_) => turn(wizard, 1, true),
        FocusTarget::Preset(row) => perform(wizard, Command::ChoosePreset(row)),
        FocusTarget::Option(..) => choose(wizard).unwrap_or_default(),
        FocusTarget::Toggle(_) | FocusTarget::Tick(..) => flip(wizard),
        FocusTarget::Row(row) => {
            wizard.overlay = Some(row_menu(wizard, row));
            Vec::new()
        }
        _ => enter(wizard),
    }
}

/// What return does where the focus is.
pub(super) fn enter(wizard: &mut Wizard) -> Vec<Effect> {
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
            wizard.overlay = Some(Overlay::choice(say("menu-country"), items.collect(), 0));
            Vec::new()
        }
        // Return chooses where something else was chosen, and goes on to what comes after the choice.
        FocusTarget::Option(..) if wizard.entered(&wizard.focus) == wizard.focus && is_answered(wizard) => {
            tab(wizard, 1)
        }
        FocusTarget::Option(..) => {
            let Some(mut effects) = choose(wizard) else { return Vec::new() };
            effects.extend(tab(wizard, 1));
            effects
        }
        FocusTarget::Text(_)
        | FocusTarget::Item(..)
        | FocusTarget::Choice(_)
        | FocusTarget::Toggle(_)
        | FocusTarget::Preset(_)
        | FocusTarget::Filter => step(wizard, 1),
        FocusTarget::Tick(..) => tab(wizard, 1),
        FocusTarget::Row(row) => perform(wizard, Command::EditRow(row)),
        FocusTarget::AddRow => add_row(wizard),
        FocusTarget::Document(index) => view_document(wizard, index),
        FocusTarget::Log => {
            let name = wizard.text.say(&say("log"));
            wizard.overlay = Some(Overlay::View { name, file: None, content: wizard.log.join("\n"), scroll: 0 });
            Vec::new()
        }
        FocusTarget::Jump(_, path) => jump(wizard, &path),
        FocusTarget::Next if wizard.row.is_some() => finish_row(wizard),
        FocusTarget::Next if !wizard.is_read() => read_on(wizard, true),
        FocusTarget::Next => next(wizard),
        FocusTarget::Back if wizard.row.is_some() => cancel_row(wizard),
        FocusTarget::Back => back(wizard),
    }
}

/// Whether the choice with the focus has an answer or a default.
fn is_answered(wizard: &Wizard) -> bool {
    let path = wizard.focus.path();
    let value = path.and_then(|path| pages::form().value(&wizard.answered(), path));
    value.is_some_and(|value| !value.is_blank())
}

/// A key on a page that is read rather than filled in: it moves what is in sight, whatever has the focus.
fn reading_key(wizard: &mut Wizard, key: KeyPress) -> Option<Vec<Effect>> {
    let sight = wizard.sight.clone()?;
    match key {
        KeyPress::PageUp => Some(read_on(wizard, false)),
        KeyPress::PageDown => Some(read_on(wizard, true)),
        KeyPress::Home => Some(look_from(wizard, 0)),
        KeyPress::End => Some(look_from(wizard, sight.last)),
        KeyPress::Up => to_link(wizard, &sight, false),
        KeyPress::Down => to_link(wizard, &sight, true),
        _ => None,
    }
}

/// Moves by what is in sight, but for a line.
fn read_on(wizard: &mut Wizard, down: bool) -> Vec<Effect> {
    let Sight { first, height, .. } = wizard.sight.clone().unwrap_or_default();
    let by = height.saturating_sub(1).max(1);
    look_from(wizard, if down { first + by } else { first.saturating_sub(by) })
}

/// Shows the page from this line on, as far as it goes.
fn look_from(wizard: &mut Wizard, line: usize) -> Vec<Effect> {
    let last = wizard.sight.as_ref().map_or(0, |sight| sight.last);
    wizard.wheel = Some(line.min(last));
    Vec::new()
}

/// Goes to the next link in sight, or else moves what is in sight; nothing where the page ends there.
fn to_link(wizard: &mut Wizard, sight: &Sight, down: bool) -> Option<Vec<Effect>> {
    let at = sight.slots.iter().position(|slot| *slot == wizard.focus);
    let link = match (down, at) {
        (true, Some(at)) => sight.slots.get(at + 1),
        (false, Some(at)) => at.checked_sub(1).and_then(|at| sight.slots.get(at)),
        (true, None) => sight.slots.first().filter(|_| !is_button(&wizard.focus)),
        (false, None) => sight.slots.last(),
    };
    if let Some(link) = link.cloned() {
        let first = sight.first;
        let effects = move_to(wizard, link);
        wizard.wheel = Some(first);
        return Some(effects);
    }
    let is_at_the_edge = if down { sight.first >= sight.last } else { sight.first == 0 };
    // Of what is still to be read nothing is skipped.
    if !down && is_at_the_edge && !wizard.is_read() {
        return Some(Vec::new());
    }
    (!is_at_the_edge).then(|| look_from(wizard, if down { sight.first + 1 } else { sight.first - 1 }))
}

fn is_button(slot: &FocusTarget) -> bool {
    matches!(slot, FocusTarget::Next | FocusTarget::Back)
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
        (4, _) if !wizard.is_running() => wizard.overlay = Some(all_pages(wizard)),
        (3, FocusTarget::Document(index)) => return view_document(wizard, index),
        (3, FocusTarget::Row(row)) if wizard.has_partners() => return perform(wizard, Command::Outside(Some(row))),
        (3, _) if wizard.has_partners() => return perform(wizard, Command::Outside(wizard.row)),
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
        (8, _) => return remove(wizard),
        (9, _) => {
            if let Some(path) = clearable {
                let rows = wizard.reading().answers().rows(&path).len();
                let count = if rows > 0 { rows } else { wizard.items(&path).len() };
                if count > 0 {
                    wizard.overlay =
                        Some(Overlay::confirm(say("confirm-clear").with("count", count), Command::Clear(path)));
                }
            }
        }
        _ => {}
    }
    Vec::new()
}

/// Moves the focus by a page.
fn scroll(wizard: &mut Wizard, down: bool) -> Vec<Effect> {
    let slots = wizard.slots();
    let at = slots.iter().position(|slot| *slot == wizard.focus).unwrap_or(0);
    let end = slots.iter().position(|slot| *slot == FocusTarget::Next).unwrap_or(0);
    let to = if down { (at + KeyPress::PAGE).min(end) } else { at.saturating_sub(KeyPress::PAGE) };
    move_to(wizard, slots[to].clone())
}

fn view_document(wizard: &mut Wizard, index: usize) -> Vec<Effect> {
    if let Some((name, file, content)) = wizard.document(index) {
        wizard.overlay = Some(Overlay::View { name, file: Some(file), content, scroll: 0 });
    }
    Vec::new()
}
