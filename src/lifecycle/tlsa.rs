//! Keys that partners know by TLSA records: the next one is published before it is switched to, and switched to when nobody
//! remembers the records without it; then the old one goes (RFC 6698 A.4, RFC 7671 8.1). What was published when stands in the
//! journal.

use std::collections::{BTreeMap, BTreeSet};

use time::{Duration, OffsetDateTime};

use crate::edge::{Deployment, RecordData, Usage, records, tlsa_name};
use crate::home::{Entry, Facts, Pair, Place, SetChange};
use crate::pki::Certificate;
use crate::pki::digest::sha256;
use crate::pki::request::public_key_in;
use crate::problem::{Code, Problem, Severity};
use crate::steps::zone_served::ZoneServed;

use super::proof::{KeyPlace, shown};
use super::zone_back::change_of;

/// How long name servers may take to fetch a zone from the one that was told.
const TRANSFER: Duration = Duration::minutes(1);

/// The SHA-256 of the keys that partners may meet: of the one in use, then of those that wait for their certificate, or have it
/// and were gone back from. None before there is one in use: nobody here knows what is served until then.
#[must_use]
pub fn shown_keys(facts: &Facts) -> Vec<Vec<u8>> {
    let Some(used) = facts.current(Usage::External) else { return Vec::new() };
    let is_to_come = |number: u32, usage: Option<Usage>| used.number < number && usage != Some(Usage::Internal);
    let requests = facts.requests.iter().filter(|one| is_to_come(one.number, facts.usage_of_request(one.number)));
    let pairs = facts.pairs.iter().filter(|one| is_to_come(one.number, facts.usage_of_pair(one.number)));
    let key = |pair: &Pair| pair.certificate.as_ref().map(|leaf| leaf.public_key.clone());
    let to_come = requests.filter_map(|request| public_key_in(&request.pem)).chain(pairs.filter_map(key));
    let used = key(used);
    let mut keys: Vec<Vec<u8>> = Vec::new();
    for key in used.into_iter().chain(to_come).map(|key| sha256(&key)) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// Whether a key can be switched to.
#[derive(Debug, PartialEq, Eq)]
enum Readiness {
    /// No run published any key: nobody looks for it.
    Free,
    /// Others are published.
    Unpublished,
    /// Nobody knows what is: name servers refused the last change, or its answer was lost.
    Unproved,
    /// It is published, and from then on nobody remembers the records without it.
    From(OffsetDateTime),
}

/// What keeps the switch to `leaf` from being made, or is to be known of it. What stands in the DNS counts, whether it is asked for
/// still or not.
pub(super) fn of_switch(
    leaf: &Certificate,
    key: KeyPlace,
    usage: Usage,
    deployment: &Deployment,
    facts: &Facts,
) -> Option<Problem> {
    let name = tlsa_name(deployment.edge.host.as_ref().filter(|_| usage == Usage::External)?);
    if facts.current(usage).is_none_or(|pair| pair.has_key(&leaf.public_key)) {
        return None;
    }
    // One that comes along cannot be published before it.
    let origin = if key == KeyPlace::IssuedBundle { "given" } else { "asked" };
    let readiness = readiness(facts, &name, &sha256(&leaf.public_key));
    if readiness == Readiness::Free {
        let is_by_hand = |zone: &str| deployment.dns.publication.of(zone).is_none();
        let by_hand = records(deployment).iter().any(|record| record.name == name && is_by_hand(&record.zone));
        return by_hand.then(|| Problem::warning(Code::TlsaByHand, "").with("name", name));
    }
    // Whoever wants none any more cannot have proved what no server may ever have taken.
    if readiness == Readiness::Unproved && deployment.dns.keys.is_none() {
        return None;
    }
    readiness.problem(&name, origin, facts.now)
}

/// The same of a pair that is gone back to: who goes back is in a hurry, and decides himself about what will be right by itself.
pub(super) fn of_return(pair: &Pair, facts: &Facts) -> Vec<Problem> {
    let Some(leaf) = &pair.certificate else { return Vec::new() };
    let names: BTreeSet<&str> = published(facts).iter().map(|one| one.set.name.as_str()).collect();
    let key = sha256(&leaf.public_key);
    let known = names.into_iter().map(|name| (name, readiness(facts, name, &key)));
    let known = known.filter(|(_, readiness)| *readiness != Readiness::Unproved);
    let problems = known.filter_map(|(name, readiness)| readiness.problem(name, "back", facts.now));
    problems.map(|problem| Problem { severity: severity_of_return(problem.code), ..problem }).collect()
}

fn severity_of_return(code: Code) -> Severity {
    if code == Code::TlsaEarly { Severity::Warning } else { Severity::Error }
}

impl Readiness {
    /// What keeps a key from being switched to, which comes from there.
    fn problem(&self, name: &str, origin: &'static str, now: OffsetDateTime) -> Option<Problem> {
        let problem = match *self {
            Readiness::Free => return None,
            Readiness::Unpublished | Readiness::Unproved => Problem::error(Code::TlsaUnpublished, ""),
            Readiness::From(time) if now < time => {
                Problem::error(Code::TlsaEarly, "").with("date", shown(time + Duration::minutes(1)))
            }
            Readiness::From(_) => return None,
        };
        Some(problem.with("name", name).with("key", origin))
    }
}

/// Whether the key of `leaf` is what stands in the DNS, and nothing else.
pub(super) fn is_published_alone(leaf: &Certificate, deployment: &Deployment, facts: &Facts) -> bool {
    let name = deployment.edge.host.as_ref().map(tlsa_name);
    let changes = published(facts);
    let last = changes.iter().rfind(|one| Some(&one.set.name) == name.as_ref());
    let key = RecordData::of_key(&sha256(&leaf.public_key));
    last.is_some_and(|one| one.set.after.len() == 1 && one.set.after[0].data == key)
}

/// What is published that is not of the keys in use and to come.
pub(super) fn of_keys_published(facts: &Facts) -> Vec<Problem> {
    let keys: Vec<RecordData> = shown_keys(facts).iter().map(|key| RecordData::of_key(key)).collect();
    let behind = |(name, set): (&str, &SetChange)| {
        let is_there = |key: &RecordData| set.after.iter().any(|record| record.data == *key);
        let is_excluded = keys.first().is_some_and(|used| !is_there(used));
        let state = match keys.iter().all(is_there) {
            _ if is_excluded => "excluded",
            false => "to-come",
            true if set.after.len() > keys.len() => "gone",
            true => return None,
        };
        let problem = Problem::error_if(is_excluded, Code::TlsaBehind, "");
        Some(problem.with("name", name).with("state", state))
    };
    let changes = published(facts);
    let last: BTreeMap<&str, &SetChange> = changes.iter().map(|one| (one.set.name.as_str(), one.set)).collect();
    last.into_iter().filter(|(_, set)| !set.after.is_empty()).filter_map(behind).collect()
}

/// Whether a run changed a set of keys to this, and nobody knows whether its name servers answer with it.
#[must_use]
pub fn is_unproved(facts: &Facts, set: &SetChange) -> bool {
    let records = |set: &SetChange| set.after.iter().cloned().collect::<BTreeSet<_>>();
    let changes = if set.kind == "TLSA" { published(facts) } else { Vec::new() };
    let last = changes.iter().rfind(|one| one.set.name == set.name);
    last.is_some_and(|one| one.proved.is_none() && records(one.set) == records(set))
}

fn readiness(facts: &Facts, name: &str, key: &[u8]) -> Readiness {
    let record = RecordData::of_key(key);
    let has_it = |set: &SetChange| set.after.iter().any(|other| other.data == record);
    let changes = published(facts);
    let of_name = || changes.iter().rev().filter(|one| one.set.name == name);
    match of_name().next() {
        None => return Readiness::Free,
        Some(Published { proved: None, .. }) => return Readiness::Unproved,
        Some(Published { set, .. }) if set.after.is_empty() => return Readiness::Free,
        Some(_) => {}
    }
    let proved = of_name().filter_map(|one| Some((one.proved?, one.set)));
    proved.take_while(|(_, set)| has_it(set)).last().map_or(Readiness::Unpublished, |(time, set)| {
        let remembered = set.before.iter().map(|record| i64::from(record.ttl)).max().unwrap_or_default();
        Readiness::From(time + TRANSFER + Duration::seconds(remembered))
    })
}

/// A change of TLSA records, also by a run that was taken back, or took one back: what was there then is remembered all the same.
struct Published<'a> {
    set: &'a SetChange,
    /// When the zone's name servers answered with it. None where nobody knows whether they do.
    proved: Option<OffsetDateTime>,
}

/// All of them, in order.
fn published(facts: &Facts) -> Vec<Published<'_>> {
    let entries = &facts.journal.entries;
    let mut all = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        let Some(change) = change_of(entry) else { continue };
        let sets: Vec<&SetChange> = change.sets.iter().filter(|set| set.kind == "TLSA").collect();
        if sets.is_empty() {
            continue;
        }
        let later = entries[place + 1..].iter().filter(|later| zone_of(later) == Some(&*change.zone));
        let mut until_the_next = later.take_while(|later| change_of(later).is_none());
        let proved = until_the_next.find(|later| later.what == ZoneServed::PROVED).map(|proof| proof.time);
        all.extend(sets.into_iter().map(|set| Published { set, proved }));
    }
    all
}

/// The zone that an entry is about, by whichever server.
fn zone_of(entry: &Entry) -> Option<&str> {
    match &entry.place {
        Place::Outside { path, .. } => Some(path.strip_prefix("dns://")?.split_once('/')?.1),
        Place::Home { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::home::{Undo, ZoneChange, ZoneRecord};

    const NAME: &str = "_5269._tcp.xmpp.example";

    /// Facts after runs that published these keys, one after the other, ten minutes apart, and proved it.
    fn facts(published: &[&[u8]]) -> Facts {
        let home = Path::new("/home/edge");
        let mut facts = Facts::unseen(home, Path::new("/"), OffsetDateTime::UNIX_EPOCH);
        let set =
            |keys: &[u8]| keys.iter().map(|key| ZoneRecord { ttl: 300, data: RecordData::of_key(&[*key]) }).collect();
        let mut before: Vec<ZoneRecord> = Vec::new();
        for (nth, keys) in (1..).zip(published) {
            let after: Vec<ZoneRecord> = set(keys);
            let sets = vec![SetChange { name: NAME.to_owned(), kind: "TLSA".to_owned(), before, after: after.clone() }];
            before = after;
            let server = "192.0.2.53:53".parse().unwrap();
            let change = ZoneChange { zone: "example".to_owned(), server, key_file: "/key".into(), sets };
            let time = OffsetDateTime::UNIX_EPOCH + Duration::minutes(10) * nth;
            let place = Place::of(Path::new(&change.url()), home);
            let entry = Entry {
                undo: Undo::DnsUpdate(change),
                ..Entry::new("change", "dns-update", place.clone(), time, time)
            };
            facts.journal.entries.push(entry);
            facts.journal.entries.push(Entry::new("run", ZoneServed::PROVED, place, time, time));
        }
        facts
    }

    /// Seconds after the epoch.
    fn at(seconds: i64) -> Readiness {
        Readiness::From(OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds))
    }

    #[test]
    fn a_key_is_ready_when_nobody_remembers_the_records_without_it() {
        let ready = |published: &[&[u8]], key: u8| readiness(&facts(published), NAME, &[key]);
        assert_eq!(ready(&[], 1), Readiness::Free);
        assert_eq!(ready(&[b"\x01", b""], 2), Readiness::Free, "they are gone");
        assert_eq!(ready(&[b"\x01"], 2), Readiness::Unpublished);
        assert_eq!(ready(&[b"\x01", b"\x01\x02"], 2), at(1200 + 60 + 300));
        assert_eq!(
            ready(&[b"\x01", b"\x01\x02", b"\x02\x03"], 2),
            at(1200 + 60 + 300),
            "what came since changes nothing"
        );
        assert_eq!(ready(&[b"\x01\x02", b"\x01", b"\x01\x02"], 2), at(1800 + 60 + 300), "it was away meanwhile");
        assert_eq!(ready(&[b"\x01"], 1), at(600 + 60), "before it there was nothing to remember");
        assert_eq!(readiness(&facts(&[b"\x01"]), "_5269._tcp.other.example", &[2]), Readiness::Free);
    }

    #[test]
    fn what_nobody_knows_to_be_published_is_not_ready() {
        let mut facts = facts(&[b"\x01", b"\x01\x02"]);
        facts.journal.entries.pop();
        assert_eq!(readiness(&facts, NAME, &[2]), Readiness::Unproved);
        let last = published(&facts)[1].set.clone();
        assert!(is_unproved(&facts, &last));
        assert!(!is_unproved(&facts, &SetChange { after: Vec::new(), ..last.clone() }), "that is no proof of it");
        // A later run asks them.
        let later = OffsetDateTime::UNIX_EPOCH + Duration::hours(1);
        let place = facts.journal.entries[0].place.clone();
        facts.journal.entries.push(Entry::new("run", ZoneServed::PROVED, place, later, later));
        assert_eq!(readiness(&facts, NAME, &[2]), at(3600 + 60 + 300));
        assert!(!is_unproved(&facts, &last));
    }

    #[test]
    fn records_of_keys_that_nobody_shows_any_more_are_told() {
        let told: Vec<_> = of_keys_published(&facts(&[b"\x01"])).into_iter().map(|problem| problem.code).collect();
        assert_eq!(told, [Code::TlsaBehind]);
        assert_eq!(of_keys_published(&facts(&[b"\x01", b""])), []);
    }
}
