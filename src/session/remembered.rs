//! What a server said a moment ago: a person who answers one question after the other makes looks that follow one another, and
//! a server's programs take their time.

use std::cell::RefCell;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::home::{Facts, RecordLook, RecordSet};
use crate::pki::{Certificate, PrivateKey};
use crate::system::update::{TsigFault, TsigKey};
use crate::system::{Command, Look, Net, Programs, Ran};
use crate::text::Message;

/// How long it counts. Whoever starts his server in another window and comes back shall see that it runs.
const A_MOMENT: Duration = Duration::from_secs(5);

/// Somebody who looks, and remembers for a moment what programs said; until something was done here, as the journal shows.
pub struct Remembered {
    reader: Box<dyn Look>,
    said: RefCell<Vec<(Instant, Command, Ran)>>,
    entries: RefCell<usize>,
}

impl Remembered {
    /// `reader`, with a memory.
    pub fn new(reader: Box<dyn Look>) -> Self {
        Remembered { reader, said: RefCell::default(), entries: RefCell::default() }
    }
}

impl Programs for Remembered {
    fn run(&self, command: &Command) -> io::Result<Ran> {
        self.said.borrow_mut().retain(|(then, ..)| then.elapsed() < A_MOMENT);
        if let Some((.., ran)) = self.said.borrow().iter().find(|(_, known, _)| known == command) {
            return Ok(ran.clone());
        }
        let ran = self.reader.run(command)?;
        self.said.borrow_mut().push((Instant::now(), command.clone(), ran.clone()));
        Ok(ran)
    }
}

impl Net for Remembered {
    fn served(&self, domain: &str, addresses: &[IpAddr]) -> Result<Option<Certificate>, Message> {
        self.reader.served(domain, addresses)
    }

    fn records(&self, sets: &[RecordSet]) -> io::Result<Vec<RecordLook>> {
        self.reader.records(sets)
    }
}

impl Look for Remembered {
    fn look_home(&self) -> Facts {
        let facts = self.reader.look_home();
        let entries = facts.journal.entries.len();
        if self.entries.replace(entries) != entries {
            self.said.borrow_mut().clear();
        }
        facts
    }

    fn read_tsig(&self, path: &Path) -> Result<TsigKey, TsigFault> {
        self.reader.read_tsig(path)
    }

    fn look_at(&self, facts: &mut Facts, wanted: &[PathBuf]) {
        self.reader.look_at(facts, wanted);
    }

    fn complete(&self, start: &str) -> Vec<String> {
        self.reader.complete(start)
    }

    fn read_sent(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        self.reader.read_sent(path)
    }

    fn own_key(&self, path: &Path) -> io::Result<PrivateKey> {
        self.reader.own_key(path)
    }

    fn trust(&self) -> Arc<[Certificate]> {
        self.reader.trust()
    }
}
