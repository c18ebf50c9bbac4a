//! How certificates are made.

use super::*;

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

pub fn unreadable() -> Vec<Case> {
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

pub fn shapes() -> Vec<Case> {
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
pub fn strict() -> Vec<Case> {
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

pub fn names_of_issuers() -> Vec<Case> {
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

pub fn wildcards() -> Vec<Case> {
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
