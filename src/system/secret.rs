//! Files that hold a secret.

use std::path::PathBuf;

use crate::text::{Message, say};

/// How others than its owner may come to a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Open {
    /// They may read the file.
    File,
    /// They may put another file in its place, in this folder.
    Folder(PathBuf),
}

impl Open {
    /// The same in words.
    #[must_use]
    pub fn how(&self) -> Message {
        match self {
            Open::File => say("secret-open-file"),
            Open::Folder(folder) => say("secret-open-folder").with("folder", folder.to_string_lossy().into_owned()),
        }
    }
}
