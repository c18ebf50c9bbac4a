//! One thing changed with each other one: what is fine by itself may not be fine together.

use super::common::offers::verdicts;
use super::common::{have, scratch};
use super::forge::*;
use super::{Folder, ders, found};
use edgewright::problem::{Code, any_error};
use time::OffsetDateTime;

type Change = (&'static str, fn(Cert) -> Cert);

/// What any certificate may have otherwise.
const ANYBODY: [Change; 22] = [
    ("as it is", |cert| cert),
    ("no own key", |cert| cert.without(SUBJECT_KEY)),
    ("no authority key", |cert| cert.without(AUTHORITY_KEY)),
    ("no identifiers", |cert| cert.without(AUTHORITY_KEY).without(SUBJECT_KEY)),
    ("an empty authority key", |cert| cert.key_of_issuer(None, None)),
    ("another authority key", |cert| cert.key_of_issuer(Some("other"), None)),
    ("the root's authority key", |cert| cert.key_of_issuer(Some("root"), None)),
    ("the leaf's own key", |cert| cert.with(SUBJECT_KEY, tlv(4, "leaf"))),
    ("named as the root", |cert| cert.named(common_name("root"))),
    ("named as the issuer", |cert| cert.named(common_name("issuing"))),
    ("issued by the root's name", |cert| cert.issuer(common_name("root"))),
    ("no key usage", |cert| cert.without(KEY_USAGE)),
    ("any key usage", |cert| cert.usage(&[SIGNATURE, CERT_SIGN, CRL_SIGN])),
    ("no constraints", |cert| cert.without(BASIC_CONSTRAINTS)),
    ("an authority", |cert| cert.with(BASIC_CONSTRAINTS, authority(Some(0)))),
    ("no extended usage", |cert| cert.without(EXTENDED_KEY_USAGE)),
    ("for servers with strong encryption", |cert| cert.extended(&[MICROSOFT_SGC])),
    ("Netscape server", |cert| cert.with(NETSCAPE_TYPE, bits(&[1]))),
    ("by the root", |cert| cert.by("root")),
    ("the same serial", |cert| cert.serial(&[0x43])),
    ("version 2", |cert| cert.version(2)),
    ("no subject", |cert| cert.named(seq([])).critical(ALTERNATIVE_NAME, true)),
];

#[test]
fn nothing_is_taken_that_openssl_refuses_for_two_reasons_together() {
    if !have("openssl") {
        return;
    }
    let (keys, place) = (Keys::default(), scratch());
    let (mut wrong, mut taken) = (Vec::new(), 0);
    for (leafs, change) in ANYBODY {
        for (issuers, other) in ANYBODY {
            for (roots, third) in [ANYBODY[0], ANYBODY[3], ANYBODY[4], ANYBODY[13]] {
                let (given, trust) = (ders(&keys, &[change(leaf()), other(issuing())]), ders(&keys, &[third(root())]));
                let proof = found(&keys, &given, &trust, OffsetDateTime::now_utc()).unwrap();
                if any_error(&proof.findings) {
                    continue;
                }
                taken += 1;
                let folder = Folder::write(place.path().join(taken.to_string()), &given, &trust, Some(&proof));
                let is_strict = proof.findings.iter().any(|finding| finding.code == Code::CertificateStrict);
                // What only strict peers have against a root is for whoever trusts it.
                let is_asked_strictly = !is_strict && roots == "as it is";
                let options: &[&str] = if is_asked_strictly { &["-x509_strict"] } else { &[] };
                if let Err(why) = folder.openssl(options) {
                    let said = verdicts(&proof.findings);
                    wrong.push(format!(
                        "leaf {leafs}, issuer {issuers}, root {roots}: «{said}», OpenSSL {options:?} {why}"
                    ));
                }
            }
        }
    }
    assert!(taken > 100, "{taken}");
    assert!(wrong.is_empty(), "{} of {taken}:\n{}", wrong.len(), wrong.join("\n"));
}
