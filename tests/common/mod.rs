//! What several tests need.
#![allow(dead_code)] // each test crate uses its part

pub mod sample;

use std::env;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Whether the program `name` is here. Where it is not, the test that asks says so past the test runner's capture and
/// passes; in CI it fails, so that nothing is skipped for good.
pub fn program(name: &str) -> bool {
    let found = find(name).is_some();
    assert!(found || env::var("CI").as_deref() != Ok("true"), "{name} is missing");
    if !found {
        let _ = writeln!(io::stderr(), "SKIPPED: {name} is missing");
    }
    found
}

/// Whether every one of `names` is here; see [`program`].
pub fn programs(names: &[&str]) -> bool {
    names.iter().all(|name| program(name))
}

/// Whether the tests run as root, which servers and network namespaces need; else as where a program is missing.
pub fn root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    assert!(is_root || env::var("CI").as_deref() != Ok("true"), "root is needed");
    if !is_root {
        let _ = writeln!(io::stderr(), "SKIPPED: root is needed");
    }
    is_root
}

fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|folder| folder.join(name)).find(|file| Path::is_file(file))
}
