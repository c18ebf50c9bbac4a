//! The focus: where it goes, and what happens at the place it leaves.

use std::collections::BTreeSet;

use crate::form::{Kind, Proposal, Value};
use crate::pages;
use crate::session::Effect;
use crate::text::say;
use crate::wizard::{FocusTarget, Wizard};

use super::saving::save_if_changed;
use super::typing::{settle_country, trim};

/// Moves the focus by one place, among the options of one choice too.
pub(super) fn step(wizard: &mut Wizard, by: isize) -> Vec<Effect> {
    // From option to option of one choice, no answer is left yet.
    if let Some(beside) = beside_in_group(wizard, by) {
        wizard.focus = beside;
        return Vec::new();
    }
    // The arrow keys end at the first button, so that a key held down never ends on what takes everything back.
    if by > 0 && wizard.focus == FocusTarget::Next {
        return Vec::new();
    }
    tab(wizard, by)
}

/// The next place where that is one of the same group.
fn beside_in_group(wizard: &Wizard, by: isize) -> Option<FocusTarget> {
    let slots = wizard.slots();
    let at = slots.iter().position(|slot| *slot == wizard.focus)?;
    let beside = slots.get(at.checked_add_signed(by)?)?;
    wizard.focus.is_beside(beside).then(|| beside.clone())
}

/// Moves the focus to the next place that is none of the same group; where there is none, what does not fit is scrolled.
pub(super) fn tab(wizard: &mut Wizard, by: isize) -> Vec<Effect> {
    let goes_away = is_emptied_item(wizard);
    let effects = leave_place(wizard);
    if goes_away && by > 0 {
        // What comes next has taken its place.
        wizard.load_input();
        return effects;
    }
    let slots = wizard.slots();
    let at = slots.iter().position(|slot| *slot == wizard.focus).unwrap_or(0);
    let is_other = |slot: &&FocusTarget| !wizard.focus.is_beside(slot);
    let to = if by > 0 { slots[at + 1..].iter().find(is_other) } else { slots[..at].iter().rev().find(is_other) };
    match to {
        Some(to) => enter_place(wizard, to),
        None if slots.len() == 1 => wizard.scroll = wizard.scroll.saturating_add_signed(by),
        None => wizard.load_input(),
    }
    effects
}

/// Puts the focus on a place that is entered from elsewhere.
fn enter_place(wizard: &mut Wizard, slot: &FocusTarget) {
    let proposed = propose(wizard, slot);
    let entered = wizard.entered(slot);
    wizard.focus_on(proposed.unwrap_or(entered));
}

/// Takes what is proposed at the focus, which is there already: on a page that was just opened, or where it is known only now.
pub(super) fn take_proposed(wizard: &mut Wizard) {
    let focus = wizard.focus.clone();
    let is_open = matches!(focus, FocusTarget::Item(..)) && wizard.input.value().is_empty();
    if is_open && let Some(to) = propose(wizard, &focus) {
        wizard.focus_on(to);
    }
}

/// Takes what is proposed for an answer where nothing was said to it yet: it is seen, and can be changed at once. Gives the
/// place where one more is added to a list that was taken, when a person comes to it for the first time.
fn propose(wizard: &mut Wizard, slot: &FocusTarget) -> Option<FocusTarget> {
    let (_, field) = pages::form().field(slot.path()?)?;
    let Proposal { value, notice } =
        (field.proposed)(&wizard.answered()).filter(|proposed| !proposed.value.is_nothing())?;
    let count = value.items().len();
    let is_list = matches!(value, Value::List(_));
    if wizard.reading().answers().get(field.path).is_none() {
        wizard.set(field.path, value);
    } else if wizard.seen_proposed.contains(field.path) || !wizard.is_as_proposed(field) {
        return None;
    }
    wizard.seen_proposed.insert(field.path);
    wizard.notice = Some(notice);
    is_list.then(|| FocusTarget::Item(field.path.to_owned(), count))
}

/// Moves the focus to a place that somebody names, if it is there.
pub(super) fn focus(wizard: &mut Wizard, slot: &FocusTarget) -> Vec<Effect> {
    wizard.notice = None;
    wizard.rest();
    if !wizard.slots().contains(slot) {
        return Vec::new();
    }
    let effects = move_to(wizard, slot.clone());
    // An emptied item goes when it is left, and the last one has another number then.
    wizard.keep_focus();
    effects
}

pub(super) fn move_to(wizard: &mut Wizard, slot: FocusTarget) -> Vec<Effect> {
    let effects = leave_place(wizard);
    let proposed = propose(wizard, &slot);
    wizard.focus_on(proposed.unwrap_or(slot));
    effects
}

/// What was typed at the focus is complete.
pub(super) fn commit_input(wizard: &mut Wizard) -> Vec<Effect> {
    let effects = leave_place(wizard);
    wizard.load_input();
    effects
}

/// What happens when a place is left: its problems may show, empty items go, and what changed is saved.
pub(super) fn leave_place(wizard: &mut Wizard) -> Vec<Effect> {
    trim(wizard);
    if let Some(path) = wizard.focus.problem_path() {
        wizard.touched.insert(path);
    }
    let mut effects = Vec::new();
    match wizard.focus.clone() {
        FocusTarget::Item(path, index) => {
            let index = index + part_item(wizard, &path, index);
            let mut items = wizard.items(&path);
            let gone = |items: &[String]| items.iter().filter(|item| item.is_empty()).count();
            let before = gone(&items[..index.min(items.len())]);
            if gone(&items) > 0 {
                items.retain(|item| !item.is_empty());
                wizard.set(&path, Value::List(items));
                wizard.focus = FocusTarget::Item(path.clone(), index - before);
            }
            drop_repeated(wizard, &path);
            wizard.touched.insert(path);
        }
        FocusTarget::Text(path) => match wizard.kind_at_focus() {
            Some(Kind::Country) => settle_country(wizard, &path),
            Some(Kind::File) => effects.push(wizard.look_at_path()),
            _ => {}
        },
        _ => {}
    }
    effects.extend(save_if_changed(wizard));
    effects
}

/// Takes an item away that says what one before it says.
fn drop_repeated(wizard: &mut Wizard, path: &str) {
    let mut items = wizard.items(path);
    let mut seen = BTreeSet::new();
    let count = items.len();
    items.retain(|item| seen.insert(item.to_lowercase()));
    if items.len() < count {
        wizard.notice = Some(say("notice-repeated"));
        wizard.focus = FocusTarget::Item(path.to_owned(), items.len());
        wizard.set(path, Value::List(items));
    }
}

/// Makes several items of one that holds several words, as a list from elsewhere has them; says how many more.
fn part_item(wizard: &mut Wizard, path: &str, index: usize) -> usize {
    let mut items = wizard.items(path);
    let Some(item) = items.get(index) else { return 0 };
    let parts: Vec<String> =
        item.split([' ', '\t', ',', ';']).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    if parts.len() < 2 {
        return 0;
    }
    let more = parts.len() - 1;
    wizard.touched.extend((index..=index + more).map(|index| format!("{path}.{index}")));
    items.splice(index..=index, parts);
    wizard.set(path, Value::List(items));
    wizard.focus = FocusTarget::Item(path.to_owned(), index + more);
    more
}

/// Whether the focus is on an item whose text was deleted, so that the item goes when it is left.
fn is_emptied_item(wizard: &Wizard) -> bool {
    match &wizard.focus {
        FocusTarget::Item(path, index) => wizard.items(path).get(*index).is_some_and(String::is_empty),
        _ => false,
    }
}
