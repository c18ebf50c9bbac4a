//! Edgewright: a step-by-step terminal wizard that puts an XMPP federation edge into service and keeps it there.
//!
//! The house has floors, and an import only points down (`tests/floors.rs` holds them):
//!
//! ```text
//!   9  main                      the process and its exit code
//!   8  cli/                      start here: command line -> face -> exit code
//!   7  faces/                    tui (view, keys, theme), plain, headless, docs
//!   6  wizard/                   state, messages, the pure update, what a screen line is
//!   5  pages/                    THE FLOW: pages.rs lists the pages in order, pages/ holds one file each
//!      world/                    the only I/O: files, lock, clock, key generator; real, dry, fake
//!   4  form/                     Page, Field, Kind, questions, answers
//!      upkeep/                   after the request: complete, switch, status, undo, what a run cut off left
//!   3  plan/                     actions, diff, journal
//!      servers/                  Lync, Prosody, ejabberd, DNS: settings -> files and commands, as data
//!   2  model/                    the subject, pure: names, keys, request, partners, negotiation, records, facts
//!   1  problem                   what is wrong
//!   0  text                      the catalogue
//! ```
//!
//! Rooms on one floor are strangers. Faces and wizard never see the world, nor the world them: `cli` joins them.
//!
//! One pass through the house: `form::answers` reads or saves what was said; `pages::deployment` turns it once into what
//! it means (`model::Deployment`); each page adds its problems and its actions; a `world` performs the actions, for real
//! or dry.

pub mod cli;
pub mod faces;
pub mod form;
pub mod model;
pub mod pages;
pub mod plan;
pub mod problem;
pub mod servers;
pub mod text;
pub mod upkeep;
pub mod wizard;
pub mod world;
