//! Unix: modes, owners, links.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
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

pub fn not_through_links(options: &mut OpenOptions) -> &mut OpenOptions {
    // Nor does what is no file keep its reader waiting.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    options.custom_flags(flags.bits().cast_signed())
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
        Access::Mode(mode) => mode,
    }));
    builder
}

pub fn temporary_folder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(super::TEMPORARY).permissions(Permissions::from_mode(0o700));
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

/// Has the system write no dump of this process when it dies, nor show its memory to others of its user: it may hold keys.
/// Only Linux can do both.
pub fn keep_out_of_dumps() {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = {
        use rustix::process::{Resource, Rlimit, setrlimit};
        setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })
    };
}

/// Opens a file to add to it, without waiting for anybody, and not through a link.
pub fn to_append(options: &mut OpenOptions) -> &mut OpenOptions {
    use rustix::fs::OFlags;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    options.append(true).mode(0o600).custom_flags(flags.bits().cast_signed())
}

/// Whether a file has one name only.
pub fn has_one_name(metadata: &Metadata) -> bool {
    metadata.nlink() == 1
}

/// Whether `path` leads to what this process has as its standard error, by another name than that of a file.
pub fn is_standard_error(path: &Path) -> bool {
    use std::os::fd::AsFd as _;
    let is_named = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    match (rustix::fs::stat(path), rustix::fs::fstat(std::io::stderr().as_fd())) {
        (Ok(named), Ok(ours)) => !is_named && (named.st_dev, named.st_ino) == (ours.st_dev, ours.st_ino),
        _ => false,
    }
}

/// The terminal that `path` leads to, to write on. Nothing else is opened: some devices act on that alone.
pub fn terminal(path: &Path) -> Option<File> {
    use std::io::IsTerminal as _;
    use std::os::unix::fs::FileTypeExt as _;
    let real = path.canonicalize().ok()?;
    let is_device = fs::metadata(&real).is_ok_and(|metadata| metadata.file_type().is_char_device());
    let is_named = real.starts_with("/dev/pts") || real.to_str().is_some_and(|real| real.starts_with("/dev/tty"));
    let terminal = (is_device && is_named).then(|| to_append(&mut OpenOptions::new()).open(real))?.ok()?;
    // It was not waited for; what is written there waits as on any terminal.
    rustix::fs::fcntl_setfl(&terminal, rustix::fs::OFlags::APPEND).ok()?;
    terminal.is_terminal().then_some(terminal)
}

/// The folder for root's data, which a service may be given.
#[must_use]
pub fn home_of_root() -> Option<PathBuf> {
    let is_one = cfg!(target_os = "linux") && rustix::process::geteuid().is_root();
    is_one.then(|| PathBuf::from("/var/lib/edgewright"))
}

/// Whether root owns what is there.
#[must_use]
pub fn is_of_root(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.uid() == 0)
}

/// Puts what is at `from` at `to`, where nothing is yet, in one step.
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            // A file system that does not know how.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
            renamed => return Ok(renamed?),
        }
    }
    // A folder is put over an empty one at most.
    if fs::symlink_metadata(to).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    fs::rename(from, to)
}

/// Whether the file has another name besides.
pub fn has_second_name(file: &Path) -> bool {
    fs::symlink_metadata(file).is_ok_and(|metadata| metadata.is_file() && metadata.nlink() > 1)
}

/// The machine's own name (machine-id(5)); empty where it has none.
pub fn machine_id() -> String {
    fs::read_to_string("/etc/machine-id").map(|id| id.trim().to_owned()).unwrap_or_default()
}
