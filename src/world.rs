//! The only I/O: files, the lock, the clock, the key generator. What differs between platforms stays behind [`World`]:
//! the ports are in `system`, here is what is behind them.

mod atomic;
mod clock;
mod dry;
mod fake;
mod keys;
mod lock;
mod net;
mod output;
mod overlay;
mod password;
mod perform;
mod platform;
mod programs;
mod reader;
mod reading;
mod real;
mod survey;
mod tidy;
mod tsig;

use std::io;
use std::path::{Path, PathBuf};

use crate::home::{Layout, Ticks};
use crate::pki::digest::sha256_hex;
use crate::system::Access;
pub use crate::system::{Held, World};

pub use crate::plan::Secrets;
pub use dry::DryWorld;
pub use fake::{FakeWorld, Trouble};
pub use output::{Log, Named, exists};
pub use password::{LARGEST_PASSWORD, Password, PasswordFault, read_password};
pub use perform::{RunOutcome, perform, perform_with};
pub use platform::{Resolved, home_of_root, is_of_root, prepare_process, resolve};
pub use reading::{LARGEST_TEXT, may_wait, read_bounded, read_own, read_stream, read_text};
pub use real::RealWorld;

/// What the file with the saved answers said when this run last read or wrote it, as its SHA-256.
#[derive(Debug, Clone, Default)]
pub struct KnownAnswers(Option<String>);

impl KnownAnswers {
    /// What it says now.
    #[must_use]
    pub fn read(world: &dyn World, home: &Path) -> Self {
        KnownAnswers(world.read(&Layout::of(home).answers()).ok().map(|content| sha256_hex(content.as_bytes())))
    }
}

/// Saves the answers as they are being given. The journal does not hear of it: answers are notes, not deeds. What somebody
/// else wrote there meanwhile is kept with what was replaced; gives whether that was so.
///
/// # Errors
/// The system's.
pub fn save_answers(world: &mut dyn World, home: &Path, known: &mut KnownAnswers, content: &str) -> io::Result<bool> {
    let layout = Layout::of(home);
    world.make_folder(home)?;
    world.lock().map_err(|held| io::Error::other(held.by))?;
    world.owner()?;
    let is_anothers = |said: &String| said != content && known.0 != Some(sha256_hex(said.as_bytes()));
    let theirs = world.read(&layout.answers()).ok().filter(is_anothers);
    if let Some(said) = &theirs {
        world.make_folder(&layout.before())?;
        world.replace(&layout.before().join(sha256_hex(said.as_bytes())), said.as_bytes(), Access::Private)?;
    }
    world.replace(&layout.answers(), content.as_bytes(), Access::Private)?;
    *known = KnownAnswers(Some(sha256_hex(content.as_bytes())));
    world.sync()?;
    Ok(theirs.is_some())
}

/// Saves which steps are ticked, as the answers are saved. What is there and says nothing that can be read is kept with
/// what was replaced.
///
/// # Errors
/// The system's, also where what is there cannot be read: nothing is put in its place then.
pub fn save_ticks(world: &mut dyn World, home: &Path, content: &str) -> io::Result<()> {
    let layout = Layout::of(home);
    world.make_folder(home)?;
    world.lock().map_err(|held| io::Error::other(held.by))?;
    world.owner()?;
    match world.read(&layout.todo()) {
        Ok(before) if Ticks::read(&before).is_none() => {
            world.make_folder(&layout.before())?;
            let kept = layout.before().join(sha256_hex(before.as_bytes()));
            world.replace(&kept, before.as_bytes(), Access::Private)?;
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    world.replace(&layout.todo(), content.as_bytes(), Access::Private)?;
    world.sync()
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
        _ => world.sync().map(|()| file),
    }
}
