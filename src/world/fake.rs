//! A world in memory that fails or stops where a test says so.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::model::request::{generate_key, kind_of, public_key_of};
use crate::model::{
    Certificate, Facts, Found, Journal, KeyKind, KeyLeft, Owner, Pair, PendingRequest, PrivateKey, Purpose, Spot, Usage,
};
use crate::plan::{Access, BEFORE, HOME_ID, JOURNAL, holds_key};

use super::{Held, World};

/// What happens at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// That call fails with this error; the next ones work.
    Fails(io::ErrorKind),
    /// The machine stops before that call: nothing works any more.
    Stops,
}

/// A disk in memory.
#[derive(Debug, Clone)]
pub struct FakeWorld {
    home: PathBuf,
    /// What its clock shows; it stands still.
    pub now: OffsetDateTime,
    /// Every file and folder (`None`) there is.
    pub disk: BTreeMap<PathBuf, Option<Vec<u8>>>,
    /// Every symbolic link, and where it leads.
    pub links: BTreeMap<PathBuf, PathBuf>,
    /// The roots that it believes.
    pub trusted: Arc<[Certificate]>,
    /// How many writing calls there were.
    pub calls: usize,
    /// Which call meets which trouble, counted from 1.
    pub trouble: Option<(usize, Trouble)>,
    /// The kinds of keys that were made, ahead or not, in order.
    pub keys_made: Vec<KeyKind>,
    /// The key that waits, as good as made.
    pub key_ahead: Option<KeyKind>,
    /// The folder that is being made whole, and its files.
    staged: Option<(PathBuf, BTreeMap<PathBuf, Vec<u8>>)>,
    /// What is on the disk for good: what a dead machine would find again.
    pub settled: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

impl FakeWorld {
    /// An empty disk on which it is `now`.
    #[must_use]
    pub fn new(home: &Path, now: OffsetDateTime) -> Self {
        FakeWorld {
            home: home.to_owned(),
            now,
            disk: BTreeMap::new(),
            links: BTreeMap::new(),
            trusted: Arc::new([]),
            calls: 0,
            trouble: None,
            keys_made: Vec::new(),
            key_ahead: None,
            staged: None,
            settled: BTreeMap::new(),
        }
    }

    fn call(&mut self) -> io::Result<()> {
        self.calls += 1;
        match self.trouble {
            Some((at, Trouble::Fails(kind))) if at == self.calls => Err(kind.into()),
            Some((at, Trouble::Stops)) if at <= self.calls => Err(io::Error::other("the machine stopped")),
            _ => Ok(()),
        }
    }

    fn requests(&self) -> Vec<PendingRequest> {
        let folder = self.home.join("requests");
        let requests = self.disk.iter().filter_map(|(path, content)| {
            let number = path.parent()?.file_name()?.to_str()?.parse().ok()?;
            let is_request = path.starts_with(&folder) && path.ends_with("request.pem");
            let pem = String::from_utf8(content.clone()?).ok()?;
            (is_request && self.disk.contains_key(&path.with_file_name("key.pem"))).then_some(PendingRequest {
                number,
                pem,
                made: self.now,
                purpose: self.purpose(&path.with_file_name("request.json")),
            })
        });
        requests.collect()
    }
}

impl FakeWorld {
    fn pairs(&self) -> Vec<Pair> {
        let folder = self.home.join("pairs");
        let folders = self.disk.iter().filter(|(path, content)| content.is_none() && path.parent() == Some(&folder));
        let pair = |path: &PathBuf| {
            let files = ["cert.pem", "chain.pem", "fullchain.pem"].map(|name| self.read(&path.join(name)).ok());
            let key = self.read_key(&path.join("key.pem")).ok();
            let pair = Pair::of(path.file_name()?.to_str()?.parse().ok()?, files, key.as_ref().and_then(public_key_of));
            Some(Pair { purpose: self.purpose(&path.join("pair.json")), ..pair })
        };
        folders.filter_map(|(path, _)| pair(path)).collect()
    }

    fn purpose(&self, path: &Path) -> Option<Purpose> {
        Purpose::read(&self.read(path).ok()?)
    }

    fn is_staged(&self, path: &Path) -> bool {
        self.staged.as_ref().is_some_and(|(folder, _)| path.starts_with(folder))
    }

    fn keys_left(&self, pairs: &[Pair]) -> Vec<KeyLeft> {
        let alone = self.disk.keys().filter(|path| {
            path.starts_with(self.home.join("requests"))
                && path.ends_with("key.pem")
                && !self.disk.contains_key(&path.with_file_name("request.pem"))
        });
        let left = alone.filter_map(|path| {
            let number = path.parent()?.file_name()?.to_str()?.parse().ok()?;
            let key = self.read_key(path).ok()?;
            let public_key = public_key_of(&key)?;
            let is_new = !pairs.iter().any(|pair| pair.has_key(&public_key));
            is_new.then_some(KeyLeft { number, kind: kind_of(&key)? })
        });
        left.collect()
    }
}

impl World for FakeWorld {
    fn look_home(&self) -> Facts {
        let mut facts = Facts::unseen(&self.home, &self.home, self.now);
        let home_id = self.read(&self.home.join(HOME_ID)).unwrap_or_default();
        facts.owner = Owner::new(home_id.trim(), "machine", &self.home);
        facts.pairs = self.pairs();
        let is_whole =
            |request: &PendingRequest| facts.pairs.iter().any(|pair| pair.number == request.number && pair.is_whole);
        (facts.answered, facts.requests) = self.requests().into_iter().partition(is_whole);
        let link = |usage: Usage| Some((usage.link(), self.links.get(&self.home.join(usage.link()))?.clone()));
        facts.links = Usage::ALL.into_iter().filter_map(link).collect();
        let kept = self.disk.keys().filter_map(|path| path.strip_prefix(self.home.join(BEFORE)).ok()?.to_str());
        facts.kept = kept.map(str::to_owned).collect();
        facts.journal = Journal::read(&self.read(&self.home.join(JOURNAL)).unwrap_or_default());
        facts.keys_left = self.keys_left(&facts.pairs);
        let numbers = self.disk.keys().filter_map(|path| {
            let path = path.strip_prefix(&self.home).ok()?;
            let path = path.strip_prefix("requests").or_else(|_| path.strip_prefix("pairs")).ok()?;
            path.components().next()?.as_os_str().to_str()?.parse().ok()
        });
        facts.next_number = numbers.max().map_or(1, |last: u32| last + 1);
        facts
    }

    fn look_at(&self, facts: &mut Facts, wanted: &[PathBuf]) {
        let ours = [self.home.join(BEFORE)];
        for path in wanted.iter().chain(&ours).flat_map(|path| path.ancestors()) {
            let found = match self.disk.get(path) {
                // The disk begins at the home folder; what it stands on is there.
                None if self.links.contains_key(path) => Found::Link,
                None if *path != self.home && self.home.starts_with(path) => Found::Folder,
                None => Found::Nothing,
                Some(None) => Found::Folder,
                Some(Some(content)) if holds_key(content) => Found::Key,
                Some(Some(content)) => Found::File(content.clone()),
            };
            let mode = matches!(found, Found::Folder).then_some(0o700);
            facts.spots.insert(path.to_owned(), Spot { found, unwritable: None, mode });
        }
    }

    fn complete(&self, start: &str) -> Vec<String> {
        let paths = self.disk.keys().map(|path| path.to_string_lossy().into_owned());
        paths.filter(|path| path.starts_with(start)).collect()
    }

    fn now(&self) -> OffsetDateTime {
        self.now
    }

    fn lock(&mut self) -> Result<(), Held> {
        Ok(())
    }

    fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        self.call()?;
        self.disk.insert(path.to_owned(), None);
        Ok(())
    }

    fn stage(&mut self, folder: &Path) -> io::Result<()> {
        self.call()?;
        self.staged = Some((folder.to_owned(), BTreeMap::new()));
        Ok(())
    }

    fn publish(&mut self) -> io::Result<()> {
        self.call()?;
        let (folder, files) = self.staged.take().ok_or(io::ErrorKind::NotFound)?;
        if self.disk.contains_key(&folder) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.disk.insert(folder, None);
        self.disk.extend(files.into_iter().map(|(path, content)| (path, Some(content))));
        Ok(())
    }

    fn unstage(&mut self) {
        self.staged = None;
    }

    fn owner(&mut self) -> io::Result<Owner> {
        let place = self.home.join(HOME_ID);
        if !self.disk.contains_key(&place) {
            self.call()?;
            self.disk.insert(place, Some(b"home\n".to_vec()));
        }
        Ok(Owner::new("home", "machine", &self.home))
    }

    fn create(&mut self, path: &Path, content: &[u8], _: Access) -> io::Result<()> {
        self.call()?;
        if self.is_staged(path) {
            let files = self.staged.as_mut().map(|(_, files)| files);
            files.map(|files| files.insert(path.to_owned(), content.to_vec()));
            return Ok(());
        }
        if self.disk.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.disk.insert(path.to_owned(), Some(content.to_vec()));
        Ok(())
    }

    fn replace(&mut self, path: &Path, content: &[u8], _: Access) -> io::Result<()> {
        self.call()?;
        self.disk.insert(path.to_owned(), Some(content.to_vec()));
        Ok(())
    }

    fn link(&mut self, path: &Path, to: Option<&Path>) -> io::Result<()> {
        self.call()?;
        match to {
            Some(to) => self.links.insert(path.to_owned(), to.to_owned()),
            None => self.links.remove(path),
        };
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.call()?;
        self.disk.remove(path).map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn settle(&mut self) -> io::Result<()> {
        self.call()?;
        self.settled.clone_from(&self.disk);
        Ok(())
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        let content = self.disk.get(path).cloned().flatten().ok_or(io::ErrorKind::NotFound)?;
        String::from_utf8(content).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    fn read_sent(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        Ok(Zeroizing::new(self.disk.get(path).cloned().flatten().ok_or(io::ErrorKind::NotFound)?))
    }

    fn trust(&self) -> Arc<[Certificate]> {
        Arc::clone(&self.trusted)
    }

    fn append(&mut self, path: &Path, line: &str) -> io::Result<()> {
        self.call()?;
        let content = self.disk.entry(path.to_owned()).or_insert_with(|| Some(Vec::new()));
        if let Some(content) = content {
            content.extend_from_slice(format!("{line}\n").as_bytes());
        }
        Ok(())
    }

    fn read_key(&self, path: &Path) -> io::Result<PrivateKey> {
        let staged = self.staged.as_ref().and_then(|(_, files)| files.get(path)).cloned();
        let content = staged.or_else(|| self.disk.get(path).cloned().flatten()).ok_or(io::ErrorKind::NotFound)?;
        Ok(PrivateKey::from_pem(String::from_utf8_lossy(&content).into_owned()))
    }

    fn close_key(&mut self, _: &Path) -> io::Result<()> {
        self.call()
    }

    fn make_key_ahead(&mut self, kind: Option<KeyKind>) {
        if kind != self.key_ahead {
            self.keys_made.extend(kind);
            self.key_ahead = kind;
        }
    }

    fn make_key(&mut self, kind: KeyKind, _: &dyn Fn() -> bool) -> Result<Option<PrivateKey>, String> {
        self.make_key_ahead(Some(kind));
        self.key_ahead = None;
        generate_key(kind).map(Some)
    }
}
