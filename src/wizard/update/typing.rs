//! Text: typed, put right when its place is left.

use tui_input::InputRequest as Edit;

use crate::form::{Kind, Value};
use crate::pages::Changed;
use crate::wizard::{FocusTarget, KeyPress, Wizard, countries};

pub(super) fn edit_of(key: KeyPress) -> Option<Edit> {
    Some(match key {
        KeyPress::Char(c) => Edit::InsertChar(c),
        KeyPress::Left => Edit::GoToPrevChar,
        KeyPress::Right => Edit::GoToNextChar,
        KeyPress::WordLeft => Edit::GoToPrevWord,
        KeyPress::WordRight => Edit::GoToNextWord,
        KeyPress::Home => Edit::GoToStart,
        KeyPress::End => Edit::GoToEnd,
        KeyPress::Backspace => Edit::DeletePrevChar,
        KeyPress::Delete => Edit::DeleteNextChar,
        KeyPress::DeleteWord => Edit::DeletePrevWord,
        KeyPress::DeleteToStart => Edit::DeleteFromStart,
        KeyPress::DeleteToEnd => Edit::DeleteTillEnd,
        _ => return None,
    })
}

pub(super) fn type_into(wizard: &mut Wizard, edit: Edit) {
    if wizard.input.handle(edit).is_some_and(|changed| changed.value) {
        take_input(wizard);
    }
}

/// Writes what is being typed to its answer, so that what it leads to is seen at once.
pub(super) fn take_input(wizard: &mut Wizard) {
    let typed = wizard.input.value().to_owned();
    // A problem that shows goes when it is mended; a new one waits until the place is left.
    if let Some(path) = wizard.focus.problem_path()
        && wizard.problem_at(&path).is_none()
    {
        wizard.touched.remove(&path);
    }
    match wizard.focus.clone() {
        FocusTarget::Filter => wizard.filter = typed,
        FocusTarget::Text(path) => {
            let number = typed.parse().ok().filter(|_| matches!(wizard.kind_at_focus(), Some(Kind::Number(..))));
            match (typed.is_empty(), number) {
                (true, _) => wizard.change(Changed::Answer(&path), |answers| answers.unset(&path)),
                (false, Some(number)) => wizard.set(&path, Value::Number(number)),
                (false, None) => wizard.set(&path, Value::Text(typed)),
            }
        }
        FocusTarget::Item(path, index) => {
            let mut items = wizard.items(&path);
            if let Some(item) = items.get_mut(index) {
                *item = typed;
            } else {
                items.push(typed);
            }
            wizard.set(&path, Value::List(items));
        }
        _ => {}
    }
}

/// Blanks around a name, an address or a number come from pasting and mean nothing.
pub(super) fn trim(wizard: &mut Wizard) {
    let is_word = match wizard.kind_at_focus() {
        Some(Kind::List(item)) => !matches!(item, Kind::Text(_)),
        Some(kind) => matches!(kind, Kind::Name(_) | Kind::Address | Kind::NameServer | Kind::Number(..)),
        None => false,
    };
    let typed = wizard.input.value();
    if is_word && typed.trim().len() != typed.len() {
        wizard.input = tui_input::Input::new(typed.trim().to_owned());
        take_input(wizard);
    }
}

/// A country typed by name becomes its code, where the name leaves no doubt.
pub(super) fn settle_country(wizard: &mut Wizard, path: &str) {
    let typed = wizard.input.value().to_owned();
    if let [(code, _)] = countries(&typed).as_slice() {
        wizard.set(path, Value::Text((*code).to_owned()));
    }
}
