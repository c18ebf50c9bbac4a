//! What is there: a snapshot that a world takes and the plan reads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use super::{KeyKind, Server};

/// A snapshot of the machine, as far as the answers touch it.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The home folder, absolute.
    pub home: PathBuf,
    /// Folder that relative paths are relative to, absolute.
    pub base: PathBuf,
    /// Now.
    pub now: OffsetDateTime,
    /// Servers installed on this machine.
    pub servers_here: Vec<Server>,
    /// Why the home folder must not be trusted with keys, if so: who else can change it.
    pub home_unsafe: Option<String>,
    /// Requests in the home folder, by number.
    pub requests: Vec<PendingRequest>,
    /// Keys whose request was never made, because the run that made them was cut off; by number.
    pub keys_left: Vec<KeyLeft>,
    /// Keys without a request that others than their owner may read, so that no request is made with them.
    pub keys_open: Vec<PathBuf>,
    /// The next number for a request: one more than any ever used.
    pub next_number: u32,
    /// Other home folders of the person at this machine that hold requests: `sudo` gives a second one.
    pub other_homes: Vec<PathBuf>,
    /// The places that were looked at.
    pub spots: BTreeMap<PathBuf, Spot>,
    /// Files that the person at the screen agreed to replace.
    pub agreed: BTreeSet<PathBuf>,
}

impl Facts {
    /// Facts of a machine that nobody looked at: nothing is there.
    #[must_use]
    pub fn unseen(home: &Path, base: &Path, now: OffsetDateTime) -> Self {
        Facts {
            home: home.to_owned(),
            base: base.to_owned(),
            now,
            servers_here: Vec::new(),
            home_unsafe: None,
            requests: Vec::new(),
            keys_left: Vec::new(),
            keys_open: Vec::new(),
            next_number: 1,
            other_homes: Vec::new(),
            spots: BTreeMap::new(),
            agreed: BTreeSet::new(),
        }
    }

    /// What is at `path`; a place nobody looked at counts as free.
    #[must_use]
    pub fn spot(&self, path: &Path) -> &Spot {
        static FREE: Spot = Spot { found: Found::Nothing, unwritable: None, mode: None };
        self.spots.get(path).unwrap_or(&FREE)
    }

    /// Whether others than the owner may reach what is at `path`.
    #[must_use]
    pub fn is_open(&self, path: &Path) -> bool {
        self.spot(path).is_open()
    }

    /// Whether somebody looked at `path` and found nothing.
    #[must_use]
    pub fn is_seen_free(&self, path: &Path) -> bool {
        self.spots.get(path).is_some_and(|spot| spot.found == Found::Nothing)
    }
}

/// A place on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// What is there.
    pub found: Found,
    /// Why nothing can be written there, in the system's words.
    pub unwritable: Option<String>,
    /// Permission bits, where the platform has them.
    pub mode: Option<u32>,
}

impl Spot {
    /// Whether others than the owner may reach it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.mode.is_some_and(|mode| mode & 0o077 != 0)
    }
}

/// What a place holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A file with this content.
    File(Vec<u8>),
    /// A folder.
    Folder,
    /// A symbolic link, which is never written through.
    Link,
    /// A device, a socket, or something unreadable.
    Other,
}

/// A request whose certificate is still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingRequest {
    /// Its number, the name of its folder.
    pub number: u32,
    /// The PKCS#10 text.
    pub pem: String,
}

/// A key without a request: nobody has seen it, so a request may still be made with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyLeft {
    /// Its number, the name of its folder.
    pub number: u32,
    /// Its kind.
    pub kind: KeyKind,
}
