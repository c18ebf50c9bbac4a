//! The table: a leaf, what came with it, which roots are trusted, and what has to be found.

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
        unreadable(),
        shapes(),
        strict(),
        names_of_issuers(),
        wildcards(),
        stores(),
        twins_and_loops(),
        algorithms(),
        self_issued(),
        attacks(),
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

/// Extensions that OpenSSL reads whatever they are for.
const READ: [(&str, &str); 11] = [
    ("basic constraints", BASIC_CONSTRAINTS),
    ("key usage", KEY_USAGE),
    ("extended usage", EXTENDED_KEY_USAGE),
    ("alternative name", ALTERNATIVE_NAME),
    ("own key", SUBJECT_KEY),
    ("authority key", AUTHORITY_KEY),
    ("name constraints", NAME_CONSTRAINTS),
    ("revocation list", CRL_POINTS),
    ("Netscape type", NETSCAPE_TYPE),
    ("addresses", ADDRESSES),
    ("proxy", PROXY),
];

fn unreadable() -> Vec<Case> {
    let mut cases = Vec::new();
    let contents = [("of a NULL", tlv(5, [])), ("of nothing", vec![]), ("cut short", vec![0x30, 9, 6])];
    for (what, kind) in READ {
        let (lost, said) = match kind {
            ALTERNATIVE_NAME => {
                (true, "error certificate-name-missing; error certificate-name-missing; error certificate-malformed")
            }
            ADDRESSES | PROXY => (false, EXTENSION),
            _ => (false, MALFORMED),
        };
        for (how, content) in &contents {
            cases.push(of(format!("{what} {how}"), leaf().with(kind, content.clone()), said));
            if !lost && kind != BASIC_CONSTRAINTS {
                cases.push(by(format!("issuer's {what} {how}"), issuing().with(kind, content.clone()), said));
            }
        }
    }
    for (what, kind) in &READ[..6] {
        cases.push(of(format!("{what} twice"), leaf().twice(kind), MALFORMED));
    }
    let otherwise = "warning certificate-other-name; error certificate-malformed";
    let other = |content: &str| leaf().alternative(&format!("DNS:contoso.com;DNS:chat.contoso.com;hex:{content}"));
    cases.extend([
        of("key usage of no bits", leaf().usage(&[]), MALFORMED),
        by("issuer's key usage of no bits", issuing().usage(&[]), MALFORMED),
        of("an extension nobody knows", leaf().with("1.2.3.4", tlv(5, [])), GOOD),
        of("a critical one", leaf().with("1.2.3.4", tlv(5, [])).critical("1.2.3.4", true), EXTENSION),
        by("issuer's critical one", issuing().with("1.2.3.4", tlv(5, [])).critical("1.2.3.4", true), EXTENSION),
        by("root's critical one", issuing(), EXTENSION)
            .trusting([root().with("1.2.3.4", tlv(5, [])).critical("1.2.3.4", true)]),
        of("a proxy", leaf().with(PROXY, seq([seq([oid("1.3.6.1.5.5.7.21.1")])])), EXTENSION),
        of(
            "addresses nobody gave",
            leaf().with(ADDRESSES, seq([seq([tlv(4, [0, 1]), seq([tlv(3, [0, 10])])])])),
            EXTENSION,
        ),
        of("networks nobody gave", leaf().with(NETWORKS, seq([tlv(0xA0, seq([number(64500)]))])), EXTENSION),
        of(
            "an XMPP address",
            other("a01806082b06010505070805a00c0c0a636f6e746f736f2e6f72"),
            "warning certificate-other-name",
        ),
        of("an otherName without a value", other("a00a06082b06010505070805"), otherwise),
        of("an otherName without a kind", other("a00ea00c0c0a636f6e746f736f2e6f72"), MALFORMED),
        of("an otherName of garbage", other("a003010203"), MALFORMED),
        of(
            "an otherName with something after",
            other("a01a06082b06010505070805a00c0c0a636f6e746f736f2e6f720500"),
            otherwise,
        ),
        of("no alternative name in the list besides", other("8903010203"), MALFORMED),
        of("an address of 3 octets", other("87030a0102"), GOOD),
    ]);
    cases
}

fn shapes() -> Vec<Case> {
    let unread = "error certificate-unreadable";
    let (short, long) = (|days| stamp(days, 2), |days| stamp(days, 4));
    let utc = |text: String| tlv(0x17, text);
    let generalized = |text: String| tlv(0x18, text);
    let from = |what: &str, time, said| of(format!("valid {what}"), leaf().times(time, day(80)), said);
    let surplus = |what: &str, place| {
        [
            of(format!("more than belongs into {what}"), leaf().surplus(place), MALFORMED),
            by(format!("issuer: more than belongs into {what}"), issuing().surplus(place), MALFORMED),
        ]
    };
    let mut cases = vec![
        of(
            "version 1 without extensions",
            leaf().bare().version(1),
            "error certificate-name-missing; error certificate-name-missing",
        ),
        of("version 1 with extensions", leaf().version(1), MALFORMED),
        of("version 2 with extensions", leaf().version(2), MALFORMED),
        of("version 4", leaf().version(4), MALFORMED),
        by("issuer of version 1", issuing().bare().version(1), STRANGER),
        by("issuer of version 1 with extensions", issuing().version(1), MALFORMED),
        by("issuer of version 2 with extensions", issuing().version(2), MALFORMED),
        by("root of version 1", issuing(), INCOMPLETE).trusting([root().bare().version(1)]),
        of("two algorithms", leaf().outer_digest("sha1"), "error certificate-sha1; error certificate-chain-incomplete"),
        by(
            "issuer of two algorithms",
            issuing().outer_digest("sha1"),
            "error certificate-sha1; error certificate-chain-incomplete",
        ),
        of("a negative serial", leaf().serial(&[0x80]), GOOD),
        of("no subject", leaf().named(seq([])), STRICT),
        of("no subject, critical names", leaf().named(seq([])).critical(ALTERNATIVE_NAME, true), GOOD),
        case("issuer without a subject", [leaf().issuer(seq([])), issuing().named(seq([]))], MALFORMED),
        from("from no seconds", utc(short(-9) + "1200Z"), MALFORMED),
        from("from no zone", utc(short(-9) + "120000"), unread),
        from("from another zone", utc(short(-9) + "120000+0000"), MALFORMED),
        from("from four digits of the year", generalized(long(-9) + "120000Z"), STRICT),
        from("from a fraction", generalized(long(-9) + "120000.5Z"), MALFORMED),
        from("from no such day", utc("260230120000Z".to_owned()), unread),
        from("from no such hour", utc(short(-9) + "250000Z"), unread),
        of("valid until no seconds", leaf().times(day(-9), utc(short(80) + "1200Z")), MALFORMED),
        by("issuer until no seconds", issuing().times(day(-9), utc(short(900) + "1200Z")), MALFORMED),
        by("issuer until 2080", issuing().times(day(-9), tlv(0x18, "20800101000000Z")), GOOD),
        of("expired", leaf().days(-90, -1), "error certificate-expired"),
        of("not yet valid", leaf().days(1, 90), "error certificate-not-yet-valid"),
        by("issuer expired", issuing().days(-90, -1), "error certificate-issuer-expired"),
        by("issuer not yet valid", issuing().days(1, 90), "error certificate-issuer-expired"),
        by("root expired", issuing(), "error certificate-issuer-expired").trusting([root().days(-90, -1)]),
        by("issuer ends first", issuing().days(-90, 70), "warning certificate-issuer-ends-first"),
        by("root ends first", issuing(), "warning certificate-issuer-ends-first").trusting([root().days(-90, 70)]),
    ];
    cases.extend(surplus("the certificate", Surplus::Certificate));
    cases.extend(surplus("what is signed", Surplus::ToBeSigned).map(|case| Case { said: unread, ..case }));
    cases.extend(surplus("the validity", Surplus::Validity));
    cases.extend(surplus("the algorithm", Surplus::Algorithm));
    cases.extend(surplus("an extension", Surplus::Extension));
    cases.extend(surplus("the extensions", Surplus::Extensions).map(|case| Case { said: unread, ..case }));
    cases
}

/// What OpenSSL refuses only if it is told to be strict, and so Python since 3.13.
fn strict() -> Vec<Case> {
    let never = |kind| issuing().critical(kind, true);
    vec![
        by("issuer's constraints not critical", issuing().critical(BASIC_CONSTRAINTS, false), STRICT),
        by("issuer's own key critical", never(SUBJECT_KEY), EXTENSION),
        by("issuer's authority key critical", never(AUTHORITY_KEY), EXTENSION),
        of("own key critical", leaf().critical(SUBJECT_KEY, true), EXTENSION),
        by("issuer with a limit may not sign", issuing().deep(0).without(KEY_USAGE), STRICT),
        by("root without key usage", issuing(), GOOD).trusting([root().without(KEY_USAGE)]),
        by("root's constraints not critical", issuing(), GOOD).trusting([root().critical(BASIC_CONSTRAINTS, false)]),
        of("no names but an empty list besides", leaf().without(SUBJECT_KEY), GOOD),
    ]
}

fn names_of_issuers() -> Vec<Case> {
    let (cn, o) = ("2.5.4.3", "2.5.4.10");
    let named = |what: &str, subject: &[(&str, u8, &str)], issuer: &[(&str, u8, &str)], said| {
        case(what, [leaf().issuer(distinguished(issuer)), issuing().named(distinguished(subject))], said)
    };
    vec![
        named("issuer in another case", &[(cn, UTF8, "Example CA")], &[(cn, UTF8, "EXAMPLE ca")], GOOD),
        named("issuer with other blanks", &[(cn, UTF8, "Example  CA ")], &[(cn, UTF8, " Example CA")], GOOD),
        named("issuer in another kind of string", &[(cn, UTF8, "Example CA")], &[(cn, PRINTABLE, "Example CA")], GOOD),
        named("issuer in 16 bits", &[(cn, UTF8, "A")], &[(cn, 0x1E, "\0A")], GOOD),
        named("issuer with a Kelvin sign", &[(cn, UTF8, "k")], &[(cn, UTF8, "\u{212A}")], INCOMPLETE),
        named("issuer with an umlaut in upper case", &[(cn, UTF8, "ä")], &[(cn, UTF8, "Ä")], INCOMPLETE),
        named("issuer with a wide blank", &[(cn, UTF8, "a b")], &[(cn, UTF8, "a\u{2003}b")], INCOMPLETE),
        named(
            "two parts for one that reads like them",
            &[(o, UTF8, "A, CN=B")],
            &[(o, UTF8, "A"), (cn, UTF8, "B")],
            INCOMPLETE,
        ),
        named("issuer of another type", &[(o, UTF8, "A")], &[(cn, UTF8, "A")], INCOMPLETE),
        named(
            "issuer in another order",
            &[(o, UTF8, "A"), (cn, UTF8, "B")],
            &[(cn, UTF8, "B"), (o, UTF8, "A")],
            INCOMPLETE,
        ),
        named("issuer with less", &[(o, UTF8, "A"), (cn, UTF8, "B")], &[(o, UTF8, "A")], INCOMPLETE),
        case("organization and name", [leaf().issuer(organized("A", "B")), issuing().named(organized("a", "b"))], GOOD),
    ]
}

fn wildcards() -> Vec<Case> {
    let (missing, two) =
        ("error certificate-name-missing; warning certificate-name-extra", "warning certificate-wildcard");
    let named = |list: &str, said| of(format!("names {list}"), leaf().alternative(list), said);
    vec![
        named("DNS:contoso.com;DNS:*.contoso.com", two),
        named("DNS:contoso.com;DNS:*.com", missing),
        named("DNS:chat.contoso.com;DNS:*.com", missing),
        named("DNS:contoso.com;DNS:*", missing),
        named("DNS:contoso.com;DNS:ch*.contoso.com", missing),
        named("DNS:contoso.com;DNS:*.*.com", missing),
        named("DNS:CONTOSO.com;DNS:Chat.Contoso.Com", GOOD),
    ]
}

fn stores() -> Vec<Case> {
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
        case("leaf in the store", [leaf(), issuing()], GOOD).trusting([root(), leaf()]),
    ]
}

fn twins_and_loops() -> Vec<Case> {
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

fn algorithms() -> Vec<Case> {
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
fn self_issued() -> Vec<Case> {
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

fn attacks() -> Vec<Case> {
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
