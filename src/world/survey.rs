//! What there is, worked out once for every disk.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use time::OffsetDateTime;

use crate::edge::{Purpose, Usage};
use crate::home::layout::{
    ANSWERS, BEFORE, CERTIFICATE, CHAIN, FULLCHAIN, HOME_ID, JOURNAL, KEY, LOCK, PAIR_PURPOSE, PAIRS, REQUEST,
    REQUEST_PURPOSE, REQUESTS, TODO, is_in_another,
};
use crate::home::{Entry, Facts, Found, Journal, KeyLeft, Names, Owner, Pair, PathState, PendingRequest, Ticks, User};
use crate::pki::holds_key;
use crate::pki::request::{is_for, kind_of, public_key_of};
use crate::system::{About, Disk, Kind};
use crate::text::{Message, say};

use super::LARGEST_TEXT;

/// Files larger than this are not ours to compare; nothing this program writes comes near it.
pub const MAX_COMPARED: u64 = 16 << 20;

/// What is known of a machine besides what its disk holds.
#[derive(Debug, Clone, Default)]
pub struct Host {
    /// The machine's own name; empty where it has none.
    pub machine_id: String,
    /// Who we are, where the platform has users by number.
    pub user: Option<User>,
    /// What users and groups are called.
    pub names: Arc<Names>,
    /// The person's own folder.
    pub person: Option<PathBuf>,
    /// Absolute path of this program.
    pub program: Option<PathBuf>,
    /// Other home folders of the person at this machine that hold requests.
    pub other_homes: Vec<PathBuf>,
    /// Why the home folder must not be trusted with keys.
    pub home_unsafe: Option<String>,
    /// Who else is working in the home folder.
    pub busy: Option<String>,
}

/// A disk, and where on it the home folder is.
pub struct Survey<'a> {
    /// The disk.
    pub disk: &'a dyn Disk,
    /// The home folder, absolute.
    pub home: &'a Path,
    /// Folder that relative paths are relative to, absolute.
    pub base: &'a Path,
    /// Now.
    pub now: OffsetDateTime,
}

impl Survey<'_> {
    /// What the home folder holds.
    #[must_use]
    pub fn home(&self, host: Host) -> Facts {
        let nothing = Facts::unseen(self.home, self.base, self.now);
        let mut facts = Facts { path_states: BTreeMap::new(), ..nothing };
        let (journal, journal_fault) = self.journal();
        facts.journal = journal;
        let answers = self.disk.content(&self.home.join(ANSWERS), 1).err().filter(|error| !is_absence(error));
        let (ticks, ticks_fault) = self.ticks();
        facts.ticks = ticks;
        let answers = answers.map(|error| why_unread(&error));
        let unreadable = [(JOURNAL, journal_fault), (ANSWERS, answers), (TODO, ticks_fault)];
        facts.unreadable =
            unreadable.into_iter().filter_map(|(name, reason)| Some((self.home.join(name), reason?))).collect();
        let home_id = self.text_in(self.home, HOME_ID).unwrap_or_default();
        facts.owner = Owner::new(home_id.trim(), &host.machine_id, self.home);
        let link = |usage: Usage| Some((usage.link(), self.disk.leads(&self.home.join(usage.link())).ok()?));
        facts.links = Usage::ALL.into_iter().filter_map(link).collect();
        facts.kept = self.names_in(&self.home.join(BEFORE));
        facts.home_unreadable = ["", REQUESTS, PAIRS].iter().find_map(|folder| self.unreadable(folder));
        self.requests_and_pairs(&mut facts);
        let Host { user, names, person, program, other_homes, home_unsafe, busy, .. } = host;
        facts.program = program.unwrap_or(facts.program);
        Facts { person, home_unsafe, user, names, busy, other_homes, ..facts }
    }

    fn requests_and_pairs(&self, facts: &mut Facts) {
        let (requests, pairs) = (self.numbered(REQUESTS), self.numbered(PAIRS));
        facts.pairs = pairs.iter().map(|(number, folder)| self.pair(*number, folder)).collect();
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
        let is_read = |number: u32| facts.requests.iter().any(|request| request.number == number);
        let (asked, unused): (Vec<_>, Vec<_>) = waiting.iter().partition(|(_, folder)| self.has_request(folder));
        let keyless = asked.iter().map(|(number, _)| **number).filter(|number| !is_read(*number));
        facts.requests_keyless = keyless.collect();
        let was_asked = |folder: &Path| self.text_in(folder, REQUEST_PURPOSE).is_some();
        facts.requests_missing =
            unused.iter().filter(|(_, folder)| was_asked(folder)).map(|(number, _)| **number).collect();
        facts.keys_open = unused.iter().filter_map(|(_, folder)| self.key_open(folder)).collect();
        let keys = requests.values().filter(|folder| self.has_request(folder)).chain(pairs.values());
        facts.keys_exposed = keys.filter_map(|folder| self.key_open(folder)).collect();
        let keys = requests.values().chain(pairs.values()).map(|folder| folder.join(KEY));
        facts.keys_shared = keys.filter(|key| self.disk.about(key).is_ok_and(|key| key.has_second_name)).collect();
        facts.keys_left =
            unused.iter().filter_map(|(number, folder)| self.key_left(**number, folder, &facts.pairs)).collect();
    }

    /// Adds the places in `wanted`, with all the folders above those in the home folder.
    pub fn places(&self, facts: &mut Facts, wanted: &[PathBuf]) {
        let links = Usage::ALL.map(Usage::link);
        let ours = [JOURNAL, LOCK, BEFORE].iter().chain(&links).map(|name| self.home.join(name)).collect::<Vec<_>>();
        let places = || wanted.iter().chain(&ours).map(PathBuf::as_path);
        let folders = places().filter(|path| path.starts_with(self.home)).flat_map(|path| path.ancestors().skip(1));
        // Many files come into one folder.
        let (mut barred, mut real) = (BTreeMap::new(), BTreeMap::new());
        for path in wanted {
            let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { continue };
            let place = real.entry(folder).or_insert_with(|| self.disk.real(folder)).join(name);
            if place != *path {
                facts.real.insert(path.clone(), place);
            }
        }
        for path in places().chain(folders) {
            if let Ok(to) = self.disk.leads(path) {
                facts.leads.insert(path.to_owned(), to);
            }
            facts.path_states.entry(path.to_owned()).or_insert_with(|| {
                let (found, about) = self.found(path);
                let barred = if found == Found::Folder {
                    self.disk.may_write(path).err().map(|error| error.to_string())
                } else {
                    // Up to and in the home folder, missing folders are made; elsewhere they are not.
                    let are_made = path.starts_with(self.home) || self.home.starts_with(path);
                    barred.entry((path.parent(), are_made)).or_insert_with(|| self.barred_from(path, are_made)).clone()
                };
                let unwritable = barred.map(|reason| say("reason-system").with("reason", reason));
                let unwritable =
                    unwritable.or_else(|| self.of_others(path, facts.real.get(path).map_or(path, PathBuf::as_path)));
                let (mode, owner) = (about.and_then(|about| about.mode), about.and_then(|about| about.owner));
                PathState { found, unwritable, mode, owner }
            });
        }
    }

    /// Why nothing should be put at `path` outside the home folder, which really is at `place`: it is in another home folder,
    /// or others could lead it elsewhere meanwhile. The way to the home folder is judged by itself.
    fn of_others(&self, path: &Path, place: &Path) -> Option<Message> {
        if path.starts_with(self.home) || self.home.starts_with(path) {
            return None;
        }
        if is_in_another(place, self.home, |file| self.disk.about(file).is_ok()) {
            return Some(say("reason-taken"));
        }
        Some(say("reason-steered").with("who", self.disk.steered_by(path.parent()?)?))
    }

    /// What is in `folder` of the home folder under a number, as this program writes numbers.
    fn numbered(&self, folder: &str) -> BTreeMap<u32, PathBuf> {
        let folder = self.home.join(folder);
        let names = self.disk.names_in(&folder).unwrap_or_default();
        let numbered = names.into_iter().filter_map(|name| {
            let number: u32 = name.to_str()?.parse().ok()?;
            (number.to_string().as_str() == name).then(|| (number, folder.join(name)))
        });
        numbered.collect()
    }

    /// Why `folder` of the home folder cannot be looked into, if it is there.
    fn unreadable(&self, folder: &str) -> Option<String> {
        let place = if folder.is_empty() { self.home.to_owned() } else { self.home.join(folder) };
        let error = self.disk.names_in(&place).err()?;
        // A link that leads nowhere is no free place.
        let nearest = place.ancestors().find(|above| self.disk.about(above).is_ok());
        let is_free =
            error.kind() == io::ErrorKind::NotFound && nearest.is_none_or(|above| self.disk.is_folder(above).is_ok());
        (!is_free).then(|| error.to_string())
    }

    /// The journal, and why it cannot be read.
    fn journal(&self) -> (Journal, Option<Message>) {
        match self.disk.content(&self.home.join(JOURNAL), MAX_COMPARED + 1) {
            Ok(content) if content.len() as u64 > MAX_COMPARED => {
                (Journal::default(), Some(why_unread(&io::ErrorKind::FileTooLarge.into())))
            }
            Ok(content) => (Journal::read(&String::from_utf8_lossy(&content)), None),
            Err(error) if is_absence(&error) => (Journal::default(), None),
            Err(error) => (Journal::default(), Some(why_unread(&error))),
        }
    }

    /// Which steps are ticked, and why that cannot be read.
    fn ticks(&self) -> (Ticks, Option<Message>) {
        match self.disk.content(&self.home.join(TODO), LARGEST_TEXT) {
            Ok(content) => match str::from_utf8(&content).ok().and_then(Ticks::read) {
                Some(ticks) => (ticks, None),
                None => (Ticks::default(), Some(say("reason-damaged"))),
            },
            Err(error) => (Ticks::default(), (!is_absence(&error)).then(|| why_unread(&error))),
        }
    }

    /// The request in `folder`, if its key is there too and is the one it was made for: another would be no use when the
    /// certificate comes.
    fn pending(&self, number: u32, folder: &Path) -> Option<PendingRequest> {
        let pem = self.text_in(folder, REQUEST)?;
        let (key, _) = self.disk.key(&folder.join(KEY)).ok()?;
        let purpose = self.text_in(folder, REQUEST_PURPOSE).and_then(|json| Purpose::read(&json));
        let made = self.disk.about(&folder.join(REQUEST)).ok().and_then(|about| about.modified);
        let made = purpose.as_ref().map(|purpose| purpose.made).or(made).unwrap_or(self.now);
        // Of a key under a passphrase nobody can say whose it is before it is opened.
        (key.is_encrypted() || is_for(&pem, &key)).then_some(PendingRequest { number, pem, made, purpose })
    }

    /// The certificate in `folder`, and whether everything beside it fits.
    fn pair(&self, number: u32, folder: &Path) -> Pair {
        let text = |name: &str| {
            let content = self.disk.content(&folder.join(name), LARGEST_TEXT).ok()?;
            String::from_utf8(content.to_vec()).ok()
        };
        let files = [CERTIFICATE, CHAIN, FULLCHAIN].map(text);
        let key = self.own_key(folder);
        let purpose = self.text_in(folder, PAIR_PURPOSE).and_then(|json| Purpose::read(&json));
        Pair { purpose, ..Pair::of(number, files, key.as_ref().and_then(public_key_of)) }
    }

    /// The key in `folder`, if no request was made with it and it is ours alone: a run was cut off between the two. A copy
    /// of the key of a pair, for a renewal that keeps it, is none: it is no new key.
    fn key_left(&self, number: u32, folder: &Path, pairs: &[Pair]) -> Option<KeyLeft> {
        let is_folder = self.disk.about(folder).is_ok_and(|about| about.kind == Kind::Folder);
        let key = is_folder.then(|| self.own_key(folder))??;
        let public_key = public_key_of(&key)?;
        let is_used = pairs.iter().any(|pair| pair.has_key(&public_key));
        if is_used {
            return None;
        }
        Some(KeyLeft { number, kind: kind_of(&key)?, public_key })
    }

    /// The key in `folder`, if it is its owner's alone.
    fn own_key(&self, folder: &Path) -> Option<crate::pki::PrivateKey> {
        let (key, is_own) = self.disk.key(&folder.join(KEY)).ok()?;
        is_own.then_some(key)
    }

    /// The key in `folder`, if others may read it.
    fn key_open(&self, folder: &Path) -> Option<PathBuf> {
        let key = folder.join(KEY);
        let about = self.disk.about(&key).ok()?;
        let is_open = about.mode.is_some_and(|mode| mode & 0o077 != 0);
        (about.kind == Kind::File && is_open).then_some(key)
    }

    /// Whether there is a request in `folder`, of whatever kind.
    fn has_request(&self, folder: &Path) -> bool {
        self.found(&folder.join(REQUEST)).0 != Found::Nothing
    }

    /// The text of a file in `folder`, if there is one.
    fn text_in(&self, folder: &Path, name: &str) -> Option<String> {
        match self.found(&folder.join(name)).0 {
            Found::File(content) => String::from_utf8(content).ok(),
            _ => None,
        }
    }

    /// The names of what is in `folder`.
    fn names_in(&self, folder: &Path) -> BTreeSet<String> {
        let names = self.disk.names_in(folder).unwrap_or_default();
        names.into_iter().filter_map(|name| name.into_string().ok()).collect()
    }

    /// What is at `path`, in two ways.
    fn found(&self, path: &Path) -> (Found, Option<About>) {
        let about = match self.disk.about(path) {
            Err(error) => return (if is_absence(&error) { Found::Nothing } else { Found::Other }, None),
            Ok(about) => about,
        };
        let found = match about.kind {
            Kind::Folder => Found::Folder,
            Kind::Link => Found::Link,
            // A key is looked at, not read.
            Kind::File if path.file_name().is_some_and(|name| name == KEY) => Found::Key,
            Kind::File if about.size <= MAX_COMPARED => self.file_at(path),
            Kind::File | Kind::Other => Found::Other,
        };
        (found, Some(about))
    }

    /// The file at `path`; of one with a private key in it nothing stays in memory.
    fn file_at(&self, path: &Path) -> Found {
        match self.disk.content(path, MAX_COMPARED) {
            Ok(content) if holds_key(&content) => Found::Key,
            Ok(mut content) => Found::File(std::mem::take(&mut *content)),
            Err(_) => Found::Other,
        }
    }

    /// Why nothing can be put at `path`, if so; missing folders count where they are made.
    fn barred_from(&self, path: &Path, are_made: bool) -> Option<String> {
        let mut folders = path.ancestors().skip(1);
        // A link that leads nowhere is there too, and in the way.
        let is_there = |folder: &&Path| !are_made || self.disk.about(folder).is_ok();
        let folder = folders.find(is_there).unwrap_or(Path::new("/"));
        let may_write = |is_folder| {
            if is_folder { self.disk.may_write(folder) } else { Err(io::ErrorKind::NotADirectory.into()) }
        };
        self.disk.is_folder(folder).and_then(may_write).err().map(|error| error.to_string())
    }
}

/// Whether an error says that nothing is there.
pub fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
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
