//! Where everything lies in the home folder; the contract has the same table.

use std::path::{Component, Path, PathBuf};

use crate::edge::Usage;

/// File of the saved answers.
pub const ANSWERS: &str = "answers.toml";
/// File that says what was done.
pub const JOURNAL: &str = "journal.jsonl";
/// File that holds the home folder for one run.
pub const LOCK: &str = "lock";
/// File that tells the home folder apart from every other.
pub const HOME_ID: &str = "home-id";
/// File that says which steps a person ticked.
pub const TODO: &str = "todo.json";
/// Folder of what was replaced, each file by its SHA-256.
pub const BEFORE: &str = "before";
/// Folder of what was pasted.
pub const RECEIVED: &str = "received";
/// Folder of what a person carries elsewhere.
pub const OUT: &str = "out";
/// Folder of the requests, each in a folder by its number.
pub const REQUESTS: &str = "requests";
/// Folder of the pairs, each in a folder by its number.
pub const PAIRS: &str = "pairs";

/// The private key, in the folder of a request or a pair.
pub const KEY: &str = "key.pem";
/// The request, in its folder.
pub const REQUEST: &str = "request.pem";
/// What a request is for, in its folder.
pub const REQUEST_PURPOSE: &str = "request.json";
/// What a pair is for, in its folder.
pub const PAIR_PURPOSE: &str = "pair.json";
/// The certificate, in the folder of its pair.
pub const CERTIFICATE: &str = "cert.pem";
/// Its issuers.
pub const CHAIN: &str = "chain.pem";
/// The certificate followed by its issuers.
pub const FULLCHAIN: &str = "fullchain.pem";

/// What the names of temporary files begin with.
pub const TEMPORARY: &str = ".edgewright-";

/// What has a place in the home folder, or will have.
const KEPT: [&str; 13] = [
    ANSWERS,
    JOURNAL,
    BEFORE,
    LOCK,
    OUT,
    Usage::External.link(),
    Usage::Internal.link(),
    PAIRS,
    REQUESTS,
    RECEIVED,
    "accounts",
    HOME_ID,
    TODO,
];

/// The places in a home folder, absolute.
#[derive(Debug, Clone, Copy)]
pub struct Layout<'a>(&'a Path);

impl<'a> Layout<'a> {
    /// The places in the home folder `home`.
    #[must_use]
    pub fn of(home: &'a Path) -> Self {
        Layout(home)
    }

    /// The saved answers.
    #[must_use]
    pub fn answers(self) -> PathBuf {
        self.0.join(ANSWERS)
    }

    /// What was done.
    #[must_use]
    pub fn journal(self) -> PathBuf {
        self.0.join(JOURNAL)
    }

    /// What holds the home folder for one run.
    #[must_use]
    pub fn lock(self) -> PathBuf {
        self.0.join(LOCK)
    }

    /// What tells the home folder apart from every other.
    #[must_use]
    pub fn home_id(self) -> PathBuf {
        self.0.join(HOME_ID)
    }

    /// Which steps a person ticked.
    #[must_use]
    pub fn todo(self) -> PathBuf {
        self.0.join(TODO)
    }

    /// What was replaced.
    #[must_use]
    pub fn before(self) -> PathBuf {
        self.0.join(BEFORE)
    }

    /// Whether `path` is where the contents are kept that were replaced.
    #[must_use]
    pub fn is_before(&self, path: &Path) -> bool {
        path.starts_with(self.before())
    }

    /// What was pasted.
    #[must_use]
    pub fn received(self) -> PathBuf {
        self.0.join(RECEIVED)
    }

    /// What a person carries elsewhere.
    #[must_use]
    pub fn out(self) -> PathBuf {
        self.0.join(OUT)
    }

    /// All requests.
    #[must_use]
    pub fn requests(self) -> PathBuf {
        self.0.join(REQUESTS)
    }

    /// The folder of the request of this number.
    #[must_use]
    pub fn request(self, number: u32) -> PathBuf {
        self.requests().join(number.to_string())
    }

    /// All pairs.
    #[must_use]
    pub fn pairs(self) -> PathBuf {
        self.0.join(PAIRS)
    }

    /// The folder of the pair of this number.
    #[must_use]
    pub fn pair(self, number: u32) -> PathBuf {
        self.0.join(pair(number))
    }

    /// The link that `usage` is served through.
    #[must_use]
    pub fn link(self, usage: Usage) -> PathBuf {
        self.0.join(usage.link())
    }

    /// `path` as a person reads it who knows which home folder it is about: relative to it, where it is inside.
    #[must_use]
    pub fn shown(self, path: &Path) -> String {
        let inside = path.strip_prefix(self.0).ok().filter(|inside| !inside.as_os_str().is_empty());
        inside.unwrap_or(path).to_string_lossy().into_owned()
    }

    /// Whether `folder` is that of one request or one pair.
    #[must_use]
    pub fn is_numbered(self, folder: &Path) -> bool {
        folder.parent().is_some_and(|above| above == self.requests() || above == self.pairs())
    }

    /// Whether `path` holds what is never taken away or written over: a request, a pair, or what was replaced.
    #[must_use]
    pub fn is_lasting(self, path: &Path) -> bool {
        [self.requests(), self.pairs(), self.before()].iter().any(|folder| path.starts_with(folder))
    }

    /// Whether a file that a person names at `path` would take a place that is needed for something else: the home folder
    /// itself, what is on the way to it, or anything that is kept in it. Both paths are without links and `..`.
    #[must_use]
    pub fn is_taken(self, path: &Path) -> bool {
        let Ok(inside) = path.strip_prefix(self.0) else { return self.0.starts_with(path) };
        match inside.components().next() {
            Some(Component::Normal(name)) => {
                let name = name.to_string_lossy();
                KEPT.contains(&&*name) || name.starts_with(TEMPORARY)
            }
            _ => true,
        }
    }

    /// Whether a PFX may be put there although [`Layout::is_taken`] says no: `out` is for what is carried elsewhere, and a
    /// script in a folder of it looks for the PFX beside itself.
    #[must_use]
    pub fn is_for_pfx(self, path: &Path) -> bool {
        let is_pfx = path.extension().is_some_and(|extension| extension == "pfx" || extension == "p12");
        is_pfx && path.parent().is_some_and(|folder| folder.starts_with(self.out()))
    }
}

/// Whether `path` would take a place in another home folder than `home`: one that has a journal or a name of its own, as
/// `is_there` sees it. Both paths are absolute and without links.
pub fn is_in_another(path: &Path, home: &Path, is_there: impl Fn(&Path) -> bool) -> bool {
    let folders = path.ancestors().skip(1).filter(|folder| *folder != home && !home.starts_with(folder));
    let mut homes = folders.map(Layout::of).filter(|other| is_there(&other.journal()) || is_there(&other.home_id()));
    homes.any(|other| other.is_taken(path))
}

/// The folder of the pair of this number, relative to the home folder: what a link to it says.
#[must_use]
pub fn pair(number: u32) -> PathBuf {
    Path::new(PAIRS).join(number.to_string())
}

/// The number of the pair that a link leads to, if it leads to one as ours do.
#[must_use]
pub fn number_of(link: &Path) -> Option<u32> {
    link.strip_prefix(PAIRS).ok()?.to_str()?.parse().ok()
}
