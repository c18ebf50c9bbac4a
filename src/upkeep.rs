//! What is done after the request: the certificate is taken home and proved, the pair in use is switched, watched,
//! renewed, and switched back. All of it is worked out from facts; a world does it.

mod complete;
mod recover;
mod status;
mod undo;

pub use complete::{Completion, complete};
pub use recover::{Recovery, recover};
pub use status::{InUse, State, Status, Waiting, broken_pair};
pub use undo::{Undo, touched as undo_touches, undo};
