//! Links everything into the program where the linker has what it takes: it then starts a sixth sooner, and runs on any
//! Linux of its architecture, whatever C library that has.
//!
//! `-C target-feature=+crt-static` would do, but cargo then wants a target named and puts the program elsewhere.

use std::env::var;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What rustc asks the linker for, and what it shall get instead: libraries in the order of who needs whom.
const LIBRARIES: [(&str, &[&str]); 3] = [
    ("libc.so", &["libc.a", "libgcc_eh.a", "libgcc.a"]),
    ("libgcc_s.so", &["libgcc_eh.a", "libgcc.a", "libc.a"]),
    ("libm.so", &["libm.a"]),
];

fn main() {
    println!("cargo:rerun-if-changed=.cargo/build.rs");
    let is = |name: &str, value: &str| var(name).is_ok_and(|is| is == value);
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") || var("HOST") != var("TARGET") {
        return;
    }
    let folder = var("OUT_DIR").unwrap_or_default();
    for (asked, given) in LIBRARIES {
        let Some(given) = given.iter().map(|library| found(library)).collect::<Option<Vec<_>>>() else { return };
        let script = format!("GROUP({})\n", given.join(" "));
        fs::write(Path::new(&folder).join(asked), script).expect("OUT_DIR can be written");
    }
    println!("cargo:rustc-link-arg-bins=-static-pie");
    println!("cargo:rustc-link-arg-bins=-L{folder}");
}

/// Where the C compiler would take `library` from.
fn found(library: &str) -> Option<String> {
    let said = Command::new("cc").arg(format!("-print-file-name={library}")).output().ok()?;
    let path = String::from_utf8(said.stdout).ok()?.trim().to_owned();
    Path::new(&path).is_absolute().then_some(path)
}
