//! One run at a time: a file that the system frees when its holder dies, and that says who the holder is.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::system::{Command, Held};

use super::platform;

/// How often a lock file that is being taken away is tried again.
const MOST_TRIES: usize = 100;
/// How often a lock is tried that somebody holds, and how long after the last time.
const MOST_LOOKS: usize = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

/// How long is waited for a run that changes a server.
const PATIENCE: Duration = Command::PATIENCE;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// Holds a server until the file is closed; none where somebody else does all the while. The file stays: `install.sh` holds it
/// too, and does not look whether it is still there.
pub fn hold(path: &Path) -> Option<Box<dyn Send>> {
    let mut options = OpenOptions::new();
    let options = platform::private(options.write(true).create(true).truncate(false));
    let Ok(file) = platform::not_through_links(options).open(path) else { return Some(Box::new(())) };
    let end = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < end => thread::sleep(BETWEEN_TRIES),
            Err(TryLockError::WouldBlock) => return None,
            Ok(()) | Err(TryLockError::Error(_)) => return Some(Box::new(file)),
        }
    }
}

/// A held lock: a file that the system frees when its holder dies, and that says who the holder is.
pub struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock, and tells who held it and was cut off; none where the folder does not even let a lock file be made,
    /// which the run will report itself.
    pub fn take(path: &Path, now: OffsetDateTime) -> Result<Option<(Self, Option<String>)>, Held> {
        let mut looks = 0;
        for _ in 0..MOST_TRIES {
            let mut options = OpenOptions::new();
            let options = platform::private(options.read(true).write(true).create(true).truncate(false));
            // Nobody has looked yet who else may change this folder.
            let options = platform::not_through_links(options);
            let mut file = match options.open(path) {
                Ok(file) => file,
                Err(error) => return Self::refused(path, &error),
            };
            if !platform::is_own(&file) {
                return Self::refused(path, &io::ErrorKind::PermissionDenied.into());
            }
            match file.try_lock() {
                Ok(()) => {}
                // Somebody may only be looking who holds it.
                Err(TryLockError::WouldBlock) if looks < MOST_LOOKS => {
                    looks += 1;
                    thread::sleep(BETWEEN_LOOKS);
                    continue;
                }
                Err(TryLockError::WouldBlock) => {
                    let mut by = String::new();
                    let _ = file.read_to_string(&mut by);
                    return Err(Held { by: by.trim().to_owned() });
                }
                Err(TryLockError::Error(error)) => return Self::refused(path, &error),
            }
            // The last holder may have taken the file away between our opening and locking it.
            if !platform::is_still_at(&file, path) {
                continue;
            }
            // Whoever ends takes the file away; what one says who did not is all that is known of that run.
            let mut last = String::new();
            let _ = file.read_to_string(&mut last);
            let cut_off = Some(last.trim().to_owned()).filter(|last| !last.is_empty());
            let since = now.truncate_to_second().format(&Rfc3339).unwrap_or_default();
            let user = std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default();
            let by = format!("pid {} {user} {since}\n", std::process::id()).replace("  ", " ");
            let _ = file.rewind();
            let _ = file.write_all(by.as_bytes());
            // Cut last: emptied first, the file would wait for what the last holder left in the disk's queue.
            if file.metadata().is_ok_and(|metadata| metadata.len() > by.len() as u64) {
                let _ = file.set_len(by.len() as u64);
            }
            return Ok(Some((Lock { file, path: path.to_owned() }, cut_off)));
        }
        Self::refused(path, &io::ErrorKind::ResourceBusy.into())
    }

    /// Who holds the lock; none where nobody does. Nothing is made or changed.
    pub fn holder(path: &Path) -> Option<String> {
        let mut options = OpenOptions::new();
        let mut file = platform::not_through_links(options.read(true)).open(path).ok()?;
        let mut by = String::new();
        if !file.metadata().is_ok_and(|metadata| metadata.is_file()) || file.read_to_string(&mut by).is_err() {
            return None;
        }
        // What says nothing was not written by a holder.
        let is_held = !by.trim().is_empty() && matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        is_held.then(|| by.trim().to_owned())
    }

    /// No lock could be had. In a folder that cannot be written the run will report that itself; in any other, going on
    /// without a lock would be two runs at once.
    fn refused<T>(path: &Path, error: &io::Error) -> Result<Option<T>, Held> {
        let in_the_way = !fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
        match path.parent().map(platform::may_write) {
            Some(Ok(())) if !in_the_way => Err(Held { by: format!("{} ({error})", path.display()) }),
            _ => Ok(None),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Taken away while still held, so that nobody can hold a file that is about to go.
        let _ = fs::remove_file(&self.path);
        let _ = self.file.unlock();
    }
}
