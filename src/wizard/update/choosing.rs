//! Answers that are chosen: options, words, ticks.

use std::collections::BTreeSet;

use crate::form::{Answered, Answers, Field, Kind, Value};
use crate::name::Name;
use crate::pages::{self, Changed};
use crate::session::Effect;
use crate::text::say;
use crate::wizard::{Command, FocusTarget, Overlay, Wizard};

use super::focus::move_to;
use super::saving::after_change;

/// Goes to the next option, or the one before, and from the last to the first where it `wraps`.
pub(super) fn turn(wizard: &mut Wizard, by: isize, wraps: bool) -> Vec<Effect> {
    match wizard.focus.clone() {
        FocusTarget::Choice(path) => {
            let Some((_, field)) = pages::form().field(&path) else { return Vec::new() };
            let Kind::Choice(options, _) = field.kind else { return Vec::new() };
            let answered = wizard.answered();
            let Some(now) = pages::form().value(&answered, &path).map(|now| now.shown()) else { return Vec::new() };
            let open: Vec<&str> =
                options.iter().copied().filter(|option| (field.disabled)(&answered, option).is_none()).collect();
            let next = match open.iter().position(|option| *option == now) {
                Some(at) if wraps => open[(at + open.len()).saturating_add_signed(by) % open.len()],
                Some(at) => open[at.saturating_add_signed(by).min(open.len() - 1)],
                None => open[0],
            };
            if next != now || wizard.reading().answers().get(&path).is_none() {
                wizard.set(&path, Value::Text(next.to_owned()));
            }
            after_change(wizard)
        }
        FocusTarget::Toggle(_) => flip(wizard),
        FocusTarget::Next | FocusTarget::Back => {
            let beside = if by > 0 { FocusTarget::Back } else { FocusTarget::Next };
            if wizard.slots().contains(&beside) { move_to(wizard, beside) } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

/// Chooses the option with the focus, if it can be chosen.
pub(super) fn choose(wizard: &mut Wizard) -> Option<Vec<Effect>> {
    let FocusTarget::Option(path, index) = wizard.focus.clone() else { return None };
    pick(wizard, &path, index)
}

/// Chooses an option of the choice at `path`, if it can be chosen.
pub(super) fn pick(wizard: &mut Wizard, path: &str, index: usize) -> Option<Vec<Effect>> {
    let (_, field) = pages::form().field(path)?;
    let Kind::Choice(options, _) = field.kind else { return None };
    let option = options.get(index)?;
    if let Some(code) = (field.disabled)(&wizard.answered(), option) {
        wizard.notice = Some(say(format!("problem-{}", code.name())));
        return None;
    }
    let lost = if wizard.page.decides { lost_by(wizard, field, option) } else { 0 };
    if lost > 0 {
        let command = Command::Answer { path: path.to_owned(), text: (*option).to_owned() };
        wizard.overlay = Some(Overlay::confirm(say("confirm-lost").with("count", lost), command));
        return None;
    }
    wizard.set(path, Value::Text((*option).to_owned()));
    Some(after_change(wizard))
}

/// How many answers would count no longer, and be left out when the answers are saved.
fn lost_by(wizard: &Wizard, field: &Field, option: &str) -> usize {
    let counting = |answers: &Answers| -> BTreeSet<&str> {
        let answered = Answered { answers, ..wizard.answered() };
        let says = |field: &&Field| answers.get(field.path).is_some_and(|said| !said.is_nothing());
        let fields = pages::PAGES.iter().flat_map(|page| {
            page.fields.iter().filter(says).filter(|field| page.counts(field, &answered)).map(|field| field.path)
        });
        fields.collect()
    };
    let now = wizard.reading().answers();
    let mut then = now.clone();
    then.set(field.path, field.path, Value::Text(option.to_owned()));
    counting(now).difference(&counting(&then)).count()
}

pub(super) fn flip(wizard: &mut Wizard) -> Vec<Effect> {
    match wizard.focus.clone() {
        FocusTarget::Toggle(path) => {
            let is_yes = pages::form().value(&wizard.answered(), &path) == Some(Value::Flag(true));
            wizard.set(&path, Value::Flag(!is_yes));
            after_change(wizard)
        }
        FocusTarget::Tick(path, index) => {
            let Some(Kind::MultiSelect(source)) = wizard.kind_at_focus() else { return Vec::new() };
            let answered = wizard.answered();
            let offered = source(&answered);
            let Some(option) = offered.get(index) else { return Vec::new() };
            let mut ticked = wizard.items(&path);
            let same = |item: &String| Name::new(item) == Name::new(option);
            if ticked.iter().any(same) {
                ticked.retain(|item| !same(item));
            } else {
                // In the order of what is offered, however it came about.
                let wanted = |item: &&String| ticked.contains(item) || *item == option;
                ticked = offered.iter().filter(wanted).cloned().collect();
            }
            if ticked.len() == offered.len() {
                // All of them is what it is when nothing is said, and goes on holding for those that are added later.
                wizard.change(Changed::Answer(&path), |answers| answers.unset(&path));
            } else {
                wizard.set(&path, Value::List(ticked));
            }
            after_change(wizard)
        }
        _ => Vec::new(),
    }
}
