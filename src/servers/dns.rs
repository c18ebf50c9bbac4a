//! The records for BIND and its like, for a Windows DNS server, for programs that keep zones, and as a dynamic update.
//!
//! Sources: RFC 1035 5 (master files, `$ORIGIN`, `$INCLUDE`), RFC 2308 4 (`$TTL`), RFC 2136 (update),
//! `Add-DnsServerResourceRecord`.

mod providers;

use std::collections::HashMap;
use std::net::IpAddr;

use super::draft::Draft;
use super::powershell::{self, Command};
use super::product::OutFile;
use crate::edge::{Record, RecordData};
use crate::pki::digest::hex;
use crate::text::{Text, say};

/// Every file of the records: a fragment for each zone, the script, the update, and what programs read.
pub(super) fn files(records: &[Record], text: &Text) -> Vec<OutFile> {
    if records.is_empty() {
        return Vec::new();
    }
    let zones = Zones::of(records);
    let mut files: Vec<OutFile> = zones.named.iter().map(|(zone, inside)| fragment(zone, inside, text)).collect();
    files.push(script(records, &zones, text));
    files.push(update(&zones, text));
    files.extend(zones.named.iter().flat_map(|(zone, inside)| providers::files(zone, inside, text)));
    files
}

/// `dns/<zone>.records`.
fn fragment(zone: &str, records: &[&Record], text: &Text) -> OutFile {
    let mut draft = Draft::new(text, ";");
    draft.remark(&say("file-dns-fragment").with("zone", zone));
    draft.line(format!("$ORIGIN {zone}."));
    draft.line(format!("$TTL {}", ttl(records.first().copied())));
    for record in records {
        let Record { ttl, data, .. } = record;
        draft.line(format!("{:<24} {ttl} IN {:<4} {}", record.relative_name(), data.kind(), data.presentation()));
    }
    draft.file(&format!("dns/{zone}.records"))
}

/// `dns/records.ps1`.
fn script(records: &[Record], zones: &Zones, text: &Text) -> OutFile {
    let mut draft = Draft::new(text, "#");
    draft.remark(&say("file-dns-powershell"));
    draft.remark(&say("file-dns-ttl").with("ttl", ttl(records.first()).to_string()));
    powershell::parameters(&mut draft, &[]);
    for (zone, inside) in &zones.named {
        for record in inside {
            draft.line(add(record, zone).bare("ErrorAction", "Continue").to_string());
        }
    }
    without_zone(&mut draft, zones);
    powershell::file("dns/records.ps1", draft)
}

fn add(record: &Record, zone: &str) -> Command {
    let command = |kind: &str| {
        let zoned = Command::new("Add-DnsServerResourceRecord").text("ZoneName", zone);
        zoned.switch(kind).text("Name", record.relative_name())
    };
    match &record.data {
        RecordData::Address(IpAddr::V4(address)) => command("A").text("IPv4Address", &address.to_string()),
        RecordData::Address(IpAddr::V6(address)) => command("AAAA").text("IPv6Address", &address.to_string()),
        RecordData::Srv { priority, weight, port, target } => command("Srv")
            .text("DomainName", target)
            .bare("Priority", &priority.to_string())
            .bare("Weight", &weight.to_string())
            .bare("Port", &port.to_string()),
        RecordData::Tlsa { usage, selector, matching, data } => {
            // The cmdlet has words for the numbers (RFC 6698 2.1).
            let word = |words: &[&'static str], number: u8| *words.get(usize::from(number)).unwrap_or(&words[0]);
            let usages =
                ["CAConstraint", "ServiceCertificateConstraint", "TrustAnchorAssertion", "DomainIssuedCertificate"];
            command("TLSA")
                .bare("CertificateUsage", word(&usages, *usage))
                .bare("Selector", word(&["FullCertificate", "SubjectPublicKeyInfo"], *selector))
                .bare("MatchingType", word(&["ExactMatch", "Sha256Hash", "Sha512Hash"], *matching))
                .text("CertificateAssociationData", &hex(data))
        }
    }
}

/// `dns/records.nsupdate`. No server is named: the tool asks each zone's SOA record for it.
fn update(zones: &Zones, text: &Text) -> OutFile {
    let mut draft = Draft::new(text, ";");
    draft.remark(&say("file-dns-nsupdate"));
    for (zone, inside) in &zones.named {
        draft.gap();
        draft.line(format!("zone {zone}."));
        for record in inside {
            draft.line(format!("update add {}", in_full(record)));
        }
        draft.line("send");
    }
    without_zone(&mut draft, zones);
    draft.file("dns/records.nsupdate")
}

/// Names the records that no zone holds, as comments: whoever runs the file still has to place them.
fn without_zone(draft: &mut Draft<'_>, zones: &Zones) {
    if !zones.homeless.is_empty() {
        draft.gap();
        draft.remark(&say("file-dns-without-zone"));
    }
    for record in &zones.homeless {
        draft.remark(&say("file-dns-record").with("record", in_full(record)));
    }
}

/// The records by their zones. There may be thousands of both.
#[derive(Default)]
struct Zones<'a> {
    /// Each zone once with what is in it, in the order of their first records.
    named: Vec<(&'a str, Vec<&'a Record>)>,
    /// What is in none.
    homeless: Vec<&'a Record>,
}

impl<'a> Zones<'a> {
    fn of(records: &'a [Record]) -> Self {
        let mut zones = Zones::default();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for record in records {
            if record.zone.is_empty() {
                zones.homeless.push(record);
                continue;
            }
            let place = *places.entry(&record.zone).or_insert_with(|| {
                zones.named.push((&record.zone, Vec::new()));
                zones.named.len() - 1
            });
            zones.named[place].1.push(record);
        }
        zones
    }
}

/// The time to live that was planned; the answers give one for all records.
fn ttl(record: Option<&Record>) -> u32 {
    record.map_or(0, |record| record.ttl)
}

fn in_full(Record { name, ttl, data, .. }: &Record) -> String {
    format!("{name}. {ttl} IN {} {}", data.kind(), data.presentation())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_records_are_no_files() {
        assert_eq!(files(&[], &Text::load("en")), Vec::new());
    }

    #[test]
    fn records_without_a_zone_are_named_in_comments_only() {
        let data = RecordData::Address("192.0.2.1".parse().expect("an address"));
        let homeless = Record { zone: String::new(), name: "a.example".into(), ttl: 60, data };
        let files = files(&[homeless], &Text::load("en"));
        assert_eq!(
            files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(),
            ["dns/records.ps1", "dns/records.nsupdate"]
        );
        for OutFile { path, content } in files {
            let lines: Vec<&str> = content.lines().filter(|line| line.contains("192.0.2.1")).collect();
            assert_eq!(lines.len(), 1, "{path}");
            let is_of_every_script = |line: &str| line.starts_with(['[', '$']) || line == "param()";
            let is_comment = |line: &str| line.is_empty() || line.starts_with(['#', ';']) || is_of_every_script(line);
            assert!(content.lines().all(is_comment), "{path}");
        }
    }
}
