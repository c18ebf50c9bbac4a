//! `status`: where the certificates stand, and a story for everything that needs a person.

use std::fs;
use std::path::Path;

use edgewright::edge::Usage::{External, Internal};
use serde_json::{Value, json};

use crate::common::homes::{Home, NAMES, private};
use crate::common::place::{Place, Run, list, set_mode};

/// In the midst of its 90 days.
const GOOD: (i64, i64) = (-30 * 24, 60 * 24 + 1);

/// A home folder, and the codes of what has to need a person there.
#[derive(Clone)]
struct Story {
    what: &'static str,
    home: fn(Home),
    codes: &'static [&'static str],
}

/// What is beside the certificates themselves.
fn issuer_and_file_stories() -> Vec<Story> {
    let story = |what, codes, home| Story { what, home, codes };
    vec![
        story("an issuer is over", &["pair-chain"], |home| {
            home.request(1, External, 30).pair_below(1, GOOD, (-1000, -1)).linked(External, "pairs/1");
        }),
        story("an issuer ends soon", &["pair-issuer-ends-soon"], |home| {
            home.request(1, External, 30).pair_below(1, GOOD, (-1000, 29 * 24)).linked(External, "pairs/1");
        }),
        story("an issuer is missing", &["pair-chain"], |home| {
            let home = home.in_use(External, 1, GOOD);
            let leaf = fs::read_to_string(home.at("pairs/1/cert.pem")).unwrap();
            private(&home.at("pairs/1/chain.pem"), "");
            private(&home.at("pairs/1/fullchain.pem"), &leaf);
        }),
        story("an issuer is another's", &["pair-chain"], |home| {
            let home = home.in_use(External, 1, GOOD).in_use(Internal, 2, GOOD);
            let [leaf, chain] =
                ["pairs/1/cert.pem", "pairs/2/chain.pem"].map(|name| fs::read_to_string(home.at(name)).unwrap());
            private(&home.at("pairs/1/chain.pem"), &chain);
            private(&home.at("pairs/1/fullchain.pem"), &(leaf + &chain));
        }),
        story("nobody says what a request is for", &["usage-unknown"], |home| {
            let home = home.request(1, External, 1);
            fs::remove_file(home.at("requests/1/request.json")).unwrap();
            fs::remove_file(home.at("journal.jsonl")).unwrap();
        }),
        story("a key has a second name", &["key-shared"], |home| {
            let home = home.in_use(External, 1, GOOD);
            fs::hard_link(home.at("requests/1/key.pem"), home.at("theirs")).unwrap();
        }),
        story("lines of the journal say nothing", &["journal-damaged"], |home| {
            let home = home.in_use(External, 1, GOOD);
            let journal = fs::read_to_string(home.at("journal.jsonl")).unwrap();
            private(&home.at("journal.jsonl"), &format!("{journal}\u{0}\u{0}\n{{\"v\":9}}\n"));
        }),
        story("a line of the journal was cut short", &[], |home| {
            let home = home.in_use(External, 1, GOOD);
            let journal = fs::read_to_string(home.at("journal.jsonl")).unwrap();
            private(&home.at("journal.jsonl"), &format!("{journal}{}", &journal[..50]));
        }),
        story("the journal is too large", &["file-unreadable"], |home| {
            let home = home.in_use(External, 1, GOOD);
            private(&home.at("journal.jsonl"), &"\n".repeat((16 << 20) + 1));
        }),
        story("the journal is a pipe", &["file-unreadable"], |home| {
            let home = home.in_use(External, 1, GOOD);
            fs::remove_file(home.at("journal.jsonl")).unwrap();
            let made = std::process::Command::new("mkfifo").arg(home.at("journal.jsonl")).status().unwrap();
            assert!(made.success());
        }),
        story("the answers are a folder", &["answers-unreadable"], |home| {
            fs::create_dir(home.in_use(External, 1, GOOD).at("answers.toml")).unwrap();
        }),
    ]
}

/// Every code that has a story here.
pub fn codes() -> Vec<String> {
    stories().into_iter().flat_map(|story| story.codes).map(|code| (*code).to_owned()).collect()
}

fn stories() -> Vec<Story> {
    [pair_and_request_stories(), issuer_and_file_stories()].concat()
}

fn pair_and_request_stories() -> Vec<Story> {
    let story = |what, codes, home| Story { what, home, codes };
    vec![
        story("nothing was made", &[], |_| ()),
        story("all is well", &[], |home| {
            home.in_use(External, 1, GOOD).in_use(Internal, 2, GOOD).request(3, External, 13);
        }),
        story("a third of the lifetime is left, and a bit", &[], |home| {
            home.in_use(External, 1, (-60 * 24 + 1, 30 * 24 + 1));
        }),
        story("under a third of the lifetime is left", &["pair-due"], |home| {
            home.in_use(External, 1, (-60 * 24 - 1, 30 * 24 - 1));
        }),
        story("it is over", &["pair-expired"], |home| {
            home.in_use(External, 1, (-90 * 24, -1));
        }),
        story("it has not begun", &["pair-not-yet-valid"], |home| {
            home.in_use(External, 1, (1, 90 * 24));
        }),
        story("the internal one is over", &["pair-expired"], |home| {
            home.in_use(External, 1, GOOD).in_use(Internal, 2, (-90 * 24, -1));
        }),
        story("the pair is gone", &["pair-broken"], |home| {
            let home = home.in_use(External, 1, GOOD);
            fs::remove_dir_all(home.at("pairs/1")).unwrap();
        }),
        story("the key is another's", &["pair-broken"], |home| {
            let home = home.in_use(External, 1, GOOD).request(2, External, 0);
            private(&home.at("pairs/1/key.pem"), home.key("requests/2").pem());
        }),
        story("the certificate is none", &["pair-broken"], |home| {
            private(&home.in_use(External, 1, GOOD).at("pairs/1/cert.pem"), "nothing\n");
        }),
        story("the chain is another", &["pair-broken"], |home| {
            private(&home.in_use(External, 1, GOOD).at("pairs/1/chain.pem"), "");
        }),
        story("broken and over", &["pair-broken", "pair-expired"], |home| {
            private(&home.in_use(External, 1, (-90 * 24, -1)).at("pairs/1/chain.pem"), "");
        }),
        story("the link leads away", &["link-elsewhere"], |home| {
            home.request(1, External, 1).linked(External, "/etc/ssl\u{1b}[2J");
        }),
        story("the link is a folder", &["link-elsewhere"], |home| {
            fs::create_dir(home.at("current-internal")).unwrap();
            home.request(1, Internal, 1);
        }),
        story("a request waits too long", &["request-waits"], |home| {
            home.in_use(External, 1, GOOD).request(2, External, 15);
        }),
        story("one that nobody waits for any more", &[], |home| {
            home.request(1, External, 100).in_use(External, 2, GOOD);
        }),
        story("another interface's certificate answers nothing", &["request-waits"], |home| {
            home.request(1, External, 100).in_use(Internal, 2, GOOD);
        }),
        story("a run was cut off before the first switch", &["pair-unused"], |home| {
            home.request(1, External, 1).pair(1, GOOD);
        }),
        story("a run was cut off before the next switch", &["pair-unused"], |home| {
            home.in_use(External, 1, GOOD).request(2, External, 1).pair(2, GOOD);
        }),
        story("a request has lost its key", &["request-keyless"], |home| {
            fs::remove_file(home.request(1, External, 1).at("requests/1/key.pem")).unwrap();
        }),
        story("a request has another's key", &["request-keyless"], |home| {
            let home = home.request(1, External, 1).request(2, External, 1);
            private(&home.at("requests/1/key.pem"), home.key("requests/2").pem());
        }),
        story("a request is gone", &["request-missing"], |home| {
            let home = home.request(1, External, 1);
            private(&home.at("requests/1/request.json"), "{}");
            fs::remove_file(home.at("requests/1/request.pem")).unwrap();
        }),
        story("a request cannot be read", &["request-keyless"], |home| {
            private(&home.request(1, External, 1).at("requests/1/request.pem"), "nothing\n");
        }),
        story("others may read the key of a request", &["key-open"], |home| {
            set_mode(&home.request(1, External, 1).at("requests/1/key.pem"), 0o640);
        }),
        story("others may read the key in use", &["pair-broken", "key-open"], |home| {
            set_mode(&home.in_use(External, 1, GOOD).at("pairs/1/key.pem"), 0o604);
        }),
        story("others may read a key without a request", &["request-missing", "key-open"], |home| {
            let home = home.request(1, External, 1);
            fs::remove_file(home.at("requests/1/request.pem")).unwrap();
            set_mode(&home.at("requests/1/key.pem"), 0o604);
        }),
        story("others may write there", &["home-unsafe"], |home| set_mode(&home.at(""), 0o722)),
        story("there is no home folder", &["home-missing"], |home| fs::remove_dir(home.at("")).unwrap()),
        story("the home folder is a file", &["home-unreadable"], |home| {
            fs::remove_dir(home.at("")).unwrap();
            private(&home.place.home(), "");
        }),
        story("the requests are a file", &["home-unreadable"], |home| private(&home.at("requests"), "")),
    ]
}

#[test]
fn every_story_needs_a_person_for_what_it_tells_and_nothing_is_written() {
    for Story { what, home, codes } in stories() {
        let place = Place::with("");
        home(Home::of(&place));
        let before = place.listing();
        let run = place.run(&["--log", "log.txt", "status", "--json"]);
        let shown = place.run(&["status"]);
        assert!(place.listing() == before, "{what}: something was written");
        let found: Vec<String> = attention(&run).iter().map(|said| text(&said["code"])).collect();
        assert_eq!(found, codes, "{what}: {}", run.out);
        let code = if codes.is_empty() { 0 } else { 3 };
        assert_eq!((run.code, shown.code), (code, code), "{what}");
        assert_eq!((run.err.as_str(), shown.err.as_str()), ("", ""), "{what}");
        for said in attention(&run) {
            let what_is_wrong = text(&said["message"]).split(": ").next().unwrap().to_owned();
            assert!(shown.out.contains(&what_is_wrong), "{what}: {what_is_wrong} is not in {}", shown.out);
            for words in [&said["message"], &said["hint"]].map(text) {
                assert!(!words.contains("{$") && !words.contains('\u{1b}'), "{what}: {words}");
            }
        }
    }
}

fn attention(run: &Run) -> Vec<Value> {
    list(&run.json()["attention"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The RFC 3339 second in UTC.
fn is_second(value: &Value) -> bool {
    let value = text(value);
    value.len() == "2026-01-01T00:00:00Z".len() && value.ends_with('Z')
}

#[test]
fn the_json_is_the_contract_s() {
    let place = Place::with("");
    let home = Home::of(&place).in_use(External, 1, GOOD).in_use(Internal, 2, (-60, 29)).request(3, External, 20);
    let said = place.run(&["status", "--json"]).json();
    assert_eq!(
        said.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["schema", "home", "certificates", "pending", "attention"]
    );
    assert_eq!((&said["schema"], &said["home"]), (&json!(1), &json!(home.place.home())));
    let [external, internal] = list(&said["certificates"]).try_into().unwrap();
    for (used, usage, pair, days, state) in [(external, "external", 1, 60, "ok"), (internal, "internal", 2, 1, "due")] {
        assert!(is_second(&used["not_after"]), "{used}");
        let expected = json!({
            "usage": usage, "pair": pair, "names": NAMES, "not_after": used["not_after"], "days_left": days, "state": state
        });
        assert_eq!(used.to_string(), expected.to_string(), "in this order");
    }
    let [waiting] = list(&said["pending"]).try_into().unwrap();
    assert!(is_second(&waiting["made"]), "{waiting}");
    assert_eq!(waiting.to_string(), json!({ "request": 3, "usage": "external", "made": waiting["made"] }).to_string());
    let [due, waits] = list(&said["attention"]).try_into().unwrap();
    assert!(text(&due["message"]).ends_with("in 1 day"), "{due}");
    assert!(text(&waits["message"]).contains("for 20 days"), "{waits}");
    assert_eq!(waits.as_object().unwrap().keys().collect::<Vec<_>>(), ["code", "message", "hint"]);
}

#[test]
fn what_is_not_there_is_none() {
    let place = Place::with("");
    let said = place.run(&["status", "--json"]);
    let none = json!([{
        "usage": "external", "pair": null, "names": [], "not_after": null, "days_left": null, "state": "none"
    }]);
    assert_eq!((said.code, &said.json()["certificates"]), (3, &none));
    assert!(!place.home().exists());
    let home = Home::of(&place).in_use(External, 1, (-90 * 24, -1));
    let used = list(&place.run(&["status", "--json"]).json()["certificates"])[0].clone();
    assert_eq!((&used["state"], &used["days_left"]), (&json!("expired"), &json!(-1)));
    fs::remove_dir_all(home.at("pairs/1")).unwrap();
    let used = list(&place.run(&["status", "--json"]).json()["certificates"])[0].clone();
    assert_eq!((&used["state"], &used["pair"], &used["days_left"]), (&json!("none"), &json!(1), &Value::Null));
}

#[test]
fn people_read_a_table() {
    let place = Place::with("");
    Home::of(&place).in_use(External, 1, GOOD).request(2, Internal, 3);
    let said = place.run(&["status"]).out;
    for line in ["External Edge Certificate", "pair 1", "contoso.com, conference.contoso.com", "request 2", "none"] {
        assert!(said.contains(line), "{line} is not in {said}");
    }
    assert!(!said.contains("Needs attention"), "{said}");
}

#[test]
fn it_asks_nobody_who_holds_the_home_folder() {
    let place = Place::with("");
    let home = Home::of(&place).in_use(External, 1, GOOD);
    let lock = fs::File::options().write(true).create_new(true).open(home.at("lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(place.run(&["status"]).code, 0);
    assert!(home.at("lock").exists());
}

/// Facts alone: the home folder of somebody else is looked into as far as the system lets.
#[test]
fn a_home_folder_that_only_another_may_look_into_is_no_all_clear() {
    if !crate::common::have_root() || !crate::common::have("setpriv") {
        return;
    }
    let place = Place::with("");
    Home::of(&place).in_use(External, 1, GOOD);
    set_mode(place.folder(), 0o755);
    // The program lies where only its owner looks, perhaps; a copy of it does not.
    let program = place.path("edgewright");
    fs::copy(Path::new(env!("CARGO_BIN_EXE_edgewright")), &program).unwrap();
    set_mode(&program, 0o755);
    let mut command = std::process::Command::new("setpriv");
    command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(program).args(["status", "--json"]);
    let run = Run::of(command.env("LC_ALL", "C").env("EDGEWRIGHT_HOME", place.home()));
    let codes: Vec<String> = attention(&run).iter().map(|said| text(&said["code"])).collect();
    assert_eq!((run.code, codes), (3, vec!["home-unreadable".to_owned(), "home-unsafe".to_owned()]), "{}", run.out);
}
