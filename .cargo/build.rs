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
/// A library of its own before glibc 2.34, which would have to be given too.
const OF_OLD: &str = "libpthread.so";

fn main() {
    println!("cargo:rerun-if-changed=.cargo/build.rs");
    // The catalogue is taken into the program: a language or a file more is one more to take in.
    println!("cargo:rerun-if-changed=assets/locale");
    let is = |name: &str, value: &str| var(name).is_ok_and(|is| is == value);
    let is_glibc = is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu");
    let is_own =
        var("CARGO_CFG_TARGET_ARCH").is_ok_and(|architecture| linker("-dumpmachine").starts_with(&architecture));
    if !is_glibc || !is_own || var("HOST") != var("TARGET") || found(OF_OLD).is_some() {
        return;
    }
    let libraries = STATIC.iter().map(|library| found(library)).collect::<Option<Vec<_>>>();
    let (Some(libraries), Some(start)) = (libraries, found(START)) else { return };
    let folder = var("OUT_DIR").expect("cargo names a folder");
    let script = format!("GROUP(\"{}\")\n", libraries.join("\" \""));
    for shared in SHARED {
        fs::write(Path::new(&folder).join(shared), &script).expect("the folder can be written");
    }
    println!("cargo:rustc-link-arg-bins=-static-pie");
    println!("cargo:rustc-link-arg-bins=-L{folder}");
    // The tests ask for it.
    println!("cargo:rustc-env=EDGEWRIGHT_IS_STATIC=yes");
    // A mended C library reaches the program with the next build.
    for file in libraries.iter().chain([&start]) {
        println!("cargo:rerun-if-changed={file}");
    }
}

/// Where the linker takes `file` from.
fn found(file: &str) -> Option<String> {
    Some(linker(&format!("-print-file-name={file}"))).filter(|path| Path::new(path).is_absolute())
}

/// What the linker says of itself.
fn linker(ask: &str) -> String {
    let said = Command::new(var("RUSTC_LINKER").unwrap_or_else(|_| "cc".to_owned())).arg(ask).output();
    said.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned()).unwrap_or_default()
}
