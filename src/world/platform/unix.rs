//! Unix: modes, owners, links.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::plan::Access;

pub fn may_write(folder: &Path) -> io::Result<()> {
    use rustix::fs::Access;
    Ok(rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

#[allow(clippy::unnecessary_wraps)] // other platforms have none
pub fn mode(metadata: &Metadata) -> Option<u32> {
    Some(metadata.mode() & 0o7777)
}

pub fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options.mode(0o600)
}

/// What is opened is no link, and no pipe that is waited for.
pub fn not_through_links(options: &mut OpenOptions) -> &mut OpenOptions {
    use rustix::fs::OFlags;
    options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
}

/// Opening a pipe that nobody writes to waits for nobody, nor does a terminal become ours.
pub fn without_waiting(options: &mut OpenOptions) -> &mut OpenOptions {
    use rustix::fs::OFlags;
    options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed())
}

pub fn create_private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// Makes a folder and those above it; whatever the umask, others cannot write to them.
pub fn create_folders(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o755).create(path)
}

/// Whether a file is ours alone, under one name: what is written to it reaches nothing else.
pub fn is_own(file: &File) -> bool {
    let us = rustix::process::geteuid().as_raw();
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.uid() == us && metadata.nlink() <= 1)
}

pub fn make_private(path: &Path) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(0o700))
}

pub fn make_file_private(file: &File) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(0o600))
}

pub fn link(to: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, place)
}

pub fn temporary(access: Access) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(super::TEMPORARY).permissions(Permissions::from_mode(match access {
        Access::Private => 0o600,
        Access::Shared => 0o644,
    }));
    builder
}

pub fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Has the system begin to write a file to the disk, without waiting: Linux does when told that nobody will read it
/// soon (`generic_fadvise`). Where that is not so, the wait comes later.
#[cfg(target_os = "linux")]
pub fn start_writing(file: &File) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
pub fn start_writing(_: &File) {}

pub fn is_still_at(file: &File, path: &Path) -> bool {
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(held), Ok(there)) => (held.dev(), held.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

/// Who besides us may change what is in `home`: its owner if that is another, the owner of a folder above it other
/// than root, or whom its mode or theirs lets write. A folder that many write to but only owners clear, such as
/// `/tmp`, may stand above it, but is none itself.
pub fn who_else_may_change(home: &Path) -> Option<String> {
    let us = rustix::process::geteuid().as_raw();
    let nearest = home.ancestors().find_map(|folder| folder.canonicalize().ok().map(|real| (folder == home, real)));
    let (is_there, real) = nearest?;
    real.ancestors().enumerate().find_map(|(above, folder)| {
        let metadata = fs::metadata(folder).ok()?;
        let (owner, mode) = (metadata.uid(), metadata.mode());
        let is_home = is_there && above == 0;
        if owner != us && (is_home || owner != 0) {
            return Some(format!("uid {owner} ({})", folder.display()));
        }
        let is_open = mode & 0o022 != 0 && (is_home || mode & 0o1000 == 0);
        is_open.then(|| format!("mode {:04o} ({})", mode & 0o7777, folder.display()))
    })
}

/// The nearest folder above the file at `path` in which others may put another file in its place. Sticky ones, such as
/// `/tmp`, leave each file to its owner.
pub fn folder_open_to_others(path: &Path) -> Option<PathBuf> {
    let is_open = |folder: &&Path| {
        fs::metadata(folder).is_ok_and(|metadata| metadata.mode() & 0o022 != 0 && metadata.mode() & 0o1000 == 0)
    };
    // As it is named, and where links lead from there.
    let mut paths = [std::path::absolute(path), path.canonicalize()].into_iter().flatten();
    paths.find_map(|path| path.ancestors().skip(1).find(is_open).map(Path::to_owned))
}

/// The names of what is in `folder`. Not by `std::fs::read_dir`: it panics where the folder cannot be closed, as on a network
/// file system that is gone.
pub fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    use rustix::fs::{Dir, Mode, OFlags, open};
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let entries = Dir::new(open(folder, flags, Mode::empty())?)?.flatten();
    let names = entries.map(|entry| OsStr::from_bytes(entry.file_name().to_bytes()).to_owned());
    Ok(names.filter(|name| name != "." && name != "..").collect())
}

/// Whether the system gives random numbers; one that does not know the call has a device for them.
#[cfg(target_os = "linux")]
pub fn has_randomness() -> io::Result<()> {
    match rustix::rand::getrandom(&mut [0; 1], rustix::rand::GetRandomFlags::NONBLOCK) {
        Ok(_) | Err(rustix::io::Errno::NOSYS | rustix::io::Errno::AGAIN) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
#[allow(clippy::unnecessary_wraps)] // Linux may refuse
pub fn has_randomness() -> io::Result<()> {
    Ok(())
}
