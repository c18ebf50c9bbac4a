//! How it moves: a state, messages, and a pure update that answers with effects. No I/O, no clock, no terminal.
//!
//! Start here; what stands lower knows nothing of what stands above it:
//!
//! ```text
//!  update                       a message in, effects out
//!  update/intents               clicks and typed lines
//!  update/keys, overlays        keys on the page, and on what lies over it
//!  update/commands              what a menu, a confirmation or a key asks for
//!  update/outside               domains as other servers see them
//!  update/upkeep, ticking       renewal and undo; steps a person did are ticked off
//!  update/moving                from page to page, and out
//!  update/rows, pasting         rows of a table and items of a list; text from elsewhere
//!  update/focus, choosing       a place is left for another; answers that are chosen
//!  update/typing, saving        answers that are typed; answers are saved
//!  begin                        where a person begins, or goes on
//!  input, overview, tasks       the focus with what is typed there; where things stand; what is done outside
//!  slots                        what can have the focus
//!  review                       what a summary lists
//!  content, problems, request   what is read out of the state
//!  state                        the wizard, and the one way to change answers, facts and wishes
//!  message, overlay, outside ... types that know no wizard
//! ```

mod begin;
mod content;
mod countries;
mod focus_target;
mod input;
mod intent;
mod line;
mod message;
mod outcome;
mod outside;
mod overlay;
mod overview;
mod problems;
mod request;
mod review;
mod run;
mod sight;
mod slots;
mod state;
mod tasks;
mod update;
mod worked_out;

pub use countries::countries;
pub use focus_target::{FocusTarget, is_in_row, of_question as slots_of};
pub use intent::Intent;
pub use line::Line;
pub use message::{KeyPress, Msg};
pub use outside::{Outside, Standing};
pub use overlay::{Command, MenuItem, Overlay};
pub use overview::all_pages;
pub use run::{End, Run};
pub use sight::Sight;
pub use state::Wizard;
pub use update::update;
