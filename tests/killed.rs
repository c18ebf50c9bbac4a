//! The real program is killed, or refused by the system, at every single writing call. What is there stays whole, and the
//! next run ends the work.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use edgewright::model::PrivateKey;
use edgewright::model::request::{RequestSpec, is_for};

use common::place::{Listing, Place, answers, timeless};
use common::{have, is_long};

/// The calls that change a disk, or make a change lasting.
const CALLS: [&str; 16] = [
    "openat",
    "write",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "mkdir",
    "unlink",
    "chmod",
    "fchmod",
    "fchmodat",
    "ftruncate",
    "flock",
];

const ERRORS: [&str; 4] = ["ENOSPC", "EIO", "EACCES", "EINTR"];

/// What is there when the run begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    /// Nothing.
    Empty,
    /// An edge with its request, and now its owner wants another organization in it.
    Another,
}

/// A call that meets its trouble, as strace counts it.
#[derive(Debug, Clone)]
struct Moment {
    start: Start,
    call: String,
    /// The how-manieth call of that name, from 1.
    at: usize,
    /// Whether it was about reading.
    reads: bool,
}

impl Start {
    fn place(self) -> Place {
        let place = Place::with(&answers("prosody", ""));
        if self == Start::Another {
            place.applied();
            place.answer(&answers("prosody", "request.file = \"2.req\"\norganization.name = \"Other\""));
        }
        place
    }

    /// Every writing call of an undisturbed run, and every reading one of this program's own files.
    fn moments(self) -> Option<Vec<Moment>> {
        let place = self.place();
        let trace = place.path("trace");
        let run = under_strace(&place, &["-o", trace.to_str().unwrap(), "-e", &format!("trace={}", CALLS.join(","))]);
        let traced = run.status.success() && trace.exists();
        assert!(traced || std::env::var("CI").as_deref() != Ok("true"), "strace: {run:?}");
        if !traced {
            use std::io::Write as _;
            let _ = std::io::stderr().write_all(b"SKIPPED: strace may not trace here\n");
            return None;
        }
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut moments = Vec::new();
        for line in place.read("trace").lines() {
            let Some((call, rest)) = line.split_once(' ').and_then(|(_, said)| said.trim_start().split_once('('))
            else {
                continue;
            };
            let at = seen.entry(call.to_owned()).or_default();
            *at += 1;
            let reads = call == "openat" && !rest.contains("O_CREAT");
            let ours = !reads || rest.contains(place.folder().to_str().unwrap());
            if ours && CALLS.contains(&call) {
                moments.push(Moment { start: self, call: call.to_owned(), at: *at, reads });
            }
        }
        Some(moments)
    }
}

fn under_strace(place: &Place, args: &[&str]) -> std::process::Output {
    let program = place.command(&["apply", "--answers", "edge.toml", "--json"]);
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq"]).args(args).arg(program.get_program()).args(program.get_args());
    strace.current_dir(place.folder());
    for (name, value) in program.get_envs() {
        strace.env(name, value.unwrap());
    }
    strace.output().unwrap()
}

impl Moment {
    /// A run that meets `trouble` at this moment; its exit code, none where it was killed, and what it said.
    fn meet(&self, place: &Place, trouble: &str) -> (Option<i32>, String, String) {
        let Moment { call, at, .. } = self;
        let trace = format!("trace={call}");
        let inject = format!("inject={call}:{trouble}:when={at}");
        let run = under_strace(place, &["-o", "/dev/null", "-e", &trace, "-e", &inject]);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (run.status.code(), text(run.stdout), text(run.stderr))
    }

    fn told(&self, trouble: &str) -> String {
        format!("{trouble} at {} {} from {:?}", self.call, self.at, self.start)
    }

    fn killed(&self) {
        let place = self.start.place();
        let before = timeless(place.listing());
        let told = self.told("killed");
        let (code, _, err) = self.meet(&place, "signal=KILL");
        assert_eq!((code, err.as_str()), (None, ""), "{told}");
        ends_well(&place, self.start, &before, &told);
    }

    fn refused(&self, error: &str) {
        let place = self.start.place();
        let before = timeless(place.listing());
        let told = self.told(error);
        let (code, out, err) = self.meet(&place, &format!("error={error}"));
        let says_it = |json: &serde_json::Value| {
            let problems = json["problems"].as_array().unwrap();
            problems.iter().any(|problem| problem["severity"] == "error" && problem["message"].as_str() != Some(""))
        };
        match (code, serde_json::from_str(&out)) {
            // It tried again, or could do without.
            (Some(0), _) => assert!(place.plan().keeps_all(), "{told}"),
            (Some(1), Ok(json)) => assert!(says_it(&json), "{told}: {out}{err}"),
            // Where the report itself could not be written, standard error says so.
            (Some(1), Err(_)) => assert!(!err.is_empty(), "{told}: {out}"),
            _ => panic!("{told}: {code:?} {out}{err}"),
        }
        ends_well(&place, self.start, &before, &told);
    }
}

/// After the trouble everything is whole; the next run ends the work, and nothing is lost.
fn ends_well(place: &Place, start: Start, before: &Listing, told: &str) {
    let cut = timeless(place.listing());
    strays_are_private(place, &cut, told);
    let next = place.apply();
    assert_eq!(next.code, 0, "{told}: {}{}", next.out, next.err);
    let after = timeless(place.listing());

    // What was there under its name after the trouble is what was there before, or what the work was to make.
    let journal = place.path("home/journal.jsonl");
    for (path, entry) in cut.iter().filter(|(path, _)| !is_stray(path) && **path != journal && !is_lock(path)) {
        let is_whole = [before, &after].iter().any(|listing| listing.get(path) == Some(entry));
        assert!(is_whole, "{told}: {} is {:?}", path.display(), entry.content.as_deref().map(String::from_utf8_lossy));
    }
    let is_of_requests = |path: &PathBuf| path.ends_with("key.pem") || path.ends_with("request.pem");
    for (path, entry) in before.iter().chain(&cut).filter(|(path, _)| is_of_requests(path)) {
        assert_eq!(after.get(path), Some(entry), "{told}: {}", path.display());
    }
    assert!(before.get(&place.path("edge.req")) == after.get(&place.path("edge.req")) || start == Start::Empty);

    let copy = if start == Start::Empty { "edge.req" } else { "2.req" };
    every_key_has_its_request(place, &after, &place.read(copy), told);
    assert!(place.plan().keeps_all(), "{told}");
    let left: Vec<&PathBuf> = after.keys().filter(|path| path.starts_with(place.home())).collect();
    assert!(!left.iter().any(|path| is_stray(path) || is_lock(path)), "{told}: {left:?}");
}

fn is_stray(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with(".edgewright-"))
}

fn is_lock(path: &Path) -> bool {
    path.ends_with("home/lock")
}

/// A temporary file left in the home folder is its owner's alone; one beside the copy holds nothing but the copy.
fn strays_are_private(place: &Place, cut: &Listing, told: &str) {
    for (path, entry) in cut.iter().filter(|(path, _)| is_stray(path)) {
        if path.starts_with(place.home()) {
            assert_eq!(entry.mode, 0o600, "{told}: {}", path.display());
        } else {
            let content = entry.content.as_deref().unwrap_or_default();
            assert!(!String::from_utf8_lossy(content).contains("PRIVATE"), "{told}");
        }
    }
}

/// No key is left alone, each request was made for its key, and the copy is one of them.
fn every_key_has_its_request(place: &Place, after: &Listing, copy: &str, told: &str) {
    let keys: Vec<&PathBuf> = after.keys().filter(|path| path.ends_with("key.pem")).collect();
    let mut requests = BTreeSet::new();
    for path in keys {
        let read = |path: &Path| {
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{told}: {} {error}", path.display()))
        };
        let (key, request) = (read(path), read(&path.with_file_name("request.pem")));
        assert!(RequestSpec::read(&request).is_some() && is_for(&request, &PrivateKey::from_pem(key)), "{told}");
        requests.insert(request);
    }
    let expected = if place.path("2.req").exists() { 2 } else { 1 };
    assert_eq!((requests.len(), requests.contains(copy)), (expected, true), "{told}");
}

/// Does `deed` for all `moments`, some at a time, as most of each is waiting; then tells of all that went wrong.
fn each<T: Sync>(moments: &[T], deed: impl Fn(&T) + Sync) {
    let next = Mutex::new(moments.iter());
    let failures = Mutex::new(Vec::new());
    let work = || {
        while let Some(moment) = { next.lock().unwrap().next() } {
            if let Err(panic) = std::panic::catch_unwind(AssertUnwindSafe(|| deed(moment))) {
                let told = panic.downcast_ref::<String>().cloned().unwrap_or_default();
                failures.lock().unwrap().push(told);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(work);
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), moments.len(), failures.join("\n"));
}

fn moments() -> Vec<Moment> {
    if !have("strace") {
        return Vec::new();
    }
    let moments: Vec<Moment> =
        [Start::Empty, Start::Another].iter().filter_map(|start| start.moments()).flatten().collect();
    for call in ["openat", "write", "fsync", "mkdir", "unlink"] {
        assert!(moments.is_empty() || moments.iter().any(|moment| moment.call == call), "no {call} was seen");
    }
    moments
}

#[test]
fn killed_at_any_writing_call_nothing_is_lost_and_the_next_run_ends_the_work() {
    let writing: Vec<Moment> = moments().into_iter().filter(|moment| !moment.reads).collect();
    each(&writing, Moment::killed);
}

#[test]
fn refused_at_any_call_it_is_told_and_the_next_run_ends_the_work() {
    // In turn, so that each error meets each kind of step; `tests/run --long` has every error everywhere.
    let errors_at = |at: usize| if is_long() { &ERRORS[..] } else { &ERRORS[at % 4..=at % 4] };
    let moments = moments().into_iter().enumerate();
    let refused: Vec<(Moment, &str)> =
        moments.flat_map(|(at, moment)| errors_at(at).iter().map(move |error| (moment.clone(), *error))).collect();
    each(&refused, |(moment, error)| moment.refused(error));
}
