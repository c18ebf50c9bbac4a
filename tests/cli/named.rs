//! Files that a person names for writing: new, or ours of that kind; never over anything else, however they are spelt.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::Stdio;

use edgewright::edge::Usage::External;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::common::homes::{Home, private};
use crate::common::place::{Place, Run, answers, listing, set_mode};

/// What a run keeps in its home folder, or will.
const OURS: [&str; 19] = [
    "requests/1/key.pem",
    "requests/1/request.pem",
    "pairs/1/key.pem",
    "pairs/1/fullchain.pem",
    "pairs/2/cert.pem",
    "current/cert.pem",
    "current",
    "current-internal",
    "pairs",
    "requests",
    "before",
    "out",
    "out/to-do.md",
    "received",
    "accounts",
    "home-id",
    "todo.json",
    "journal.jsonl",
    "lock",
];

/// A home folder with a pair in use and saved answers, a password, and another way into the home folder.
fn place() -> Place {
    let place = Place::with(&answers("prosody", ""));
    Home::of(&place).in_use(External, 1, (-30 * 24, 60 * 24));
    private(&place.path("home/answers.toml"), &place.read("edge.toml"));
    private(&place.path("password"), "secret\n");
    symlink(place.folder(), place.path("around")).unwrap();
    place
}

/// Each run that writes to a file a person names, told to write to `file`.
fn runs(place: &Place, file: &str) -> Vec<(&'static str, Run)> {
    let run = |args: &[&str]| place.run(args);
    place.write("named.toml", &answers("prosody", &format!("request.file = {file:?}")));
    let dry = ["--plain", "--dry-run", "--answers", "edge.toml", "--answers-out", file];
    vec![
        ("log", run(&["--log", file, "apply", "--answers", "edge.toml"])),
        ("log of the wizard", run(&["--log", file, "--plain", "--answers", "edge.toml"])),
        ("answers", run(&dry)),
        ("pfx", run(&["export-pfx", "--out", file, "--password-file", "password"])),
        ("request", run(&["apply", "--answers", "named.toml"])),
    ]
}

/// Every run that is told to write to `file` is refused by one of these codes and changes nothing.
fn refused(place: &Place, file: &str, codes: &[&str]) {
    place.write("named.toml", "");
    let before = place.listing();
    for (what, run) in runs(place, file) {
        let told = format!("{what} {file}: {}{}", run.out, run.err);
        assert_eq!(run.code, 1, "{told}");
        assert!(codes.iter().any(|code| run.err.contains(&format!("error[{code}]"))), "{told}");
        fs::write(place.path("named.toml"), "").unwrap();
        let after = place.listing();
        let named = place.path("named.toml");
        let changed = after.iter().filter(|(path, entry)| {
            **path != named
                && before.get(*path).is_none_or(|old| (old.mode, &old.content) != (entry.mode, &entry.content))
        });
        assert_eq!(changed.map(|(path, _)| path).collect::<Vec<_>>(), [] as [&std::path::PathBuf; 0], "{told}");
        assert_eq!(after.len(), before.len(), "{told}");
    }
}

#[test]
fn nothing_of_the_home_folder_is_written_over_however_it_is_spelt() {
    let place = place();
    let absolute = place.home().to_str().unwrap().to_owned();
    for ours in OURS {
        for way in ["home", "./home/../home", "around/home", "around/around/home/pairs/..", &absolute] {
            refused(&place, &format!("{way}/{ours}"), &["file-unwritable"]);
        }
    }
    // The answers are changed by the wizard alone; a dry run least of all.
    for way in ["home", "./home/../home", "around/home"] {
        refused(&place, &format!("{way}/answers.toml"), &["file-unwritable"]);
    }
    // What would be in the way of the home folder itself.
    refused(&place, "home", &["file-unwritable"]);
}

#[test]
fn nothing_takes_the_place_of_a_home_folder_that_is_still_to_be_made() {
    let place = Place::with(&answers("prosody", ""));
    for file in ["home", "home/../home", "home/answers.toml", "home/requests"] {
        let run = place.run(&["--log", file, "apply", "--answers", "edge.toml"]);
        assert!(run.code == 1 && run.err.contains("error[file-unwritable]"), "{file}: {}", run.err);
        assert!(!place.home().exists(), "{file}");
    }
}

#[test]
fn a_second_name_of_a_key_or_the_journal_is_no_way_around() {
    for ours in ["requests/1/key.pem", "pairs/1/cert.pem", "journal.jsonl"] {
        let place = place();
        fs::hard_link(place.home().join(ours), place.path("hard")).unwrap();
        refused(&place, "hard", &["file-exists", "file-unwritable"]);
    }
}

#[test]
fn links_devices_pipes_and_folders_are_refused_and_nobody_waits() {
    let place = place();
    symlink("nowhere", place.path("dangling")).unwrap();
    symlink("edge.toml", place.path("link")).unwrap();
    fs::create_dir(place.path("folder")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(place.path("pipe")).status().unwrap().success());
    for file in
        ["dangling", "link", "folder", "pipe", "/dev/null", "/dev/full", "no/such/folder/file", "edge.toml/file"]
    {
        refused(&place, file, &["file-unwritable"]);
    }
    assert!(!place.path("nowhere").exists());
}

#[test]
fn what_another_wrote_is_not_written_over_or_into() {
    let line = "2026-11-24T10:00:00Z edgewright: create";
    let others = ["theirs\n".to_owned(), "schema = 2\n".to_owned(), format!("{line}\ntheirs\n"), format!("{line}x")];
    for theirs in &others[..3] {
        let place = place();
        place.write("file", theirs);
        refused(&place, "file", &["file-exists"]);
    }
    // A certificate is kept as a key is.
    let place = place();
    place.write("file", &place.read("home/pairs/1/cert.pem"));
    refused(&place, "file", &["file-exists", "file-unwritable"]);
}

/// What a line of the log says, after its time and whose it is.
pub fn said(log: &str) -> String {
    let line = |line: &str| {
        let (time, said) = line.split_once(" edgewright: ").unwrap_or_else(|| panic!("{line}"));
        assert!(OffsetDateTime::parse(time, &Rfc3339).is_ok(), "{line}");
        format!("{said}\n")
    };
    log.lines().map(line).collect()
}

#[test]
fn a_log_is_new_empty_or_ours() {
    let place = Place::with(&answers("prosody", ""));
    let log = ["--log", "edge.log", "apply", "--answers", "edge.toml"];
    // Empty, as logrotate leaves it; its mode is its owner's business.
    place.write("edge.log", "");
    set_mode(&place.path("edge.log"), 0o640);
    assert_eq!(place.run(&log).code, 0);
    let first = place.read("edge.log");
    assert!(said(&first).contains("requests/1/key.pem"), "{first}");
    // A full disk cut the last line short.
    let cut = first.trim_end();
    place.write("edge.log", &cut[..cut.len() - 5]);
    place.answer(&answers("prosody", "request.file = \"2.req\"\norganization.name = \"Other\""));
    assert_eq!(place.run(&log).code, 0);
    let both = place.read("edge.log");
    assert!(both.starts_with(&cut[..cut.len() - 5]) && said(&both).contains("requests/2/key.pem"), "{both}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(place.path("edge.log")).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn standard_error_and_terminals_may_be_the_log() {
    for file in ["/dev/stderr", "/dev/fd/2", "/proc/self/fd/2"] {
        let place = Place::with(&answers("prosody", ""));
        let run = place.run(&["--log", file, "apply", "--answers", "edge.toml"]);
        assert_eq!(run.code, 0, "{file}: {}", run.err);
        assert!(said(&run.err).contains("requests/1/key.pem"), "{file}: {}", run.err);
        // Led into a file, it is that file, and nothing of it is lost.
        place.answer(&answers("prosody", "request.file = \"2.req\"\norganization.name = \"Other\""));
        place.write("err.txt", "theirs\n");
        let err = File::options().append(true).open(place.path("err.txt")).unwrap();
        let mut command = place.command(&["--log", file, "apply", "--answers", "edge.toml"]);
        let run = Run::of(command.stderr(Stdio::from(err)));
        let kept = place.read("err.txt");
        assert!(run.code == 0 && kept.starts_with("theirs\n") && kept.contains("requests/2/key.pem"), "{file}: {kept}");
    }
    let terminal = portable_pty::native_pty_system().openpty(portable_pty::PtySize::default()).unwrap();
    let name = terminal.master.tty_name().unwrap();
    let place = Place::with(&answers("prosody", ""));
    let run = place.run(&["--log", name.to_str().unwrap(), "apply", "--answers", "edge.toml"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let mut shown = [0; 64];
    let read = std::io::Read::read(&mut terminal.master.try_clone_reader().unwrap(), &mut shown).unwrap();
    assert!(String::from_utf8_lossy(&shown[..read]).contains(" edgewright: "));
}

#[test]
fn answers_go_into_a_new_file_or_over_answers() {
    let place = Place::with(&answers("prosody", ""));
    let out = |file: &str| place.run(&["--plain", "--dry-run", "--answers", "edge.toml", "--answers-out", file]);
    for (before, code) in
        [("schema = 1\n[server]\nkind = \"lync\"\n", 0), ("", 0), ("a = 1\n", 1), ("schema = 1\n[", 1)]
    {
        place.write("kept.toml", before);
        let run = out("kept.toml");
        assert_eq!(run.code, code, "{before}: {}", run.err);
        assert_eq!(place.read("kept.toml").contains("prosody"), code == 0, "{before}");
    }
    // The file that was read may be written; before anything was asked a person hears of one that may not.
    assert_eq!(out("edge.toml").code, 0);
    place.write("theirs", "theirs");
    let run = out("theirs");
    assert!(run.out.is_empty() && run.err.contains("error[file-exists]"), "{}{}", run.out, run.err);
}

#[test]
fn other_names_in_the_home_folder_are_free() {
    let place = place();
    let run = place.run(&[
        "--log",
        "home/edge.log",
        "export-pfx",
        "--out",
        "home/out/edge.pfx",
        "--password-file",
        "password",
    ]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(place.path("home/out/edge.pfx").exists() && said(&place.read("home/edge.log")).contains("edge.pfx"));
    let place = Place::with(&answers("prosody", "request.file = \"home/edge.req\""));
    place.applied();
    assert!(place.path("home/edge.req").exists());
    assert!(listing(&place.home()).len() > 3);
}
