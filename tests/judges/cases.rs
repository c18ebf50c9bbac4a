//! The table: a leaf, what came with it, which roots are trusted, and what has to be found.

mod forms;
mod ways;

use super::forge::*;

/// One line of the table.
pub struct Case {
    pub what: String,
    pub given: Vec<Cert>,
    pub trust: Vec<Cert>,
    pub said: &'static str,
}

const GOOD: &str = "";
const INCOMPLETE: &str = "error certificate-chain-incomplete";
const STRANGER: &str = "error certificate-chain-incomplete; warning certificate-others";
const MALFORMED: &str = "error certificate-malformed";
const STRICT: &str = "warning certificate-strict";
const USAGE: &str = "error certificate-key-usage";
const PURPOSE: &str = "error certificate-client-only";
const NAME: &str = "error certificate-name-constraint";
const DEEP: &str = "error certificate-path-length";
const OTHER_KEY: &str = "error certificate-authority-key";
const UNKNOWN: &str = "error certificate-root-unknown";
const EXTENSION: &str = "error certificate-extension";
const ALGORITHM: &str = "error certificate-algorithm";
const EXTRA: &str = "warning certificate-name-extra";
const OWN: &str = "error certificate-self-signed";
const SHA1: &str = "error certificate-sha1";

fn case(what: impl Into<String>, given: impl IntoIterator<Item = Cert>, said: &'static str) -> Case {
    Case { what: what.into(), given: given.into_iter().collect(), trust: vec![root()], said }
}

/// The leaf by the usual issuer.
fn of(what: impl Into<String>, leaf: Cert, said: &'static str) -> Case {
    case(what, [leaf, issuing()], said)
}

/// The usual leaf by this issuer.
fn by(what: impl Into<String>, issuer: Cert, said: &'static str) -> Case {
    case(what, [leaf(), issuer], said)
}

impl Case {
    fn trusting(self, trust: impl IntoIterator<Item = Cert>) -> Self {
        Case { trust: trust.into_iter().collect(), ..self }
    }
}

/// Every line.
pub fn cases() -> Vec<Case> {
    [
        key_usages(),
        extended_key_usages(),
        netscape_types(),
        authority_keys(),
        depths(),
        dns_constraints(),
        other_constraints(),
        forms::unreadable(),
        forms::shapes(),
        forms::strict(),
        forms::names_of_issuers(),
        forms::wildcards(),
        ways::stores(),
        ways::twins_and_loops(),
        ways::algorithms(),
        ways::self_issued(),
        ways::attacks(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn key_usages() -> Vec<Case> {
    let weak = "warning certificate-key-usage";
    let mut cases = vec![
        of("no key usage", leaf().without(KEY_USAGE), GOOD),
        of("RSA, no key usage", leaf().key("rsa").without(KEY_USAGE), GOOD),
        of("not critical", leaf().critical(KEY_USAGE, false), GOOD),
        of("signature and commitment", leaf().usage(&[SIGNATURE, COMMITMENT]), GOOD),
        of("signature and agreement", leaf().usage(&[SIGNATURE, AGREEMENT]), GOOD),
        of("signature and encipherer only", leaf().usage(&[SIGNATURE, AGREEMENT, ENCIPHER_ONLY]), GOOD),
        of("RSA, signature and encipherment", leaf().key("rsa").usage(&[SIGNATURE, ENCIPHERMENT]), GOOD),
        of("signature and CRLs", leaf().usage(&[SIGNATURE, CRL_SIGN]), GOOD),
        of("signature and certificates", leaf().usage(&[SIGNATURE, CERT_SIGN]), MALFORMED),
        of(
            "signature and certificates, no constraints",
            leaf().without(BASIC_CONSTRAINTS).usage(&[SIGNATURE, CERT_SIGN]),
            MALFORMED,
        ),
        of("two encipherments", leaf().usage(&[ENCIPHERMENT, DATA_ENCIPHERMENT]), USAGE),
        by("issuer may sign CRLs only", issuing().usage(&[CRL_SIGN]), INCOMPLETE),
        by("issuer may sign certificates only", issuing().usage(&[CERT_SIGN]), GOOD),
        by("issuer may sign anything but certificates", issuing().usage(&[SIGNATURE, CRL_SIGN]), INCOMPLETE),
        by("issuer without key usage", issuing().without(KEY_USAGE), STRICT),
        by("root may sign CRLs only", issuing(), INCOMPLETE).trusting([root().usage(&[CRL_SIGN])]),
    ];
    let alone = [
        ("signature", SIGNATURE, GOOD, GOOD),
        ("commitment", COMMITMENT, USAGE, USAGE),
        ("encipherment", ENCIPHERMENT, USAGE, weak),
        ("data encipherment", DATA_ENCIPHERMENT, USAGE, USAGE),
        ("agreement", AGREEMENT, USAGE, USAGE),
        ("CRLs", CRL_SIGN, USAGE, USAGE),
        ("encipherer only", ENCIPHER_ONLY, USAGE, USAGE),
        ("decipherer only", 8, USAGE, USAGE),
    ];
    for (what, bit, elliptic, rsa) in alone {
        cases.push(of(format!("EC, {what} alone"), leaf().usage(&[bit]), elliptic));
        cases.push(of(format!("RSA, {what} alone"), leaf().key("rsa").usage(&[bit]), rsa));
    }
    let signs = "error certificate-key-usage; error certificate-malformed";
    cases.push(of("EC, certificates alone", leaf().usage(&[CERT_SIGN]), signs));
    cases.push(of("RSA, certificates alone", leaf().key("rsa").usage(&[CERT_SIGN]), signs));
    cases
}

fn extended_key_usages() -> Vec<Case> {
    let usages: [(&str, &[&str], _, _); 9] = [
        ("server", &[SERVER], GOOD, GOOD),
        ("server, client", &[SERVER, CLIENT], GOOD, GOOD),
        ("any", &[ANY], PURPOSE, PURPOSE),
        ("any, server", &[ANY, SERVER], GOOD, GOOD),
        ("client", &[CLIENT], PURPOSE, PURPOSE),
        ("mail", &[MAIL], PURPOSE, PURPOSE),
        ("nothing", &[], PURPOSE, PURPOSE),
        ("Netscape SGC", &[NETSCAPE_SGC], PURPOSE, GOOD),
        ("Microsoft SGC", &[MICROSOFT_SGC], PURPOSE, GOOD),
    ];
    let mut cases = vec![
        of("no extended usage", leaf().without(EXTENDED_KEY_USAGE), GOOD),
        of("extended usage is critical", leaf().critical(EXTENDED_KEY_USAGE, true), GOOD),
    ];
    for (what, list, leafs, issuers) in usages {
        cases.push(of(format!("leaf for {what}"), leaf().extended(list), leafs));
        cases.push(by(format!("issuer for {what}"), issuing().extended(list), issuers));
        cases.push(by(format!("root for {what}"), issuing(), issuers).trusting([root().extended(list)]));
    }
    cases
}

fn netscape_types() -> Vec<Case> {
    let typed = |bit: &[u8]| leaf().with(NETSCAPE_TYPE, bits(bit));
    vec![
        of("Netscape server", typed(&[1]), GOOD),
        of("Netscape server and client", typed(&[0, 1]), GOOD),
        of("Netscape client", typed(&[0]), PURPOSE),
        of("Netscape mail", typed(&[2]), PURPOSE),
        of("Netscape nothing", typed(&[]), MALFORMED),
        of("Netscape server, critical", typed(&[1]).critical(NETSCAPE_TYPE, true), GOOD),
        by("issuer is Netscape client", issuing().with(NETSCAPE_TYPE, bits(&[0])), GOOD),
        by("issuer is Netscape authority", issuing().with(NETSCAPE_TYPE, bits(&[5])), GOOD),
    ]
}

fn authority_keys() -> Vec<Case> {
    let root_name = common_name("root");
    let (issuer, other) = ((&root_name[..], &[0x43][..]), common_name("other"));
    let (other_name, other_serial) = ((&other[..], &[0x43][..]), (&root_name[..], &[0x44][..]));
    let other_strictly = "error certificate-authority-key; warning certificate-strict";
    let middle = |key, issuer| issuing().key_of_issuer(key, issuer);
    let keyed = |key, issuer| leaf().key_of_issuer(key, issuer);
    vec![
        of("leaf, right issuer and serial besides", keyed(Some("issuing"), Some(issuer)), GOOD),
        of("leaf, right issuer and serial", keyed(None, Some(issuer)), STRICT),
        of("leaf, no authority key", leaf().without(AUTHORITY_KEY), STRICT),
        of("leaf, empty authority key", keyed(None, None), STRICT),
        of("leaf, critical authority key", leaf().critical(AUTHORITY_KEY, true), EXTENSION),
        of("leaf, another key", keyed(Some("other"), None), OTHER_KEY),
        of("leaf, an empty key", keyed(Some(""), None), OTHER_KEY),
        of("leaf, another issuer", keyed(None, Some(other_name)), other_strictly),
        of("leaf, another serial", keyed(None, Some(other_serial)), other_strictly),
        of("leaf, right key and another serial", keyed(Some("issuing"), Some(other_serial)), OTHER_KEY),
        of("leaf, right key and another issuer", keyed(Some("issuing"), Some(other_name)), OTHER_KEY),
        by("issuer, another key", middle(Some("other"), None), OTHER_KEY),
        by("issuer, another serial", middle(Some("root"), Some(other_serial)), OTHER_KEY),
        by("issuer, another issuer", middle(Some("root"), Some(other_name)), OTHER_KEY),
        by("issuer, right issuer and serial besides", middle(Some("root"), Some(issuer)), GOOD),
        by("issuer, no authority key", issuing().without(AUTHORITY_KEY), STRICT),
        by("issuer without its own key identifier", issuing().without(SUBJECT_KEY), STRICT),
        by("root without authority key", issuing(), GOOD).trusting([root().without(AUTHORITY_KEY)]),
        by("root without key identifiers", issuing(), GOOD)
            .trusting([root().without(AUTHORITY_KEY).without(SUBJECT_KEY)]),
        by("root names another key", issuing(), OTHER_KEY).trusting([root().key_of_issuer(Some("other"), None)]),
        by("root names another serial", issuing(), OTHER_KEY)
            .trusting([root().key_of_issuer(Some("root"), Some(other_serial))]),
        by("root names itself in full", issuing(), GOOD).trusting([root().key_of_issuer(Some("root"), Some(issuer))]),
    ]
}

/// Authorities below each other, `limits` from the root down, then the leaf.
fn tower(what: &str, limits: &[Option<u32>], said: &'static str) -> Case {
    let limit = |made: Cert, limit: &Option<u32>| limit.map_or(made.clone(), |max| made.deep(max));
    let (top, below) = limits.split_first().unwrap();
    let names: Vec<String> = (0..limits.len()).map(|place| format!("ca{place}")).collect();
    let authorities = below.iter().enumerate().map(|(place, max)| limit(ca(&names[place + 1], &names[place]), max));
    let mut given: Vec<Cert> = authorities.collect();
    given.push(leaf().by(names.last().unwrap()));
    given.reverse();
    case(what, given, said).trusting([limit(ca("ca0", "ca0"), top)])
}

fn depths() -> Vec<Case> {
    let renewed = || ca("issuing", "issuing").key("issuing-2").with(SUBJECT_KEY, tlv(4, "issuing-2"));
    let (mut cases, any) = (Vec::new(), None);
    let towers: [(&str, &[Option<u32>], _); 14] = [
        ("leaf by the root", &[any], GOOD),
        ("leaf by a root that lets none below", &[Some(0)], GOOD),
        ("one below", &[any, any], GOOD),
        ("one below a root that lets none", &[Some(0), any], DEEP),
        ("one below a root that lets one", &[Some(1), any], GOOD),
        ("one that lets none", &[any, Some(0)], GOOD),
        ("two below", &[any, any, any], GOOD),
        ("two, the upper lets none", &[any, Some(0), any], DEEP),
        ("two, the upper lets one", &[any, Some(1), any], GOOD),
        ("two, both let none", &[any, Some(0), Some(0)], DEEP),
        ("two below a root that lets one", &[Some(1), any, any], DEEP),
        ("three, limits fall", &[Some(3), Some(2), Some(1), Some(0)], GOOD),
        ("three, limits rise", &[Some(3), Some(1), Some(2), Some(3)], DEEP),
        ("seven below", &[any; 8], GOOD),
    ];
    cases.extend(towers.map(|(what, limits, said)| tower(what, limits, said)));
    cases.push(tower("a hundred below", &[any; 101], GOOD));
    cases.push(tower("over a hundred below", &[any; 103], "error certificate-chain-too-long"));
    // An authority's own successor does not count as one below it.
    cases.push(case(
        "an issuer and its own successor, none below",
        [leaf().signed_with("issuing-2").key_of_issuer(Some("issuing-2"), None), renewed(), issuing().deep(0)],
        GOOD,
    ));
    cases.push(of("leaf with a limit", leaf().with(BASIC_CONSTRAINTS, seq([number(0)])), STRICT));
    cases.push(by(
        "limit of an issuer below zero",
        issuing().with(BASIC_CONSTRAINTS, seq([tlv(1, [0xFF]), tlv(2, [0xFF])])),
        STRANGER,
    ));
    cases.push(of("leaf without basic constraints", leaf().without(BASIC_CONSTRAINTS), GOOD));
    cases.push(by("issuer without basic constraints", issuing().without(BASIC_CONSTRAINTS), STRANGER));
    cases.push(by("issuer that is none", issuing().with(BASIC_CONSTRAINTS, seq([])), STRANGER));
    cases.push(of(
        "leaf is an authority",
        leaf().with(BASIC_CONSTRAINTS, authority(None)).usage(&[SIGNATURE, CERT_SIGN]),
        "error certificate-is-ca",
    ));
    cases
}

fn dns_constraints() -> Vec<Case> {
    let held = [
        ("permitted", "DNS:contoso.com", "", GOOD),
        ("permitted in upper case", "DNS:CONTOSO.COM", "", GOOD),
        ("permitted by the zone above", "DNS:com", "", GOOD),
        ("permitted by everything", "DNS:", "", GOOD),
        ("permitted with a dot before", "DNS:.contoso.com", "", NAME),
        ("permitted elsewhere", "DNS:fabrikam.com", "", NAME),
        ("permitted here and elsewhere", "DNS:fabrikam.com;DNS:contoso.com", "", GOOD),
        ("permitted for the end of a label", "DNS:oso.com", "", NAME),
        ("permitted for one name of two", "DNS:chat.contoso.com", "", NAME),
        ("permitted for mail only", "email:contoso.com", "", GOOD),
        ("excluded elsewhere", "", "DNS:fabrikam.com", GOOD),
        ("excluded here", "", "DNS:contoso.com", NAME),
        ("excluded in upper case", "", "DNS:CHAT.contoso.com", NAME),
        ("excluded with a dot before", "", "DNS:.contoso.com", NAME),
        ("excluded for the end of a label", "", "DNS:oso.com", GOOD),
        ("excluded in everything", "", "DNS:", NAME),
        ("permitted, and excluded in part", "DNS:contoso.com", "DNS:chat.contoso.com", NAME),
        ("permitted, and excluded below", "DNS:contoso.com", "DNS:www.contoso.com", GOOD),
    ];
    let mut cases: Vec<Case> = held
        .into_iter()
        .flat_map(|(what, permitted, excluded, said)| {
            [
                by(format!("issuer: {what}"), issuing().limited(permitted, excluded), said),
                by(format!("root: {what}"), issuing(), said).trusting([root().limited(permitted, excluded)]),
            ]
        })
        .collect();
    // U+212A, the Kelvin sign, is no k.
    let extra = "warning certificate-name-extra";
    let kelvin = |list: &str| leaf().alternative(&format!("DNS:contoso.com;DNS:chat.contoso.com;{list}"));
    cases.push(case(
        "excluded for k, name with a Kelvin sign",
        [kelvin("DNS:\u{212A}.com"), issuing().limited("", "DNS:k.com")],
        extra,
    ));
    let star = |permitted, excluded| {
        case(
            format!("wildcard, permitted {permitted}, excluded {excluded}"),
            [kelvin("DNS:*.example.com"), issuing().limited(permitted, excluded)],
            extra,
        )
    };
    let refused =
        |case: Case| Case { said: "warning certificate-name-extra; error certificate-name-constraint", ..case };
    cases.extend([
        star("DNS:com", ""),
        refused(star("DNS:contoso.com", "")),
        refused(star("", "DNS:bad.example.com")),
        refused(star("", "DNS:BAD.example.com")),
        refused(star("", "DNS:example.com")),
        refused(star("", "DNS:.example.com")),
        star("", "DNS:a.bad.example.com"),
        star("", "DNS:example.org"),
        star("", "DNS:badexample.com"),
    ]);
    cases
}

fn other_constraints() -> Vec<Case> {
    let also = |name: &str| leaf().alternative(&format!("DNS:contoso.com;DNS:chat.contoso.com;{name}"));
    let pair = |what: &str, name, permitted, excluded, said| {
        case(what, [also(name), issuing().limited(permitted, excluded)], said)
    };
    let minimum = |field: &str| {
        let subtree = seq([tlv(0x82, "contoso.com"), unhex(field)]);
        issuing().with(NAME_CONSTRAINTS, seq([tlv(0xA0, subtree)])).critical(NAME_CONSTRAINTS, true)
    };
    let ten = "IP:0a000000ff000000";
    vec![
        pair("address of the network", "IP:0a010203", ten, "", GOOD),
        pair("address of another network", "IP:c0000201", ten, "", NAME),
        pair("address of version 6", "IP:20010db8000000000000000000000001", ten, "", NAME),
        pair("address excluded", "IP:0a010203", "", ten, NAME),
        pair("address of 3 octets, excluded", "IP:0a0102", "", ten, NAME),
        pair("address with a mask in pieces", "IP:0a010203", "IP:0a000003ff0000ff", "", GOOD),
        by("network of 7 octets", issuing().limited("IP:0a000000ff0000", ""), MALFORMED),
        by("network of 4 octets", issuing().limited("IP:0a000000", ""), MALFORMED),
        pair("mail permitted", "email:a@b.org", "email:b.org", "", GOOD),
        pair("mail elsewhere", "email:a@c.org", "email:b.org", "", NAME),
        pair("mail excluded", "email:a@b.org", "", "email:b.org", NAME),
        pair("mail excluded below", "email:a@x.b.org", "", "email:.b.org", NAME),
        pair("mail without a host, excluded", "email:b.org", "", "email:b.org", NAME),
        pair("URI permitted", "URI:https://b.org/", "URI:b.org", "", GOOD),
        pair("URI elsewhere", "URI:https://c.org/", "URI:b.org", "", NAME),
        pair("URI excluded", "URI:https://b.org/", "", "URI:b.org", NAME),
        pair("URI without a host, excluded", "URI:urn:x", "", "URI:b.org", NAME),
        pair("URI of another with a user, permitted", "URI:https://b.org@c.org/", "URI:b.org", "", NAME),
        pair("URI with a user, permitted", "URI:https://a@b.org/", "URI:b.org", "", NAME),
        pair("URI with user and port, excluded", "URI:https://a@b.org:9/", "", "URI:b.org", NAME),
        by("names permitted", issuing().limited("dir:contoso.com", ""), GOOD),
        by("names permitted elsewhere", issuing().limited("dir:fabrikam.com", ""), NAME),
        by("names excluded", issuing().limited("", "dir:contoso.com"), NAME),
        by("names excluded in upper case", issuing().limited("", "dir:Contoso.COM"), NAME),
        by("names excluded elsewhere", issuing().limited("", "dir:fabrikam.com"), GOOD),
        by("minimum of one", minimum("800101"), MALFORMED),
        by("minimum of zero", minimum("800100"), GOOD),
        by("maximum", minimum("810109"), MALFORMED),
        by("constraints without any", issuing().limited("", ""), MALFORMED),
        by(
            "constraints not critical",
            issuing().limited("DNS:fabrikam.com", "").critical(NAME_CONSTRAINTS, false),
            NAME,
        ),
    ]
}
