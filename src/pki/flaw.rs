//! What is wrong with how a certificate is made, whoever issued it and whatever it is for.
//!
//! The parser reads more than RFC 5280 allows, and leaves out what it cannot read; peers do not. The reference is OpenSSL,
//! which Prosody and ejabberd use: what it refuses is grave. What it refuses only if told to be strict, as Python tells it
//! since 3.13, is said.

use x509_parser::asn1_rs::{Any, Class, FromDer, Tag};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, GeneralSubtree, NameConstraints, ParsedExtension, X509Extension};
use x509_parser::oid_registry::{
    OID_X509_EXT_AUTHORITY_KEY_IDENTIFIER, OID_X509_EXT_BASIC_CONSTRAINTS, OID_X509_EXT_CERT_TYPE,
    OID_X509_EXT_CRL_DISTRIBUTION_POINTS, OID_X509_EXT_EXTENDED_KEY_USAGE, OID_X509_EXT_KEY_USAGE,
    OID_X509_EXT_NAME_CONSTRAINTS, OID_X509_EXT_SUBJECT_ALT_NAME, OID_X509_EXT_SUBJECT_KEY_IDENTIFIER, Oid,
};
use x509_parser::x509::X509Version;

use crate::text::{Message, say};

/// The extensions that OpenSSL reads in every certificate; it refuses one in which it cannot.
const READ: [Oid<'static>; 9] = [
    OID_X509_EXT_BASIC_CONSTRAINTS,
    OID_X509_EXT_KEY_USAGE,
    OID_X509_EXT_EXTENDED_KEY_USAGE,
    OID_X509_EXT_CERT_TYPE,
    OID_X509_EXT_SUBJECT_KEY_IDENTIFIER,
    OID_X509_EXT_AUTHORITY_KEY_IDENTIFIER,
    OID_X509_EXT_SUBJECT_ALT_NAME,
    OID_X509_EXT_NAME_CONSTRAINTS,
    OID_X509_EXT_CRL_DISTRIBUTION_POINTS,
];

/// Something that is wrong with a certificate by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// More octets in it than belong there (X.690 10).
    Surplus,
    /// An extension, by its identifier, that cannot be read or comes twice (RFC 5280 4.2).
    Extension(String),
    /// Extensions, though it is not of version 3 (RFC 5280 4.1.2.1).
    Version,
    /// A time in another form than certificates have (RFC 5280 4.1.2.5).
    Time,
    /// An authority without a name (RFC 5280 4.1.2.6).
    Nameless,
    /// The right to sign certificates without being an authority (RFC 5280 4.2.1.9).
    CertSign,
    /// A time before 2050 as those after it are written (RFC 5280 4.1.2.5).
    LongTime,
    /// No subject, and alternative names that are not critical (RFC 5280 4.2.1.6).
    NamesNotCritical,
    /// An authority whose basic constraints are not critical (RFC 5280 4.2.1.9).
    ConstraintsNotCritical,
    /// A limit for authorities below one that is none (RFC 5280 4.2.1.9).
    PathLength,
    /// An authority without key usage (RFC 5280 4.2.1.3).
    NoKeyUsage,
    /// An authority without an identifier of its key (RFC 5280 4.2.1.2).
    NoOwnKey,
    /// No identifier of the issuer's key (RFC 5280 4.2.1.1).
    NoAuthorityKey,
}

impl Flaw {
    /// Whether peers refuse the certificate for it, rather than strict ones alone.
    #[must_use]
    pub fn is_grave(&self) -> bool {
        use Flaw::{CertSign, Extension, Nameless, Surplus, Time, Version};
        matches!(self, Surplus | Extension(_) | Version | Time | Nameless | CertSign)
    }

    /// What it is, as messages say it.
    #[must_use]
    pub fn words(&self) -> Message {
        match self {
            Flaw::Surplus => say("flaw-surplus"),
            Flaw::Extension(oid) => say("flaw-extension").with("oid", oid.as_str()),
            Flaw::Version => say("flaw-version"),
            Flaw::Time => say("flaw-time"),
            Flaw::Nameless => say("flaw-nameless"),
            Flaw::CertSign => say("flaw-cert-sign"),
            Flaw::LongTime => say("flaw-long-time"),
            Flaw::NamesNotCritical => say("flaw-names-not-critical"),
            Flaw::ConstraintsNotCritical => say("flaw-constraints-not-critical"),
            Flaw::PathLength => say("flaw-path-length"),
            Flaw::NoKeyUsage => say("flaw-no-key-usage"),
            Flaw::NoOwnKey => say("flaw-no-own-key"),
            Flaw::NoAuthorityKey => say("flaw-no-authority-key"),
        }
    }
}

/// Everything that is wrong with `certificate`, which was read from `der`.
pub(super) fn flaws(certificate: &X509Certificate<'_>, der: &[u8]) -> Vec<Flaw> {
    let mut flaws: Vec<Flaw> = shape(der).into_iter().flatten().collect();
    let extensions = certificate.extensions();
    let is_of_3 = certificate.version() == X509Version::V3;
    if (!is_of_3 && !extensions.is_empty()) || certificate.version().0 > X509Version::V3.0 {
        flaws.push(Flaw::Version);
    }
    let wrong = extensions.iter().enumerate().filter(|(place, extension)| {
        let is_twice = extensions[..*place].iter().any(|before| before.oid == extension.oid);
        is_twice || (READ.contains(&extension.oid) && !is_readable(extension))
    });
    flaws.extend(wrong.map(|(_, extension)| Flaw::Extension(extension.oid.to_id_string())));
    flaws.extend(claims(certificate));
    flaws
}

/// What a certificate says of itself and may not.
fn claims(certificate: &X509Certificate<'_>) -> impl Iterator<Item = Flaw> {
    let find = |oid| certificate.extensions().iter().find(|extension| extension.oid == oid);
    let constraints = find(OID_X509_EXT_BASIC_CONSTRAINTS);
    let (is_ca, has_limit) = match constraints.map(X509Extension::parsed_extension) {
        Some(ParsedExtension::BasicConstraints(held)) => (held.ca, held.path_len_constraint.is_some()),
        _ => (false, false),
    };
    let usage = find(OID_X509_EXT_KEY_USAGE);
    let may_sign = match usage.map(X509Extension::parsed_extension) {
        Some(ParsedExtension::KeyUsage(usage)) => usage.key_cert_sign(),
        _ => false,
    };
    let names_key = match find(OID_X509_EXT_AUTHORITY_KEY_IDENTIFIER).map(X509Extension::parsed_extension) {
        Some(ParsedExtension::AuthorityKeyIdentifier(held)) => held.key_identifier.is_some(),
        _ => false,
    };
    let is_nameless = certificate.subject().iter().next().is_none();
    let names = find(OID_X509_EXT_SUBJECT_ALT_NAME);
    [
        (is_ca && is_nameless, Flaw::Nameless),
        (!is_ca && may_sign, Flaw::CertSign),
        (!is_ca && is_nameless && names.is_some_and(|names| !names.critical), Flaw::NamesNotCritical),
        (is_ca && constraints.is_some_and(|held| !held.critical), Flaw::ConstraintsNotCritical),
        (!is_ca && has_limit, Flaw::PathLength),
        (is_ca && usage.is_none(), Flaw::NoKeyUsage),
        (is_ca && find(OID_X509_EXT_SUBJECT_KEY_IDENTIFIER).is_none(), Flaw::NoOwnKey),
        (certificate.version() == X509Version::V3 && !names_key, Flaw::NoAuthorityKey),
    ]
    .into_iter()
    .filter_map(|(is_so, flaw)| is_so.then_some(flaw))
}

/// What is wrong with the outer values of a certificate (RFC 5280 4.1), where the parser is content.
fn shape(der: &[u8]) -> [Option<Flaw>; 2] {
    let surplus = [Some(Flaw::Surplus), None];
    let Some([whole]) = exactly(der) else { return surplus };
    let Some([signed, algorithm, _]) = exactly(whole.data) else { return surplus };
    let held = parts(signed.data).unwrap_or_default();
    // The version is not written where it is 1.
    let held = if held.first().is_some_and(|first| first.tag() == Tag(0)) { &held[1..] } else { &held[..] };
    let [_serial, inner_algorithm, _issuer, validity, _subject, key, ..] = held else { return surplus };
    let is_algorithm = |value: &Any<'_>| parts(value.data).is_some_and(|parts| (1..=2).contains(&parts.len()));
    let (times, key) = (exactly::<2>(validity.data), exactly::<2>(key.data));
    let (Some(times), Some([key_algorithm, _])) = (times, key) else { return surplus };
    if ![&algorithm, inner_algorithm, &key_algorithm].into_iter().all(is_algorithm) {
        return surplus;
    }
    let wrong = times.iter().any(|time| !is_time(time)).then_some(Flaw::Time);
    let is_long = |time: &Any<'_>| {
        time.tag() == Tag::GeneralizedTime && time.data.get(..4).is_some_and(|year| year < b"2050".as_slice())
    };
    [wrong, times.iter().any(is_long).then_some(Flaw::LongTime)]
}

/// `YYMMDDHHMMSSZ`, or with four digits of the year.
fn is_time(time: &Any<'_>) -> bool {
    let digits = match time.tag() {
        Tag::UtcTime => 12,
        Tag::GeneralizedTime => 14,
        _ => return false,
    };
    time.data.len() == digits + 1 && time.data.ends_with(b"Z") && time.data[..digits].iter().all(u8::is_ascii_digit)
}

/// Whether an extension that peers read can be read to its end.
fn is_readable(extension: &X509Extension<'_>) -> bool {
    let Some([value]) = exactly(extension.value) else { return false };
    match extension.parsed_extension() {
        // The parser reads only some forms of them.
        _ if extension.oid == OID_X509_EXT_CRL_DISTRIBUTION_POINTS => {
            let points = if value.tag() == Tag::Sequence { parts(value.data) } else { None };
            points.is_some_and(|points| points.iter().all(is_point))
        }
        ParsedExtension::ParseError { .. } => false,
        ParsedExtension::KeyUsage(usage) => usage.flags != 0,
        ParsedExtension::SubjectAlternativeName(names) => names.general_names.iter().all(is_name),
        ParsedExtension::ExtendedKeyUsage(_) => {
            parts(value.data).is_some_and(|usages| usages.iter().all(|usage| usage.tag() == Tag::Oid))
        }
        ParsedExtension::AuthorityKeyIdentifier(_) => fields(value.data, 2).is_some(),
        ParsedExtension::NameConstraints(held) => is_heedable(held) && has_no_bounds(&value),
        _ => true,
    }
}

/// An otherName is an identifier and one value under an explicit tag (RFC 5280 4.2.1.6).
fn is_name(name: &GeneralName<'_>) -> bool {
    match name {
        GeneralName::OtherName(_, rest) => {
            exactly::<1>(rest).is_some_and(|[value]| value.tag() == Tag(0) && exactly::<1>(value.data).is_some())
        }
        GeneralName::Invalid(..) => false,
        _ => true,
    }
}

/// Whether all that is said of names can be heeded.
fn is_heedable(constraints: &NameConstraints<'_>) -> bool {
    let is_readable = |subtree: &GeneralSubtree<'_>| match &subtree.base {
        GeneralName::IPAddress(network) => [8, 32].contains(&network.len()),
        GeneralName::Invalid(..) => false,
        _ => true,
    };
    // The parser leaves a list out that it cannot read, and one of the two there has to be.
    let mut bases =
        [&constraints.permitted_subtrees, &constraints.excluded_subtrees].into_iter().flatten().flatten().peekable();
    bases.peek().is_some() && bases.all(is_readable)
}

/// Whether no subtree has a minimum other than 0 or a maximum, which nobody may use (RFC 5280 4.2.1.10) and the parser
/// leaves out.
fn has_no_bounds(constraints: &Any<'_>) -> bool {
    let lists = parts(constraints.data).unwrap_or_default();
    let subtrees = lists.iter().flat_map(|list| parts(list.data).unwrap_or_default());
    subtrees.map(|subtree| parts(subtree.data).unwrap_or_default()).all(|fields| match fields.as_slice() {
        [_base] => true,
        [_base, minimum] => minimum.tag() == Tag(0) && minimum.data == [0],
        _ => false,
    })
}

/// A place where revocation lists are, who keeps them, and what for (RFC 5280 4.2.1.13).
fn is_point(point: &Any<'_>) -> bool {
    let is_place = |field: &Any<'_>| field.tag() != Tag(0) || fields(field.data, 1).is_some_and(|held| held.len() == 1);
    let is_more_than_reasons = |held: &[Any<'_>]| held.iter().any(|field| field.tag() != Tag(1));
    point.tag() == Tag::Sequence
        && fields(point.data, 2).is_some_and(|held| held.iter().all(is_place) && is_more_than_reasons(&held))
}

/// The fields that stand there, each under its own number up to the `last`, in their order.
fn fields(octets: &[u8], last: u32) -> Option<Vec<Any<'_>>> {
    let fields = parts(octets)?;
    let is_numbered = |field: &Any<'_>| field.class() == Class::ContextSpecific && field.tag().0 <= last;
    let is_good = fields.iter().all(is_numbered) && fields.is_sorted_by(|one, next| one.tag().0 < next.tag().0);
    is_good.then_some(fields)
}

/// The values that stand one after the other, if nothing else does.
fn parts(mut octets: &[u8]) -> Option<Vec<Any<'_>>> {
    let mut values = Vec::new();
    while !octets.is_empty() {
        let (rest, value) = Any::from_der(octets).ok()?;
        values.push(value);
        octets = rest;
    }
    Some(values)
}

/// The same, if they are so many.
fn exactly<const N: usize>(octets: &[u8]) -> Option<[Any<'_>; N]> {
    parts(octets)?.try_into().ok()
}
