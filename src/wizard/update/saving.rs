//! The answers are saved.

use crate::pki::digest::sha256_hex;
use crate::session::{Effect, Task};
use crate::text::say;
use crate::wizard::Wizard;

use super::focus::leave_place;

pub(super) fn save(wizard: &mut Wizard) -> Vec<Effect> {
    let effects = leave_place(wizard);
    wizard.load_input();
    wizard.notice = Some(if wizard.dry_run { say("notice-dry-run") } else { say("notice-saved") });
    effects
}

pub(super) fn save_if_changed(wizard: &mut Wizard) -> Vec<Effect> {
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
