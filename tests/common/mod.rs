//! What every test of a peer needs.

#[allow(dead_code)] // not every test runs the binary
pub mod place;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether `program` can be started. Without it a test says so and passes; where `CI=true`, it fails.
pub fn have(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    found(program, std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// [`have`] for a module of Python.
#[allow(dead_code)] // not every test needs one
pub fn have_python(module: &str) -> bool {
    let import = Command::new("python3").args(["-c", &format!("import {module}")]).output();
    found(&format!("python3-{module}"), import.is_ok_and(|output| output.status.success()))
}

fn found(what: &str, there: bool) -> bool {
    assert!(there || std::env::var("CI").as_deref() != Ok("true"), "{what} is missing; tests/run installs it");
    if !there {
        // Not `println!`, which a test that passes keeps to itself; in one piece, as other tests write too.
        let _ = std::io::stderr().write_all(format!("SKIPPED: {what} is missing\n").as_bytes());
    }
    there
}

/// A folder that goes away with the value.
#[allow(dead_code)] // not every test needs one
pub fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A file among the tests, such as `peers/read_request.py`.
#[allow(dead_code)] // not every test needs one
pub fn beside(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file)
}
