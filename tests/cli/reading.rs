//! What is read and written beside the files of the home folder: pipes that are named, pipes that lie in the way, and
//! readers that go away.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use edgewright::edge::Usage;

use crate::common::homes::{Home, private};
use crate::common::place::{Place, Run, answers, timeless};
use crate::common::{have, scratch};

/// Where request and pair 1 and request 2 are, and whatever a run may be told.
fn place() -> Place {
    let place = Place::with(&answers("prosody", ""));
    let home = Home::of(&place).in_use(Usage::External, 1, (-24, 24 * 90)).request(2, Usage::External, 1);
    private(&home.at("answers.toml"), &place.read("edge.toml"));
    private(&place.path("secret"), "secret\n");
    fs::copy(place.path("home/pairs/1/cert.pem"), place.path("leaf.crt")).unwrap();
    place
}

fn make_pipe(at: &Path) {
    assert!(Command::new("mkfifo").args(["-m", "600"]).arg(at).status().unwrap().success());
}

/// The run, which has to end by itself, and soon.
fn ended(place: &Place, args: &[&str]) -> Run {
    let program = place.command(args);
    let mut command = Command::new("timeout");
    command.args(["-k", "1", "20"]).arg(program.get_program()).args(program.get_args()).stdin(Stdio::null());
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?)))).current_dir(place.folder());
    let run = Run::of(&mut command);
    assert_ne!(run.code, 124, "{args:?} hangs\n{}{}", run.out, run.err);
    assert!(!run.err.contains("panicked"), "{args:?}: {}", run.err);
    run
}

/// Every command that reads something it is told, with `{}` for what that is.
const NAMED: [&[&str]; 10] = [
    &["plan", "--answers", "{}"],
    &["apply", "--answers", "{}"],
    &["apply", "--answers", "edge.toml", "--key-passphrase-file", "{}"],
    &["complete", "--certificate", "{}"],
    &["complete", "--certificate", "leaf.crt", "--chain", "{}"],
    &["complete", "--certificate", "leaf.crt", "--password-file", "{}"],
    &["complete", "--certificate", "leaf.crt", "--key-passphrase-file", "{}"],
    &["export-pfx", "--out", "edge.pfx", "--password-file", "{}"],
    &["--plain", "--answers", "{}"],
    &["--plain", "--dry-run", "--answers", "{}"],
];

fn naming<'a>(args: &[&'a str], name: &'a str) -> Vec<&'a str> {
    args.iter().map(|arg| if *arg == "{}" { name } else { arg }).collect()
}

#[test]
fn who_waits_for_a_pipe_can_be_interrupted_and_holds_nothing() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let place = place();
    make_pipe(&place.path("pipe"));
    let before = timeless(place.listing());
    for (args, signal) in NAMED.iter().flat_map(|args| [(args, SIGINT), (args, SIGTERM)]) {
        let mut command = place.command(&naming(args, "pipe"));
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Opened from both ends: now the program waits for what comes, which is nothing.
        let sender = File::options().write(true).open(place.path("pipe")).unwrap();
        assert!(!place.path("home/lock").exists(), "{args:?}: others wait as well");
        assert!(Command::new("kill").args([format!("-{signal}"), child.id().to_string()]).status().unwrap().success());
        let status = child.wait_with_output().unwrap().status;
        drop(sender);
        assert_eq!(status.signal(), Some(signal), "{args:?}: {status}");
        assert!(timeless(place.listing()) == before, "{args:?}: something is left");
    }
    assert!(!place.run(&["status"]).err.contains("cut off"));
}

#[test]
fn what_never_ends_is_refused() {
    let place = place();
    let before = timeless(place.listing());
    for args in NAMED {
        let run = ended(&place, &naming(args, "/dev/zero"));
        let told = run.out + &run.err;
        assert_eq!(run.code, 1, "{args:?}: {told}");
        assert!(told.contains("larger than") || told.contains("too large"), "{args:?}: {told}");
    }
    let mut command = place.command(&["complete", "--certificate", "-"]);
    let run = Run::of(command.stdin(File::open("/dev/zero").unwrap()));
    assert!(run.code == 1 && run.err.contains("error[certificate-too-large]"), "{}", run.err);
    assert!(timeless(place.listing()) == before);
}

#[test]
fn what_comes_through_a_pipe_is_read() {
    if !have("bash") {
        return;
    }
    let piped = |place: &Place, line: &str| {
        let mut command = Command::new("bash");
        command.args(["-c", &format!("exec \"$0\" {line}"), env!("CARGO_BIN_EXE_edgewright")]);
        Run::of(command.current_dir(place.folder()).env("LC_ALL", "C").env("EDGEWRIGHT_HOME", place.home()))
    };
    let place = Place::with(&answers("prosody", ""));
    private(&place.path("secret"), "secret\n");
    let run = piped(&place, "apply --answers <(cat edge.toml) --key-passphrase-file <(cat secret)");
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    assert!(place.read("home/requests/1/key.pem").contains("ENCRYPTED"));
    // Both are read to their end, and then judged.
    fs::copy(place.path("edge.req"), place.path("sent")).unwrap();
    let run = piped(&place, "complete --certificate <(cat sent) --chain <(cat sent)");
    assert!(run.err.contains("certificate request"), "{}", run.err);
}

/// Nobody opens what lies in the home folder and is no file: it could keep a run waiting for ever.
#[test]
fn a_pipe_or_device_in_the_home_folder_is_refused_and_not_waited_for() {
    let ours = ["answers.toml", "journal.jsonl", "lock"];
    let pair = ["key.pem", "cert.pem", "chain.pem", "fullchain.pem"].map(|name| format!("pairs/1/{name}"));
    let request = ["1/key.pem", "2/key.pem", "2/request.pem"].map(|name| format!("requests/{name}"));
    for name in ours.map(str::to_owned).into_iter().chain(pair).chain(request) {
        for is_device in [false, true] {
            let place = place();
            let at = place.home().join(&name);
            let _ = fs::remove_file(&at);
            if is_device {
                let made = Command::new("mknod").args(["-m", "600"]).arg(&at).args(["c", "1", "5"]).output().unwrap();
                if !made.status.success() {
                    continue;
                }
            } else {
                make_pipe(&at);
            }
            for args in [
                &["plan", "--answers", "edge.toml"][..],
                &["plan", "--answers", "home/answers.toml"],
                &["apply", "--answers", "edge.toml"],
                &["apply", "--answers", "home/answers.toml"],
                &["status"],
                &["complete", "--certificate", "leaf.crt"],
                &["renew"],
                &["undo"],
                &["undo", "--dry-run"],
                &["export-pfx", "--out", "edge.pfx", "--password-file", "secret"],
                &["--plain"],
                &["--plain", "--dry-run"],
            ] {
                let run = ended(&place, args);
                let told = run.out + &run.err;
                if name == "answers.toml" && !args.contains(&"edge.toml") && args != ["status"] && args[0] != "undo" {
                    assert!(run.code == 1 && told.contains("no regular file"), "{args:?}, {name}: {told}");
                }
                if name == "journal.jsonl" && ["undo", "apply"].contains(&args[0]) {
                    assert!(run.code == 1 && told.contains("no regular file"), "{args:?}, {name}: {told}");
                }
                assert!(!told.contains("invalid input"), "{args:?}, {name}: {told}");
            }
        }
    }
}

/// A pipe that nobody reads.
fn unread() -> Stdio {
    let (_, sender) = std::io::pipe().unwrap();
    sender.into()
}

/// As `edgewright … | head -1`: the exit code is the one that the run would have had, and nothing is said about it.
#[test]
fn a_reader_who_goes_away_is_no_failure() {
    for (args, code) in [
        (&["plan", "--answers", "edge.toml"][..], 0),
        (&["plan", "--answers", "edge.toml", "--json"], 0),
        (&["plan", "--answers", "nowhere.toml", "--json"], 1),
        (&["apply", "--answers", "edge.toml", "--dry-run"], 0),
        (&["apply", "--answers", "edge.toml", "--json"], 0),
        (&["apply", "--answers", "edge.toml"], 0),
        (&["status"], 0),
        (&["status", "--json"], 0),
        (&["renew", "--dry-run"], 0),
        (&["undo", "--dry-run"], 0),
        (&["export-pfx", "--out", "edge.pfx", "--password-file", "secret"], 0),
        (&["generate", "man"], 0),
        (&["generate", "answers"], 0),
        (&["generate", "completions", "bash"], 0),
        (&["generate", "schema"], 0),
        (&["generate", "reference"], 0),
        (&["--plain"], 0),
        (&["--plain", "--dry-run"], 0),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let place = place();
        let heard = place.command(args).stdin(Stdio::null()).output().unwrap();
        let place = place_again(args, place);
        let unheard = place.command(args).stdin(Stdio::null()).stdout(unread()).output().unwrap();
        assert_eq!((heard.status.code(), unheard.status.code()), (Some(code), Some(code)), "{args:?}: {unheard:?}");
        assert_eq!(unheard.stderr, heard.stderr, "{args:?}");
        // Nor where nobody reads what is said beside it: `2>&1 | head -1`.
        let place = place_again(args, place);
        let unheard = place.command(args).stdin(Stdio::null()).stdout(unread()).stderr(unread()).status().unwrap();
        assert_eq!(unheard.code(), Some(code), "{args:?}");
    }
}

/// A place where nothing was done yet, in the same folder: its name is in what is said.
fn place_again(args: &[&str], place: Place) -> Place {
    if args[0] == "export-pfx" {
        fs::remove_file(place.path("edge.pfx")).unwrap();
    }
    place
}

#[test]
fn what_is_to_be_done_is_done_though_nobody_reads_of_it() {
    let place = Place::with(&answers("prosody", "edge.xmpp_domains = [\"*.example.org\"]"));
    let apply = ["--log", "edge.log", "apply", "--answers", "edge.toml"];
    let status = place.command(&apply).stdout(unread()).stderr(unread()).status().unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(place.run(&apply).out.contains("nothing else to do"), "all of it was done");
    assert!(place.read("edge.log").contains("requests/1/key.pem"));
    // A run that was cut off says so first, which nobody hears either.
    private(&place.path("home/lock"), "pid 1 somebody 2026-01-01T00:00:00Z\n");
    place.answer(&answers("prosody", "organization.name = \"Other\"\nrequest.file = \"other.req\""));
    let status = place.command(&apply).stdout(unread()).stderr(unread()).status().unwrap();
    assert!(status.code() == Some(0) && place.path("home/requests/2/key.pem").exists());
}

/// A device that takes nothing is one: what was asked for could not be said.
#[test]
fn a_full_device_is_a_failure() {
    let folder = scratch();
    let full = || File::options().write(true).open("/dev/full").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_edgewright"));
    let output = command.args(["generate", "man", "--home"]).arg(folder.path()).stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(!output.stderr.is_empty());
}
