//! What an authority sends is read, whatever it is wrapped in, and proved. The authority is OpenSSL's.

mod common;

use common::have;
use common::offers::{House, NOW, Story, pfx_stories, stories, summary, verdicts};
use edgewright::faces::headless;
use edgewright::lifecycle::proof::Proof;
use edgewright::pki::{Certificate, ChainEnd};
use edgewright::problem::{Code, Problem, any_error};
use edgewright::text::Text;

fn happen(stories: &[Story]) {
    if !have("openssl") {
        return;
    }
    let (house, text) = (House::new(), Text::load("en"));
    let mut wrong = Vec::new();
    for story in stories {
        let (problems, proved) = match story.proof(&house) {
            Ok(proof) => {
                // What only this program objects to, by rules of servers and of this request, is not asked.
                let is_breach = |problem: &Problem| BREACHES.contains(&problem.code);
                if !any_error(&proof.findings) || proof.findings.iter().any(is_breach) {
                    let is_taken = is_taken_by_openssl(&house, &proof, story.what);
                    let is_strict = |problem: &Problem| problem.code == Code::CertificateStrict;
                    let is_good = !any_error(&proof.findings) && !proof.findings.iter().any(is_strict);
                    assert_eq!(is_taken, is_good, "{}", story.what);
                }
                (proof.findings.clone(), summary(&proof))
            }
            Err(problem) => (vec![problem], String::new()),
        };
        let said = headless::problems_text(&problems, &text);
        assert!(!said.contains('{'), "a place is not filled: {said}");
        let findings = verdicts(&problems);
        if findings != story.findings || proved != story.proved {
            wrong.push(format!("{}: {findings} ({proved})", story.what));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is wrong by a rule that OpenSSL knows too.
const BREACHES: [Code; 3] = [Code::CertificateNameConstraint, Code::CertificatePathLength, Code::CertificateClientOnly];

/// Whether OpenSSL takes the chain as it was put in order.
fn is_taken_by_openssl(house: &House, proof: &Proof, what: &str) -> bool {
    let chain = proof.chain.as_ref().unwrap();
    let root = match &chain.end {
        ChainEnd::Trusted(root) | ChainEnd::UnknownRoot(root) => root,
        ChainEnd::Missing(issuer) => panic!("{what}: nobody has {issuer}"),
    };
    house.write("proved-root.pem", root.pem());
    house.write("proved-chain.pem", chain.issuers.iter().map(Certificate::pem).collect::<String>());
    house.write("proved.pem", proof.certificate.as_ref().unwrap().pem());
    let untrusted = if chain.issuers.is_empty() { "" } else { "-untrusted proved-chain.pem " };
    let time = NOW.unix_timestamp();
    house.accepts(&format!(
        "verify -x509_strict -purpose sslserver -attime {time} -CAfile proved-root.pem {untrusted}proved.pem"
    ))
}

#[test]
fn every_story_is_found_as_it_is_told() {
    happen(&stories());
}

#[test]
fn stories_of_a_pfx_are_found_as_they_are_told() {
    happen(&pfx_stories());
}
