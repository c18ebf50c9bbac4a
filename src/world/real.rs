//! The machine itself.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::model::request::{generate_key, is_for, kind_of};
use crate::model::{Facts, Found, KeyKind, KeyLeft, PendingRequest, PrivateKey, Server, Spot};
use crate::plan::journal::Entry;
use crate::plan::{Access, JOURNAL, LOCK};

use super::{Held, World};

/// Files larger than this are not ours to compare; nothing this program writes comes near it.
const MAX_COMPARED: u64 = 16 << 20;

/// The machine itself.
pub struct RealWorld {
    home: PathBuf,
    base: PathBuf,
    lock: Option<Lock>,
    cut_off: Option<String>,
}

impl RealWorld {
    /// The machine, with this home folder and this folder for relative paths; both absolute.
    #[must_use]
    pub fn new(home: PathBuf, base: PathBuf) -> Self {
        RealWorld { home, base, lock: None, cut_off: None }
    }

    /// What is in `folder` of the home folder under a number, as this program writes numbers.
    fn numbered(&self, folder: &str) -> BTreeMap<u32, PathBuf> {
        let entries = fs::read_dir(self.home.join(folder)).into_iter().flatten().flatten();
        let numbered = entries.filter_map(|entry| {
            let name = entry.file_name();
            let number: u32 = name.to_str()?.parse().ok()?;
            (number.to_string().as_str() == name).then(|| (number, entry.path()))
        });
        numbered.collect()
    }

    /// The request in `folder`, if its key is there too and is the one it was made for: another would be no use when the
    /// certificate comes.
    fn pending(&self, number: u32, folder: &Path) -> Option<PendingRequest> {
        let text = |name: &str| match self.spot(&folder.join(name)).found {
            Found::File(content) => String::from_utf8(content).ok(),
            _ => None,
        };
        let (pem, key) = (text("request.pem")?, PrivateKey::from_pem(text("key.pem")?));
        is_for(&pem, &key).then_some(PendingRequest { number, pem })
    }

    /// The key in `folder`, if no request was made with it and it is ours alone: a run was cut off between the two.
    fn key_left(&self, number: u32, folder: &Path) -> Option<KeyLeft> {
        let is_alone = self.spot(&folder.join("request.pem")).found == Found::Nothing;
        let is_folder = fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir());
        let key = (is_alone && is_folder).then(|| self.read_key(&folder.join("key.pem")))?.ok()?;
        Some(KeyLeft { number, kind: kind_of(&key)? })
    }

    /// The numbers of requests that the journal knows: a number is not used again when its folder is gone.
    fn journaled(&self) -> impl Iterator<Item = u32> {
        let journal = match self.spot(&self.home.join(JOURNAL)).found {
            Found::File(content) => String::from_utf8_lossy(&content).into_owned(),
            _ => String::new(),
        };
        let requests = self.home.join("requests");
        let entries = journal.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok()).collect::<Vec<_>>();
        entries.into_iter().filter_map(move |entry| {
            Path::new(&entry.target).strip_prefix(&requests).ok()?.iter().next()?.to_str()?.parse().ok()
        })
    }

    fn spot(&self, path: &Path) -> Spot {
        let metadata = fs::symlink_metadata(path);
        let found = match &metadata {
            Err(error) if is_absence(error) => Found::Nothing,
            Ok(metadata) if metadata.is_dir() => Found::Folder,
            Ok(metadata) if metadata.is_symlink() => Found::Link,
            Ok(metadata) if metadata.is_file() && metadata.len() <= MAX_COMPARED => {
                fs::read(path).map_or(Found::Other, Found::File)
            }
            _ => Found::Other,
        };
        let unwritable = match found {
            Found::Folder => platform::may_write(path).err(),
            _ => self.may_add(path).err(),
        };
        Spot {
            found,
            unwritable: unwritable.map(|e| e.to_string()),
            mode: metadata.ok().and_then(|m| platform::mode(&m)),
        }
    }

    /// Whether something can be put at `path`: up to and in the home folder, missing folders are made; elsewhere they are
    /// not.
    fn may_add(&self, path: &Path) -> io::Result<()> {
        let mut folders = path.ancestors().skip(1);
        let inside = path.starts_with(&self.home) || self.home.starts_with(path);
        let folder = folders.find(|folder| !inside || folder.exists()).unwrap_or(Path::new("/"));
        if !fs::metadata(folder)?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        platform::may_write(folder)
    }
}

impl World for RealWorld {
    fn look(&self, wanted: &[PathBuf]) -> Facts {
        let mut facts = Facts::unseen(&self.home, &self.base, self.now());
        let (requests, pairs) = (self.numbered("requests"), self.numbered("pairs"));
        let used = requests.keys().chain(pairs.keys()).copied().chain(self.journaled());
        facts.next_number = used.max().map_or(1, |last| last.saturating_add(1));
        let pending = || requests.iter().filter(|(number, _)| !pairs.contains_key(number));
        facts.requests = pending().filter_map(|(number, folder)| self.pending(*number, folder)).collect();
        facts.keys_left = pending().filter_map(|(number, folder)| self.key_left(*number, folder)).collect();
        let is_here = |server: &Server| server.config_path().is_some_and(|path| Path::new(path).exists());
        facts.servers_here = Server::ALL.into_iter().filter(is_here).collect();
        facts.home_unsafe = platform::who_else_may_change(&self.home);
        facts.other_homes = other_homes(&self.home);
        let ours = [JOURNAL, LOCK].map(|name| self.home.join(name));
        let places = || wanted.iter().chain(&ours).map(PathBuf::as_path);
        let folders = places().filter(|path| path.starts_with(&self.home)).flat_map(|path| path.ancestors().skip(1));
        for path in places().chain(folders) {
            facts.spots.entry(path.to_owned()).or_insert_with(|| self.spot(path));
        }
        facts
    }

    fn complete(&self, start: &str) -> Vec<String> {
        const MOST: usize = 200;
        let cut = start.rfind(std::path::is_separator).map_or(0, |at| at + 1);
        let (folder, begun) = start.split_at(cut);
        let entries = fs::read_dir(self.base.join(folder)).into_iter().flatten().flatten();
        let mut found: Vec<String> = entries
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok().filter(|name| name.starts_with(begun))?;
                let is_folder = entry.path().is_dir();
                Some(format!("{folder}{name}{}", if is_folder { std::path::MAIN_SEPARATOR_STR } else { "" }))
            })
            .take(MOST)
            .collect();
        found.sort();
        found
    }

    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    fn lock(&mut self) -> Result<(), Held> {
        if self.lock.is_none()
            && self.home.is_dir()
            && let Some((lock, cut_off)) = Lock::take(&self.home.join(LOCK), self.now())?
        {
            (self.lock, self.cut_off) = (Some(lock), cut_off);
            clear(&self.home);
        }
        Ok(())
    }

    fn cut_off(&self) -> Option<&str> {
        self.cut_off.as_deref()
    }

    fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return platform::make_private(path);
        }
        if let Some(parent) = path.parent() {
            platform::create_folders(parent)?;
        }
        platform::create_private_folder(path)?;
        sync_folder(path)
    }

    fn create(&mut self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        let written = written(path, content, access)?;
        written.persist_noclobber(path).map_err(|error| error.error)?;
        sync_folder(path)
    }

    fn replace(&mut self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        let written = written(path, content, access)?;
        written.persist(path).map_err(|error| error.error)?;
        sync_folder(path)
    }

    fn append(&mut self, path: &Path, line: &str) -> io::Result<()> {
        // A line that a full disk or a dead machine cut short spoils itself only.
        let torn = if ends_line(path)? { "" } else { "\n" };
        append(path, std::iter::once(format!("{torn}{line}").as_str()))
    }

    fn read_key(&self, path: &Path) -> io::Result<PrivateKey> {
        let mut options = OpenOptions::new();
        let mut file = platform::not_through_links(options.read(true)).open(path)?;
        let metadata = file.metadata()?;
        if !platform::is_own(&file) || platform::mode(&metadata).is_some_and(|mode| mode & 0o077 != 0) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        // Room for all of it at once: a text that grows leaves its old place uncleared.
        let mut pem = String::with_capacity(usize::try_from(metadata.len()).unwrap_or_default() + 1);
        file.read_to_string(&mut pem)?;
        Ok(PrivateKey::from_pem(pem))
    }

    fn make_key(&mut self, kind: KeyKind) -> Result<PrivateKey, String> {
        generate_key(kind)
    }
}

/// Takes away the temporary files that runs cut off have left in the home folder; they may hold a part of a key. Whoever
/// calls this holds the lock, so no run is writing them, and links are not followed. What cannot be taken away stays for
/// the next run.
fn clear(home: &Path) {
    /// Folders in folders that this program makes: `out/dns`, `requests/1`.
    const DEEPEST: usize = 2;
    if platform::who_else_may_change(home).is_some() {
        return;
    }
    let mut waiting = vec![(home.to_owned(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() && depth < DEEPEST {
                waiting.push((entry.path(), depth + 1));
            } else if metadata.is_file() && entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Whether the file at `path`, if any, is empty or ends with a whole line.
fn ends_line(path: &Path) -> io::Result<bool> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        file => file?,
    };
    if file.metadata()?.len() == 0 {
        return Ok(true);
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// The home folder that this person has without `sudo`, if it holds requests and is not `home`.
fn other_homes(home: &Path) -> Vec<PathBuf> {
    let Ok(user) = std::env::var("SUDO_USER") else { return Vec::new() };
    let folder = match user.as_str() {
        "root" => PathBuf::from("/root"),
        // A user's name that is a path leads nowhere.
        user if user.contains(std::path::is_separator) => return Vec::new(),
        user => Path::new("/home").join(user),
    };
    let other = folder.join(".local/share/edgewright");
    let holds_requests = fs::read_dir(other.join("requests")).is_ok_and(|mut requests| requests.next().is_some());
    if holds_requests && other != home { vec![other] } else { Vec::new() }
}

/// Adds lines to a private file, on the disk when it returns.
pub(super) fn append<'a>(path: &Path, lines: impl Iterator<Item = &'a str>) -> io::Result<()> {
    let is_new = !path.exists();
    let mut file = platform::private(OpenOptions::new().append(true).create(true)).open(path)?;
    for line in lines {
        file.write_all(format!("{line}\n").as_bytes())?;
    }
    file.sync_all()?;
    if is_new { sync_folder(path) } else { Ok(()) }
}

/// A complete file beside `path`, on the disk, with its mode from birth.
fn written(path: &Path, content: &[u8], access: Access) -> io::Result<tempfile::NamedTempFile> {
    let folder = folder_of(path);
    let written = || {
        let mut file = platform::temporary(access).tempfile_in(folder)?;
        file.write_all(content)?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    written().map_err(without_place)
}

/// The system's error alone: the temporary file's name, which comes with it, tells nobody anything.
fn without_place(error: io::Error) -> io::Error {
    let source = error.get_ref().and_then(std::error::Error::source);
    let code = source.and_then(|source| source.downcast_ref::<io::Error>()).and_then(io::Error::raw_os_error);
    code.map_or(error, io::Error::from_raw_os_error)
}

/// The folder that `path` is in; of a bare name, where the program was started.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Puts the entry of `path` in its folder on the disk.
fn sync_folder(path: &Path) -> io::Result<()> {
    platform::sync(folder_of(path))
}

/// What the names of temporary files begin with.
const TEMPORARY: &str = ".edgewright-";

/// How often a lock file that is being taken away is tried again.
const MOST_TRIES: usize = 100;

/// A held lock: a file that the system frees when its holder dies, and that says who the holder is.
struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock, and tells who held it and was cut off; none where the folder does not even let a lock file be made,
    /// which the run will report itself.
    fn take(path: &Path, now: OffsetDateTime) -> Result<Option<(Self, Option<String>)>, Held> {
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
            let _ = file.set_len(by.len() as u64);
            return Ok(Some((Lock { file, path: path.to_owned() }, cut_off)));
        }
        Self::refused(path, &io::ErrorKind::ResourceBusy.into())
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

#[cfg(unix)]
mod platform {
    use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::path::Path;

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
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
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
}

#[cfg(not(unix))]
mod platform {
    use std::fs::{self, File, Metadata, OpenOptions};
    use std::io;
    use std::path::Path;

    use crate::plan::Access;

    // Windows keeps a user's data folder to that user by inherited access rules.

    pub fn may_write(folder: &Path) -> io::Result<()> {
        if fs::metadata(folder)?.permissions().readonly() {
            Err(io::ErrorKind::PermissionDenied.into())
        } else {
            Ok(())
        }
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

    pub fn temporary(_: Access) -> tempfile::Builder<'static, 'static> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(super::TEMPORARY);
        builder
    }

    pub fn sync(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub fn is_still_at(_: &File, _: &Path) -> bool {
        true
    }

    pub fn who_else_may_change(_: &Path) -> Option<String> {
        None
    }
}
