//! Domains as other servers see them: asked before, sorted by trouble as answers come, from the list to the path and to the
//! partner's form.

use std::net::SocketAddr;

use edgewright::edge::SipService;
use edgewright::faces::plain::{Plain, Reply};
use edgewright::faces::tui::{Palette, Theme};
use edgewright::home::LookupError;
use edgewright::system::probe::{
    DomainProbe, EndpointProbe, Fault, Features, HostProbe, SipProbe, Srv, Stage, TlsProbe, Way,
};
use edgewright::text::say;
use edgewright::wizard::{FocusTarget, Msg, Overlay};

use crate::look::{looks, looks_at};
use crate::walk::{CONTOSO, HOME, Walk, answers_path, contoso, fake, quick, read_without_problems};

const PARTNERS: &str = "
[[partners]]
domain = \"broken.example\"

[[partners]]
domain = \"unclear.example\"
";

/// A domain with one server, at which `see` was seen.
fn domain(name: &str, see: impl FnOnce(&mut EndpointProbe)) -> DomainProbe {
    let target = format!("xmpp.{name}");
    let address: SocketAddr = "192.0.2.7:5269".parse().expect("an address");
    let mut endpoint = EndpointProbe::at(address);
    see(&mut endpoint);
    let host = HostProbe {
        addresses: Some(Ok(vec![address.ip()])),
        tlsa: Some(Ok(Vec::new())),
        endpoints: vec![endpoint],
        ..HostProbe::new(target.clone(), 5269, Way::StartTls)
    };
    let srv = Srv { priority: 0, weight: 0, port: 5269, target };
    let (srv, direct_srv) = (Some(Ok(vec![srv])), Some(Ok(Vec::new())));
    DomainProbe { domain: name.to_owned(), srv, direct_srv, hosts: vec![host], ..DomainProbe::default() }
}

/// As it should be; what it shows as a certificate is left aside.
fn fine(name: &str) -> DomainProbe {
    domain(name, |endpoint| {
        let mechanisms = vec!["EXTERNAL".to_owned()];
        let plain = Features { offers_starttls: true, requires_starttls: true, ..Features::default() };
        endpoint.plain = Some(plain);
        endpoint.secure = Some(Features { mechanisms, offers_dialback: true, ..Features::default() });
        endpoint.tls = Some(agreed());
    })
}

fn agreed() -> TlsProbe {
    TlsProbe {
        version: "1.3".to_owned(),
        suite: "TLS13_AES_256_GCM_SHA384".to_owned(),
        group: Some("X25519".to_owned()),
        asks_for_certificate: true,
        was_shown_certificate: false,
    }
}

/// As it should be, where it is there for SIP alone.
fn fine_by_sip(name: &str) -> DomainProbe {
    let DomainProbe { domain, hosts, .. } = domain(name, |endpoint| endpoint.tls = Some(agreed()));
    let srv = Srv { priority: 0, weight: 0, port: 5061, target: format!("sip.{name}") };
    let sip = SipProbe { service: SipService::Federation, srv: Some(Ok(vec![srv])), hosts, left_out: 0 };
    DomainProbe { domain, is_sip_only: true, sip: vec![sip], ..DomainProbe::default() }
}

/// One whose server ends the stream, in words that would move the cursor.
fn broken(name: &str) -> DomainProbe {
    domain(name, |endpoint| {
        endpoint.took = vec![(Stage::Tcp, std::time::Duration::from_millis(12))];
        endpoint.fault =
            Some(Fault::Stream { condition: "host-unknown".to_owned(), text: "no\u{1b}[2Jsuch host".to_owned() });
    })
}

/// One that cannot be told of.
fn unclear(name: &str) -> DomainProbe {
    let nobody = || Some(Err(LookupError::NoServer));
    DomainProbe { domain: name.to_owned(), srv: nobody(), direct_srv: nobody(), ..DomainProbe::default() }
}

/// Before the partners of the sample edge, and two more.
fn at_the_partners() -> Walk {
    let mut world = fake();
    let answers = quick(CONTOSO) + PARTNERS;
    world.disk.insert(HOME.into(), None);
    world.disk.insert(answers_path(HOME.as_ref()), Some(answers.into_bytes()));
    let fine = ["contoso.com", "partner.example", "corp.partner.example"].map(fine);
    let others = [fine_by_sip("fabrikam.com"), broken("broken.example"), unclear("unclear.example")];
    for probe in fine.into_iter().chain(others) {
        world.shown.insert(probe.domain.clone(), probe);
    }
    let mut walk = Walk::through(world);
    walk.draw_seldom().go_to_page("partners");
    walk
}

/// The names of the domains in the order in which they are shown.
fn order(walk: &Walk) -> Vec<String> {
    let outside = walk.wizard().outside.as_ref().expect("somebody looked");
    outside.places().iter().map(|place| outside.names()[*place].unicode()).collect()
}

#[test]
fn it_is_said_what_a_look_does_and_nothing_is_looked_at_before_yes() {
    let mut walk = at_the_partners();
    walk.keys("<f3>").draw();
    looks(&walk, "outside-asked");
    assert!(walk.wizard().outside.is_none());
    walk.keys("<esc>").draw().on("partners");
    assert!(walk.wizard().outside.is_none());
}

#[test]
fn what_needs_a_person_stands_first_and_each_leads_to_its_path_and_to_the_form() {
    let mut walk = at_the_partners();
    walk.go_to(&FocusTarget::AddRow).keys("<f3><enter>").draw();
    looks(&walk, "outside-list");
    assert_eq!(order(&walk)[..2], ["broken.example", "unclear.example"]);
    walk.keys("<enter>").draw();
    looks(&walk, "outside-path");
    // What the peer says is text, whatever it says.
    assert!(!walk.screen().contains('\u{1b}') && walk.shows("such host"), "\n{}", walk.screen());
    walk.keys("<enter>").draw();
    assert_eq!((walk.page(), walk.answer("partners.1.domain").as_deref()), ("partners", Some("broken.example")));
    assert_eq!((walk.wizard().row, &walk.wizard().overlay), (Some(1), &None));
    // Back from the form, what was seen is still there, with the cursor on that partner.
    walk.keys("<esc><f3>");
    let outside = walk.wizard().outside.as_ref().expect("somebody looked");
    let Some(Overlay::Outside { selected: Some(place) }) = walk.wizard().overlay else { panic!("no list") };
    assert_eq!(outside.names()[place].ascii(), "broken.example");
}

#[test]
fn what_was_seen_does_not_outlive_the_answers_it_was_judged_by() {
    let mut walk = at_the_partners();
    walk.go_to(&FocusTarget::AddRow).keys("<f3><enter><esc>");
    walk.go_to(&FocusTarget::Row(0)).keys("<enter>").go_to_field("partners.0.dialback").keys("<space><c-n><f3>");
    assert!(matches!(walk.wizard().overlay, Some(Overlay::Menu { .. })), "it is asked once more");
}

#[test]
fn a_partner_may_be_looked_at_alone() {
    let mut walk = at_the_partners();
    walk.go_to(&FocusTarget::Row(1)).keys("<f3><enter>");
    assert_eq!(order(&walk), ["broken.example"]);
    // Of all others nothing is known by that.
    walk.keys("<esc>").go_to(&FocusTarget::AddRow).keys("<f3>");
    assert!(matches!(walk.wizard().overlay, Some(Overlay::Menu { .. })));
    // From the menu of another row it is asked again.
    walk.keys("<esc>").go_to(&FocusTarget::Row(2)).keys("<space><end><up><enter><enter>");
    assert_eq!(order(&walk), ["unclear.example"]);
    walk.draw().must_show("cannot be told: no name server is known here");
}

#[test]
fn the_list_fills_while_it_is_looked_and_escape_stops_and_keeps_what_was_seen() {
    let mut walk = at_the_partners();
    let all = walk.wizard().reading().deployment.edge.sip_domains.len() + 4;
    walk.go_to(&FocusTarget::AddRow).interrupt_after(1, "<esc>").keys("<f3><enter>").draw();
    let [stopped, none] = ["outside-stopped", "outside-not-looked"].map(say);
    let (wrong, unclear) = (0, 0);
    let stopped = stopped.with("done", 1).with("all", all).with("wrong", wrong).with("unclear", unclear);
    walk.must_say(&stopped).must_say(&none);
    // The next one closes it, and it can be looked again.
    walk.keys("<esc>").draw().on("partners");
    walk.keys("<f3><f5><enter>").draw();
    assert!(walk.shows("looked at; 1 needs a person; 1 cannot be told"), "\n{}", walk.screen());
}

#[test]
fn the_cursor_stays_with_the_domain_that_a_person_chose_while_others_move() {
    let mut walk = at_the_partners();
    // Our own domain is fine and goes to the end; of those that wait the third is chosen.
    walk.go_to(&FocusTarget::AddRow).interrupt_after(1, "<down><down>").keys("<f3><enter>");
    let outside = walk.wizard().outside.as_ref().expect("somebody looked");
    let Some(Overlay::Outside { selected: Some(place) }) = walk.wizard().overlay else { panic!("no list") };
    assert_eq!(outside.names()[place].ascii(), "corp.partner.example");
    assert_eq!(outside.places().last(), Some(&place));
    // Home lets go of it.
    walk.keys("<home><enter>").draw().must_show("breaks at XMPP stream");
}

#[test]
fn a_domain_of_our_own_has_no_form() {
    let mut walk = at_the_partners();
    walk.go_to(&FocusTarget::AddRow).keys("<f3><enter><down><down><enter>");
    let before = walk.wizard().overlay.clone();
    let Some(Overlay::Path { place, .. }) = before else { panic!("no path") };
    assert!(walk.wizard().partner_outside(place).is_none());
    walk.keys("<enter>").on("partners");
    assert_eq!((walk.wizard().row, walk.wizard().overlay.clone()), (None, before));
}

#[test]
fn the_hub_leads_to_it() {
    let mut walk = at_the_partners();
    walk.started_again().draw();
    let Some(Overlay::Menu { items, .. }) = &walk.wizard().overlay else { panic!("no hub") };
    let at = items.iter().position(|item| item.label == say("hub-outside")).expect("a line of the hub");
    walk.keys(&"<down>".repeat(at)).keys("<enter>").on("partners").keys("<enter>").draw();
    assert_eq!(order(&walk)[0], "broken.example");
}

#[test]
fn a_click_opens_a_path() {
    let mut walk = at_the_partners();
    walk.go_to(&FocusTarget::AddRow).keys("<f3><enter>").draw().click("unclear.example").draw();
    walk.must_show("no name server is known here");
}

#[test]
fn the_same_is_read_out_as_lines() {
    let mut walk = at_the_partners();
    walk.go_to(&FocusTarget::AddRow).keys("<f3><enter>");
    let mut plain = Plain::default();
    let typed = |plain: &mut Plain, walk: &mut Walk, line: &str| {
        let Reply::Do(Some(intent)) = plain.take(walk.wizard(), line) else { panic!("{line} is not understood") };
        walk.late(Msg::Intent(intent));
        plain.prompt(walk.wizard())
    };
    let list = plain.prompt(walk.wizard());
    assert!(list.contains("1.  broken.example") && list.contains("cannot be told: no name server"), "{list}");
    let path = typed(&mut plain, &mut walk, "1");
    assert!(path.contains("WRONG") && !path.contains('\u{1b}'), "{path}");
    let list_again = typed(&mut plain, &mut walk, "");
    assert!(list_again.contains("1.  broken.example"), "{list_again}");
    typed(&mut plain, &mut walk, "1");
    let form = typed(&mut plain, &mut walk, "p");
    assert_eq!(walk.wizard().row, Some(1), "{form}");
}

#[test]
fn a_dry_run_looks_at_nothing_and_says_so() {
    let answers = read_without_problems(&contoso(edgewright::edge::Server::Prosody), HOME.as_ref());
    let mut walk = Walk::in_world(fake(), answers, true);
    walk.draw_seldom().go_to_page("partners").keys("<f3>").draw();
    walk.must_say_key("outside-dry-run").keys("<enter>");
    assert!(walk.wizard().outside.is_none());
}

#[test]
fn signs_of_ascii_and_small_windows() {
    let mut walk = at_the_partners();
    walk.go_to(&FocusTarget::AddRow).keys("<f3><enter>");
    looks_at(&walk, "outside-list-ascii", 60, 16, Theme::new(Palette::None, false));
    walk.keys("<enter>");
    looks_at(&walk, "outside-path-ascii", 60, 16, Theme::new(Palette::None, false));
}
