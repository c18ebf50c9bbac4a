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

/// Who may issue certificates for a name, as its zone says.
#[derive(Debug, Clone)]
pub struct CaaLook {
    /// In A-labels; a wildcard begins with `*.`.
    pub name: String,
    /// The records and the name that they stand at, which is this one or above it; none where there are none at all.
    pub found: Result<Option<(String, Vec<Caa>)>, LookupError>,
}

/// A CAA record (RFC 8659 4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caa {
    /// Whether nobody may issue who does not understand it.
    pub is_critical: bool,
    /// The property, in lower case.
    pub tag: String,
    /// Its value, as it came.
    pub value: String,
}
