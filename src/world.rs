//! The only I/O: files, the lock, the clock, the key generator. What differs between platforms stays behind [`World`].

mod clock;
mod disk;
mod dry;
mod fake;
mod keys;
mod lock;
mod output;
mod password;
mod perform;
mod platform;
mod reading;
mod real;
mod survey;
mod tidy;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::home::Layout;
use crate::home::{Facts, Owner};
use crate::pki::digest::sha256_hex;
use crate::pki::{Certificate, KeyKind, PrivateKey};
pub use crate::plan::Access;

pub use dry::DryWorld;
pub use fake::{FakeWorld, Trouble};
pub use output::{Log, Named, exists};
pub use password::{LARGEST_PASSWORD, Open, Password, PasswordFault, read_password};
pub use perform::{Hands, Outcome, perform, perform_with};
pub use platform::{Resolved, home_of_root, is_of_root, prepare_process, resolve};
pub use reading::{LARGEST_TEXT, may_wait, read_bounded, read_own, read_stream, read_text};
pub use real::RealWorld;

/// Saves the answers as they are being given. The journal does not hear of it: answers are notes, not deeds.
///
/// # Errors
/// The system's.
pub fn save_answers(world: &mut dyn World, home: &Path, content: &str) -> io::Result<()> {
    world.make_folder(home)?;
    world.lock().map_err(|held| io::Error::other(held.by))?;
    world.owner()?;
    world.replace(&Layout::of(home).answers(), content.as_bytes(), Access::Private)?;
    world.settle()
}

/// Keeps a certificate that was pasted, under a name that its text has, and says where. As with the answers, the journal
/// does not hear of it.
///
/// # Errors
/// The system's.
pub fn save_received(world: &mut dyn World, home: &Path, pasted: &str) -> io::Result<PathBuf> {
    let folder = Layout::of(home).received();
    let name = sha256_hex(pasted.as_bytes());
    let file = folder.join(format!("{}.pem", &name[..16]));
    world.make_folder(home)?;
    world.lock().map_err(|held| io::Error::other(held.by))?;
    world.owner()?;
    world.make_folder(&folder)?;
    match world.create(&file, pasted.as_bytes(), Access::Private) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => world.settle().map(|()| file),
    }
}

/// What a plan is performed in.
pub trait World: Send {
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

    /// The time.
    fn now(&self) -> OffsetDateTime;

    /// Whether there are random numbers for keys and signatures: where the system refuses them, the backend ends the process.
    ///
    /// # Errors
    /// The system's.
    fn has_randomness(&self) -> io::Result<()> {
        Ok(())
    }

    /// Holds the home folder for this run, until the world is dropped; nothing happens where there is no home folder yet
    /// or it is held already.
    ///
    /// # Errors
    /// Who holds it.
    fn lock(&mut self) -> Result<(), Held>;

    /// Has later looks show what was done so far about a run that was cut off, also where it was only recorded.
    fn take_for_done(&mut self) {}

    /// Who held the home folder last and never let it go, because that run was cut off; known once the lock is held.
    fn cut_off(&self) -> Option<&str> {
        None
    }

    /// Makes a folder (and those above it) for its owner alone; makes one that is there its owner's alone.
    ///
    /// # Errors
    /// The system's.
    fn make_folder(&mut self, path: &Path) -> io::Result<()>;

    /// Begins a folder that is to be there whole or not at all: until [`World::publish`] its files are written below a
    /// temporary name beside it.
    ///
    /// # Errors
    /// The system's.
    fn stage(&mut self, folder: &Path) -> io::Result<()>;

    /// Puts the staged folder in its place, on the disk and in one step; never over anything.
    ///
    /// # Errors
    /// The system's; `AlreadyExists` where something is there.
    fn publish(&mut self) -> io::Result<()>;

    /// Takes a staged folder that is not going to be whole away, with what was written into it.
    fn unstage(&mut self);

    /// Whose places outside the home folder are: `home-id` is made where the home folder has none.
    ///
    /// # Errors
    /// The system's.
    fn owner(&mut self) -> io::Result<Owner>;

    /// Puts what is about to be created into the home folder on the disk, all at once, so that [`World::create`] needs only
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

    /// Takes a file away.
    ///
    /// # Errors
    /// The system's.
    fn remove(&mut self, path: &Path) -> io::Result<()>;

    /// Sees to it that everything that was made, changed or taken away so far outlasts the machine's death.
    ///
    /// # Errors
    /// The system's.
    fn settle(&mut self) -> io::Result<()>;

    /// Reads a file of this program's own.
    ///
    /// # Errors
    /// The system's, also for text that is not UTF-8.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// Reads a file that somebody sent, also through a link; of an endless one no more than is needed to see that it is too
    /// large to be an [`Offer`](crate::pki::Offer). It may hold a key: the memory is cleared when it is dropped.
    ///
    /// # Errors
    /// The system's; `InvalidInput` for what is no file.
    fn read_sent(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>>;

    /// The roots that this system believes.
    fn trust(&self) -> Arc<[Certificate]>;

    /// Adds a line to a private file; [`World::settle`] makes it last.
    ///
    /// # Errors
    /// The system's.
    fn append(&mut self, path: &Path, line: &str) -> io::Result<()>;

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

    /// Begins to make a key of this kind beside all other work, in memory only, and returns at once; one under way or
    /// waiting is kept if it is of this kind, else thrown away.
    fn make_key_ahead(&mut self, kind: Option<KeyKind>);

    /// The key of this kind that was made ahead, or a new one, in memory only. While it is being made `go_on` is asked now
    /// and then whether to go on waiting; none where the answer is no, and then the key waits for the next time.
    ///
    /// # Errors
    /// The backend's words.
    fn make_key(&mut self, kind: KeyKind, go_on: &dyn Fn() -> bool) -> Result<Option<PrivateKey>, String>;
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

/// Another run holds the home folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Who it is and since when, as that run wrote it.
    pub by: String,
}
