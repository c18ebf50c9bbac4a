//! What a system may refuse or make up: random numbers, the end of a folder, the time of a file. It is told, or minded
//! not at all; nothing panics.

use std::fs::{self, File};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use edgewright::edge::Usage;

use crate::common::have;
use crate::common::homes::{Home, private};
use crate::common::place::{Disk, Place, Run, answers, timeless};

/// A run whose calls strace answers as `inject` says; and whether it did.
fn under_strace(place: &Place, inject: &str, args: &[&str]) -> (Run, bool) {
    let program = place.command(args);
    let mut command = Command::new("strace");
    let call = inject.split(':').next().unwrap();
    command.args(["-f", "-qq", "-o", "trace", "-e", &format!("trace={call}"), "-e", &format!("inject={inject}")]);
    command.arg(program.get_program()).args(program.get_args()).current_dir(place.folder());
    command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let run = Run::of(&mut command);
    let is_injected = place.read("trace").contains("INJECTED");
    fs::remove_file(place.path("trace")).unwrap();
    (run, is_injected)
}

/// A place with pair 1 in use, request 2, and a password.
fn place() -> Place {
    let place = Place::with(&answers("prosody", ""));
    let home = Home::of(&place).in_use(Usage::External, 1, (-24, 24 * 90)).request(2, Usage::External, 1);
    private(&home.at("answers.toml"), &place.read("edge.toml"));
    private(&place.path("secret"), "secret\n");
    place
}

#[test]
fn without_random_numbers_no_key_is_made_or_used() {
    if !have("strace") {
        return;
    }
    for key in ["ecdsa-p256", "rsa-2048"] {
        let place = Place::with(&answers("prosody", &format!("security.key = \"{key}\"")));
        let (run, is_injected) =
            under_strace(&place, "getrandom:error=EPERM", &["apply", "--answers", "edge.toml", "--json"]);
        assert!(is_injected && run.code == 1, "{key}: {}{}", run.out, run.err);
        assert_eq!(run.verdicts(), ["error file-unwritable"], "{}", run.out);
        assert!(run.out.contains("refuses random numbers"), "{}", run.out);
        assert!(!place.path("home/lock").exists() && !place.path("home/requests").exists());
        // A kernel that does not know the call has a device.
        let (run, _) = under_strace(&place, "getrandom:error=ENOSYS", &["apply", "--answers", "edge.toml"]);
        assert_eq!(run.code, 0, "{}", run.err);
        assert!(place.applied().keeps_all());
    }
    let place = place();
    let before = timeless(place.listing());
    for args in [&["renew", "--keep-key"][..], &["export-pfx", "--out", "edge.pfx", "--password-file", "secret"]] {
        let (run, _) = under_strace(&place, "getrandom:error=EPERM", args);
        assert!(run.code == 1 && run.err.contains("refuses random numbers"), "{args:?}: {}", run.err);
        assert!(timeless(place.listing()) == before, "{args:?}");
    }
}

/// A network file system may be gone by the time that a folder or a file is closed.
#[test]
fn what_cannot_be_closed_is_no_end_of_the_world() {
    if !have("strace") {
        return;
    }
    let commands: [&[&str]; 4] = [
        &["status"],
        &["plan", "--answers", "edge.toml"],
        &["apply", "--answers", "edge.toml"],
        &["undo", "--dry-run"],
    ];
    for args in commands {
        // Each close in turn, until there are no more.
        let place = place();
        let mut closes = 0;
        loop {
            let inject = format!("close:error=EIO:when={}", closes + 1);
            let (run, is_injected) = under_strace(&place, &inject, args);
            assert!(run.code <= 3 && !run.err.contains("panicked"), "{args:?}, {inject}: {}", run.err);
            if !is_injected {
                break;
            }
            closes += 1;
        }
        assert!(closes > 5, "{args:?}: {closes}");
    }
}

#[test]
fn the_time_of_a_file_may_be_in_no_calendar() {
    let year = 366 * 24 * 60 * 60;
    let times: [SystemTime; 3] = [
        UNIX_EPOCH + Duration::from_secs(20_000 * year),
        UNIX_EPOCH - Duration::from_secs(20_000 * year),
        UNIX_EPOCH + Duration::from_secs(400_000 * year),
    ];
    let place = Place::with(&answers("prosody", ""));
    // Of the common file systems this one takes them all.
    let Some(_disk) = Disk::mount(&place.home(), "size=1m") else { return };
    place.applied();
    let request = place.path("home/requests/1/request.pem");
    for time in times {
        File::options().append(true).open(&request).unwrap().set_modified(time).unwrap();
        assert_eq!(fs::metadata(&request).unwrap().modified().unwrap(), time);
        for args in [
            &["status"][..],
            &["status", "--json"],
            &["plan", "--answers", "edge.toml"],
            &["apply", "--answers", "edge.toml"],
            &["renew", "--dry-run"],
            &["undo", "--dry-run"],
        ] {
            let run = place.run(args);
            assert_eq!(run.code, 0, "{args:?}: {}{}", run.out, run.err);
        }
        assert!(place.run(&["status"]).out.contains("request 1"), "it waits all the same");
    }
}
