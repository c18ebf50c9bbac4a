//! Files that are there complete or not at all: written under a temporary name, with their mode from birth, then renamed.

use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::system::Access;

use super::platform;

/// A complete file in `folder`, maybe not yet on the disk, with its mode from birth.
pub fn unsynced(folder: &Path, content: &[u8], access: Access) -> io::Result<NamedTempFile> {
    let mut file = platform::temporary(access).tempfile_in(folder)?;
    if let Access::Exactly { mode, owner } = access {
        owner.map_or(Ok(()), |owner| platform::set_owner(file.as_file(), owner))?;
        // Whatever the umask: it had just these.
        platform::set_mode(file.as_file(), mode)?;
    }
    file.write_all(content)?;
    Ok(file)
}

/// A complete file beside `path`, on the disk, with its mode from birth.
pub fn written(path: &Path, content: &[u8], access: Access) -> io::Result<NamedTempFile> {
    let written = unsynced(folder_of(path), content, access).and_then(|file| file.as_file().sync_all().map(|()| file));
    written.map_err(without_place)
}

/// The system's error alone: the temporary file's name, which comes with it, tells nobody anything.
pub fn without_place(error: io::Error) -> io::Error {
    let source = error.get_ref().and_then(std::error::Error::source);
    let code = source.and_then(|source| source.downcast_ref::<io::Error>()).and_then(io::Error::raw_os_error);
    code.map_or(error, io::Error::from_raw_os_error)
}

/// The folder that `path` is in; of a bare name, where the program was started.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
