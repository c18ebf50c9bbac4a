//! The home folder: where everything lies in it, what is there, and what was done.

mod facts;
mod journal;
mod octets;

pub use facts::{Facts, Found, KeyLeft, Pair, PendingRequest, Received, Renewal, Spot, number_of};
pub use journal::{Entry, Journal, Owner, Place, Undo};
