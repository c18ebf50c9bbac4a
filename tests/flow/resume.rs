//! Coming back, and answers that wait for being asked again.

use std::path::Path;
use std::sync::Arc;

use edgewright::edge::Usage;
use edgewright::text::say;
use edgewright::wizard::{Overlay, Wizard};
use edgewright::world::{FakeWorld, KnownAnswers, World as _, save_answers};
use time::OffsetDateTime;

use crate::common::homes::{Home, private};
use crate::common::place::{Place, listing};

use crate::walk::{CONTOSO, HOME, Walk, answers_path, quick, read_without_problems};

/// Leaves, and starts again with what is on the disk.
fn again(walk: Walk) -> Walk {
    let world = walk.world.clone();
    drop(walk);
    Walk::through(world)
}

#[test]
fn a_new_wizard_starts_at_the_first_page() {
    let mut walk = again(Walk::new());
    walk.on("server");
    assert!(walk.world.disk.is_empty(), "looking around writes nothing");
}

#[test]
fn what_has_to_be_seen_to_before_stands_at_the_beginning_and_not_among_the_steps_after_the_work() {
    let mut walk = Walk::at("server");
    let before = ["before-move-users", "before-branch-users", "before-in-parallel"].map(|key| walk.words(&say(key)));
    assert!(before.iter().all(|said| walk.shows_wide(said)), "\n{}", walk.wide_screen());
    walk.go_to_page("done");
    assert!(!before.iter().any(|said| walk.shows_wide(said)), "\n{}", walk.wide_screen());
}

#[test]
fn it_goes_on_at_the_page_where_it_was_left() {
    let mut walk = Walk::new();
    walk.keys("<enter>").next();
    walk.on("edge").keys("sip.contoso.com<c-q>");
    let mut walk = again(walk);
    walk.on("edge").must_show("sip.contoso.com");

    walk.go_to_field("edge.web_conferencing")
        .keys("webcon.contoso.com")
        .go_to_field("edge.sip_domains")
        .keys("contoso.com");
    walk.next().on("delivery").next().on("request-file").keys("<c-q>");
    again(walk).on("delivery"); // the last page that was answered
}

#[test]
fn it_goes_on_at_the_first_error() {
    Walk::with(&CONTOSO.replace("country = \"US\"", "country = \"Atlantis\"")).on("organization");
}

#[test]
fn with_everything_answered_and_nothing_made_it_goes_on_at_the_summary() {
    Walk::with(CONTOSO).on("request-summary");
    Walk::with(&CONTOSO.replace("key_by = \"edgewright\"", "key_by = \"lync\"")).on("request-summary");
}

#[test]
fn what_is_still_to_be_written_is_said_once_somebody_looked() {
    let counting = |wizard: &Wizard| {
        let Some(Overlay::Menu { about, .. }) = &wizard.overlay else { panic!("no hub") };
        let counting = wizard.text.say(&say("hub-counting"));
        about.iter().any(|message| wizard.text.say(message).contains(&counting))
    };
    let mut walk = Walk::with(CONTOSO);
    let wizard = walk.wizard();
    let (text, answers) = (&wizard.text, wizard.reading().answers());
    let facts = walk.world.look(&[]);
    assert!(counting(&Wizard::resumed(Arc::clone(text), answers.clone(), facts, false, Vec::new())));
    assert!(!counting(walk.started_again().wizard()));
}

#[test]
fn with_the_request_made_it_goes_on_behind_it() {
    for maker in ["edgewright", "lync"] {
        let file = quick(CONTOSO).replace("key_by = \"edgewright\"", &format!("key_by = \"{maker}\""));
        let mut walk = Walk::with(&file);
        walk.go_to_page("request-executing").keys("<c-q>");
        again(walk).on("dns"); // which is answered already

        // The addresses are asked later.
        let (request, _) = file.split_once("[federation]").unwrap();
        let request: String = request.split_inclusive('\n').filter(|line| !line.contains("addresses")).collect();
        let mut walk = Walk::with(&request);
        walk.go_to_page("request-executing").keys("<c-q>");
        again(walk).on("request-written");
    }
}

#[test]
fn errors_are_not_shown_at_once_and_are_after_next() {
    let mut walk = Walk::with(&CONTOSO.replace("sip.contoso.com", "sip_.contoso.com"));
    walk.on("edge").must_not_show("underscore").next().must_show("underscore");
}

#[test]
fn another_server_hides_answers_and_the_first_one_brings_them_back() {
    let mut walk = Walk::with(CONTOSO);
    let whole = walk.wizard().written();
    walk.go_to_page("server").keys("<down><enter>y"); // Prosody
    let file = walk.answers_file();
    for hidden in ["access", "sip_domains", "[policy]", "keep_alive", "usage"] {
        assert!(!file.contains(hidden), "{hidden} is not asked any more:\n{file}");
    }
    assert!(file.contains("partner.example"), "what every server is asked stays:\n{file}");
    read_without_problems(&file, Path::new(HOME));

    walk.go_to_field("server.kind").keys("<up><enter>");
    assert_eq!(walk.wizard().reading().deployment.server.name(), "lync");
    assert_eq!(walk.answers_file(), whole);
}

#[test]
fn what_is_hidden_when_leaving_is_gone() {
    let mut walk = Walk::at("server");
    walk.keys("<down><enter>y<c-q>");
    let walk = again(walk);
    assert_eq!(walk.answer("edge.access"), None);
    assert_eq!(walk.answer("edge.xmpp_domains").unwrap(), "contoso.com");
}

#[test]
fn nothing_is_saved_while_nothing_changes() {
    let mut walk = Walk::with(CONTOSO);
    let calls = walk.world.calls;
    walk.go_to_page("server").go_to_page("request-summary").keys("<c-s>");
    assert!(walk.saved().is_empty());
    assert_eq!(walk.world.calls, calls);
}

#[test]
fn every_step_saves_what_was_answered() {
    let mut walk = Walk::new();
    walk.keys("<enter>");
    assert!(walk.answers_file().contains("kind = \"lync\""));
    walk.next().keys("sip.contoso.com");
    assert!(!walk.answers_file().contains("sip.contoso.com"), "not at every key");
    walk.keys("<tab>");
    assert!(walk.answers_file().contains("access = \"sip.contoso.com\""));
    walk.next().next().on("delivery").next();
    assert!(walk.answers_file().contains("delivery = \"delayed\""), "going on accepts what was shown");
}

#[test]
fn the_saved_file_is_read_back_as_it_was_given() {
    let mut walk = Walk::at("edge");
    walk.keys("<end> ").keys("<down>"); // a change, so that it is saved
    let saved = walk.file(&answers_path(Path::new(HOME))).unwrap();
    assert_eq!(read_without_problems(&saved, Path::new(HOME)), *walk.wizard().reading().answers());
}

#[test]
fn a_table_of_rows_that_was_emptied_is_read_back_as_it_was_given() {
    let mut walk = Walk::at("partners");
    walk.keys("<f8>");
    let saved = walk.answers_file();
    let again = again(walk);
    assert_eq!(again.wizard().written(), saved);
}

/// What the hub says of where things stand.
fn stands(walk: &mut Walk) -> String {
    walk.started_again();
    let Some(Overlay::Menu { about, .. }) = &walk.wizard().overlay else { panic!("the hub is a menu") };
    about.iter().map(|message| walk.words(message) + "\n").collect()
}

#[test]
fn started_again_it_says_where_things_stand() {
    let mut walk = Walk::with(&quick(CONTOSO));
    let before = stands(&mut walk);
    assert!(before.contains(HOME) && before.contains(&walk.words(&say("hub-no-request"))), "{before}");
    walk.go_to_page("done");
    let after = stands(&mut walk);
    let pending =
        "Request 1 waits for its certificate since 2026-11-21: sip.contoso.com (4 names), external interface.";
    assert!(after.contains(pending) && after.contains(&walk.words(&say("hub-written"))), "{after}");
    walk.must_show("Tick off what is left to do by hand");
}

#[test]
fn started_again_it_says_what_needs_a_person_and_the_menu_stays_in_sight() {
    let place = Place::with("");
    let home = Home::of(&place).in_use(Usage::External, 1, (-90 * 24, 30 * 24 - 1));
    let mut world = FakeWorld::new(Path::new(HOME), OffsetDateTime::now_utc());
    save_answers(&mut world, Path::new(HOME), &mut KnownAnswers::default(), &quick(CONTOSO)).unwrap();
    copy(&home, &mut world);
    let mut walk = Walk::through(world);
    let due = stands(&mut walk);
    for said in ["In use: pair 1 for contoso.com", "Renew it: 29 days are left"] {
        assert!(due.contains(said), "{said} is not in {due}");
    }
    assert!(!due.contains("edgewright status"), "{due}");

    // One more that was written and not switched to, and those in use are no longer whole.
    let home = home.in_use(Usage::Internal, 2, (-1, 24)).request(3, Usage::External, 1).pair(3, (-1, 24));
    private(&home.at("pairs/1/chain.pem"), "");
    private(&home.at("pairs/2/chain.pem"), "");
    copy(&home, &mut walk.world);
    let mut walk = again(walk);
    let broken = stands(&mut walk);
    assert_eq!(broken.matches("Needs attention").count(), 1, "{broken}");
    assert!(broken.contains("2 more need attention: edgewright status"), "{broken}");
    for shown in ["Home folder", "Needs attention", "Go on:", "Leave"] {
        walk.must_show(shown);
    }
}

/// Lets `world` hold what lies in `home`.
fn copy(home: &Home, world: &mut FakeWorld) {
    for (path, entry) in listing(&home.at("")) {
        let place = Path::new(HOME).join(path.strip_prefix(home.at("")).unwrap());
        if let Ok(to) = std::fs::read_link(&path) {
            world.links.insert(place, to);
            continue;
        }
        // The journal tells of absolute places.
        let there = home.at("").to_string_lossy().into_owned();
        let moved = |content: Vec<u8>| String::from_utf8_lossy(&content).replace(there.trim_end_matches('/'), HOME);
        world.disk.insert(place, entry.content.map(|content| moved(content).into_bytes()));
    }
}

#[test]
fn every_page_is_one_key_and_a_choice_away() {
    let mut walk = Walk::with(&quick(CONTOSO));
    walk.keys("<f4>").must_say_key("menu-pages").keys("<home><enter>").on("server");
    walk.keys("<f4><end><enter>").on("done").keys("<f4><esc>").on("done");
}

#[test]
fn started_again_it_does_not_say_that_all_is_well_where_an_answer_is_wrong() {
    let mut walk = Walk::with(&quick(CONTOSO));
    walk.go_to_page("done");
    let file = walk.answers_file().replace("domain = \"partner.example\"", "domain = \"part_ner.example\"");
    let stands = stands(&mut Walk::with(&file));
    assert!(stands.contains("One error has to be fixed"), "{stands}");
    assert!(!stands.contains(&walk.words(&say("hub-written"))), "{stands}");
}
