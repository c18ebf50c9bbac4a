//! The home folder: where everything lies in it, what is there, and what was done.

mod facts;
mod file_owner;
mod issuers_found;
mod journal;
pub mod layout;
mod octets;
mod records_found;
mod server_found;
mod ticks;
mod zone_change;

pub use facts::{
    Facts, Found, KeyLeft, Pair, PathState, PendingRequest, Received, Want, is_windows_path, stands_alone,
};
pub use file_owner::{FileOwner, Names, User};
pub use issuers_found::{Caa, CaaLook, IssuersFound};
pub use journal::{Entry, Journal, Owner, Place, Stay, Undo};
pub use layout::Layout;
pub use octets::percent_decoded;
pub use records_found::{Lookup, LookupError, Proof, RecordLook, RecordSet, SeenData, SeenRecord, Unproven};
pub use server_found::{HostFound, ModuleFound, OptionFound, ServerFound, StreamFound};
pub use ticks::Ticks;
pub use zone_change::{SetChange, ZoneChange, ZoneRecord};
