//! The records of zones are put back as they were.

use std::collections::BTreeMap;

use crate::home::{Entry, Facts, RecordSet, SetChange, Undo as Back, ZoneChange};
use crate::plan::Action;
use crate::steps::zone_served::ZoneServed;
use crate::steps::zone_update::{ZoneFault, asked, compared};
use crate::text::{Message, say};

use super::runs::{chosen, standing};

/// What name servers are to be asked before the run of this number, or the last, is taken back.
#[must_use]
pub fn undo_asks(facts: &Facts, number: Option<usize>) -> Vec<RecordSet> {
    let entries = chosen(&facts.journal, number).map(|(_, entries)| entries).unwrap_or_default();
    entries.into_iter().filter_map(change_of).flat_map(asked).collect()
}

/// The sets that runs which stand published in the zone at this address, each as it was left last.
#[must_use]
pub fn published_sets(facts: &Facts, zone: &str) -> Vec<SetChange> {
    let mut sets = BTreeMap::new();
    let changes = standing(&facts.journal).into_iter().filter(|entry| facts.reach(&entry.place).is_some());
    for change in changes.filter_map(change_of).filter(|change| change.url() == zone) {
        sets.extend(change.sets.iter().map(|set| ((set.name.clone(), set.kind.clone()), set.clone())));
    }
    sets.into_values().filter(|set| !set.after.is_empty()).collect()
}

/// Whether a run published records, and it stands.
#[must_use]
pub fn is_published(facts: &Facts) -> bool {
    standing(&facts.journal).iter().any(|entry| entry.what == ZoneServed::NAME)
}

pub(super) fn change_of(entry: &Entry) -> Option<&ZoneChange> {
    match &entry.undo {
        Back::DnsUpdate(change) => Some(change),
        _ => None,
    }
}

/// What puts the records of `entries` back, as far as nobody changed them since, and what stays.
pub(super) fn zones_back(facts: &Facts, entries: &[&Entry]) -> (Vec<Action>, Vec<Message>) {
    let (mut actions, mut stays) = (Vec::new(), Vec::new());
    // What was done last is taken back first.
    for (entry, change) in entries.iter().rev().filter_map(|entry| Some((entry, change_of(entry)?))) {
        if facts.reach(&entry.place).is_none() {
            stays.push(say("undo-elsewhere").with("file", entry.place.shown(&facts.home)));
            continue;
        }
        let mut sets = Vec::new();
        for set in &change.sets {
            match state(facts, change, set) {
                State::After => sets.push(set.clone()),
                State::Before => {}
                State::Other => {
                    let kept =
                        say("undo-records-changed").with("name", set.name.clone()).with("type", set.kind.clone());
                    stays.push(kept);
                }
            }
        }
        if !sets.is_empty() {
            let back = ZoneChange { sets, ..change.clone() }.back();
            actions.extend([Action::zone_update(back.clone()), Action::zone_served(back)]);
        }
    }
    (actions, stays)
}

/// How the records of a set stand.
enum State {
    /// As the run left them, or nobody knows: the server is told only where they are.
    After,
    /// As they were before.
    Before,
    /// Somebody changed them since.
    Other,
}

fn state(facts: &Facts, change: &ZoneChange, set: &SetChange) -> State {
    let one = ZoneChange { sets: vec![set.clone()], ..change.clone() };
    let holds = |wanted: &ZoneChange| compared(wanted, &facts.records).map(|missing| missing.sets.is_empty());
    match (holds(&one), holds(&one.back())) {
        (Err(ZoneFault::Alias(..)), _) => State::Other,
        (Err(_) | Ok(true), _) | (_, Err(_)) => State::After,
        (_, Ok(true)) => State::Before,
        _ => State::Other,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use time::OffsetDateTime;

    use super::*;
    use crate::edge::RecordData;
    use crate::home::{LookupError, Place, RecordLook, SeenData, SeenRecord, ZoneRecord};
    use crate::steps::zone_update::ZoneUpdate;

    fn record(address: &str) -> ZoneRecord {
        ZoneRecord { ttl: 60, data: RecordData::Address(address.parse().unwrap()) }
    }

    /// What comes of taking back a change from one address to another, where the server now answers this.
    fn back(seen: Result<&[&str], LookupError>) -> (Vec<Vec<SetChange>>, Vec<String>) {
        let set = SetChange {
            name: "a.example".to_owned(),
            kind: "A".to_owned(),
            before: vec![record("192.0.2.1")],
            after: vec![record("192.0.2.2")],
        };
        let server = "192.0.2.53:53".parse().unwrap();
        let change = ZoneChange { zone: "example".to_owned(), server, key_file: "/key".into(), sets: vec![set] };
        let home = Path::new("/home/edge");
        let mut facts = Facts::unseen(home, Path::new("/"), OffsetDateTime::UNIX_EPOCH);
        let place = Place::of(Path::new(&change.url()), home);
        let epoch = OffsetDateTime::UNIX_EPOCH;
        let told =
            Entry { undo: Back::DnsUpdate(change.clone()), ..Entry::new("change", "dns-update", place, epoch, epoch) };
        let told: Entry = serde_json::from_str(&told.line(&facts.owner)).expect("it reads back");
        let record = |address: &&str| SeenRecord { data: SeenData::Record(record(address).data), ttl: 60 };
        let primary = Some(seen.map(|seen| seen.iter().map(record).collect()));
        let look = |set| RecordLook {
            set,
            servers: Err(LookupError::NoZone),
            primary: primary.clone(),
            resolver: Ok(vec![]),
            proof: None,
        };
        facts.records = asked(&change).map(look).collect();
        let (actions, stays) = zones_back(&facts, &[&told]);
        let sets = actions.iter().filter_map(|action| Some(action.as_a::<ZoneUpdate>()?.change.sets.clone()));
        (sets.collect(), stays.into_iter().map(|said| said.key.into_owned()).collect())
    }

    #[test]
    fn records_are_put_back_where_they_are_as_the_run_left_them() {
        let (sets, stays) = back(Ok(&["192.0.2.2"]));
        assert_eq!((&sets[0][0].before, &sets[0][0].after), (&vec![record("192.0.2.2")], &vec![record("192.0.2.1")]));
        assert_eq!(stays, Vec::<String>::new());
    }

    #[test]
    fn what_somebody_changed_since_stays_and_what_is_as_before_needs_nothing() {
        assert_eq!(back(Ok(&["192.0.2.3"])), (vec![], vec!["undo-records-changed".to_owned()]));
        assert_eq!(back(Ok(&["192.0.2.1", "192.0.2.2"])), (vec![], vec!["undo-records-changed".to_owned()]));
        assert_eq!(back(Ok(&["192.0.2.1"])), (vec![], vec![]));
    }

    #[test]
    fn where_the_server_does_not_answer_it_is_told_all_the_same() {
        assert_eq!(back(Err(LookupError::Late)).0.len(), 1, "it does nothing where something else is there");
    }
}
