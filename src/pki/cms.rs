//! Containers of the Cryptographic Message Syntax (RFC 5652), in BER or DER, as far as they carry certificates.

use x509_parser::asn1_rs::{Any, Class, FromBer, Oid, Tag};
use x509_parser::oid_registry::{OID_PKCS7_ID_ENVELOPED_DATA, OID_PKCS7_ID_SIGNED_DATA};

/// Whether it begins as a SEQUENCE with a long or indefinite length, as certificates and containers do, or is one of just
/// its short length (X.690 8.1.3).
pub(super) fn is_der(octets: &[u8]) -> bool {
    match octets {
        [0x30, 0x80..=0x84, ..] => true,
        [0x30, length, rest @ ..] => usize::from(*length) == rest.len(),
        _ => false,
    }
}

/// The first ASN.1 value with its header, and what follows it.
pub(super) fn split_first(octets: &[u8]) -> Option<(&[u8], &[u8])> {
    let (rest, _) = Any::from_ber(octets).ok()?;
    Some(octets.split_at(octets.len() - rest.len()))
}

/// The ASN.1 values inside of one, each with its header.
fn values(mut octets: &[u8]) -> impl Iterator<Item = (&[u8], Any<'_>)> {
    std::iter::from_fn(move || {
        let (first, rest) = split_first(octets)?;
        octets = rest;
        Some((first, Any::from_ber(first).ok()?.1))
    })
}

/// The certificates of a `SignedData` (RFC 5652 5.1, RFC 2315 9.1) in BER or DER; none where it is something else.
pub(super) fn signed_certificates(der: &[u8]) -> Option<Vec<&[u8]>> {
    let (_, content_info) = Any::from_ber(der).ok()?;
    let mut parts = values(content_info.data);
    let (_, content_type) = parts.next()?;
    if content_type.tag() != Tag::Oid || Oid::new(content_type.data.into()) != OID_PKCS7_ID_SIGNED_DATA {
        return None;
    }
    let (_, content) = parts.next()?;
    let (_, signed_data) = values(content.data).next()?;
    let is_certificates = |value: &Any<'_>| value.class() == Class::ContextSpecific && value.tag() == Tag(0);
    let certificates = values(signed_data.data).map(|(_, value)| value).find(is_certificates);
    // The other choices (RFC 5652 10.2.2) are attribute certificates and the like.
    let is_certificate = |value: &Any<'_>| value.class() == Class::Universal;
    let certificates = certificates
        .map(|set| values(set.data).filter(|(_, value)| is_certificate(value)).map(|(der, _)| der).collect::<Vec<_>>());
    Some(certificates.unwrap_or_default())
}

/// Whether it is an `EnvelopedData` (RFC 5652 6.1).
pub(super) fn is_encrypted(der: &[u8]) -> bool {
    let content_info = Any::from_ber(der).ok();
    let content_type = content_info.as_ref().and_then(|(_, info)| values(info.data).next());
    content_type
        .is_some_and(|(_, kind)| kind.tag() == Tag::Oid && Oid::new(kind.data.into()) == OID_PKCS7_ID_ENVELOPED_DATA)
}
