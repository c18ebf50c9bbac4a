//! Links everything into the program where the linker has what it takes: it then starts a sixth sooner, and runs on any
//! Linux of its architecture, whatever C library that has.
//!
//! `-C target-feature=+crt-static` would do, but cargo then wants a target named and puts the program elsewhere.

use std::env::var;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What rustc asks the linker for.
const SHARED: [&str; 3] = ["libc.so", "libm.so", "libgcc_s.so"];
/// What it gets instead of each.
const STATIC: [&str; 4] = ["libc.a", "libm.a", "libgcc_eh.a", "libgcc.a"];
/// What a program starts with that puts itself wherever it was loaded to.
const START: &str = "rcrt1.o";

fn main() {
    println!("cargo:rerun-if-changed=.cargo/build.rs");
    let is = |name: &str, value: &str| var(name).is_ok_and(|is| is == value);
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") || var("HOST") != var("TARGET") {
        return;
    }
    let libraries = STATIC.iter().map(|library| found(library)).collect::<Option<Vec<_>>>();
    let (Some(libraries), Some(_)) = (libraries, found(START)) else { return };
    let folder = var("OUT_DIR").expect("cargo names a folder");
    for shared in SHARED {
        let script = format!("GROUP(\"{}\")\n", libraries.join("\" \""));
        fs::write(Path::new(&folder).join(shared), script).expect("the folder can be written");
    }
    println!("cargo:rustc-link-arg-bins=-static-pie");
    println!("cargo:rustc-link-arg-bins=-L{folder}");
}

/// Where the C compiler takes `file` from.
fn found(file: &str) -> Option<String> {
    let said = Command::new("cc").arg(format!("-print-file-name={file}")).output().ok()?;
    let path = String::from_utf8(said.stdout).ok()?.trim().to_owned();
    Path::new(&path).is_absolute().then_some(path)
}
