//! The records of a zone are changed by its name server (RFC 2136): as a whole or not at all, and only where what was seen is
//! still there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::edge::{Publication, Publisher, Record};
use crate::home::{
    Facts, LookupError, RecordLook, RecordSet, SeenData, SeenRecord, SetChange, Undo, ZoneChange, ZoneRecord,
};
use crate::plan::{Action, Change, Done, Executor, Step, Undone, diff};
use crate::problem::{Code, Problem};
use crate::system::World;
use crate::system::update::UpdateError;
use crate::text::{Message, say};

/// What the journal calls a change of a zone.
const NAME: &str = "dns-update";

/// Tells the zone's server.
#[derive(Debug, PartialEq)]
pub struct ZoneUpdate {
    /// What changes; nothing where all is there.
    pub change: ZoneChange,
}

/// A zone whose server did not say what it holds, so that nobody can say what changes there, nor take it back.
#[derive(Debug, PartialEq)]
pub struct ZoneUnseen {
    zone: String,
    fault: ZoneFault,
}

/// Why it cannot be told what changes in a zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoneFault {
    /// Nobody asked its server yet.
    Unasked,
    /// Its server gave no answer.
    Unanswered(LookupError),
    /// A name is an alias of another, beside which nothing can be.
    Alias(String, String),
}

impl Action {
    /// Has the zone's server make `change`; keeps it where that says nothing.
    #[must_use]
    pub fn zone_update(change: ZoneChange) -> Self {
        let kind = if change.sets.is_empty() { Change::Keep } else { Change::Change };
        Action::new(kind, PathBuf::from(change.url()), ZoneUpdate { change })
    }

    /// Stands for the change of a zone that cannot be made yet.
    #[must_use]
    pub fn zone_unseen(wanted: ZoneChange, fault: ZoneFault) -> Self {
        Action::new(Change::Change, PathBuf::from(wanted.url()), ZoneUnseen { zone: wanted.zone, fault })
    }
}

/// The zones that are published, each with everything that `wanted` has in it: nothing is seen of it yet.
#[must_use]
pub fn published(wanted: &[Record], publication: &Publication) -> Vec<ZoneChange> {
    let mut zones: Vec<ZoneChange> = Vec::new();
    let mut places: BTreeMap<(&str, &str, &str), (usize, usize)> = BTreeMap::new();
    for record in wanted {
        let Some(Publisher { server, key_file }) = publication.of(&record.zone) else { continue };
        let (name, kind) = (record.name.as_str(), record.data.kind());
        let (zone, set) = *places.entry((&record.zone, name, kind)).or_insert_with(|| {
            let zone = zones.iter().position(|change| change.zone == record.zone).unwrap_or_else(|| {
                let zone = record.zone.clone();
                zones.push(ZoneChange { zone, server: *server, key_file: key_file.clone(), sets: Vec::new() });
                zones.len() - 1
            });
            let set = SetChange { name: name.to_owned(), kind: kind.to_owned(), before: Vec::new(), after: Vec::new() };
            zones[zone].sets.push(set);
            (zone, zones[zone].sets.len() - 1)
        });
        zones[zone].sets[set].after.push(ZoneRecord { ttl: record.ttl, data: record.data.clone() });
    }
    zones
}

/// What has to be asked for to tell what `change` comes to.
pub fn asked(change: &ZoneChange) -> impl Iterator<Item = RecordSet> {
    let kind = |set: &SetChange| ["A", "AAAA", "SRV", "TLSA"].into_iter().find(|kind| *kind == set.kind);
    let server = change.server;
    let set =
        move |set: &SetChange| Some(RecordSet { name: set.name.clone(), kind: kind(set)?, primary: Some(server) });
    change.sets.iter().filter_map(set)
}

/// What of `wanted` its server does not hold yet, with what that holds instead.
///
/// # Errors
/// What keeps it from being told.
pub fn compared(wanted: &ZoneChange, looks: &[RecordLook]) -> Result<ZoneChange, ZoneFault> {
    let mut sets = Vec::new();
    for set in &wanted.sets {
        let seen = look_of(wanted, set, looks).and_then(|look| look.primary.as_ref()).ok_or(ZoneFault::Unasked)?;
        let seen = seen.as_ref().map_err(|error| ZoneFault::Unanswered(error.clone()))?;
        let mut before = Vec::new();
        for SeenRecord { ttl, data } in seen {
            match data {
                SeenData::Record(data) => before.push(ZoneRecord { ttl: *ttl, data: data.clone() }),
                SeenData::Alias(target) => return Err(ZoneFault::Alias(set.name.clone(), target.clone())),
            }
        }
        if !are_same(&before, &set.after) {
            sets.push(SetChange { before, ..set.clone() });
        }
    }
    Ok(ZoneChange { sets, ..wanted.clone() })
}

/// The name servers of the zone that answer, and otherwise than `wanted`.
#[must_use]
pub fn lagging(wanted: &ZoneChange, looks: &[RecordLook]) -> BTreeSet<String> {
    let lags = |set: &SetChange| {
        let answers = look_of(wanted, set, looks).and_then(|look| look.servers.as_ref().ok());
        let is_other = |seen: &[SeenRecord]| {
            let records = seen.iter().map(|seen| match &seen.data {
                SeenData::Record(data) => Some(ZoneRecord { ttl: seen.ttl, data: data.clone() }),
                SeenData::Alias(_) => None,
            });
            records.collect::<Option<Vec<_>>>().is_none_or(|records| !are_same(&records, &set.after))
        };
        let other = move |(name, answer): &(String, Result<Vec<SeenRecord>, LookupError>)| {
            answer.as_ref().is_ok_and(|seen| is_other(seen)).then(|| name.clone())
        };
        answers.into_iter().flatten().filter_map(other).collect::<Vec<_>>()
    };
    wanted.sets.iter().flat_map(lags).collect()
}

fn look_of<'a>(change: &ZoneChange, set: &SetChange, looks: &'a [RecordLook]) -> Option<&'a RecordLook> {
    let is_it = |look: &&RecordLook| {
        look.set.primary == Some(change.server) && look.set.name == set.name && look.set.kind == set.kind
    };
    looks.iter().find(is_it)
}

fn are_same(one: &[ZoneRecord], other: &[ZoneRecord]) -> bool {
    one.iter().collect::<BTreeSet<_>>() == other.iter().collect::<BTreeSet<_>>()
}

impl Step for ZoneUpdate {
    fn name(&self) -> &'static str {
        NAME
    }

    fn what(&self, _: &Path) -> Message {
        say("action-dns-update").with("zone", self.change.zone.clone())
    }

    fn diff(&self) -> String {
        let lines: Vec<[String; 2]> = self.change.sets.iter().map(SetChange::lines).collect();
        let [before, after] = [0, 1].map(|side| lines.iter().map(|lines| lines[side].as_str()).collect::<String>());
        diff(&before, &after)
    }

    fn problem(&self, _: &Action, _: &Facts) -> Option<Problem> {
        None
    }

    fn failure(&self) -> Code {
        Code::ZoneFailed
    }

    fn perform(&self, _: &Action, _: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        let key = world.reader().read_tsig(&self.change.key_file).map_err(|fault| {
            let file = self.change.key_file.to_string_lossy().into_owned();
            say("reason-tsig").with("file", file).with("reason", fault.reason())
        })?;
        match world.update(&self.change, &key) {
            // What was sent by a run that was cut off may have been done.
            Err(UpdateError::Changed) if holds(&self.change, world) => Ok(Done::Made),
            Err(UpdateError::Changed) if holds(&self.change.back(), world) => {
                Err(UpdateError::Wildcard.reason().into())
            }
            Err(error) => Err(error.reason().into()),
            Ok(()) => Ok(Done::Made),
        }
    }

    fn is_told_first(&self) -> bool {
        true
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::DnsUpdate(self.change.clone())
    }
}

impl Step for ZoneUnseen {
    fn name(&self) -> &'static str {
        NAME
    }

    fn what(&self, _: &Path) -> Message {
        say("action-dns-update").with("zone", self.zone.clone())
    }

    fn problem(&self, _: &Action, _: &Facts) -> Option<Problem> {
        None
    }

    fn failure(&self) -> Code {
        Code::ZoneFailed
    }

    fn perform(&self, _: &Action, _: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        // Whoever runs dry may plan where no name server can be reached.
        let is_dry = world.trial().is_some();
        if is_dry { Ok(Done::Made) } else { Err(self.fault.reason().into()) }
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::Nothing
    }
}

impl ZoneFault {
    /// The same in words.
    #[must_use]
    pub fn reason(&self) -> Message {
        match self {
            ZoneFault::Unasked => say("reason-zone-unasked"),
            ZoneFault::Unanswered(error) => error.reason(),
            ZoneFault::Alias(name, target) => {
                say("reason-zone-alias").with("name", name.clone()).with("target", target.clone())
            }
        }
    }
}

/// Whether the zone's server answers with what is there after `change`.
fn holds(change: &ZoneChange, world: &dyn World) -> bool {
    let looks = world.records(&asked(change).collect::<Vec<_>>()).unwrap_or_default();
    compared(change, &looks).is_ok_and(|missing| missing.sets.is_empty())
}
