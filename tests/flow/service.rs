//! Settings and certificate go to the server of this machine.

use std::path::Path;
use std::sync::Arc;

use edgewright::edge::Server;
use edgewright::faces::tui::{Palette, Theme};
use edgewright::home::User;
use edgewright::text::say;
use edgewright::wizard::{End, FocusTarget, Overlay, Wizard};
use edgewright::world::{FakeWorld, KnownAnswers, World as _, save_answers};

use crate::certificate::Authority;
use crate::walk::{HOME, Walk, contoso, fake, quick};

const MAIN: &str = "/etc/ejabberd/ejabberd.yml";

/// Lets ejabberd run on this machine, whose root we are.
fn with_ejabberd(world: &mut FakeWorld) {
    world.user = Some(User { uid: 0, groups: vec![0] });
    world.said = vec![
        ("getent passwd ejabberd", "ejabberd:x:105:110::/var/lib/ejabberd:/bin/sh"),
        ("ejabberdctl status", "ejabberd 23.01.0 is running in that node"),
        ("ejabberdctl registered_vhosts", "localhost\ncontoso.com"),
    ];
}

fn with_install() -> String {
    contoso(Server::Ejabberd).replace("[edge]", "install = true\n\n[edge]")
}

/// An edge on ejabberd here, whose certificate came and whose settings are still to go to the server.
fn at_the_settings() -> Walk {
    let authority = Authority::new();
    let mut walk = authority.requested_with(&quick(&with_install()));
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
fn the_configuration_file_is_named_where_nobody_said_another() {
    let mut walk = Walk::with(&quick(&with_install()));
    walk.go_to_page("request-summary");
    assert!(whole_page(&walk).contains(MAIN), "{}", whole_page(&walk));
}

#[test]
fn every_change_to_the_server_is_shown_to_its_end_before_it_is_made() {
    let mut walk = at_the_settings();
    let narrow = |walk: &Walk| walk.drawn(80, 900, Theme::new(Palette::None, true)).text;
    let shown = narrow(&walk);
    assert!(shown.contains("s2s_use_starttls: required"), "the new file is not shown in\n{shown}");
    assert!(shown.find(MAIN) < shown.find("out/ejabberd"), "what goes to the server is not first in\n{shown}");

    walk.next().on("settings-executing").go_to_page("partners").go_to(&FocusTarget::Row(0)).keys("<enter>");
    walk.go_to_field("partners.0.dialback").keys("<space>").next().go_to_page("settings-summary");
    let shown = narrow(&walk);
    assert!(shown.contains("dialback: false") && shown.contains("dialback: true"), "{shown}");
    assert!(shown.contains("follows the other files"), "{shown}");
}

#[test]
fn the_button_and_the_page_say_that_the_server_is_reconfigured_and_what_came_of_it() {
    let mut walk = at_the_settings();
    walk.keys("<end>").draw().must_show("[ Put into service ]").next().on("settings-executing");
    walk.draw();
    for said in ["on the running server", "Pair 1 is served for contoso.com.", "enforces the settings of one partner."]
    {
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
    walk.draw().must_show(said).must_not_show("What is done stays");
    let told: Vec<String> = walk.wizard().left_undone().iter().map(|told| walk.words(told)).collect();
    assert!(told.iter().any(|told| told.contains(said)), "{told:?}");
    assert_eq!(walk.file(Path::new(MAIN)).as_deref(), Some("hosts: [contoso.com]\n"));
}

#[test]
fn started_again_a_server_that_nobody_looked_at_yet_needs_no_attention() {
    let mut walk = at_the_settings();
    walk.next().on("settings-executing").started_again();
    let wizard = walk.wizard();
    let glance = Wizard::resumed(
        Arc::clone(&wizard.text),
        wizard.reading().answers().clone(),
        walk.world.look(&[]),
        false,
        vec![],
    );
    let Some(Overlay::Menu { about, .. }) = &glance.overlay else { panic!("no hub") };
    let said: Vec<String> = about.iter().map(|said| walk.words(said)).collect();
    assert!(!said.iter().any(|said| said.contains("attention")), "{said:?}");
}

#[test]
fn that_the_server_waits_for_its_certificate_is_no_warning() {
    let mut world = fake();
    with_ejabberd(&mut world);
    world.disk.insert(MAIN.into(), Some(b"hosts: [contoso.com]\n".to_vec()));
    save_answers(&mut world, Path::new(HOME), &mut KnownAnswers::default(), &quick(&with_install())).unwrap();
    let mut walk = Walk::through(world);
    walk.draw_seldom().go_to_page("request-summary");
    assert!(!whole_page(&walk).contains("certificate has come"), "{}", whole_page(&walk));
    walk.go_to_page("settings-summary");
    let shown = whole_page(&walk);
    assert!(shown.contains("once that has come, name it on the page Certificate"), "{shown}");
    assert!(!shown.contains("! "), "{shown}");
}

#[test]
fn what_is_found_on_the_machine_is_proposed_and_can_be_refused() {
    let mut world = fake();
    with_ejabberd(&mut world);
    world.disk.insert(MAIN.into(), Some("hosts: [contoso.com]\n".into()));
    let mut walk = Walk::through(world);
    walk.go_to(&FocusTarget::Option("server.kind".to_owned(), 2)).keys("<space>");
    assert_eq!(walk.answer("server.install"), None, "nobody saw it yet");
    walk.go_to_field("server.install").must_say(&say("notice-install").with("file", MAIN));
    assert_eq!(walk.answer("server.install").as_deref(), Some("true"));
    walk.next().on("edge").must_say(&say("notice-hosts").with("server", "ejabberd"));
    assert_eq!(walk.answer("edge.xmpp_domains").as_deref(), Some("contoso.com"), "localhost is nobody's domain");
    walk.keys("<esc>").on("server").go_to_field("server.install").keys("<space>").keys("<up>");
    walk.go_to_field("server.install");
    assert_eq!(walk.answer("server.install").as_deref(), Some("false"), "a person said otherwise");
}

#[test]
fn an_ejabberd_that_was_never_tried_is_left_alone_and_said() {
    let mut world = fake();
    with_ejabberd(&mut world);
    world.said[0].1 = "ejabberd:x:105:110::/opt/ejabberd:/bin/sh";
    world.disk.insert(MAIN.into(), Some("hosts: [contoso.com]\n".into()));
    save_answers(&mut world, Path::new(HOME), &mut KnownAnswers::default(), &quick(&with_install())).unwrap();
    let mut walk = Walk::through(world);
    walk.keys("<c-n>").on("server");
    assert!(whole_page(&walk).contains("ProcessOne"), "{}", whole_page(&walk));
}
