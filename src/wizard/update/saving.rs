//! The answers are saved.

use crate::form::{Kind, Value};
use crate::name::Name;
use crate::pages::{self, Changed};
use crate::pki::digest::sha256_hex;
use crate::session::{Effect, Task};
use crate::wizard::Wizard;

/// What follows a change that is complete by itself.
pub(super) fn after_change(wizard: &mut Wizard) -> Vec<Effect> {
    if let Some(path) = wizard.focus.path() {
        wizard.touched.insert(path.to_owned());
    }
    save_if_changed(wizard)
}

/// Saves the answers, unless that is how they were saved last.
pub(super) fn save_if_changed(wizard: &mut Wizard) -> Vec<Effect> {
    sweep_ticks(wizard);
    if wizard.dry_run || !wizard.unsaved {
        return Vec::new();
    }
    let written = wizard.written();
    wizard.unsaved = false;
    let digest = sha256_hex(written.as_bytes());
    if digest == wizard.saved {
        return Vec::new();
    }
    wizard.saved = digest;
    vec![wizard.start(Task::Save(written))]
}

/// Takes the ticks of what cannot be ticked any more away.
fn sweep_ticks(wizard: &mut Wizard) {
    let mut swept = Vec::new();
    let answered = wizard.answered();
    let questions = pages::form().shown(&answered).into_iter().flat_map(|page| page.questions(&answered));
    for question in questions.filter(|question| question.given) {
        let (Kind::MultiSelect(source), Value::List(ticked)) = (question.field.kind, &question.value) else { continue };
        let offered: Vec<Name> = source(&answered).iter().map(|option| Name::new(option)).collect();
        let kept: Vec<String> = ticked.iter().filter(|tick| offered.contains(&Name::new(tick))).cloned().collect();
        if kept.len() < ticked.len() {
            swept.push((question.path, kept));
        }
    }
    for (path, kept) in swept {
        if kept.is_empty() {
            wizard.change(Changed::Answer(&path), |answers| answers.unset(&path));
        } else {
            wizard.set(&path, Value::List(kept));
        }
    }
}
