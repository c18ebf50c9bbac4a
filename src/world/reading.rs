//! Reads files with a bound on their size, and those that nobody named without ever waiting for a pipe.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use zeroize::Zeroizing;

use super::platform;

/// Octets of the largest text file that is read: a hundred times the answers for 1,000 partners.
pub const LARGEST_TEXT: u64 = 16 << 20;

/// Reads a file that a person named, maybe a pipe, of which no more than `most` octets are taken. The memory is cleared
/// when it is dropped.
///
/// # Errors
/// The system's.
pub fn read_bounded(path: &Path, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    take_file(File::open(path)?, most)
}

fn take_file(file: File, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    // Of a pipe, and of what the kernel makes up, nobody knows the size beforehand.
    let size = Some(file.metadata()?.len()).filter(|size| *size > 0).map_or(most, |size| size.saturating_add(1));
    take(file, size.min(most), most)
}

/// [`read_bounded`] for what comes from somewhere else than a file.
///
/// # Errors
/// The system's.
pub fn read_stream(stream: impl Read, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    take(stream, most, most)
}

fn take(stream: impl Read, room: u64, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    // Room for all of it at once: what grows leaves its old place uncleared.
    let mut content = Zeroizing::new(Vec::with_capacity(usize::try_from(room).unwrap_or_default()));
    stream.take(most).read_to_end(&mut content)?;
    Ok(content)
}

/// Reads a text file that a person named, maybe a pipe; of an endless one no more than is needed to see that it is too
/// large.
///
/// # Errors
/// The system's, also for text that is not UTF-8; `FileTooLarge` above [`LARGEST_TEXT`].
pub fn read_text(path: &Path) -> io::Result<String> {
    text(File::open(path)?)
}

/// Reads a text file of the home folder, where nothing that keeps its reader waiting belongs.
///
/// # Errors
/// As [`read_text`]; `InvalidInput` for what is no file.
pub fn read_own(path: &Path) -> io::Result<String> {
    text(open_file(path)?)
}

/// [`read_bounded`] for a file that must be one: what is none may keep its reader waiting.
///
/// # Errors
/// The system's; `InvalidInput` for what is no file.
pub fn read_file(path: &Path, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    take_file(open_file(path)?, most)
}

/// Opens a file; what is none is looked at, not waited for.
///
/// # Errors
/// The system's; `InvalidInput` for what is no file.
pub fn open_file(path: &Path) -> io::Result<File> {
    let file = platform::without_waiting(OpenOptions::new().read(true)).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

fn text(file: File) -> io::Result<String> {
    let size = file.metadata()?.len().min(LARGEST_TEXT);
    let mut content = Vec::with_capacity(usize::try_from(size).unwrap_or_default() + 1);
    let read = file.take(LARGEST_TEXT + 1).read_to_end(&mut content)?;
    if read as u64 > LARGEST_TEXT {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    String::from_utf8(content).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Whether reading what is at `path` may take until somebody writes it: a pipe, a terminal, a device.
#[must_use]
pub fn may_wait(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}
