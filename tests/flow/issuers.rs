//! A certificate whose issuers came apart, and one of a CA of one's own, whose root the machine does not know.

use std::path::Path;
use std::sync::Arc;

use edgewright::edge::Server;
use edgewright::problem::Code;
use time::Duration;

use crate::certificate::{Authority, current, request};
use crate::look::looks;
use crate::walk::{Walk, contoso};

const CHAIN: &str = "certificate.chain_file";
const ROOT: &str = "certificate.root_file";
/// Where a person put the root or the issuers.
const BESIDE: &str = "/home/ada/beside.pem";

impl Authority {
    /// A machine that does not know this authority, which is the company's own; the request was made.
    fn unknown(&self) -> Walk {
        let mut walk = self.requested_with(&contoso(Server::Prosody).replace("\"public\"", "\"private\""));
        walk.world.trusted = Arc::new([]);
        walk
    }
}

impl Walk {
    /// The files that the page asks for.
    fn files_asked(&self) -> Vec<String> {
        let slots = self.wizard().slots();
        let paths = slots.iter().filter_map(|slot| slot.path()).filter(|path| path.starts_with("certificate."));
        paths.map(str::to_owned).collect()
    }

    /// Answers a file that holds this.
    #[track_caller]
    fn give(&mut self, path: &str, content: &str) -> &mut Self {
        self.put(BESIDE, content);
        self.go_to_field(path).keys(&format!("<c-u>{BESIDE}<enter>"))
    }
}

#[test]
fn issuers_that_came_apart_are_asked_for_where_they_are_missing() {
    let authority = Authority::new();
    let mut walk = authority.requested();
    assert_eq!(walk.files_asked(), ["certificate.file"]);
    let leaf = authority.leaf(&request(&walk, 1), Duration::days(90));
    walk.receive(&(leaf.clone() + &authority.issuing));
    assert_eq!(walk.files_asked(), ["certificate.file"], "nothing is missing");
    walk.receive(&leaf);
    assert_eq!(walk.findings_at("certificate.file"), [Code::CertificateChainIncomplete]);
    assert_eq!(walk.files_asked(), ["certificate.file", CHAIN]);
    walk.give(CHAIN, "soon");
    assert_eq!(walk.findings_at(CHAIN), [Code::CertificateUnreadable]);
    walk.give(CHAIN, &authority.issuing);
    assert_eq!((walk.findings_at("certificate.file"), walk.findings_at(CHAIN)), (vec![], vec![]));
    walk.take_home();
    assert_eq!(walk.file(Path::new("/home/ada/edge/pairs/1/chain.pem")).as_ref(), Some(&authority.issuing));
    // They have done their work.
    walk.world.disk.remove(Path::new(BESIDE));
    walk.go_to_page("settings-summary");
    assert_eq!(walk.findings_at(CHAIN), [Code::FileUnreadable]);
    walk.next().on("settings-executing");
    walk.started_again().choose("hub-renew").choose("renew-new-key").on("request-summary");
    assert_eq!(walk.answer(CHAIN), None, "the next certificate has its own");
}

#[test]
fn the_root_of_an_own_ca_is_asked_for_once_and_a_renewal_takes_it_as_it_is() {
    let authority = Authority::new();
    let mut walk = authority.unknown();
    assert_eq!(walk.files_asked(), ["certificate.file", ROOT], "the authority is private");
    let sent = authority.answer(&walk, 1);
    walk.receive(&sent);
    assert_eq!(walk.findings_at("certificate.file"), [Code::CertificateRootUnknown]);
    assert_eq!(walk.files_asked(), ["certificate.file", ROOT], "no issuer is missing");
    walk.draw();
    assert!(walk.shows_wide("CN=Root"), "\n{}", walk.wide_screen());
    looks(&walk, "certificate-of-own-ca");
    walk.next().on("certificate");
    walk.give(ROOT, &authority.root.pem());
    assert_eq!((walk.findings_at("certificate.file"), walk.findings_at(ROOT)), (vec![], vec![]));
    walk.take_home();
    assert!(walk.answers_file().contains(&format!("root_file = \"{BESIDE}\"")), "{}", walk.answers_file());
    // What became of it meanwhile is said, and keeps nobody from the rest.
    walk.put(BESIDE, &sent);
    walk.go_to_page("settings-summary");
    assert_eq!(walk.findings_at(ROOT), [Code::RootNotCa]);
    walk.next().on("settings-executing");
    walk.put(BESIDE, &authority.root.pem());

    walk.started_again().choose("hub-renew").choose("renew-new-key").on("request-summary").next();
    walk.go_to_page("certificate");
    let sent = authority.answer(&walk, 2);
    walk.receive(&sent);
    assert_eq!(walk.findings_at("certificate.file"), []);
    walk.take_home();
    assert_eq!(current(&walk), Some(Path::new("pairs/2")));
}

#[test]
fn the_root_is_asked_for_of_whom_the_system_does_not_know_whoever_he_is_said_to_be() {
    let authority = Authority::new();
    let mut walk = authority.requested();
    walk.world.trusted = Arc::new([]);
    let sent = authority.answer(&walk, 1);
    walk.receive(&sent);
    assert!(walk.files_asked().contains(&ROOT.to_owned()));
    walk.give(ROOT, &authority.root.pem());
    assert_eq!(walk.findings_at("certificate.file"), []);
    // And where the issuers came apart.
    let mut walk = authority.requested();
    walk.world.trusted = Arc::new([]);
    let leaf = authority.leaf(&request(&walk, 1), Duration::days(90));
    walk.receive(&leaf).give(CHAIN, &authority.issuing);
    walk.put("/home/ada/root.pem", &authority.root.pem());
    walk.go_to_field(ROOT).keys("/home/ada/root.pem<enter>");
    assert_eq!(walk.findings_at("certificate.file"), []);
}

#[test]
fn what_is_no_root_is_said_of_its_file() {
    let authority = Authority::new();
    let mut walk = authority.unknown();
    let leaf = authority.leaf(&request(&walk, 1), Duration::days(90));
    for (content, code) in [("soon", Code::CertificateUnreadable), (leaf.as_str(), Code::RootNotCa)] {
        walk.give(ROOT, content);
        assert_eq!(walk.findings_at(ROOT), [code]);
    }
    walk.go_to_field(ROOT).keys("<c-u>/nowhere.pem<enter>");
    assert_eq!(walk.findings_at(ROOT), [Code::FileUnreadable]);
    // It is an error only with the certificate that it is to prove.
    walk.next().on("partners").go_to_page("certificate");
    let sent = authority.leaf(&request(&walk, 1), Duration::days(90)) + &authority.issuing + &authority.root.pem();
    walk.receive(&sent);
    assert_eq!(walk.findings_at("certificate.file"), [Code::CertificateRootUnknown]);
    walk.next().on("certificate");
    walk.go_to_field(ROOT).keys("<c-u><enter>");
    assert_eq!(walk.findings_at(ROOT), []);
    walk.next().on("certificate-summary");
}

#[test]
fn a_file_that_is_still_looked_into_is_no_error_and_that_goes_by_itself() {
    let authority = Authority::new();
    let mut walk = authority.requested();
    let sent = authority.answer(&walk, 1);
    walk.looks_are_slow().receive(&sent);
    assert_eq!(walk.findings_at("certificate.file"), []);
    assert!(walk.draw().shows_wide("Looking into /home/ada/sent.pem"), "\n{}", walk.wide_screen());
    walk.look_ends();
    assert!(walk.draw().shows_wide("What was found"), "\n{}", walk.wide_screen());
}

#[test]
fn with_a_ca_of_ones_own_nobody_is_sent_to_a_public_one() {
    let authority = Authority::new();
    let mut walk = authority.unknown();
    let leaf = authority.leaf(&request(&walk, 1), Duration::days(90));
    walk.receive(&leaf);
    let hint = |walk: &Walk| {
        let problem = walk.wizard().reading().problems_at("certificate.file").next().unwrap().into_owned();
        problem.hint(&walk.wizard().text).unwrap()
    };
    assert!(hint(&walk).starts_with("If it is your CA's root, name it as “Trusted root file”"), "{}", hint(&walk));
    walk.go_to_page("organization").draw().must_show("Your CA's policy says what it takes.");

    let internal = contoso(Server::Prosody).replace("contoso.com", "contoso.example");
    for (answers, is_said) in [(internal.clone(), true), (internal.replace("\"public\"", "\"private\""), false)] {
        let mut walk = Walk::with(&answers);
        walk.draw_seldom().go_to_page("organization");
        assert_eq!(walk.findings_at("edge.xmpp_domains.0").contains(&Code::NameInternal), is_said);
    }
}
