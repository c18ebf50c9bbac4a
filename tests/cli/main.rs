//! Stories over the real binary: what it says, its exit code, the files it leaves.

mod apply;
mod codes;
#[path = "../common/mod.rs"]
mod common;
mod export;
mod lines;
mod plan;
mod status;
mod trouble;
