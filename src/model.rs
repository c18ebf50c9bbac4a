//! The subject itself, pure: no I/O, no clock, no words for people (only keys of them).

mod certificate;
mod chain;
pub mod constraints;
mod deployment;
mod der;
mod distinguished;
pub mod encrypted_key;
mod facts;
mod flaw;
mod journal;
mod key;
mod mail;
mod name;
mod negotiation;
mod octets;
mod offer;
mod partner;
mod pbe;
pub mod pfx;
mod port;
pub mod proof;
mod purpose;
mod record;
pub mod request;
mod san;
mod server;
mod signature;

pub use certificate::{Certificate, OtherKinds, Usages};
pub use chain::{Chain, ChainEnd};
pub use deployment::{
    Authority, Delivery, Deployment, DnsSettings, Edge, Federation, KeyMaker, Policy, RequestSettings, Subject, Usage,
};
pub use facts::{Facts, Found, KeyLeft, Pair, PendingRequest, Received, Renewal, Spot, number_of};
pub use flaw::Flaw;
pub use journal::{Entry, Journal, Owner, Place, Undo};
pub use key::{KeyKind, PrivateKey};
pub use name::{Name, NameFault};
pub use negotiation::{Method, Negotiation, Requirement, Verdict, negotiate};
pub use negotiation::{Outcome, REASONS, is_not_enforced};
pub use offer::{MAX_OCTETS as MAX_OFFER, Offer};
pub use partner::{Partner, PartnerType, Preset};
pub use port::{Direction, Port, ports};
pub use purpose::{Purpose, allows};
pub use record::{Record, RecordData, records};
pub use san::{NamedFor, Reason, names};
pub use server::Server;
pub use signature::PublicKeyKind;
