//! The same disk is seen alike, whether it is the machine's, one in memory, or the one of a dry run: what the crash and
//! flow tests prove of the one holds for the other, and a dry run sees what a real one would.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::edge::Edge;
use common::have;
use common::offers::House;
use common::place::{Place, answers, listing, set_mode, timeless};
use edgewright::edge::Renewal;
use edgewright::form::{Answered, Wishes, file};
use edgewright::home::{Facts, Found};
use edgewright::lifecycle::undo;
use edgewright::pages;
use edgewright::plan::Plan;
use edgewright::session::look;
use edgewright::text::Text;
use edgewright::world::{DryWorld, FakeWorld, RealWorld, World as _, perform};
use time::OffsetDateTime;

/// The home folder, copied to a disk in memory.
fn copied(home: &Path) -> FakeWorld {
    let mut world = FakeWorld::new(home, OffsetDateTime::now_utc());
    for (path, entry) in listing(home) {
        let is_link = fs::symlink_metadata(&path).unwrap().is_symlink();
        match entry.content {
            Some(to) if is_link => drop(world.links.insert(path, PathBuf::from(String::from_utf8(to).unwrap()))),
            content => drop(world.disk.insert(path, content)),
        }
    }
    world
}

/// What was seen of a home folder, without the machine and the moment.
fn seen(facts: &Facts) -> String {
    let requests = |requests: &[edgewright::home::PendingRequest]| {
        requests.iter().map(|one| (one.number, one.pem.clone(), one.purpose.clone())).collect::<Vec<_>>()
    };
    let places = facts.path_states.iter().filter(|(path, _)| path.starts_with(&facts.home));
    let places: Vec<(&PathBuf, &Found)> = places.map(|(path, spot)| (path, &spot.found)).collect();
    format!(
        "{:#?}",
        (
            (facts.next_number, requests(&facts.requests), requests(&facts.answered)),
            (&facts.pairs, &facts.links, &facts.kept, &facts.journal),
            (&facts.keys_left, &facts.requests_keyless, &facts.unreadable, &facts.owner.home_id),
            places,
        )
    )
}

/// Something that befalls a home folder.
type Fate = fn(&Edge<'_>);

#[test]
fn both_disks_are_seen_alike() {
    if !have("openssl") {
        return;
    }
    let house = House::founded();
    let fates: [(&str, Fate); 9] = [
        ("a request waits", |_| ()),
        ("a pair is in use", |edge| drop(edge.completed(1))),
        ("and is renewed", |edge| {
            edge.completed(1);
            edge.runs(&["renew"]);
        }),
        ("and taken back", |edge| {
            edge.completed(1);
            edge.runs(&["undo"]);
        }),
        ("a key is left alone", |edge| fs::remove_file(edge.place.path("home/requests/1/request.pem")).unwrap()),
        ("a key is gone", |edge| fs::remove_file(edge.place.path("home/requests/1/key.pem")).unwrap()),
        ("a request is none", |edge| edge.place.write("home/requests/1/request.pem", "nothing")),
        ("folders that are no numbers", |edge| {
            for name in ["07", "x", "-1", "6"] {
                fs::create_dir_all(edge.place.path(&format!("home/pairs/{name}"))).unwrap();
            }
        }),
        ("the journal is torn", |edge| {
            let journal = edge.place.read("home/journal.jsonl");
            edge.place.write("home/journal.jsonl", &format!("{journal}\u{0}\n{}", &journal[..60]));
        }),
    ];
    for base in ["prosody", "ejabberd", "lync"] {
        for (told, fate) in fates {
            let edge = Edge::new(&house, base, "security.key = \"ecdsa-p256\"");
            fate(&edge);
            let home = edge.place.home();
            set_mode(&home, 0o700);
            let wanted: Vec<PathBuf> = listing(&home).into_keys().collect();
            let real = RealWorld::new(home.clone(), home.clone()).look(&wanted);
            assert_eq!(seen(&copied(&home).look(&wanted)), seen(&real), "{base}: {told}");
        }
    }
}

#[test]
fn who_holds_the_home_folder_is_no_stranger_to_the_readers_beside_it() {
    let place = Place::with("");
    let home = place.home();
    fs::create_dir(&home).unwrap();
    set_mode(&home, 0o700);
    let mut world = RealWorld::new(home.clone(), home.clone());
    let reader = world.reader();
    world.lock().unwrap();
    assert_eq!(reader.look_home().busy, None);
    let other = RealWorld::new(home.clone(), home);
    let busy = other.reader().look_home().busy.expect("somebody is at work");
    assert!(busy.starts_with(&format!("pid {} ", std::process::id())), "{busy}");
    drop(world);
    assert_eq!(other.reader().look_home().busy, None);
}

/// A home folder that one plan after the other is done to, first dry, then for real.
struct BothWays<'a> {
    place: Place,
    house: &'a House,
    base: &'a str,
}

impl BothWays<'_> {
    fn world(&self) -> RealWorld {
        RealWorld::new(self.place.home(), self.place.folder().to_owned())
    }

    /// What there is for the sample answers with these `edits`, and the plan that they lead to.
    fn planned(&self, edits: &str, wishes: &Wishes) -> (Facts, Plan) {
        let (source, text) = (answers(self.base, &format!("security.key = \"ecdsa-p256\"\n{edits}")), Text::load("en"));
        let answers = file::read(&source, pages::form(), self.place.folder()).answers;
        let facts = Facts {
            trust: [self.house.certificate("root")].into(),
            ..look(self.world().reader().as_ref(), &answers, wishes, &text)
        };
        let answered = Answered { wishes, ..Answered::new(&answers, &facts) };
        let plan = pages::read(&answered, &text).plan;
        (facts, plan)
    }

    fn goes(&self, told: &str, plan: &Plan) {
        let (told, home) = (format!("{}: {told}", self.base), self.place.home());
        assert!(!plan.is_done(), "{told}");
        let before = timeless(self.place.listing());
        let mut dry = DryWorld::of(self.world());
        let outcome = perform(&mut dry, &home, plan, &mut |_| (), &|| true);
        assert_eq!(outcome.failed, None, "{told}");
        assert_eq!(timeless(self.place.listing()), before, "{told}: a dry run writes nothing");
        let outcome = perform(&mut self.world(), &home, plan, &mut |_| (), &|| true);
        assert_eq!(outcome.failed, None, "{told}");
        let wanted: Vec<PathBuf> = self.place.listing().into_keys().chain(plan.targets()).collect();
        let [dry, real] = [dry.look(&wanted), self.world().look(&wanted)].map(|facts| outlined(&facts));
        assert_eq!(dry, real, "{told}");
    }
}

/// What was seen, without what no two runs make alike: keys and what is signed by them, times, the name of the home folder.
fn outlined(facts: &Facts) -> String {
    const OF_ONE_RUN: [&str; 5] = ["request.pem", "edge.req", "request.json", "home-id", "journal.jsonl"];
    let requests = |requests: &[edgewright::home::PendingRequest]| {
        requests.iter().map(|one| (one.number, one.purpose.is_some())).collect::<Vec<_>>()
    };
    let entries = facts.journal.entries.iter().map(|entry| {
        let place = entry.place.in_home().map_or_else(|| "outside".to_owned(), |place| place.display().to_string());
        (&entry.kind, &entry.what, place, &entry.before, &entry.usage, &entry.to, &entry.undo)
    });
    let paths = facts.path_states.iter().map(|(path, state)| {
        let is_of_one_run = path.file_name().is_some_and(|name| OF_ONE_RUN.iter().any(|one| name == *one));
        let found = match &state.found {
            Found::File(content) if is_of_one_run => format!("a file, {}", content.is_empty()),
            Found::File(content) => String::from_utf8_lossy(content).into_owned(),
            found => format!("{found:?}"),
        };
        (path, found, state.mode, state.owner, &state.unwritable)
    });
    format!(
        "{:#?}",
        (
            (facts.next_number, requests(&facts.requests), requests(&facts.answered), &facts.pairs, &facts.links),
            (&facts.kept, entries.collect::<Vec<_>>(), &facts.journal.damaged),
            (&facts.keys_left, &facts.keys_open, &facts.requests_keyless, &facts.unreadable, &facts.real),
            paths.collect::<Vec<_>>(),
        )
    )
}

#[test]
fn a_dry_run_sees_what_a_real_one_would() {
    if !have("openssl") {
        return;
    }
    let house = House::founded();
    for base in ["prosody", "ejabberd", "lync"] {
        let both = BothWays { place: Place::with(""), house: &house, base };
        both.goes("a request is written", &both.planned("", &Wishes::default()).1);
        let request = both.place.read("home/requests/1/request.pem");
        fs::write(both.place.path("1.crt"), house.with_issuer(house.answer(&request).of("asked"))).unwrap();
        both.goes("its certificate comes home", &both.planned("certificate.file = \"1.crt\"", &Wishes::default()).1);
        assert!(both.place.path("home/current").is_symlink(), "{base}");
        let renewal = Wishes { renewal: Some(Renewal { keeps_key: false }), ..Wishes::default() };
        both.goes("it is renewed", &both.planned("", &renewal).1);
        let (facts, _) = both.planned("", &Wishes::default());
        both.goes("that is taken back", &undo(&facts, None).expect("a run to take back").plan);
        let (facts, _) = both.planned("", &Wishes::default());
        both.goes("and the certificate too", &undo(&facts, None).expect("a run to take back").plan);
    }
}
