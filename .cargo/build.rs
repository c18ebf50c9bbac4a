//! Links what unwinds a panic into the program: it then needs no shared library but libc, and starts a tenth sooner.

use std::env::var;

fn main() {
    println!("cargo:rerun-if-changed=.cargo/build.rs");
    let is = |name: &str, value: &str| var(name).is_ok_and(|is| is == value);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
    }
}
