//! Edgewright: a step-by-step terminal wizard that puts an XMPP federation edge into service and keeps it there.
//!
//! The house has floors, and an import only points down (`tests/floors.rs` holds them):
//!
//! ```text
//!  14  main                      the process and its exit code
//!  13  cli/                      start here: command line -> face -> exit code
//!  12  faces/                    tui (view, keys, theme), plain, headless, docs
//!  11  wizard/                   state, messages, the pure update, what a screen line is
//!  10  session/                  how a run begins, what there is to do, who does it: for every face, command and test
//!   9  pages/                    THE FLOW: pages.rs lists the pages in order, pages/ holds one file each
//!      world/                    the only I/O, behind the ports: files, lock, clock, key generator; real, dry, fake
//!   8  form/                     Page, Field, Kind, questions, answers
//!      check/                    a look at domains from outside, judged
//!      lifecycle/                after the request: prove, complete, switch, status, undo, what a run cut off left
//!   7  steps/                    what a run can do: one file for each kind of action, with its words and its undo
//!   6  plan/                     actions in order, compared with what is there; the trait of a step, diff, journal
//!      servers/                  the products, one file each, and DNS: settings -> files and commands, as data
//!   5  system/                   the ports, traits only: files, disk, keys, clock, programs, network
//!   4  home/                     the home folder: layout, journal, what is there
//!   3  edge/                     the edge, pure: deployment, names, partners, negotiation, records, ports
//!   2  pki/                      certificates, requests, keys, chains, PFX, pure
//!   1  problem                   what is wrong
//!      name                      a DNS name as people and as DNS write it
//!   0  text                      the catalogue
//! ```
//!
//! Rooms on one floor are strangers. Faces and wizard never see the world, nor the world them: `cli` joins them.
//!
//! One pass through the house: `form::file` reads or saves what was said; `pages::deployment` turns it once into what
//! it means (`edge::Deployment`); each page adds its problems and its actions; a `world` performs the actions, for real
//! or dry.

pub mod check;
pub mod cli;
pub mod edge;
pub mod faces;
pub mod form;
pub mod home;
pub mod lifecycle;
pub mod name;
pub mod pages;
pub mod pki;
pub mod plan;
pub mod problem;
pub mod servers;
pub mod session;
pub mod steps;
pub mod system;
pub mod text;
pub mod wizard;
pub mod world;
