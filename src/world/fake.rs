//! A world in memory that fails or stops where a test says so.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::home::Layout;
use crate::home::{CaaLook, Facts, Owner, RecordLook, RecordSet, User};
use crate::pki::request::generate_key;
use crate::pki::{Certificate, KeyKind, PrivateKey};
use crate::system::probe::{DomainProbe, ProbeOptions};
use crate::system::update::{TsigFault, TsigKey};
use crate::system::{About, Access, Clock, Command, Disk, Files, Held, Keys, Kind, Look, Net, Programs, Ran, World};

use super::survey::{Host, Survey};
use super::tsig::key_in;

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
    /// What name servers answer where they are asked for that.
    pub records: Arc<[RecordLook]>,
    /// What they say of who may issue certificates: for each name that is not in here, anybody may.
    pub issuers: Vec<CaaLook>,
    /// How many writing calls there were.
    pub calls: usize,
    /// Which call meets which trouble, counted from 1.
    pub trouble: Option<(usize, Trouble)>,
    /// The kinds of keys that were made, ahead or not, in order.
    pub keys_made: Vec<KeyKind>,
    /// The key that waits, as good as made.
    pub key_ahead: Option<KeyKind>,
    /// Who we are.
    pub user: Option<User>,
    /// What programs say: that of a command which begins so.
    pub said: Vec<(&'static str, &'static str)>,
    /// What domains show of themselves; of others nothing is known in time.
    pub shown: BTreeMap<String, DomainProbe>,
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
            records: Arc::new([]),
            issuers: Vec::new(),
            calls: 0,
            trouble: None,
            keys_made: Vec::new(),
            key_ahead: None,
            user: None,
            said: Vec::new(),
            shown: BTreeMap::new(),
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

    fn survey(&self) -> Survey<'_> {
        Survey { disk: self, home: &self.home, base: &self.home, now: self.now }
    }

    /// Whether something is below `path`; what the disk itself stands on is there.
    fn is_above(&self, path: &Path) -> bool {
        *path != self.home && self.home.starts_with(path)
            || self.disk.range(path.to_owned()..).next().is_some_and(|(below, _)| below.starts_with(path))
    }

    fn is_staged(&self, path: &Path) -> bool {
        self.staged.as_ref().is_some_and(|(folder, _)| path.starts_with(folder))
    }
}

impl Disk for FakeWorld {
    fn about(&self, path: &Path) -> io::Result<About> {
        let about = |kind, size, mode| About {
            kind,
            mode,
            owner: None,
            size,
            modified: Some(self.now),
            has_second_name: false,
        };
        if self.links.contains_key(path) {
            return Ok(about(Kind::Link, 0, Some(0o777)));
        }
        match self.disk.get(path) {
            Some(Some(content)) => Ok(about(Kind::File, content.len() as u64, Some(0o600))),
            Some(None) => Ok(about(Kind::Folder, 0, Some(0o700))),
            None if self.is_above(path) => Ok(about(Kind::Folder, 0, Some(0o700))),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn is_folder(&self, path: &Path) -> io::Result<bool> {
        // Outside the home folder everything is there to be written to.
        if path.starts_with(&self.home) { self.about(path).map(|about| about.kind == Kind::Folder) } else { Ok(true) }
    }

    fn names_in(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        self.about(folder)?;
        let places = self.disk.keys().chain(self.links.keys());
        let names = places.filter_map(|path| Some(path.strip_prefix(folder).ok()?.iter().next()?.to_owned()));
        Ok(names.collect::<BTreeSet<_>>().into_iter().collect())
    }

    fn leads(&self, link: &Path) -> io::Result<PathBuf> {
        self.links.get(link).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn content(&self, file: &Path, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        match self.disk.get(file) {
            Some(Some(content)) => Ok(Zeroizing::new(content.iter().copied().take(most).collect())),
            Some(None) => Err(io::ErrorKind::InvalidInput.into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn key(&self, file: &Path) -> io::Result<(PrivateKey, bool)> {
        self.read_key(file).map(|key| (key, true))
    }

    fn may_write(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn real(&self, folder: &Path) -> PathBuf {
        folder.to_owned()
    }
}

impl Look for FakeWorld {
    fn look_home(&self) -> Facts {
        self.survey().home(Host {
            machine_id: "machine".to_owned(),
            user: self.user.clone(),
            person: Some(PathBuf::from("/home/ada")),
            ..Host::default()
        })
    }

    fn look_at(&self, facts: &mut Facts, wanted: &[PathBuf]) {
        self.survey().places(facts, wanted);
    }

    fn complete(&self, start: &str) -> Vec<String> {
        let paths = self.disk.keys().map(|path| path.to_string_lossy().into_owned());
        paths.filter(|path| path.starts_with(start)).collect()
    }

    fn read_sent(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        Ok(Zeroizing::new(self.disk.get(path).cloned().flatten().ok_or(io::ErrorKind::NotFound)?))
    }

    fn read_tsig(&self, path: &Path) -> Result<TsigKey, TsigFault> {
        let content = self.content(path, u64::MAX).map_err(TsigFault::Unreadable)?;
        key_in(&content)
    }

    fn own_key(&self, path: &Path) -> io::Result<PrivateKey> {
        self.read_key(path)
    }

    fn trust(&self) -> Arc<[Certificate]> {
        Arc::clone(&self.trusted)
    }
}

impl World for FakeWorld {
    fn reader(&self) -> Box<dyn Look> {
        Box::new(self.clone())
    }

    fn lock(&mut self) -> Result<(), Held> {
        Ok(())
    }

    fn owner(&mut self) -> io::Result<Owner> {
        let place = Layout::of(&self.home).home_id();
        if !self.disk.contains_key(&place) {
            self.call()?;
            self.disk.insert(place, Some(b"home\n".to_vec()));
        }
        Ok(Owner::new("home", "machine", &self.home))
    }
}

impl Files for FakeWorld {
    fn make_folder(&mut self, path: &Path) -> io::Result<()> {
        self.call()?;
        self.disk.insert(path.to_owned(), None);
        Ok(())
    }

    fn stage(&mut self, folder: &Path, _: Access) -> io::Result<()> {
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

    fn freshen(&mut self, _: &Path, _: &Path) -> io::Result<()> {
        self.call()
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        self.call()?;
        self.disk.remove(path).map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn append(&mut self, path: &Path, line: &str) -> io::Result<()> {
        self.call()?;
        let content = self.disk.entry(path.to_owned()).or_insert_with(|| Some(Vec::new()));
        if let Some(content) = content {
            content.extend_from_slice(format!("{line}\n").as_bytes());
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.call()?;
        self.settled.clone_from(&self.disk);
        Ok(())
    }

    fn read(&self, path: &Path) -> io::Result<String> {
        let content = self.disk.get(path).cloned().flatten().ok_or(io::ErrorKind::NotFound)?;
        String::from_utf8(content).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    fn read_key(&self, path: &Path) -> io::Result<PrivateKey> {
        let staged = self.staged.as_ref().and_then(|(_, files)| files.get(path)).cloned();
        let content = staged.or_else(|| self.disk.get(path).cloned().flatten()).ok_or(io::ErrorKind::NotFound)?;
        Ok(PrivateKey::from_pem(String::from_utf8_lossy(&content).into_owned()))
    }

    fn close_key(&mut self, _: &Path) -> io::Result<()> {
        self.call()
    }
}

impl Keys for FakeWorld {
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

impl Programs for FakeWorld {
    /// Each does what it is told.
    fn run(&self, command: &Command) -> io::Result<Ran> {
        let said = self.said.iter().find(|(beginning, _)| command.shown().starts_with(beginning));
        let output = said.map(|(_, output)| (*output).to_owned()).or_else(|| command.expects.clone());
        Ok(Ran { code: Some(0), output: output.unwrap_or_default(), errors: String::new() })
    }
}

impl Net for FakeWorld {
    fn records(&self, sets: &[RecordSet]) -> io::Result<Vec<RecordLook>> {
        Ok(self.records.iter().filter(|look| sets.contains(&look.set)).cloned().collect())
    }

    fn caa(&self, names: &[String]) -> io::Result<Vec<CaaLook>> {
        let anybody = |name: &String| CaaLook { name: name.clone(), found: Ok(None) };
        let known = |name: &String| self.issuers.iter().find(|look| look.name == *name).cloned();
        Ok(names.iter().map(|name| known(name).unwrap_or_else(|| anybody(name))).collect())
    }

    fn probe(
        &self,
        domains: &[String],
        options: &ProbeOptions<'_>,
        tell: &mut dyn FnMut(usize, DomainProbe) -> bool,
    ) -> io::Result<()> {
        let shown = domains.iter().map(|domain| {
            let is_sip_only = !(options.services)(domain).xmpp;
            let unknown = || DomainProbe { domain: domain.clone(), is_sip_only, ..DomainProbe::default() };
            self.shown.get(domain).cloned().unwrap_or_else(unknown)
        });
        for (place, probe) in shown.enumerate() {
            if !(options.go_on)() || !tell(place, probe) {
                break;
            }
        }
        Ok(())
    }
}

impl Clock for FakeWorld {
    fn now(&self) -> OffsetDateTime {
        self.now
    }
}
