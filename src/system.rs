//! The ports: what this program asks of a machine, as traits only. `world` is behind them, for real, dry or in memory.

mod clock;
mod disk;
mod files;
mod keys;
mod look;
mod net;
pub mod probe;
mod programs;
pub mod secret;
pub mod update;

use std::io;
use std::path::PathBuf;

use crate::home::{Facts, Owner};

pub use clock::Clock;
pub use disk::{About, Disk, Kind};
pub use files::{Access, Files, PlannedFile};
pub use keys::Keys;
pub use look::Look;
pub use net::Net;
pub use programs::{Command, Programs, Ran};

/// What a plan is performed in.
pub trait World: Files + Keys + Clock + Programs + Net + Send {
    /// Somebody who looks at this world as it is now, and at a real one as it becomes, from another thread too.
    fn reader(&self) -> Box<dyn Look>;

    /// Takes a snapshot of the home folder and of the places in `wanted`.
    fn look(&self, wanted: &[PathBuf]) -> Facts {
        let reader = self.reader();
        let mut facts = reader.look_home();
        reader.look_at(&mut facts, wanted);
        facts
    }

    /// Holds the home folder for this run, until the world is dropped; nothing happens where there is no home folder yet
    /// or it is held already.
    ///
    /// # Errors
    /// Who holds it.
    fn lock(&mut self) -> Result<(), Held>;

    /// Holds a server of this machine, so that no other run changes it, until what this gives is dropped; none where another
    /// does, also after a wait. Where nothing can be held the change fails by itself.
    fn hold_server(&mut self, _: &str) -> Option<Box<dyn Send>> {
        Some(Box::new(()))
    }

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
}

/// Another run holds the home folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Who it is and since when, as that run wrote it.
    pub by: String,
}
