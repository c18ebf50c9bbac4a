//! Every page and every field, from an empty home folder to the last page.

use std::path::Path;

use edgewright::wizard::FocusTarget;

use crate::walk::{HOME, Walk, read_without_problems};

/// Every place that is asked had the focus, so that a new field without a walk fails here.
#[track_caller]
fn everything_was_asked(walk: &Walk) {
    assert_eq!(walk.focused(), &walk.asked());
}

/// Lync, as the product's own example has it: the edge of contoso.com with one partner.
pub fn lync() -> Walk {
    let mut walk = Walk::new();
    lync_to_the_summary(&mut walk);
    make_the_request(&mut walk);

    walk.on("partners").keys("<enter>"); // adds one
    walk.keys("partner.example<enter>A friend<enter>corp.partner.example<enter><enter>");
    walk.keys("<enter><enter><enter><enter>"); // type, TLS, SASL, dialback as they are
    walk.keys("<enter><enter><enter>"); // keep-alive, clear text, back to the table
    walk.go_to(&FocusTarget::Option("federation.unlisted".into(), 1)).keys("<enter>").next(); // unlisted domains are refused
    walk.on("policy").keys("<enter><enter><enter><enter>").next();
    walk.on("addresses").keys("<enter>"); // the host is the access edge
    walk.keys("203.0.113.10<enter>2001:db8::10<enter><enter>");
    walk.keys("203.0.113.11<enter><enter>203.0.113.12<enter><enter>").next();
    to_the_end(&mut walk);
    walk
}

pub fn lync_to_the_summary(walk: &mut Walk) {
    walk.on("server").keys("<enter>"); // Lync, the first
    walk.keys("<enter>").next(); // Edgewright makes the key

    walk.on("edge")
        .keys("sip.contoso.com<enter>webcon.contoso.com<enter>av.contoso.com<enter>lsedge.contoso.net<enter>");
    walk.keys("<enter>"); // no pool
    walk.keys("contoso.com<enter>fabrikam.com<enter><enter>"); // SIP domains
    walk.keys("<up><f8>").next(); // XMPP domains: one of those proposed

    to_the_names(walk);
    walk.on("sip-domains").keys("<enter>").next(); // both stay ticked
    walk.on("extra-names").keys("xmpp.contoso.com<enter><enter>").next();
}

/// Prosody with a chat-room service and a partner without TLS.
pub fn prosody() -> Walk {
    let mut walk = Walk::new();
    prosody_to_the_summary(&mut walk);
    make_the_request(&mut walk);

    walk.on("partners").keys("<f7>old.example.net<enter><enter><enter>");
    walk.keys("<right><enter>"); // type
    walk.keys("<right><right><enter><right><enter><enter>"); // no TLS, no SASL, dialback
    walk.keys(" <enter><enter>"); // clear text is accepted
    walk.go_to(&FocusTarget::Option("federation.unlisted".into(), 1)).keys("<enter>").next();
    on_this_host(&mut walk);
    to_the_end(&mut walk);
    walk
}

pub fn prosody_to_the_summary(walk: &mut Walk) {
    walk.on("server").keys("<down><enter>").next();
    on_this_machine(walk);
}

/// ejabberd, which is told to refuse everybody it does not know.
pub fn ejabberd() -> Walk {
    let mut walk = Walk::new();
    ejabberd_to_the_summary(&mut walk);
    make_the_request(&mut walk);

    walk.on("partners").keys("<f7>partner.example<enter><enter><enter><enter><enter><enter><enter><enter><enter>");
    walk.go_to(&FocusTarget::Option("federation.unlisted".into(), 1)).keys("<enter>").next(); // unlisted domains are refused
    on_this_host(&mut walk);
    to_the_end(&mut walk);
    walk
}

pub fn ejabberd_to_the_summary(walk: &mut Walk) {
    walk.on("server").keys("<down><down><enter>").next();
    on_this_machine(walk);
}

/// From the edge to the summary of the request, where the server is not Lync.
fn on_this_machine(walk: &mut Walk) {
    walk.on("edge").keys("example.org<enter><enter>conference.example.org<enter><enter>").next();
    to_the_names(walk);
    walk.on("extra-names").keys("<enter>").next();
}

/// The addresses, where the server is not Lync.
fn on_this_host(walk: &mut Walk) {
    walk.on("addresses").keys("xmpp.example.org<enter>192.0.2.7<enter><enter>").next();
}

fn to_the_names(walk: &mut Walk) {
    walk.on("delivery").next(); // delayed, external, public
    walk.on("request-file").keys("<c-u>edge.req<enter>").next();
    if walk.page() == "template" {
        walk.keys("<enter>").next().on("security").keys("<c-u>Our edge<enter>");
    }
    walk.on("security").go_to_field("security.exportable").keys("<enter><enter>").next();
    walk.on("organization").keys("Contoso Ltd<enter><enter>us<enter>Washington<enter>Redmond<enter>").next();
    walk.on("names").next();
}

fn make_the_request(walk: &mut Walk) {
    walk.on("request-summary").next();
    walk.on("request-executing").must_say_key("execute-complete").next();
    walk.on("request-written").must_show("edge.req").next();
    walk.on("certificate").keys("<enter>").next(); // it has not come yet
}

fn to_the_end(walk: &mut Walk) {
    walk.on("dns")
        .go_to(&FocusTarget::Item("dns.zones".into(), 0))
        .go_to_field("dns.ttl")
        .keys("<enter><enter><enter>")
        .next();
    walk.on("publish").next();
    walk.on("ports").next();
    if walk.page() == "upkeep" {
        walk.keys("<space><enter>").next(); // systemd looks every day
    }
    walk.on("settings-summary").next();
    walk.on("settings-executing").must_say_key("execute-complete").next();
    walk.on("done");
}

#[test]
fn lync_from_an_empty_home_to_done() {
    let walk = lync();
    everything_was_asked(&walk);
    for file in ["10-request.ps1", "30-partners.ps1", "40-policy.ps1", "60-firewall.ps1"] {
        let made = walk.file(&Path::new(HOME).join("out/lync").join(file)).is_some();
        // Edgewright makes key and request here, so Windows is not asked for them.
        assert_eq!(made, file != "10-request.ps1", "{file}");
    }
}

#[test]
fn prosody_from_an_empty_home_to_done() {
    let walk = prosody();
    everything_was_asked(&walk);
    assert!(walk.file(&Path::new(HOME).join("out/prosody/edgewright.cfg.lua")).is_some());
}

#[test]
fn ejabberd_from_an_empty_home_to_done() {
    let walk = ejabberd();
    everything_was_asked(&walk);
    assert!(walk.file(&Path::new(HOME).join("out/ejabberd/edgewright.yml")).is_some());
}

#[test]
fn the_walk_ends_with_the_last_button_and_the_answers_stay() {
    for mut walk in [lync(), prosody(), ejabberd()] {
        let request = walk.file(&Path::new(HOME).join("requests/1/request.pem"));
        assert_eq!(walk.file(&Path::new(HOME).join("edge.req")), request);
        assert!(walk.file(&Path::new(HOME).join("requests/1/key.pem")).is_some());
        let answers = walk.wizard().written();
        walk.next();
        assert!(walk.has_left());
        assert_eq!(walk.answers_file(), answers);
        read_without_problems(&answers, Path::new(HOME));
    }
}
