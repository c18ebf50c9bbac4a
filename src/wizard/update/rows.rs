//! The rows of a table and the items of a list: added, opened, closed, taken away.

use crate::form::{Row, Value};
use crate::pages::Changed;
use crate::session::Effect;
use crate::text::{Message, say};
use crate::wizard::{Command, FocusTarget, MenuItem, Overlay, Wizard};

use super::focus::{leave_place, move_to};
use super::saving::{after_change, save_if_changed};

pub(super) fn add_row(wizard: &mut Wizard) -> Vec<Effect> {
    let Some(field) = wizard.rows_field() else { return Vec::new() };
    let mut effects = leave_place(wizard);
    let row = wizard.change(Changed::All, |answers| answers.add_row(field.path));
    wizard.filter.clear();
    effects.extend(edit_row(wizard, row));
    wizard.row_before = None;
    let of_row = format!("{}.{row}.", field.path);
    wizard.touched.retain(|path| !path.starts_with(&of_row));
    // A new row is typed from its first field on; the preset above it is the default one already.
    effects.extend(
        wizard.slots().into_iter().find(FocusTarget::is_text).map(|slot| move_to(wizard, slot)).unwrap_or_default(),
    );
    effects
}

/// Opens a row.
pub(super) fn edit_row(wizard: &mut Wizard, row: usize) -> Vec<Effect> {
    let effects = leave_place(wizard);
    wizard.row = Some(row);
    let rows = wizard.rows_field().map_or(&[][..], |field| wizard.reading().answers().rows(field.path));
    wizard.row_before = rows.get(row).cloned();
    // It was filled in before, here or under another number: what is wrong with it shows.
    touch_row(wizard, row);
    wizard.focus_first();
    effects
}

/// Closes the row with what was changed in it; one that says nothing goes away.
pub(super) fn close_row(wizard: &mut Wizard) -> Vec<Effect> {
    let mut effects = leave_place(wizard);
    let (Some(row), Some(field)) = (wizard.row.take(), wizard.rows_field()) else { return effects };
    let is_empty = wizard.reading().answers().rows(field.path).get(row).is_some_and(says_nothing);
    if is_empty {
        change_rows(wizard, |rows| drop(rows.remove(row)));
    }
    wizard.focus_on(if is_empty { FocusTarget::Next } else { FocusTarget::Row(row) });
    wizard.scroll = 0;
    effects.extend(save_if_changed(wizard));
    effects
}

/// Closes the row, and goes on to the next; after a new one to where another is added, after the last one out of the table.
pub(super) fn finish_row(wizard: &mut Wizard) -> Vec<Effect> {
    let is_new = wizard.row_before.is_none();
    let effects = close_row(wizard);
    if let FocusTarget::Row(row) = wizard.focus {
        let slots = wizard.slots();
        let next = slots.iter().find(|slot| matches!(slot, FocusTarget::Row(other) if *other > row));
        let end = if is_new { FocusTarget::AddRow } else { FocusTarget::Next };
        wizard.focus_on(next.cloned().unwrap_or(end));
    }
    effects
}

/// Leaves the row without finishing it: what was changed in it goes only if a person says so.
pub(super) fn back_from_row(wizard: &mut Wizard) -> Vec<Effect> {
    let mut effects = leave_place(wizard);
    let (Some(row), Some(field)) = (wizard.row, wizard.rows_field()) else { return effects };
    let said = wizard.reading().answers().rows(field.path).get(row);
    let is_as_before = said == wizard.row_before.as_ref() || said.is_some_and(says_nothing);
    if is_as_before {
        effects.extend(cancel_row(wizard));
    } else {
        wizard.overlay = Some(Overlay::confirm(say("confirm-cancel-row"), Command::CancelRow));
    }
    effects
}

fn says_nothing(row: &Row) -> bool {
    row.values().all(|value| value.is_blank() || *value == Value::List(Vec::new()))
}

/// Closes the row as it was before it was opened; a new one goes away.
pub(super) fn cancel_row(wizard: &mut Wizard) -> Vec<Effect> {
    let Some(row) = wizard.row else { return Vec::new() };
    let before = wizard.row_before.take();
    let was_there = before.is_some();
    change_rows(wizard, |rows| match before {
        Some(before) => rows[row] = before,
        None => drop(rows.remove(row)),
    });
    wizard.row = None;
    wizard.focus_on(if was_there { FocusTarget::Row(row) } else { FocusTarget::AddRow });
    wizard.keep_focus();
    wizard.scroll = 0;
    save_if_changed(wizard)
}

/// Changes the rows of the page, their number or their order.
pub(super) fn change_rows(wizard: &mut Wizard, change: impl FnOnce(&mut Vec<Row>)) {
    let Some(field) = wizard.rows_field() else { return };
    wizard.change(Changed::All, |answers| answers.rows_mut(field.path).map(change));
}

/// Lets all problems of a row show.
fn touch_row(wizard: &mut Wizard, row: usize) {
    let Some(field) = wizard.rows_field() else { return };
    let questions =
        wizard.page.questions_of_row(&wizard.answered(), field, row).into_iter().map(|question| question.path);
    let problems = wizard.reading().problems_in(wizard.page, row).map(|problem| problem.path.clone());
    let paths: Vec<String> = questions.chain(problems).collect();
    wizard.touched.extend(paths);
}

/// Takes away what has the focus: an item of a list at once, a row once a person said yes.
pub(super) fn remove(wizard: &mut Wizard) -> Vec<Effect> {
    match wizard.focus.clone() {
        FocusTarget::Item(path, index) => {
            let mut items = wizard.items(&path);
            if index >= items.len() {
                return Vec::new();
            }
            items.remove(index);
            wizard.set(&path, Value::List(items));
            wizard.load_input();
            after_change(wizard)
        }
        FocusTarget::Row(row) => {
            ask_to_remove(wizard, row);
            Vec::new()
        }
        _ => Vec::new(),
    }
}

pub(super) fn ask_to_remove(wizard: &mut Wizard, row: usize) {
    let name = wizard.with_context(|context| (wizard.page.row_cells)(context, Some(row)).into_iter().next());
    let question = say("confirm-remove").with("name", name.unwrap_or_default());
    wizard.overlay = Some(Overlay::confirm(question, Command::RemoveRow(row)));
}

pub(super) fn row_menu(wizard: &Wizard, row: usize) -> Overlay {
    let item = |label: Message, command: Command| MenuItem { label, command };
    let mut items = vec![item(say("menu-edit"), Command::EditRow(row))];
    if wizard.has_partners() {
        items.push(item(say("menu-preset"), Command::ChoosePreset(row)));
    }
    items.push(item(say("menu-up"), Command::MoveRow { row, up: true }));
    items.push(item(say("menu-down"), Command::MoveRow { row, up: false }));
    if wizard.has_partners() {
        items.push(item(say("menu-outside"), Command::Outside(Some(row))));
    }
    items.push(item(say("menu-remove"), Command::AskToRemove(row)));
    Overlay::choice(wizard.row_word("menu"), items, 0)
}
