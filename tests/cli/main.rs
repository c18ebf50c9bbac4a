//! Stories over the real binary: what it says, its exit code, the files it leaves.

mod apply;
mod check;
mod codes;
#[path = "../common/mod.rs"]
mod common;
mod complete;
mod export;
mod home;
mod kept;
mod lines;
mod named;
mod passphrase;
mod plan;
mod publish;
mod purpose;
mod reading;
mod renew;
mod roots;
mod status;
mod system;
mod tampered;
mod terminal;
mod told;
mod trouble;
mod undo;
