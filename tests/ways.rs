//! The way to the home folder: whoever else could lead it elsewhere, or change it, gets no key; and where it leads once
//! it was looked at, it leads to the end.

mod common;

use std::fs;
use std::os::unix::fs::{MetadataExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use common::place::{Place, Run, answers, set_mode};
use common::{have, have_root};

/// Another user, whom no file knows.
const OTHER: u32 = 12345;
/// A user whom Debian knows, with a group of his own.
const WWW_DATA: u32 = 33;

/// A place that any user may come to, with a copy of the program for them.
fn open_place() -> Place {
    let place = Place::with(&answers("prosody", ""));
    set_mode(place.folder(), 0o755);
    fs::copy(env!("CARGO_BIN_EXE_edgewright"), place.path("edgewright")).unwrap();
    place
}

/// A folder of the place.
fn folder(place: &Place, name: &str, owner: u32, mode: u32) -> PathBuf {
    let folder = place.path(name);
    fs::create_dir(&folder).unwrap();
    chown(&folder, Some(owner), Some(owner)).unwrap();
    set_mode(&folder, mode);
    folder
}

fn link(place: &Place, name: &str, owner: u32, to: &str) {
    symlink(to, place.path(name)).unwrap();
    std::os::unix::fs::lchown(place.path(name), Some(owner), Some(owner)).unwrap();
}

fn apply(place: &Place, home: &str) -> Run {
    let mut command = place.command(&["--home", home, "apply", "--answers", "edge.toml", "--json"]);
    Run::of(command.env_remove("EDGEWRIGHT_HOME").env_remove("SUDO_UID"))
}

/// The program, run by another user with these groups.
fn by(place: &Place, user: u32, args: &[&str]) -> Command {
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".to_owned()]);
    command.arg(place.path("edgewright")).args(args).current_dir(place.folder()).env("LC_ALL", "C");
    command
}

fn is_unsafe(run: &Run) -> bool {
    run.code == 1 && run.verdicts().contains(&"error home-unsafe".to_owned())
}

/// Whether there is a key anywhere in the place.
fn has_key(place: &Place) -> bool {
    place.listing().keys().any(|path| path.ends_with("key.pem"))
}

/// What is there, the home folder, and whether others could change it.
type Story = (&'static str, fn(&Place), &'static str, bool);

#[rustfmt::skip] // a story is easier read in few lines
const STORIES: [Story; 17] = [
    ("a folder of ours", |p| drop(folder(p, "a", 0, 0o755)), "a/home", false),
    ("another's folder", |p| drop(folder(p, "a", OTHER, 0o755)), "a/home", true),
    ("a folder for all", |p| drop(folder(p, "a", 0, 0o777)), "a/home", true),
    ("a folder where owners clear", |p| drop(folder(p, "a", 0, 0o1777)), "a/home", false),
    (
        "another's home where owners clear",
        |p| {
            folder(p, "a", 0, 0o1777);
            folder(p, "a/home", OTHER, 0o700);
        },
        "a/home",
        true,
    ),
    ("a folder for a group", |p| drop(folder(p, "a", 0, 0o775)), "a/home", true),
    (
        "our link",
        |p| {
            folder(p, "a", 0, 0o755);
            link(p, "l", 0, "a");
        },
        "l/home",
        false,
    ),
    (
        "another's link",
        |p| {
            folder(p, "a", 0, 0o755);
            link(p, "l", OTHER, "a");
        },
        "l/home",
        true,
    ),
    (
        "our link in another's folder",
        |p| {
            folder(p, "a", 0, 0o755);
            folder(p, "b", OTHER, 0o755);
            link(p, "b/l", 0, "../a");
        },
        "b/l/home",
        true,
    ),
    (
        "our link in a folder for all",
        |p| {
            folder(p, "a", 0, 0o755);
            folder(p, "b", 0, 0o777);
            link(p, "b/l", 0, "../a");
        },
        "b/l/home",
        true,
    ),
    (
        "another's link where owners clear",
        |p| {
            folder(p, "a", 0, 0o755);
            folder(p, "b", 0, 0o1777);
            link(p, "b/l", OTHER, "../a");
        },
        "b/l/home",
        true,
    ),
    (
        "our link where owners clear",
        |p| {
            folder(p, "a", 0, 0o755);
            folder(p, "b", 0, 0o1777);
            link(p, "b/l", 0, "../a");
        },
        "b/l/home",
        false,
    ),
    (
        "back out of another's folder",
        |p| {
            folder(p, "a", OTHER, 0o755);
            folder(p, "b", 0, 0o755);
        },
        "a/../b/home",
        true,
    ),
    (
        "a link to a link through another's folder",
        |p| {
            folder(p, "a", 0, 0o755);
            folder(p, "b", OTHER, 0o755);
            link(p, "b/m", 0, "../a");
            link(p, "l", 0, "b/m");
        },
        "l/home",
        true,
    ),
    (
        "the home is our link",
        |p| {
            folder(p, "a", 0, 0o700);
            link(p, "home", 0, "a");
        },
        "home",
        false,
    ),
    ("a home for a group", |p| drop(folder(p, "home", 0, 0o770)), "home", true),
    ("a home where owners clear", |p| drop(folder(p, "home", 0, 0o1777)), "home", true),
];

#[test]
fn every_folder_and_link_on_the_way_counts() {
    if !have_root() {
        return;
    }
    for (what, arrange, home, expected) in STORIES {
        let place = open_place();
        arrange(&place);
        let run = apply(&place, home);
        assert_eq!(is_unsafe(&run), expected, "{what}: {}", run.out);
        assert_eq!((run.code == 0, has_key(&place)), (!expected, !expected), "{what}: {}", run.out);
        let status = place.run(&["--home", home, "status", "--json"]);
        let is_there = place.path(home).exists();
        assert_eq!(status.out.contains("home-unsafe"), expected && is_there, "{what}: {}", status.out);
    }
}

#[test]
fn places_that_a_person_names_outside_are_judged_alike() {
    if !have_root() {
        return;
    }
    // What is said of the home folder itself is not said of a file.
    let ways = STORIES.into_iter().filter(|(what, _, home, _)| home.contains('/') && !what.contains("another's home"));
    for (what, arrange, way, expected) in ways {
        let file = way.replace("home", "named");
        let place = open_place();
        arrange(&place);
        place.write("edge.toml", &answers("prosody", &format!("request.file = \"{file}\"")));
        let run = apply(&place, "kept");
        let said = (run.code, run.verdicts().contains(&"error file-unwritable request.file".to_owned()));
        assert_eq!(said, (i32::from(expected), expected), "{what}: {}", run.out);
        assert_eq!(place.path(&file).exists(), !expected, "{what}");
        assert_eq!(has_key(&place), !expected, "{what}: nothing is made before it is known where the copy goes");

        place.answer(&answers("prosody", ""));
        let log = format!("{file}.log");
        let logged = place.run(&["--log", &log, "apply", "--answers", "edge.toml"]);
        assert_eq!((logged.code == 0, place.path(&log).exists()), (!expected, !expected), "{what}: {}", logged.err);
        assert!(!expected || logged.err.contains("error[file-unwritable]"), "{what}: {}", logged.err);
    }
}

#[test]
fn the_one_who_called_sudo_may_have_the_copy() {
    if !have_root() {
        return;
    }
    for (caller, code) in [(WWW_DATA, 0), (OTHER, 1)] {
        let place = open_place();
        folder(&place, "a", WWW_DATA, 0o755);
        place.write("edge.toml", &answers("prosody", "request.file = \"a/edge.req\""));
        let mut command = place.command(&["--home", "kept", "apply", "--answers", "edge.toml"]);
        let run = Run::of(command.env("SUDO_UID", caller.to_string()));
        assert_eq!((run.code, place.path("a/edge.req").exists()), (code, code == 0), "{}", run.err);
    }
}

#[test]
fn what_another_could_lead_elsewhere_by_now_is_not_taken_back() {
    if !have_root() {
        return;
    }
    let place = open_place();
    let way = folder(&place, "a", 0, 0o755);
    folder(&place, "victim", 0, 0o755);
    place.write("edge.toml", &answers("prosody", "request.file = \"a/edge.req\""));
    assert_eq!(apply(&place, "kept").code, 0);
    fs::copy(place.path("a/edge.req"), place.path("victim/edge.req")).unwrap();
    fs::remove_file(place.path("a/edge.req")).unwrap();
    fs::remove_dir(way).unwrap();
    link(&place, "a", OTHER, "victim");
    for args in [&["undo"][..], &["renew"], &["apply"]] {
        let run = place.run(&[&["--home", "kept"][..], args].concat());
        assert!(place.path("victim/edge.req").exists(), "{args:?}: {}", run.err);
    }
}

#[test]
fn a_home_that_may_not_be_looked_into_is_not_taken_for_an_empty_one() {
    if !have_root() || !have("setpriv") {
        return;
    }
    let place = open_place();
    assert_eq!(apply(&place, "kept").code, 0);
    for args in [&["renew"][..], &["undo"]] {
        let run = Run::of(&mut by(&place, OTHER, &[&["--home", "kept"][..], args].concat()));
        assert_eq!(run.code, 1, "{args:?}: {}", run.err);
        let is_once = run.err.matches("The system says").count() <= 1;
        assert!(run.err.contains("Permission denied") && is_once, "{args:?}: {}", run.err);
        assert!(!run.err.contains("is not there"), "{args:?}: {}", run.err);
    }
}

#[test]
fn a_group_of_ones_own_is_nobody_else() {
    if !have_root() || !have("setpriv") {
        return;
    }
    let known = fs::read_to_string("/etc/passwd").unwrap().contains("\nwww-data:x:33:33:");
    for (user, group, expected) in [(WWW_DATA, WWW_DATA, !known), (WWW_DATA, 8, true), (OTHER, OTHER, true)] {
        let place = open_place();
        let way = folder(&place, "a", user, 0o755);
        chown(&way, Some(user), Some(group)).unwrap();
        set_mode(&way, 0o2775);
        let run = Run::of(&mut by(&place, user, &["--home", "a/home", "plan", "--answers", "edge.toml", "--json"]));
        assert_eq!(run.out.contains("home-unsafe"), expected, "{user} {group}: {}", run.out);
    }
}

#[test]
fn access_lists_count() {
    if !have_root() || !have("setfacl") {
        return;
    }
    for (entry, expected) in [
        ("u:12345:rwx", true),
        ("g:12345:rwx", true),
        ("u:12345:r-x", false),
        ("u:0:rwx", false),
        ("u:12345:rwx,m::r-x", false),
        ("d:u:12345:rwx", false),
    ] {
        let place = open_place();
        let way = folder(&place, "a", 0, 0o755);
        let set = Command::new("setfacl").args(["-m", entry]).arg(&way).status().unwrap();
        assert!(set.success(), "{entry}");
        let run = apply(&place, "a/home");
        // What a folder hands on reaches the home folder that is made in it, which is then closed.
        assert_eq!(is_unsafe(&run), expected, "{entry}: {}", run.out);
    }
    for (entry, expected) in
        [("u:12345:rwx", true), ("u:12345:r-x", false), ("d:u:12345:r-x", true), ("d:g::rx", false)]
    {
        let place = open_place();
        let home = folder(&place, "home", 0, 0o700);
        assert!(Command::new("setfacl").args(["-m", entry]).arg(&home).status().unwrap().success(), "{entry}");
        let run = apply(&place, "home");
        assert_eq!(is_unsafe(&run), expected, "{entry}: {}", run.out);
    }
}

#[test]
fn a_link_that_is_switched_meanwhile_leads_no_key_to_another() {
    if !have_root() {
        return;
    }
    let rounds = if common::is_long() { 500 } else { 120 };
    for way in ["b/l", "b/l/deeper", "b/l/home"] {
        let place = open_place();
        let ours = folder(&place, "ours", 0, 0o755);
        let theirs = folder(&place, "theirs", OTHER, 0o755);
        folder(&place, "b", OTHER, 0o755);
        link(&place, "b/l", OTHER, "../ours");
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                // In one step each, at another pace each time; now and then nothing is there.
                let next = place.path("b/next");
                for turn in 0_u64.. {
                    for to in ["../theirs", "../ours"] {
                        link_quietly(to, &next);
                        fs::rename(&next, place.path("b/l")).unwrap();
                        thread::sleep(Duration::from_micros(turn * 37 % 4000));
                    }
                    if turn % 8 == 7 {
                        fs::remove_file(place.path("b/l")).unwrap();
                    }
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
            for round in 0..rounds {
                apply(&place, way);
                let found = Command::new("find").arg(&theirs).args(["-name", "key.pem"]).output().unwrap();
                is_over.fetch_or(!found.stdout.is_empty(), Ordering::Relaxed);
                assert!(found.stdout.is_empty(), "{way}, round {round}: {}", String::from_utf8_lossy(&found.stdout));
                // A key that is there would be kept, and no other made.
                let _ = fs::remove_file(place.path("edge.req"));
                for entry in [&ours, &theirs].into_iter().flat_map(|folder| fs::read_dir(folder).unwrap().flatten()) {
                    let path = entry.path();
                    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
                }
            }
            is_over.store(true, Ordering::Relaxed);
        });
    }
}

#[test]
fn a_folder_or_link_that_another_puts_there_meanwhile_gets_no_key() {
    if !have_root() || !have("setpriv") {
        return;
    }
    let rounds = if common::is_long() { 500 } else { 60 };
    // His folder comes and goes where all may write and only owners clear; or his link does, where he may do as he likes.
    for (what, home, is_sticky) in
        [("mine/theirs", "b/l", true), ("mine/theirs", "b/l/home", true), ("mine/link", "b/l/home", false)]
    {
        let place = open_place();
        folder(&place, "mine", OTHER, 0o755);
        let theirs = folder(&place, "mine/theirs", OTHER, 0o755);
        link(&place, "mine/link", OTHER, theirs.to_str().unwrap());
        folder(&place, "b", if is_sticky { 0 } else { OTHER }, if is_sticky { 0o1777 } else { 0o755 });
        let script = format!("while :; do mv -nT {what} b/l; mv -T b/l {what}; done 2>/dev/null");
        let mut other = Command::new("setpriv");
        other.args([format!("--reuid={OTHER}"), format!("--regid={OTHER}"), "--clear-groups".to_owned()]);
        let mut other = other.args(["sh", "-c", &script]).current_dir(place.folder()).spawn().unwrap();
        let mut leaks = Vec::new();
        let mut ends = [0; 2];
        for _ in 0..rounds {
            let run = apply(&place, home);
            ends[usize::from(run.code == 0)] += 1;
            let found = Command::new("find").arg(place.folder()).args(["-name", "key.pem"]).output().unwrap();
            let found = String::from_utf8_lossy(&found.stdout).into_owned();
            leaks.extend(
                found.lines().filter(|key| is_below_another(Path::new(key), place.folder())).map(str::to_owned),
            );
            let _ = fs::remove_file(place.path("edge.req"));
            if fs::metadata(place.path("b/l")).is_ok_and(|metadata| metadata.uid() == 0) {
                let _ = fs::remove_dir_all(place.path("b/l"));
            }
        }
        other.kill().unwrap();
        other.wait().unwrap();
        assert_eq!(leaks, [] as [String; 0], "{what} {home} {ends:?}");
        assert!(ends[0] > 0, "{what} {home} {ends:?}: it never was in the way");
    }
}

/// Whether a folder between `top` and `path` is the other user's.
fn is_below_another(path: &Path, top: &Path) -> bool {
    let is_his = |folder: &Path| fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.uid() == OTHER);
    path.ancestors().skip(1).take_while(|folder| folder.starts_with(top)).any(is_his)
}

/// Makes a link of the other user's, where nothing is.
fn link_quietly(to: &str, at: &Path) {
    if symlink(to, at).is_ok() {
        let _ = std::os::unix::fs::lchown(at, Some(OTHER), Some(OTHER));
    }
}

#[test]
fn the_home_of_who_called_sudo_is_read_and_not_written() {
    if !have_root() || !have("setpriv") {
        return;
    }
    let place = open_place();
    folder(&place, "user", OTHER, 0o755);
    let made = Run::of(&mut by(&place, OTHER, &["--home", "user/home", "apply", "--answers", "edge.toml", "--json"]));
    // He may not write the copy of the request here, so he names another place.
    assert_eq!(made.code, 1, "{}", made.out);
    place.answer(&answers("prosody", "request.file = \"user/edge.req\""));
    let made = Run::of(&mut by(&place, OTHER, &["--home", "user/home", "apply", "--answers", "edge.toml", "--json"]));
    assert_eq!(made.code, 0, "{}", made.out);
    let sudo = |args: &[&str]| {
        let args = [&["--home", "user/home"], args].concat();
        Run::of(place.command(&args).env_remove("EDGEWRIGHT_HOME").env("SUDO_UID", OTHER.to_string()))
    };
    let before = place.listing();
    for reading in
        [&["plan", "--answers", "edge.toml", "--json"][..], &["status", "--json"], &["plan", "--answers", "edge.toml"]]
    {
        let run = sudo(reading);
        assert!(!(run.out + &run.err).contains("home-"), "{reading:?}");
    }
    for writing in [
        &["apply", "--answers", "edge.toml"][..],
        &["renew"],
        &["undo"],
        &["complete", "--certificate", "edge.toml"],
        &["export-pfx", "--out", "x.pfx", "--password-file", "edge.toml"],
        &["--plain", "--answers", "edge.toml"],
    ] {
        let run = sudo(writing);
        assert!(run.code == 1 && run.err.contains("error[home-lent]"), "{writing:?}: {}", run.err);
    }
    let json = sudo(&["apply", "--answers", "edge.toml", "--json"]);
    assert_eq!((json.code, json.verdicts()), (1, vec!["error home-lent".to_owned()]), "{}", json.out);
    assert!(place.listing() == before);
    // Where nobody called sudo, or another did, it is another's folder.
    for caller in ["0", "54321", "x", ""] {
        let mut command = place.command(&["--home", "user/home", "plan", "--answers", "edge.toml", "--json"]);
        assert!(is_unsafe(&Run::of(command.env("SUDO_UID", caller))), "{caller}");
    }
}

#[test]
fn root_has_a_place_of_its_own_and_stays_in_an_older_one() {
    if !have_root() {
        return;
    }
    let run = |place: &Place, args: &[&str]| {
        let mut command = place.command(args);
        let command = command.env_remove("EDGEWRIGHT_HOME").env_remove("XDG_DATA_HOME").env("HOME", place.folder());
        Run::of(command)
    };
    let place = open_place();
    // Without anything in it, the older one is nobody's.
    fs::create_dir_all(place.path(".local/share/edgewright")).unwrap();
    let status = run(&place, &["status", "--json"]);
    assert_eq!(status.json()["home"], "/var/lib/edgewright", "{}", status.out);
    assert!(status.err.is_empty(), "{}", status.err);
    place.write(".local/share/edgewright/answers.toml", &place.read("edge.toml"));
    let status = run(&place, &["status", "--json"]);
    assert_eq!(status.json()["home"], place.path(".local/share/edgewright").to_str().unwrap(), "{}", status.out);
    assert!(
        status.err.contains("/var/lib/edgewright") && status.err.contains(".local/share/edgewright"),
        "{}",
        status.err
    );
}

#[test]
fn the_homes_of_others_are_where_the_platform_has_them() {
    if !have_root() || !have("setpriv") {
        return;
    }
    let place = open_place();
    folder(&place, "user", OTHER, 0o700);
    let run =
        Run::of(by(&place, OTHER, &["status", "--json"]).env("HOME", place.path("user")).env_remove("XDG_DATA_HOME"));
    assert_eq!(run.json()["home"], place.path("user/.local/share/edgewright").to_str().unwrap());
}

#[test]
fn a_home_that_can_be_none_is_told() {
    use std::os::unix::ffi::OsStrExt;
    let place = open_place();
    symlink("nowhere", place.path("dangling")).unwrap();
    symlink("loop", place.path("loop")).unwrap();
    place.write("file", "theirs");
    let before = place.listing();
    for home in ["dangling", "dangling/home", "loop", "loop/home", "file", "file/home"] {
        let run = apply(&place, home);
        let is_refused = run.code == 1 && run.verdicts().iter().all(|said| said == "error file-unwritable");
        assert!(is_refused, "{home}: {}", run.out);
        let status = place.run(&["--home", home, "status"]);
        assert!(status.code == 3 && status.out.contains("error[home-unreadable]"), "{home}: {}", status.out);
        assert!(place.listing() == before, "{home}");
    }
    let empty = place.run(&["--home", "", "plan", "--answers", "edge.toml"]);
    assert!(empty.code == 2 && empty.err.contains("--home"), "{}", empty.err);
    // An empty variable is none.
    let mut command = place.command(&["plan", "--answers", "edge.toml"]);
    assert_eq!(Run::of(command.env("EDGEWRIGHT_HOME", "").env("HOME", place.folder())).code, 0);
    // Where the program was started in a folder that is gone, no other is taken for it.
    let script = "mkdir gone; cd gone; rmdir ../gone; exec ../edgewright --home gone-home apply --answers $0";
    let mut command = Command::new("sh");
    command.args(["-c", script]).arg(place.path("edge.toml")).current_dir(place.folder()).env("LC_ALL", "C");
    let run = Run::of(&mut command);
    assert!(run.code == 1 && run.err.contains("error[file-unwritable]"), "{}{}", run.out, run.err);
    assert!(!Path::new("/gone-home").exists());
    // One whose path is not UTF-8 is a home as any other.
    let odd = place.folder().join(std::ffi::OsStr::from_bytes(b"h\xff"));
    for args in [&["plan", "--answers", "edge.toml", "--json"][..], &["apply", "--answers", "edge.toml", "--json"]] {
        let run = Run::of(place.command(args).env("EDGEWRIGHT_HOME", &odd));
        assert_eq!((run.code, run.verdicts()), (0, vec![]), "{args:?}: {}", run.out);
    }
    assert_eq!(Run::of(place.command(&["status"]).env("EDGEWRIGHT_HOME", &odd)).code, 0);
    assert!(odd.join("requests/1/request.json").exists());
}
