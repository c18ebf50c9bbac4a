//! What is done is data: actions that describe themselves and compare themselves with what is there.

mod action;
mod diff;
mod journal;

pub use action::{Action, ActionKind, Plan, Work, holds_key};
pub use diff::diff;
pub use journal::entry;
