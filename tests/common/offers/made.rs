//! How certificates are made, and how they name those who issued them. `tests/judges` has every case; here are those a
//! person meets.

use super::{House, Story, story};

/// A leaf for this request that may only be used so, and its issuer.
fn used(house: &House, request: &str, usage: &str) -> Vec<u8> {
    house.with_issuer(house.leaf().with(&format!("keyUsage = {usage}")).of(request))
}

/// The good leaf and its issuer, whose certificate has these lines.
fn issued(house: &House, lines: &[&str]) -> Vec<u8> {
    let issuing = lines.iter().fold(house.authority().by("root"), |issue, line| issue.with(line)).of("issuing");
    (house.good() + &issuing).into_bytes()
}

/// The good leaf, and its issuer in SHA-1 and SHA-256, in this order.
fn twins(house: &House, digests: [&'static str; 2]) -> Vec<u8> {
    let issuers = digests.map(|digest| house.authority().by("root").digest(digest).of("issuing"));
    (house.good() + &issuers.concat()).into_bytes()
}

pub fn made_stories() -> Vec<Story> {
    let malformed = "error certificate-malformed";
    let other_key = "error certificate-authority-key";
    vec![
        story("for data alone", |house| used(house, "1", "dataEncipherment"), "error certificate-key-usage"),
        story(
            "for signing certificates",
            |house| used(house, "1", "keyCertSign"),
            "error certificate-key-usage; error certificate-malformed",
        ),
        story(
            "RSA for an old key exchange",
            |house| used(house, "2", "keyEncipherment"),
            "warning certificate-key-usage",
        )
        .proved("request 2, 1 issuer"),
        story("for an old key exchange", |house| used(house, "1", "keyEncipherment"), "error certificate-key-usage"),
        story("with a key usage of nothing", |house| used(house, "1", "DER:05:00"), malformed),
        story("by an issuer with a key usage of nothing", |house| issued(house, &["keyUsage = DER:05:00"]), malformed),
        story(
            "by an issuer whose constraints are not critical",
            |house| issued(house, &["basicConstraints = CA:TRUE"]),
            "warning certificate-strict",
        ),
        story(
            "that names another key of its issuer",
            |house| house.extended("authorityKeyIdentifier = DER:30:06:80:04:01:02:03:04"),
            other_key,
        )
        .proved("request 1, 0 issuers"),
        story(
            "by an issuer that names another key of the root",
            |house| issued(house, &["authorityKeyIdentifier = DER:30:06:80:04:01:02:03:04"]),
            other_key,
        ),
        story("by an issuer in SHA-1 and SHA-256", |house| twins(house, ["sha1", "sha256"]), ""),
        story("by an issuer in SHA-256 and SHA-1", |house| twins(house, ["sha256", "sha1"]), ""),
        story(
            "by an issuer that ends before it",
            |house| {
                let issuing = house.authority().by("root").dates("20200101", "20260701").of("issuing");
                (house.good() + &issuing).into_bytes()
            },
            "warning certificate-issuer-ends-first",
        ),
        story(
            "with a private root that nobody knows",
            |house| {
                house.request("own", "P-256", "/CN=Own");
                house.authority().keep("own");
                [house.leaf().by("own").of("1").into_bytes(), house.read("own.pem")].concat()
            },
            "warning certificate-root-unknown",
        )
        .privately()
        .proved("request 1, 0 issuers"),
        story(
            "below a private root that was not sent",
            |house| {
                house.request("apart", "P-256", "/CN=Apart");
                house.authority().keep("apart");
                house.request("below", "P-256", "/CN=Below");
                house.authority().by("apart").keep("below");
                [house.leaf().by("below").of("1").into_bytes(), house.read("below.pem")].concat()
            },
            "error certificate-root-unknown",
        )
        .privately(),
    ]
}
