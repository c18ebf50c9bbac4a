//! What was done, one JSON line an action. The journal holds no secrets: of a key it says that it was made and where.
//!
//! A line names places in the home folder relative to it, so a home that is moved, copied or restored from a backup keeps
//! its journal. A line about a place outside names the home it was written by: another home leaves that place alone.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::layout::{PAIRS, REQUESTS};
use super::octets::{path_of, text_of};
use crate::edge::Usage;

mod first;

/// The version that is written.
const VERSION: u32 = 2;
/// What the last entry of a run that took another back is about.
const UNDO: &str = "undo";

/// What the journal of a home folder says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journal {
    /// What was done, oldest first.
    pub entries: Vec<Entry>,
    /// The lines that cannot be read, counted from 1. One that a full disk or a dead machine cut short is not among them:
    /// what it would have told of was not done yet, or is seen on the disk.
    pub damaged: Vec<usize>,
}

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
    /// What was made: `folder`, `key`, `request`, `request-copy`, `file`, `link`, `pfx`, `undo`.
    pub what: String,
    /// Where.
    pub place: Place,
    /// SHA-256 of the content written; none for a folder, a key, a link or a PFX.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<String>,
    /// SHA-256 of the content it replaced, which is kept under `before/` with this name.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<String>,
    /// What a request or a pair is for: `external` or `internal`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub usage: Option<String>,
    /// Where a link leads, as the link says it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to: Option<String>,
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

impl Journal {
    /// Reads a journal of any version.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut journal = Journal::default();
        let homes = first::homes(text);
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match serde_json::from_str(line).map(|entry: Entry| (entry.v == VERSION).then_some(entry)) {
                Ok(Some(entry)) => journal.entries.push(first::with_stay(entry)),
                Err(error) if error.is_eof() => {}
                _ => match first::entry(line, &homes) {
                    Some(entry) => journal.entries.push(entry),
                    None => journal.damaged.push(index + 1),
                },
            }
        }
        journal
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
            usage: None,
            to: None,
            undo: Undo::Nothing,
        }
    }

    /// The last entry of a run that took back the one begun at `undone`.
    #[must_use]
    pub fn undone(undone: OffsetDateTime, run: OffsetDateTime, now: OffsetDateTime) -> Self {
        Entry { undoes: Some(undone), ..Entry::new("run", UNDO, Place::inside(""), run, now) }
    }

    /// The run that this entry says was taken back to its end.
    #[must_use]
    pub fn ended_undo(&self) -> Option<OffsetDateTime> {
        self.undoes.filter(|_| self.what == UNDO)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::Facts;

    fn read(text: &str) -> Journal {
        Journal::read(text)
    }

    fn facts(home: &str) -> Facts {
        let mut facts = Facts::unseen(Path::new(home), Path::new("/"), OffsetDateTime::UNIX_EPOCH);
        facts.owner = Owner::new("id", "machine", Path::new(home));
        facts
    }

    fn made(place: Place) -> Entry {
        Entry::new("create", "file", place, OffsetDateTime::UNIX_EPOCH, OffsetDateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_line_is_as_the_contract_has_it_and_reads_back() {
        let owner = Owner::new("id", "machine", Path::new("/home/edge"));
        let inside = Entry { undo: Undo::Remove, ..made(Place::inside("out/a")) };
        let line = inside.clone().line(&owner);
        assert_eq!(
            line,
            r#"{"v":2,"run":"1970-01-01T00:00:00Z","by":"person","time":"1970-01-01T00:00:00Z","kind":"create","what":"file","place":{"home":"out/a"},"undo":{"kind":"remove"}}"#
        );
        let outside = made(Place::of(Path::new("/etc/50%"), Path::new("/home/edge"))).line(&owner);
        let place = r#""place":{"path":"/etc/50%25","home_id":"id","machine_id":"machine","home_path":"/home/edge"}"#;
        assert!(outside.contains(place), "{outside}");
        let journal = read(&format!("{line}\n{outside}\n"));
        assert_eq!((journal.entries[0].clone(), journal.damaged), (inside, vec![]));
        assert_eq!(facts("/home/edge").reach(&journal.entries[1].place), Some("/etc/50%".into()));
    }

    #[test]
    fn a_place_outside_is_left_alone_by_a_copy_and_on_another_machine() {
        let path = "/etc/unit".to_owned();
        let reached = |owner: Owner| facts("/home/edge").reach(&Place::Outside { path: path.clone(), owner });
        let owner = |id: &str, machine: &str, home: &str| Owner::new(id, machine, Path::new(home));
        assert!(reached(owner("id", "machine", "/home/edge")).is_some());
        assert!(reached(owner("", "", "/home/edge")).is_some(), "version 1");
        assert_eq!(reached(owner("id", "machine", "/copy")), None);
        assert_eq!(reached(owner("id", "other", "/home/edge")), None);
        assert_eq!(reached(owner("other", "machine", "/home/edge")), None);
    }

    #[test]
    fn no_place_climbs_out_of_the_home_folder() {
        for climbs in ["../pairs/1/cert.pem", "out/../../x", "/etc/passwd", "."] {
            assert_eq!(facts("/home/edge").reach(&Place::inside(climbs)), None, "{climbs}");
        }
        let within = Place::Outside {
            path: "/home/edge/pairs/1/cert.pem".to_owned(),
            owner: Owner::new("id", "machine", Path::new("/home/edge")),
        };
        assert_eq!(facts("/home/edge").reach(&within), None);
    }

    #[test]
    fn what_a_crash_cut_short_is_passed_over_and_what_is_damaged_is_told() {
        let line = made(Place::inside("a")).line(&Owner::default());
        let journal = read(&format!("{}\n{line}\n\u{0}\u{0}{line}\n{{\"v\":3}}\n{line}", &line[..40]));
        assert_eq!((journal.entries.len(), journal.damaged), (2, vec![3, 4]));
        let later = line.replace(r#"{"kind":"nothing"}"#, r#"{"kind":"dns-update","zone":"contoso.com"}"#);
        assert_eq!(read(&later).entries[0].undo, Undo::Unknown);
    }

    /// What takes back a line of version 2 that ends so.
    fn undo_of(what: &str, undo: &str) -> Undo {
        let time = "2026-11-24T10:00:00Z";
        let line = format!(
            r#"{{"v":2,"run":"{time}","by":"person","time":"{time}","kind":"change","what":"{what}","place":{{"home":"a"}},"undo":{undo}}}"#
        );
        let journal = read(&line);
        assert_eq!(journal.damaged, Vec::<usize>::new(), "{line}");
        journal.entries[0].undo.clone()
    }

    #[test]
    fn lines_of_version_2_mean_what_they_meant_when_they_were_written() {
        let restore = |mode: Option<&str>, owner: Option<&str>| Undo::Restore {
            mode: mode.map(str::to_owned),
            owner: owner.map(str::to_owned),
        };
        let (mode, owner) = (Some("0640"), Some("12345:33"));
        for (what, undo, means) in [
            ("file", r#"{"kind":"restore"}"#, restore(None, None)),
            ("file", r#"{"kind":"restore","mode":"0640"}"#, restore(mode, None)),
            ("file", r#"{"kind":"restore","mode":"0640","owner":"12345:33"}"#, restore(mode, owner)),
            ("file", r#"{"kind":"remove"}"#, Undo::Remove),
            ("folder", r#"{"kind":"nothing"}"#, Undo::Nothing),
            // They did not say why they stay.
            ("key", r#"{"kind":"nothing"}"#, Undo::Stays { why: Stay::Key }),
            ("request", r#"{"kind":"nothing"}"#, Undo::Stays { why: Stay::Request }),
            ("pfx", r#"{"kind":"nothing"}"#, Undo::Stays { why: Stay::Pfx }),
            ("key", r#"{"kind":"stays","why":"key"}"#, Undo::Stays { why: Stay::Key }),
            ("order", r#"{"kind":"stays","why":"order"}"#, Undo::Stays { why: Stay::Unknown }),
            ("key", r#"{"kind":"revoke","serial":7}"#, Undo::Unknown),
        ] {
            assert_eq!(undo_of(what, undo), means, "{what} {undo}");
        }
    }
}
