//! Dynamic updates of zones (RFC 2136), and the keys that sign them (RFC 8945).

use std::io;

use zeroize::Zeroizing;

use crate::home::LookupError;
use crate::text::{Message, say, visible};

use super::secret::Open;

/// A TSIG key. No debug text shows its secret, which is cleared when it goes.
pub struct TsigKey {
    /// The name that the name server knows it by, without a trailing dot.
    pub name: String,
    /// How it signs.
    pub algorithm: TsigAlgorithm,
    /// What it signs with.
    pub secret: Zeroizing<Vec<u8>>,
}

/// How a key signs (RFC 8945 6). What rests on SHA-1 or MD5 is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TsigAlgorithm {
    /// `hmac-sha256`
    Sha256,
    /// `hmac-sha384`
    Sha384,
    /// `hmac-sha512`
    Sha512,
}

impl TsigAlgorithm {
    /// The algorithm of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name.trim_end_matches('.').to_ascii_lowercase().as_str() {
            "hmac-sha256" => Some(TsigAlgorithm::Sha256),
            "hmac-sha384" => Some(TsigAlgorithm::Sha384),
            "hmac-sha512" => Some(TsigAlgorithm::Sha512),
            _ => None,
        }
    }
}

/// Why a file gives no key.
#[derive(Debug)]
pub enum TsigFault {
    /// It cannot be read.
    Unreadable(io::Error),
    /// Others may come to it.
    Open(Open),
    /// It is larger than any key file.
    TooLarge,
    /// It is no key as `tsig-keygen` or `keymgr` writes it, or holds several.
    Syntax,
    /// The key is for an algorithm that is not taken.
    Algorithm(String),
    /// Its secret is not base64, or empty.
    Secret,
}

/// Why a zone was not changed, or nobody knows whether it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateError {
    /// Nobody is there; nothing was sent.
    Unreached(LookupError),
    /// No answer came; what was sent may have been done.
    Unanswered(LookupError),
    /// The secret is another one (BADSIG).
    Secret,
    /// There is no key of that name, or it has no right to the zone (BADKEY).
    Key,
    /// The clocks are too far apart (BADTIME).
    Clock,
    /// The key was refused, and the server does not say why.
    Unsigned,
    /// The server does not hold the zone.
    Zone,
    /// What was seen is not there any more.
    Changed,
    /// What was seen is seen still, and is not there: a wildcard answers (RFC 4592).
    Wildcard,
    /// The server refused it with this code.
    Refused(String),
    /// An answer came, and nothing proves that the server gave it.
    Forged,
    /// It cannot be said in one message.
    Message,
}

impl UpdateError {
    /// The same in words, with what to do.
    #[must_use]
    pub fn reason(&self) -> Message {
        match self {
            UpdateError::Unreached(error) => say("update-unreached").with("reason", error.reason()),
            UpdateError::Unanswered(error) => say("update-unanswered").with("reason", error.reason()),
            UpdateError::Secret => say("update-secret"),
            UpdateError::Key => say("update-key"),
            UpdateError::Clock => say("update-clock"),
            UpdateError::Unsigned => say("update-unsigned"),
            UpdateError::Zone => say("update-zone"),
            UpdateError::Wildcard => say("update-wildcard"),
            UpdateError::Changed => say("update-changed"),
            UpdateError::Refused(code) => say("update-refused").with("reason", visible(code).into_owned()),
            UpdateError::Forged => say("update-forged"),
            UpdateError::Message => say("update-message"),
        }
    }
}

impl TsigFault {
    /// The same in words; of one that others may come to, how.
    #[must_use]
    pub fn reason(&self) -> Message {
        match self {
            TsigFault::Unreadable(error) => say("reason-system").with("reason", error.to_string()),
            TsigFault::Open(open) => open.how(),
            TsigFault::TooLarge => say("tsig-large"),
            TsigFault::Syntax => say("tsig-syntax"),
            TsigFault::Algorithm(name) => say("tsig-algorithm").with("name", visible(name).into_owned()),
            TsigFault::Secret => say("tsig-secret"),
        }
    }
}
