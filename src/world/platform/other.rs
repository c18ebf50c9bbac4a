//! Everything that is not Unix.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::plan::Access;

// Windows keeps a user's data folder to that user by inherited access rules.

pub fn may_write(folder: &Path) -> io::Result<()> {
    if fs::metadata(folder)?.permissions().readonly() { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(()) }
}

pub fn mode(_: &Metadata) -> Option<u32> {
    None
}

pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

pub fn not_through_links(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

pub fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

pub fn create_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

pub fn create_folders(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

pub fn is_own(_: &File) -> bool {
    true
}

pub fn make_private(_: &Path) -> io::Result<()> {
    Ok(())
}

pub fn make_file_private(_: &File) -> io::Result<()> {
    Ok(())
}

pub fn link(to: &Path, place: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_dir(to, place)
}

pub fn temporary(_: Access) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(super::TEMPORARY);
    builder
}

pub fn sync(_: &Path) -> io::Result<()> {
    Ok(())
}

pub fn start_writing(_: &File) {}

pub fn is_still_at(_: &File, _: &Path) -> bool {
    true
}

pub fn who_else_may_change(_: &Path) -> Option<String> {
    None
}

pub fn folder_open_to_others(_: &Path) -> Option<PathBuf> {
    None
}

pub fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    Ok(fs::read_dir(folder)?.flatten().map(|entry| entry.file_name()).collect())
}

pub fn has_randomness() -> io::Result<()> {
    Ok(())
}
