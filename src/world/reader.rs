//! What is read of the machine, whatever is written to it meanwhile: the real world and the dry one read alike, each its
//! own disk.

use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use crate::home::{CaaLook, Facts, Layout, Owner, RecordLook, RecordSet, ZoneChange};
use crate::pki::digest::hex;
use crate::pki::{Certificate, MAX_BUNDLE, PrivateKey};
use crate::system::probe::{DomainProbe, LookOptions, ProbeOptions};
use crate::system::update::{TsigFault, TsigKey, UpdateError};
use crate::system::{Access, Command, Disk, Files, Look, Net, Programs, Ran};
use crate::text::Message;

use super::clock::now;
use super::lock::Lock;
use super::net;
use super::platform;
use super::programs::run;
use super::survey::{Host, MAX_COMPARED, Survey, is_absence};
use super::tsig::read_tsig;

/// A disk of this machine, with the home folder on it. A copy costs little, and reads beside the first.
#[derive(Clone)]
pub struct Reader<D> {
    /// The disk.
    pub disk: D,
    /// The home folder, absolute.
    pub home: PathBuf,
    /// Folder that relative paths are relative to, absolute.
    base: PathBuf,
    /// How it is looked into the network.
    pub network: LookOptions,
    trust: Arc<OnceLock<Arc<[Certificate]>>>,
    /// Whether the home folder is held by whoever writes beside this reader and its copies.
    is_ours: Arc<AtomicBool>,
}

impl<D: Disk> Reader<D> {
    /// `disk`, with this home folder and this folder for relative paths; both absolute.
    pub fn new(disk: D, home: PathBuf, base: PathBuf) -> Self {
        Reader { disk, home, base, network: LookOptions::default(), trust: Arc::default(), is_ours: Arc::default() }
    }

    /// The same, of another disk, beside which nobody holds the home folder.
    pub fn of<Other>(self, disk: Other) -> Reader<Other> {
        Reader {
            disk,
            home: self.home,
            base: self.base,
            network: self.network.clone(),
            trust: self.trust,
            is_ours: Arc::default(),
        }
    }

    /// Has copies of this reader know that the home folder is held by whoever writes beside them.
    pub fn hold(&self) {
        self.is_ours.store(true, Ordering::Relaxed);
    }

    fn survey(&self) -> Survey<'_> {
        Survey { disk: &self.disk, home: &self.home, base: &self.base, now: now() }
    }

    /// What `home-id` says, if it is there; what is not UTF-8 in it is replaced.
    ///
    /// # Errors
    /// The system's.
    pub fn home_id(&self) -> io::Result<Option<String>> {
        match self.disk.content(&Layout::of(&self.home).home_id(), MAX_COMPARED + 1) {
            Ok(content) if content.len() as u64 > MAX_COMPARED => Err(io::ErrorKind::FileTooLarge.into()),
            Ok(content) => Ok(Some(String::from_utf8_lossy(&content).trim().to_owned())),
            Err(error) if is_absence(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whose places outside the home folder are, where `home-id` says this.
    pub fn owner(&self, home_id: &str) -> Owner {
        Owner::new(home_id, &platform::machine_id(), &self.home)
    }
}

impl<D> Programs for Reader<D> {
    fn run(&self, command: &Command) -> io::Result<Ran> {
        run(command)
    }
}

impl<D> Net for Reader<D> {
    fn served(&self, domain: &str, addresses: &[IpAddr]) -> Result<Option<Certificate>, Message> {
        net::served(domain, addresses).map(Some)
    }

    fn probe(
        &self,
        domains: &[String],
        options: &ProbeOptions<'_>,
        tell: &mut dyn FnMut(usize, DomainProbe) -> bool,
    ) -> io::Result<()> {
        net::probe(domains, options, &self.network, tell)
    }

    fn records(&self, sets: &[RecordSet]) -> io::Result<Vec<RecordLook>> {
        net::records(sets, &self.network)
    }

    fn caa(&self, names: &[String]) -> io::Result<Vec<CaaLook>> {
        net::caa(names, &self.network)
    }

    fn update(&self, change: &ZoneChange, key: &TsigKey) -> Result<(), UpdateError> {
        net::update(change, key, &self.network)
    }
}

impl<D: Disk + Send> Look for Reader<D> {
    fn look_home(&self) -> Facts {
        let is_ours = self.is_ours.load(Ordering::Relaxed);
        self.survey().home(Host {
            machine_id: platform::machine_id(),
            user: platform::user(),
            names: platform::names(),
            person: directories::BaseDirs::new().map(|folders| folders.home_dir().to_owned()),
            program: std::env::current_exe().ok(),
            other_homes: other_homes(&self.home),
            home_unsafe: platform::resolve(&self.home).unsafe_because,
            busy: if is_ours { None } else { Lock::holder(&Layout::of(&self.home).lock()) },
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
        let names = self.disk.names_in(&place).unwrap_or_default();
        let mut found: Vec<String> = names
            .into_iter()
            .filter_map(|name| {
                let name = name.into_string().ok().filter(|name| name.starts_with(begun))?;
                let is_folder = self.disk.is_folder(&place.join(&name)).unwrap_or(false);
                Some(format!("{folder}{name}{}", if is_folder { std::path::MAIN_SEPARATOR_STR } else { "" }))
            })
            .take(MOST)
            .collect();
        found.sort();
        found
    }

    fn read_sent(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        self.disk.content(path, MAX_BUNDLE as u64 + 1)
    }

    fn read_tsig(&self, path: &Path) -> Result<TsigKey, TsigFault> {
        read_tsig(path)
    }

    fn own_key(&self, path: &Path) -> io::Result<PrivateKey> {
        let (key, is_own) = self.disk.key(path)?;
        if is_own { Ok(key) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }

    fn trust(&self) -> Arc<[Certificate]> {
        // Read once: it is asked for at every look, and takes a while.
        let roots = self.trust.get_or_init(|| {
            let found = platform::roots();
            found.iter().filter_map(|der| Certificate::read(der)).collect()
        });
        Arc::clone(roots)
    }
}

/// Gives the home folder a name that no other has, in the file `place`, which is never replaced.
///
/// # Errors
/// The system's.
pub fn made_home_id(files: &mut impl Files, place: &Path) -> io::Result<String> {
    let mut octets = [0; 16];
    let filled = SystemRandom::new().fill(&mut octets);
    filled.map_err(|_| io::Error::other("no random numbers"))?;
    let id = hex(&octets);
    files.create(place, format!("{id}\n").as_bytes(), Access::Private)?;
    Ok(id)
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
