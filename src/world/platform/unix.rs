//! Unix: modes, owners, links.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, LazyLock};

use crate::home::{FileOwner, Names, User};
use crate::system::Access;

pub fn may_write(folder: &Path) -> io::Result<()> {
    use rustix::fs::Access;
    Ok(rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

#[allow(clippy::unnecessary_wraps)] // other platforms have none
pub fn mode(metadata: &Metadata) -> Option<u32> {
    Some(metadata.mode() & 0o7777)
}

#[allow(clippy::unnecessary_wraps)] // other platforms have none
pub fn owner(metadata: &Metadata) -> Option<FileOwner> {
    Some(FileOwner { uid: metadata.uid(), gid: metadata.gid() })
}

#[allow(clippy::unnecessary_wraps)] // other platforms have none
pub fn user() -> Option<User> {
    use rustix::process::{getegid, geteuid, getgroups};
    let groups = getgroups().unwrap_or_default().into_iter().chain([getegid()]);
    Some(User { uid: geteuid().as_raw(), groups: groups.map(rustix::process::Gid::as_raw).collect() })
}

/// What users and groups are called, as far as this machine's own files know; read once.
pub fn names() -> Arc<Names> {
    static NAMES: LazyLock<Arc<Names>> = LazyLock::new(|| {
        let [passwd, group] = ["/etc/passwd", "/etc/group"].map(|file| fs::read_to_string(file).unwrap_or_default());
        Arc::new(Names::read(&passwd, &group))
    });
    Arc::clone(&NAMES)
}

/// Whose a file is that we make.
#[allow(clippy::unnecessary_wraps)] // other platforms have none
pub fn ourselves() -> Option<FileOwner> {
    use rustix::process::{getegid, geteuid};
    Some(FileOwner { uid: geteuid().as_raw(), gid: getegid().as_raw() })
}

/// The permission bits of what is made with these: less the umask, which can be read only by setting it.
#[allow(clippy::unnecessary_wraps)] // other platforms have none
pub fn born_with(mode: u32) -> Option<u32> {
    use rustix::fs::Mode;
    static MASK: LazyLock<Mode> = LazyLock::new(|| {
        let mask = rustix::process::umask(Mode::RWXG | Mode::RWXO);
        rustix::process::umask(mask);
        mask
    });
    Some(mode & !MASK.as_raw_mode())
}

pub fn set_owner(file: &File, owner: FileOwner) -> io::Result<()> {
    std::os::unix::fs::fchown(file, Some(owner.uid), Some(owner.gid))
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

pub fn set_mode(file: &File, mode: u32) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(mode))
}

pub fn link(to: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(to, place)
}

pub fn temporary(access: Access) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(super::TEMPORARY).permissions(Permissions::from_mode(match access {
        Access::Private => 0o600,
        Access::Shared => 0o644,
        Access::Exactly { mode, .. } => mode,
    }));
    builder
}

pub fn temporary_folder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(super::TEMPORARY).permissions(Permissions::from_mode(0o700));
    builder
}

/// A file that nobody else sees and that is gone with whoever has it open: on Linux in memory, so that a full disk does not matter.
pub fn nameless_file() -> io::Result<File> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{MemfdFlags, memfd_create};
        Ok(memfd_create("edgewright", MemfdFlags::CLOEXEC)?.into())
    }
    #[cfg(not(target_os = "linux"))]
    tempfile::tempfile()
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

/// What this process asks of the system before anything else.
pub fn prepare_process() {
    use rustix::fs::Mode;
    keep_out_of_dumps();
    // A limit on the size of files is told by the call that meets it, like a full disk.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    // A mask that takes away its owner's own rights would leave files that nobody can go on with.
    let mask = rustix::process::umask(Mode::RWXU);
    rustix::process::umask(mask - Mode::RWXU);
}

/// Has the system write no dump of this process when it dies, nor show its memory to others of its user: it may hold keys.
/// Only Linux can do both.
fn keep_out_of_dumps() {
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

/// Has a program be the first of a group of its own, so that a signal at the terminal does not reach it, and all of it can
/// be ended.
pub fn start_alone(process: &mut Command) {
    process.process_group(0);
}

/// Has a program run as somebody else, in no other group than that.
pub fn run_as(process: &mut Command, user: FileOwner) {
    process.uid(user.uid).gid(user.gid);
}

/// Ends a program that was started alone, and what it started.
pub fn end(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if group.is_none_or(|group| kill_process_group(group, Signal::KILL).is_err()) {
        let _ = child.kill();
    }
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

/// The machine's own name (machine-id(5)); empty where it has none.
pub fn machine_id() -> String {
    fs::read_to_string("/etc/machine-id").map(|id| id.trim().to_owned()).unwrap_or_default()
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

/// The name servers of this system (resolv.conf(5)).
pub fn name_servers() -> Vec<IpAddr> {
    let said = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let server = |line: &str| line.strip_prefix("nameserver")?.split_whitespace().next()?.parse().ok();
    let servers: Vec<IpAddr> = said.lines().filter_map(server).collect();
    if servers.is_empty() { vec![Ipv4Addr::LOCALHOST.into()] } else { servers }
}

/// The file that a run holds while it changes a server: where root alone can hold it.
pub fn server_lock(server: &str) -> PathBuf {
    PathBuf::from(format!("/run/edgewright-{server}.lock"))
}

/// Where somebody on this machine listens on a TCP port, as Linux tells it (proc(5)); nothing elsewhere.
pub fn listening(port: u16) -> Vec<IpAddr> {
    // A unit with `ProcSubset=pid` sees nothing else there.
    let tables =
        ["/proc/self/net/tcp", "/proc/self/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    tables.iter().flat_map(|table| table.lines()).filter_map(|line| listener(line, port)).collect()
}

/// The address in a line of those tables that is of a listener on this port.
fn listener(line: &str, port: u16) -> Option<IpAddr> {
    const LISTEN: &str = "0A";
    let mut fields = line.split_whitespace().skip(1);
    let (address, at) = fields.next()?.split_once(':')?;
    if fields.nth(1)? != LISTEN || u16::from_str_radix(at, 16).ok()? != port {
        return None;
    }
    // Words of four octets, each as this machine writes numbers.
    let words = address.as_bytes().chunks(8).map(|word| u32::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok());
    let octets: Vec<u8> = words.collect::<Option<Vec<u32>>>()?.into_iter().flat_map(u32::to_ne_bytes).collect();
    let four = <[u8; 4]>::try_from(&octets[..]).map(IpAddr::from).ok();
    four.or_else(|| <[u8; 16]>::try_from(&octets[..]).map(IpAddr::from).ok())
}

/// The roots that this system believes, in DER.
#[cfg(target_vendor = "apple")]
pub fn roots() -> Vec<Vec<u8>> {
    rustls_native_certs::load_native_certs().certs.iter().map(|root| root.to_vec()).collect()
}

/// The roots that this system believes, in DER; `SSL_CERT_FILE` and `SSL_CERT_DIR` say which others. Folders are not read by
/// the crate itself, for the reason of [`names_in`].
#[cfg(not(target_vendor = "apple"))]
pub fn roots() -> Vec<Vec<u8>> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let [file, folders] = ["SSL_CERT_FILE", "SSL_CERT_DIR"].map(named);
    let (file, folders) = if file.is_none() && folders.is_none() {
        let found = openssl_probe::probe();
        (found.cert_file, found.cert_dir)
    } else {
        let folders = folders.iter().flat_map(std::env::split_paths).collect();
        (file.map(PathBuf::from), folders)
    };
    let within = folders.iter().flat_map(|folder| {
        let found = names_in(folder).unwrap_or_default();
        found.into_iter().map(|name| folder.join(name))
    });
    // Most are links to one that was read already.
    let mut seen = BTreeSet::new();
    let mut roots = Vec::new();
    for path in file.into_iter().chain(within) {
        let Ok(metadata) = fs::metadata(&path) else { continue };
        if metadata.is_file() && seen.insert((metadata.dev(), metadata.ino())) {
            let read = rustls_native_certs::load_certs_from_paths(Some(&path), None).certs;
            roots.extend(read.iter().map(|root| root.to_vec()));
        }
    }
    roots.sort();
    roots.dedup();
    roots
}

#[cfg(all(test, target_endian = "little"))]
mod tests {
    use super::*;

    #[test]
    fn listeners_are_read_from_what_the_kernel_says() {
        let line = |address: &str, state: &str| {
            let line = format!("   0: {address} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000 0 0 1 1");
            listener(&line, 5269).map(|address| address.to_string())
        };
        assert_eq!(line("0200007F:1495", "0A").as_deref(), Some("127.0.0.2"));
        assert_eq!(line("00000000000000000000000001000000:1495", "0A").as_deref(), Some("::1"));
        assert_eq!(line("B80D01200000000000000000010000000:1495", "0A"), None);
        assert_eq!(line("0200007F:1495", "01"), None);
        assert_eq!(line("0200007F:1466", "0A"), None);
        assert_eq!(listener("  sl  local_address rem_address   st", 5269), None);
    }
}
