//! The wizard from key strings to the files it leaves, without a terminal: the real update, the real view, a world in
//! memory.

mod certificate;
#[path = "../common/mod.rs"]
mod common;
mod faces;
mod fields;
mod handling;
mod issuers;
mod keys;
mod lists;
mod live;
mod look;
mod looked_up;
mod may_issue;
mod mouse;
mod moving;
mod outside;
mod picture;
mod replay;
mod resume;
mod rows;
mod runs;
mod service;
mod sizes;
mod to_do;
mod verdicts;
mod walk;
mod whole;
