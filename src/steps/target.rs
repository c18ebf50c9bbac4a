//! What is at the target of an action, and what steps about files have in common.

use std::path::{Path, PathBuf};

use crate::home::{Facts, Found, Undo};
use crate::plan::{Action, Change};
use crate::problem::Problem;
use crate::text::{Message, say};

/// Whether something new comes to `target`, or something that is there changes.
pub(super) fn appearance(facts: &Facts, target: &Path) -> Change {
    match facts.path_state(target).found {
        Found::Nothing => Change::Create,
        _ => Change::Change,
    }
}

/// The text at `path`, if there is one.
pub(super) fn text_at(facts: &Facts, path: &Path) -> Option<String> {
    match &facts.path_state(path).found {
        // What is no text is none of ours, and could not be put back as it was; nor could a key.
        Found::File(content) => String::from_utf8(content.clone()).ok(),
        _ => None,
    }
}

/// What is said of a file that is called what it is.
pub(super) fn named(target: &Path) -> Message {
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    say("action-file").with("name", name)
}

/// Whether the file at the target of `action` is one outside the home folder that this home folder did not write and that
/// nobody agreed to replace.
pub(super) fn is_of_another(action: &Action, facts: &Facts) -> bool {
    let Found::File(content) = &facts.path_state(&action.target).found else { return false };
    !action.may_replace && !action.target.starts_with(&facts.home) && !facts.wrote(&action.target, content)
}

/// Says that what is at the target of `action` is not text: only text is kept, and could be put back.
pub(super) fn no_text(action: &Action, facts: &Facts) -> Option<Problem> {
    let Found::File(content) = &facts.path_state(&action.target).found else { return None };
    str::from_utf8(content).is_err().then(|| action.unwritable(say("reason-no-text")))
}

/// Whether a place outside the home folder is none, because a link leads into the home folder by now.
pub(super) fn leads_home(action: &Action, facts: &Facts) -> bool {
    !action.target.starts_with(&facts.home) && facts.layout().is_taken(facts.place(&action.target))
}

/// What takes the file back that `action` writes: one that was there is put back as it was.
pub(super) fn file_undo(action: &Action) -> Undo {
    match action.kind {
        Change::Create => Undo::Remove,
        _ => Undo::Restore { mode: action.mode.map(|mode| format!("{mode:04o}")), owner: action.owner.clone() },
    }
}

/// What it amounts to that a link which leads to `was` is to lead to `to`.
pub(super) fn turn(was: Option<&PathBuf>, to: Option<&PathBuf>) -> Change {
    match (was, to) {
        _ if was == to => Change::Keep,
        (None, _) => Change::Create,
        (_, None) => Change::Remove,
        _ => Change::Change,
    }
}

/// What keeps a link from being put at the target of `action`; one that is there is none.
pub(super) fn no_link(action: &Action, facts: &Facts) -> Option<Problem> {
    let spot = facts.path_state(&action.target);
    match spot.found {
        Found::Link => spot.unwritable.clone().map(|reason| action.unwritable(reason)),
        Found::File(_) | Found::Key => Some(action.unwritable(say("reason-file"))),
        _ => action.in_the_way(facts),
    }
}
