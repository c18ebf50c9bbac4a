//! A home is one place, however it is spelt, and depends on no place: moved, copied or put back from a backup it works
//! where it is, and leaves alone what is another's.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::edge::{Edge, errors, told};
use crate::common::offers::House;
use crate::common::place::{Listing, Run, answers, listing, timeless};
use crate::complete::house;

/// Every kind of edge: its answers, and the link that its certificate is served through.
const EDGES: [(&str, &str, &str); 4] = [
    ("prosody", "", "current"),
    ("ejabberd", "", "current"),
    ("lync", "", "current"),
    ("lync", "request.usage = \"internal\"\nedge.internal = \"lsedge.contoso.net\"", "current-internal"),
];

/// The program on the home folder that is spelt so, started in `folder`.
fn run(edge: &Edge, folder: &Path, home: &Path, args: &[&str]) -> Run {
    let mut command = edge.command(args);
    command.env("EDGEWRIGHT_HOME", home).current_dir(folder);
    Run::of(&mut command)
}

/// Every way to spell the home folder of a place, with the folder to start in.
fn spellings(edge: &Edge) -> Vec<(PathBuf, PathBuf)> {
    let folder = edge.place.folder().to_owned();
    fs::create_dir_all(folder.join("sub")).unwrap();
    let _ = symlink(&folder, folder.join("sub/linked"));
    let _ = symlink("../home", folder.join("sub/short"));
    [
        (&folder, "home".into()),
        (&folder, "./home/".into()),
        (&folder, "sub/../home".into()),
        (&folder.join("sub"), "../home".into()),
        (&folder.join("home"), ".".into()),
        (&folder, folder.join("sub/linked/home")),
        (&folder, folder.join("sub/short")),
        (&folder, format!("{}//home", folder.display()).into()),
    ]
    .map(|(at, home): (&PathBuf, PathBuf)| (at.clone(), home))
    .to_vec()
}

/// Everything below `pairs/` and `requests/` of a home folder, relative to it.
fn treasures(home: &Path) -> Listing {
    let all =
        timeless(listing(home)).into_iter().map(|(path, entry)| (path.strip_prefix(home).unwrap().to_owned(), entry));
    all.filter(|(path, _)| path.starts_with("pairs") || path.starts_with("requests")).collect()
}

fn leads(home: &Path, link: &str) -> Option<PathBuf> {
    fs::read_link(home.join(link)).ok()
}

/// An edge whose certificate is in use.
fn served<'a>(house: &'a House, base: &str, edits: &str) -> Edge<'a> {
    let edge = Edge::new(house, base, edits);
    edge.completed(1);
    edge
}

#[test]
fn undo_takes_the_same_back_however_the_home_is_spelt() {
    let Some(house) = house() else { return };
    for (base, edits, link) in EDGES {
        let edge = served(&house, base, edits);
        let home = edge.place.home();
        let pairs = treasures(&home);
        for (folder, spelt) in spellings(&edge) {
            let at = format!("{base} {link} as {} in {}", spelt.display(), folder.display());
            assert_eq!(leads(&home, link), Some("pairs/1".into()), "{at}");
            let undone = run(&edge, &folder, &spelt, &["undo"]);
            assert_eq!((undone.code, leads(&home, link)), (0, None), "{at}: {}", undone.err);
            assert_eq!(treasures(&home), pairs, "{at}");
            // By every other spelling it stays undone.
            for (folder, other) in spellings(&edge) {
                let status = run(&edge, &folder, &other, &["status"]);
                assert!(matches!(status.code, 0 | 3), "{}", status.err);
                let dry = run(&edge, &folder, &other, &["renew", "--dry-run"]);
                assert!(!dry.err.contains("cut off"), "{at}, then {}: {}", other.display(), dry.err);
                assert_eq!(leads(&home, link), None, "{at}, then {}", other.display());
            }
            let certificate = edge.place.path("1.crt");
            let again = run(&edge, &folder, &spelt, &["complete", "--certificate", certificate.to_str().unwrap()]);
            assert_eq!(again.code, 0, "{at}: {}", again.err);
            assert_eq!(treasures(&home), pairs, "{at}");
        }
    }
}

#[test]
fn a_copied_home_undoes_in_itself_alone() {
    let Some(house) = house() else { return };
    for (base, edits, link) in EDGES {
        let edge = served(&house, base, edits);
        let (home, copy) = (edge.place.home(), edge.place.path("copy"));
        assert!(Command::new("cp").arg("-a").args([&home, &copy]).status().unwrap().success());
        let before = edge.listing();
        let original = |listing: &Listing| -> Listing {
            listing.iter().filter(|(path, _)| !path.starts_with(&copy)).map(|(p, e)| (p.clone(), e.clone())).collect()
        };
        // The switch, then the apply before it: its copy of the request is the original's.
        for told_to_stay in [None, Some("edge.req")] {
            let undone = run(&edge, edge.place.folder(), &copy, &["undo"]);
            assert_eq!(undone.code, 0, "{base}: {}", undone.err);
            assert!(told_to_stay.is_none_or(|file| undone.err.contains(file)), "{base}: {}", undone.err);
            assert!(told(&undone.out).iter().all(|(_, path)| path.starts_with(&copy)), "{base}: {}", undone.out);
        }
        assert_eq!(original(&edge.listing()), original(&before), "{base}");
        assert_eq!((leads(&home, link), leads(&copy, link)), (Some("pairs/1".into()), None), "{base}");
        assert_eq!(treasures(&copy), treasures(&home), "{base}");
    }
}

#[test]
fn a_moved_home_goes_through_the_rest_of_its_life() {
    let Some(house) = house() else { return };
    for (base, edits, link) in EDGES {
        let edge = Edge::new(&house, base, edits);
        edge.send(1, "1.crt");
        let moved = edge.place.path("elsewhere/edge");
        fs::create_dir(edge.place.path("elsewhere")).unwrap();
        fs::rename(edge.place.home(), &moved).unwrap();
        let at = |args: &[&str]| {
            let run = run(&edge, edge.place.folder(), &moved, args);
            assert_eq!(run.code, 0, "{base} {args:?}: {}{}", run.out, run.err);
            run
        };
        at(&["complete", "--certificate", "1.crt"]);
        assert_eq!(leads(&moved, link), Some("pairs/1".into()), "{base}");
        assert!(!edge.place.home().exists(), "{base}: nothing is made where it was");
        // What it wrote outside when it was elsewhere may be a copy's original by now: a person moves it away.
        let renewed = run(&edge, edge.place.folder(), &moved, &["renew"]);
        assert_eq!(
            (renewed.code, errors(&renewed.err)),
            (1, vec!["file-exists".to_owned()]),
            "{base}: {}",
            renewed.err
        );
        fs::rename(edge.place.path("edge.req"), edge.place.path("old.req")).unwrap();
        at(&["renew"]);
        assert!(moved.join("requests/2/request.pem").exists());
        let second = house.answer(&fs::read_to_string(moved.join("requests/2/request.pem")).unwrap()).of("asked");
        fs::write(edge.place.path("2.crt"), house.with_issuer(second)).unwrap();
        at(&["complete", "--certificate", "2.crt"]);
        assert_eq!(leads(&moved, link), Some("pairs/2".into()), "{base}");
        // Moved again between the switch and taking it back.
        let last = edge.place.path("last");
        fs::rename(&moved, &last).unwrap();
        let undone = run(&edge, edge.place.folder(), &last, &["undo"]);
        assert_eq!((undone.code, leads(&last, link)), (0, Some("pairs/1".into())), "{base}: {}", undone.err);
        let json = run(&edge, edge.place.folder(), &last, &["status", "--json"]).json();
        let pairs: Vec<_> =
            json["certificates"].as_array().unwrap().iter().filter_map(|one| one["pair"].as_u64()).collect();
        assert_eq!(pairs, [1], "{base}: {json}");
    }
}

#[test]
fn a_copied_home_replaces_nothing_outside_that_is_the_original_s() {
    let Some(house) = house() else { return };
    for (base, edits, _) in EDGES {
        let edge = served(&house, base, edits);
        let copy = edge.place.path("copy");
        assert!(Command::new("cp").arg("-a").args([&edge.place.home(), &copy]).status().unwrap().success());
        let before = edge.listing();
        for args in [&["renew"][..], &["renew", "--dry-run"]] {
            let renewed = run(&edge, edge.place.folder(), &copy, args);
            assert_eq!(errors(&renewed.err), ["file-exists"], "{base} {args:?}: {}", renewed.err);
        }
        assert_eq!(edge.listing(), before, "{base}");
        // The original replaces its own.
        edge.runs(&["renew"]);
        assert_eq!(edge.place.read("edge.req"), edge.request(2), "{base}");
        // And what somebody else put there since is nobody's of ours.
        edge.completed(2);
        edge.place.write("edge.req", &edge.request(1));
        edge.runs(&["renew", "--dry-run", "--keep-key"]);
        edge.place.write("edge.req", "mine");
        edge.refuses(&["renew"], &["file-exists"]);
    }
}

#[test]
fn what_a_moved_home_wrote_outside_stays_and_is_named() {
    for (base, _, _) in EDGES {
        let place = crate::common::place::Place::with(&answers(base, ""));
        place.applied();
        let moved = place.path("moved");
        fs::rename(place.home(), &moved).unwrap();
        let mut command = place.command(&["undo"]);
        command.env("EDGEWRIGHT_HOME", &moved);
        let undone = Run::of(&mut command);
        assert_eq!(undone.code, 0, "{}", undone.err);
        assert!(place.path("edge.req").exists() && undone.err.contains("edge.req"), "{base}: {}", undone.err);
        assert!(!moved.join("answers.toml").exists(), "{base}: what is in it is its own");
    }
}

#[test]
fn another_machine_s_places_are_left_alone() {
    let place = crate::common::place::Place::with(&answers("prosody", ""));
    place.applied();
    let journal = place.read("home/journal.jsonl");
    let machine = fs::read_to_string("/etc/machine-id").unwrap_or_default();
    let foreign = if machine.trim().is_empty() {
        journal.replace("\"machine_id\":\"\"", "\"machine_id\":\"other\"")
    } else {
        journal.replace(machine.trim(), "0123456789abcdef0123456789abcdef")
    };
    assert_ne!(foreign, journal);
    place.write("home/journal.jsonl", &foreign);
    let undone = place.run(&["undo"]);
    assert_eq!(undone.code, 0);
    assert!(place.path("edge.req").exists() && undone.err.contains("edge.req"), "{}", undone.err);
}

#[test]
fn answers_name_places_in_the_home_relative_to_it() {
    let place = crate::common::place::Place::with(&answers("prosody", "request.file = \"home/mine.req\""));
    let run = place.apply();
    let saved = place.read("home/answers.toml");
    assert!(run.code == 1 || saved.contains("file = 'mine.req'") || saved.contains("file = \"mine.req\""), "{saved}");
    let place = crate::common::place::Place::with(&answers("prosody", ""));
    place.applied();
    assert!(place.read("home/answers.toml").contains(place.path("edge.req").to_str().unwrap()));
}

#[test]
fn a_home_whose_path_is_not_text_lives_as_any_other() {
    use std::os::unix::ffi::OsStrExt as _;
    let Some(house) = house() else { return };
    let edge = Edge::new(&house, "prosody", "");
    edge.send(1, "1.crt");
    let odd = edge.place.folder().join(std::ffi::OsStr::from_bytes(b"h\xFFm%41"));
    fs::rename(edge.place.home(), &odd).unwrap();
    let at = |args: &[&str]| {
        let run = run(&edge, edge.place.folder(), &odd, args);
        assert_eq!(run.code, 0, "{args:?}: {}", run.err);
    };
    at(&["complete", "--certificate", "1.crt"]);
    let pairs = treasures(&odd);
    at(&["undo"]);
    assert_eq!((leads(&odd, "current"), treasures(&odd)), (None, pairs.clone()));
    at(&["complete", "--certificate", "1.crt"]);
    at(&["apply", "--answers", "edge.toml"]);
    at(&["undo"]);
    assert_eq!(treasures(&odd), pairs);
}

#[test]
fn undo_follows_no_link_back_into_the_home_folder() {
    let place = crate::common::place::Place::with(&answers("prosody", "request.file = \"way/request.pem\""));
    fs::create_dir(place.path("way")).unwrap();
    place.applied();
    let pairs = treasures(&place.home());
    // Where the copy was, a link now leads to the request itself, which says the same.
    fs::rename(place.path("way"), place.path("was")).unwrap();
    symlink("home/requests/1", place.path("way")).unwrap();
    let undone = place.run(&["undo"]);
    assert_eq!(treasures(&place.home()), pairs, "{} {}{}", undone.code, undone.out, undone.err);
    assert_eq!(undone.code, 1, "{}", undone.err);
    fs::remove_file(place.path("way")).unwrap();
    fs::rename(place.path("was"), place.path("way")).unwrap();
    assert_eq!(place.run(&["undo"]).code, 0);
    assert!(!place.path("way/request.pem").exists());
}
