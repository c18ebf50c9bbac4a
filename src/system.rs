//! The ports: what this program asks of a machine, as traits only. `world` is behind them, for real, dry or in memory.

mod clock;
mod disk;
mod files;
mod keys;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::home::{Facts, Owner};
use crate::pki::Certificate;

pub use clock::Clock;
pub use disk::{About, Disk, Kind};
pub use files::{Access, Files, PlannedFile};
pub use keys::Keys;

/// What a plan is performed in.
pub trait World: Files + Keys + Clock + Send {
    /// Takes a snapshot of the home folder and of the places in `wanted`.
    fn look(&self, wanted: &[PathBuf]) -> Facts {
        let mut facts = self.look_home();
        self.look_at(&mut facts, wanted);
        facts
    }

    /// Takes a snapshot of what the home folder holds.
    fn look_home(&self) -> Facts;

    /// Adds the places in `wanted`, with all the folders above those in the home folder.
    fn look_at(&self, facts: &mut Facts, wanted: &[PathBuf]);

    /// Paths that `start` may be completed to, at most 200; folders end in a separator.
    fn complete(&self, start: &str) -> Vec<String>;

    /// Holds the home folder for this run, until the world is dropped; nothing happens where there is no home folder yet
    /// or it is held already.
    ///
    /// # Errors
    /// Who holds it.
    fn lock(&mut self) -> Result<(), Held>;

    /// Who held the home folder last and never let it go, because that run was cut off; known once the lock is held.
    fn cut_off(&self) -> Option<&str> {
        None
    }

    /// A copy to try a plan in, which is then forgotten; none where what is done is done.
    fn trial(&self) -> Option<Box<dyn World>> {
        None
    }

    /// Whose places outside the home folder are: `home-id` is made where the home folder has none.
    ///
    /// # Errors
    /// The system's.
    fn owner(&mut self) -> io::Result<Owner>;

    /// Reads a file that somebody sent, also through a link; of an endless one no more than is needed to see that it is too
    /// large to be an [`IssuedBundle`](crate::pki::IssuedBundle). It may hold a key: the memory is cleared when it is dropped.
    ///
    /// # Errors
    /// The system's; `InvalidInput` for what is no file.
    fn read_sent(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>>;

    /// The roots that this system believes.
    fn trust(&self) -> Arc<[Certificate]>;
}

/// Another run holds the home folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Who it is and since when, as that run wrote it.
    pub by: String,
}
