//! What name servers answer where records were wanted. Nothing of it is judged here.

use crate::edge::RecordData;

use super::probe::{Lookup, LookupError};

/// A set of records: a name and a type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RecordSet {
    /// In A-labels, without a trailing dot.
    pub name: String,
    /// `A`, `AAAA` or `SRV`.
    pub kind: &'static str,
}

/// What is there of a set.
#[derive(Debug, Clone)]
pub struct RecordLook {
    /// The set.
    pub set: RecordSet,
    /// What each name server of its zone answers, by the server's name; why they could not be found.
    pub servers: Result<Vec<(String, Lookup<SeenRecord>)>, LookupError>,
    /// What the system's name server answers, as others see it who ask theirs.
    pub resolver: Lookup<SeenRecord>,
}

/// A record that is there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SeenRecord {
    /// What it says.
    pub data: SeenData,
    /// Seconds; of a resolver's those that are left.
    pub ttl: u32,
}

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SeenData {
    /// What was asked for.
    Record(RecordData),
    /// The name is an alias of this one.
    Alias(String),
}

impl SeenData {
    /// The data in presentation format.
    #[must_use]
    pub fn presentation(&self) -> String {
        match self {
            SeenData::Record(data) => data.presentation(),
            SeenData::Alias(target) => format!("CNAME {target}."),
        }
    }
}
