//! What is there of records, asked of every name server of their zone and of the system's own.

use std::collections::HashMap;
use std::sync::Arc;

use hickory_proto::dnssec::TrustAnchors;
use hickory_proto::rr::{RData, Record, RecordType};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::edge::RecordData;
use crate::home::{Lookup, LookupError};
use crate::home::{RecordLook, RecordSet, SeenData, SeenRecord};
use crate::system::probe::{Srv, Tlsa};

use super::dns::{Answer, Resolver, address, plain, record_type, srv, tlsa};
use super::dnssec::Validator;

/// Name servers of a zone that are asked; nobody has more who does not mean to keep others busy.
const MOST_SERVERS: usize = 32;

/// The name servers of a zone, each with its name.
type Servers = Result<Vec<(String, Arc<Resolver>)>, LookupError>;

/// Asks for `sets` until `end`; of keys also whether they count, from `anchors` on.
pub async fn look(
    sets: &[RecordSet],
    resolver: &Arc<Resolver>,
    anchors: &Arc<TrustAnchors>,
    end: Instant,
) -> Vec<RecordLook> {
    let mut zones = Zones { resolver: Arc::clone(resolver), cuts: HashMap::new(), servers: HashMap::new() };
    let mut under_way = JoinSet::new();
    let mut looks: Vec<RecordLook> = Vec::new();
    for (place, set) in sets.iter().enumerate() {
        let servers = timeout_at(end, zones.servers_of(&set.name)).await.unwrap_or(Err(LookupError::Late));
        let ask = |resolver: &Arc<Resolver>, who: Asked| {
            let (resolver, set) = (Arc::clone(resolver), set.clone());
            async move {
                let answered = timeout_at(end, answered(&resolver, &set)).await.unwrap_or(Err(LookupError::Late));
                (place, who, answered)
            }
        };
        under_way.spawn(ask(resolver, Asked::Resolver));
        for (number, (_, server)) in servers.iter().flatten().enumerate() {
            under_way.spawn(ask(server, Asked::InCharge(number)));
        }
        if let Some(primary) = set.primary {
            under_way.spawn(ask(&Arc::new(resolver.only(primary)), Asked::Primary));
        }
        let waiting = |(name, _): (String, Arc<Resolver>)| (name, Err(LookupError::Late));
        let servers = servers.map(|servers| servers.into_iter().map(waiting).collect());
        let primary = set.primary.map(|_| Err(LookupError::Late));
        looks.push(RecordLook { set: set.clone(), servers, primary, resolver: Err(LookupError::Late), proof: None });
    }
    let answered = async {
        while let Some(Ok((place, who, answer))) = under_way.join_next().await {
            let look = &mut looks[place];
            match (who, &mut look.servers) {
                (Asked::InCharge(number), Ok(servers)) => servers[number].1 = answer,
                (Asked::Primary, _) => look.primary = Some(answer),
                _ => look.resolver = answer,
            }
        }
    };
    let keys = sets.iter().filter(|set| set.kind == "TLSA").cloned().collect();
    let validator = Arc::new(Validator::new(Arc::clone(resolver), Arc::clone(anchors)));
    let (proofs, ()) = tokio::join!(validator.prove(keys, end), answered);
    for look in &mut looks {
        look.proof = proofs.iter().find(|proven| proven.set == look.set).map(|proven| proven.proof.clone());
    }
    looks
}

/// Who is asked.
#[derive(Clone, Copy)]
enum Asked {
    /// Who asks others.
    Resolver,
    /// The one of this number of those in charge.
    InCharge(usize),
    /// The one that takes updates.
    Primary,
}

/// What is known of zones by now.
struct Zones {
    resolver: Arc<Resolver>,
    /// By name, the zone it is the top of; none where it is the top of none.
    cuts: HashMap<String, bool>,
    servers: HashMap<String, Servers>,
}

impl Zones {
    /// The name servers in charge of `name`.
    async fn servers_of(&mut self, name: &str) -> Servers {
        let zone = self.zone_of(name).await?;
        if let Some(servers) = self.servers.get(&zone) {
            return servers.clone();
        }
        let servers = self.servers_of_zone(&zone).await;
        self.servers.insert(zone, servers.clone());
        servers
    }

    /// The zone that holds `name`: the nearest name above it that has a SOA record (RFC 1034 4.2).
    async fn zone_of(&mut self, name: &str) -> Result<String, LookupError> {
        let mut candidate = name;
        loop {
            let is_cut = if let Some(is_cut) = self.cuts.get(candidate) {
                *is_cut
            } else {
                let answer = self.resolver.ask(candidate, RecordType::SOA).await?;
                let is_its_own = |record: &Record| plain(&record.name) == candidate;
                !answer.is_alias && answer.records.iter().any(is_its_own)
            };
            self.cuts.insert(candidate.to_owned(), is_cut);
            if is_cut {
                return Ok(candidate.to_owned());
            }
            candidate = candidate.split_once('.').ok_or(LookupError::NoZone)?.1;
        }
    }

    async fn servers_of_zone(&self, zone: &str) -> Servers {
        let answer = self.resolver.ask(zone, RecordType::NS).await?;
        let name = |record: &Record| match &record.data {
            RData::NS(name) => Some(plain(&name.0)),
            _ => None,
        };
        let mut names: Vec<String> = answer.records.iter().filter_map(name).take(MOST_SERVERS).collect();
        if names.is_empty() {
            return Err(LookupError::Lame);
        }
        names.sort();
        let mut servers = Vec::new();
        for name in names {
            // One without an address answers nothing, which is seen where it is asked.
            let addresses = self.resolver.addresses(&name).await.0.unwrap_or_default();
            servers.push((name, Arc::new(self.resolver.in_charge(addresses))));
        }
        Ok(servers)
    }
}

async fn answered(resolver: &Resolver, set: &RecordSet) -> Lookup<SeenRecord> {
    if resolver.has_no_address() {
        return Err(LookupError::NoAddress);
    }
    let Answer { records, is_authoritative, .. } = resolver.ask(&set.name, record_type(set.kind)).await?;
    if resolver.is_in_charge() && !is_authoritative {
        return Err(LookupError::Lame);
    }
    // Behind an alias only its own name's record is of the set.
    let is_own = |record: &&Record| plain(&record.name) == set.name;
    let data = |record: &Record| match &record.data {
        RData::CNAME(target) => Some(SeenData::Alias(plain(&target.0))),
        data => {
            let address = || address(data).map(RecordData::Address);
            srv(data).map(of_srv).or_else(address).or_else(|| tlsa(data).map(of_tlsa)).map(SeenData::Record)
        }
    };
    let seen = |record: &Record| Some(SeenRecord { data: data(record)?, ttl: record.ttl });
    Ok(records.iter().filter(is_own).filter_map(seen).collect())
}

fn of_tlsa(tlsa: Tlsa) -> RecordData {
    let Tlsa { usage, selector, matching, data } = tlsa;
    RecordData::Tlsa { usage, selector, matching, data }
}

fn of_srv(srv: Srv) -> RecordData {
    let Srv { priority, weight, port, target } = srv;
    RecordData::Srv { priority, weight, port, target }
}
