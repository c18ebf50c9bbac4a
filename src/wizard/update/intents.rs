//! What a person wants is done, wherever the focus was.

use tui_input::Input;

use crate::form::{Kind, Value};
use crate::pages;
use crate::session::Effect;
use crate::wizard::{Command, FocusTarget, Intent, KeyPress, Overlay, Wizard, is_in_row};

use super::choosing::{flip, pick};
use super::commands::perform;
use super::focus::{commit_input, focus};
use super::keys::{enter, space};
use super::moving::{back, leave};
use super::outside;
use super::overlays::overlay_key;
use super::pasting::paste;
use super::rows::remove;
use super::typing::take_input;

pub(super) fn intend(wizard: &mut Wizard, intent: Intent) -> Vec<Effect> {
    match intent {
        Intent::Focus(slot) => focus(wizard, &slot),
        Intent::Click(slot) => {
            let had_focus = wizard.focus == slot;
            at(wizard, &slot, |wizard| click(wizard, had_focus))
        }
        Intent::Open(slot) => at(wizard, &slot, open),
        Intent::Type(slot, text) => at(wizard, &slot, |wizard| type_whole(wizard, text)),
        Intent::Paste(slot, text) => at(wizard, &slot, |wizard| paste(wizard, &text)),
        Intent::Keep(slot) => at(wizard, &slot, commit_input),
        Intent::Choose(path, index) => choose(wizard, &path, index),
        Intent::Switch(path, wanted) => at(wizard, &FocusTarget::Toggle(path.clone()), |wizard| {
            let is_so = pages::form().value(&wizard.answered(), &path) == Some(Value::Flag(wanted));
            if is_so { Vec::new() } else { flip(wizard) }
        }),
        Intent::Tick(path, index) => at(wizard, &FocusTarget::Tick(path, index), flip),
        Intent::Remove(slot) => at(wizard, &slot, remove),
        Intent::MoveUp(row) => {
            at(wizard, &FocusTarget::Row(row), |wizard| perform(wizard, Command::MoveRow { row, up: true }))
        }
        Intent::Filter(text) => at(wizard, &FocusTarget::Filter, |wizard| {
            wizard.input = Input::new(text);
            take_input(wizard);
            Vec::new()
        }),
        Intent::Scroll(line) => {
            wizard.wheel = Some(line);
            Vec::new()
        }
        Intent::Roll(lines) => roll(wizard, lines),
        Intent::Item(place) if matches!(wizard.overlay, Some(Overlay::Outside { .. })) => {
            if wizard.outside.as_ref().is_some_and(|outside| place < outside.names().len()) {
                wizard.overlay = Some(Overlay::Path { place, scroll: 0 });
            }
            Vec::new()
        }
        Intent::Outside => perform(wizard, Command::Outside(None)),
        Intent::LookAgain => {
            outside::ask(wizard, None);
            Vec::new()
        }
        Intent::Partner => match wizard.overlay.take() {
            Some(Overlay::Path { place, .. }) => outside::edit(wizard, place),
            _ => Vec::new(),
        },
        Intent::Item(index) => {
            let menu = wizard.overlay.take_if(|overlay| matches!(overlay, Overlay::Menu { .. }));
            let Some(Overlay::Menu { items, .. }) = menu else { return Vec::new() };
            items.into_iter().nth(index).map(|item| perform(wizard, item.command)).unwrap_or_default()
        }
        Intent::Answer(yes) => {
            let question = wizard.overlay.take_if(|overlay| matches!(overlay, Overlay::Confirm { .. }));
            let Some(Overlay::Confirm { command, .. }) = question.filter(|_| yes) else { return Vec::new() };
            perform(wizard, command)
        }
        Intent::Back => match wizard.overlay.take() {
            Some(Overlay::Menu { escape, .. }) => perform(wizard, escape),
            Some(path @ Overlay::Path { .. }) => overlay_key(wizard, path, KeyPress::Escape),
            Some(_) => Vec::new(),
            None => back(wizard),
        },
        Intent::Quit => {
            wizard.overlay = None;
            wizard.going_on = None;
            leave(wizard)
        }
    }
}

/// Does something at `slot`, if it can have the focus now and nothing lies over it.
fn at(wizard: &mut Wizard, slot: &FocusTarget, command: impl FnOnce(&mut Wizard) -> Vec<Effect>) -> Vec<Effect> {
    let mut effects = focus(wizard, slot);
    if wizard.focus == *slot && wizard.overlay.is_none() {
        effects.extend(command(wizard));
    }
    effects
}

fn open(wizard: &mut Wizard) -> Vec<Effect> {
    match wizard.focus {
        FocusTarget::Preset(_) => space(wizard),
        _ => enter(wizard),
    }
}

fn click(wizard: &mut Wizard, had_focus: bool) -> Vec<Effect> {
    match wizard.focus {
        FocusTarget::Text(_) | FocusTarget::Item(..) | FocusTarget::Filter | FocusTarget::Choice(_) => Vec::new(),
        FocusTarget::Option(..) | FocusTarget::Toggle(_) | FocusTarget::Tick(..) => space(wizard),
        // What leads elsewhere is opened by a second click, once it is seen to be the right one.
        FocusTarget::Row(_) | FocusTarget::Jump(..) if !had_focus => Vec::new(),
        _ => open(wizard),
    }
}

fn type_whole(wizard: &mut Wizard, text: String) -> Vec<Effect> {
    wizard.input = Input::new(text);
    take_input(wizard);
    // Which country is meant may have to be asked.
    if matches!(wizard.kind_at_focus(), Some(Kind::Country)) { enter(wizard) } else { commit_input(wizard) }
}

fn choose(wizard: &mut Wizard, path: &str, index: usize) -> Vec<Effect> {
    let slot = if is_in_row(path) {
        FocusTarget::Choice(path.to_owned())
    } else {
        FocusTarget::Option(path.to_owned(), index)
    };
    at(wizard, &slot, |wizard| pick(wizard, path, index).unwrap_or_default())
}

/// Moves what lies over the page.
fn roll(wizard: &mut Wizard, lines: isize) -> Vec<Effect> {
    let key = if lines < 0 { KeyPress::Up } else { KeyPress::Down };
    for _ in 0..lines.unsigned_abs() {
        if let Some(overlay) = wizard.overlay.take() {
            overlay_key(wizard, overlay, key);
        }
    }
    Vec::new()
}
