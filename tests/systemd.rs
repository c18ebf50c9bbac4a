//! The units that look at the certificates every day, read by systemd, and put there by a run.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use edgewright::edge::Usage;
use edgewright::servers::Daily;

use common::homes::Home;
use common::place::{Place, Run, answers};
use common::{beside, have, have_all, have_root, scratch};

const TIMER: &str = "upkeep.timer = true";
const UNITS: &str = "/etc/systemd/system";

/// What systemd has against the units for `program` and `home`, and how much the service could do.
fn analyze(daily: Daily, words: &[&str], program: &Path, home: &Path) -> Output {
    let folder = scratch();
    let files = daily.units(program, home).map(|(name, content)| {
        let file = folder.path().join(name);
        fs::write(&file, content).unwrap();
        file
    });
    let service = if words[0] == "security" { &files[..1] } else { &files };
    Command::new("systemd-analyze").args(words).args(service).output().unwrap()
}

#[test]
fn systemd_takes_the_units_for_any_path() {
    if !have("systemd-analyze") {
        return;
    }
    let folder = scratch();
    // Programs with quotes or backslashes in their path systemd never starts, and says so.
    for name in ["plain", "two words", "50%n", "$HOME", "ö中"] {
        let program = folder.path().join(name).join("edgewright");
        fs::create_dir(program.parent().unwrap()).unwrap();
        fs::copy("/bin/true", &program).unwrap();
        let home = program.with_file_name("a\\b 'c' \"d\"");
        for daily in Daily::ALL {
            let output = analyze(daily, &["verify", "--man=no"], &program, &home);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.is_empty(), "{daily:?}, {name}: {said}");
        }
        fs::remove_file(&program).unwrap();
        let without = analyze(Daily::Status, &["verify", "--man=no"], &program, folder.path());
        assert!(!without.status.success(), "{name}: it looks for the program itself");
    }
}

#[test]
fn the_services_may_do_little() {
    if !have("systemd-analyze") {
        return;
    }
    // In tenths; a service without any of it has 96.
    for (daily, most) in [(Daily::Status, "--threshold=15"), (Daily::Look, "--threshold=40")] {
        let words = ["security", "--offline=yes", most];
        let output = analyze(daily, &words, Path::new("/usr/bin/edgewright"), Path::new("/var/lib/edgewright"));
        assert!(output.status.success(), "{daily:?}: {}", String::from_utf8_lossy(&output.stdout));
    }
}

/// A place with a pair in use, and the service that looks at it, in a file.
fn with_service() -> (Place, PathBuf) {
    let place = Place::with("");
    Home::of(&place).in_use(Usage::External, 1, (-24, 90 * 24));
    let [(name, content), _] = Daily::Status.units(Path::new(env!("CARGO_BIN_EXE_edgewright")), &place.home());
    place.write(name, &content);
    let service = place.path(name);
    (place, service)
}

#[test]
fn what_the_service_takes_away_is_not_needed() {
    if !have_root() || !have_all(&["setpriv", "unshare"]) {
        return;
    }
    let (_place, service) = with_service();
    let run = Run::of(Command::new("sh").arg(beside("peers/restricted.sh")).arg(service).env("LC_ALL", "C"));
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    assert!(run.out.contains("pair 1"), "{}", run.out);
}

/// The system calls that a set of systemd's is made of.
fn calls_of(set: &str, sets: &BTreeMap<&str, Vec<&str>>) -> BTreeSet<String> {
    let of =
        |item: &&str| if item.starts_with('@') { calls_of(item, sets) } else { BTreeSet::from([(*item).to_owned()]) };
    sets[set].iter().flat_map(of).collect()
}

#[test]
fn the_service_makes_no_call_that_it_may_not() {
    if !have_all(&["systemd-analyze", "strace"]) {
        return;
    }
    let (place, service) = with_service();
    let listed = Command::new("systemd-analyze").arg("syscall-filter").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut sets: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut set = "";
    for line in listed.lines().filter(|line| !line.trim_start().starts_with('#') && !line.is_empty()) {
        match line.strip_prefix("    ") {
            Some(item) => sets.entry(set).or_default().push(item),
            None => set = line,
        }
    }
    // With what every program needs; a later line that begins with ~ takes away again.
    let mut allowed = calls_of("@default", &sets);
    for line in fs::read_to_string(service).unwrap().lines().filter_map(|line| line.strip_prefix("SystemCallFilter=")) {
        let names = line.trim_start_matches('~').split(' ');
        let calls: BTreeSet<String> = names.flat_map(|name| calls_of(name, &sets)).collect();
        if line.starts_with('~') {
            allowed.retain(|call| !calls.contains(call));
        } else {
            allowed.extend(calls);
        }
    }
    let trace = place.path("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o"]).arg(&trace).arg(env!("CARGO_BIN_EXE_edgewright"));
    let run = Run::of(command.args(["status", "--home"]).arg(place.home()));
    assert!(run.out.contains("pair 1"), "{}{}", run.out, run.err);
    for line in fs::read_to_string(trace).unwrap().lines() {
        let said = line.split_once(' ').unwrap().1.trim_start();
        let Some((call, about)) = said.split_once('(') else { continue };
        assert!(allowed.contains(call), "SystemCallFilter: {line}");
        assert_ne!(call, "socket", "RestrictAddressFamilies: {line}");
        assert!(!about.contains("PROT_WRITE|PROT_EXEC"), "MemoryDenyWriteExecute: {line}");
    }
}

fn targets(run: &Run) -> Vec<PathBuf> {
    run.planned().into_iter().filter(|target| target.starts_with(UNITS)).collect()
}

#[test]
fn the_units_are_planned_where_they_are_asked_for() {
    for base in ["prosody", "ejabberd"] {
        let place = Place::with(&answers(base, ""));
        assert!(targets(&place.plan()).is_empty(), "{base}");
        place.answer(&answers(base, TIMER));
        let expected = |daily: Daily| daily.files().map(|name| Path::new(UNITS).join(name));
        assert_eq!(targets(&place.plan()), expected(Daily::Status), "{base}");
        place.answer(&answers(base, "upkeep.look = true"));
        assert_eq!(targets(&place.plan()), expected(Daily::Look), "{base}");
        assert!(!place.home().exists());
    }
    let place = Place::with(&answers("lync", TIMER));
    assert_eq!(place.plan().verdicts(), ["warning not-asked upkeep.timer"]);
    assert!(targets(&place.plan()).is_empty());
}

/// A run in a folder of units of its own: the machine's stays as it is. `before` is done there first.
fn applied(place: &Place, before: &str) -> Run {
    let script = format!(
        r#"mount -t tmpfs tmpfs {UNITS} && {before} && "$0" apply --answers edge.toml --json && cp {UNITS}/* ."#
    );
    let mut command = Command::new("unshare");
    command.current_dir(place.folder()).env("LC_ALL", "C").env("EDGEWRIGHT_HOME", place.home());
    command.args(["-m", "sh", "-c", &script, env!("CARGO_BIN_EXE_edgewright")]);
    Run::of(&mut command)
}

#[test]
fn a_run_puts_the_units_there_with_the_real_paths_and_again_keeps_them() {
    if !have_root() || !have("unshare") || !Path::new(UNITS).is_dir() {
        return;
    }
    let place = Place::with(&answers("prosody", TIMER));
    let run = applied(&place, "true");
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let program = Path::new(env!("CARGO_BIN_EXE_edgewright"));
    for (name, content) in Daily::Status.units(program, &place.home()) {
        assert_eq!(place.read(name), content);
    }
    let before = format!("cp edgewright-status.service edgewright-status.timer {UNITS}/");
    let again = applied(&place, &before);
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    assert!(targets(&again).is_empty(), "{}", again.out);
}
