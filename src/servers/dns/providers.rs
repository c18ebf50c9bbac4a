//! The records of a zone for programs that keep zones: octoDNS, `PowerDNS` and Route 53.
//!
//! Sources: octoDNS 1.22 `YamlProvider` (names and keys in natural order, the zone's own name first), `PowerDNS` HTTP API (PATCH of a zone,
//! `rrsets`), Route 53 `ChangeResourceRecordSets` (change batch).

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::edge::{Record, RecordData};
use crate::pki::digest::hex;
use crate::servers::draft::Draft;
use crate::servers::product::OutFile;
use crate::text::{Text, say};

/// Everything of one name and type, which these programs replace as a whole (RFC 2181 5).
struct RecordSet<'a> {
    name: &'a str,
    relative_name: &'a str,
    kind: &'static str,
    ttl: u32,
    records: Vec<&'a Record>,
}

/// The files of one zone.
pub(super) fn files(zone: &str, records: &[&Record], text: &Text) -> [OutFile; 3] {
    let sets = sets(records);
    [octodns(zone, &sets, text), powerdns(zone, &sets), route53(zone, &sets, text)]
}

fn sets<'a>(records: &[&'a Record]) -> Vec<RecordSet<'a>> {
    let mut sets: Vec<RecordSet> = Vec::new();
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    for record in records {
        let (name, kind) = (record.name.as_str(), record.data.kind());
        let place = *places.entry((name, kind)).or_insert_with(|| {
            let relative_name = record.relative_name();
            sets.push(RecordSet { name, relative_name, kind, ttl: record.ttl, records: Vec::new() });
            sets.len() - 1
        });
        sets[place].records.push(record);
    }
    sets
}

/// `dns/octodns/<zone>.yaml`, as octoDNS looks for it in a folder.
fn octodns(zone: &str, sets: &[RecordSet], text: &Text) -> OutFile {
    let mut draft = Draft::new(text, "#");
    draft.remark(&say("file-dns-octodns").with("zone", zone));
    draft.line("---");
    let mut sorted: Vec<&RecordSet> = sets.iter().collect();
    sorted.sort_by_cached_key(|set| natural(inside(set)));
    for of_name in sorted.chunk_by(|one, next| one.name == next.name) {
        draft.line(format!("'{}':", inside(of_name[0])));
        for set in of_name {
            draft.line(format!("  - ttl: {}", set.ttl));
            draft.line(format!("    type: {}", set.kind));
            draft.line("    values:");
            for record in &set.records {
                match &record.data {
                    RecordData::Address(address) => draft.line(format!("      - '{address}'")),
                    RecordData::Srv { priority, weight, port, target } => {
                        draft.line(format!("      - port: {port}"));
                        draft.line(format!("        priority: {priority}"));
                        draft.line(format!("        target: '{target}.'"));
                        draft.line(format!("        weight: {weight}"));
                    }
                    RecordData::Tlsa { usage, selector, matching, data } => {
                        draft.line(format!("      - certificate_association_data: '{}'", hex(data)));
                        draft.line(format!("        certificate_usage: {usage}"));
                        draft.line(format!("        matching_type: {matching}"));
                        draft.line(format!("        selector: {selector}"));
                    }
                }
            }
        }
    }
    draft.file(&format!("dns/octodns/{zone}.yaml"))
}

/// The name as octoDNS writes it: the zone's own is empty.
fn inside<'a>(set: &RecordSet<'a>) -> &'a str {
    if set.relative_name == "@" { "" } else { set.relative_name }
}

/// What octoDNS sorts a name by: text and numbers in turn, `a2` before `a10`.
fn natural(name: &str) -> Vec<(&str, u128)> {
    let mut rest = name;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let (text, tail) = rest.split_at(rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len()));
        let (number, tail) = tail.split_at(tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len()));
        parts.push((text, number.parse().unwrap_or_default()));
        rest = tail;
    }
    parts
}

/// `dns/powerdns/<zone>.json`: the body of a PATCH of the zone.
fn powerdns(zone: &str, sets: &[RecordSet]) -> OutFile {
    let set = |set: &RecordSet| {
        let content = |record: &&Record| json!({ "content": record.data.presentation(), "disabled": false });
        json!({
            "name": format!("{}.", set.name),
            "type": set.kind,
            "ttl": set.ttl,
            "changetype": "REPLACE",
            "records": set.records.iter().map(content).collect::<Vec<_>>(),
        })
    };
    file(zone, "powerdns", &json!({ "rrsets": sets.iter().map(set).collect::<Vec<_>>() }))
}

/// `dns/route53/<zone>.json`: a change batch.
fn route53(zone: &str, sets: &[RecordSet], text: &Text) -> OutFile {
    let change = |set: &RecordSet| {
        let value = |record: &&Record| json!({ "Value": record.data.presentation() });
        json!({
            "Action": "UPSERT",
            "ResourceRecordSet": {
                "Name": format!("{}.", set.name),
                "Type": set.kind,
                "TTL": set.ttl,
                "ResourceRecords": set.records.iter().map(value).collect::<Vec<_>>(),
            },
        })
    };
    let comment = text.say(&say("file-dns-route53").with("zone", zone));
    let changes: Vec<Value> = sets.iter().map(change).collect();
    file(zone, "route53", &json!({ "Comment": comment, "Changes": changes }))
}

fn file(zone: &str, program: &str, content: &Value) -> OutFile {
    OutFile { path: format!("dns/{program}/{zone}.json"), content: format!("{content:#}\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_natural_order() {
        let mut names = ["edge10", "_xmpp-server._tcp", "edge2", "", "edge"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["", "_xmpp-server._tcp", "edge", "edge2", "edge10"]);
    }
}
