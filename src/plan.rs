//! What is done is data: actions that describe themselves and compare themselves with what is there.

mod action;
mod diff;
pub mod journal;

pub use action::{Access, Action, ActionKind, JOURNAL, LOCK, Plan, Work};
pub use diff::diff;
