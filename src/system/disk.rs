//! What is looked at: a disk, whether the machine's or one in memory. Everything that is seen on one is worked out in
//! `world`, so that what the tests prove is what ships.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::home::FileOwner;
use crate::pki::PrivateKey;

/// A disk, as far as it is read.
pub trait Disk {
    /// What is at `path`; of a link, the link itself.
    ///
    /// # Errors
    /// The system's.
    fn about(&self, path: &Path) -> io::Result<About>;

    /// Whether `path` is a folder or leads to one.
    ///
    /// # Errors
    /// The system's.
    fn is_folder(&self, path: &Path) -> io::Result<bool>;

    /// The names of what is in a folder.
    ///
    /// # Errors
    /// The system's.
    fn names_in(&self, folder: &Path) -> io::Result<Vec<OsString>>;

    /// Where a link leads, as it says.
    ///
    /// # Errors
    /// The system's; also for what is no link.
    fn leads(&self, link: &Path) -> io::Result<PathBuf>;

    /// The first octets of a file, `most` at most. The memory is cleared when it is dropped.
    ///
    /// # Errors
    /// The system's; `InvalidInput` for what is no file.
    fn content(&self, file: &Path, most: u64) -> io::Result<Zeroizing<Vec<u8>>>;

    /// A private key, and whether it is its owner's alone: ours, under one name, readable by nobody else.
    ///
    /// # Errors
    /// The system's; also for what is no file, and through a link.
    fn key(&self, file: &Path) -> io::Result<(PrivateKey, bool)>;

    /// Whether something may be put into a folder.
    ///
    /// # Errors
    /// Why not, in the system's words.
    fn may_write(&self, folder: &Path) -> io::Result<()>;

    /// Who besides us could lead elsewhere what is written into a folder, as the system shows them.
    fn steered_by(&self, _folder: &Path) -> Option<String> {
        None
    }

    /// Where a folder really is, without links and `..`.
    fn real(&self, folder: &Path) -> PathBuf;
}

/// What is at a place.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// What it is.
    pub kind: Kind,
    /// Permission bits, where the platform has them.
    pub mode: Option<u32>,
    /// Whose it is, where the platform has that.
    pub owner: Option<FileOwner>,
    /// Octets of a file.
    pub size: u64,
    /// When it changed last, if a calendar holds that.
    pub modified: Option<OffsetDateTime>,
    /// Whether a file has another name besides.
    pub has_second_name: bool,
}

/// What a place holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A device, a pipe, a socket.
    Other,
}
