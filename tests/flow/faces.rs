//! The screen and the command line read one answers file as the same thing.

use std::path::Path;

use edgewright::faces::headless::json;
use edgewright::form::{Answered, NO_WISHES, file};
use edgewright::pages::{self, Reading};
use edgewright::session::look;
use edgewright::text::Text;
use edgewright::world::World as _;

use crate::walk::{HOME, Walk};
use crate::whole;

/// Reads the answers file of a walk as `edgewright plan --answers` does.
fn headless(walk: &Walk) -> Reading {
    let text = Text::load("en");
    let loaded = file::read(&walk.answers_file(), pages::form(), Path::new(HOME));
    assert_eq!(loaded.problems, []);
    let facts = look(walk.world.reader().as_ref(), &loaded.answers, &NO_WISHES, &text);
    pages::read(&Answered::new(&loaded.answers, &facts), &text)
}

#[track_caller]
fn both_say_the_same(walk: &Walk) {
    let (live, file) = (walk.wizard().reading(), headless(walk));
    assert_eq!(live.deployment, file.deployment);
    let screen = live.whole();
    assert_eq!(screen.problems, file.problems);
    assert_eq!(screen.plan.actions, file.plan.actions);
    let text = Text::load("en");
    let said = |reading: &Reading| json(Some(reading), None, &reading.problems, None, &text);
    assert_eq!(said(screen), said(&file), "names, partners, records");
}

#[test]
fn after_everything_was_done() {
    for walk in [whole::lync(), whole::prosody(), whole::ejabberd()] {
        both_say_the_same(&walk);
        assert!(walk.wizard().reading().whole().plan.is_done(), "nothing is left to do");
    }
}

#[test]
fn before_anything_is_made() {
    for start in [whole::lync_to_the_summary, whole::prosody_to_the_summary, whole::ejabberd_to_the_summary] {
        let mut walk = Walk::new();
        start(&mut walk);
        walk.on("request-summary");
        both_say_the_same(&walk);
        assert!(!walk.wizard().reading().whole().plan.is_done());
    }
}

#[test]
fn with_errors_too() {
    let mut walk = Walk::new();
    walk.keys("<enter>").next();
    walk.on("edge").keys("sip_.contoso.com<enter><enter>*.contoso.com<enter>").next();
    walk.on("edge").next().on("delivery");
    both_say_the_same(&walk);
    assert!(walk.wizard().reading().whole().problems.len() > 3);
}
