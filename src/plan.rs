//! What is done is data: actions that describe themselves and compare themselves with what is there.

mod action;
mod diff;
mod journal;
mod place;

pub use action::{
    ANSWERS, Access, Action, ActionKind, BEFORE, HOME_ID, JOURNAL, LOCK, Plan, RECEIVED, Work, holds_key,
};
pub use diff::diff;
pub use journal::entry;
pub use place::{TEMPORARY, is_for_pfx, is_taken};
