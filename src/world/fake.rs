//! A world in memory that fails or stops where a test says so.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::model::request::{generate_key, kind_of};
use crate::model::{Facts, Found, KeyKind, KeyLeft, PendingRequest, PrivateKey, Spot};
use crate::plan::Access;

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
    now: OffsetDateTime,
    /// Every file and folder (`None`) there is.
    pub disk: BTreeMap<PathBuf, Option<Vec<u8>>>,
    /// How many writing calls there were.
    pub calls: usize,
    /// Which call meets which trouble, counted from 1.
    pub trouble: Option<(usize, Trouble)>,
    /// The kinds of keys that were made, ahead or not, in order.
    pub keys_made: Vec<KeyKind>,
    /// The key that waits, as good as made.
    pub key_ahead: Option<KeyKind>,
}

impl FakeWorld {
    /// An empty disk on which it is `now`.
    #[must_use]
    pub fn new(home: &Path, now: OffsetDateTime) -> Self {
        FakeWorld {
            home: home.to_owned(),
            now,
            disk: BTreeMap::new(),
            calls: 0,
            trouble: None,
            keys_made: Vec::new(),
            key_ahead: None,
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

    fn pending(&self) -> Vec<PendingRequest> {
        let folder = self.home.join("requests");
        let requests = self.disk.iter().filter_map(|(path, content)| {
            let number = path.parent()?.file_name()?.to_str()?.parse().ok()?;
            let is_request = path.starts_with(&folder) && path.ends_with("request.pem");
            let pem = String::from_utf8(content.clone()?).ok()?;
            (is_request && self.disk.contains_key(&path.with_file_name("key.pem")))
                .then_some(PendingRequest { number, pem })
        });
        requests.collect()
    }
}

impl FakeWorld {
    fn keys_left(&self) -> Vec<KeyLeft> {
        let alone = self
            .disk
            .keys()
            .filter(|path| path.ends_with("key.pem") && !self.disk.contains_key(&path.with_file_name("request.pem")));
        let left = alone.filter_map(|path| {
            let number = path.parent()?.file_name()?.to_str()?.parse().ok()?;
            Some(KeyLeft { number, kind: kind_of(&self.read_key(path).ok()?)? })
        });
        left.collect()
    }
}

impl World for FakeWorld {
    fn look(&self, wanted: &[PathBuf]) -> Facts {
        let mut facts = Facts::unseen(&self.home, &self.home, self.now);
        facts.requests = self.pending();
        facts.keys_left = self.keys_left();
        let numbers = self.disk.keys().filter_map(|path| {
            path.strip_prefix(self.home.join("requests")).ok()?.components().next()?.as_os_str().to_str()?.parse().ok()
        });
        facts.next_number = numbers.max().map_or(1, |last: u32| last + 1);
        for path in wanted.iter().flat_map(|path| path.ancestors()) {
            let found = match self.disk.get(path) {
                // The disk begins at the home folder; what it stands on is there.
                None if *path != self.home && self.home.starts_with(path) => Found::Folder,
                None => Found::Nothing,
                Some(None) => Found::Folder,
                Some(Some(content)) => Found::File(content.clone()),
            };
            let mode = matches!(found, Found::Folder).then_some(0o700);
            facts.spots.insert(path.to_owned(), Spot { found, unwritable: None, mode });
        }
        facts
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

    fn create(&mut self, path: &Path, content: &[u8], _: Access) -> io::Result<()> {
        self.call()?;
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

    fn append(&mut self, path: &Path, line: &str) -> io::Result<()> {
        self.call()?;
        let content = self.disk.entry(path.to_owned()).or_insert_with(|| Some(Vec::new()));
        if let Some(content) = content {
            content.extend_from_slice(format!("{line}\n").as_bytes());
        }
        Ok(())
    }

    fn read_key(&self, path: &Path) -> io::Result<PrivateKey> {
        let content = self.disk.get(path).cloned().flatten().ok_or(io::ErrorKind::NotFound)?;
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
