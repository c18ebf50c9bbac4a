//! No dump of the program, and nobody else who runs as its user, gets at the keys in its memory.

mod common;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::process::{Command, Stdio};

use common::place::{Place, Run, answers, set_mode};
use common::{have, have_all, have_root};

/// A user whom no file knows.
const OTHER: u32 = 12345;

/// A place that any user may come to, with a copy of the program for them.
fn open_place() -> Place {
    let place = Place::with(&answers("prosody", ""));
    set_mode(place.folder(), 0o755);
    fs::copy(env!("CARGO_BIN_EXE_edgewright"), place.path("edgewright")).unwrap();
    place
}

fn his_folder(place: &Place) {
    fs::create_dir(place.path("user")).unwrap();
    chown(place.path("user"), Some(OTHER), Some(OTHER)).unwrap();
}

/// A program, run by the other user.
fn by_other(place: &Place, words: &[&str]) -> Command {
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={OTHER}"), format!("--regid={OTHER}"), "--clear-groups".to_owned()]);
    command.args(words).current_dir(place.folder()).env("LC_ALL", "C");
    command
}

#[test]
fn no_dump_holds_what_the_program_holds() {
    if !have_root() || !have("setpriv") {
        return;
    }
    let place = open_place();
    his_folder(&place);
    let mut command = by_other(&place, &["./edgewright", "--home", "user/home", "--plain"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    // Its first words are there: it is past its start.
    let mut word = [0; 1];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut word).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let memory = fs::metadata(format!("/proc/{}/mem", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(status.contains(&format!("Uid:\t{OTHER}")), "{status}");
    assert_eq!(
        (memory.uid(), memory.permissions().mode() & 0o777),
        (0, 0o600),
        "the system keeps it from its own user"
    );
}

#[test]
fn without_a_dump_files_that_come_by_number_still_do() {
    if !have_root() || !have_all(&["setpriv", "bash"]) {
        return;
    }
    let place = open_place();
    his_folder(&place);
    let copy = place.path("user/edge.req");
    place.answer(&answers("prosody", &format!("request.file = {copy:?}")));
    let script = "./edgewright --home user/home --log /dev/stderr apply --answers <(cat edge.toml) && ./edgewright --home user/home status";
    let run = Run::of(&mut by_other(&place, &["bash", "-c", script]));
    assert!(
        run.code == 0 && run.err.contains("key.pem") && run.out.contains("key.pem"),
        "{} {}{}",
        run.code,
        run.out,
        run.err
    );
}
