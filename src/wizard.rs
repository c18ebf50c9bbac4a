//! How it moves: a state, messages, and a pure update that answers with effects. No I/O, no clock, no terminal.

mod focus_target;
mod intent;
mod message;
mod overlay;
mod overview;
mod review;
mod run;
mod state;
mod tasks;
mod update;
mod worked_out;

pub use focus_target::{FocusTarget, is_in_row, of_question as slots_of};
pub use intent::Intent;
pub use message::{KeyPress, Msg};
pub use overlay::{Command, MenuItem, Overlay};
pub use overview::all_pages;
pub use review::{Line, review};
pub use run::{End, Run};
pub use state::Wizard;
pub use update::{countries, update};
