//! A world that reads for real and only records what it would write.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::model::{Certificate, Entry, Facts, KeyKind, PrivateKey, Usage};
use crate::plan::Access;

use super::{Held, RealWorld, World};

/// Reads for real, records writes, and reads back what it recorded. Keys are made, in memory, so that a request is proved
/// to be possible.
pub struct DryWorld {
    real: RealWorld,
    /// The places that a run would have written to, in order.
    pub written: Vec<PathBuf>,
    /// What they would hold now.
    contents: BTreeMap<PathBuf, Zeroizing<Vec<u8>>>,
    /// Where links would lead now; none for one that is taken away.
    links: BTreeMap<PathBuf, Option<PathBuf>>,
    /// The lines that the journal would have besides.
    lines: String,
}

impl DryWorld {
    /// A dry copy of `real`.
    #[must_use]
    pub fn of(real: RealWorld) -> Self {
        DryWorld { real, written: Vec::new(), contents: BTreeMap::new(), links: BTreeMap::new(), lines: String::new() }
    }

    fn record(&mut self, path: &Path) {
        self.written.push(path.to_owned());
    }
}

impl World for DryWorld {
    /// What is there, with the links and the journal as they would be: what a run does about one that was cut off, it does
    /// before it looks at what is still to be done.
    fn look_home(&self) -> Facts {
        let mut facts = self.real.look_home();
        for link in Usage::ALL.map(Usage::link) {
            match self.links.get(&facts.home.join(link)) {
                Some(Some(to)) => drop(facts.links.insert(link, to.clone())),
                Some(None) => drop(facts.links.remove(link)),
                None => {}
            }
        }
        facts.journal.extend(Entry::read_all(&self.lines));
        facts
    }

    fn look_at(&self, facts: &mut Facts, wanted: &[PathBuf]) {
        self.real.look_at(facts, wanted);
    }

    fn complete(&self, start: &str) -> Vec<String> {
        self.real.complete(start)
    }

    fn now(&self) -> OffsetDateTime {
        self.real.now()
    }

    fn lock(&mut self) -> Result<(), Held> {
        Ok(())
    }

    fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        self.record(path);
        Ok(())
    }

    fn create(&mut self, path: &Path, content: &[u8], access: Access) -> io::Result<()> {
        self.replace(path, content, access)
    }

    fn replace(&mut self, path: &Path, content: &[u8], _: Access) -> io::Result<()> {
        self.record(path);
        self.contents.insert(path.to_owned(), Zeroizing::new(content.to_vec()));
        Ok(())
    }

    fn link(&mut self, path: &Path, to: Option<&Path>) -> io::Result<()> {
        self.record(path);
        self.links.insert(path.to_owned(), to.map(Path::to_owned));
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.record(path);
        self.contents.remove(path);
        Ok(())
    }

    fn settle(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        match self.contents.get(path) {
            Some(content) => String::from_utf8(content.to_vec()).map_err(io::Error::other),
            None => self.real.read(path),
        }
    }

    fn read_sent(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        self.real.read_sent(path)
    }

    fn trust(&self) -> Arc<[Certificate]> {
        self.real.trust()
    }

    fn append(&mut self, path: &Path, line: &str) -> io::Result<()> {
        self.record(path);
        self.lines += &format!("{line}\n");
        Ok(())
    }

    fn read_key(&self, path: &Path) -> io::Result<PrivateKey> {
        match self.contents.get(path) {
            Some(content) => Ok(PrivateKey::from_pem(String::from_utf8_lossy(content).into_owned())),
            None => self.real.read_key(path),
        }
    }

    fn close_key(&mut self, path: &Path) -> io::Result<()> {
        self.record(path);
        Ok(())
    }

    /// None: a dry run makes a key only to prove that the request is possible.
    fn make_key_ahead(&mut self, _: Option<KeyKind>) {}

    fn make_key(&mut self, kind: KeyKind, go_on: &dyn Fn() -> bool) -> Result<Option<PrivateKey>, String> {
        self.real.make_key(kind, go_on)
    }
}
