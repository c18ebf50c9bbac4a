//! The program is one file: what it needs is in it, whatever C library the machine has.

mod common;

use std::fs;
use std::process::Command;

use common::place::{Place, Run, answers};
use common::{have, have_root, have_static};

#[test]
fn it_runs_where_nothing_is_but_the_program_and_the_answers() {
    if !have("chroot") || !have_root() || !have_static() {
        return;
    }
    let place = Place::with(&answers("prosody", ""));
    fs::copy(env!("CARGO_BIN_EXE_edgewright"), place.path("edgewright")).unwrap();
    let within = |words: &[&str]| Run::of(Command::new("chroot").arg(place.folder()).args(words).env_remove("HOME"));
    let run = within(&["/edgewright", "--home", "/home", "apply", "--answers", "/edge.toml"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(place.path("edge.req").exists(), "{}", run.out);
    // Root has a folder of its own.
    let run = within(&["/edgewright", "status"]);
    assert!(run.code == 3 && run.out.contains("/var/lib/edgewright"), "{} {}{}", run.code, run.out, run.err);
    // Without HOME anybody else's is asked for in a list of users that is not there either.
    fs::set_permissions(place.folder(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut other = Command::new("chroot");
    other.args(["--userspec=12345:12345"]).arg(place.folder()).args(["/edgewright", "status"]).env_remove("HOME");
    let run = Run::of(&mut other);
    assert!(run.code == 1 && run.err.contains("--home"), "{} {}{}", run.code, run.out, run.err);
}
