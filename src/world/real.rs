//! The machine itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use tempfile::{NamedTempFile, TempDir};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zeroize::Zeroizing;

use crate::model::request::{generate_key, hex, is_for, kind_of, public_key_of};
use crate::model::{
    Certificate, Entry, Facts, Found, Journal, KeyKind, KeyLeft, MAX_OFFER, Owner, Pair, PendingRequest, PrivateKey,
    Purpose, Server, Spot, Usage,
};
use crate::plan::{ANSWERS, Access, BEFORE, HOME_ID, JOURNAL, LOCK, RECEIVED, holds_key};
use crate::text::{Message, say};

use super::clock::{moment, now};
use super::reading::{open_file, read_file};
use super::{Held, PlannedFile, World, platform, read_own};

/// Files larger than this are not ours to compare; nothing this program writes comes near it.
const MAX_COMPARED: u64 = 16 << 20;

/// How many contents are kept that were replaced, and how many certificates that were pasted: the newest.
const MOST_REPLACED: usize = 500;
const MOST_RECEIVED: usize = 50;

/// How often somebody who waits for a key is asked whether to go on.
const BETWEEN_ASKING: Duration = Duration::from_millis(50);

/// The machine itself.
pub struct RealWorld {
    home: PathBuf,
    base: PathBuf,
    lock: Option<Lock>,
    cut_off: Option<String>,
    key_ahead: Option<KeyAhead>,
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

/// A key that a thread of its own makes. Whoever drops this gets the key cleared from memory, made or still to be made.
struct KeyAhead {
    kind: KeyKind,
    made: Receiver<Result<PrivateKey, String>>,
}

impl KeyAhead {
    fn of(kind: KeyKind) -> Self {
        let (sender, made) = mpsc::channel();
        // Where no thread can be had, or it dies, nobody sends anything, which is noticed where the key is wanted.
        let _ = thread::Builder::new().spawn(move || sender.send(made_key(kind)).is_ok());
        KeyAhead { kind, made }
    }
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
            key_ahead: None,
            trust: OnceLock::new(),
            prepared: BTreeMap::new(),
            appended: None,
            unsettled: BTreeSet::new(),
            staged: None,
            home_id: None,
            is_proved: false,
        }
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

    /// What is in `folder` of the home folder under a number, as this program writes numbers.
    fn numbered(&self, folder: &str) -> BTreeMap<u32, PathBuf> {
        let folder = self.home.join(folder);
        let names = platform::names_in(&folder).unwrap_or_default();
        let numbered = names.into_iter().filter_map(|name| {
            let number: u32 = name.to_str()?.parse().ok()?;
            (number.to_string().as_str() == name).then(|| (number, folder.join(name)))
        });
        numbered.collect()
    }

    /// Why `folder` of the home folder cannot be looked into, if it is there.
    fn unreadable(&self, folder: &str) -> Option<String> {
        let place = if folder.is_empty() { self.home.clone() } else { self.home.join(folder) };
        let error = platform::names_in(&place).err()?;
        // A link that leads nowhere is no free place.
        let nearest = place.ancestors().find(|above| above.symlink_metadata().is_ok());
        let is_free = error.kind() == io::ErrorKind::NotFound && nearest.is_none_or(Path::exists);
        (!is_free).then(|| error.to_string())
    }

    /// The request in `folder`, if its key is there too and is the one it was made for: another would be no use when the
    /// certificate comes.
    fn pending(&self, number: u32, folder: &Path) -> Option<PendingRequest> {
        let pem = text_in(folder, "request.pem")?;
        let (key, _) = open_key(&folder.join("key.pem")).ok()?;
        let purpose = text_in(folder, "request.json").and_then(|json| Purpose::read(&json));
        let made = fs::metadata(folder.join("request.pem")).and_then(|metadata| metadata.modified());
        let made = made.ok().and_then(moment).unwrap_or_else(|| self.now());
        let made = purpose.as_ref().map_or(made, |purpose| purpose.made);
        // Of a key under a passphrase nobody can say whose it is before it is opened.
        (key.is_encrypted() || is_for(&pem, &key)).then_some(PendingRequest { number, pem, made, purpose })
    }

    /// The certificate in `folder`, and whether everything beside it fits.
    fn pair(&self, number: u32, folder: &Path) -> Pair {
        let files = ["cert.pem", "chain.pem", "fullchain.pem"].map(|name| self.read(&folder.join(name)).ok());
        let key = self.read_key(&folder.join("key.pem")).ok();
        let purpose = text_in(folder, "pair.json").and_then(|json| Purpose::read(&json));
        Pair { purpose, ..Pair::of(number, files, key.as_ref().and_then(public_key_of)) }
    }

    /// The key in `folder`, if no request was made with it and it is ours alone: a run was cut off between the two. A copy
    /// of the key of a pair, for a renewal that keeps it, is none: it is no new key.
    fn key_left(&self, number: u32, folder: &Path, pairs: &[Pair]) -> Option<KeyLeft> {
        let is_alone = found(&folder.join("request.pem")).0 == Found::Nothing;
        let is_folder = fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir());
        let key = (is_alone && is_folder).then(|| self.read_key(&folder.join("key.pem")))?.ok()?;
        let public_key = public_key_of(&key)?;
        let is_used = pairs.iter().any(|pair| pair.has_key(&public_key));
        if is_used {
            return None;
        }
        Some(KeyLeft { number, kind: kind_of(&key)? })
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
        let mut file = platform::private(OpenOptions::new().append(true).create(true)).open(path)?;
        self.unsettled.insert(path.to_owned());
        self.unsettled.extend(is_new.then(|| folder_of(path).to_owned()));
        // A line that a full disk or a dead machine cut short spoils itself only.
        if is_torn {
            file.write_all(b"\n")?;
        }
        Ok(file)
    }

    /// The journal, and why it cannot be read.
    fn journal(&self) -> (Journal, Option<Message>) {
        match read_lossy(&self.home.join(JOURNAL)) {
            Ok(text) => (Journal::read(&text), None),
            Err(error) if is_absence(&error) => (Journal::default(), None),
            Err(error) => (Journal::default(), Some(why_unread(&error))),
        }
    }

    /// Where `path` is now: below a temporary name while its folder is being made.
    fn at(&self, path: &Path) -> PathBuf {
        let staged =
            self.staged.as_ref().and_then(|(folder, at)| Some(at.path().join(path.strip_prefix(folder).ok()?)));
        staged.unwrap_or_else(|| path.to_owned())
    }

    /// What `home-id` says; it is made where it is not there, and never replaced.
    fn made_home_id(&mut self) -> io::Result<String> {
        let place = self.home.join(HOME_ID);
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

impl World for RealWorld {
    fn look_home(&self) -> Facts {
        let mut facts = Facts::unseen(&self.home, &self.base, self.now());
        let (requests, pairs) = (self.numbered("requests"), self.numbered("pairs"));
        let (journal, journal_fault) = self.journal();
        facts.journal = journal;
        let answers = open_file(&self.home.join(ANSWERS)).err().filter(|error| !is_absence(error));
        let unreadable = [(JOURNAL, journal_fault), (ANSWERS, answers.map(|error| why_unread(&error)))];
        facts.unreadable =
            unreadable.into_iter().filter_map(|(name, reason)| Some((self.home.join(name), reason?))).collect();
        let home_id = text_in(&self.home, HOME_ID).unwrap_or_default();
        facts.owner = Owner::new(home_id.trim(), &platform::machine_id(), &self.home);
        facts.busy = if self.lock.is_some() { None } else { Lock::holder(&self.home.join(LOCK)) };
        facts.pairs = pairs.iter().map(|(number, folder)| self.pair(*number, folder)).collect();
        facts.links = links(&self.home);
        facts.kept = names_in(&self.home.join(BEFORE));
        // A number is not used again when its folder is gone.
        let numbers = |entry: &Entry| entry.request().or(entry.pair());
        let journaled = facts.journal.entries.iter().filter_map(numbers);
        let used = requests.keys().chain(pairs.keys()).copied().chain(journaled);
        facts.next_number = used.max().map_or(1, |last| last.saturating_add(1));
        let is_answered = |number: &u32| facts.pairs.iter().any(|pair| pair.number == *number && pair.is_whole);
        let (answered, waiting): (Vec<_>, Vec<_>) = requests.iter().partition(|(number, _)| is_answered(number));
        let read = |(number, folder): &(&u32, &PathBuf)| self.pending(**number, folder);
        facts.answered = answered.iter().filter_map(read).collect();
        facts.requests = waiting.iter().filter_map(read).collect();
        let pending = || waiting.iter();
        let is_read = |number: u32| facts.requests.iter().any(|request| request.number == number);
        let keyless = pending().filter(|(number, folder)| !is_read(**number) && has_request(folder));
        facts.requests_keyless = keyless.map(|(number, _)| **number).collect();
        let unused = pending().filter(|(_, folder)| !has_request(folder));
        facts.keys_open = unused.filter_map(|(_, folder)| key_open(folder)).collect();
        let keys = requests.values().filter(|folder| has_request(folder)).chain(pairs.values());
        facts.keys_exposed = keys.filter_map(|folder| key_open(folder)).collect();
        let keys = requests.values().chain(pairs.values()).map(|folder| folder.join("key.pem"));
        facts.keys_shared = keys.filter(|key| platform::has_second_name(key)).collect();
        facts.keys_left =
            pending().filter_map(|(number, folder)| self.key_left(**number, folder, &facts.pairs)).collect();
        let is_here = |server: &Server| server.config_path().is_some_and(|path| Path::new(path).exists());
        facts.servers_here = Server::ALL.into_iter().filter(is_here).collect();
        facts.home_unsafe = platform::resolve(&self.home).unsafe_because;
        facts.other_homes = other_homes(&self.home);
        facts.home_unreadable = ["", "requests", "pairs"].iter().find_map(|folder| self.unreadable(folder));
        facts.program = std::env::current_exe().unwrap_or(facts.program);
        facts
    }

    fn look_at(&self, facts: &mut Facts, wanted: &[PathBuf]) {
        let links = Usage::ALL.map(Usage::link);
        let ours = [JOURNAL, LOCK, BEFORE].iter().chain(&links).map(|name| self.home.join(name)).collect::<Vec<_>>();
        let places = || wanted.iter().chain(&ours).map(PathBuf::as_path);
        let folders = places().filter(|path| path.starts_with(&self.home)).flat_map(|path| path.ancestors().skip(1));
        // Many files come into one folder.
        let (mut barred, mut real) = (BTreeMap::new(), BTreeMap::new());
        for path in wanted {
            let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { continue };
            let place = real.entry(folder).or_insert_with(|| platform::real(folder)).join(name);
            if place != *path {
                facts.real.insert(path.clone(), place);
            }
        }
        for path in places().chain(folders) {
            facts.spots.entry(path.to_owned()).or_insert_with(|| {
                let (found, mode) = found(path);
                let unwritable = if found == Found::Folder {
                    platform::may_write(path).err().map(|error| error.to_string())
                } else {
                    // Up to and in the home folder, missing folders are made; elsewhere they are not.
                    let are_made = path.starts_with(&self.home) || self.home.starts_with(path);
                    barred.entry((path.parent(), are_made)).or_insert_with(|| barred_from(path, are_made)).clone()
                };
                Spot { found, unwritable, mode }
            });
        }
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
            && let Some((lock, cut_off)) = Lock::take(&self.home.join(LOCK), self.now())?
        {
            (self.lock, self.cut_off) = (Some(lock), cut_off);
            clear(&self.home);
            bound(&self.home.join(BEFORE), MOST_REPLACED);
            bound(&self.home.join(RECEIVED), MOST_RECEIVED);
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
        let (key, file) = open_key(&self.at(path))?;
        if !platform::is_own(&file) || is_open_file(&file) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(key)
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
        if kind != self.key_ahead.as_ref().map(|ahead| ahead.kind) {
            self.key_ahead = kind.map(KeyAhead::of);
        }
    }

    fn make_key(&mut self, kind: KeyKind, go_on: &dyn Fn() -> bool) -> Result<Option<PrivateKey>, String> {
        // A key on a curve is made sooner than a thread to make it.
        if self.key_ahead.is_none() && !kind.is_rsa() {
            return if go_on() { made_key(kind).map(Some) } else { Ok(None) };
        }
        self.make_key_ahead(Some(kind));
        while let Some(ahead) = &self.key_ahead {
            if !go_on() {
                return Ok(None);
            }
            match ahead.made.recv_timeout(BETWEEN_ASKING) {
                Ok(made) => {
                    self.key_ahead = None;
                    return made.map(Some);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => self.key_ahead = None,
            }
        }
        made_key(kind).map(Some)
    }
}

/// A new key, where the system gives what one is made of.
fn made_key(kind: KeyKind) -> Result<PrivateKey, String> {
    platform::has_randomness().map_err(|error| error.to_string())?;
    generate_key(kind)
}

/// Takes away the temporary files that runs cut off have left in the home folder; they may hold a part of a key. Whoever
/// calls this holds the lock of a folder that nobody else can change, so no run is writing them, and links are not
/// followed. What cannot be taken away stays for the next run.
fn clear(home: &Path) {
    /// Folders in folders that this program makes: `out/dns`, `requests/1`.
    const DEEPEST: usize = 2;
    let mut waiting = vec![(home.to_owned(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        for name in platform::names_in(&folder).unwrap_or_default() {
            let path = folder.join(&name);
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            let is_ours = name.to_string_lossy().starts_with(platform::TEMPORARY);
            let _ = match (metadata.is_dir(), is_ours) {
                // A folder that was to be made whole.
                (true, true) => take_away(&path),
                (false, true) => fs::remove_file(path),
                (true, false) if depth < DEEPEST => {
                    waiting.push((path, depth + 1));
                    Ok(())
                }
                _ => Ok(()),
            };
        }
    }
}

/// Takes away the oldest files of a folder that would else grow for ever, all but so many. Only what has a name as this
/// program gives it counts: hexadecimal digits, maybe with `.pem` behind them.
fn bound(folder: &Path, most: usize) {
    let is_ours = |name: &str| {
        let name = name.strip_suffix(".pem").unwrap_or(name);
        name.len() >= 16 && name.bytes().all(|octet| octet.is_ascii_hexdigit())
    };
    let names = platform::names_in(folder).unwrap_or_default().into_iter();
    let ours = names.filter(|name| name.to_str().is_some_and(is_ours)).map(|name| folder.join(name));
    let dated = ours.filter_map(|path| {
        let metadata = fs::symlink_metadata(&path).ok().filter(Metadata::is_file)?;
        Some((metadata.modified().ok()?, path))
    });
    let mut files: Vec<_> = dated.collect();
    files.sort();
    let surplus = files.len().saturating_sub(most);
    for (_, file) in &files[..surplus] {
        let _ = fs::remove_file(file);
    }
}

/// What is at `path`, and its permission bits.
fn found(path: &Path) -> (Found, Option<u32>) {
    let metadata = match fs::symlink_metadata(path) {
        Err(error) => return (if is_absence(&error) { Found::Nothing } else { Found::Other }, None),
        Ok(metadata) => metadata,
    };
    let found = if metadata.is_dir() {
        Found::Folder
    } else if metadata.is_symlink() {
        Found::Link
    } else if metadata.is_file() && metadata.len() <= MAX_COMPARED {
        // A key is looked at, not read.
        if path.file_name().is_some_and(|name| name == "key.pem") { Found::Key } else { file_at(path) }
    } else {
        Found::Other
    };
    (found, platform::mode(&metadata))
}

/// Why nothing can be put at `path`, if so; missing folders count where they are made.
fn barred_from(path: &Path, are_made: bool) -> Option<String> {
    let mut folders = path.ancestors().skip(1);
    // A link that leads nowhere is there too, and in the way.
    let folder = folders.find(|folder| !are_made || folder.symlink_metadata().is_ok()).unwrap_or(Path::new("/"));
    let is_folder = fs::metadata(folder).map(|metadata| metadata.is_dir());
    let may_write =
        |is_folder| if is_folder { platform::may_write(folder) } else { Err(io::ErrorKind::NotADirectory.into()) };
    is_folder.and_then(may_write).err().map(|error| error.to_string())
}

/// The file at `path`; of one with a private key in it nothing stays in memory.
fn file_at(path: &Path) -> Found {
    match read_file(path, MAX_COMPARED) {
        Ok(content) if holds_key(&content) => Found::Key,
        Ok(mut content) => Found::File(std::mem::take(&mut *content)),
        Err(_) => Found::Other,
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

/// Takes away a folder in which there are files only. Not by `std::fs::remove_dir_all`, for the reason of
/// [`platform::names_in`].
fn take_away(folder: &Path) -> io::Result<()> {
    for name in platform::names_in(folder)? {
        fs::remove_file(folder.join(name))?;
    }
    fs::remove_dir(folder)
}

/// Why a file of this program's own was not read.
fn why_unread(error: &io::Error) -> Message {
    match error.kind() {
        io::ErrorKind::FileTooLarge => {
            say("reason-too-large").with("most", usize::try_from(MAX_COMPARED >> 20).unwrap_or_default())
        }
        io::ErrorKind::InvalidInput => say("reason-other"),
        _ => say("reason-system").with("reason", error.to_string()),
    }
}

/// The text of a file in `folder`, if there is one.
fn text_in(folder: &Path, name: &str) -> Option<String> {
    match found(&folder.join(name)).0 {
        Found::File(content) => String::from_utf8(content).ok(),
        _ => None,
    }
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

/// Whether there is a request in `folder`, of whatever kind.
fn has_request(folder: &Path) -> bool {
    found(&folder.join("request.pem")).0 != Found::Nothing
}

/// The names of what is in `folder`.
fn names_in(folder: &Path) -> BTreeSet<String> {
    let names = platform::names_in(folder).unwrap_or_default();
    names.into_iter().filter_map(|name| name.into_string().ok()).collect()
}

/// The key in `folder`, if others may read it.
fn key_open(folder: &Path) -> Option<PathBuf> {
    let key = folder.join("key.pem");
    let metadata = fs::symlink_metadata(&key).ok()?;
    let is_open = platform::mode(&metadata).is_some_and(|mode| mode & 0o077 != 0);
    (metadata.is_file() && is_open).then_some(key)
}

/// Whether others than its owner may read the file.
pub(super) fn is_open_file(file: &File) -> bool {
    let mode = file.metadata().ok().filter(Metadata::is_file).and_then(|metadata| platform::mode(&metadata));
    mode.is_some_and(|mode| mode & 0o077 != 0)
}

/// Where the links to the pairs in use lead.
fn links(home: &Path) -> BTreeMap<&'static str, PathBuf> {
    Usage::ALL
        .into_iter()
        .filter_map(|usage| Some((usage.link(), fs::read_link(home.join(usage.link())).ok()?)))
        .collect()
}

fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
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
    let holds_requests = platform::names_in(&other.join("requests")).is_ok_and(|requests| !requests.is_empty());
    if holds_requests && other != home { vec![other] } else { Vec::new() }
}

/// A complete file in `folder`, maybe not yet on the disk, with its mode from birth.
fn unsynced(folder: &Path, content: &[u8], access: Access) -> io::Result<NamedTempFile> {
    let mut file = platform::temporary(access).tempfile_in(folder)?;
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

/// How often a lock file that is being taken away is tried again.
const MOST_TRIES: usize = 100;
/// How often a lock is tried that somebody holds, and how long after the last time.
const MOST_LOOKS: usize = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

/// A held lock: a file that the system frees when its holder dies, and that says who the holder is.
struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock, and tells who held it and was cut off; none where the folder does not even let a lock file be made,
    /// which the run will report itself.
    fn take(path: &Path, now: OffsetDateTime) -> Result<Option<(Self, Option<String>)>, Held> {
        let mut looks = 0;
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
                // Somebody may only be looking who holds it.
                Err(TryLockError::WouldBlock) if looks < MOST_LOOKS => {
                    looks += 1;
                    thread::sleep(BETWEEN_LOOKS);
                    continue;
                }
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
            if file.metadata().is_ok_and(|metadata| metadata.len() > by.len() as u64) {
                let _ = file.set_len(by.len() as u64);
            }
            return Ok(Some((Lock { file, path: path.to_owned() }, cut_off)));
        }
        Self::refused(path, &io::ErrorKind::ResourceBusy.into())
    }

    /// Who holds the lock; none where nobody does. Nothing is made or changed.
    fn holder(path: &Path) -> Option<String> {
        let mut options = OpenOptions::new();
        let mut file = platform::not_through_links(options.read(true)).open(path).ok()?;
        let mut by = String::new();
        if !file.metadata().is_ok_and(|metadata| metadata.is_file()) || file.read_to_string(&mut by).is_err() {
            return None;
        }
        // What says nothing was not written by a holder.
        let is_held = !by.trim().is_empty() && matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        is_held.then(|| by.trim().to_owned())
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
        let temporary = || names_in(&home).into_iter().filter(|name| name.starts_with(platform::TEMPORARY)).count();
        assert_eq!((temporary(), outside.exists()), (4, false), "only in the home folder");

        world.create(&same, b"planned", Access::Shared).expect("written");
        assert_eq!(temporary(), 3, "it was only renamed");
        world.create(&other, b"another", Access::Private).expect("written");
        world.make_folder(&file("new")).expect("made");
        world.create(&below, b"planned", Access::Shared).expect("written");
        let read = |path: &Path| fs::read_to_string(path).expect("a file");
        assert_eq!([&same, &other, &below].map(|path| read(path)), ["planned", "another", "planned"]);
        assert!(
            !Spot { found: Found::Nothing, unwritable: None, mode: found(&other).1 }.is_open(),
            "as it was asked for"
        );
        assert_eq!(
            world.create(&same, b"planned", Access::Shared).expect_err("it is there").kind(),
            io::ErrorKind::AlreadyExists
        );

        world.prepare(Vec::new());
        assert_eq!(temporary(), 0);
    }
}
