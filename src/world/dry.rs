//! A world that reads for real and only records what it would write.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::edge::Usage;
use crate::home::{Facts, Journal, Owner};
use crate::pki::{Certificate, KeyKind, PrivateKey};
use crate::system::{Access, Clock, Files, Held, Keys, World};

use super::RealWorld;
use super::real::open_key;

/// Reads for real, records writes, and reads back what it recorded. Keys are made, in memory, so that a request is proved
/// to be possible.
pub struct DryWorld {
    real: RealWorld,
    /// The places that a run would have written to, in order.
    pub written: Vec<PathBuf>,
    /// What they would hold now.
    contents: BTreeMap<PathBuf, Zeroizing<Vec<u8>>>,
    /// What it would look like now.
    recorded: Changed,
    /// What of that a look shows.
    shown: Changed,
}

/// What a run about one that was cut off changes in the home folder.
#[derive(Default)]
struct Changed {
    /// Where links lead; none for one that is taken away.
    links: BTreeMap<PathBuf, Option<PathBuf>>,
    /// The lines that the journal has besides.
    lines: String,
}

impl DryWorld {
    /// A dry copy of `real`.
    #[must_use]
    pub fn of(real: RealWorld) -> Self {
        DryWorld {
            real,
            written: Vec::new(),
            contents: BTreeMap::new(),
            recorded: Changed::default(),
            shown: Changed::default(),
        }
    }

    fn record(&mut self, path: &Path) {
        self.written.push(path.to_owned());
    }
}

impl World for DryWorld {
    fn look_home(&self) -> Facts {
        let mut facts = self.real.look_home();
        for link in Usage::ALL.map(Usage::link) {
            match self.shown.links.get(&facts.home.join(link)) {
                Some(Some(to)) => drop(facts.links.insert(link, to.clone())),
                Some(None) => drop(facts.links.remove(link)),
                None => {}
            }
        }
        facts.journal.entries.extend(Journal::read(&self.shown.lines).entries);
        facts
    }

    fn look_at(&self, facts: &mut Facts, wanted: &[PathBuf]) {
        self.real.look_at(facts, wanted);
    }

    fn complete(&self, start: &str) -> Vec<String> {
        self.real.complete(start)
    }

    fn take_for_done(&mut self) {
        self.shown = std::mem::take(&mut self.recorded);
    }

    fn lock(&mut self) -> Result<(), Held> {
        Ok(())
    }

    fn owner(&mut self) -> io::Result<Owner> {
        Ok(self.real.look_home().owner)
    }

    fn read_sent(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        self.real.read_sent(path)
    }

    fn trust(&self) -> Arc<[Certificate]> {
        self.real.trust()
    }
}

impl Files for DryWorld {
    fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        self.record(path);
        Ok(())
    }

    fn stage(&mut self, folder: &Path) -> io::Result<()> {
        self.record(folder);
        Ok(())
    }

    fn publish(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn unstage(&mut self) {}

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
        self.recorded.links.insert(path.to_owned(), to.map(Path::to_owned));
        Ok(())
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.record(path);
        self.contents.remove(path);
        Ok(())
    }

    fn append(&mut self, path: &Path, line: &str) -> io::Result<()> {
        self.record(path);
        self.recorded.lines += &format!("{line}\n");
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        match self.contents.get(path) {
            Some(content) => String::from_utf8(content.to_vec()).map_err(io::Error::other),
            None => self.real.read(path),
        }
    }

    fn read_key(&self, path: &Path) -> io::Result<PrivateKey> {
        match self.contents.get(path) {
            Some(content) => Ok(PrivateKey::from_pem(String::from_utf8_lossy(content).into_owned())),
            None => self.real.read_key(path),
        }
    }

    fn close_key(&mut self, path: &Path) -> io::Result<()> {
        self.record(path);
        // From here on it can be read, as it could after the run.
        let (key, _) = open_key(path)?;
        self.contents.insert(path.to_owned(), Zeroizing::new(key.pem().as_bytes().to_vec()));
        Ok(())
    }
}

impl Keys for DryWorld {
    /// None: a dry run makes a key only to prove that the request is possible.
    fn make_key_ahead(&mut self, _: Option<KeyKind>) {}

    fn make_key(&mut self, kind: KeyKind, go_on: &dyn Fn() -> bool) -> Result<Option<PrivateKey>, String> {
        self.real.make_key(kind, go_on)
    }
}

impl Clock for DryWorld {
    fn now(&self) -> OffsetDateTime {
        self.real.now()
    }
}
