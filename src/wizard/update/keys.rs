//! Keys on the page.

use crate::form::{Body, Kind};
use crate::session::{Effect, Task};
use crate::text::say;
use crate::wizard::{Command, FocusTarget, KeyPress, MenuItem, Overlay, Wizard, all_pages, countries};

use super::choosing::{choose, flip, turn};
use super::commands::perform;
use super::focus::{commit_input, move_to, step};
use super::moving::{back, jump, leave, next};
use super::rows::{add_row, close_row, remove, row_menu};
use super::typing::{edit_of, type_into};

/// A key on the page.
pub(super) fn page_key(wizard: &mut Wizard, key: KeyPress) -> Vec<Effect> {
    if wizard.focus.is_text()
        && let Some(edit) = edit_of(key)
    {
        type_into(wizard, edit);
        return Vec::new();
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
        KeyPress::Save => {
            let effects = commit_input(wizard);
            wizard.notice = Some(if wizard.dry_run { say("notice-dry-run") } else { say("notice-saved") });
            effects
        }
        KeyPress::Next if wizard.row.is_some() => close_row(wizard),
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
        (4, _) if !wizard.is_running() => wizard.overlay = Some(all_pages(wizard)),
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
        (8, _) => return remove(wizard),
        (9, _) => {
            if let Some(path) = clearable {
                wizard.overlay = Some(Overlay::confirm(say("confirm-clear"), Command::Clear(path)));
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
        let to = if down { (at + KeyPress::PAGE).min(slots.len() - 1) } else { at.saturating_sub(KeyPress::PAGE) };
        return move_to(wizard, slots[to].clone());
    }
    wizard.scroll = if down { wizard.scroll + KeyPress::PAGE } else { wizard.scroll.saturating_sub(KeyPress::PAGE) };
    Vec::new()
}

fn view_document(wizard: &mut Wizard, index: usize) -> Vec<Effect> {
    if let Some((name, file, content)) = wizard.document(index) {
        wizard.overlay = Some(Overlay::View { name, file: Some(file), content, scroll: 0 });
    }
    Vec::new()
}
