//! The disk fails or the machine stops at every single step. The next runs end the work; nothing is lost.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use edgewright::cli::survey;
use edgewright::form::{Answers, Sheet, answers};
use edgewright::model::request::{RequestSpec, sign};
use edgewright::model::{Entry, KeyKind, PrivateKey};
use edgewright::pages::{self, Reading};
use edgewright::plan::ActionKind;
use edgewright::problem::any_error;
use edgewright::text::Text;
use edgewright::world::{FakeWorld, Outcome, Trouble, World, perform};
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
}

impl Edge {
    fn new(base: &str) -> Self {
        let file =
            std::fs::read_to_string(format!("{}/tests/answers/{base}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let file = file + "security.key = \"ecdsa-p256\"\n[[partners]]\ndomain = \"partner.example\"\n";
        let loaded = answers::read(&file, pages::form(), Path::new(HOME));
        assert_eq!(loaded.problems, []);
        let world = FakeWorld::new(Path::new(HOME), datetime!(2026-01-01 12:00 UTC));
        Edge { answers: loaded.answers, text: Text::load("en"), world }
    }

    fn read(&self) -> Reading {
        let facts = survey(&self.world, &self.answers, None, &self.text);
        pages::read(&Sheet { form: pages::form(), answers: &self.answers, facts: &facts }, &self.text)
    }

    /// A run that meets trouble at its `at`-th call, if it gets there.
    fn run(&mut self, trouble: Option<(usize, Trouble)>) -> Outcome {
        let reading = self.read();
        assert!(!any_error(&reading.problems), "{:?}", reading.problems);
        self.world.calls = 0;
        self.world.trouble = trouble;
        let outcome = perform(&mut self.world, Path::new(HOME), &reading.plan, &mut |_| (), &|| true);
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
        let folder = Path::new(HOME).join("requests").join(pending.number.to_string());
        let key = PrivateKey::from_pem(self.file(&folder.join("key.pem")));
        let spec = RequestSpec::read(&pending.pem).expect(told);
        assert_eq!(spec.key, KeyKind::EcdsaP256);
        // A request holds its public key, so the same key signs for the same one.
        let again = sign(&spec, &key).unwrap();
        assert_eq!(public_key(&again), public_key(&pending.pem), "{told}");
        assert_eq!(self.file(&reading.deployment.request.file), pending.pem, "{told}");
    }

    fn facts(&self) -> edgewright::model::Facts {
        self.world.look(&[])
    }

    /// Whole lines, and one at least for every file but those whose line the trouble itself kept from being written.
    fn journal_tells_all(&self, told: &str) {
        let journal = self.file(&Path::new(HOME).join("journal.jsonl"));
        let entries: Vec<Entry> = journal.lines().map(|line| serde_json::from_str(line).expect(told)).collect();
        let told_of = |path: &PathBuf| entries.iter().any(|entry| Path::new(&entry.target) == path);
        let untold = self.world.disk.keys().filter(|path| !told_of(path) && !path.ends_with("journal.jsonl"));
        assert!(untold.count() <= 2, "{told}: {journal}");
        assert!(!entries.iter().any(|entry| entry.kind == ActionKind::Keep.name()));
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
        assert_eq!((outcome.cancelled, outcome.reached, outcome.failed), (true, stop, None));
        edge.ends_well(&format!("stopped after {stop}"));
    }
}
