//! What a menu, a confirmation or a key asks for is done.

use std::sync::Arc;

use crate::form::Value;
use crate::pages::Change;
use crate::session::Effect;
use crate::text::say;
use crate::wizard::{Deed, MenuItem, Overlay, Slot, Wizard};

use super::choosing::{after_change, set};
use super::focus::{leave_place, step};
use super::moving::{leave, next, show};
use super::overlays::confirm;
use super::rows::{ask_to_remove, touch_row};
use super::upkeep::{ask_to_renew, ask_to_undo, renew, take_back};

/// Does what a menu, a confirmation or a key asks.
pub(super) fn perform(wizard: &mut Wizard, deed: Deed) -> Vec<Effect> {
    match deed {
        Deed::GoTo(id) => {
            let mut effects = leave_place(wizard);
            if let Some(page) = wizard.pages().into_iter().find(|page| page.id == id) {
                effects.extend(show(wizard, page));
            }
            return effects;
        }
        Deed::EditRow(row) => {
            let effects = leave_place(wizard);
            wizard.row = Some(row);
            // It was filled in before, here or under another number: what is wrong with it shows.
            touch_row(wizard, row);
            wizard.focus_first();
            return effects;
        }
        Deed::MoveRow { row, up } => {
            let to = if up { row.checked_sub(1) } else { Some(row + 1) };
            let rows = wizard.rows_field().and_then(|field| wizard.answers_mut().rows_mut(field.path));
            if let (Some(to), Some(rows)) = (to, rows)
                && to < rows.len()
            {
                rows.swap(row, to);
                wizard.focus = Slot::Row(to);
            }
        }
        Deed::AskToRemove(row) => ask_to_remove(wizard, row),
        Deed::RemoveRow(row) => {
            if let Some(rows) = wizard.rows_field().and_then(|field| wizard.answers_mut().rows_mut(field.path)) {
                rows.remove(row);
            }
            wizard.refresh(Change::All);
            let shown = wizard.shown_rows();
            let next = shown.iter().find(|shown| **shown >= row).or(shown.last());
            wizard.focus = next.map_or(Slot::AddRow, |row| Slot::Row(*row));
        }
        Deed::Clear(path) => {
            wizard.answers_mut().unset(&path);
            wizard.refresh(Change::All);
            let slots = wizard.slots();
            let list = slots.iter().find(|slot| slot.path() == Some(path.as_str()));
            wizard.focus = list.cloned().unwrap_or(Slot::AddRow);
            wizard.keep_focus();
            wizard.load_input();
        }
        Deed::ChoosePreset(row) => {
            let Some(presets) = &wizard.page.presets else { return Vec::new() };
            let item = |(preset, name): (usize, &&str)| MenuItem {
                label: say("menu-preset-line")
                    .with("preset", say(format!("preset-{name}")))
                    .with("help", say(format!("preset-{name}.help"))),
                deed: Deed::Preset { row, preset, yes: 0 },
            };
            let items = presets.names.iter().enumerate().map(item).collect();
            let selected = wizard.with_scene(|scene| (presets.now)(scene, row)).unwrap_or(presets.usual);
            wizard.overlay = Some(Overlay::Menu { title: say("menu-preset"), about: Vec::new(), items, selected });
        }
        Deed::Preset { row, preset, yes } => {
            let Some(presets) = &wizard.page.presets else { return Vec::new() };
            match (presets.asks)(preset).get(yes) {
                Some(question) => {
                    let deed = Deed::Preset { row, preset, yes: yes + 1 };
                    wizard.overlay = Some(confirm(say(*question), deed));
                }
                None => (presets.set)(wizard.answers_mut(), row, preset),
            }
        }
        Deed::Answer { path, text } => {
            set(wizard, &path, Value::Text(text));
            wizard.refresh(Change::Answer(&path));
            wizard.load_input();
            return step(wizard, 1);
        }
        Deed::Replace(files) => {
            Arc::make_mut(&mut wizard.wishes).agreed.extend(files);
            wizard.refresh(Change::Facts);
            return next(wizard);
        }
        Deed::AskToRenew => wizard.overlay = Some(ask_to_renew(wizard)),
        Deed::Renew(how) => return renew(wizard, how),
        Deed::AskToUndo => wizard.overlay = ask_to_undo(wizard),
        Deed::Undo => return take_back(wizard),
        Deed::Leave => {}
        Deed::Quit => return leave(wizard),
    }
    after_change(wizard, Change::All)
}
