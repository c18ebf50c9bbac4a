//! What is kept in the home folder and for how long; what one run sees of another; keys that others can read.

use std::fs::{self, File};
use std::path::PathBuf;

use crate::common::edge::{Edge, told};
use crate::common::place::{Place, answers, set_mode};
use crate::complete::house;

fn out(place: &Place) -> Vec<PathBuf> {
    let out = place.path("home/out");
    let files = place.listing().into_iter().filter(|(path, entry)| path.starts_with(&out) && entry.content.is_some());
    files.map(|(path, _)| path.strip_prefix(&out).unwrap().to_owned()).collect()
}

#[test]
fn what_nothing_leads_to_any_more_is_taken_away_and_comes_back_with_undo() {
    for (before, after) in [("lync", "prosody"), ("prosody", "ejabberd"), ("ejabberd", "lync")] {
        let place = Place::with(&answers(before, ""));
        place.applied();
        let first = out(&place);
        assert!(first.iter().any(|file| file.starts_with(before)), "{first:?}");
        let theirs = place.path(&format!("home/out/{before}/theirs"));
        fs::write(&theirs, "a person's").unwrap();
        let changed = first.iter().find(|file| file.starts_with(before)).unwrap();
        let content = place.read(&format!("home/out/{}", changed.display()));
        place.write(&format!("home/out/{}", changed.display()), &(content + "# mine\n"));

        place.answer(&answers(after, "request.file = \"2.req\""));
        place.applied();
        let second = out(&place);
        let left: Vec<_> = second.iter().filter(|file| file.starts_with(before)).collect();
        let stays = PathBuf::from(before).join("theirs");
        assert_eq!(left.len(), 2, "{before} to {after}: {left:?}");
        assert!(left.contains(&&stays) && left.contains(&changed), "what a person wrote or changed stays");
        assert!(place.plan().keeps_all());

        assert_eq!(place.run(&["undo"]).code, 0);
        let missing: Vec<_> = first.iter().filter(|file| !out(&place).contains(file)).collect();
        assert_eq!(missing, Vec::<&PathBuf>::new(), "{before} to {after}");
    }
}

#[test]
fn the_script_for_the_certificate_in_use_stays() {
    let Some(house) = house() else { return };
    let edge = Edge::new(&house, "lync", "");
    edge.completed(1);
    edge.place.answer(&answers("lync", "[[partners]]\ndomain = \"partner.example\""));
    edge.place.applied();
    assert!(edge.place.path("home/out/lync/20-certificate.ps1").exists());
}

#[test]
fn what_was_replaced_and_what_was_pasted_is_bounded() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    for (folder, end, most) in [("before", "", 500), ("received", ".pem", 50)] {
        fs::create_dir_all(place.path(&format!("home/{folder}"))).unwrap();
        for number in 0..most + 20 {
            place.write(&format!("home/{folder}/{number:064x}{end}"), "old");
        }
        place.write(&format!("home/{folder}/notes.txt"), "a person's");
        let oldest = place.path(&format!("home/{folder}/{:064x}{end}", most + 3));
        let past = std::time::SystemTime::now() - std::time::Duration::from_secs(1000);
        File::options().append(true).open(&oldest).unwrap().set_modified(past).unwrap();
        place.applied();
        assert_eq!(fs::read_dir(place.path(&format!("home/{folder}"))).unwrap().count(), most + 1, "{folder}");
        assert!(!oldest.exists() && place.path(&format!("home/{folder}/notes.txt")).exists(), "{folder}");
    }
}

/// A pair that is whole and was not switched to yet, with a run at work or dead.
#[test]
fn a_run_at_work_is_not_taken_for_one_that_was_cut_off() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    fs::remove_file(edge.place.path("home/current")).unwrap();
    let journal = edge.place.read("home/journal.jsonl");
    let before = journal.lines().filter(|line| !line.contains("\"link\"")).collect::<Vec<_>>();
    edge.place.write("home/journal.jsonl", &(before.join("\n") + "\n"));
    let says = |what: &str| {
        let run = edge.run(&["complete", "--certificate", "1.crt", "--dry-run"]);
        let status = edge.run(&["status"]);
        (run.err.contains(what), status.out.contains("pair-unused"))
    };
    let lock = File::create(edge.place.path("home/lock")).unwrap();
    lock.lock().unwrap();
    fs::write(edge.place.path("home/lock"), "pid 1 ada\n").unwrap();
    assert_eq!(says("cut off"), (false, false), "somebody is at work");
    lock.unlock().unwrap();
    assert_eq!(says("cut off"), (true, true), "nobody is");
}

#[test]
fn looking_never_keeps_a_run_from_beginning() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    std::thread::scope(|scope| {
        let looking = scope.spawn(|| (0..60).for_each(|_| drop(edge.run(&["status"]))));
        while !looking.is_finished() {
            let run = edge.run(&["apply", "--answers", "edge.toml"]);
            assert_eq!(run.code, 0, "{}", run.err);
        }
    });
}

#[test]
fn the_key_of_a_request_that_others_could_read_is_said_and_closed_before_it_is_copied() {
    let Some(house) = house() else { return };
    for (base, edits) in [
        ("prosody", ""),
        ("ejabberd", ""),
        ("lync", ""),
        ("lync", "request.usage = \"internal\"\nedge.internal = \"a.contoso.net\""),
    ] {
        let edge = Edge::new(&house, base, edits);
        let key = edge.place.path("home/requests/1/key.pem");
        set_mode(&key, 0o644);
        edge.send(1, "1.crt");
        let dry = edge.runs(&["complete", "--certificate", "1.crt", "--dry-run"]);
        assert!(told(&dry.out).contains(&('~', key.clone())), "{}", dry.out);
        let run = edge.runs(&["complete", "--certificate", "1.crt"]);
        assert!(run.err.contains("key-open"), "{}", run.err);
        assert_eq!(edge.listing()[&key].mode, 0o600);
        assert!(edge.place.path("home/pairs/1/fullchain.pem").exists());
    }
}

#[test]
fn a_key_that_is_not_ours_alone_is_refused_before_anything_is_made() {
    let Some(house) = house() else { return };
    let edge = Edge::new(&house, "prosody", "");
    edge.send(1, "1.crt");
    fs::hard_link(edge.place.path("home/requests/1/key.pem"), edge.place.path("theirs.pem")).unwrap();
    edge.refuses(&["complete", "--certificate", "1.crt"], &["key-shared"]);
    set_mode(&edge.place.path("theirs.pem"), 0o644);
    edge.refuses(&["complete", "--certificate", "1.crt"], &["key-shared"]);
    fs::remove_file(edge.place.path("theirs.pem")).unwrap();
    edge.runs(&["complete", "--certificate", "1.crt"]);
    // A renewal that keeps the key takes it from the pair.
    fs::hard_link(edge.place.path("home/pairs/1/key.pem"), edge.place.path("theirs.pem")).unwrap();
    edge.run(&["renew", "--keep-key"]);
    assert!(!edge.place.path("home/requests/2").exists());
    let status = edge.run(&["status"]);
    assert!(status.code == 3 && status.out.contains("key-shared"), "{}", status.out);
}

#[test]
fn what_is_put_back_has_the_mode_it_had() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    // Somebody lets a group read the copy; the next run replaces it, and undo puts it back so.
    set_mode(&place.path("home/out/prosody/edgewright.cfg.lua"), 0o640);
    let was = place.read("home/out/prosody/edgewright.cfg.lua");
    place.answer(&answers("prosody", "[[partners]]\ndomain = \"partner.example\""));
    place.applied();
    assert_ne!(place.read("home/out/prosody/edgewright.cfg.lua"), was);
    let mut undo = place.command_with_umask("077", &["undo"]);
    assert_eq!(crate::common::place::Run::of(&mut undo).code, 0);
    assert_eq!(place.read("home/out/prosody/edgewright.cfg.lua"), was);
    assert_eq!(place.listing()[&place.path("home/out/prosody/edgewright.cfg.lua")].mode, 0o640);
}

#[test]
fn nothing_is_tidied_behind_a_link() {
    let place = Place::with(&answers("prosody", ""));
    place.applied();
    fs::create_dir(place.path("theirs")).unwrap();
    for number in 0..600 {
        place.write(&format!("theirs/{number:064x}"), "theirs");
    }
    for folder in ["before", "received"] {
        let _ = fs::remove_dir_all(place.path(&format!("home/{folder}")));
        std::os::unix::fs::symlink("../theirs", place.path(&format!("home/{folder}"))).unwrap();
    }
    place.apply();
    assert_eq!(fs::read_dir(place.path("theirs")).unwrap().count(), 600);
}
