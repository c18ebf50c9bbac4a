//! The private key is made while a person answers on, so that nobody waits for it at *Executing*.

use edgewright::edge::Server;
use edgewright::pki::KeyKind::{self, EcdsaP256, EcdsaP384, Rsa2048};
use edgewright::system::Keys as _;
use edgewright::wizard::{End, FocusTarget};
use edgewright::world::RealWorld;

use crate::common;
use crate::walk::{CONTOSO, Walk, contoso, quick, read_without_problems};

/// The sample edge, at this page, with every page behind it still to be seen.
fn fresh(page: &str) -> Walk {
    let mut walk = Walk::new();
    walk.draw_seldom().keys("<enter>").go_to_field("request.key_by").next().on("edge").keys("sip.contoso.com");
    walk.go_to_page(page);
    walk
}

fn made(walk: &Walk) -> &[KeyKind] {
    &walk.world.keys_made
}

#[test]
fn the_key_is_made_as_soon_as_the_page_that_asks_for_its_kind_is_left() {
    let mut walk = fresh("security");
    assert_eq!(made(&walk), [], "what kind it will be is still being asked");
    walk.next();
    assert_eq!(made(&walk), [Rsa2048]);
    assert_eq!(walk.world.key_ahead, Some(Rsa2048));
    assert!(!walk.world.disk.keys().any(|path| path.ends_with("key.pem")), "it is in memory only");
}

#[test]
fn saved_answers_have_it_made_at_once_and_the_run_takes_that_one() {
    let mut walk = Walk::with(&quick(CONTOSO));
    assert_eq!(made(&walk), [EcdsaP256]);
    walk.go_to_page("request-summary").next().on("request-executing");
    assert_eq!(walk.wizard().run().unwrap().end, Some(End::Complete));
    assert_eq!(made(&walk), [EcdsaP256], "no second one");
    assert_eq!(walk.world.key_ahead, None);
    walk.go_to_page("done").go_to_page("security").next();
    assert_eq!(made(&walk), [EcdsaP256], "the request is there, and is kept");
}

#[test]
fn another_kind_is_another_key_and_the_first_is_thrown_away() {
    let mut walk = Walk::with(&quick(CONTOSO));
    walk.go_to_page("security").go_to(&FocusTarget::Option("security.key".to_owned(), 4)).keys("<space>");
    assert_eq!(walk.answer("security.key").as_deref(), Some("ecdsa-p384"));
    assert_eq!(made(&walk), [EcdsaP256], "it may be changed back before the page is left");
    walk.next();
    assert_eq!(made(&walk), [EcdsaP256, EcdsaP384]);
    assert_eq!(walk.world.key_ahead, Some(EcdsaP384));
    walk.go_to_page("server").keys("<down> y").next();
    assert_eq!(made(&walk), [EcdsaP256, EcdsaP384], "another server asks for the same");
}

#[test]
fn a_key_that_windows_makes_is_not_made_here() {
    let mut walk = Walk::with(&quick(CONTOSO));
    walk.go_to_page("server").go_to_field("request.key_by").keys("<down> ");
    assert_eq!(walk.answer("request.key_by").as_deref(), Some("lync"));
    walk.next();
    assert_eq!(walk.world.key_ahead, None, "the one there was is thrown away");
    walk.go_to_page("request-summary").next();
    assert_eq!(made(&walk), [EcdsaP256]);
}

#[test]
fn a_run_that_is_stopped_before_the_key_leaves_it_waiting() {
    let mut walk = Walk::with(&quick(CONTOSO));
    walk.go_to_page("request-summary").interrupt_after(1, "<esc>").next();
    assert_eq!(walk.wizard().run().unwrap().end, Some(End::Cancelled));
    walk.keys("<esc>").next();
    assert_eq!(walk.wizard().run().unwrap().end, Some(End::Complete));
    assert_eq!(made(&walk), [EcdsaP256]);
}

#[test]
fn a_dry_run_makes_none_ahead() {
    let mut walk =
        Walk::in_world(crate::walk::fake(), read_without_problems(&contoso(Server::Prosody), "/".as_ref()), true);
    assert!(!walk.wizard().visited.is_empty());
    walk.go_to_page("request-summary");
    assert_eq!(made(&walk), []);
}

#[test]
fn whoever_waits_for_a_key_can_stop_waiting_and_gets_that_key_later() {
    let folder = common::scratch();
    let mut world = RealWorld::new(folder.path().to_owned(), folder.path().to_owned());
    world.make_key_ahead(Some(EcdsaP384));
    world.make_key_ahead(Some(EcdsaP256));
    assert!(world.make_key(EcdsaP256, &|| false).unwrap().is_none());
    let key = world.make_key(EcdsaP256, &|| true).unwrap().expect("a key");
    assert_eq!(edgewright::pki::request::kind_of(&key), Some(EcdsaP256), "the last kind that was asked for");
    let next = world.make_key(EcdsaP256, &|| true).unwrap().expect("another key");
    assert_ne!(key.pem(), next.pem(), "each is used once");
}
