//! Version 1 of the journal, which named every place by its absolute path, as it was spelt.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use time::OffsetDateTime;

use super::entry::{Entry, Owner, Place, Stay, Undo};
use crate::edge::Usage;
use crate::home::layout::{ANSWERS, PAIRS, REQUESTS};

/// One line of version 1.
#[derive(Deserialize)]
struct Line {
    #[serde(with = "time::serde::rfc3339")]
    time: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    run: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option", default)]
    undoes: Option<OffsetDateTime>,
    kind: String,
    what: String,
    target: String,
    sha256: Option<String>,
    before: Option<String>,
    usage: Option<String>,
    to: Option<String>,
    was: Option<String>,
}

/// Every path that the home folder of a journal was called by, seen by what always lay in it.
pub(super) fn homes(journal: &str) -> BTreeSet<PathBuf> {
    let lines = journal.lines().filter(|line| line.contains("\"target\""));
    lines.filter_map(|line| serde_json::from_str::<Line>(line).ok()).filter_map(|line| home_of(&line)).collect()
}

fn home_of(line: &Line) -> Option<PathBuf> {
    let target = Path::new(&line.target);
    let above = |levels: usize| target.ancestors().nth(levels);
    let is_numbered = |path: &Path| {
        let (folder, number) = (path.parent().and_then(Path::file_name), path.file_name());
        number.and_then(|number| number.to_str()).is_some_and(|number| number.parse::<u32>().is_ok())
            && folder.is_some_and(|folder| folder == REQUESTS || folder == PAIRS)
    };
    let home = match line.what.as_str() {
        "undo" => Some(target),
        "link" if Usage::ALL.iter().any(|usage| target.ends_with(usage.link())) => above(1),
        "key" | "request" if above(1).is_some_and(is_numbered) => above(3),
        "file" if target.ends_with(ANSWERS) => above(1),
        _ => None,
    };
    home.filter(|home| home.is_absolute()).map(Path::to_owned)
}

/// The entry that a line of version 1 means; `homes` are what the home folder was called.
pub(super) fn entry(line: &str, homes: &BTreeSet<PathBuf>) -> Option<Entry> {
    let line: Line = serde_json::from_str(line).ok()?;
    let target = Path::new(&line.target);
    // A home in a home is nearer.
    let home = homes.iter().filter(|home| target.starts_with(home)).max_by_key(|home| home.components().count());
    let place = match (home, homes.iter().next_back()) {
        (Some(home), _) => Place::of(target, home),
        (None, Some(home)) => match Place::of(target, home) {
            Place::Outside { path, .. } => Place::Outside { path, owner: Owner::new("", "", home) },
            inside @ Place::Home { .. } => inside,
        },
        (None, None) => Place::Outside { path: line.target.clone(), owner: Owner::default() },
    };
    // Modes were not written down: files in the home folder were their owner's alone, others everybody's to read.
    let mode = if place.in_home().is_some() { "0600" } else { "0644" };
    let undo = match (line.what.as_str(), line.kind.as_str()) {
        ("link", _) => Undo::Point { to: line.was },
        ("file" | "request-copy", "create") => Undo::Remove,
        ("file" | "request-copy", _) => Undo::Restore { mode: Some(mode.to_owned()), owner: None },
        _ => Undo::Nothing,
    };
    Some(with_stay(Entry {
        undoes: line.undoes,
        sha256: line.sha256,
        before: line.before,
        usage: line.usage,
        to: line.to,
        undo,
        ..Entry::new(&line.kind, &line.what, place, line.run, line.time)
    }))
}

/// The entry with the reason why it stays, which the first lines of version 2 did not say either.
pub(super) fn with_stay(entry: Entry) -> Entry {
    let why = match entry.what.as_str() {
        "key" => Stay::Key,
        "request" => Stay::Request,
        "pfx" => Stay::Pfx,
        _ => return entry,
    };
    if entry.undo == Undo::Nothing { Entry { undo: Undo::Stays { why }, ..entry } } else { entry }
}

#[cfg(test)]
mod tests {
    use crate::home::{Journal, Place, Stay, Undo};

    fn line(what: &str, target: &str) -> String {
        let time = "2026-11-24T10:00:00Z";
        format!(r#"{{"time":"{time}","run":"{time}","kind":"create","what":"{what}","target":"{target}"}}"#)
    }

    #[test]
    fn every_spelling_of_a_home_is_the_same_home() {
        let lines = [
            line("folder", "/srv/home/requests"),
            line("key", "/srv/home/requests/1/key.pem"),
            line("file", "/srv/sub/../home/pairs/1/cert.pem"),
            line("link", "/srv/sub/../home/current"),
            line("file", "/etc/systemd/system/edgewright-status.timer"),
        ];
        let places: Vec<Place> =
            Journal::read(&lines.join("\n")).entries.into_iter().map(|entry| entry.place).collect();
        for (place, inside) in places.iter().zip(["requests", "requests/1/key.pem", "pairs/1/cert.pem", "current"]) {
            assert_eq!(*place, Place::inside(inside));
        }
        assert!(matches!(places[4], Place::Outside { .. }));
    }

    #[test]
    fn what_takes_a_line_back_follows_from_its_words() {
        let home = r#"{"time":"2026-11-24T10:00:00Z","run":"2026-11-24T10:00:00Z","kind":"create","what":"file","target":"/home/edge/answers.toml"}"#;
        let restore = |mode: &str| Undo::Restore { mode: Some(mode.to_owned()), owner: None };
        for (line, undo) in [
            (r#""kind":"create","what":"file","target":"/home/edge/out/a""#, Undo::Remove),
            (r#""kind":"change","what":"file","target":"/home/edge/out/a""#, restore("0600")),
            (r#""kind":"remove","what":"file","target":"/home/edge/out/a""#, restore("0600")),
            (r#""kind":"change","what":"request-copy","target":"/root/edge.req""#, restore("0644")),
            (r#""kind":"create","what":"folder","target":"/home/edge""#, Undo::Nothing),
            (
                r#""kind":"create","what":"key","target":"/home/edge/requests/1/key.pem""#,
                Undo::Stays { why: Stay::Key },
            ),
            (r#""kind":"create","what":"pfx","target":"/root/edge.pfx""#, Undo::Stays { why: Stay::Pfx }),
            (
                r#""kind":"change","what":"link","target":"/home/edge/current","to":"pairs/2","was":"pairs/1""#,
                Undo::Point { to: Some("pairs/1".to_owned()) },
            ),
        ] {
            let line = format!(r#"{{"time":"2026-11-24T10:00:00Z","run":"2026-11-24T10:00:00Z",{line}}}"#);
            assert_eq!(Journal::read(&format!("{home}\n{line}")).entries[1].undo, undo, "{line}");
        }
    }
}
