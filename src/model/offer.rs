//! What an authority sent: certificates in one of the many wrappings they travel in.
//!
//! Sources: RFC 7468 (PEM), RFC 5652 and 2315 (the degenerate `SignedData` known as P7B), RFC 7292 (PFX). Nothing in
//! here calls itself, so nesting costs nothing; asn1-rs itself stops at depth 50.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use x509_parser::asn1_rs::{Any, Class, FromBer, Oid, Tag};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::oid_registry::OID_PKCS7_ID_SIGNED_DATA;
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::CertificateRevocationList;
use zeroize::Zeroizing;

use super::pfx::{self, Unreadable};
use super::request::public_key_of;
use super::{Certificate, PrivateKey};
use crate::problem::{Code, Problem};
use crate::text::{Arg, Message, say};

/// Octets an offer may have.
pub const MAX_OCTETS: usize = 1 << 20;
/// Certificates an offer may have.
pub const MAX_CERTIFICATES: usize = 200;

/// Base64 as people send it: with or without the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What an authority sent.
pub struct Offer {
    /// The certificates in the order given, each once; at least one.
    pub certificates: Vec<Certificate>,
    /// A private key that came along.
    pub key: Option<PrivateKey>,
    /// Whether the order of the certificates was somebody's choice. In a P7B and a PFX it is not: they hold sets.
    pub is_ordered: bool,
}

impl Offer {
    /// Reads PEM with anything around it, DER, PKCS#7 or a PFX; text also as UTF-16 with its mark, and base64 without
    /// its first and last line.
    ///
    /// # Errors
    /// `certificate-too-large`, `certificate-password`, `certificate-none`, or `certificate-unreadable` with what was
    /// found instead.
    pub fn read(octets: &[u8], password: Option<&str>) -> Result<Self, Problem> {
        if octets.len() > MAX_OCTETS {
            return Err(too_large());
        }
        let mut reader = Reader {
            password,
            offer: Offer { certificates: Vec::new(), key: None, is_ordered: true },
            is_container: false,
            instead: None,
        };
        if is_der(octets) {
            reader.take_der(octets)?;
        } else {
            reader.take_text(&text(octets))?;
        }
        let Reader { offer, is_container, instead, .. } = reader;
        match instead {
            _ if !offer.certificates.is_empty() => Ok(offer),
            None if is_container => Err(Problem::error(Code::CertificateNone, "")),
            instead => Err(instead.unwrap_or(Instead::Nothing).problem()),
        }
    }
}

/// What was found where a certificate was looked for.
#[derive(Clone, Copy)]
enum Instead {
    Nothing,
    Damaged,
    Request,
    Key,
    RevocationList,
    Page,
}

impl Instead {
    fn problem(self) -> Problem {
        unreadable(match self {
            Instead::Nothing => say("offer-nothing"),
            Instead::Damaged => say("offer-damaged"),
            Instead::Request => say("offer-request"),
            Instead::Key => say("offer-key"),
            Instead::RevocationList => say("offer-revocation-list"),
            Instead::Page => say("offer-page"),
        })
    }
}

fn unreadable(found: impl Into<Arg>) -> Problem {
    Problem::error(Code::CertificateUnreadable, "").with("found", found)
}

fn too_large() -> Problem {
    let problem = Problem::error(Code::CertificateTooLarge, "");
    problem.with("max", MAX_OCTETS >> 20).with("certificates", MAX_CERTIFICATES)
}

struct Reader<'a> {
    password: Option<&'a str>,
    offer: Offer,
    /// Whether something was read that is made to hold certificates.
    is_container: bool,
    instead: Option<Instead>,
}

impl Reader<'_> {
    fn take_text(&mut self, text: &str) -> Result<(), Problem> {
        let mut rest = text;
        while let Some(block) = Block::next(&mut rest) {
            let Block { label, body } = block.map_err(Instead::problem)?;
            self.take_block(label, body)?;
        }
        let is_armoured = rest.len() < text.len();
        let bare = if is_armoured { None } else { decoded(text.trim_start_matches('\u{FEFF}')) };
        match bare {
            Some(der) if is_der(&der) => self.take_der(&der),
            _ => {
                let has_tag = |tag: &str| text.to_ascii_lowercase().contains(tag);
                if self.instead.is_none() && (has_tag("<html") || has_tag("<!doctype")) {
                    self.instead = Some(Instead::Page);
                }
                Ok(())
            }
        }
    }

    fn take_block(&mut self, label: &str, body: &str) -> Result<(), Problem> {
        let der = || decoded(body).ok_or(Instead::Damaged.problem());
        if label.ends_with("PRIVATE KEY") {
            self.instead = Some(Instead::Key);
            if label == "PRIVATE KEY" {
                self.offer.key.get_or_insert(PrivateKey::from_der(&der()?));
            }
        } else if label.ends_with("CERTIFICATE REQUEST") {
            self.instead = Some(Instead::Request);
        } else if label == "X509 CRL" {
            self.instead = Some(Instead::RevocationList);
        } else if label == "TRUSTED CERTIFICATE" {
            // OpenSSL's own kind: what it trusts the certificate for follows it.
            let der = der()?;
            let (first, _) = split_first(&der).ok_or(Instead::Damaged.problem())?;
            self.take_element(first)?;
        } else if ["CERTIFICATE", "PKCS", "CMS"].iter().any(|word| label.contains(word)) {
            // The label says little: some authorities mail a P7B as CERTIFICATE.
            self.take_der(&der()?)?;
        }
        Ok(())
    }

    fn take_der(&mut self, der: &[u8]) -> Result<(), Problem> {
        let mut rest = der;
        while !rest.iter().all(|octet| octet.is_ascii_whitespace() || *octet == 0) {
            let (first, after) = split_first(rest).ok_or(Instead::Damaged.problem())?;
            self.take_element(first)?;
            rest = after;
        }
        Ok(())
    }

    fn take_element(&mut self, der: &[u8]) -> Result<(), Problem> {
        if let Some(certificate) = Certificate::read(der) {
            return self.take(certificate);
        }
        if let Some(certificates) = signed_certificates(der) {
            return self.take_all(certificates.into_iter());
        }
        match pfx::read(der, self.password) {
            Ok(pfx::Contents { certificates, key }) => {
                self.offer.key = self.offer.key.take().or(key);
                self.take_all(certificates.iter().map(Vec::as_slice))
            }
            Err(Unreadable::NotPfx) => {
                self.instead = Some(instead_of_certificate(der).ok_or(Instead::Damaged.problem())?);
                Ok(())
            }
            Err(Unreadable::Password) => Err(wrong_password(self.password)),
            Err(Unreadable::Unsupported(what)) => Err(unreadable(say("offer-unsupported").with("what", what))),
            Err(Unreadable::Damaged) => Err(Instead::Damaged.problem()),
        }
    }

    /// Takes the certificates of a container, which has no order.
    fn take_all<'a>(&mut self, certificates: impl Iterator<Item = &'a [u8]>) -> Result<(), Problem> {
        self.is_container = true;
        self.offer.is_ordered = false;
        for der in certificates {
            self.take(Certificate::read(der).ok_or(Instead::Damaged.problem())?)?;
        }
        Ok(())
    }

    fn take(&mut self, certificate: Certificate) -> Result<(), Problem> {
        let certificates = &mut self.offer.certificates;
        if certificates.contains(&certificate) {
            return Ok(());
        }
        if certificates.len() == MAX_CERTIFICATES {
            return Err(too_large());
        }
        certificates.push(certificate);
        Ok(())
    }
}

fn wrong_password(given: Option<&str>) -> Problem {
    let what: Message = match given {
        None => say("offer-password-missing"),
        Some(_) => say("offer-password-wrong"),
    };
    Problem::error(Code::CertificatePassword, "").with("what", what)
}

/// Text in the encoding its mark tells, else UTF-8; what is in no known encoding is junk around the certificates.
fn text(octets: &[u8]) -> Zeroizing<String> {
    let utf16 = |octets: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = octets.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        // Room for all of it at once: a text that grows leaves its old place uncleared, and there may be a key in it.
        let mut text = String::with_capacity(octets.len() * 2);
        text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
        text
    };
    Zeroizing::new(match octets {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        octets => String::from_utf8_lossy(octets).into_owned(),
    })
}

/// A block of PEM.
struct Block<'a> {
    label: &'a str,
    body: &'a str,
}

impl<'a> Block<'a> {
    /// Takes the next block off `rest`. One without an end is damaged.
    ///
    /// Not by the `pem` crate: it refuses all for one bad block and leaves uncleared copies of keys behind.
    fn next(rest: &mut &'a str) -> Option<Result<Self, Instead>> {
        let text: &'a str = rest;
        let (_, after) = text.split_once("-----BEGIN ")?;
        let block = || {
            let (label, after) = after.split_once("-----")?;
            let (body, after) = after.split_once("-----")?;
            let (end, after) = after.split_once("-----")?;
            (end.trim_end() == format!("END {label}")).then_some((Block { label, body }, after))
        };
        let block = block();
        *rest = block.as_ref().map_or("", |(_, after)| after);
        Some(block.map(|(block, _)| block).ok_or(Instead::Damaged))
    }
}

/// The octets of base64 in lines, which a mail may have quoted with `>`; header lines (RFC 1421 4.6) are skipped.
fn decoded(body: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut plain = Zeroizing::new(String::with_capacity(body.len()));
    for line in body.lines().filter(|line| !line.contains(':')) {
        plain.extend(line.chars().filter(|c| !c.is_whitespace() && *c != '>'));
    }
    BASE64.decode(plain.as_bytes()).ok().map(Zeroizing::new)
}

/// Whether it begins as a SEQUENCE that may be a certificate or a container does (X.690 8.1.3): with its length in further
/// octets, or short and of just this length.
fn is_der(octets: &[u8]) -> bool {
    match octets {
        [0x30, 0x80..=0x84, ..] => true,
        [0x30, length, rest @ ..] => usize::from(*length) == rest.len(),
        _ => false,
    }
}

/// The first ASN.1 value with its header, and what follows it.
fn split_first(octets: &[u8]) -> Option<(&[u8], &[u8])> {
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
fn signed_certificates(der: &[u8]) -> Option<Vec<&[u8]>> {
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

/// What else people send by mistake.
fn instead_of_certificate(der: &[u8]) -> Option<Instead> {
    if X509CertificationRequest::from_der(der).is_ok() {
        Some(Instead::Request)
    } else if CertificateRevocationList::from_der(der).is_ok() {
        Some(Instead::RevocationList)
    } else {
        public_key_of(&PrivateKey::from_der(der)).map(|_| Instead::Key)
    }
}
