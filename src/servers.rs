//! Settings as the servers read them: files and commands, as data.
//!
//! Each writer takes what the answers mean and gives the files back; who puts them where is not its business. What a
//! server cannot hold is said in the file and never loosened: of two settings that do not fit, the stricter is written.
//! Partners whose name cannot work, or who cannot connect, are passed over here.

mod dns;
mod draft;
mod ejabberd;
mod firewall;
mod installation;
mod lync;
mod partners;
mod policy;
mod powershell;
mod product;
mod prosody;
mod script;
mod streams;
mod systemd;

use crate::edge::{Record, Server};
use crate::text::Text;

pub use installation::{InstalledFile, Local, Verb, our_hosts};
pub use partners::limits;
pub use product::{Enforced, OutFile, Product};
pub use script::SCRIPT_SAYS;
pub use streams::{closed_streams, streams_of};
pub use systemd::Daily;

/// The table of products.
#[must_use]
pub fn product(server: Server) -> &'static dyn Product {
    match server {
        Server::Lync => &lync::Lync,
        Server::Prosody => &prosody::Prosody,
        Server::Ejabberd => &ejabberd::Ejabberd,
    }
}

/// The records for DNS servers and for programs that keep zones; nothing where there are no records.
#[must_use]
pub fn dns_files(records: &[Record], text: &Text) -> Vec<OutFile> {
    dns::files(records, text)
}
