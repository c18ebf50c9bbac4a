//! What the screen says about a partner's settings is what they lead to: all 18 rows of the product's table, for each
//! server.

use std::collections::BTreeSet;

use edgewright::edge::{Negotiation, Requirement, Server, negotiate};
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
                    the_screen_says_what_they_lead_to(&mut walk, server);
                    walk.go_to_field("partners.0.dialback").keys("<space>");
                }
                walk.go_to_field("partners.0.sasl").keys("<right>");
            }
            walk.go_to_field("partners.0.tls").keys("<right>");
        }
        assert_eq!(seen.len(), 18);
    }
}

fn the_screen_says_what_they_lead_to(walk: &mut Walk, server: Server) {
    let outcome = negotiate(server, settings(walk));
    let said = |key: String| walk.words(&say(key));
    let verdict = said(format!("verdict-{}", outcome.verdict.name()));
    let methods: Vec<String> = outcome.methods.iter().map(|method| said(format!("method-{}", method.name()))).collect();
    let connects = walk.words(&say("connects-by").with("methods", methods.join(", else ")));
    let begin = connects.split(' ').next().unwrap_or_default().to_owned();
    let reasons: Vec<String> = outcome.reasons.iter().map(|reason| said(format!("reason-{reason}"))).collect();

    let check = |place: &str, screen: &str| {
        let text = inside(screen);
        assert!(text.contains(&verdict), "{verdict} {place}\n{screen}");
        assert_eq!(text.contains(&connects), !methods.is_empty(), "{connects} {place}\n{screen}");
        assert_eq!(text.contains(&begin), !methods.is_empty(), "{begin} {place}\n{screen}");
        for reason in &reasons {
            assert!(text.contains(reason), "{reason} {place}\n{screen}");
        }
    };
    check("beside the page", &walk.wide_screen());
    walk.keys("<f2>");
    check("over the page, in a narrow window", &walk.screen());
    walk.keys("<esc>");
}

/// What stands behind a wall, in the column beside the page or in a box over it, its lines joined.
fn inside(screen: &str) -> String {
    let lines = screen.lines().filter_map(|line| line.split('│').nth(1));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
