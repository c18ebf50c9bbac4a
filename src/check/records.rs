//! Records that are wanted, each set against what is there.

use std::collections::{BTreeSet, HashMap};

use crate::edge::{Publication, Record, RecordData};
use crate::home::Lookup;
use crate::home::{RecordLook, RecordSet, SeenRecord};
use crate::text::{Message, say};

use super::lookup::is_local;

/// A wanted record, and what is there.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordCheck {
    /// What is wanted.
    pub record: Record,
    /// Whether it is there.
    pub state: RecordState,
    /// What each name server of the zone answers, a line for each record; then the system's own, where it answers otherwise.
    pub seen: Vec<(String, String)>,
    /// What is to be said of it, `record-…`, each with what to do in its attribute `hint`.
    pub findings: Vec<Message>,
}

/// Whether a wanted record is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordState {
    /// As it is wanted, alone or with others that are wanted.
    Present,
    /// The name has no record of the type, or only others that are wanted too.
    Missing,
    /// Others stand in its place.
    Different,
    /// It is there, beside others that are not wanted.
    Extra,
    /// The name servers of the zone do not answer alike.
    Disagree,
    /// Nobody answered.
    Unknown,
}

impl RecordState {
    /// All of them.
    pub const ALL: [RecordState; 6] = [
        RecordState::Present,
        RecordState::Missing,
        RecordState::Different,
        RecordState::Extra,
        RecordState::Disagree,
        RecordState::Unknown,
    ];

    /// Its name in JSON, and the end of its key `record-state-…`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RecordState::Present => "present",
            RecordState::Missing => "missing",
            RecordState::Different => "different",
            RecordState::Extra => "extra",
            RecordState::Disagree => "disagree",
            RecordState::Unknown => "unknown",
        }
    }
}

/// What has to be asked for to set `wanted` against what is there: its own sets, each once, and what was left over from before
/// there was `_xmpp-server` (RFC 3920 14.4).
#[must_use]
pub fn record_sets(wanted: &[Record], publication: &Publication) -> Vec<RecordSet> {
    let own = wanted.iter().map(|record| {
        let primary = publication.of(&record.zone).map(|publisher| publisher.server);
        RecordSet { name: record.name.clone(), kind: record.data.kind(), primary }
    });
    let old = |record: &Record| Some(RecordSet { name: old_name(&record.name)?, kind: "SRV", primary: None });
    let old = wanted.iter().filter_map(old);
    let mut seen = BTreeSet::new();
    own.chain(old).filter(|set| seen.insert((set.name.clone(), set.kind))).collect()
}

fn old_name(name: &str) -> Option<String> {
    name.strip_prefix("_xmpp-server._tcp.").map(|domain| format!("_jabber._tcp.{domain}"))
}

/// Sets each of `wanted` against what was seen, but what is not begun with.
#[must_use]
pub fn record_checks(wanted: &[Record], looks: &[RecordLook]) -> Vec<RecordCheck> {
    let looks: HashMap<(&str, &str), &RecordLook> =
        looks.iter().map(|look| ((look.set.name.as_str(), look.set.kind), look)).collect();
    let check = |record: &Record| {
        let look = looks.get(&(record.name.as_str(), record.data.kind())).filter(|look| !look.is_not_begun())?;
        let wanted: BTreeSet<String> = wanted
            .iter()
            .filter(|other| other.name == record.name && other.data.kind() == record.data.kind())
            .map(|other| other.data.presentation())
            .collect();
        let state = state(record, &wanted, look);
        let mut findings = findings(record, &wanted, look);
        let has_some = |look: &RecordLook| said(look).iter().any(|(_, answer)| !answer.is_empty());
        let old = old_name(&record.name);
        let old = old.filter(|old| looks.get(&(old.as_str(), "SRV")).is_some_and(|look| has_some(look)));
        findings.extend(old.map(|old| finding("record-jabber").with("name", old)));
        Some(RecordCheck { record: record.clone(), state, seen: seen(look), findings })
    };
    wanted.iter().filter_map(check).collect()
}

/// What the servers in charge answer, those that answer; of none what the resolver knows.
fn said(look: &RecordLook) -> Vec<(&str, BTreeSet<String>)> {
    let servers = look.servers.iter().flatten();
    let told: Vec<(&str, BTreeSet<String>)> =
        servers.filter_map(|(name, answer)| Some((name.as_str(), texts(answer.as_ref().ok()?)))).collect();
    // That there is nothing is believed of those in charge alone.
    let resolver = look.resolver.iter().filter(|records| !records.is_empty());
    if told.is_empty() { resolver.map(|records| (RESOLVER, texts(records))).collect() } else { told }
}

fn texts(records: &[SeenRecord]) -> BTreeSet<String> {
    records.iter().map(|record| record.data.presentation()).collect()
}

/// How the system's name server is called where the others have names.
const RESOLVER: &str = "resolver";

fn state(record: &Record, wanted: &BTreeSet<String>, look: &RecordLook) -> RecordState {
    let said = said(look);
    let Some((_, first)) = said.first() else { return RecordState::Unknown };
    if said.iter().any(|(_, answer)| answer != first) {
        return RecordState::Disagree;
    }
    let others = first.iter().any(|data| !wanted.contains(data));
    match (first.contains(&record.data.presentation()), others) {
        (true, false) => RecordState::Present,
        (true, true) => RecordState::Extra,
        (false, true) => RecordState::Different,
        (false, false) => RecordState::Missing,
    }
}

fn seen(look: &RecordLook) -> Vec<(String, String)> {
    let lines = |name: &str, answer: &Lookup<SeenRecord>| {
        let texts = answer.iter().flatten().map(|record| record.data.presentation());
        texts.map(|text| (name.to_owned(), text)).collect::<Vec<_>>()
    };
    let mut seen: Vec<(String, String)> =
        look.servers.iter().flatten().flat_map(|(name, answer)| lines(name, answer)).collect();
    let is_new = |(_, text): &(String, String)| !seen.iter().any(|(_, told)| told == text);
    let resolver: Vec<_> = lines(RESOLVER, &look.resolver).into_iter().filter(is_new).collect();
    seen.extend(resolver);
    seen
}

/// What is to be said of all of them, each once with the names that it is about.
#[must_use]
pub fn all_findings(checks: &[RecordCheck]) -> Vec<(Message, Vec<&str>)> {
    each_once(
        checks.iter().flat_map(|check| check.findings.iter().map(|finding| (finding.clone(), &*check.record.name))),
    )
}

/// What is said, each once with the names that it is about.
#[must_use]
pub fn each_once<'a, Said: PartialEq>(all: impl Iterator<Item = (Said, &'a str)>) -> Vec<(Said, Vec<&'a str>)> {
    let mut said: Vec<(Said, Vec<&str>)> = Vec::new();
    for (finding, name) in all {
        match said.iter_mut().find(|(known, _)| *known == finding) {
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => said.push((finding, vec![name])),
        }
    }
    said
}

/// What to do about a finding.
#[must_use]
pub fn hint(finding: &Message) -> Message {
    Message { key: format!("{}.hint", finding.key).into(), args: finding.args.clone() }
}

/// What is to be said of it, each with what to do.
fn findings(record: &Record, wanted: &BTreeSet<String>, look: &RecordLook) -> Vec<Message> {
    let mut findings = Vec::new();
    match &look.servers {
        Err(error) => findings.push(finding("record-no-servers").with("reason", error.reason())),
        Ok(servers) => {
            let silent = servers.iter().filter_map(|(name, answer)| Some((name, answer.as_ref().err()?)));
            findings.extend(silent.map(|(name, error)| {
                finding("record-server-silent").with("server", name.clone()).with("reason", error.reason())
            }));
        }
    }
    let said = said(look);
    let data = record.data.presentation();
    let without: Vec<&str> = said.iter().filter(|(_, answer)| !answer.contains(&data)).map(|(name, _)| *name).collect();
    if !without.is_empty() && without.len() < said.len() {
        findings.push(finding("record-servers-without").with("servers", without.join(", ")));
    }
    let all: BTreeSet<&String> = said.iter().flat_map(|(_, answer)| answer).collect();
    let others: Vec<&str> = all.into_iter().filter(|data| !wanted.contains(*data)).map(String::as_str).collect();
    let holds_others = |answer: &BTreeSet<String>| others.iter().any(|data| answer.contains(*data));
    let holders: Vec<&str> = said.iter().filter(|(_, answer)| holds_others(answer)).map(|(name, _)| *name).collect();
    let is_there = without.len() < said.len();
    if others.iter().any(|data| data.starts_with(ALIAS)) {
        findings.push(finding("record-alias"));
    } else if others.iter().any(|data| data.ends_with(" .")) {
        findings.push(finding("record-refused"));
    } else if !others.is_empty() {
        let found = if is_there { finding("record-others") } else { finding("record-instead") };
        findings.push(found.with("others", others.join(", ")).with("servers", holders.join(", ")));
    } else if !is_there && !said.is_empty() {
        findings.push(finding("record-missing"));
    }
    let own = |seen: &&SeenRecord| seen.data.presentation() == data;
    let seen = look.servers.iter().flatten().flat_map(|(_, answer)| answer.iter().flatten()).find(own);
    if let Some(seen) = seen.filter(|seen| seen.ttl != record.ttl) {
        findings.push(finding("record-ttl").with("ttl", seen.ttl.to_string()).with("wanted", record.ttl.to_string()));
    }
    // Who asks through a name server sees what that remembers.
    if let Ok(records) = &look.resolver {
        let told = texts(records);
        let mut in_charge = look.servers.iter().flatten().filter_map(|(_, answer)| answer.as_ref().ok()).peekable();
        if in_charge.peek().is_some() && in_charge.all(|held| texts(held) != told) {
            let left = records.iter().map(|seen| seen.ttl).max().unwrap_or_default();
            let others = if told.is_empty() { "-".to_owned() } else { told.into_iter().collect::<Vec<_>>().join(", ") };
            findings.push(finding("record-remembered").with("others", others).with("seconds", left.to_string()));
        }
    }
    if matches!(record.data, RecordData::Address(address) if is_local(address)) {
        findings.push(finding("record-local"));
    }
    findings
}

/// One that has what to do in its attribute `hint`.
fn finding(key: &'static str) -> Message {
    say(key)
}

/// How an alias begins, which stands where something else is wanted.
const ALIAS: &str = "CNAME ";
