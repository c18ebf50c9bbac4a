//! What stands in the way is told, nothing is half-written, and no key is lost.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, symlink};
use std::process::Command;

use edgewright::edge::Purpose;
use edgewright::pki::request::RequestSpec;

use super::named::said;
use crate::apply::is_whole_key;
use crate::common::place::{Disk, Place, Run, answers, set_mode, timeless};

/// `apply` is refused with this problem alone and leaves everything as it is.
fn refused(place: &Place, verdict: &str) {
    refused_for(place, &[verdict]);
}

fn refused_for(place: &Place, verdicts: &[&str]) {
    let before = timeless(place.listing());
    let run = place.apply();
    assert_eq!(
        (run.code, run.verdicts()),
        (1, verdicts.iter().map(|said| (*said).to_owned()).collect()),
        "{}",
        run.out
    );
    assert_eq!(run.done(), []);
    assert!(run.problems().iter().all(|said| !said.message.is_empty()));
    assert_eq!(timeless(place.listing()), before);
}

fn make_home(place: &Place) {
    DirBuilder::new().mode(0o700).create(place.home()).unwrap();
}

#[test]
fn a_link_in_the_way_of_the_copy_is_not_written_through() {
    let place = Place::with(&answers("lync", ""));
    symlink(place.path("elsewhere"), place.path("edge.req")).unwrap();
    refused(&place, "error file-unwritable request.file");
    place.write("elsewhere", "theirs");
    refused(&place, "error file-unwritable request.file");
}

#[test]
fn the_log_says_what_was_done_and_what_was_refused() {
    let log = ["--log", "edge.log", "apply", "--answers", "edge.toml"];
    let place = Place::with(&answers("prosody", "edge.host = \"xmpp_\\u001b.example\""));
    let refused = place.run(&log);
    assert_eq!(refused.code, 1);
    assert_eq!(said(&place.read("edge.log")), refused.err, "what the person was told");
    assert!(refused.err.contains("edge.host"), "{}", refused.err);
    assert!(!place.read("edge.log").contains('\u{1b}'));

    place.answer(&answers("prosody", ""));
    assert_eq!(place.run(&log).code, 0);
    let (both, first) = (said(&place.read("edge.log")), refused.err);
    assert!(both.starts_with(&first) && both.contains("requests/1/key.pem"), "{both}");
    assert!(!both[first.len()..].contains("error"), "{both}");

    let dry = place.run(&["--log", "dry.log", "apply", "--answers", "missing.toml", "--dry-run"]);
    assert_eq!(dry.code, 1);
    assert!(!place.path("dry.log").exists());
    let unreadable = place.run(&["--log", "edge.log", "apply", "--answers", "missing.toml", "--json"]);
    assert_eq!(unreadable.code, 1);
    assert!(place.read("edge.log").contains("answers-unreadable"));
}

#[test]
fn a_folder_or_a_pipe_in_the_way_of_the_copy_is_told() {
    let place = Place::with(&answers("lync", ""));
    fs::create_dir(place.path("edge.req")).unwrap();
    refused(&place, "error file-unwritable request.file");
    fs::remove_dir(place.path("edge.req")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(place.path("edge.req")).status().unwrap();
    assert!(made.success());
    refused(&place, "error file-unwritable request.file");
}

#[test]
fn a_file_where_the_copys_folder_should_be_is_told() {
    let place = Place::with(&answers("lync", "request.file = \"copies/edge.req\""));
    refused(&place, "error file-unwritable request.file");
    place.write("copies", "");
    refused(&place, "error file-unwritable request.file");
}

#[test]
fn links_in_the_home_folder_are_not_written_through() {
    for name in ["requests", "out", "answers.toml", "journal.jsonl", "lock"] {
        let place = Place::with(&answers("lync", "[[partners]]\ndomain = \"partner.example\""));
        make_home(&place);
        fs::create_dir(place.path("elsewhere")).unwrap();
        place.write("elsewhere/file", "theirs");
        let target = if name.contains('.') || name == "lock" { "elsewhere/file" } else { "elsewhere" };
        symlink(place.path(target), place.home().join(name)).unwrap();
        refused(&place, "error file-unwritable");
    }
}

#[test]
fn other_things_in_the_home_folder_are_not_written_over() {
    for name in ["answers.toml", "journal.jsonl", "lock"] {
        let place = Place::with(&answers("lync", ""));
        make_home(&place);
        fs::create_dir(place.home().join(name)).unwrap();
        refused(&place, "error file-unwritable");
    }
    for name in ["home", "home/requests"] {
        let place = Place::with(&answers("lync", ""));
        if name != "home" {
            make_home(&place);
        }
        place.write(name, "theirs");
        refused(&place, "error file-unwritable");
    }
}

#[test]
fn a_home_folder_that_others_may_change_is_not_trusted() {
    let place = Place::with(&answers("lync", ""));
    make_home(&place);
    place.write("victim", "theirs");
    symlink(place.path("victim"), place.path("home/lock")).unwrap();
    set_mode(&place.home(), 0o772);
    let run = place.apply();
    assert_eq!(run.code, 1);
    assert!(run.verdicts().contains(&"error home-unsafe".to_owned()), "{}", run.out);
    assert_eq!(place.read("victim"), "theirs");
    fs::remove_file(place.path("home/lock")).unwrap();
    refused(&place, "error home-unsafe");
}

#[test]
fn a_second_run_waits_for_nobody_and_says_who_holds_the_home_folder() {
    let place = Place::with(&answers("lync", ""));
    make_home(&place);
    let mut lock = File::options().write(true).create_new(true).mode(0o600).open(place.path("home/lock")).unwrap();
    std::io::Write::write_all(&mut lock, b"pid 4242 somebody 2026-01-01T00:00:00Z\n").unwrap();
    lock.lock().unwrap();
    refused(&place, "error home-locked");
    assert!(place.apply().problems()[0].message.contains("pid 4242 somebody"));
    // To plan, nobody needs to hold it.
    assert_eq!(place.plan().code, 0);
    drop(lock);
    place.applied();
    assert!(!place.path("home/lock").exists());
}

#[test]
fn a_read_only_disk_is_told_and_what_was_there_stays() {
    let place = Place::with(&answers("lync", ""));
    let Some(disk) = Disk::mount(&place.home(), "size=1m") else { return };
    place.applied();
    disk.remount("ro");
    assert!(place.applied().keeps_all());
    place.answer(&answers("lync", "request.file = \"2.req\"\norganization.name = \"Other\""));
    // The folder for what is replaced, the answers, the folder of the second request, and what is left to do by hand.
    refused_for(&place, &["error file-unwritable"; 4]);
    disk.remount("rw");
    place.applied();
}

#[test]
fn a_read_only_folder_for_the_copy_is_told() {
    let place = Place::with(&answers("lync", "request.file = \"copies/edge.req\""));
    let Some(disk) = Disk::mount(&place.path("copies"), "size=1m") else { return };
    disk.remount("ro");
    refused(&place, "error file-unwritable request.file");
}

#[test]
fn a_full_disk_leaves_whole_files_only_and_the_next_run_ends_the_work() {
    let place = Place::with(&answers("prosody", ""));
    let mut failures = 0;
    // One more inode or one more page each time: the disk is full one step later.
    for limit in (1..12)
        .map(|inodes| format!("size=1m,nr_inodes={inodes}"))
        .chain((1..8).map(|pages| format!("size={}k", pages * 4)))
    {
        let _ = fs::remove_file(place.path("edge.req"));
        let Some(disk) = Disk::mount(&place.home(), &limit) else { return };
        let run = place.apply();
        if run.code != 0 {
            failures += 1;
            assert_eq!(run.verdicts(), ["error file-unwritable"], "{limit}: {}", run.out);
            assert_eq!(run.json()["failed"].as_array().unwrap().len(), 1);
        }
        whole_files_only(&place, &limit);
        let keys = keys(&place);
        disk.remount("size=1m,nr_inodes=100");
        place.applied();
        assert!(place.plan().keeps_all(), "{limit}");
        assert!(keys.iter().all(|(name, key)| place.read(name) == *key), "{limit}");
    }
    assert!(failures > 10, "{failures}");
}

#[test]
fn a_full_disk_under_a_second_request_leaves_the_first_alone() {
    let place = Place::with(&answers("prosody", ""));
    let Some(disk) = Disk::mount(&place.home(), "size=640k") else { return };
    place.applied();
    let first = keys(&place)[0].clone();
    let mut failures = 0;
    // One more page is free each time.
    for pages in 0..10 {
        fill(&place, pages);
        let other = format!("request.file = \"{pages}.req\"\norganization.name = \"Other {pages}\"");
        place.answer(&answers("prosody", &other));
        let run = place.apply();
        failures += run.code;
        assert!(run.code == 0 || run.verdicts() == ["error file-unwritable"], "{}", run.out);
        whole_files_only(&place, "second request");
        assert!(keys(&place).contains(&first));
    }
    assert!(failures > 2, "{failures}");
    disk.remount("size=1m");
    place.applied();
    assert!(keys(&place).contains(&first));
}

/// Fills the home folder's disk, all but some pages.
fn fill(place: &Place, pages_left: u64) {
    let path = place.path("home/filler");
    let _ = fs::remove_file(&path);
    fs::write(&path, vec![0; 1 << 20]).unwrap_err();
    let filler = File::options().write(true).open(&path).unwrap();
    filler.set_len(filler.metadata().unwrap().len() - pages_left * 4096).unwrap();
}

/// Name and content of every key below the home folder.
fn keys(place: &Place) -> Vec<(String, String)> {
    let listing = place.listing();
    let keys = listing.keys().filter(|path| path.ends_with("key.pem"));
    let named = keys.map(|path| path.strip_prefix(place.folder()).unwrap().to_str().unwrap().to_owned());
    named.map(|name| (name.clone(), place.read(&name))).collect()
}

/// No temporary file, and what is there is whole.
fn whole_files_only(place: &Place, told: &str) {
    for (path, entry) in place.listing() {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(content) = entry.content.filter(|_| path.starts_with(place.home())) else { continue };
        let text = String::from_utf8_lossy(&content);
        let is_whole = match name {
            "key.pem" => is_whole_key(&text),
            "request.pem" => RequestSpec::read(&text).is_some(),
            "request.json" => Purpose::read(&text).is_some(),
            "home-id" => text.trim().len() == 32 && text.ends_with('\n'),
            "answers.toml" => text.starts_with("schema = 1\n") && text.parse::<toml::Table>().is_ok(),
            "journal.jsonl" | "filler" => true,
            _ => {
                !name.starts_with('.')
                    && ["home/out", "home/before"].iter().any(|home| path.starts_with(place.path(home)))
            }
        };
        assert!(is_whole, "{told}: {} is {text:?}", path.display());
    }
}

/// The program, started by a shell that said `first`.
fn after(place: &Place, first: &str, args: &[&str]) -> Run {
    let program = place.command(args);
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("{first}; exec \"$0\" \"$@\""), program.get_program().to_str().unwrap()]);
    shell.args(program.get_args()).current_dir(place.folder());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    Run::of(&mut shell)
}

#[test]
fn a_mask_that_takes_the_owner_s_rights_away_leaves_them() {
    for (mask, mode) in [("777", 0o600), ("277", 0o600), ("000", 0o600)] {
        let place = Place::with(&answers("prosody", ""));
        let run = after(&place, &format!("umask {mask}"), &["apply", "--answers", "edge.toml"]);
        assert_eq!(run.code, 0, "{mask}: {}", run.err);
        let mode_of = |path: &str| fs::metadata(place.path(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode_of("home"), mode_of("home/requests/1/key.pem")), (0o700, mode), "{mask}");
        assert_eq!(mode_of("edge.req") & 0o600, 0o600, "{mask}");
    }
}

#[test]
fn a_limit_on_the_size_of_files_is_told_and_the_next_run_ends_the_work() {
    for blocks in 0..8 {
        let place = Place::with(&answers("prosody", ""));
        let limited = after(&place, &format!("ulimit -f {blocks}"), &["apply", "--answers", "edge.toml"]);
        assert!(matches!(limited.code, 0 | 1), "{blocks}: {} {}", limited.code, limited.err);
        assert_eq!(limited.code == 1, limited.err.contains("error[file-unwritable]"), "{blocks}: {}", limited.err);
        place.applied();
        let strays = place.listing().into_keys().filter(|path| path.to_string_lossy().contains("/.edgewright-"));
        assert_eq!(strays.count(), 0, "{blocks}");
    }
}
