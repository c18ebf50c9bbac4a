//! How it moves: a state, messages, and a pure update that answers with effects. No I/O, no clock, no terminal.

mod hub;
mod intent;
mod message;
mod overlay;
mod review;
mod slot;
mod state;
mod update;

pub use hub::all_pages;
pub use intent::Intent;
pub use message::{Key, Msg};
pub use overlay::{Deed, MenuItem, Overlay};
pub use review::{Line, review};
pub use slot::{Slot, is_in_row, of_question as slots_of};
pub use state::{End, Run, Wizard};
pub use update::{countries, update};
