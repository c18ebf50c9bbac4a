//! What is changed in a zone.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::edge::RecordData;

/// A change of a zone, which its server makes as a whole or not at all (RFC 2136 3.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneChange {
    /// The zone, in A-labels.
    pub zone: String,
    /// The name server that is told.
    pub server: SocketAddr,
    /// The file with the key that signs it.
    #[serde(with = "super::octets::path_as_text")]
    pub key_file: PathBuf,
    /// What changes; no set is named twice.
    pub sets: Vec<SetChange>,
}

/// All records of one name and type, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetChange {
    /// In A-labels, without a trailing dot.
    pub name: String,
    /// `A`, `AAAA`, `SRV` or `TLSA`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What was seen there: the change is made only where that is there still.
    pub before: Vec<ZoneRecord>,
    /// What is to be there.
    pub after: Vec<ZoneRecord>,
}

/// One record of a set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ZoneRecord {
    /// Seconds.
    pub ttl: u32,
    /// Its data, in presentation format where it is written down.
    pub data: RecordData,
}

impl ZoneChange {
    /// What takes it back.
    #[must_use]
    pub fn back(&self) -> Self {
        let back = |set: &SetChange| SetChange { before: set.after.clone(), after: set.before.clone(), ..set.clone() };
        ZoneChange { sets: self.sets.iter().map(back).collect(), ..self.clone() }
    }

    /// The zone at its server (RFC 4501).
    #[must_use]
    pub fn url(&self) -> String {
        format!("dns://{}/{}", self.server, self.zone)
    }
}

impl SetChange {
    /// A set of records as lines of a master file, `before` and `after`.
    #[must_use]
    pub fn lines(&self) -> [String; 2] {
        let line = |record: &ZoneRecord| {
            let ZoneRecord { ttl, data } = record;
            format!("{}. {ttl} IN {} {}\n", self.name, self.kind, data.presentation())
        };
        [&self.before, &self.after].map(|records| records.iter().map(line).collect())
    }
}
