//! The machine itself.

mod disk;
mod files;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};
use time::OffsetDateTime;

use crate::home::{Layout, Owner, RecordLook, RecordSet, ZoneChange};
use crate::pki::{Certificate, KeyKind, PrivateKey};
use crate::system::probe::LookOptions;
use crate::system::update::{TsigKey, UpdateError};
use crate::system::{self, Clock, Command, Held, Look, Net, PlannedFile, Programs, Ran, World};
use crate::text::Message;

use super::clock::now;
use super::keys::Keys;
use super::lock::{Lock, hold};
use super::platform;
use super::reader::{Reader, made_home_id};
use super::tidy::tidy;

pub use disk::{RealDisk, is_open_file};

/// The machine itself.
pub struct RealWorld {
    pub(super) reader: Reader<RealDisk>,
    lock: Option<Lock>,
    cut_off: Option<String>,
    keys: Keys,
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
            reader: Reader::new(RealDisk, home, base),
            lock: None,
            cut_off: None,
            keys: Keys::default(),
            prepared: BTreeMap::new(),
            appended: None,
            unsettled: BTreeSet::new(),
            staged: None,
            home_id: None,
            is_proved: false,
        }
    }

    /// The same, which looks into the network in this way.
    #[must_use]
    pub fn looking(mut self, network: LookOptions) -> Self {
        self.reader.network = network;
        self
    }

    /// Proves, before anything is written to `path`, that what was looked at is still so: nobody else can change the home
    /// folder, or lead the way to it elsewhere.
    fn prove(&mut self, path: &Path) -> io::Result<()> {
        if self.is_proved || !path.starts_with(&self.reader.home) {
            return Ok(());
        }
        self.is_proved = platform::is_ours(&self.reader.home);
        if self.is_proved { Ok(()) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }
}

impl World for RealWorld {
    fn reader(&self) -> Box<dyn Look> {
        Box::new(self.reader.clone())
    }

    fn lock(&mut self) -> Result<(), Held> {
        if self.lock.is_none()
            && self.reader.home.is_dir()
            && self.prove(&self.reader.home.clone()).is_ok()
            && let Some((lock, cut_off)) = Lock::take(&Layout::of(&self.reader.home).lock(), self.now())?
        {
            (self.lock, self.cut_off) = (Some(lock), cut_off);
            self.reader.hold();
            tidy(&self.reader.home);
        }
        Ok(())
    }

    fn hold_server(&mut self, server: &str) -> Option<Box<dyn Send>> {
        hold(&platform::server_lock(server))
    }

    fn cut_off(&self) -> Option<&str> {
        self.cut_off.as_deref()
    }

    fn owner(&mut self) -> io::Result<Owner> {
        if let Some(id) = &self.home_id {
            return Ok(self.reader.owner(id));
        }
        let place = Layout::of(&self.reader.home).home_id();
        self.prove(&place)?;
        let id = match self.reader.home_id()? {
            Some(id) => id,
            None => made_home_id(self, &place)?,
        };
        Ok(self.reader.owner(self.home_id.insert(id)))
    }
}

impl system::Keys for RealWorld {
    fn has_randomness(&self) -> io::Result<()> {
        platform::has_randomness()
    }

    fn make_key_ahead(&mut self, kind: Option<KeyKind>) {
        self.keys.begin(kind);
    }

    fn make_key(&mut self, kind: KeyKind, go_on: &dyn Fn() -> bool) -> Result<Option<PrivateKey>, String> {
        self.keys.make(kind, go_on)
    }
}

impl Programs for RealWorld {
    fn run(&self, command: &Command) -> io::Result<Ran> {
        self.reader.run(command)
    }
}

impl Net for RealWorld {
    fn served(&self, domain: &str, addresses: &[IpAddr]) -> Result<Option<Certificate>, Message> {
        self.reader.served(domain, addresses)
    }

    fn records(&self, sets: &[RecordSet]) -> io::Result<Vec<RecordLook>> {
        self.reader.records(sets)
    }

    fn update(&self, change: &ZoneChange, key: &TsigKey) -> Result<(), UpdateError> {
        self.reader.update(change, key)
    }
}

impl Clock for RealWorld {
    fn now(&self) -> OffsetDateTime {
        now()
    }
}
