//! What was done, one JSON line an action. The journal holds no secrets: of a key it says that it was made and where.
//!
//! A line names places in the home folder relative to it, so a home that is moved, copied or restored from a backup keeps
//! its journal. A line about a place outside names the home it was written by: another home leaves that place alone.

mod entry;
mod first;

use entry::VERSION;
pub use entry::{Entry, Owner, Place, Stay, Undo};

/// What the journal of a home folder says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journal {
    /// What was done, oldest first.
    pub entries: Vec<Entry>,
    /// The lines that cannot be read, counted from 1. One that a full disk or a dead machine cut short is not among them:
    /// what it would have told of was not done yet, or is seen on the disk.
    pub damaged: Vec<usize>,
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use time::OffsetDateTime;

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
        let later = line.replace(r#"{"kind":"nothing"}"#, r#"{"kind":"revoke","serial":7}"#);
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
