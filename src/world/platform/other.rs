//! Everything that is not Unix.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use super::Resolved;
use crate::home::{FileOwner, Names, User};
use crate::system::Access;

// Windows keeps a user's data folder to that user by inherited access rules.

pub fn may_write(folder: &Path) -> io::Result<()> {
    if fs::metadata(folder)?.permissions().readonly() { Err(io::ErrorKind::PermissionDenied.into()) } else { Ok(()) }
}

pub fn steered_by(_: &Path) -> Option<String> {
    None
}

pub fn mode(_: &Metadata) -> Option<u32> {
    None
}

pub fn owner(_: &Metadata) -> Option<FileOwner> {
    None
}

pub fn user() -> Option<User> {
    None
}

pub fn names() -> std::sync::Arc<Names> {
    std::sync::Arc::default()
}

pub fn ourselves() -> Option<FileOwner> {
    None
}

pub fn born_with(_: u32) -> Option<u32> {
    None
}

pub fn set_owner(_: &File, _: FileOwner) -> io::Result<()> {
    Ok(())
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

pub fn set_mode(_: &File, _: u32) -> io::Result<()> {
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

pub fn temporary_folder() -> tempfile::Builder<'static, 'static> {
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

/// The path made absolute. Who else may change what is there is not looked into.
pub fn resolve(home: &Path) -> Resolved {
    let path = std::path::absolute(home).unwrap_or_else(|_| home.to_owned());
    Resolved { path, unsafe_because: None, is_lent: false }
}

pub fn prepare_process() {}

pub fn to_append(options: &mut OpenOptions) -> &mut OpenOptions {
    options.append(true)
}

pub fn has_one_name(_: &Metadata) -> bool {
    true
}

pub fn is_standard_error(_: &Path) -> bool {
    false
}

pub fn terminal(_: &Path) -> Option<File> {
    None
}

pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

pub fn machine_id() -> String {
    String::new()
}

#[must_use]
pub fn home_of_root() -> Option<PathBuf> {
    None
}

#[must_use]
pub fn is_of_root(_: &Path) -> bool {
    false
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

pub fn roots() -> Vec<Vec<u8>> {
    rustls_native_certs::load_native_certs().certs.iter().map(|root| root.to_vec()).collect()
}

pub fn name_servers() -> Vec<IpAddr> {
    Vec::new()
}

/// Nothing is put into service here.
pub fn server_lock(_: &str) -> PathBuf {
    PathBuf::new()
}

pub fn listening(_: u16) -> Vec<IpAddr> {
    Vec::new()
}

pub fn nameless_file() -> io::Result<File> {
    tempfile::tempfile()
}

pub fn start_alone(_: &mut Command) {}

pub fn run_as(_: &mut Command, _: FileOwner) {}

pub fn end(child: &mut Child) {
    let _ = child.kill();
}
