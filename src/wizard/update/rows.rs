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
    // It was filled in before, here or under another number: what is wrong with it shows.
    touch_row(wizard, row);
    wizard.focus_first();
    effects
}

pub(super) fn close_row(wizard: &mut Wizard) -> Vec<Effect> {
    let mut effects = leave_place(wizard);
    let (Some(row), Some(field)) = (wizard.row.take(), wizard.rows_field()) else { return effects };
    let says_nothing = |value: &Value| value.is_blank() || *value == Value::List(Vec::new());
    let is_empty =
        wizard.reading().answers().rows(field.path).get(row).is_some_and(|row| row.values().all(says_nothing));
    if is_empty {
        change_rows(wizard, |rows| drop(rows.remove(row)));
    }
    wizard.focus_on(if is_empty { FocusTarget::AddRow } else { FocusTarget::Row(row) });
    wizard.scroll = 0;
    effects.extend(save_if_changed(wizard));
    effects
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
    if wizard.page.presets.is_some() {
        items.push(item(say("menu-preset"), Command::ChoosePreset(row)));
    }
    items.push(item(say("menu-up"), Command::MoveRow { row, up: true }));
    items.push(item(say("menu-down"), Command::MoveRow { row, up: false }));
    items.push(item(say("menu-remove"), Command::AskToRemove(row)));
    Overlay::Menu { title: say("menu-row"), about: Vec::new(), items, selected: 0 }
}
