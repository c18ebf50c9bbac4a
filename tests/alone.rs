//! The program is one file: what it needs is in it, whatever C library the machine has, and no network is needed where none is
//! asked for.

mod common;

use std::fs;
use std::process::Command;

use common::place::{Place, Run, answers, list};
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

/// In a network namespace where not even loopback is up.
#[test]
fn only_what_looks_into_the_network_misses_it() {
    if !have("unshare") || !have_root() {
        return;
    }
    let place = Place::with(&answers("prosody", ""));
    let without = |words: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--net", env!("CARGO_BIN_EXE_edgewright")]).args(words);
        Run::of(command.current_dir(place.folder()).env("LC_ALL", "C").env("EDGEWRIGHT_HOME", place.home()))
    };
    for (words, code) in [
        (&["plan", "--answers", "edge.toml"][..], 0),
        (&["apply", "--answers", "edge.toml"], 0),
        (&["renew", "--dry-run"], 0),
        (&["status"], 0),
        (&["undo", "--list"], 0),
    ] {
        let run = without(words);
        assert_eq!(run.code, code, "{words:?} {}{}", run.out, run.err);
    }
    let run = without(&["plan", "--look", "--json"]);
    let states: Vec<_> = list(&run.json()["records"]).iter().map(|record| record["state"].clone()).collect();
    assert!(run.code == 0 && !states.is_empty() && states.iter().all(|state| state == "unknown"), "{}", run.out);
    let run = without(&["check", "example.org"]);
    assert!(run.code == 1 && run.out.contains("cannot be reached from here"), "{} {}{}", run.code, run.out, run.err);
}
