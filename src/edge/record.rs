//! The DNS records an edge needs.
//!
//! Sources: RFC 6120 3.2.1 (`_xmpp-server._tcp`), RFC 2782 (SRV; the target owns A/AAAA), the product's «DNS summary»
//! topics (`_sipfederationtls._tcp`, `_sip._tls`).

use std::collections::HashSet;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Deployment;
use crate::name::Name;
use crate::pki::digest::hex;

/// Where servers speak with servers (RFC 6120 14.7).
const XMPP_PORT: u16 = 5269;

/// One record. Names in A-labels without trailing dot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The zone it goes to; empty where none of the zones holds its name.
    pub zone: String,
    /// Owner name.
    pub name: String,
    /// Time to live in seconds.
    pub ttl: u32,
    /// Type and data.
    pub data: RecordData,
}

impl Record {
    /// The name as it is written inside its zone: `@` for the zone's own (RFC 1035 5.1).
    #[must_use]
    pub fn relative_name(&self) -> &str {
        if self.name == self.zone {
            return "@";
        }
        self.name.strip_suffix(&self.zone).and_then(|rest| rest.strip_suffix('.')).unwrap_or(&self.name)
    }
}

/// Type and data of a record; written down as its presentation format.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum RecordData {
    /// A or AAAA.
    Address(IpAddr),
    /// SRV.
    Srv {
        /// Lower is tried first.
        priority: u16,
        /// Share among equal priorities.
        weight: u16,
        /// TCP port.
        port: u16,
        /// Target without trailing dot.
        target: String,
    },
    /// TLSA (RFC 6698 2.1).
    Tlsa {
        /// What the data is about: 3 for the server's own certificate or key.
        usage: u8,
        /// What of it: 0 the whole, 1 the public key.
        selector: u8,
        /// 0 as it is, 1 its SHA-256, 2 its SHA-512.
        matching: u8,
        /// The data.
        data: Vec<u8>,
    },
}

impl RecordData {
    /// The server's own key, by its SHA-256 (RFC 7671 5.1: `3 1 1`).
    #[must_use]
    pub fn of_key(sha256: &[u8]) -> Self {
        RecordData::Tlsa { usage: 3, selector: 1, matching: 1, data: sha256.to_vec() }
    }

    /// `A`, `AAAA`, `SRV` or `TLSA`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            RecordData::Address(IpAddr::V4(_)) => "A",
            RecordData::Address(IpAddr::V6(_)) => "AAAA",
            RecordData::Srv { .. } => "SRV",
            RecordData::Tlsa { .. } => "TLSA",
        }
    }

    /// The data in presentation format, targets with a trailing dot, addresses as RFC 5952, octets in hexadecimal digits.
    #[must_use]
    pub fn presentation(&self) -> String {
        match self {
            RecordData::Address(address) => address.to_string(),
            RecordData::Srv { priority, weight, port, target } => format!("{priority} {weight} {port} {target}."),
            RecordData::Tlsa { usage, selector, matching, data } => {
                format!("{usage} {selector} {matching} {}", hex(data))
            }
        }
    }
}

impl From<RecordData> for String {
    fn from(data: RecordData) -> Self {
        data.presentation()
    }
}

impl TryFrom<String> for RecordData {
    type Error = &'static str;

    fn try_from(said: String) -> Result<Self, Self::Error> {
        if let Ok(address) = said.parse() {
            return Ok(RecordData::Address(address));
        }
        let number = |field: &str| field.parse().map_err(|_| "no number");
        let octet = |field: &str| field.parse().map_err(|_| "no octet");
        match said.split(' ').collect::<Vec<_>>()[..] {
            [priority, weight, port, target] if target.ends_with('.') => Ok(RecordData::Srv {
                priority: number(priority)?,
                weight: number(weight)?,
                port: number(port)?,
                target: target.trim_end_matches('.').to_owned(),
            }),
            [usage, selector, matching, data] => Ok(RecordData::Tlsa {
                usage: octet(usage)?,
                selector: octet(selector)?,
                matching: octet(matching)?,
                data: octets(data).ok_or("no hexadecimal digits")?,
            }),
            _ => Err("neither an address, nor an SRV or TLSA record"),
        }
    }
}

/// The records that lead to the access edge, by whom they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SipService {
    /// Partners.
    Federation,
    /// Clients outside.
    Clients,
}

impl SipService {
    /// Both.
    pub const ALL: [SipService; 2] = [SipService::Federation, SipService::Clients];

    /// How the record's name begins.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            SipService::Federation => "_sipfederationtls._tcp",
            SipService::Clients => "_sip._tls",
        }
    }

    /// Where they connect to.
    #[must_use]
    pub const fn port(self) -> u16 {
        match self {
            SipService::Federation => 5061,
            SipService::Clients => 443,
        }
    }
}

/// The records of `deployment`, each once.
#[must_use]
pub fn records(deployment: &Deployment) -> Vec<Record> {
    let edge = &deployment.edge;
    let mut list = Records::of(deployment);
    if let Some(host) = &edge.host {
        for domain in edge.xmpp_domains.iter().chain(&edge.components) {
            list.srv("_xmpp-server._tcp", domain, XMPP_PORT, host);
        }
        list.addresses(host, &edge.addresses);
        list.keys(host, deployment.dns.keys.as_deref().unwrap_or_default());
    }
    if deployment.server.traits().has_sip {
        let ticked: HashSet<&Name> = deployment.ticked_sip_domains.iter().collect();
        for domain in &edge.sip_domains {
            let sip = ticked.contains(domain).then(|| domain.under("sip"));
            if let Some(target) = sip.as_ref().or(edge.access.as_ref()) {
                for service in SipService::ALL {
                    list.srv(service.name(), domain, service.port(), target);
                }
            }
            if let Some(sip) = sip {
                list.addresses(&sip, &edge.addresses);
            }
        }
        for (name, addresses) in
            [(&edge.web_conferencing, &edge.web_conferencing_addresses), (&edge.av, &edge.av_addresses)]
        {
            if let Some(name) = name {
                list.addresses(name, addresses);
            }
        }
    }
    let mut seen = HashSet::new();
    list.found.retain(|record| seen.insert((record.name.clone(), record.data.clone())));
    list.found
}

struct Records<'a> {
    deployment: &'a Deployment,
    /// The zones that were said, if any were.
    zones: Option<HashSet<&'a str>>,
    found: Vec<Record>,
}

impl<'a> Records<'a> {
    fn of(deployment: &'a Deployment) -> Self {
        let zones = deployment.dns.zones.as_ref().map(|zones| zones.iter().map(Name::ascii).collect());
        Records { deployment, zones, found: Vec::new() }
    }

    fn srv(&mut self, service: &str, domain: &Name, port: u16, target: &Name) {
        let dns = &self.deployment.dns;
        if [target, domain].iter().all(|name| name.is_sound() && !name.is_wildcard()) {
            let data =
                RecordData::Srv { priority: dns.priority, weight: dns.weight, port, target: target.ascii().to_owned() };
            self.add(format!("{service}.{}", domain.ascii()), domain, data);
        }
    }

    fn addresses(&mut self, name: &Name, addresses: &[IpAddr]) {
        if name.is_sound() && !name.is_wildcard() {
            for address in addresses {
                self.add(name.ascii().to_owned(), name, RecordData::Address(*address));
            }
        }
    }

    /// The keys that a host shows to other servers (RFC 7673 3).
    fn keys(&mut self, host: &Name, keys: &[Vec<u8>]) {
        if host.is_sound() && !host.is_wildcard() {
            for key in keys {
                self.add(tlsa_name(host), host, RecordData::of_key(key));
            }
        }
    }

    fn add(&mut self, name: String, domain: &Name, data: RecordData) {
        let zone = match &self.zones {
            None => domain.registrable(),
            Some(zones) => {
                let holding = name_and_above(&name).find(|zone| zones.contains(zone));
                holding.unwrap_or_default().to_owned()
            }
        };
        self.found.push(Record { zone, name, ttl: self.deployment.dns.ttl, data });
    }
}

/// Where the keys are published that a host shows to other servers.
#[must_use]
pub fn tlsa_name(host: &Name) -> String {
    format!("_{XMPP_PORT}._tcp.{}", host.ascii())
}

fn octets(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = hex.chars().map(|digit| digit.to_digit(16)?.try_into().ok()).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// `name` and the names above it, the longest first.
fn name_and_above(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |name| name.split_once('.').map(|(_, above)| above))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_that_was_written_down_reads_back() {
        for said in ["192.0.2.1", "2001:db8::1", "0 5 5269 xmpp.example.", "0 0 0 .", "3 1 1 00ff2a", "0 0 0 "] {
            let data = RecordData::try_from(said.to_owned()).expect("data");
            assert_eq!(String::from(data), said);
        }
        for said in
            ["", "0 0 5269 relative", "0 0 70000 a.", "1.2.3", "a b c d.", "3 1 1 abc", "3 1 1 xx", "256 1 1 ab"]
        {
            assert!(RecordData::try_from(said.to_owned()).is_err(), "{said}");
        }
    }

    #[test]
    fn names_are_relative_to_their_zone_and_the_zone_itself_is_an_at_sign() {
        let in_zone = |name: &str, zone: &str| {
            let data = RecordData::Address("192.0.2.1".parse().expect("an address"));
            let record = Record { zone: zone.to_owned(), name: name.to_owned(), ttl: 60, data };
            record.relative_name().to_owned()
        };
        assert_eq!(in_zone("_xmpp-server._tcp.contoso.com", "contoso.com"), "_xmpp-server._tcp");
        assert_eq!(in_zone("contoso.com", "contoso.com"), "@");
        assert_eq!(in_zone("notcontoso.com", "contoso.com"), "notcontoso.com");
        assert_eq!(in_zone("contoso.com", ""), "contoso.com");
    }
}
