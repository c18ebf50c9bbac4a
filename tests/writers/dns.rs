//! The records as BIND reads the fragments and as a real server takes the updates.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::net::UdpSocket;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use edgewright::edge::{Deployment, Record, Server, records};
use edgewright::name::Name;
use edgewright::servers::dns_files;
use edgewright::text::Text;

use crate::common::{beside, have_all};
use crate::sample::contoso;
use crate::{file, run, succeed};

/// Three zones, one of them international, a name that is its zone's own, and both families of addresses.
fn sample() -> Deployment {
    let mut deployment = contoso(Server::Lync);
    deployment.edge.xmpp_domains = vec![Name::new("contoso.com"), Name::new("münchen.example")];
    deployment.edge.web_conferencing = Some(Name::new("fabrikam.com"));
    deployment.edge.web_conferencing_addresses = vec!["203.0.113.20".parse().unwrap()];
    deployment.dns.zones.get_or_insert_default().push(Name::new("münchen.example"));
    deployment.dns.priority = 10;
    deployment.dns.weight = 5;
    deployment
}

/// `name. ttl type data`, lower case: what every tool prints, told apart from how it prints.
fn flat(records: &[Record], zone: &str) -> BTreeSet<String> {
    let inside = records.iter().filter(|record| record.zone == zone);
    let line = |r: &Record| format!("{}. {} {} {}", r.name, r.ttl, r.data.kind(), r.data.presentation()).to_lowercase();
    inside.map(line).collect()
}

/// The records in what a tool printed, without those every zone has.
fn read(printed: &str) -> BTreeSet<String> {
    let lines = printed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let records = lines.filter(|words| words.get(2) == Some(&"IN") && !matches!(words[3], "SOA" | "NS"));
    let joined = |words: Vec<&str>| {
        // Long data may be in several pieces (RFC 6698 2.2).
        let whole = if words[3] == "TLSA" { 7 } else { words.len() };
        [&words[..2], &words[3..whole]].concat().join(" ") + " " + &words[whole..].concat()
    };
    records.map(|words| joined(words).trim_end().to_lowercase()).collect()
}

/// Domains may be thousands, each with a zone of its own: four times as many take about four times as long, not sixteen.
#[test]
fn many_zones_take_no_longer_than_they_are_many() {
    for (server, zones_are_said) in [(Server::Prosody, false), (Server::Prosody, true), (Server::Lync, true)] {
        let spent = |count: usize| {
            let names: Vec<Name> = (0..count).map(|n| Name::new(&format!("d{n}.org"))).collect();
            let mut deployment = contoso(server);
            deployment.dns.zones = zones_are_said.then(|| names.clone());
            deployment.ticked_sip_domains = names.clone();
            deployment.edge.sip_domains.clone_from(&names);
            deployment.edge.xmpp_domains = names;
            let once = |_| {
                let start = Instant::now();
                let files = dns_files(&records(&deployment), &Text::load("en"));
                assert!(files.len() > count);
                start.elapsed()
            };
            (0..5).map(once).min().unwrap()
        };
        let (few, many) = (spent(1000), spent(4000));
        assert!(many < few * 9, "{server:?}: {few:?}, {many:?}");
    }
}

#[test]
fn fragments_are_included_into_a_zone_and_read_as_they_were_meant() {
    if !have_all(&["named-checkzone"]) {
        return;
    }
    let records = records(&sample());
    let files = dns_files(&records, &Text::load("en"));
    let folder = tempfile::tempdir().unwrap();
    for zone in ["contoso.com", "fabrikam.com", "xn--mnchen-3ya.example"] {
        let fragment = folder.path().join(zone);
        let content = file(&files, &format!("dns/{zone}.records"));
        assert!(content.starts_with("; ") && content.lines().next().unwrap().contains("fragment"), "{content}");
        fs::write(&fragment, content).unwrap();
        let whole = folder.path().join("whole");
        fs::write(&whole, zone_file(zone, &format!("$INCLUDE {}\n", fragment.display()))).unwrap();
        let printed = succeed(Command::new("named-checkzone").args(["-i", "none", "-D", zone]).arg(&whole));
        assert_eq!(read(&printed), flat(&records, zone), "{printed}");
    }
}

#[test]
fn updates_reach_a_server_and_are_read_back_and_running_them_again_changes_nothing() {
    if !have_all(&["knotd", "kdig", "nsupdate", "knsupdate"]) {
        return;
    }
    let records = records(&sample());
    let script = file(&dns_files(&records, &Text::load("en")), "dns/records.nsupdate");
    let folder = tempfile::tempdir().unwrap();
    let zones = ["contoso.com", "fabrikam.com", "xn--mnchen-3ya.example"];
    let knot = Knot::start(folder.path(), &zones);
    for tool in ["nsupdate", "knsupdate"] {
        let said = folder.path().join("said");
        fs::write(&said, format!("server 127.0.0.1 {}\n{script}", knot.port)).unwrap();
        succeed(Command::new(tool).arg(&said));
        for zone in zones {
            let names: BTreeSet<&str> = records.iter().filter(|r| r.zone == zone).map(|r| r.name.as_str()).collect();
            let found =
                names.into_iter().flat_map(|name| ["A", "AAAA", "SRV", "TLSA"].map(|kind| knot.ask(name, kind)));
            assert_eq!(found.flatten().collect::<BTreeSet<_>>(), flat(&records, zone), "{tool}");
        }
    }
}

#[test]
fn programs_that_keep_zones_read_the_records_as_they_were_meant() {
    if !have_all(&["python3", "pdns_server"]) {
        return;
    }
    let records = records(&sample());
    let files = dns_files(&records, &Text::load("en"));
    let folder = tempfile::tempdir().unwrap();
    let script = beside("peers").join("read_records.py");
    for zone in ["contoso.com", "fabrikam.com", "xn--mnchen-3ya.example"] {
        let place = folder.path().join(zone);
        fs::create_dir_all(place.join("octodns")).unwrap();
        let put = |path: &str| {
            fs::write(place.join(path), file(&files, &format!("dns/{path}"))).unwrap();
            place.join(path)
        };
        let yaml = put(&format!("octodns/{zone}.yaml"));
        let [powerdns, route53] = ["powerdns", "route53"].map(|program| {
            fs::create_dir_all(place.join(program)).unwrap();
            put(&format!("{program}/{zone}.json"))
        });
        let read = |arguments: &[&OsStr]| {
            let said = succeed(Command::new("python3").arg(&script).args(arguments));
            said.lines().map(str::to_lowercase).collect::<BTreeSet<_>>()
        };
        let [octodns, sent, batch, zone_name] = ["octodns", "powerdns", "route53", zone].map(OsStr::new);
        let meant = flat(&records, zone);
        assert_eq!(read(&[octodns, yaml.parent().unwrap().as_os_str(), zone_name]), meant);
        assert_eq!(read(&[sent, powerdns.as_os_str(), zone_name, place.as_os_str()]), meant);
        assert_eq!(read(&[batch, route53.as_os_str()]), meant);
    }
}

fn zone_file(zone: &str, rest: &str) -> String {
    format!("$ORIGIN {zone}.\n$TTL 60\n@ SOA ns.invalid. hostmaster.invalid. 1 60 60 60 60\n@ NS ns.invalid.\n{rest}")
}

/// A Knot DNS of our own on loopback, with its journal in a folder that goes with the test.
struct Knot {
    process: Child,
    port: u16,
}

impl Knot {
    fn start(folder: &Path, zones: &[&str]) -> Self {
        let port = UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = folder.join("knot.conf");
        let place = folder.display();
        fs::create_dir(folder.join("db")).unwrap();
        let mut text = fs::File::create(&config).unwrap();
        write!(text, "server:\n  listen: 127.0.0.1@{port}\n  rundir: {place}\n").unwrap();
        write!(text, "database:\n  storage: {place}/db\n").unwrap();
        write!(text, "acl:\n  - id: here\n    address: 127.0.0.1\n    action: update\nzone:\n").unwrap();
        for zone in zones {
            fs::write(folder.join(format!("{zone}.zone")), zone_file(zone, "")).unwrap();
            write!(text, "  - domain: {zone}\n    file: {place}/{zone}.zone\n    acl: here\n").unwrap();
        }
        drop(text);
        let quiet = Stdio::null;
        let process = Command::new("knotd").arg("-c").arg(&config).stdout(quiet()).stderr(quiet()).spawn().unwrap();
        let knot = Knot { process, port };
        let deadline = Instant::now() + Duration::from_secs(10);
        while !zones.iter().all(|zone| knot.answers(zone)) {
            assert!(Instant::now() < deadline, "knotd does not answer");
            sleep(Duration::from_millis(20));
        }
        knot
    }

    fn answers(&self, zone: &str) -> bool {
        String::from_utf8_lossy(&self.kdig(zone, "SOA").stdout).contains("ns.invalid.")
    }

    fn ask(&self, name: &str, kind: &str) -> BTreeSet<String> {
        read(&String::from_utf8_lossy(&self.kdig(name, kind).stdout))
    }

    fn kdig(&self, name: &str, kind: &str) -> std::process::Output {
        let port = self.port.to_string();
        let server = ["@127.0.0.1", "-p", &port, "+noall", "+answer", "+noidn", "+timeout=1", "+retry=0"];
        run(Command::new("kdig").args(server).args([name, kind]))
    }
}

impl Drop for Knot {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
