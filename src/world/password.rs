//! Reads a password from a file: never from the command line, where everybody on the machine could see it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

use crate::pki::LONGEST_SECRET;
use crate::system::secret::Open;

use super::platform::folder_open_to_others;
use super::real::is_open_file;

/// Octets of the largest password file.
pub const LARGEST_PASSWORD: usize = LONGEST_SECRET;

/// A password, and who else may read it where it stands.
pub struct Password {
    /// The file's first line without its end.
    pub password: Zeroizing<String>,
    /// How others may come to it, if they may.
    pub open: Option<Open>,
}

/// How others may come to the file at `path`, opened as `file`; a pipe is nobody else's.
pub fn open_to_others(path: &Path, file: &File) -> Option<Open> {
    let is_file = file.metadata().is_ok_and(|metadata| metadata.is_file());
    let folder = || folder_open_to_others(path).filter(|_| is_file).map(Open::Folder);
    if is_open_file(file) { Some(Open::File) } else { folder() }
}

/// Why a file gives no password.
#[derive(Debug)]
pub enum PasswordFault {
    /// It cannot be read.
    Unreadable(io::Error),
    /// It is larger than [`LARGEST_PASSWORD`].
    TooLarge,
    /// Its first line is empty.
    Empty,
    /// Its first line is not UTF-8.
    NotUtf8,
    /// It is a PEM file, such as a key: its first line is known to everybody.
    Pem,
}

/// Reads the first line of the file at `path`, which may be a pipe too.
///
/// # Errors
/// See [`PasswordFault`].
pub fn read_password(path: &Path) -> Result<Password, PasswordFault> {
    let mut file = File::open(path).map_err(PasswordFault::Unreadable)?;
    // Of one size from the start: what grows leaves its old place uncleared.
    let mut content = Zeroizing::new([0; LARGEST_PASSWORD + 1]);
    let mut length = 0;
    while length < content.len() {
        match file.read(&mut content[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(PasswordFault::Unreadable(error)),
        }
    }
    if length > LARGEST_PASSWORD {
        return Err(PasswordFault::TooLarge);
    }
    let line = content[..length].split(|octet| *octet == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match str::from_utf8(line) {
        Ok("") => Err(PasswordFault::Empty),
        Ok(line) if line.starts_with("-----BEGIN ") => Err(PasswordFault::Pem),
        Ok(line) => Ok(Password { password: Zeroizing::new(line.to_owned()), open: open_to_others(path, &file) }),
        Err(_) => Err(PasswordFault::NotUtf8),
    }
}
