//! The disk fails or the machine stops at every single step. The next runs end the work; nothing is lost.

mod common;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use common::is_long;
use edgewright::edge::Renewal;
use edgewright::edge::Usage;
use edgewright::form::{Answered, Answers, Body, NO_WISHES, PageContext, Wishes, file};
use edgewright::home::Journal;
use edgewright::lifecycle::{Said, Status, complete, recover, undo, undo_touches};
use edgewright::pages::{self, Reading};
use edgewright::pki::request::{RequestSpec, sign};
use edgewright::pki::{Certificate, IssuedBundle, KeyKind, PrivateKey};
use edgewright::plan::{Change, Plan};
use edgewright::problem::any_error;
use edgewright::session::look;
use edgewright::text::Text;
use edgewright::world::{FakeWorld, RunOutcome, Trouble, World, perform};
use rcgen::{BasicConstraints, CertificateParams, CertificateSigningRequestParams, IsCa, Issuer, KeyPair};
use time::Duration;
use time::macros::datetime;

const TROUBLES: [Trouble; 5] = [
    Trouble::Fails(ErrorKind::Other),
    Trouble::Fails(ErrorKind::StorageFull),
    Trouble::Fails(ErrorKind::PermissionDenied),
    Trouble::Fails(ErrorKind::Interrupted),
    Trouble::Stops,
];
const HOME: &str = "/home/edge/edgewright";

/// One edge on a disk in memory.
struct Edge {
    answers: Answers,
    text: Text,
    world: FakeWorld,
    home: PathBuf,
    usage: Usage,
}

impl Edge {
    fn new(base: &str) -> Self {
        Edge::with(base, |file| file)
    }

    /// An edge whose answers `change` changes.
    fn with(base: &str, change: impl Fn(String) -> String) -> Self {
        let file =
            std::fs::read_to_string(format!("{}/tests/answers/{base}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let file = change(file) + "security.key = \"ecdsa-p256\"\n[[partners]]\ndomain = \"partner.example\"\n";
        let loaded = file::read(&file, pages::form(), Path::new(HOME));
        assert_eq!(loaded.problems, []);
        let world = FakeWorld::new(Path::new(HOME), datetime!(2026-01-01 12:00 UTC));
        Edge { answers: loaded.answers, text: Text::load("en"), world, home: HOME.into(), usage: Usage::External }
    }

    fn read(&self) -> Reading {
        let facts = look(self.world.reader().as_ref(), &self.answers, &NO_WISHES, &self.text);
        pages::read(&Answered::new(&self.answers, &facts), &self.text)
    }

    /// A run that meets trouble at its `at`-th call, if it gets there.
    fn run(&mut self, trouble: Option<(usize, Trouble)>) -> RunOutcome {
        let reading = self.read();
        assert!(!any_error(&reading.problems), "{:?}", reading.problems);
        self.world.calls = 0;
        self.world.trouble = trouble;
        let outcome = perform(&mut self.world, &self.home.clone(), &reading.plan, &mut |_| (), &|| true);
        self.world.trouble = None;
        outcome
    }

    fn keys(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let files = self.world.disk.iter().filter_map(|(path, content)| Some((path.clone(), content.clone()?)));
        files.filter(|(path, _)| path.ends_with("key.pem")).collect()
    }

    fn file(&self, path: &Path) -> String {
        let content = self.world.disk.get(path).cloned().flatten();
        String::from_utf8(content.unwrap_or_else(|| panic!("{} is no file", path.display()))).unwrap()
    }

    /// Runs again until it is done, and looks at what is there.
    fn ends_well(&mut self, told: &str) {
        let before = self.keys();
        let outcome = self.run(None);
        assert_eq!(outcome.failed, None, "{told}");
        let after = self.keys();
        assert!(before.iter().all(|(path, key)| after.get(path) == Some(key)), "{told}: a key is lost");

        let reading = self.read();
        assert!(reading.plan.is_done(), "{told}: {:?}", reading.plan);
        for action in &reading.plan.actions {
            assert!(self.world.disk.contains_key(&action.target), "{told}: {} is missing", action.target.display());
        }
        assert_eq!(self.facts().keys_left, [], "{told}");
        self.request_fits_its_key(&reading, told);
        self.journal_tells_all(told);
        let calls = self.world.calls;
        assert_eq!((self.run(None).done, self.world.calls), (vec![], 0), "{told}: after {calls} calls");
    }

    fn request_fits_its_key(&self, reading: &Reading, told: &str) {
        let pending = pages::pending(&reading.deployment, &self.facts()).expect(told).clone();
        let folder = self.home.join("requests").join(pending.number.to_string());
        let key = PrivateKey::from_pem(self.file(&folder.join("key.pem")));
        let spec = RequestSpec::read(&pending.pem).expect(told);
        assert_eq!(spec.key, KeyKind::EcdsaP256);
        // A request holds its public key, so the same key signs for the same one.
        let again = sign(&spec, &key).unwrap();
        assert_eq!(public_key(&again), public_key(&pending.pem), "{told}");
        assert_eq!(self.file(&reading.deployment.request.file), pending.pem, "{told}");
    }

    fn facts(&self) -> edgewright::home::Facts {
        self.world.look(&[])
    }

    /// Whole lines, and one at least for every file but those whose line the trouble itself kept from being written.
    fn journal_tells_all(&self, told: &str) {
        let journal = self.file(&self.home.join("journal.jsonl"));
        let Journal { entries, damaged } = Journal::read(&journal);
        assert_eq!(damaged, Vec::<usize>::new(), "{told}");
        let facts = self.facts();
        let told_of = |path: &PathBuf| entries.iter().any(|entry| facts.reach(&entry.place).as_ref() == Some(path));
        let untold = self.world.disk.keys().filter(|path| !told_of(path) && !path.ends_with("journal.jsonl"));
        // A machine that stops after a folder was put in its place whole has not told of what is in it.
        assert!(untold.count() <= 5, "{told}: {journal}");
        assert!(!entries.iter().any(|entry| entry.kind == Change::Keep.name()));
    }
}

fn public_key(pem: &str) -> Vec<u8> {
    use x509_parser::prelude::{FromDer, X509CertificationRequest};
    let pem = pem::parse(pem).unwrap();
    let (_, request) = X509CertificationRequest::from_der(pem.contents()).unwrap();
    request.certification_request_info.subject_pki.raw.to_vec()
}

fn calls_of(base: &str) -> usize {
    let mut edge = Edge::new(base);
    assert_eq!(edge.run(None).failed, None);
    let calls = edge.world.calls;
    edge.ends_well("no trouble");
    calls
}

#[test]
fn trouble_at_any_call_loses_nothing() {
    for base in ["lync", "prosody", "ejabberd"] {
        let calls = calls_of(base);
        assert!(calls > 15, "{calls}");
        for (at, trouble) in (1..=calls).flat_map(|at| TROUBLES.map(|trouble| (at, trouble))) {
            let mut edge = Edge::new(base);
            let outcome = edge.run(Some((at, trouble)));
            let told = format!("{base}, call {at}, {trouble:?}");
            assert!(outcome.failed.is_some(), "{told}");
            edge.ends_well(&told);
        }
    }
}

/// Of the home folder's disk only that survives which was brought to it; of the other disk everything.
#[test]
fn a_copy_on_another_disk_never_outlives_its_key() {
    let elsewhere = Path::new("/elsewhere/edge.req");
    for base in ["lync", "prosody", "ejabberd"] {
        let begun = || Edge::with(base, |file| file.replace("\"edge.req\"", "\"/elsewhere/edge.req\""));
        let mut whole = begun();
        assert_eq!(whole.run(None).failed, None);
        let mut copies = 0;
        for at in 1..=whole.world.calls + 1 {
            let mut edge = begun();
            edge.run(Some((at, Trouble::Stops)));
            let copy = edge.world.disk.get(elsewhere).cloned();
            let survives =
                |path: &Path| if path == elsewhere { copy.clone() } else { edge.world.settled.get(path).cloned() };
            let places = edge.world.disk.keys().filter_map(|path| Some((path.clone(), survives(path)?)));
            let disk: BTreeMap<_, _> = places.collect();
            edge.world.disk = disk;
            let told = format!("{base}, stopped at call {at}");
            if let Some(Some(copy)) = copy {
                copies += 1;
                let home = |name: &str| edge.file(&Path::new(HOME).join(name));
                assert_eq!(home("requests/1/request.pem").as_bytes(), copy, "{told}");
                assert!(home("journal.jsonl").contains("requests/1/request.pem"), "{told}");
                home("requests/1/request.json");
                let key = PrivateKey::from_pem(home("requests/1/key.pem"));
                assert!(edgewright::pki::request::is_for(&String::from_utf8(copy).unwrap(), &key), "{told}");
            }
            edge.ends_well(&told);
        }
        assert!(copies > 1, "{base}");
    }
}

#[test]
fn trouble_in_the_next_run_too_loses_nothing() {
    let calls = calls_of("prosody");
    for (first, second) in (1..=calls).flat_map(|first| (1..=calls).map(move |second| (first, second))) {
        let mut edge = Edge::new("prosody");
        edge.run(Some((first, Trouble::Stops)));
        let keys = edge.keys();
        edge.run(Some((second, Trouble::Fails(ErrorKind::StorageFull))));
        assert!(keys.iter().all(|(path, key)| edge.keys().get(path) == Some(key)));
        edge.ends_well(&format!("calls {first} and {second}"));
    }
}

#[test]
fn a_run_told_to_stop_between_two_actions_goes_on_next_time() {
    let actions = Edge::new("lync").read().plan.actions.len();
    for stop in 0..actions {
        let mut edge = Edge::new("lync");
        let plan = edge.read().plan;
        let asked = std::cell::Cell::new(0);
        let go_on = || asked.replace(asked.get() + 1) < stop;
        let outcome = perform(&mut edge.world, Path::new(HOME), &plan, &mut |_| (), &go_on);
        assert_eq!((outcome.cancelled, outcome.failed), (true, None));
        // Of a folder that is made whole nothing is there before all of it is.
        assert!((stop.saturating_sub(4)..=stop).contains(&outcome.reached), "{stop}: {}", outcome.reached);
        edge.ends_well(&format!("stopped after {stop}"));
    }
}

/// An authority whose root the world believes.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    root: Certificate,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(rcgen::DnType::CommonName, "Root");
        params.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let root = Certificate::read(params.self_signed(&key).unwrap().der()).unwrap();
        Authority { issuer: Issuer::new(params, key), root }
    }

    /// The certificate that a request asks for.
    fn answer(&self, request: &str) -> String {
        let mut asked = CertificateSigningRequestParams::from_pem(request).unwrap();
        asked.params.not_before = datetime!(2025-12-01 0:00 UTC);
        asked.params.not_after = datetime!(2026-03-01 0:00 UTC);
        asked.params.use_authority_key_identifier_extension = false;
        asked.signed_by(&self.issuer).unwrap().pem()
    }
}

/// What the commands do after the request, one run each as `cli` has them. Each says whether it went well.
impl Edge {
    fn served(authority: &Authority, base: &str, usage: Usage) -> Self {
        let inside = "request.usage = \"internal\"\nedge.internal = \"lsedge.contoso.net\"\n";
        let more = if usage == Usage::Internal { inside } else { "" };
        let mut edge = Edge { usage, ..Edge::with(base, |file| file + more) };
        edge.world.trusted = [authority.root.clone()].into();
        assert!(edge.applies());
        edge
    }

    fn carry_out(&mut self, plan: &Plan) -> bool {
        self.world.now += Duration::seconds(1);
        perform(&mut self.world, &self.home.clone(), plan, &mut |_| (), &|| true).failed.is_none()
    }

    fn applies(&mut self) -> bool {
        let plan = self.read().plan;
        self.carry_out(&plan)
    }

    fn recovers(&mut self) -> bool {
        let plan = recover(&self.facts()).plan;
        plan.is_done() || self.carry_out(&plan)
    }

    /// Takes home what the authority answers to the newest request.
    fn completes(&mut self, authority: &Authority) -> bool {
        if !self.recovers() {
            return false;
        }
        let facts = self.facts();
        let newest = facts.answered.iter().chain(&facts.requests).max_by_key(|request| request.number).unwrap();
        let known = facts.pairs.iter().find(|pair| pair.number == newest.number && pair.is_whole);
        // What was sent once is sent again.
        let sent = known.and_then(|pair| pair.fullchain.clone()).unwrap_or_else(|| authority.answer(&newest.pem));
        let offer = IssuedBundle::read(sent.as_bytes(), None).unwrap();
        let judged = |wanted: &[PathBuf]| {
            let mut facts = self.world.look(wanted);
            facts.trust = self.world.reader().trust();
            let answered = Answered::new(&self.answers, &facts);
            let said = Said { server: pages::server_chosen(&answered), usage: None };
            complete(&offer, &pages::deployment(&answered), said, &facts, &self.text)
        };
        let completion = judged(&judged(&[]).plan.targets());
        assert!(!any_error(&completion.proof.findings), "{:?}", completion.proof.findings);
        self.carry_out(&completion.plan)
    }

    fn renews(&mut self, keeps_key: bool) -> bool {
        if !self.recovers() {
            return false;
        }
        let wishes = Wishes { renewal: Some(Renewal { keeps_key }), ..Wishes::default() };
        let facts = look(self.world.reader().as_ref(), &self.answers, &wishes, &self.text);
        let answered = Answered { wishes: &wishes, ..Answered::new(&self.answers, &facts) };
        let shown = pages::form().shown(&answered);
        let end = shown.iter().position(|page| page.body == Body::Execute).unwrap();
        let deployment = pages::deployment(&answered);
        let plan = pages::plan(
            &PageContext { pages: pages::PAGES, answered: &answered, deployment: &deployment, text: &self.text },
            &shown[..end],
        );
        assert_eq!(plan.problems(&facts), []);
        self.carry_out(&plan)
    }

    fn undoes(&mut self) -> bool {
        if !self.recovers() {
            return false;
        }
        let facts = self.world.look(&undo_touches(&self.facts(), None));
        let undo = undo(&facts, None).expect("a run to take back");
        assert_eq!(undo.plan.problems(&facts), []);
        self.carry_out(&undo.plan)
    }

    /// Whether the last run that took another back says that it is through.
    fn has_undone(&self, lines: usize) -> bool {
        self.facts().journal.entries[lines..].iter().any(|entry| entry.ended_undo().is_some())
    }

    /// The links lead to whole pairs, and no key that was there is lost.
    fn holds(&self, keys: &BTreeMap<PathBuf, Vec<u8>>, told: &str) {
        let facts = self.facts();
        for usage in Usage::ALL.into_iter().filter(|usage| facts.links.contains_key(usage.link())) {
            assert!(facts.current(usage).is_some_and(|pair| pair.is_whole), "{told}: {:?}", facts.links);
        }
        let now = self.keys();
        assert!(keys.iter().all(|(path, key)| now.get(path) == Some(key)), "{told}: a key is lost");
        let status = Status::of(&self.facts());
        let used = status.certificates.iter().find(|used| used.usage == self.usage);
        assert_eq!(used.and_then(|used| used.pair), self.current(), "{told}");
        let other = Usage::ALL.into_iter().find(|usage| *usage != self.usage).unwrap();
        assert!(!facts.links.contains_key(other.link()), "{told}: {:?}", facts.links);
        let waiting: Vec<u32> = status.pending.iter().map(|waiting| waiting.request).collect();
        let requests: Vec<u32> = self.facts().requests.iter().map(|request| request.number).collect();
        assert_eq!(waiting, requests, "{told}");
    }

    /// How many requests and whole pairs there are, whether the newest pair is in use, and what files there are besides,
    /// journal and what was replaced aside. A run that was cut off may have used up a number.
    fn state(&self) -> (usize, usize, bool, Vec<PathBuf>) {
        let facts = self.facts();
        let aside = ["journal.jsonl", "before", "requests", "pairs"].map(|name| self.home.join(name));
        let paths = self.world.disk.keys().filter(|path| !aside.iter().any(|aside| path.starts_with(aside)));
        let pairs = facts.pairs.iter().filter(|pair| pair.is_whole);
        let (requests, is_newest) = (facts.requests.len() + facts.answered.len(), self.current() == self.newest());
        (requests, pairs.count(), is_newest, paths.cloned().collect())
    }

    fn current(&self) -> Option<u32> {
        self.facts().current(self.usage).map(|pair| pair.number)
    }

    fn newest(&self) -> Option<u32> {
        self.facts().pairs.iter().map(|pair| pair.number).max()
    }

    /// The same edge, whose home folder somebody moved.
    fn moved(&self, to: &str) -> Self {
        let place = |path: &Path| match path.strip_prefix(&self.home) {
            Ok(inside) if inside.as_os_str().is_empty() => PathBuf::from(to),
            Ok(inside) => Path::new(to).join(inside),
            Err(_) => path.to_owned(),
        };
        let mut world = FakeWorld::new(Path::new(to), self.world.now);
        world.disk = self.world.disk.iter().map(|(path, content)| (place(path), content.clone())).collect();
        world.links = self.world.links.iter().map(|(path, leads)| (place(path), leads.clone())).collect();
        world.trusted = self.world.trusted.clone();
        Edge { answers: self.answers.clone(), text: Text::load("en"), world, home: to.into(), usage: self.usage }
    }
}

/// Something done after the request, from where it begins.
struct Deed {
    what: &'static str,
    begins: fn(&mut Edge, &Authority) -> bool,
    done: fn(&mut Edge, &Authority) -> bool,
    undoes: bool,
}

const DEEDS: [Deed; 7] = [
    Deed { what: "the first certificate", begins: |_, _| true, done: Edge::completes, undoes: false },
    Deed { what: "a renewal", begins: Edge::completes, done: |edge, _| edge.renews(false), undoes: false },
    Deed {
        what: "a renewal and its certificate",
        begins: Edge::completes,
        done: |edge, by| {
            edge.facts().pairs.len() == 2 && edge.completes(by) || edge.renews(false) && edge.completes(by)
        },
        undoes: false,
    },
    Deed {
        what: "a renewal with the same key and its certificate",
        begins: Edge::completes,
        done: |edge, by| edge.facts().pairs.len() == 2 && edge.completes(by) || edge.renews(true) && edge.completes(by),
        undoes: false,
    },
    Deed { what: "the first switch taken back", begins: Edge::completes, done: |edge, _| edge.undoes(), undoes: true },
    Deed {
        what: "a switch taken back",
        begins: |edge, by| edge.completes(by) && edge.renews(false) && edge.completes(by),
        done: |edge, _| edge.undoes(),
        undoes: true,
    },
    Deed {
        what: "a renewal taken back",
        begins: |edge, by| edge.completes(by) && edge.renews(false),
        done: |edge, _| edge.undoes(),
        undoes: true,
    },
];

/// Every kind of edge: what runs on it, and which interface the certificate is for.
const EDGES: [(&str, Usage); 4] =
    [("prosody", Usage::External), ("ejabberd", Usage::External), ("lync", Usage::External), ("lync", Usage::Internal)];

#[test]
fn trouble_at_any_call_after_the_request_leaves_a_whole_pair_in_use_and_loses_nothing() {
    let authority = Authority::new();
    let mut tried = 0;
    for ((base, usage), deed) in EDGES.into_iter().flat_map(|edge| DEEDS.iter().map(move |deed| (edge, deed))) {
        let mut edge = Edge::served(&authority, base, usage);
        assert!((deed.begins)(&mut edge, &authority), "{}", deed.what);
        let (start, keys, lines) = (edge.world.clone(), edge.keys(), edge.facts().journal.entries.len());
        edge.world.calls = 0;
        assert!((deed.done)(&mut edge, &authority), "{}", deed.what);
        let (calls, wanted) = (edge.world.calls, edge.state());
        assert!(calls >= 5, "{}: {calls}", deed.what);
        // On Prosody each call meets the troubles in turn and a machine that stops, elsewhere every second call one of them;
        // `tests/run --long` has all everywhere.
        let meets = |at: usize, trouble: Trouble| {
            is_long()
                || (base == "prosody" || at % 2 == deed.what.len() % 2)
                    && TROUBLES[(at + deed.what.len()) % TROUBLES.len()] == trouble
                || base == "prosody" && trouble == Trouble::Stops
        };
        let meetings = (1..=calls).flat_map(|at| TROUBLES.map(|trouble| (at, trouble)));
        for (at, trouble) in meetings.filter(|(at, trouble)| meets(*at, *trouble)) {
            tried += 1;
            let told = format!("{base} {}, {}, call {at} of {calls}, {trouble:?}", usage.name(), deed.what);
            edge.world = start.clone();
            (edge.world.calls, edge.world.trouble) = (0, Some((at, trouble)));
            (deed.done)(&mut edge, &authority);
            edge.world.trouble = None;
            edge.holds(&keys, &told);
            let keys = edge.keys();

            // What any next command does first, and says; also where the home was moved meanwhile.
            let mut next = edge.world.clone();
            std::mem::swap(&mut edge.world, &mut next);
            let mut moved = edge.moved("/srv/moved/edge");
            for (edge, keys) in [(&mut edge, keys.clone()), (&mut moved, BTreeMap::new())] {
                let recovery = recover(&edge.facts());
                assert!(edge.recovers(), "{told}");
                if !recovery.plan.actions.is_empty() {
                    assert_eq!(edge.current(), edge.newest(), "{told}: {:?}", recovery.said);
                }
                edge.holds(&keys, &told);
            }
            assert_eq!((edge.current(), edge.newest()), (moved.current(), moved.newest()), "{told}: moved");
            std::mem::swap(&mut edge.world, &mut next);

            // The same again ends the work, unless it is known to be through.
            if !(deed.undoes && edge.has_undone(lines)) {
                assert!((deed.done)(&mut edge, &authority), "{told}");
            }
            edge.holds(&keys, &told);
            assert_eq!(edge.state(), wanted, "{told}");
            let journal = edge.file(&Path::new(HOME).join("journal.jsonl"));
            assert_eq!(edge.facts().journal.entries.len(), journal.lines().count(), "{told}");
            assert_eq!(recover(&edge.facts()).plan.actions, [], "{told}");
        }
    }
    println!("{tried} troubles");
}
