//! One line of the journal.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::edge::Usage;
use crate::home::ZoneChange;
use crate::home::layout::{PAIRS, REQUESTS};
use crate::home::octets::{path_of, text_of};

/// The version that is written.
pub(super) const VERSION: u32 = 2;
/// What the last entry of a run that took another back is about.
const UNDO: &str = "undo";
/// What the last entry of a stage that came to its end is about.
const STAGE: &str = "stage";

/// One line of `journal.jsonl`, version 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The version, 2.
    pub v: u32,
    /// When the run began that did it: what one run did belongs together.
    #[serde(with = "time::serde::rfc3339")]
    pub run: OffsetDateTime,
    /// Who began the run: `person` or `timer`.
    pub by: String,
    /// When it was done.
    #[serde(with = "time::serde::rfc3339")]
    pub time: OffsetDateTime,
    /// The run that this one takes back.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none", default)]
    pub undoes: Option<OffsetDateTime>,
    /// `create`, `change`, `remove` or `run`.
    pub kind: String,
    /// What was made: `folder`, `key`, `request`, `request-copy`, `file`, `link`, `pfx`, `server-pair`, `server-link`,
    /// `service`, `served`, `dns-update`, `dns-served`, `dns-proved`, `stage`, `undo`.
    pub what: String,
    /// Where.
    pub place: Place,
    /// SHA-256 of the content written; none for a folder, a key, a link or a PFX.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<String>,
    /// SHA-256 of the content it replaced, which is kept under `before/` with this name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<String>,
    /// Permission bits of the file written, in octal, where they were chosen.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mode: Option<String>,
    /// Whose it was made, as `chown` takes it, where that was chosen.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub owner: Option<String>,
    /// What a request or a pair is for: `external` or `internal`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub usage: Option<String>,
    /// Where a link leads, as the link says it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<String>,
    /// The part of the run that is done as a whole or taken back, if it is in one: `server`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stage: Option<String>,
    /// What takes it back.
    pub undo: Undo,
}

/// A place that an entry is about. A path that is not UTF-8 is percent-encoded, and so is each `%`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Place {
    /// In the home folder, relative to it: `pairs/2/key.pem`; empty for the home folder itself.
    Home {
        /// The path.
        home: String,
    },
    /// Anywhere else.
    Outside {
        /// The absolute path.
        path: String,
        /// Whose it was when it was written.
        #[serde(flatten)]
        owner: Owner,
    },
}

/// Which home folder wrote a line, on which machine. What is not known is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Owner {
    /// What `home-id` said.
    #[serde(default)]
    pub home_id: String,
    /// The machine's own name (machine-id(5)).
    #[serde(default)]
    pub machine_id: String,
    /// The absolute path of the home folder.
    #[serde(default)]
    pub home_path: String,
}

/// What takes an action back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Undo {
    /// Nothing does: it stays, and harms nobody.
    Nothing,
    /// Nothing does: it stays, and whoever takes the run back is to know that.
    Stays {
        /// Why.
        why: Stay,
    },
    /// The file is taken away.
    Remove,
    /// The content of `before` is put back.
    Restore {
        /// Permission bits that the file had, in octal.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        mode: Option<String>,
        /// Whose the file was, as user and group by number: `0:101`.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        owner: Option<String>,
    },
    /// The link leads again where it led; without `to` it is taken away.
    Point {
        /// Where it led, as the link said it.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        to: Option<String>,
    },
    /// A server is told something else.
    Service {
        /// Which product.
        server: String,
        /// What it is told.
        verb: String,
    },
    /// A zone's records are put back: what was done is done the other way round.
    DnsUpdate(ZoneChange),
    /// A kind that a later version wrote.
    #[serde(other)]
    Unknown,
}

/// Why something is never taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stay {
    /// It is a private key.
    Key,
    /// It is a request that may have been sent.
    Request,
    /// It is a PFX that may have been imported.
    Pfx,
    /// For a reason that a later version knows.
    #[serde(other)]
    Unknown,
}

impl Owner {
    /// The home folder at `home`.
    #[must_use]
    pub fn new(home_id: &str, machine_id: &str, home: &Path) -> Self {
        Owner { home_id: home_id.to_owned(), machine_id: machine_id.to_owned(), home_path: text_of(home) }
    }

    /// Whether both are the same home folder in the same place. Version 1 knew places only.
    fn is(&self, other: &Self) -> bool {
        let agree = |one: &str, other: &str| one.is_empty() || one == other;
        self.home_path == other.home_path
            && agree(&self.home_id, &other.home_id)
            && agree(&self.machine_id, &other.machine_id)
    }
}

impl Place {
    /// The place of `path`, seen from the home folder `home`; both absolute.
    #[must_use]
    pub fn of(path: &Path, home: &Path) -> Self {
        match path.strip_prefix(home) {
            Ok(inside) => Place::Home { home: text_of(inside) },
            Err(_) => Place::Outside { path: text_of(path), owner: Owner::default() },
        }
    }

    /// A place in the home folder, relative to it.
    #[must_use]
    pub fn inside(home: &str) -> Self {
        Place::Home { home: home.to_owned() }
    }

    /// Its path relative to the home folder; none for a place outside, and for one that climbs out.
    #[must_use]
    pub fn in_home(&self) -> Option<PathBuf> {
        let Place::Home { home } = self else { return None };
        let inside = path_of(home);
        inside.components().all(|part| matches!(part, std::path::Component::Normal(_))).then_some(inside)
    }

    /// Its absolute path, if it is a place that the home folder `home`, which is `us`, may touch: one in it, or one that it
    /// wrote itself when it was where it is.
    #[must_use]
    pub fn reached_from(&self, home: &Path, us: &Owner) -> Option<PathBuf> {
        match self {
            Place::Home { .. } => self.in_home().map(|inside| home.join(inside)),
            Place::Outside { path, owner } => {
                let path = path_of(path);
                (owner.is(us) && !path.starts_with(home)).then_some(path)
            }
        }
    }

    /// The place in words.
    #[must_use]
    pub fn shown(&self, home: &Path) -> String {
        match self {
            Place::Home { home: inside } => home.join(path_of(inside)).to_string_lossy().into_owned(),
            Place::Outside { path, .. } => path_of(path).to_string_lossy().into_owned(),
        }
    }
}

impl Entry {
    /// An entry of the run that began at `run`, which says nothing yet but when.
    #[must_use]
    pub fn new(kind: &str, what: &str, place: Place, run: OffsetDateTime, now: OffsetDateTime) -> Self {
        Entry {
            v: VERSION,
            run,
            by: "person".to_owned(),
            time: now,
            undoes: None,
            kind: kind.to_owned(),
            what: what.to_owned(),
            place,
            sha256: None,
            before: None,
            mode: None,
            owner: None,
            usage: None,
            to: None,
            stage: None,
            undo: Undo::Nothing,
        }
    }

    /// The last entry of a run that took back the one begun at `undone`.
    #[must_use]
    pub fn undone(undone: OffsetDateTime, run: OffsetDateTime, now: OffsetDateTime) -> Self {
        Entry { undoes: Some(undone), ..Entry::new("run", UNDO, Place::inside(""), run, now) }
    }

    /// The last entry of a stage that came to its end.
    #[must_use]
    pub fn stage_ended(stage: &str, run: OffsetDateTime, now: OffsetDateTime) -> Self {
        Entry { stage: Some(stage.to_owned()), ..Entry::new("run", STAGE, Place::inside(""), run, now) }
    }

    /// Whether it says that the stage it is in came to its end.
    #[must_use]
    pub fn ends_stage(&self) -> bool {
        self.what == STAGE
    }

    /// The run that this entry says was taken back to its end.
    #[must_use]
    pub fn ended_undo(&self) -> Option<OffsetDateTime> {
        self.undoes.filter(|_| self.what == UNDO && self.stage.is_none())
    }

    /// The run of which this entry says that its stage was taken back to its end.
    #[must_use]
    pub fn ended_stage_undo(&self) -> Option<OffsetDateTime> {
        self.undoes.filter(|_| self.what == UNDO && self.stage.is_some())
    }

    /// The line without its end; a place outside the home folder is `owner`'s.
    #[must_use]
    pub fn line(mut self, owner: &Owner) -> String {
        if let Place::Outside { owner: of, .. } = &mut self.place {
            of.clone_from(owner);
        }
        // An entry holds only strings and times of this era: there is nothing in it that JSON cannot say.
        serde_json::to_string(&self).unwrap_or_default()
    }

    /// The number of the request that it is about.
    #[must_use]
    pub fn request(&self) -> Option<u32> {
        self.number_in(REQUESTS)
    }

    /// The number of the pair that it is about.
    #[must_use]
    pub fn pair(&self) -> Option<u32> {
        self.number_in(PAIRS)
    }

    fn number_in(&self, folder: &str) -> Option<u32> {
        let inside = self.place.in_home()?;
        inside.strip_prefix(folder).ok()?.iter().next()?.to_str()?.parse().ok()
    }

    /// What it says that a request or pair is for.
    #[must_use]
    pub fn usage(&self) -> Option<Usage> {
        Usage::named(self.usage.as_deref()?)
    }
}
