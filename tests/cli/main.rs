//! Stories over the real binary: what it says, its exit code, the files it leaves.

mod apply;
mod codes;
#[path = "../common/mod.rs"]
mod common;
mod complete;
mod export;
mod lines;
mod passphrase;
mod plan;
mod reading;
mod renew;
mod status;
mod system;
mod trouble;
mod undo;
