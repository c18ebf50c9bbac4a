//! Who may issue certificates for names (RFC 8659).

use hickory_proto::rr::{RData, Record, RecordType};
use tokio::time::{Instant, timeout_at};

use crate::home::{Caa, CaaLook, LookupError};

use super::dns::Resolver;

/// Asks for each of `names` until `end`: the name itself, then what is above it, up to the first that has any (RFC 8659 3).
pub async fn look(names: &[String], resolver: &Resolver, end: Instant) -> Vec<CaaLook> {
    let mut looks = Vec::new();
    for name in names {
        let found = timeout_at(end, climb(name, resolver)).await.unwrap_or(Err(LookupError::Late));
        looks.push(CaaLook { name: name.clone(), found });
    }
    looks
}

async fn climb(name: &str, resolver: &Resolver) -> Result<Option<(String, Vec<Caa>)>, LookupError> {
    let mut above = Some(name.strip_prefix("*.").unwrap_or(name));
    while let Some(name) = above {
        // An alias is followed by the name server.
        let answer = resolver.ask(name, RecordType::CAA).await?;
        let records: Vec<Caa> = answer.records.iter().filter_map(caa).collect();
        if !records.is_empty() {
            return Ok(Some((name.to_owned(), records)));
        }
        above = name.split_once('.').map(|(_, above)| above);
    }
    Ok(None)
}

fn caa(record: &Record) -> Option<Caa> {
    let RData::CAA(caa) = &record.data else { return None };
    let value = String::from_utf8_lossy(&caa.value).into_owned();
    Some(Caa { is_critical: caa.issuer_critical, tag: caa.tag.to_lowercase(), value })
}
