//! Certificates, requests and keys, pure: what they say, how they are written, whether they fit. It knows names, subjects and
//! usages, never what runs on the edge.

mod certificate;
mod chain;
mod cms;
pub mod constraints;
mod der;
pub mod digest;
mod distinguished;
mod encoding;
pub mod encrypted_key;
mod fault;
mod flaw;
mod key;
mod mail;
mod offer;
mod pbe;
pub mod pfx;
pub mod request;
mod secret;
mod signature;
mod subject;
mod wildcard;

pub use certificate::{Certificate, OtherKinds, Usages};
pub use chain::{Chain, ChainEnd};
pub use flaw::Flaw;
pub use key::{KeyKind, PrivateKey};
pub use offer::{IssuedBundle, MAX_OCTETS as MAX_BUNDLE};
pub use secret::{MOST as LONGEST_SECRET, Secret};
pub use signature::{MIN_RSA_BITS, PublicKeyKind};
pub use subject::Subject;
pub use wildcard::covers;

/// Whether a file holds a private key, which is never replaced whatever a person agreed to.
#[must_use]
pub fn holds_key(content: &[u8]) -> bool {
    holds(content, b"PRIVATE KEY-----")
}

/// Whether a file holds a certificate, which may be the only one for a key.
#[must_use]
pub fn holds_certificate(content: &[u8]) -> bool {
    holds(content, b"BEGIN CERTIFICATE-----")
}

fn holds(content: &[u8], sign: &[u8]) -> bool {
    content.windows(sign.len()).any(|window| window == sign)
}
