//! Settings and certificate go to the server of this machine.

use std::path::Path;

use edgewright::edge::Server;
use edgewright::faces::tui::{Palette, Theme};
use edgewright::home::User;
use edgewright::wizard::{End, FocusTarget};
use edgewright::world::FakeWorld;

use crate::certificate::Authority;
use crate::walk::{Walk, contoso, quick};

const MAIN: &str = "/etc/ejabberd/ejabberd.yml";

/// Lets ejabberd run on this machine, whose root we are.
fn with_ejabberd(world: &mut FakeWorld) {
    world.user = Some(User { uid: 0, groups: vec![0] });
    world.said = vec![
        ("getent passwd ejabberd", "ejabberd:x:105:110::/var/lib/ejabberd:/bin/sh"),
        ("ejabberdctl status", "ejabberd 23.01.0 is running in that node"),
    ];
}

/// An edge on ejabberd here, whose certificate came and whose settings are still to go to the server.
fn at_the_settings() -> Walk {
    let answers = contoso(Server::Ejabberd).replace("[edge]", "install = true\n\n[edge]");
    let authority = Authority::new();
    let mut walk = authority.requested_with(&quick(&answers));
    with_ejabberd(&mut walk.world);
    walk.put(MAIN, "hosts: [contoso.com]\n");
    let sent = authority.answer(&walk, 1);
    walk.receive(&sent).take_home().go_to_page("settings-summary");
    walk
}

/// The page to its end, in a window that holds it.
fn whole_page(walk: &Walk) -> String {
    walk.drawn(200, 400, Theme::new(Palette::None, true)).text
}

#[test]
fn what_a_server_is_told_is_said_in_the_same_words_before_and_while_it_is_done() {
    let mut walk = at_the_settings();
    let told = ["run installation of our module by ejabberd", "run check that ejabberd can read the key"];
    let told = told.into_iter().chain(["run reload of ejabberd", "check that the new certificate is served"]);
    let before = whole_page(&walk);
    walk.next().on("settings-executing");
    assert_eq!(walk.wizard().run().and_then(|run| run.end.clone()), Some(End::Complete));
    let after = whole_page(&walk);
    for told in told {
        assert!(before.contains(told), "{told} is not in {before}");
        assert!(after.contains(told), "{told} is not in {after}");
    }
}

#[test]
fn every_change_to_the_server_is_shown_to_its_end_before_it_is_made() {
    let mut walk = at_the_settings();
    let narrow = |walk: &Walk| walk.drawn(80, 900, Theme::new(Palette::None, true)).text;
    let shown = narrow(&walk);
    assert!(shown.contains("s2s_use_starttls: required"), "the new file is not shown in\n{shown}");
    assert!(shown.find(MAIN) < shown.find("out/ejabberd"), "what goes to the server is not first in\n{shown}");
    assert!(shown.contains("Configuration file") && !shown.contains("Configuration file      (none)"), "{shown}");

    walk.next().on("settings-executing").go_to_page("partners").go_to(&FocusTarget::Row(0)).keys("<enter>");
    walk.go_to_field("partners.0.dialback").keys("<space>").next().go_to_page("settings-summary");
    let shown = narrow(&walk);
    assert!(shown.contains("dialback: false") && shown.contains("dialback: true"), "{shown}");
    assert!(shown.contains("follows the other files"), "{shown}");
}

#[test]
fn the_button_and_the_page_say_that_the_server_is_reconfigured_and_what_came_of_it() {
    let mut walk = at_the_settings();
    walk.keys("<end>").must_show("[ Put into service ]").next().on("settings-executing");
    for said in ["on the running server", "Pair 1 is served for contoso.com.", "enforces the settings of one partner."] {
        walk.must_show(said);
    }
}

#[test]
fn who_stops_while_the_server_is_changed_is_told_that_it_is_as_it_was() {
    let mut walk = at_the_settings();
    let plan = walk.wizard().stage_plan();
    let link = plan.actions.iter().position(|action| action.target.ends_with("ejabberd/edgewright/current"));
    walk.interrupt_after(link.unwrap() + 1, "<esc>").next().on("settings-executing");
    let said = "The server is as before: what was begun is taken back.";
    walk.must_show(said).must_not_show("What is done stays");
    let told: Vec<String> = walk.wizard().left_undone().iter().map(|told| walk.words(told)).collect();
    assert!(told.iter().any(|told| told.contains(said)), "{told:?}");
    assert_eq!(walk.file(Path::new(MAIN)).as_deref(), Some("hosts: [contoso.com]\n"));
}
