//! Files and links, as far as they are written.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::home::FileOwner;
use crate::pki::PrivateKey;

/// What is written to, and read back of what this program wrote.
pub trait Files {
    /// Makes a folder (and those above it) for its owner alone; makes one that is there its owner's alone.
    ///
    /// # Errors
    /// The system's.
    fn make_folder(&mut self, path: &Path) -> io::Result<()>;

    /// Begins a folder that is to be there whole or not at all, for `access`: until [`Files::publish`] its files are
    /// written below a temporary name beside it.
    ///
    /// # Errors
    /// The system's.
    fn stage(&mut self, folder: &Path, access: Access) -> io::Result<()>;

    /// Puts the staged folder in its place, on the disk and in one step; never over anything.
    ///
    /// # Errors
    /// The system's; `AlreadyExists` where something is there.
    fn publish(&mut self) -> io::Result<()>;

    /// Takes a staged folder that is not going to be whole away, with what was written into it.
    fn unstage(&mut self);

    /// Puts what is about to be created into the home folder on the disk, all at once, so that [`Files::create`] needs only
    /// to put each in its place; what was prepared before is thrown away. A hint: what cannot be prepared is written then.
    fn prepare(&mut self, _: Vec<PlannedFile>) {}

    /// Writes a new file, complete or not at all; never over anything.
    ///
    /// # Errors
    /// The system's; `AlreadyExists` where something is there.
    fn create(&mut self, path: &Path, content: &[u8], access: Access) -> io::Result<()>;

    /// Writes a file in place of what is there, in one step.
    ///
    /// # Errors
    /// The system's.
    fn replace(&mut self, path: &Path, content: &[u8], access: Access) -> io::Result<()>;

    /// Makes a symbolic link, or replaces one, in one step; `to` is where it leads, as the link says it. None takes the
    /// link away.
    ///
    /// # Errors
    /// The system's.
    fn link(&mut self, path: &Path, to: Option<&Path>) -> io::Result<()>;

    /// Has the files in `folder` look newer than all those in `other`, by at least a second: some servers read a file again
    /// only then.
    ///
    /// # Errors
    /// The system's.
    fn freshen(&mut self, folder: &Path, other: &Path) -> io::Result<()>;

    /// Takes away what runs that were cut off left half-written in these folders; a hint.
    fn clear(&mut self, _folders: &BTreeSet<PathBuf>) {}

    /// Takes a file away.
    ///
    /// # Errors
    /// The system's.
    fn remove(&mut self, path: &Path) -> io::Result<()>;

    /// Adds a line to a private file; [`Files::settle`] makes it last.
    ///
    /// # Errors
    /// The system's.
    fn append(&mut self, path: &Path, line: &str) -> io::Result<()>;

    /// Sees to it that everything that was made, changed or taken away so far outlasts the machine's death.
    ///
    /// # Errors
    /// The system's.
    fn sync(&mut self) -> io::Result<()>;

    /// Reads a file of this program's own.
    ///
    /// # Errors
    /// The system's, also for text that is not UTF-8.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// Reads a key that an earlier run left, if it is still its owner's alone.
    ///
    /// # Errors
    /// The system's.
    fn read_key(&self, path: &Path) -> io::Result<PrivateKey>;

    /// Makes a key that an earlier run left its owner's alone.
    ///
    /// # Errors
    /// The system's; `PermissionDenied` for a key that is not ours, or not under one name only.
    fn close_key(&mut self, path: &Path) -> io::Result<()>;
}

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Its owner alone: 0600.
    Private,
    /// Whom the umask lets: 0666 less the umask.
    Shared,
    /// Just so, whatever the umask.
    Exactly {
        /// Permission bits; of a folder, with the right to enter wherever there is one to read.
        mode: u32,
        /// Whose it is; else it is ours.
        owner: Option<FileOwner>,
    },
}

/// A file that is about to be written.
#[derive(Clone)]
pub struct PlannedFile {
    /// Where.
    pub path: PathBuf,
    /// What will be in it, maybe a key.
    pub content: Zeroizing<String>,
    /// Who may read it.
    pub access: Access,
}
