//! Which ways lead to a root, and attacks on all of it.

use super::*;

pub fn stores() -> Vec<Case> {
    let cross = || ca("root", "old").with(AUTHORITY_KEY, authority_key(Some("old"), None));
    let again = || root().key_of_issuer(Some("other"), None);
    vec![
        case("root given too", [leaf(), issuing(), root()], GOOD),
        case("no issuer", [leaf()], INCOMPLETE),
        case("issuer in the store, not given", [leaf()], GOOD).trusting([root(), issuing()]),
        case("issuer in the store, and given", [leaf(), issuing()], GOOD).trusting([root(), issuing()]),
        case("issuer in the store, given, before the root", [leaf(), issuing()], GOOD).trusting([issuing(), root()]),
        case("a store without the next: issuer given with it", [leaf(), issuing(), root()], GOOD).trusting([issuing()]),
        case("a store without the next: issuer given", [leaf(), issuing()], GOOD).trusting([issuing()]),
        case("a store without the next: issuer not given", [leaf()], GOOD).trusting([issuing()]),
        case("issuer of the issuer in the store", [leaf().by("low"), ca("low", "issuing")], GOOD)
            .trusting([root(), issuing()]),
        case("root given and not known", [leaf(), issuing(), root()], UNKNOWN).trusting([ca("old", "old")]),
        case("root neither given nor known", [leaf(), issuing()], INCOMPLETE).trusting([ca("old", "old")]),
        case("root crossed by a known one", [leaf(), issuing(), cross()], GOOD).trusting([ca("old", "old")]),
        case("root crossed, and itself", [leaf(), issuing(), root(), cross()], GOOD).trusting([ca("old", "old")]),
        case("root known and crossed", [leaf(), issuing(), cross()], GOOD).trusting([root(), ca("old", "old")]),
        case("root of the same name, another key", [leaf(), issuing()], INCOMPLETE)
            .trusting([root().key("other").signed_with("other")]),
        case("root that names itself, and another", [leaf(), issuing()], GOOD).trusting([root(), again()]),
        case(
            "signed by itself",
            [leaf().issuer(common_name("contoso.com")).signed_with("leaf").without(AUTHORITY_KEY)],
            OWN,
        ),
        case("a namesake in the store, without identifiers", [leaf(), issuing()], INCOMPLETE)
            .trusting([root(), ca("issuing", "issuing").key("other").signed_with("other").without(SUBJECT_KEY)]),
        case("a namesake in the store", [leaf(), issuing()], GOOD).trusting([
            root(),
            ca("issuing", "other").key("other").signed_with("other").with(SUBJECT_KEY, tlv(4, "other")),
        ]),
        case("leaf in the store", [leaf(), issuing()], GOOD).trusting([root(), leaf()]),
    ]
}

pub fn twins_and_loops() -> Vec<Case> {
    let old = || issuing().digest("sha1");
    let expired = || issuing().days(-900, -10);
    let narrow = || issuing().limited("DNS:fabrikam.com", "");
    let mail = || issuing().extended(&[MAIL]);
    let marked = || issuing().with("1.2.3.4", tlv(5, [])).critical("1.2.3.4", true);
    let small = || issuing().with(KEY_USAGE, tlv(5, []));
    let elsewhere = || issuing().by("unknown");
    let keyless = || issuing().key_of_issuer(Some("other"), None);
    let mut cases = Vec::new();
    for (what, twin) in [
        ("SHA-1", old()),
        ("expired", expired()),
        ("limited elsewhere", narrow()),
        ("for mail", mail()),
        ("with a critical extension", marked()),
        ("malformed", small()),
        ("by an unknown root", elsewhere()),
        ("that names another key", keyless()),
    ] {
        cases.push(case(format!("a twin {what}, first"), [leaf(), twin.clone(), issuing()], GOOD));
        cases.push(case(format!("a twin {what}, last"), [leaf(), issuing(), twin], GOOD));
    }
    let (left, right) = (ca("left", "right"), ca("right", "left"));
    cases.extend([
        by("issuer with SHA-1", old(), SHA1),
        case("a loop", [leaf().by("left"), left.clone(), right.clone()], INCOMPLETE),
        case(
            "a loop beside a complete chain",
            [leaf().by("left"), left.clone(), right.clone(), ca("left", "root")],
            GOOD,
        ),
        case("a complete chain beside a loop", [leaf().by("left"), ca("left", "root"), left, right], GOOD),
        case("an issuer of itself alone", [leaf().by("own"), ca("own", "own")], UNKNOWN),
        case("an issuer and a stranger", [leaf(), issuing(), ca("stranger", "stranger")], GOOD),
        case(
            "two ways, one over SHA-1",
            [leaf(), ca("issuing", "left"), ca("left", "root").digest("sha1"), issuing()],
            GOOD,
        ),
        case("two ways, the short one limited", [leaf(), narrow(), ca("issuing", "left"), ca("left", "root")], GOOD),
    ]);
    cases
}

pub fn algorithms() -> Vec<Case> {
    vec![
        of("leaf with SHA-1", leaf().digest("sha1"), SHA1),
        case("RSA throughout", [leaf().by("rsa-ca").key("rsa"), ca("rsa-ca", "root")], GOOD),
        case("RSA with SHA-1", [leaf().by("rsa-ca"), ca("rsa-ca", "root").digest("sha1")], SHA1),
        of("leaf with an algorithm of nobody", leaf().digest("nobody's"), ALGORITHM),
        by("issuer with an algorithm of nobody", issuing().digest("nobody's"), ALGORITHM),
        of("leaf with SHA-3", leaf().digest("sha3"), ALGORITHM),
        of("leaf with a damaged signature", leaf().signed_with("other"), INCOMPLETE),
        by("issuer with a damaged signature", issuing().signed_with("other"), INCOMPLETE),
    ]
}

/// Certificates whose subject is their issuer's name, which OpenSSL takes for signed by themselves where nothing says
/// otherwise.
pub fn self_issued() -> Vec<Case> {
    let namesake = || leaf().named(common_name("issuing"));
    let bare = |cert: Cert| cert.without(AUTHORITY_KEY).without(SUBJECT_KEY);
    let renewed = || ca("issuing", "issuing").key("issuing-2").with(SUBJECT_KEY, tlv(4, "issuing-2"));
    let by_renewed = || leaf().signed_with("issuing-2").key_of_issuer(Some("issuing-2"), None);
    vec![
        of("leaf named as its issuer", namesake(), GOOD),
        of("leaf named as its issuer, without identifiers", bare(namesake()), OWN),
        of("leaf named as its issuer, without its own key", namesake().without(SUBJECT_KEY), OWN),
        case("successor", [by_renewed(), renewed(), issuing()], GOOD),
        case(
            "successor without identifiers",
            [by_renewed().without(AUTHORITY_KEY), bare(renewed()), issuing()],
            "error certificate-chain-incomplete; warning certificate-strict; warning certificate-strict",
        ),
        case(
            "successor that names no issuer's key",
            [by_renewed(), renewed().without(AUTHORITY_KEY), issuing()],
            "error certificate-chain-incomplete; warning certificate-strict",
        ),
        case("a store without the next: a successor in it", [by_renewed(), renewed(), issuing()], GOOD)
            .trusting([root(), renewed()]),
        case("successor in the store, alone", [by_renewed(), renewed()], INCOMPLETE).trusting([renewed()]),
    ]
}

pub fn attacks() -> Vec<Case> {
    let old_root = || root().days(-900, -1);
    let server = || leaf().key("server").named(common_name("server")).with(SUBJECT_KEY, tlv(4, "server"));
    let also = |name: &str| leaf().alternative(&format!("DNS:contoso.com;DNS:chat.contoso.com;{name}"));
    let six = "IP:20010db8000000000000000000000000ffffffff000000000000000000000000";
    let mail = distinguished(&[("2.5.4.3", UTF8, "contoso.com"), ("1.2.840.113549.1.9.1", 0x16, "a@b.org")]);
    vec![
        case("leaf by a leaf", [leaf().by("server"), server(), issuing()], STRANGER),
        case(
            "leaf by a leaf that may sign",
            [leaf().by("server"), server().usage(&[SIGNATURE, CERT_SIGN]), issuing()],
            STRANGER,
        ),
        by("root is no authority", issuing(), INCOMPLETE).trusting([root().with(BASIC_CONSTRAINTS, seq([]))]),
        by("root without basic constraints", issuing(), INCOMPLETE).trusting([root().without(BASIC_CONSTRAINTS)]),
        by("root malformed", issuing(), MALFORMED).trusting([root().with(KEY_USAGE, tlv(5, []))]),
        by("root with SHA-1", issuing(), GOOD).trusting([root().digest("sha1")]),
        by("root expired, then its successor", issuing(), GOOD).trusting([old_root(), root()]),
        by("root, and before it expired", issuing(), GOOD).trusting([root(), old_root()]),
        by("root with a bad signature of its own", issuing(), GOOD).trusting([root().signed_with("other")]),
        case(
            "constraints of the upper one",
            [leaf().by("low"), ca("low", "issuing"), issuing().limited("DNS:fabrikam.com", "")],
            NAME,
        ),
        case(
            "names of an authority excluded",
            [leaf().by("low"), ca("low", "issuing"), issuing().limited("", "dir:low")],
            NAME,
        ),
        case(
            "constraints widened below",
            [leaf().by("low"), ca("low", "issuing").limited("DNS:com", ""), issuing().limited("DNS:fabrikam.com", "")],
            NAME,
        ),
        case("IPv6 of the network", [also("IP:20010db8000000000000000000000001"), issuing().limited(six, "")], GOOD),
        case("IPv6 of another", [also("IP:20010db9000000000000000000000001"), issuing().limited(six, "")], NAME),
        case(
            "mail in the subject, elsewhere",
            [leaf().named(mail.clone()), issuing().limited("email:c.org", "")],
            NAME,
        ),
        case("mail in the subject, excluded", [leaf().named(mail), issuing().limited("", "email:b.org")], NAME),
        case(
            "registered identifier, excluded",
            [also("hex:88032a0304"), issuing().limited("", "hex:88032a0304")],
            NAME,
        ),
        case(
            "name with a dot at its end, excluded",
            [also("DNS:bad.org."), issuing().limited("", "DNS:bad.org")],
            EXTRA,
        ),
        case("empty name, excluded", [also("DNS:"), issuing().limited("", "DNS:bad.org")], EXTRA),
        of("a NUL in a name", also("DNS:contoso.com\0.org"), EXTRA),
        of(
            "an identifier of the issuer by URI",
            leaf().with(AUTHORITY_KEY, seq([tlv(0x80, "issuing"), tlv(0xA1, tlv(0x86, "urn:x")), tlv(0x82, [0x43])])),
            GOOD,
        ),
        of(
            "an identifier of the issuer with a surplus",
            leaf().with(AUTHORITY_KEY, seq([tlv(0x80, "issuing"), tlv(5, [])])),
            MALFORMED,
        ),
        of("basic constraints with a surplus", leaf().with(BASIC_CONSTRAINTS, seq([tlv(5, [])])), MALFORMED),
        of("basic constraints that say no", leaf().with(BASIC_CONSTRAINTS, seq([tlv(1, [0])])), GOOD),
        by("basic constraints of another truth", issuing().with(BASIC_CONSTRAINTS, seq([tlv(1, [1])])), GOOD),
        of("key usage with bits unused and set", leaf().with(KEY_USAGE, tlv(3, [7, 0xFF])), MALFORMED),
        of("key usage with bits that are not there", leaf().with(KEY_USAGE, tlv(3, [9, 0x80])), MALFORMED),
        of("extended usage with a surplus", leaf().with(EXTENDED_KEY_USAGE, seq([oid(SERVER), tlv(5, [])])), MALFORMED),
        of("a length of two octets that one holds", leaf().with(SUBJECT_KEY, unhex("04810141")), GOOD),
        of("an indefinite length", leaf().with(SUBJECT_KEY, unhex("24800401410000")), MALFORMED),
        of("revocation list of points of an integer", leaf().with(CRL_POINTS, seq([seq([number(1)])])), MALFORMED),
        of("revocation list of no place", leaf().with(CRL_POINTS, seq([seq([tlv(0xA0, tlv(5, []))])])), MALFORMED),
        of(
            "revocation list of two places",
            leaf().with(CRL_POINTS, seq([seq([tlv(0xA0, []), tlv(0xA0, [])])])),
            MALFORMED,
        ),
        of("revocation list of reasons", leaf().with(CRL_POINTS, seq([seq([tlv(0x81, [1, 2])])])), MALFORMED),
        of(
            "revocation list of places with reasons",
            leaf().with(CRL_POINTS, seq([seq([tlv(0xA0, tlv(0xA0, tlv(0x86, "http://a.org/c"))), tlv(0x81, [1, 2])])])),
            GOOD,
        ),
        of("revocation list of an empty point", leaf().with(CRL_POINTS, seq([seq([])])), MALFORMED),
        of(
            "revocation list of an issuer",
            leaf().with(CRL_POINTS, seq([seq([tlv(0xA2, tlv(0xA4, common_name("x")))])])),
            GOOD,
        ),
        of("revocation list of no points", leaf().with(CRL_POINTS, seq([])), GOOD),
        of("revocation list of an integer", leaf().with(CRL_POINTS, seq([number(1)])), MALFORMED),
        of(
            "revocation list",
            leaf().with(CRL_POINTS, seq([seq([tlv(0xA0, tlv(0xA0, tlv(0x86, "http://a.org/c")))])])),
            GOOD,
        ),
    ]
}
