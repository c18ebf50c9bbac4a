//! The machine itself.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::model::request::generate_key;
use crate::model::{Facts, Found, KeyKind, PendingRequest, PrivateKey, Server, Spot};
use crate::plan::{Access, JOURNAL, LOCK};

use super::{Held, World};

/// Files larger than this are not ours to compare; nothing this program writes comes near it.
const MAX_COMPARED: u64 = 16 << 20;

/// The machine itself.
pub struct RealWorld {
    home: PathBuf,
    base: PathBuf,
    lock: Option<Lock>,
}

impl RealWorld {
    /// The machine, with this home folder and this folder for relative paths; both absolute.
    #[must_use]
    pub fn new(home: PathBuf, base: PathBuf) -> Self {
        RealWorld { home, base, lock: None }
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
        facts.next_number = requests.keys().chain(pairs.keys()).max().map_or(1, |last| last + 1);
        let pending = requests.into_iter().filter(|(number, _)| !pairs.contains_key(number));
        facts.requests = pending
            .filter_map(|(number, folder)| {
                let pem = fs::read_to_string(folder.join("request.pem")).ok()?;
                // A request without its key is no use to anybody.
                folder.join("key.pem").exists().then_some(PendingRequest { number, pem })
            })
            .collect();
        let is_here = |server: &Server| server.config_path().is_some_and(|path| Path::new(path).exists());
        facts.servers_here = Server::ALL.into_iter().filter(is_here).collect();
        facts.home_unsafe = platform::who_else_may_change(&self.home);
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
        if self.lock.is_none() && self.home.is_dir() {
            self.lock = Lock::take(&self.home.join(LOCK), self.now())?;
        }
        Ok(())
    }

    fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return platform::make_private(path);
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
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

    fn make_key(&mut self, kind: KeyKind) -> Result<PrivateKey, String> {
        generate_key(kind)
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
    let folder = path.parent().unwrap_or(Path::new("."));
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

/// Puts the entry of `path` in its folder on the disk.
fn sync_folder(path: &Path) -> io::Result<()> {
    platform::sync(path.parent().unwrap_or(Path::new(".")))
}

/// A held lock: a file that the system frees when its holder dies, and that says who the holder is.
struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock; none where the folder does not even let a lock file be made, which the run will report itself.
    fn take(path: &Path, now: OffsetDateTime) -> Result<Option<Self>, Held> {
        loop {
            let mut options = OpenOptions::new();
            let options = platform::private(options.read(true).write(true).create(true).truncate(false));
            // Nobody has looked yet who else may change this folder.
            let options = platform::not_through_links(options);
            let Ok(mut file) = options.open(path) else { return Ok(None) };
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    let mut by = String::new();
                    let _ = file.read_to_string(&mut by);
                    return Err(Held { by: by.trim().to_owned() });
                }
                Err(TryLockError::Error(_)) => return Ok(None),
            }
            // The last holder may have taken the file away between our opening and locking it.
            if !platform::is_still_at(&file, path) {
                continue;
            }
            let since = now.format(&Rfc3339).unwrap_or_default();
            let user = std::env::var("USER").or_else(|_| std::env::var("USERNAME")).unwrap_or_default();
            let _ = file.set_len(0);
            let _ = file.write_all(format!("pid {} {user} {since}\n", std::process::id()).as_bytes());
            return Ok(Some(Lock { file, path: path.to_owned() }));
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

    pub fn make_private(path: &Path) -> io::Result<()> {
        fs::set_permissions(path, Permissions::from_mode(0o700))
    }

    pub fn temporary(access: Access) -> tempfile::Builder<'static, 'static> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".edgewright-").permissions(Permissions::from_mode(match access {
            Access::Private => 0o600,
            Access::Shared => 0o666,
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

    /// Who besides us may change what is in `home`: its owner if that is another, or its group or everybody by its mode or
    /// that of a folder above it.
    pub fn who_else_may_change(home: &Path) -> Option<String> {
        let us = rustix::process::geteuid().as_raw();
        let owner = fs::metadata(home).ok().map(|metadata| metadata.uid()).filter(|uid| *uid != us);
        if let Some(owner) = owner {
            return Some(format!("uid {owner} ({})", home.display()));
        }
        home.ancestors().find_map(|folder| {
            let mode = fs::metadata(folder).ok()?.mode();
            let open = mode & 0o022 != 0 && mode & 0o1000 == 0;
            open.then(|| format!("mode {:04o} ({})", mode & 0o7777, folder.display()))
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

    pub fn make_private(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub fn temporary(_: Access) -> tempfile::Builder<'static, 'static> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".edgewright-");
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
