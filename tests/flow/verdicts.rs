//! What the screen says about a partner's settings is what the server does: all 18 rows of the product's table, for each
//! server.

use std::collections::BTreeSet;

use edgewright::edge::{Negotiation, Requirement, Server, reasons};
use edgewright::servers::product;
use edgewright::text::say;

use crate::walk::{Walk, contoso, quick};

/// In the row of the sample's partner, at its TLS setting.
fn in_the_row(server: Server) -> Walk {
    let mut walk = Walk::with(&quick(&contoso(server)));
    walk.go_to_page("partners").keys("<enter>").go_to_field("partners.0.tls");
    walk
}

fn settings(walk: &Walk) -> Negotiation {
    walk.wizard().reading().deployment.federation.partners[0].negotiation
}

#[test]
fn all_18_rows_for_each_server() {
    for server in Server::ALL {
        let mut seen = BTreeSet::new();
        let mut walk = in_the_row(server);
        for _ in Requirement::ALL {
            for _ in Requirement::ALL {
                for _ in [true, false] {
                    let Negotiation { tls, sasl, dialback } = settings(&walk);
                    seen.insert((tls.name(), sasl.name(), dialback));
                    the_screen_says_what_happens(&mut walk, server);
                    walk.go_to_field("partners.0.dialback").keys("<space>");
                }
                walk.go_to_field("partners.0.sasl").keys("<space>");
            }
            walk.go_to_field("partners.0.tls").keys("<space>");
        }
        assert_eq!(seen.len(), 18);
    }
}

fn the_screen_says_what_happens(walk: &mut Walk, server: Server) {
    let enforced = product(server).enforces(settings(walk));
    let happens = say("connects").with("methods", enforced.way()).with("server", server.traits().title);
    let happens = walk.words(&happens);
    let reasons = reasons(settings(walk), &enforced.methods);
    let reasons = reasons.into_iter().map(|reason| say(format!("reason-{reason}")));
    let more: Vec<String> = reasons.chain(enforced.limits.clone()).map(|message| walk.words(&message)).collect();

    let check = |place: &str, screen: &str| {
        let text = inside(screen);
        let at = text.find(&happens).unwrap_or_else(|| panic!("{happens} {place}\n{screen}"));
        for more in &more {
            assert!(text[at + happens.len()..].contains(more), "{more} {place}\n{screen}");
        }
    };
    check("beside the page", &walk.wide_screen());
    walk.keys("<f2>");
    check("over the page, in a narrow window", &walk.screen());
    walk.keys("<esc>");
}

#[test]
fn a_new_partner_of_a_server_here_connects_without_a_word_of_warning() {
    for server in [Server::Prosody, Server::Ejabberd] {
        let mut walk = Walk::with(&quick(&contoso(server)));
        walk.go_to_page("partners").keys("<f7>northwind.example").go_to_field("partners.1.tls");
        let screen = walk.wide_screen();
        let text = inside(&screen);
        assert!(text.contains("✓ Connects by certificate, else by dialback over TLS"), "{screen}");
        assert!(!screen.contains(" ! "), "{screen}");
    }
}

/// What stands behind a wall, in the column beside the page or in a box over it, its lines joined.
fn inside(screen: &str) -> String {
    let lines = screen.lines().filter_map(|line| line.split('│').nth(1));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
