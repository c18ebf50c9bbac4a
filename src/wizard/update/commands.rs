//! What a menu, a confirmation or a key asks for is done.

use crate::form::Value;
use crate::pages::Changed;
use crate::session::Effect;
use crate::text::say;
use crate::wizard::overview::overview;
use crate::wizard::{Command, FocusTarget, MenuItem, Overlay, Wizard};

use super::focus::tab;
use super::moving::{go_to, leave, next};
use super::outside;
use super::pfx::ask_for_pfx;
use super::rows::{ask_to_remove, cancel_row, change_rows, edit_row};
use super::saving::after_change;
use super::ticking::{choose_step, list, tick};
use super::upkeep::{ask_to_renew, ask_to_undo, forget_certificate, renew, take_back};

/// Does what a menu, a confirmation or a key asks.
pub(super) fn perform(wizard: &mut Wizard, command: Command) -> Vec<Effect> {
    match command {
        Command::GoTo(id) => return go_to(wizard, id),
        Command::EditRow(row) => return edit_row(wizard, row),
        Command::MoveRow { row, up } => {
            let to = if up { row.checked_sub(1) } else { Some(row + 1) };
            let rows = wizard.rows_field().map_or(0, |field| wizard.reading().answers().rows(field.path).len());
            if let Some(to) = to.filter(|to| *to < rows) {
                change_rows(wizard, |rows| rows.swap(row, to));
                wizard.focus = FocusTarget::Row(to);
            }
        }
        Command::CancelRow => return cancel_row(wizard),
        Command::AskToRemove(row) => ask_to_remove(wizard, row),
        Command::RemoveRow(row) => {
            change_rows(wizard, |rows| drop(rows.remove(row)));
            let shown = wizard.shown_rows();
            let next = shown.iter().find(|shown| **shown >= row).or(shown.last());
            wizard.focus = next.map_or(FocusTarget::AddRow, |row| FocusTarget::Row(*row));
        }
        Command::Clear(path) => {
            wizard.change(Changed::All, |answers| answers.unset(&path));
            let slots = wizard.slots();
            let list = slots.iter().find(|slot| slot.path() == Some(path.as_str()));
            wizard.focus_on(list.cloned().unwrap_or(FocusTarget::AddRow));
            wizard.keep_focus();
        }
        Command::ChoosePreset(row) => {
            let Some(presets) = &wizard.page.presets else { return Vec::new() };
            let item = |(preset, name): (usize, &&str)| MenuItem {
                label: say("menu-preset-line")
                    .with("preset", say(format!("preset-{name}")))
                    .with("help", say(format!("preset-{name}.help"))),
                command: Command::Preset { row, preset, yes: 0 },
            };
            let items = presets.names.iter().enumerate().map(item).collect();
            let selected = wizard.with_context(|context| (presets.now)(context, row)).unwrap_or(presets.usual);
            wizard.overlay = Some(Overlay::choice(say("menu-preset"), items, selected));
        }
        Command::Preset { row, preset, yes } => {
            let Some(presets) = &wizard.page.presets else { return Vec::new() };
            match (presets.asks)(&wizard.answered(), preset).get(yes) {
                Some(question) => {
                    let command = Command::Preset { row, preset, yes: yes + 1 };
                    wizard.overlay = Some(Overlay::confirm(say(*question), command));
                }
                None => wizard.change(Changed::All, |answers| (presets.set)(answers, row, preset, yes > 0)),
            }
        }
        Command::Answer { path, text } => {
            wizard.set(&path, Value::Text(text));
            wizard.load_input();
            return tab(wizard, 1);
        }
        Command::Replace(files) => {
            wizard.wish(|wishes| wishes.agreed.extend(files));
            return next(wizard);
        }
        // It covers the page, and what is to be noticed there.
        Command::Overview => {
            let said = wizard.notice.take().into_iter().collect();
            wizard.overlay = Some(overview(wizard, said));
        }
        Command::NewRequest => {
            forget_certificate(wizard);
            return go_to(wizard, "edge");
        }
        Command::AskForPfx => match ask_for_pfx(wizard, Command::ToDo) {
            Some(asked) => wizard.overlay = Some(asked),
            None => return perform(wizard, Command::ToDo),
        },
        Command::ToDo => wizard.overlay = Some(list(wizard, 0)),
        Command::Tick(step) => return choose_step(wizard, step),
        Command::TickByHand(step) => return tick(wizard, step),
        Command::AskToRenew => wizard.overlay = Some(ask_to_renew(wizard)),
        Command::Renew(how) => return renew(wizard, how),
        Command::AskToUndo => wizard.overlay = ask_to_undo(wizard),
        Command::Undo => return take_back(wizard),
        Command::Outside(row) => return outside::open(wizard, row),
        Command::LookOutside(row) => return outside::look(wizard, row),
        Command::Leave => {}
        Command::Quit => return leave(wizard),
    }
    after_change(wizard)
}
