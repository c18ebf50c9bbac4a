//! The real program is killed, or refused by the system, at every single writing call. What is there stays whole, and the
//! next run ends the work.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard};
use std::thread;

use edgewright::edge::{Purpose, Usage};
use edgewright::pki::PrivateKey;
use edgewright::pki::request::{RequestSpec, is_for};

use common::edge::Edge;
use common::offers::House;
use common::place::{Listing, Place, Run, answers, set_mode, timeless};
use common::{have, is_long};

/// The calls that change a disk, or make a change lasting.
const CALLS: [&str; 19] = [
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
    "unlinkat",
    "symlink",
    "symlinkat",
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
    /// Nothing; with what runs on the edge.
    Empty(&'static str),
    /// An edge with its request, and now its owner wants another organization in it.
    Another(&'static str),
}

/// A call that meets its trouble, as strace counts it.
#[derive(Debug, Clone)]
struct Moment<S> {
    start: S,
    call: String,
    /// The how-manieth call of that name, from 1.
    at: usize,
    /// Whether it was about reading.
    reads: bool,
}

/// A key that is made at once.
const KEY: &str = "security.key = \"ecdsa-p256\"\n";

impl Start {
    fn place(self) -> Place {
        let (Start::Empty(base) | Start::Another(base)) = self;
        let place = Place::with(&answers(base, KEY));
        if self == Start::Another(base) {
            place.applied();
            let other = format!("{KEY}request.file = \"2.req\"\norganization.name = \"Other\"");
            place.answer(&answers(base, &other));
        }
        place
    }

    /// Every writing call of an undisturbed run, and every reading one of this program's own files.
    fn moments(self) -> Option<Vec<Moment<Start>>> {
        let place = self.place();
        moments_of(self, &place, &applying(&place))
    }
}

fn applying(place: &Place) -> Command {
    place.command(&["apply", "--answers", "edge.toml", "--json"])
}

/// Every call of `program` in `place`, as [`Start::moments`] has them.
fn moments_of<S: Copy>(start: S, place: &Place, program: &Command) -> Option<Vec<Moment<S>>> {
    let trace = common::scratch();
    let trace = trace.path().join("trace");
    let args = ["-o", trace.to_str().unwrap(), "-e", &format!("trace={}", CALLS.join(","))];
    let run = under_strace(place, program, &args);
    let traced = run.status.success() && trace.exists();
    assert!(traced || std::env::var("CI").as_deref() != Ok("true"), "strace: {run:?}");
    if !traced {
        use std::io::Write as _;
        let _ = std::io::stderr().write_all(b"SKIPPED: strace may not trace here\n");
        return None;
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut moments = Vec::new();
    for line in std::fs::read_to_string(&trace).unwrap().lines() {
        let Some((call, rest)) = line.split_once(' ').and_then(|(_, said)| said.trim_start().split_once('(')) else {
            continue;
        };
        let at = seen.entry(call.to_owned()).or_default();
        *at += 1;
        let reads = call == "openat" && !rest.contains("O_CREAT");
        let ours = !reads || rest.contains(place.folder().to_str().unwrap());
        if ours && CALLS.contains(&call) {
            moments.push(Moment { start, call: call.to_owned(), at: *at, reads });
        }
    }
    Some(moments)
}

fn under_strace(place: &Place, program: &Command, args: &[&str]) -> std::process::Output {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq"]).args(args).arg(program.get_program()).args(program.get_args());
    strace.current_dir(place.folder());
    for (name, value) in program.get_envs() {
        strace.env(name, value.unwrap());
    }
    strace.output().unwrap()
}

impl<S: std::fmt::Debug> Moment<S> {
    /// A run that meets `trouble` at this moment; its exit code, none where it was killed, and what it said.
    fn meet(&self, place: &Place, program: &Command, trouble: &str) -> (Option<i32>, String, String) {
        let Moment { call, at, .. } = self;
        let trace = format!("trace={call}");
        let inject = format!("inject={call}:{trouble}:when={at}");
        let run = under_strace(place, program, &["-o", "/dev/null", "-e", &trace, "-e", &inject]);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (run.status.code(), text(run.stdout), text(run.stderr))
    }

    fn told(&self, trouble: &str) -> String {
        format!("{trouble} at {} {} from {:?}", self.call, self.at, self.start)
    }
}

impl Moment<Start> {
    fn killed(&self) {
        let place = self.start.place();
        let before = timeless(place.listing());
        let told = self.told("killed");
        let (code, _, err) = self.meet(&place, &applying(&place), "signal=KILL");
        assert_eq!((code, err.as_str()), (None, ""), "{told}");
        ends_well(&place, self.start, &before, &told);
    }

    fn refused(&self, error: &str) {
        let place = self.start.place();
        let before = timeless(place.listing());
        let told = self.told(error);
        let (code, out, err) = self.meet(&place, &applying(&place), &format!("error={error}"));
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
    for (path, entry) in before.iter().chain(&cut).filter(|(path, _)| is_of_requests(path) && !is_stray(path)) {
        assert_eq!(after.get(path), Some(entry), "{told}: {}", path.display());
    }
    assert!(
        before.get(&place.path("edge.req")) == after.get(&place.path("edge.req")) || matches!(start, Start::Empty(_))
    );

    let copy = if matches!(start, Start::Empty(_)) { "edge.req" } else { "2.req" };
    every_key_has_its_request(place, &after, &place.read(copy), told);
    assert!(place.plan().keeps_all(), "{told}");
    let left: Vec<&PathBuf> = after.keys().filter(|path| path.starts_with(place.home())).collect();
    assert!(!left.iter().any(|path| is_stray(path) || is_lock(path)), "{told}: {left:?}");
}

/// A temporary file, or one in a folder that was to be made whole.
fn is_stray(path: &Path) -> bool {
    path.iter().any(|name| name.to_str().is_some_and(|name| name.starts_with(".edgewright-")))
}

fn is_purpose(path: &Path) -> bool {
    path.ends_with("pair.json") && Purpose::read(&std::fs::read_to_string(path).unwrap_or_default()).is_some()
}

fn is_lock(path: &Path) -> bool {
    path.ends_with("home/lock")
}

/// A temporary file left in the home folder is its owner's alone; one beside the copy holds nothing but the copy.
fn strays_are_private(place: &Place, cut: &Listing, told: &str) {
    for (path, entry) in cut.iter().filter(|(path, _)| is_stray(path)) {
        if path.starts_with(place.home()) {
            let mode = if entry.content.is_some() { 0o600 } else { 0o700 };
            assert_eq!(entry.mode, mode, "{told}: {}", path.display());
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

fn moments() -> Vec<Moment<Start>> {
    if !have("strace") {
        return Vec::new();
    }
    let starts = [Start::Empty("prosody"), Start::Another("prosody"), Start::Empty("ejabberd"), Start::Empty("lync")];
    let moments: Vec<Moment<Start>> = starts.iter().filter_map(|start| start.moments()).flatten().collect();
    for call in ["openat", "write", "fsync", "mkdir", "unlink"] {
        assert!(moments.is_empty() || moments.iter().any(|moment| moment.call == call), "no {call} was seen");
    }
    moments
}

#[test]
fn killed_at_any_writing_call_nothing_is_lost_and_the_next_run_ends_the_work() {
    let writing: Vec<Moment<Start>> = moments().into_iter().filter(|moment| !moment.reads).collect();
    each(&writing, Moment::killed);
}

#[test]
fn refused_at_any_call_it_is_told_and_the_next_run_ends_the_work() {
    // In turn, so that each error meets each kind of step; `tests/run --long` has every error everywhere.
    let errors_at = |at: usize| if is_long() { &ERRORS[..] } else { &ERRORS[at % 4..=at % 4] };
    let moments = moments().into_iter().enumerate();
    let refused: Vec<(Moment<Start>, &str)> =
        moments.flat_map(|(at, moment)| errors_at(at).iter().map(move |error| (moment.clone(), *error))).collect();
    each(&refused, |(moment, error)| moment.refused(error));
}

fn holds_key(entry: &common::place::Entry) -> bool {
    String::from_utf8_lossy(entry.content.as_deref().unwrap_or_default()).contains("PRIVATE")
}

/// What is done after the request, from where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    /// The first certificate comes home.
    First,
    /// The second one comes, while the first serves.
    Second,
    Renewal,
    /// The switch to the second pair is taken back.
    SwitchBack,
    /// A renewal is taken back.
    TakeBack,
}

/// What is done on which edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Deed {
    work: Work,
    base: &'static str,
    usage: Usage,
    /// Whether the home folder was moved to where it is just before.
    is_moved: bool,
}

impl Deed {
    /// Every work on every edge, Prosody first; and some of it where the home was moved or is a copy.
    fn all() -> Vec<Self> {
        let (inside, outside) = (Usage::Internal, Usage::External);
        let edges = [("prosody", outside), ("ejabberd", outside), ("lync", outside), ("lync", inside)];
        let works = [Work::First, Work::Second, Work::Renewal, Work::SwitchBack, Work::TakeBack];
        let deed = |base, usage, work, is_moved| Deed { work, base, usage, is_moved };
        let here = edges.iter().flat_map(|(base, usage)| works.map(|work| deed(*base, *usage, work, false)));
        let moved = [Work::First, Work::SwitchBack].map(|work| deed("lync", inside, work, true));
        here.chain(moved).collect()
    }

    fn args(self) -> &'static [&'static str] {
        match self.work {
            Work::First => &["complete", "--certificate", "1.crt"],
            Work::Second => &["complete", "--certificate", "2.crt"],
            Work::Renewal => &["renew"],
            Work::SwitchBack | Work::TakeBack => &["undo"],
        }
    }

    fn link(self) -> &'static str {
        self.usage.link()
    }

    fn begin(self, house: &House) -> Edge<'_> {
        let inside = "request.usage = \"internal\"\nedge.internal = \"lsedge.contoso.net\"";
        let edge = Edge::new(house, self.base, if self.usage == Usage::Internal { inside } else { "" });
        edge.send(1, "1.crt");
        if self.work != Work::First {
            edge.runs(&["complete", "--certificate", "1.crt"]);
        }
        if matches!(self.work, Work::Second | Work::SwitchBack | Work::TakeBack) {
            edge.runs(&["renew"]);
            edge.send(2, "2.crt");
        }
        if self.work == Work::SwitchBack {
            edge.runs(&["complete", "--certificate", "2.crt"]);
        }
        if self.is_moved {
            // What it was called is in no file but the journal's lines about places outside.
            let was = edge.place.path("was");
            std::fs::rename(edge.place.home(), &was).unwrap();
            let copied = Command::new("cp").arg("-a").args([&was, &edge.place.home()]).status().unwrap();
            assert!(copied.success());
            std::fs::remove_dir_all(&was).unwrap();
        }
        edge
    }
}

/// An edge where a deed is about to be done, what is there, and what is there when it was done undisturbed.
struct PageContext<'a> {
    deed: Deed,
    edge: Edge<'a>,
    before: Listing,
    after: Listing,
}

impl<'a> PageContext<'a> {
    fn new(deed: Deed, house: &'a House) -> Self {
        let edge = deed.begin(house);
        let before = edge.listing();
        edge.runs(deed.args());
        PageContext { after: edge.listing(), before, edge, deed }
    }

    /// Everything as it was at the beginning.
    fn reset(&self) {
        let folder = self.edge.place.folder();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }.unwrap();
        }
        for (path, entry) in self.before.iter().filter(|(path, _)| *path != folder) {
            match &entry.content {
                None => std::fs::create_dir(path).unwrap(),
                Some(to) if path.ends_with(self.deed.link()) => {
                    std::os::unix::fs::symlink(std::str::from_utf8(to).unwrap(), path).unwrap();
                    continue;
                }
                Some(content) => std::fs::write(path, content).unwrap(),
            }
            set_mode(path, entry.mode);
        }
    }

    /// Where the link leads; what it leads to is a whole pair.
    fn current(&self) -> Option<PathBuf> {
        let to = self.edge.link(self.deed.link())?;
        self.edge.is_whole(&to);
        Some(to)
    }

    /// Whether the journal says that an undo is through.
    fn is_undone(&self) -> bool {
        self.edge.place.read("home/journal.jsonl").contains("\"what\":\"undo\"")
    }

    /// What is there but the journal, and a lock: a whole pair in use or none, no key lost, no part of a file.
    fn holds(&self, told: &str) {
        let cut = self.edge.listing();
        for (path, entry) in cut.iter().filter(|(path, _)| is_stray(path)) {
            assert!(entry.mode == 0o600 || !holds_key(entry), "{told}: {}", path.display());
        }
        let was_served = self.before.contains_key(&self.edge.place.home().join(self.deed.link()));
        assert!(self.current().is_some() || !was_served || self.is_undone(), "{told}");
        let other = Usage::ALL.into_iter().find(|usage| *usage != self.deed.usage).unwrap();
        assert_eq!(self.edge.link(other.link()), None, "{told}: the other interface");
        let scripts = ["20-certificate.ps1", "20-certificate-internal.ps1"].map(|name| format!("home/out/lync/{name}"));
        let foreign = &scripts[usize::from(self.deed.usage == Usage::External)];
        assert!(!self.edge.place.path(foreign).exists(), "{told}: {foreign}");
        for (path, entry) in self.before.iter().filter(|(path, _)| path.ends_with("key.pem")) {
            assert_eq!(cut.get(path), Some(entry), "{told}: {}", path.display());
        }
        let journal = self.edge.place.path("home/journal.jsonl");
        // A new key is another each time, and so is its request.
        let is_new = |path: &PathBuf| {
            path.starts_with(self.edge.place.path("home/requests")) || path.ends_with("edge.req") || is_purpose(path)
        };
        for (path, entry) in cut.iter().filter(|(path, _)| !is_stray(path) && **path != journal && !is_lock(path)) {
            let is_whole = [&self.before, &self.after].iter().any(|listing| listing.get(path) == Some(entry));
            assert!(is_whole || is_new(path), "{told}: {}", path.display());
        }
    }

    /// `status` tells of the pair in use and of what waits as they are, needs no lock that a dead run left, and writes
    /// nothing.
    fn status_is_right(&self, told: &str) {
        let before = self.edge.listing();
        let status = self.edge.run(&["status", "--json"]);
        assert!(matches!(status.code, 0 | 3), "{told}: {}{}", status.out, status.err);
        assert!(self.edge.listing() == before, "{told}: status wrote something");
        let json = status.json();
        let certificates = json["certificates"].as_array().unwrap();
        let used = certificates.iter().find(|one| one["usage"] == self.deed.usage.name());
        let pair = used.and_then(|one| one["pair"].as_u64()).map(|number| format!("pairs/{number}").into());
        assert_eq!(pair, self.current(), "{told}: {}", status.out);
        let has = |place: String| before.contains_key(&self.edge.place.path(&place));
        let waits = |number: &u64| {
            let of_pair = ["key.pem", "cert.pem", "chain.pem", "fullchain.pem"];
            has(format!("home/requests/{number}/request.pem"))
                && !of_pair.iter().all(|name| has(format!("home/pairs/{number}/{name}")))
        };
        let waiting: Vec<u64> = (1..5).filter(waits).collect();
        let pending = json["pending"].as_array().unwrap().iter();
        let pending: Vec<u64> = pending
            .map(|request| {
                assert_eq!(request["usage"], self.deed.usage.name(), "{told}: {}", status.out);
                request["request"].as_u64().unwrap()
            })
            .collect();
        assert_eq!(pending, waiting, "{told}: {}", status.out);
    }

    /// The deed again ends the work, unless the journal says that it is through.
    fn ends_well(&self, deed: Deed, said: &str, told: &str) {
        if !self.is_undone() {
            let next = self.edge.run(deed.args());
            assert_eq!(next.code, 0, "{told}: {}{}", next.out, next.err);
        }
        let (after, journal) = (self.edge.listing(), self.edge.place.path("home/journal.jsonl"));
        if deed.work == Work::Renewal {
            let number = if after.contains_key(&self.edge.place.path("home/requests/3")) { 3 } else { 2 };
            assert!(self.edge.is_for(number, number) && !self.edge.is_for(number, 1), "{told}");
            assert_eq!(self.edge.place.read("edge.req"), self.edge.request(number), "{told}");
            assert_eq!(self.current(), Some("pairs/1".into()), "{told}");
            let again: Run = self.edge.runs(deed.args());
            assert_eq!(common::edge::told(&again.out), [], "{told}");
            return;
        }
        let left = |listing: &Listing| -> Listing {
            // Where an undo killed late left its lock, the next run takes it away.
            let kept = listing.iter().filter(|(path, _)| **path != journal && !is_lock(path) && !is_stray(path));
            kept.map(|(path, entry)| (path.clone(), entry.clone())).collect()
        };
        // When a pair was made stands in it.
        let mut unlike = common::place::differences(&left(&self.after), &left(&after));
        unlike.retain(|path| !is_purpose(path));
        // What an undo could not read it leaves, and names.
        let stays =
            |path: &Path| said.contains(if path.ends_with(deed.link()) { "pairs/1" } else { path.to_str().unwrap() });
        if self.is_undone() && unlike.iter().any(|path| stays(path)) {
            unlike.retain(|path| !stays(path));
            return assert!(unlike.is_empty(), "{told}: {unlike:?}");
        }
        assert!(unlike.is_empty() && left(&after).len() == left(&self.after).len(), "{told}: {unlike:?}");
    }
}

impl Moment<Deed> {
    fn meets(&self, scenes: &Scenes, trouble: &str) {
        let told = self.told(trouble);
        let scene = scenes.take(self.start);
        scene.reset();
        let was = scene.edge.link("current");
        let (code, out, err) = self.meet(&scene.edge.place, &scene.edge.command(self.start.args()), trouble);
        match code {
            None => assert_eq!(trouble, "signal=KILL", "{told}"),
            Some(0) => {}
            Some(1) => assert!(!err.is_empty(), "{told}: {out}"),
            Some(_) => panic!("{told}: {code:?} {out}{err}"),
        }
        // A switch that the journal could not be told of is not made, and not said to be.
        let is_said = err.contains("current cannot be written") && err.contains("It was done");
        assert!(!is_said || scene.edge.link("current") != was, "{told}: {err}");
        scene.holds(&told);
        scene.status_is_right(&told);
        scene.ends_well(self.start, &err, &told);
        scenes.give_back(self.start, scene);
    }
}

/// Scenes that nobody plays in; each is made once and set back.
struct Scenes<'a> {
    house: &'a House,
    free: Mutex<Vec<(Deed, PageContext<'a>)>>,
}

impl<'a> Scenes<'a> {
    fn take(&self, deed: Deed) -> PageContext<'a> {
        let mut free: MutexGuard<'_, Vec<(Deed, PageContext<'a>)>> = self.free.lock().unwrap();
        match free.iter().position(|(of, _)| *of == deed) {
            Some(at) => free.swap_remove(at).1,
            // Under the lock: the authority answers one request at a time.
            None => PageContext::new(deed, self.house),
        }
    }

    fn give_back(&self, deed: Deed, scene: PageContext<'a>) {
        self.free.lock().unwrap().push((deed, scene));
    }
}

/// Whether a moment of an edge other than Prosody has its turn: each has every seventh, `tests/run --long` all.
fn has_turn(moment: &Moment<Deed>, at: usize) -> bool {
    is_long() || moment.start.base == "prosody" || at.is_multiple_of(7)
}

/// Plays every deed with each trouble that `troubles` has for its moments, by their places in the row.
fn play(troubles: impl Fn(&Moment<Deed>, usize) -> Vec<String>) {
    if !have("strace") || !have("openssl") {
        return;
    }
    let house = House::founded();
    let scenes = Scenes { house: &house, free: Mutex::new(Vec::new()) };
    let mut moments = Vec::new();
    for deed in Deed::all() {
        let scene = scenes.take(deed);
        scene.reset();
        let Some(found) = moments_of(deed, &scene.edge.place, &scene.edge.command(deed.args())) else { return };
        let calls: BTreeSet<&str> = found.iter().map(|moment| moment.call.as_str()).collect();
        assert!(calls.len() > 6 && calls.iter().any(|call| call.starts_with("rename")), "{deed:?}: {calls:?}");
        moments.extend(found);
        scenes.give_back(deed, scene);
    }
    let meetings = moments
        .iter()
        .enumerate()
        .flat_map(|(at, moment)| troubles(moment, at).into_iter().map(move |trouble| (moment.clone(), trouble)));
    let meetings: Vec<(Moment<Deed>, String)> = meetings.collect();
    println!("{} moments, {} meetings", moments.len(), meetings.len());
    each(&meetings, |(moment, trouble)| moment.meets(&scenes, trouble));
}

#[test]
fn killed_at_any_writing_call_after_the_request_a_whole_pair_is_in_use_and_the_next_run_ends_the_work() {
    play(|moment, at| if moment.reads || !has_turn(moment, at) { Vec::new() } else { vec!["signal=KILL".to_owned()] });
}

#[test]
fn refused_at_any_call_after_the_request_it_is_told_and_the_next_run_ends_the_work() {
    // One error in turn at every fourth call; `tests/run --long` has every error everywhere.
    play(|moment, at| match (is_long(), at % 4) {
        (true, _) => ERRORS.map(|error| format!("error={error}")).to_vec(),
        (false, 0) if has_turn(moment, at / 4) => vec![format!("error={}", ERRORS[at / 4 % 4])],
        (false, _) => Vec::new(),
    });
}
