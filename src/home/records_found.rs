//! What name servers answer where records were wanted. Nothing of it is judged here.

use std::net::SocketAddr;

use crate::edge::RecordData;
use crate::text::{Message, say};

/// A set of records: a name and a type, and who is told to change it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RecordSet {
    /// In A-labels, without a trailing dot.
    pub name: String,
    /// `A`, `AAAA`, `SRV` or `TLSA`.
    pub kind: &'static str,
    /// The name server that takes updates of it, where it is published.
    pub primary: Option<SocketAddr>,
}

/// What is there of a set.
#[derive(Debug, Clone)]
pub struct RecordLook {
    /// The set.
    pub set: RecordSet,
    /// What each name server of its zone answers, by the server's name; why they could not be found.
    pub servers: Result<Vec<(String, Lookup<SeenRecord>)>, LookupError>,
    /// What the name server answers that takes updates of it; none where it is not published.
    pub primary: Option<Lookup<SeenRecord>>,
    /// What the system's name server answers, as others see it who ask theirs.
    pub resolver: Lookup<SeenRecord>,
    /// Whether that counts for those who validate; none where it does not matter: of all but keys.
    pub proof: Option<Proof>,
}

impl RecordLook {
    /// Whether nothing is there, and nobody would believe it, as far as can be told: that is not begun with (RFC 7673 3).
    #[must_use]
    pub fn is_not_begun(&self) -> bool {
        let servers = self.servers.iter().flatten().map(|(_, answer)| answer);
        let has_some = |answer: &Lookup<SeenRecord>| answer.as_ref().is_ok_and(|records| !records.is_empty());
        let is_there = servers.chain(&self.primary).any(has_some);
        self.proof.as_ref().is_some_and(|proof| *proof != Proof::Secure) && !is_there
    }
}

/// Whether an answer, also that there is nothing, is led back to the root's key (RFC 4035 4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// It is.
    Secure,
    /// A zone above proves that it need not be.
    Insecure,
    /// It ought to be, and is not.
    Bogus,
    /// It cannot be told here.
    Unproven(Unproven),
}

impl Proof {
    /// It in words; `kinds` are the types of the records that it is about.
    #[must_use]
    pub fn words(&self, kinds: &str) -> Message {
        match self {
            Proof::Secure => say("check-dnssec-secure"),
            Proof::Insecure => say("check-dnssec-insecure"),
            Proof::Bogus => say("check-dnssec-bogus").with("records", kinds),
            Proof::Unproven(Unproven::Stripped) => say("check-dnssec-stripped"),
            Proof::Unproven(Unproven::OtherRoot) => say("check-dnssec-other-root"),
            Proof::Unproven(Unproven::Unanswered(error)) => {
                say("check-dnssec-unanswered").with("reason", error.reason())
            }
        }
    }
}

/// Why it cannot be told whether an answer is led back to the root's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unproven {
    /// A question on the way was not answered.
    Unanswered(LookupError),
    /// The name server passes no signatures on.
    Stripped,
    /// The root's keys, as the name server has them, are not those that are believed.
    OtherRoot,
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

/// What the name server answers; nothing where there are no such records or no such name.
pub type Lookup<T> = Result<Vec<T>, LookupError>;

/// Why a name server gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookupError {
    /// No name server is known.
    NoServer,
    /// The name cannot be asked for.
    Name,
    /// There is no such name.
    NoName,
    /// It did not answer in time.
    Late,
    /// It said so, such as `SERVFAIL`.
    Refused(String),
    /// The system's words.
    Io(String),
    /// What came is no answer to the question.
    Malformed,
    /// It is said to be in charge of the name, and is not (RFC 1912 2.8).
    Lame,
    /// No zone holds the name.
    NoZone,
    /// It has no address.
    NoAddress,
}

impl LookupError {
    /// Whether nobody answered, which this machine's network may be to blame for.
    #[must_use]
    pub fn is_silence(&self) -> bool {
        matches!(self, LookupError::NoServer | LookupError::Io(_) | LookupError::Late)
    }

    /// The same in words.
    #[must_use]
    pub fn reason(&self) -> Message {
        match self {
            LookupError::NoServer => say("check-lookup-no-server"),
            LookupError::Io(reason) => say("check-lookup-failed").with("reason", reason.clone()),
            LookupError::Name => say("check-lookup-name"),
            LookupError::NoName => say("check-lookup-no-name"),
            LookupError::Late => say("check-lookup-late"),
            LookupError::Refused(code) => say("check-lookup-refused").with("reason", code.clone()),
            LookupError::Malformed => say("check-lookup-malformed"),
            LookupError::Lame => say("check-lookup-lame"),
            LookupError::NoZone => say("check-lookup-no-zone"),
            LookupError::NoAddress => say("check-lookup-no-address"),
        }
    }
}
