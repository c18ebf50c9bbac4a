//! What the journal says of an action.

use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::edge::Usage;
use crate::home::{Entry, Place, Undo};
use crate::pki::digest::sha256_hex;

use super::{Action, ActionKind, Work};

/// The entry for `action` of the run that began at `run`; it wrote `content` if it wrote any that may be told. `home` is
/// the home folder.
#[must_use]
pub fn entry(action: &Action, home: &Path, content: Option<&str>, run: OffsetDateTime, now: OffsetDateTime) -> Entry {
    let digest = |text: &str| sha256_hex(text.as_bytes());
    let place = Place::of(&action.target, home);
    Entry {
        sha256: content.map(digest),
        before: action.before().map(digest),
        usage: usage(action).map(|usage| usage.name().to_owned()),
        to: match &action.work {
            Work::Link { to, .. } => to.as_deref().map(said),
            _ => None,
        },
        undo: undo(action),
        ..Entry::new(action.kind.name(), what(action), place, run, now)
    }
}

fn said(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn what(action: &Action) -> &'static str {
    match &action.work {
        Work::Folder | Work::Whole => "folder",
        Work::Key(_) | Work::KeyLeft(_) | Work::KeyClosed(_) | Work::KeyCopy { .. } | Work::KeyGiven(_) => "key",
        Work::Request(..) => "request",
        Work::RequestCopy { .. } => "request-copy",
        Work::File { .. } | Work::Remove { .. } | Work::HomeId | Work::Purpose(_) => "file",
        Work::Link { .. } => "link",
        Work::Pfx { .. } => "pfx",
    }
}

/// What the request or pair is for that an action makes.
fn usage(action: &Action) -> Option<Usage> {
    match &action.work {
        Work::KeyCopy { usage, .. } => *usage,
        Work::KeyGiven(usage) | Work::Request(_, usage) => Some(*usage),
        _ => None,
    }
}

/// What takes an action back: keys and requests stay, whatever else comes to be on the disk.
fn undo(action: &Action) -> Undo {
    match &action.work {
        Work::File { .. } | Work::RequestCopy { .. } if action.kind == ActionKind::Create => Undo::Remove,
        Work::File { .. } | Work::RequestCopy { .. } | Work::Remove { .. } => {
            Undo::Restore { mode: action.mode.map(|mode| format!("{mode:04o}")) }
        }
        Work::Link { was, .. } => Undo::Point { to: was.as_ref().map(PathBuf::as_path).map(said) },
        _ => Undo::Nothing,
    }
}
