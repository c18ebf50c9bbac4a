//! The edge that is put into service, pure: what the answers mean, and what follows from it.

mod deployment;
mod negotiation;
mod partner;
mod port;
mod publication;
mod purpose;
mod reason;
mod record;
mod san;
mod server;

pub use deployment::{
    Authority, Deployment, DnsSettings, Edge, Federation, KeyMaker, Policy, Renewal, RequestSettings, Usage,
};
pub use negotiation::{Method, Negotiation, Requirement, Verdict, negotiate};
pub use negotiation::{Outcome, REASONS, is_not_enforced, reasons};
pub use partner::{Partner, PartnerType, Preset};
pub use port::{Direction, Port};
pub use publication::{DNS_PORT, Publication, Publisher, name_server};
pub use purpose::{Purpose, allows};
pub use reason::{NameReason, NamedFor};
pub use record::{Record, RecordData, SipService, records, tlsa_name};
pub use san::names;
pub use server::{CertificateFault, Server, Traits};
