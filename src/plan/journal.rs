//! What was done, one JSON line an action. The journal holds no secrets: of a key it says that it was made and where.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::model::request::sha256_hex;

use super::{Action, Work};

/// One line of `journal.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was done.
    #[serde(with = "time::serde::rfc3339")]
    pub time: OffsetDateTime,
    /// `create`, `change` or `run`.
    pub kind: String,
    /// What was made: `folder`, `key`, `request`, `request-copy`, `file`.
    pub what: String,
    /// Absolute path.
    pub target: String,
    /// SHA-256 of the content written; none for a folder or a key.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<String>,
    /// SHA-256 of the content it replaced.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<String>,
}

impl Entry {
    /// The entry for `action`, which wrote `content` if it wrote any that may be told.
    #[must_use]
    pub fn of(action: &Action, content: Option<&str>, time: OffsetDateTime) -> Self {
        let (what, before) = match &action.work {
            Work::Folder => ("folder", None),
            Work::Key(_) | Work::KeyLeft(_) | Work::KeyClosed(_) => ("key", None),
            Work::Request(_) => ("request", None),
            Work::RequestCopy { before, .. } => ("request-copy", before.as_deref()),
            Work::File { before, .. } => ("file", before.as_deref()),
        };
        let digest = |text: &str| sha256_hex(text.as_bytes());
        Entry {
            time,
            kind: action.kind.name().to_owned(),
            what: what.to_owned(),
            target: action.target.to_string_lossy().into_owned(),
            sha256: content.map(digest),
            before: before.map(digest),
        }
    }

    /// The line without its end.
    #[must_use]
    pub fn line(&self) -> String {
        // An entry holds only strings and a time of this era: there is nothing in it that JSON cannot say.
        serde_json::to_string(self).unwrap_or_default()
    }
}
