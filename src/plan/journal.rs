//! What the journal says of an action.

use time::OffsetDateTime;

use crate::home::{Entry, Place};
use crate::pki::digest::sha256_hex;

use super::action::Action;
use super::executor::Executor;

impl Action {
    /// Its entry in the run of `executor`; it wrote `content` if it wrote any that may be told.
    #[must_use]
    pub fn entry(&self, executor: &Executor<'_>, content: Option<&str>, now: OffsetDateTime) -> Entry {
        let (mode, owner) = self.step.access();
        let digest = |text: &str| sha256_hex(text.as_bytes());
        Entry {
            sha256: content.map(digest),
            before: self.before().map(digest),
            mode: mode.map(|mode| format!("{mode:04o}")),
            owner,
            usage: self.step.usage().map(|usage| usage.name().to_owned()),
            to: self.step.leads_to().map(|to| to.to_string_lossy().into_owned()),
            undo: self.step.undo(self),
            undoes: executor.undoes.map(|undoes| undoes.run),
            stage: self.stage.map(str::to_owned),
            ..Entry::new(self.kind.name(), self.step.name(), Place::of(&self.target, executor.home), executor.run, now)
        }
    }
}
