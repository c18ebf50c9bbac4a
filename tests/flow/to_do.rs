//! What is left to do by hand: written down, ticked off, open again where it changed.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use edgewright::edge::Server;
use edgewright::pki::digest::sha256_hex;
use edgewright::text::say;
use edgewright::wizard::Overlay;
use edgewright::world::Trouble;

use crate::walk::{CONTOSO, HOME, Walk, contoso, quick};

fn in_home(name: &str) -> PathBuf {
    Path::new(HOME).join(name)
}

/// The sample edge with everything written, and the hub over it.
fn written(answers: &str) -> Walk {
    let mut walk = Walk::with(&quick(answers));
    walk.draw_seldom().go_to_page("done").started_again();
    walk
}

/// The list of steps as the hub shows it, opened there.
fn list(walk: &mut Walk) -> Vec<String> {
    let Some(Overlay::Menu { items, .. }) = &walk.started_again().wizard().overlay else { panic!("no hub") };
    let at = items.iter().position(|item| item.label.key == "hub-to-do").expect("the steps are offered");
    walk.keys(&"<down>".repeat(at)).keys("<enter>");
    shown(walk)
}

fn shown(walk: &Walk) -> Vec<String> {
    let Some(Overlay::Menu { items, .. }) = &walk.wizard().overlay else { panic!("no list") };
    items.iter().map(|item| walk.words(&item.label)).collect()
}

/// The place of the step with these words in it.
#[track_caller]
fn place(steps: &[String], words: &str) -> usize {
    steps.iter().position(|step| step.contains(words)).unwrap_or_else(|| panic!("{words} is in none of {steps:#?}"))
}

/// Ticks the step with these words in it, or opens it again.
#[track_caller]
fn tick(walk: &mut Walk, words: &str) -> String {
    let at = place(&list(walk), words);
    walk.keys("<home>").keys(&"<down>".repeat(at)).keys("<enter>");
    shown(walk)[at].clone()
}

#[test]
fn every_file_that_a_step_sends_somebody_to_is_there() {
    for server in Server::ALL {
        let walk = written(&contoso(server));
        let to_do = walk.file(&in_home("out/to-do.md")).unwrap();
        let named = to_do.split_whitespace().map(|word| word.trim_end_matches(['.', ',', ':', ';']));
        // What has to do with the certificate is made when that has come.
        let named = named.filter(|word| word.starts_with("out/") && !word.contains("20-") && !word.contains('*'));
        let named: Vec<&str> = named.collect();
        assert!(named.len() > 2, "{to_do}");
        for file in named {
            assert!(walk.file(&in_home(file)).is_some(), "{file} of {to_do}");
        }
    }
}

#[test]
fn a_step_that_is_ticked_stays_so_until_what_it_is_about_changes() {
    let mut walk = written(CONTOSO);
    assert!(list(&mut walk).iter().filter(|step| step.starts_with("[x]")).count() == 0);
    assert!(tick(&mut walk, "Publish the DNS").starts_with("[x]"));
    let steps = list(&mut walk);
    assert!(steps[place(&steps, "Publish the DNS")].starts_with("[x]"), "{steps:#?}");
    assert!(steps[place(&steps, "30-partners")].starts_with("[ ]"), "{steps:#?}");
    let ticked = walk.file(&in_home("todo.json")).unwrap();

    // What the step says stays, the records that it is about do not.
    walk.keys("<esc><esc>");
    let mut walk = Walk::through(walk.world.clone());
    walk.go_to_page("dns").go_to_field("dns.ttl").keys("<c-u>600<tab>");
    walk.go_to_page("settings-summary").go_to_page("done");
    assert_eq!(walk.file(&in_home("todo.json")).unwrap(), ticked);
    let steps = list(&mut walk);
    assert!(steps[place(&steps, "Publish the DNS")].starts_with("[ ]"), "{steps:#?}");
    assert!(tick(&mut walk, "Publish the DNS").starts_with("[x]"));
    assert!(tick(&mut walk, "Publish the DNS").starts_with("[ ]"), "and a tick is taken back as it was set");
}

#[test]
fn ticking_leaves_nothing_to_be_written_again() {
    let mut walk = written(CONTOSO);
    tick(&mut walk, "Publish the DNS");
    walk.started_again();
    let Some(Overlay::Menu { about, .. }) = &walk.wizard().overlay else { panic!("no hub") };
    assert!(about.iter().any(|said| walk.words(said).contains(&walk.words(&say("hub-written")))));
}

#[test]
fn ticks_that_cannot_be_read_are_told_and_kept() {
    let mut walk = written(CONTOSO);
    walk.put(&in_home("todo.json").to_string_lossy(), "{\"schema\":7}");
    let steps = list(&mut walk);
    assert!(steps.iter().all(|step| !step.starts_with("[x]")), "{steps:#?}");
    walk.started_again().draw().must_show("todo.json cannot be read");
    assert!(tick(&mut walk, "Publish the DNS").starts_with("[x]"));
    let kept = in_home("before").join(sha256_hex(b"{\"schema\":7}"));
    assert_eq!(walk.file(&kept).as_deref(), Some("{\"schema\":7}"));
    walk.started_again().draw().must_not_show("todo.json cannot be read");
}

#[test]
fn a_tick_that_cannot_be_saved_is_said_and_does_not_count() {
    let mut walk = written(CONTOSO);
    let at = place(&list(&mut walk), "Publish the DNS");
    walk.world.trouble = Some((walk.world.calls + 1, Trouble::Fails(ErrorKind::StorageFull)));
    walk.keys("<home>").keys(&"<down>".repeat(at)).keys("<enter>");
    walk.world.trouble = None;
    let notice = walk.wizard().notice.clone().map(|notice| walk.words(&notice)).unwrap_or_default();
    assert!(notice.contains("could not be saved"), "{notice:?}");
    assert_eq!(walk.file(&in_home("todo.json")), None);
    assert!(list(&mut walk)[at].starts_with("[ ]"));
}
