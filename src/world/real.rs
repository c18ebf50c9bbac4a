//! The machine itself.

mod files;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use tempfile::{NamedTempFile, TempDir};
use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::edge::Server;
use crate::home::Layout;
use crate::home::{Facts, Owner};
use crate::pki::digest::hex;
use crate::pki::{Certificate, KeyKind, MAX_BUNDLE, PrivateKey};
use crate::system::{self, About, Access, Clock, Disk, Held, Kind, PlannedFile, World};

use super::atomic::written;
use super::clock::{moment, now};
use super::keys::Keys;
use super::lock::Lock;
use super::platform;
use super::reading::read_file;
use super::survey::{Host, Survey, is_absence};
use super::tidy::tidy;

/// Files larger than this are not ours to compare; nothing this program writes comes near it.
const MAX_COMPARED: u64 = 16 << 20;

/// The machine itself.
pub struct RealWorld {
    home: PathBuf,
    base: PathBuf,
    lock: Option<Lock>,
    cut_off: Option<String>,
    keys: Keys,
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

impl RealWorld {
    /// The machine, with this home folder and this folder for relative paths; both absolute.
    #[must_use]
    pub fn new(home: PathBuf, base: PathBuf) -> Self {
        RealWorld {
            home,
            base,
            lock: None,
            cut_off: None,
            keys: Keys::default(),
            trust: OnceLock::new(),
            prepared: BTreeMap::new(),
            appended: None,
            unsettled: BTreeSet::new(),
            staged: None,
            home_id: None,
            is_proved: false,
        }
    }

    fn survey(&self) -> Survey<'_> {
        Survey { disk: self, home: &self.home, base: &self.base, now: self.now() }
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

    /// What `home-id` says; it is made where it is not there, and never replaced.
    fn made_home_id(&mut self) -> io::Result<String> {
        let place = Layout::of(&self.home).home_id();
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

impl Disk for RealWorld {
    fn about(&self, path: &Path) -> io::Result<About> {
        let metadata = fs::symlink_metadata(path)?;
        let kind = match metadata.file_type() {
            kind if kind.is_dir() => Kind::Folder,
            kind if kind.is_symlink() => Kind::Link,
            kind if kind.is_file() => Kind::File,
            _ => Kind::Other,
        };
        Ok(About {
            kind,
            mode: platform::mode(&metadata),
            owner: platform::owner(&metadata),
            size: metadata.len(),
            modified: metadata.modified().ok().and_then(moment),
            has_second_name: kind == Kind::File && !platform::has_one_name(&metadata),
        })
    }

    fn is_folder(&self, path: &Path) -> io::Result<bool> {
        Ok(fs::metadata(path)?.is_dir())
    }

    fn names_in(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        platform::names_in(folder)
    }

    fn leads(&self, link: &Path) -> io::Result<PathBuf> {
        fs::read_link(link)
    }

    fn content(&self, file: &Path, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
        read_file(file, most)
    }

    fn key(&self, file: &Path) -> io::Result<(PrivateKey, bool)> {
        let (key, file) = open_key(file)?;
        Ok((key, platform::is_own(&file) && !is_open_file(&file)))
    }

    fn steered_by(&self, folder: &Path) -> Option<String> {
        platform::steered_by(folder)
    }

    fn may_write(&self, folder: &Path) -> io::Result<()> {
        platform::may_write(folder)
    }

    fn real(&self, folder: &Path) -> PathBuf {
        platform::real(folder)
    }
}

impl World for RealWorld {
    fn look_home(&self) -> Facts {
        let is_here = |server: &Server| server.config_path().is_some_and(|path| Path::new(path).exists());
        self.survey().home(Host {
            machine_id: platform::machine_id(),
            user: platform::user(),
            names: platform::names(),
            program: std::env::current_exe().ok(),
            servers_here: Server::ALL.into_iter().filter(is_here).collect(),
            other_homes: other_homes(&self.home),
            home_unsafe: platform::resolve(&self.home).unsafe_because,
            busy: if self.lock.is_some() { None } else { Lock::holder(&Layout::of(&self.home).lock()) },
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

    fn lock(&mut self) -> Result<(), Held> {
        if self.lock.is_none()
            && self.home.is_dir()
            && self.prove(&self.home.clone()).is_ok()
            && let Some((lock, cut_off)) = Lock::take(&Layout::of(&self.home).lock(), self.now())?
        {
            (self.lock, self.cut_off) = (Some(lock), cut_off);
            tidy(&self.home);
        }
        Ok(())
    }

    fn cut_off(&self) -> Option<&str> {
        self.cut_off.as_deref()
    }

    fn owner(&mut self) -> io::Result<Owner> {
        let id = match self.home_id.take() {
            Some(id) => id,
            None => self.made_home_id()?,
        };
        self.home_id = Some(id.clone());
        Ok(Owner::new(&id, &platform::machine_id(), &self.home))
    }

    fn read_sent(&self, path: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
        read_file(path, MAX_BUNDLE as u64 + 1)
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

impl Clock for RealWorld {
    fn now(&self) -> OffsetDateTime {
        now()
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

/// Whether others than its owner may read the file.
pub(super) fn is_open_file(file: &File) -> bool {
    let mode = file.metadata().ok().filter(Metadata::is_file).and_then(|metadata| platform::mode(&metadata));
    mode.is_some_and(|mode| mode & 0o077 != 0)
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
