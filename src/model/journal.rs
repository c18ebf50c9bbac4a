//! What was done, one JSON line an action. The journal holds no secrets: of a key it says that it was made and where.

use std::path::Path;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Usage;

/// What the last entry of a run that took another back is about.
const UNDO: &str = "undo";

/// One line of `journal.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was done.
    #[serde(with = "time::serde::rfc3339")]
    pub time: OffsetDateTime,
    /// When the run began that did it: what one run did belongs together.
    #[serde(with = "time::serde::rfc3339")]
    pub run: OffsetDateTime,
    /// The run that this one takes back.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none", default)]
    pub undoes: Option<OffsetDateTime>,
    /// `create`, `change`, `remove` or `run`.
    pub kind: String,
    /// What was made: `folder`, `key`, `request`, `request-copy`, `file`, `link`, `pfx`, `undo`.
    pub what: String,
    /// Absolute path.
    pub target: String,
    /// SHA-256 of the content written; none for a folder, a key, a link or a PFX.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<String>,
    /// SHA-256 of the content it replaced, which is kept under `before/` with this name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<String>,
    /// What a request or a pair is for: `external` or `internal`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub usage: Option<String>,
    /// Where a link leads.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<String>,
    /// Where it led before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub was: Option<String>,
}

impl Entry {
    /// The last entry of a run that took back the one begun at `undone`.
    #[must_use]
    pub fn undone(undone: OffsetDateTime, home: &Path, run: OffsetDateTime, now: OffsetDateTime) -> Self {
        Entry {
            time: now,
            run,
            undoes: Some(undone),
            kind: "run".to_owned(),
            what: UNDO.to_owned(),
            target: home.to_string_lossy().into_owned(),
            sha256: None,
            before: None,
            usage: None,
            to: None,
            was: None,
        }
    }

    /// The run that this entry says was taken back to its end.
    #[must_use]
    pub fn ended_undo(&self) -> Option<OffsetDateTime> {
        self.undoes.filter(|_| self.what == UNDO)
    }

    /// The lines of a journal; one that a full disk or a dead machine cut short is left out.
    #[must_use]
    pub fn read_all(journal: &str) -> Vec<Self> {
        journal.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// The line without its end.
    #[must_use]
    pub fn line(&self) -> String {
        // An entry holds only strings and times of this era: there is nothing in it that JSON cannot say.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The number of the request or pair in `home` that it is about.
    #[must_use]
    pub fn number(&self, home: &Path) -> Option<u32> {
        let inside = Path::new(&self.target).strip_prefix(home).ok()?;
        let inside = inside.strip_prefix("requests").or_else(|_| inside.strip_prefix("pairs")).ok()?;
        inside.iter().next()?.to_str()?.parse().ok()
    }
}

/// What the request or pair of this number in `home` was made for, as far as the journal knows; else external.
#[must_use]
pub fn usage_of(journal: &[Entry], home: &Path, number: u32) -> Usage {
    let says_so = |entry: &&Entry| entry.usage.is_some() && entry.number(home) == Some(number);
    let said = journal.iter().rev().find(says_so).and_then(|entry| entry.usage.as_deref());
    Usage::ALL.into_iter().find(|usage| Some(usage.name()) == said).unwrap_or_default()
}
