//! What is looked at of a machine.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::home::Facts;
use crate::pki::{Certificate, PrivateKey};

use super::net::Net;
use super::programs::Programs;
use super::update::{TsigFault, TsigKey};

/// Somebody who looks at a machine, beside whatever is written to it.
pub trait Look: Programs + Net + Send {
    /// Takes a snapshot of what the home folder holds.
    fn look_home(&self) -> Facts;

    /// Adds the places in `wanted`, with all the folders above those in the home folder.
    fn look_at(&self, facts: &mut Facts, wanted: &[PathBuf]);

    /// Paths that `start` may be completed to, at most 200; folders end in a separator.
    fn complete(&self, start: &str) -> Vec<String>;

    /// Reads a file that somebody sent, also through a link; of an endless one no more than is needed to see that it is too
    /// large to be an [`IssuedBundle`](crate::pki::IssuedBundle). It may hold a key: the memory is cleared when it is dropped.
    ///
    /// # Errors
    /// The system's; `InvalidInput` for what is no file.
    fn read_sent(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>>;

    /// Reads the key that signs updates of zones.
    ///
    /// # Errors
    /// Why the file gives none.
    fn read_tsig(&self, path: &Path) -> Result<TsigKey, TsigFault>;

    /// Reads a key of this program's own, if it is still its owner's alone.
    ///
    /// # Errors
    /// The system's.
    fn own_key(&self, path: &Path) -> io::Result<PrivateKey>;

    /// The roots that this system believes.
    fn trust(&self) -> Arc<[Certificate]>;
}
