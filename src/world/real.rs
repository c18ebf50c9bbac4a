//! The machine itself.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use tempfile::{NamedTempFile, TempDir};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::edge::Server;
use crate::home::Layout;
use crate::home::{Facts, Owner};
use crate::pki::digest::hex;
use crate::pki::{Certificate, KeyKind, MAX_OFFER, PrivateKey};
use crate::plan::Access;

use super::clock::{moment, now};
use super::disk::{About, Disk, Kind};
use super::keys::Keys;
use super::lock::Lock;
use super::reading::{open_file, read_file};
use super::survey::{Host, Survey, is_absence};
use super::tidy::{take_away, tidy};
use super::{Held, PlannedFile, World, platform, read_own};

/// Files larger than this are not ours to compare; nothing this program writes comes near it.
const MAX_COMPARED: u64 = 16 << 20;

/// The machine itself.
pub struct RealWorld {
    home: PathBuf,
    base: PathBuf,
    lock: Option<Lock>,
    cut_off: Option<String>,
    keys: Keys,
    trust: OnceLock<Arc<[Certificate]>>,
    /// Files on the disk that are still to be put in their places, with what they hold and for whom.
    prepared: BTreeMap<PathBuf, (NamedTempFile, PlannedFile)>,
    /// The file that lines were added to last, until what was done is settled.
    appended: Option<(PathBuf, File)>,
    /// Files and folders whose change may still be lost with the machine.
    unsettled: BTreeSet<PathBuf>,
    /// The folder that is being made whole, and where its files are meanwhile.
    staged: Option<(PathBuf, TempDir)>,
    /// What `home-id` says, once it was needed.
    home_id: Option<String>,
    /// Whether nobody else can change the home folder, which then stays so.
    is_proved: bool,
}

impl RealWorld {
    /// The machine, with this home folder and this folder for relative paths; both absolute.
    #[must_use]
    pub fn new(home: PathBuf, base: PathBuf) -> Self {
        RealWorld {
            home,
            base,
            lock: None,
            cut_off: None,
            keys: Keys::default(),
            trust: OnceLock::new(),
            prepared: BTreeMap::new(),
            appended: None,
            unsettled: BTreeSet::new(),
            staged: None,
            home_id: None,
            is_proved: false,
        }
    }

    fn survey(&self) -> Survey<'_> {
        Survey { disk: self, home: &self.home, base: &self.base, now: self.now() }
    }

    /// Proves, before anything is written to `path`, that what was looked at is still so: nobody else can change the home
    /// folder, or lead the way to it elsewhere.
    fn prove(&mut self, path: &Path) -> io::Result<()> {
        if self.is_proved || !path.starts_with(&self.home) {
            return Ok(());
        }
        self.is_proved = platform::is_ours(&self.home);
        if self.is_proved { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    /// A file that is on its way to the disk.
    fn begin(&self, file: &PlannedFile) -> io::Result<NamedTempFile> {
        // Folders still to be made will be on the same disk as the one they are made in.
        let folder = file.path.ancestors().skip(1).find(|folder| folder.is_dir());
        let folder = folder.filter(|folder| folder.starts_with(&self.home)).ok_or(io::ErrorKind::NotFound)?;
        let begun = unsynced(folder, file.content.as_bytes(), file.access)?;
        platform::start_writing(begun.as_file());
        Ok(begun)
    }

    /// Has `persist` put a complete file in its place.
    fn put(
        &mut self,
        path: &Path,
        content: &[u8],
        access: Access,
        persist: impl Fn(NamedTempFile, &Path) -> io::Result<()>,
    ) -> io::Result<()> {
        self.prove(path)?;
        let place = self.at(path);
        let prepared = self.prepared.remove(path);
        let prepared =
            prepared.filter(|(_, planned)| planned.content.as_bytes() == content && planned.access == access);
        let is_there = prepared.is_some_and(|(file, _)| {
            self.unsettled.insert(folder_of(file.path()).to_owned());
            persist(file, &place).is_ok()
        });
        // What cannot be moved there after all is written there.
        if !is_there {
            persist(written(&place, content, access)?, &place)?;
        }
        // A folder that is made whole is brought to the disk when it is put in its place.
        if place == path {
            self.unsettled.insert(folder_of(path).to_owned());
        }
        Ok(())
    }

    fn open_to_append(&mut self, path: &Path) -> io::Result<File> {
        self.prove(path)?;
        let is_torn = !ends_line(path)?;
        let is_new = !path.exists();
        let open = || platform::private(OpenOptions::new().append(true).create(true)).open(path);
        let mut file = open()?;
        // A backup of hard links keeps what it has: the file becomes our own first.
        if !platform::has_one_name(&file.metadata()?) {
            self.replace(path, &fs::read(path)?, Access::Private)?;
            file = open()?;
        }
        self.unsettled.insert(path.to_owned());
        self.unsettled.extend(is_new.then(|| folder_of(path).to_owned()));
        // A line that a full disk or a dead machine cut short spoils itself only.
        if is_torn {
            file.write_all(b"\n")?;
        }
        Ok(file)
    }

    /// Where `path` is now: below a temporary name while its folder is being made.
    fn at(&self, path: &Path) -> PathBuf {
        let staged =
            self.staged.as_ref().and_then(|(folder, at)| Some(at.path().join(path.strip_prefix(folder).ok()?)));
        staged.unwrap_or_else(|| path.to_owned())
    }

    /// What `home-id` says; it is made where it is not there, and never replaced.
    fn made_home_id(&mut self) -> io::Result<String> {
        let place = Layout::of(&self.home).home_id();
        self.prove(&place)?;
        match read_lossy(&place) {
            Ok(id) => return Ok(id.trim().to_owned()),
            Err(error) if !is_absence(&error) => return Err(error),
            Err(_) => {}
        }
        let id = random_id()?;
        let file = written(&place, format!("{id}\n").as_bytes(), Access::Private)?;
        file.persist_noclobber(&place).map_err(|error| error.error)?;
        self.unsettled.insert(self.home.clone());
        Ok(id)
    }
}

impl Disk for RealWorld {
    fn about(&self, path: &Path) -> io::Result<About> {
        let metadata = fs::symlink_metadata(path)?;
        let kind = match metadata.file_type() {
            kind if kind.is_dir() => Kind::Folder,
            kind if kind.is_symlink() => Kind::Link,
            kind if kind.is_file() => Kind::File,
            _ => Kind::Other,
        };
        Ok(About {
            kind,
            mode: platform::mode(&metadata),
            size: metadata.len(),
            modified: metadata.modified().ok().and_then(moment),
            has_second_name: kind == Kind::File && !platform::has_one_name(&metadata),
        })
    }

    fn is_folder(&self, path: &Path) -> io::Result<bool> {
        Ok(fs::metadata(path)?.is_dir())
    }

    fn names_in(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        platform::names_in(folder)
    }

    fn leads(&self, link: &Path) -> io::Result<PathBuf> {
        fs::read_link(link)
    }

    fn content(&self, file: &Path, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
        read_file(file, most)
    }

    fn key(&self, file: &Path) -> io::Result<(PrivateKey, bool)> {
        let (key, file) = open_key(file)?;
        Ok((key, platform::is_own(&file) && !is_open_file(&file)))
    }

    fn steered_by(&self, folder: &Path) -> Option<String> {
        platform::steered_by(folder)
    }

    fn may_write(&self, folder: &Path) -> io::Result<()> {
        platform::may_write(folder)
    }

    fn real(&self, folder: &Path) -> PathBuf {
        platform::real(folder)
    }
}

impl World for RealWorld {
    fn look_home(&self) -> Facts {
        let is_here = |server: &Server| server.config_path().is_some_and(|path| Path::new(path).exists());
        self.survey().home(Host {
            machine_id: platform::machine_id(),
            program: std::env::current_exe().ok(),
            servers_here: Server::ALL.into_iter().filter(is_here).collect(),
            other_homes: other_homes(&self.home),
            home_unsafe: platform::resolve(&self.home).unsafe_because,
            busy: if self.lock.is_some() { None } else { Lock::holder(&Layout::of(&self.home).lock()) },
        })
    }

    fn look_at(&self, facts: &mut Facts, wanted: &[PathBuf]) {
        self.survey().places(facts, wanted);
    }

    fn complete(&self, start: &str) -> Vec<String> {
        const MOST: usize = 200;
        let cut = start.rfind(std::path::is_separator).map_or(0, |at| at + 1);
        let (folder, begun) = start.split_at(cut);
        let place = self.base.join(folder);
        let names = platform::names_in(&place).unwrap_or_default();
        let mut found: Vec<String> = names
            .into_iter()
            .filter_map(|name| {
                let name = name.into_string().ok().filter(|name| name.starts_with(begun))?;
                let is_folder = place.join(&name).is_dir();
                Some(format!("{folder}{name}{}", if is_folder { std::path::MAIN_SEPARATOR_STR } else { "" }))
            })
            .take(MOST)
            .collect();
        found.sort();
        found
    }

    fn now(&self) -> OffsetDateTime {
        now()
    }

    fn has_randomness(&self) -> io::Result<()> {
        platform::has_randomness()
    }

    fn lock(&mut self) -> Result<(), Held> {
        if self.lock.is_none()
            && self.home.is_dir()
            && self.prove(&self.home.clone()).is_ok()
            && let Some((lock, cut_off)) = Lock::take(&Layout::of(&self.home).lock(), self.now())?
        {
            (self.lock, self.cut_off) = (Some(lock), cut_off);
            tidy(&self.home);
        }
        Ok(())
    }

    fn cut_off(&self) -> Option<&str> {
        self.cut_off.as_deref()
    }

    fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        let is_there = path.is_dir();
        if !is_there {
            if let Some(parent) = path.parent() {
                platform::create_folders(parent)?;
            }
            platform::create_private_folder(path)?;
            self.unsettled.insert(folder_of(path).to_owned());
        }
        self.prove(path)?;
        // Above the home folder, what came there meanwhile is its owner's to close.
        if is_there && path.starts_with(&self.home) { platform::make_private(path) } else { Ok(()) }
    }

    fn prepare(&mut self, files: Vec<PlannedFile>) {
        // What was left over takes room.
        self.prepared.clear();
        if self.prove(&self.home.clone()).is_err() {
            return;
        }
        let ours = files.into_iter().filter(|file| file.path.starts_with(&self.home));
        let begun = ours.map(|file| Ok((file.path.clone(), (self.begin(&file)?, file))));
        let begun = begun.collect::<io::Result<BTreeMap<_, _>>>();
        // Each waits for the disk; what it writes for the first is mostly what the others wait for. Where not all can be
        // had none is kept: on a full disk the first files get the room, and the journal with them.
        let synced = begun.and_then(|begun| {
            begun.values().try_for_each(|(file, ..)| file.as_file().sync_all())?;
            Ok(begun)
        });
        self.prepared = synced.unwrap_or_default();
    }

    fn stage(&mut self, folder: &Path) -> io::Result<()> {
        self.prove(folder)?;
        let at = platform::temporary_folder().tempdir_in(folder_of(folder)).map_err(without_place)?;
        self.staged = Some((folder.to_owned(), at));
        Ok(())
    }

    fn publish(&mut self) -> io::Result<()> {
        let Some((folder, at)) = &self.staged else { return Err(io::ErrorKind::NotFound.into()) };
        platform::sync(at.path())?;
        platform::rename_new(at.path(), folder)?;
        self.unsettled.insert(folder_of(folder).to_owned());
        // It is at its place now, and nothing is at the temporary one.
        self.staged.take().map(|(_, at)| at.keep());
        Ok(())
    }

    fn unstage(&mut self) {
        if let Some((_, at)) = self.staged.take() {
            let _ = take_away(&at.keep());
        }
    }

    fn owner(&mut self) -> io::Result<Owner> {
        let id = match self.home_id.take() {
            Some(id) => id,
            None => self.made_home_id()?,
        };
        self.home_id = Some(id.clone());
        Ok(Owner::new(&id, &platform::machine_id(), &self.home))
    }

    fn create(&mut self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        let new = |file: NamedTempFile, place: &Path| file.persist_noclobber(place).map(drop).map_err(|e| e.error);
        self.put(path, content, access, new)
    }

    fn replace(&mut self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        self.put(path, content, access, |file, place| file.persist(place).map(drop).map_err(|error| error.error))
    }

    fn link(&mut self, path: &Path, to: Option<&Path>) -> io::Result<()> {
        self.prove(path)?;
        match to {
            Some(to) => {
                let mut builder = tempfile::Builder::new();
                let link =
                    builder.prefix(platform::TEMPORARY).make_in(folder_of(path), |place| platform::link(to, place));
                let link = link.map_err(without_place)?.into_temp_path();
                link.persist(path).map_err(|error| error.error)?;
            }
            None => fs::remove_file(path)?,
        }
        self.unsettled.insert(folder_of(path).to_owned());
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.prove(path)?;
        fs::remove_file(path)?;
        self.unsettled.insert(folder_of(path).to_owned());
        Ok(())
    }

    fn settle(&mut self) -> io::Result<()> {
        self.appended = None;
        while let Some(path) = self.unsettled.first() {
            platform::sync(path)?;
            self.unsettled.pop_first();
        }
        Ok(())
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        read_own(path)
    }

    fn read_sent(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        read_file(path, MAX_OFFER as u64 + 1)
    }

    fn trust(&self) -> Arc<[Certificate]> {
        // Read once: it is asked for at every look, and takes a while.
        let roots = self.trust.get_or_init(|| {
            let found = platform::roots();
            found.iter().filter_map(|der| Certificate::read(der)).collect()
        });
        Arc::clone(roots)
    }

    fn append(&mut self, path: &Path, line: &str) -> io::Result<()> {
        let mut file = match self.appended.take() {
            // Somebody may have put another file there.
            Some((appended, file)) if appended == path && platform::is_still_at(&file, path) => file,
            _ => self.open_to_append(path)?,
        };
        file.write_all(format!("{line}\n").as_bytes())?;
        self.appended = Some((path.to_owned(), file));
        Ok(())
    }

    fn read_key(&self, path: &Path) -> io::Result<PrivateKey> {
        let (key, is_own) = self.key(&self.at(path))?;
        if is_own { Ok(key) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    fn close_key(&mut self, path: &Path) -> io::Result<()> {
        // The file that was opened is the one that is looked at and changed, whatever comes to its place.
        let file = platform::not_through_links(OpenOptions::new().read(true)).open(path)?;
        if !platform::is_own(&file) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        platform::make_file_private(&file)?;
        file.sync_all()
    }

    fn make_key_ahead(&mut self, kind: Option<KeyKind>) {
        self.keys.begin(kind);
    }

    fn make_key(&mut self, kind: KeyKind, go_on: &dyn Fn() -> bool) -> Result<Option<PrivateKey>, String> {
        self.keys.make(kind, go_on)
    }
}

/// A text file of this program's own; what is not UTF-8 in it is replaced.
fn read_lossy(path: &Path) -> io::Result<String> {
    let content = read_file(path, MAX_COMPARED + 1)?;
    if content.len() as u64 > MAX_COMPARED {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(String::from_utf8_lossy(&content).into_owned())
}

/// The key at `path`, whoever may read it, and its file.
pub(super) fn open_key(path: &Path) -> io::Result<(PrivateKey, File)> {
    /// Octets of the largest key: an RSA key of 16,384 bits has 12,000.
    const LARGEST_KEY: u64 = 64 << 10;
    let mut options = OpenOptions::new();
    let file = platform::not_through_links(options.read(true)).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > LARGEST_KEY {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // Room for all of it at once: a text that grows leaves its old place uncleared.
    let mut pem = String::with_capacity(usize::try_from(LARGEST_KEY).unwrap_or_default());
    (&file).take(LARGEST_KEY).read_to_string(&mut pem)?;
    Ok((PrivateKey::from_pem(pem), file))
}

/// A name that no other home folder has.
fn random_id() -> io::Result<String> {
    let mut octets = [0; 16];
    let filled = SystemRandom::new().fill(&mut octets);
    filled.map_err(|_| io::Error::other("no random numbers"))?;
    Ok(hex(&octets))
}

/// Whether others than its owner may read the file.
pub(super) fn is_open_file(file: &File) -> bool {
    let mode = file.metadata().ok().filter(Metadata::is_file).and_then(|metadata| platform::mode(&metadata));
    mode.is_some_and(|mode| mode & 0o077 != 0)
}

/// Whether the file at `path`, if any, is empty or ends with a whole line.
fn ends_line(path: &Path) -> io::Result<bool> {
    let mut file = match open_file(path) {
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
    let holds_requests = platform::names_in(&Layout::of(&other).requests()).is_ok_and(|requests| !requests.is_empty());
    if holds_requests && other != home { vec![other] } else { Vec::new() }
}

/// A complete file in `folder`, maybe not yet on the disk, with its mode from birth.
fn unsynced(folder: &Path, content: &[u8], access: Access) -> io::Result<NamedTempFile> {
    let mut file = platform::temporary(access).tempfile_in(folder)?;
    if let Access::Mode(mode) = access {
        // Whatever the umask: it had just these.
        platform::set_mode(file.as_file(), mode)?;
    }
    file.write_all(content)?;
    Ok(file)
}

/// A complete file beside `path`, on the disk, with its mode from birth.
fn written(path: &Path, content: &[u8], access: Access) -> io::Result<NamedTempFile> {
    let written = unsynced(folder_of(path), content, access).and_then(|file| file.as_file().sync_all().map(|()| file));
    written.map_err(without_place)
}

/// The system's error alone: the temporary file's name, which comes with it, tells nobody anything.
fn without_place(error: io::Error) -> io::Error {
    let source = error.get_ref().and_then(std::error::Error::source);
    let code = source.and_then(|source| source.downcast_ref::<io::Error>()).and_then(io::Error::raw_os_error);
    code.map_or(error, io::Error::from_raw_os_error)
}

/// The folder that `path` is in; of a bare name, where the program was started.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_was_prepared_is_put_in_its_place_and_the_rest_is_thrown_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().to_owned();
        let mut world = RealWorld::new(home.clone(), home.clone());
        let file = |name: &str| home.join(name);
        let (same, other, below, unused) = (file("same"), file("other"), file("new/below"), file("unused"));
        let outside = folder.path().with_file_name("outside");
        let planned = |path: &PathBuf| {
            let content = Zeroizing::new("planned".to_owned());
            PlannedFile { path: path.clone(), content, access: Access::Shared }
        };
        world.prepare([&same, &other, &below, &unused, &outside].map(planned).to_vec());
        let is_temporary = |name: &OsString| name.to_string_lossy().starts_with(platform::TEMPORARY);
        let temporary =
            || platform::names_in(&home).expect("a folder").iter().filter(|name| is_temporary(name)).count();
        assert_eq!((temporary(), outside.exists()), (4, false), "only in the home folder");

        world.create(&same, b"planned", Access::Shared).expect("written");
        assert_eq!(temporary(), 3, "it was only renamed");
        world.create(&other, b"another", Access::Private).expect("written");
        world.make_folder(&file("new")).expect("made");
        world.create(&below, b"planned", Access::Shared).expect("written");
        let read = |path: &Path| fs::read_to_string(path).expect("a file");
        assert_eq!([&same, &other, &below].map(|path| read(path)), ["planned", "another", "planned"]);
        assert_eq!(world.about(&other).expect("a file").mode, Some(0o600), "as it was asked for");
        assert_eq!(
            world.create(&same, b"planned", Access::Shared).expect_err("it is there").kind(),
            io::ErrorKind::AlreadyExists
        );

        world.prepare(Vec::new());
        assert_eq!(temporary(), 0);
    }
}
