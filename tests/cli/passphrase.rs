//! A key under a passphrase: for a request that is prepared on another machine than the edge.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use edgewright::pki::KeyKind;
use edgewright::pki::encrypted_key::seal;
use edgewright::pki::request::generate_key;
use edgewright::plan::{Action, Change, Plan};
use edgewright::steps::key_copy::KeyCopy;
use edgewright::world::{FakeWorld, perform};
use time::macros::datetime;

use crate::common::have;
use crate::common::homes::private;
use crate::common::place::{Place, answers, timeless};

/// Codes that are told in these stories.
pub const CODES: [&str; 2] = ["key-passphrase", "password-unreadable"];

fn openssl(place: &Place, line: &str) {
    let run = Command::new("openssl").args(line.split(' ')).current_dir(place.folder()).output().unwrap();
    assert!(run.status.success(), "openssl {line}: {}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn a_key_under_a_passphrase_serves_only_with_it() {
    if !have("openssl") {
        return;
    }
    let place = Place::with(&answers("prosody", "request.authority = \"private\""));
    private(&place.path("secret"), "Löwe im Wald\r\n");
    let run = place.run(&["apply", "--answers", "edge.toml", "--key-passphrase-file", "secret"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let key = place.read("home/requests/1/key.pem");
    assert!(key.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{key}");
    place.write("plain", "Löwe im Wald");
    openssl(&place, "pkey -in home/requests/1/key.pem -passin file:plain -out opened.pem");
    // Nothing is asked twice because nobody can look into the key.
    assert!(place.applied().keeps_all());

    openssl(
        &place,
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -subj /CN=Root -addext keyUsage=keyCertSign",
    );
    openssl(
        &place,
        "x509 -req -in edge.req -CA root.pem -CAkey root.key -CAcreateserial -copy_extensions copyall -days 90 -out leaf.pem",
    );
    private(&place.path("wrong"), "Löwe");
    let complete =
        |more: &[&str]| place.run(&[&["complete", "--certificate", "leaf.pem", "--chain", "root.pem"], more].concat());
    let before = timeless(place.listing());
    for (more, code) in [
        (&[][..], "key-passphrase"),
        (&["--key-passphrase-file", "wrong"], "key-passphrase"),
        (&["--key-passphrase-file", "nowhere"], "password-unreadable"),
    ] {
        let run = complete(more);
        assert!(run.code == 1 && run.err.contains(&format!("error[{code}]")), "{more:?}: {}", run.err);
        assert!(CODES.contains(&code) && !run.err.contains("Löwe"), "{}", run.err);
        assert!(timeless(place.listing()) == before, "{more:?}");
    }
    let run = complete(&["--key-passphrase-file", "secret"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    // The server has to read it without a person.
    let plain = place.read("home/current/key.pem");
    assert!(plain.starts_with("-----BEGIN PRIVATE KEY-----") && plain == place.read("opened.pem"), "{plain}");
    for file in ["home/journal.jsonl", "home/answers.toml"] {
        let text = fs::read_to_string(place.path(file)).unwrap();
        assert!(!text.contains("Löwe") && !text.contains("PRIVATE"), "{text}");
    }
}

#[test]
fn a_key_that_nobody_opened_is_not_copied() {
    let home = Path::new("/home/edge");
    let (from, target): (PathBuf, PathBuf) = (home.join("requests/1/key.pem"), home.join("pairs/1/key.pem"));
    let mut world = FakeWorld::new(home, datetime!(2026-01-01 12:00 UTC));
    let key = seal(&generate_key(KeyKind::EcdsaP256).unwrap(), "secret").unwrap();
    world.disk.insert(from.clone(), Some(key.into_bytes()));
    let copy = Action::new(Change::Create, target.clone(), KeyCopy { from, usage: None });
    let plan = Plan { actions: vec![copy], undoes: None };
    let outcome = perform(&mut world, home, &plan, &mut |_| (), &|| true);
    assert!(outcome.failed.is_some() && !world.disk.contains_key(&target));
}
