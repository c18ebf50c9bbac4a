//! The same disk is seen alike, whether it is the machine's or one in memory: what the crash and flow tests prove of the
//! one holds for the other.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::edge::Edge;
use common::have;
use common::offers::House;
use common::place::{listing, set_mode};
use edgewright::home::{Facts, Found};
use edgewright::world::{FakeWorld, RealWorld, World as _};
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
