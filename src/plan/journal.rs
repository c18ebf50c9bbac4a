//! What the journal says of an action.

use time::OffsetDateTime;

use crate::model::Entry;
use crate::model::request::sha256_hex;

use super::{Action, Work};

/// The entry for `action` of the run that began at `run`; it wrote `content` if it wrote any that may be told.
#[must_use]
pub fn entry(action: &Action, content: Option<&str>, run: OffsetDateTime, now: OffsetDateTime) -> Entry {
    let digest = |text: &str| sha256_hex(text.as_bytes());
    let told = Entry {
        time: now,
        run,
        undoes: None,
        kind: action.kind.name().to_owned(),
        what: String::new(),
        target: action.target.to_string_lossy().into_owned(),
        sha256: content.map(digest),
        before: action.before().map(digest),
        usage: None,
        to: None,
        was: None,
    };
    let what = match &action.work {
        Work::Folder => "folder",
        Work::Key(_) | Work::KeyLeft(_) | Work::KeyClosed(_) | Work::KeyCopy { usage: None, .. } => "key",
        Work::KeyCopy { usage: Some(usage), .. } | Work::KeyGiven(usage) => {
            return Entry { what: "key".to_owned(), usage: Some(usage.name().to_owned()), ..told };
        }
        Work::Request(_, usage) => {
            return Entry { what: "request".to_owned(), usage: Some(usage.name().to_owned()), ..told };
        }
        Work::RequestCopy { .. } => "request-copy",
        Work::File { .. } | Work::Remove { .. } => "file",
        Work::Link { to, was } => {
            let said = |path: &std::path::PathBuf| path.to_string_lossy().into_owned();
            let (to, was) = (to.as_ref().map(said), was.as_ref().map(said));
            return Entry { what: "link".to_owned(), to, was, ..told };
        }
        Work::Pfx { .. } => "pfx",
    };
    Entry { what: what.to_owned(), ..told }
}
