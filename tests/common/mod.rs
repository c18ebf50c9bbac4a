//! What several tests need.
#![allow(dead_code)] // each test crate uses its part

pub mod edge;
pub mod homes;
pub mod offers;
pub mod place;

use std::env;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether `program` can be started. Without it a test says so and passes; where `CI=true`, it fails.
pub fn have(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    found(program, env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// [`have`] for several programs.
pub fn have_all(programs: &[&str]) -> bool {
    programs.iter().all(|program| have(program))
}

/// [`have`] for a module of Python.
pub fn have_python(module: &str) -> bool {
    let import = Command::new("python3").args(["-c", &format!("import {module}")]).output();
    found(&format!("python3-{module}"), import.is_ok_and(|output| output.status.success()))
}

/// [`have`] for root's rights, which servers and network namespaces need.
pub fn have_root() -> bool {
    found("root's rights", rustix::process::geteuid().is_root())
}

/// [`have`] for the folder that a variable names.
pub fn have_folder(variable: &str) -> Option<PathBuf> {
    let folder = env::var_os(variable).map(PathBuf::from).filter(|folder| folder.is_dir());
    found(variable, folder.is_some());
    folder
}

/// [`have`] for the static libraries that `.cargo/build.rs` links into the program.
pub fn have_static() -> bool {
    found("libc.a", option_env!("EDGEWRIGHT_IS_STATIC").is_some())
}

fn found(what: &str, there: bool) -> bool {
    assert!(there || env::var("CI").as_deref() != Ok("true"), "{what} is missing; tests/run installs it");
    if !there {
        // Not `println!`, which a test that passes keeps to itself; in one piece, as other tests write too.
        let _ = std::io::stderr().write_all(format!("SKIPPED: {what} is missing\n").as_bytes());
    }
    there
}

/// Whether there are minutes rather than seconds: `tests/run --long`.
pub fn is_long() -> bool {
    env::var_os("EDGEWRIGHT_LONG").is_some()
}

/// A folder that goes away with the value.
pub fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A file among the tests, such as `peers/read_request.py`.
pub fn beside(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file)
}
