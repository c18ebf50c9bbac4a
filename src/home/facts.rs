//! What is there: a snapshot that a world takes and the plan reads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use time::OffsetDateTime;

use super::layout::{Layout, number_of};
use super::{Entry, FileOwner, IssuersFound, Journal, Names, Owner, Place, RecordLook, ServerFound, Ticks, User};
use crate::edge::{Edge, Purpose, Server, Usage, allows};
use crate::pki::digest::sha256_hex;
use crate::pki::request::public_key_in;
use crate::pki::{Certificate, IssuedBundle, KeyKind};
use crate::problem::Problem;
use crate::text::Message;

/// A snapshot of the machine, as far as the answers touch it.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The home folder, absolute.
    pub home: PathBuf,
    /// Folder that relative paths are relative to, absolute.
    pub base: PathBuf,
    /// The person's own folder, which `~` means.
    pub person: Option<PathBuf>,
    /// Now.
    pub now: OffsetDateTime,
    /// Why the home folder must not be trusted with keys, if so: who else can change it.
    pub home_unsafe: Option<String>,
    /// Requests in the home folder whose certificate is still to come, by number.
    pub requests: Vec<PendingRequest>,
    /// Requests in the home folder whose certificate came, by number.
    pub answered: Vec<PendingRequest>,
    /// Certificates with their keys in the home folder, by number; whole ones and others.
    pub pairs: Vec<Pair>,
    /// Where `current` and `current-internal` lead, as the links say it.
    pub links: BTreeMap<&'static str, PathBuf>,
    /// SHA-256 of the contents that are kept in the home folder because they were replaced.
    pub kept: BTreeSet<String>,
    /// What was done here.
    pub journal: Journal,
    /// Which steps of `out/to-do.md` a person ticked; none where that cannot be read.
    pub ticks: Ticks,
    /// Why the journal, the ticks or the saved answers cannot be read, where they are there: the file, and what is in the way.
    pub unreadable: Vec<(PathBuf, Message)>,
    /// Whose places outside the home folder may be touched.
    pub owner: Owner,
    /// Who we are, where the platform has users by number.
    pub user: Option<User>,
    /// What users and groups are called here.
    pub names: Arc<Names>,
    /// Who else is working in the home folder, which then is between two states.
    pub busy: Option<String>,
    /// The roots that are believed, where a certificate is to be judged: the system's, and those in the file that the answers
    /// name for that.
    pub trust: Arc<[Certificate]>,
    /// What lies in the files that the answers name for the certificate, its issuers and its root.
    pub received: BTreeMap<PathBuf, Arc<Received>>,
    /// Keys whose request was never made, because the run that made them was cut off, and that no certificate has; by
    /// number.
    pub keys_left: Vec<KeyLeft>,
    /// Keys without a request that others than their owner may read, so that no request is made with them.
    pub keys_open: Vec<PathBuf>,
    /// Keys of requests and pairs that others than their owner may read.
    pub keys_exposed: Vec<PathBuf>,
    /// Keys that have a second name or belong to somebody else: what is done with them may not be done here.
    pub keys_shared: Vec<PathBuf>,
    /// Requests in the home folder that no certificate would be any use for, by number: their key is missing or another
    /// one, or they cannot be read.
    pub requests_keyless: Vec<u32>,
    /// Requests in the home folder that are gone and left what they were for behind, by number.
    pub requests_missing: Vec<u32>,
    /// Why the home folder, or what it keeps requests and pairs in, cannot be looked into, in the system's words.
    pub home_unreadable: Option<String>,
    /// Absolute path of this program.
    pub program: PathBuf,
    /// The next number for a request: one more than any ever used.
    pub next_number: u32,
    /// Other home folders of the person at this machine that hold requests: `sudo` gives a second one.
    pub other_homes: Vec<PathBuf>,
    /// The places that were looked at.
    pub path_states: BTreeMap<PathBuf, PathState>,
    /// Where links lead that were looked at, as they say it.
    pub leads: BTreeMap<PathBuf, PathBuf>,
    /// Where places really are whose path leads there in a roundabout way.
    pub real: BTreeMap<PathBuf, PathBuf>,
    /// The server on this machine, or why it cannot be told; none where nobody asked.
    pub server: Option<Result<Arc<ServerFound>, Message>>,
    /// What name servers answered last where records were asked for.
    pub records: Arc<[RecordLook]>,
    /// Who may issue certificates, as they answered last; none where nobody answered yet.
    pub issuers: Option<Arc<IssuersFound>>,
    /// What is wrong with the files of the keys that sign updates of zones, if anything is.
    pub tsig_keys: BTreeMap<PathBuf, Option<Problem>>,
}

impl Facts {
    /// Whether a run here made anything.
    #[must_use]
    pub fn is_set_up(&self) -> bool {
        let made =
            [self.requests.is_empty(), self.answered.is_empty(), self.pairs.is_empty(), self.keys_left.is_empty()];
        made.contains(&false) || !self.journal.entries.is_empty()
    }

    /// Facts of a machine on which nothing is, the saved answers included.
    #[must_use]
    pub fn unseen(home: &Path, base: &Path, now: OffsetDateTime) -> Self {
        Facts {
            home: home.to_owned(),
            base: base.to_owned(),
            person: None,
            now,
            home_unsafe: None,
            requests: Vec::new(),
            answered: Vec::new(),
            pairs: Vec::new(),
            links: BTreeMap::new(),
            kept: BTreeSet::new(),
            journal: Journal::default(),
            ticks: Ticks::default(),
            unreadable: Vec::new(),
            owner: Owner::new("", "", home),
            user: None,
            names: Arc::default(),
            busy: None,
            trust: Arc::new([]),
            received: BTreeMap::new(),
            keys_left: Vec::new(),
            keys_open: Vec::new(),
            keys_exposed: Vec::new(),
            keys_shared: Vec::new(),
            requests_keyless: Vec::new(),
            requests_missing: Vec::new(),
            home_unreadable: None,
            program: PathBuf::from("/usr/bin/edgewright"),
            next_number: 1,
            other_homes: Vec::new(),
            path_states: BTreeMap::from([(Layout::of(home).answers(), PathState::FREE)]),
            leads: BTreeMap::new(),
            real: BTreeMap::new(),
            server: None,
            records: Arc::new([]),
            issuers: None,
            tsig_keys: BTreeMap::new(),
        }
    }

    /// Where everything lies in the home folder.
    #[must_use]
    pub fn layout(&self) -> Layout<'_> {
        Layout::of(&self.home)
    }

    /// The absolute path of a file that a person named: relative to the folder of relative paths, or to the person's own. A
    /// path of Windows stays as it is said.
    #[must_use]
    pub fn absolute(&self, said: &str) -> PathBuf {
        if is_windows_path(said) {
            return PathBuf::from(said);
        }
        let own = ["~", "$HOME"].iter().find_map(|own| said.strip_prefix(own));
        let inside = own.and_then(|rest| if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') });
        match (inside, &self.person) {
            (Some(inside), Some(person)) => person.join(inside),
            _ => self.base.join(said),
        }
    }

    /// The absolute path of a place that the journal names, if this home folder may touch it ([`Place::reached_from`]).
    #[must_use]
    pub fn reach(&self, place: &Place) -> Option<PathBuf> {
        place.reached_from(&self.home, &self.owner)
    }

    /// What is at `path`; a place nobody looked at counts as free.
    #[must_use]
    pub fn path_state(&self, path: &Path) -> &PathState {
        self.path_states.get(path).unwrap_or(&PathState::FREE)
    }

    /// Whether root runs this: nobody else gives files to a server.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.uid == 0)
    }

    /// Whether somebody looked at what the answers lead to, which begins with the file they are saved in. Before, there is
    /// enough to say where things stand and too little to plan with.
    #[must_use]
    pub fn knows_targets(&self) -> bool {
        self.path_states.contains_key(&self.layout().answers())
    }

    /// Where `path` really is, as far as somebody looked.
    #[must_use]
    pub fn place<'a>(&'a self, path: &'a Path) -> &'a Path {
        self.real.get(path).map_or(path, PathBuf::as_path)
    }

    /// Whether others than the owner may reach what is at `path`.
    #[must_use]
    pub fn is_open(&self, path: &Path) -> bool {
        self.path_state(path).is_open()
    }

    /// The pair that `usage` is served with, if its link leads to one.
    #[must_use]
    pub fn current(&self, usage: Usage) -> Option<&Pair> {
        let number = number_of(self.links.get(usage.link())?)?;
        self.pairs.iter().find(|pair| pair.number == number)
    }

    /// The request that `pair` answers: the one of its number, or where a certificate was issued once more for an answered
    /// request, the last one with its key.
    #[must_use]
    pub fn request_of(&self, pair: &Pair) -> Option<&PendingRequest> {
        let has_its_key = |request: &&PendingRequest| public_key_in(&request.pem).is_some_and(|key| pair.has_key(&key));
        let numbered = self.answered.iter().find(|request| request.number == pair.number);
        numbered.or_else(|| self.answered.iter().rfind(has_its_key))
    }

    /// What the request of this number is for: what stands beside it, else what the journal of an older home says.
    #[must_use]
    pub fn usage_of_request(&self, number: u32) -> Option<Usage> {
        let mut requests = self.requests.iter().chain(&self.answered);
        let purpose = requests.find(|request| request.number == number).and_then(|request| request.purpose.as_ref());
        purpose.map(|purpose| purpose.usage).or_else(|| self.said(|entry| entry.request() == Some(number)))
    }

    /// What the pair of this number is for: what stands beside it, else what the journal of an older home says, or which
    /// link leads to it.
    #[must_use]
    pub fn usage_of_pair(&self, number: u32) -> Option<Usage> {
        let pair = self.pairs.iter().find(|pair| pair.number == number);
        // What its names do not allow is not believed.
        let is_allowed = |purpose: &&Purpose| {
            let names = pair.and_then(|pair| pair.certificate.as_ref()).map(|leaf| leaf.dns_names.as_slice());
            allows(purpose.server, purpose.usage, names.unwrap_or(&purpose.names), &Edge::default())
        };
        let purpose = pair.and_then(|pair| pair.purpose.as_ref()).filter(is_allowed).map(|purpose| purpose.usage);
        let linked = || {
            let leads = |usage: &Usage| self.links.get(usage.link()).and_then(|to| number_of(to)) == Some(number);
            Usage::ALL.into_iter().find(leads)
        };
        let said = || self.said(|entry| entry.pair() == Some(number));
        purpose.or_else(said).or_else(linked).or_else(|| self.usage_of_request(number))
    }

    fn said(&self, is_about: impl Fn(&Entry) -> bool) -> Option<Usage> {
        self.journal.entries.iter().rev().filter(|entry| is_about(entry)).find_map(Entry::usage)
    }

    /// Whether `content` at `path` is what this very home folder wrote there, by its journal: a copy of it, and a home that
    /// was moved meanwhile, leave alone what is outside of them.
    #[must_use]
    pub fn wrote(&self, path: &Path, content: &[u8]) -> bool {
        let sha256 = sha256_hex(content);
        self.journal.entries.iter().any(|entry| {
            entry.sha256.as_ref() == Some(&sha256)
                && entry.undoes.is_none()
                && self.reach(&entry.place).is_some_and(|place| place == path)
        })
    }

    /// Whether nothing is known to be at `path`.
    #[must_use]
    pub fn is_free(&self, path: &Path) -> bool {
        self.path_state(path).found == Found::Nothing
    }

    /// Whether somebody looked at `path` and found nothing.
    #[must_use]
    pub fn is_seen_free(&self, path: &Path) -> bool {
        self.path_states.get(path).is_some_and(|spot| spot.found == Found::Nothing)
    }
}

/// Something that is to be looked at besides what the home folder holds, by its absolute path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// What a place holds, and whether something can be put there.
    Place(PathBuf),
    /// What an authority sent, in this file.
    Received(PathBuf),
    /// The roots in this file, which are believed besides the system's.
    Roots(PathBuf),
    /// The server on this machine with this main configuration file.
    Server(Server, PathBuf),
    /// The key in this file, which signs updates of zones.
    TsigKey(PathBuf),
}

/// Whether `said` is an absolute path as Windows has them, `c:\\edge.req` or `\\\\server\\share\\edge.req`, whatever system this is.
#[must_use]
pub fn is_windows_path(said: &str) -> bool {
    let mut chars = said.chars();
    let has_drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next() == Some(':')
        && chars.next().is_some_and(|c| matches!(c, '\\' | '/'));
    has_drive || said.starts_with("\\\\")
}

/// Whether a path is said from the person's own folder, `~/edge.req`, or as Windows has them: it is kept as it is said.
#[must_use]
pub fn stands_alone(said: &str) -> bool {
    is_windows_path(said) || ["~", "$HOME"].contains(&said) || said.starts_with("~/") || said.starts_with("$HOME/")
}

/// A place on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathState {
    /// What is there.
    pub found: Found,
    /// Why nothing can, or should, be written there.
    pub unwritable: Option<Message>,
    /// Permission bits, where the platform has them.
    pub mode: Option<u32>,
    /// Whose it is, where the platform has that.
    pub owner: Option<FileOwner>,
}

impl PathState {
    /// A place where nothing is and something may be put.
    const FREE: PathState = PathState { found: Found::Nothing, unwritable: None, mode: None, owner: None };

    /// Whether others than the owner may reach it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.mode.is_some_and(|mode| mode & 0o077 != 0)
    }
}

/// What a place holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A file with this content.
    File(Vec<u8>),
    /// A folder.
    Folder,
    /// A file with a private key in it, which is not kept in memory.
    Key,
    /// A symbolic link, which is never written through.
    Link,
    /// A device, a socket, or something unreadable.
    Other,
}

/// A request with the key it was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingRequest {
    /// Its number, the name of its folder.
    pub number: u32,
    /// The PKCS#10 text.
    pub pem: String,
    /// When it was written.
    pub made: OffsetDateTime,
    /// What it is for; none in an older home, or where the file cannot be read.
    pub purpose: Option<Purpose>,
}

/// A certificate and its key, in `pairs/<number>/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Its number, the name of its folder.
    pub number: u32,
    /// The certificate, if it can be read.
    pub certificate: Option<Certificate>,
    /// What `fullchain.pem` says.
    pub fullchain: Option<String>,
    /// Whether the key is there, can be taken for its owner's alone, and is the certificate's.
    pub is_fitting: bool,
    /// Whether everything is there and fits: the key is the certificate's, and `fullchain.pem` is the certificate followed
    /// by `chain.pem`.
    pub is_whole: bool,
    /// What it is for; none in an older home, or where the file cannot be read.
    pub purpose: Option<Purpose>,
}

impl Pair {
    /// Whether its certificate is for the key with this public key (`SubjectPublicKeyInfo`, DER).
    #[must_use]
    pub fn has_key(&self, public_key: &[u8]) -> bool {
        self.certificate.as_ref().is_some_and(|certificate| certificate.public_key == public_key)
    }

    /// Judges the files of a pair: `cert.pem`, `chain.pem`, `fullchain.pem`, and the public key of `key.pem`.
    #[must_use]
    pub fn of(number: u32, files: [Option<String>; 3], public_key: Option<Vec<u8>>) -> Self {
        let [cert, chain, full] = files;
        let certificate = cert.as_deref().and_then(Certificate::read_pem);
        let is_fitting =
            public_key.is_some() && certificate.as_ref().map(|leaf| &leaf.public_key) == public_key.as_ref();
        let is_full = cert.zip(chain).is_some_and(|(cert, chain)| full == Some(cert + &chain));
        Pair { number, certificate, fullchain: full, is_fitting, is_whole: is_fitting && is_full, purpose: None }
    }
}

/// What an authority sent, as it was read from a file. A key that came along is not in it: it is a secret, and nobody who
/// looks at facts needs it.
#[derive(Debug, Clone)]
pub struct Received {
    /// The certificates in the order given, or why there are none.
    pub certificates: Result<Vec<Certificate>, Problem>,
    /// Whether their order was somebody's choice.
    pub is_ordered: bool,
    /// Whether a private key came along.
    pub brings_key: bool,
}

impl Received {
    /// What was read, without its key.
    #[must_use]
    pub fn of(read: Result<IssuedBundle, Problem>) -> Self {
        let is_ordered = read.as_ref().is_ok_and(|offer| offer.is_ordered);
        let brings_key = read.as_ref().is_ok_and(|offer| offer.key.is_some());
        Received { certificates: read.map(|offer| offer.certificates), is_ordered, brings_key }
    }

    /// The offer that the certificates are.
    ///
    /// # Errors
    /// Why there are none.
    pub fn offer(&self) -> Result<IssuedBundle, Problem> {
        let certificates = self.certificates.clone()?;
        Ok(IssuedBundle { certificates, key: None, is_ordered: self.is_ordered })
    }
}

/// A key without a request: nobody has seen it, so a request may still be made with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyLeft {
    /// Its number, the name of its folder.
    pub number: u32,
    /// Its kind.
    pub kind: KeyKind,
    /// Its public key: DER of `SubjectPublicKeyInfo`.
    pub public_key: Vec<u8>,
}
