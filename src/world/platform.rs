//! What differs between operating systems: one file for each, with the same functions.

#[cfg(unix)]
mod access;
#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;
#[cfg(unix)]
mod way;

use std::path::{Path, PathBuf};

#[cfg(not(unix))]
pub use other::*;
#[cfg(unix)]
pub use unix::*;
#[cfg(unix)]
pub use way::{resolve, steered_by};

pub use crate::home::layout::TEMPORARY;

/// A home folder, as its path was gone.
pub struct Resolved {
    /// Where it leads: without links as far as it exists, the rest as it was given.
    pub path: PathBuf,
    /// Who besides us may change what is there or the way to it.
    pub unsafe_because: Option<String>,
    /// Whether it belongs to the user who called `sudo`, and root may read it.
    pub is_lent: bool,
}

/// Whether a folder is there and nobody but us can change it or the way to it. Once it is so, it stays so.
pub fn is_ours(folder: &Path) -> bool {
    let Resolved { path, unsafe_because, is_lent } = resolve(folder);
    unsafe_because.is_none() && !is_lent && path.is_dir()
}

/// Where a folder really is, through all links.
pub fn real(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| resolve(folder).path)
}
