//! What an authority sent: certificates in one of the many wrappings they travel in.
//!
//! Sources: RFC 7468 (PEM), RFC 5652 and 2315 (the degenerate `SignedData` known as P7B), RFC 7292 (PFX), RFC 2045 (mail).
//! Nothing in here calls itself, so nesting costs nothing; asn1-rs itself stops at depth 50.

use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer;
use x509_parser::revocation_list::CertificateRevocationList;

use super::cms::{is_der, is_encrypted, signed_certificates, split_first};
use super::encoding::decoded;
use super::mail;
use super::pfx;
use super::pfx::Unreadable;
use super::request::public_key_of;
use super::{Certificate, PrivateKey};
use crate::problem::{Code, Problem};
use crate::text::{Arg, Message, say};

/// Octets an offer may have.
pub const MAX_OCTETS: usize = 1 << 20;
/// Certificates an offer may have.
pub const MAX_CERTIFICATES: usize = 200;

/// What an authority sent.
pub struct IssuedBundle {
    /// The certificates in the order given, each once; at least one.
    pub certificates: Vec<Certificate>,
    /// A private key that came along.
    pub key: Option<PrivateKey>,
    /// Whether the order of the certificates was somebody's choice. In a P7B and a PFX it is not: they hold sets.
    pub is_ordered: bool,
}

impl IssuedBundle {
    /// Reads PEM with anything around it, DER, PKCS#7 or a PFX; text also as UTF-16, and base64 without its first and last
    /// line; and all of that in a mail as it was saved, in its encoded parts and its HTML.
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
            offer: IssuedBundle { certificates: Vec::new(), key: None, is_ordered: true },
            is_container: false,
            has_pfx: false,
            instead: None,
        };
        if is_der(octets) {
            reader.take_der(octets)?;
        } else {
            reader.take_mail(&mail::text(octets))?;
        }
        let Reader { offer, is_container, instead, .. } = reader;
        match instead {
            _ if !offer.certificates.is_empty() => Ok(offer),
            None if is_container => Err(Problem::error(Code::CertificateNone, "")),
            instead => Err(instead.unwrap_or(Instead::Nothing).problem()),
        }
    }
}

impl IssuedBundle {
    /// Adds certificates that came apart from the first ones, such as the issuers in a file of their own.
    pub fn add_issuers(&mut self, issuers: IssuedBundle) {
        let is_new = |certificate: &Certificate| !self.certificates.contains(certificate);
        let new: Vec<Certificate> = issuers.certificates.into_iter().filter(is_new).collect();
        self.certificates.extend(new);
        self.is_ordered &= issuers.is_ordered;
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
    Encrypted,
    Outlook,
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
            Instead::Encrypted => say("offer-encrypted"),
            Instead::Outlook => say("offer-outlook"),
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
    offer: IssuedBundle,
    /// Whether something was read that is made to hold certificates.
    is_container: bool,
    has_pfx: bool,
    instead: Option<Instead>,
}

impl Reader<'_> {
    /// Takes text; of a mail, each part by itself.
    fn take_mail(&mut self, text: &str) -> Result<(), Problem> {
        let parts = mail::parts(text);
        if parts.is_empty() {
            return self.take_text(text);
        }
        let (pages, others): (Vec<_>, Vec<_>) =
            parts.into_iter().filter(|part| !part.is_signature).partition(|part| part.is_page);
        for part in others.iter().chain(&pages) {
            let is_said = part.is_page && !self.offer.certificates.is_empty();
            let octets = part.octets();
            match is_der(&octets) {
                _ if is_said => {}
                true => self.take_der(&octets)?,
                false => self.take_text(&mail::text(&octets))?,
            }
        }
        // A page in a mail is no page that somebody saved in place of the certificate.
        self.instead = self.instead.filter(|instead| !matches!(instead, Instead::Page));
        Ok(())
    }

    fn take_text(&mut self, text: &str) -> Result<(), Problem> {
        let is_page = mail::is_page(text);
        let undressed = is_page.then(|| mail::undressed(text));
        let text = undressed.as_ref().map_or(text, |text| text);
        let mut rest = text;
        while let Some(block) = Content::next(&mut rest) {
            let Content { label, body } = block.map_err(Instead::problem)?;
            self.take_block(label, body)?;
        }
        let is_armoured = rest.len() < text.len();
        if is_armoured {
            return Ok(());
        }
        match decoded(text.trim_start_matches('\u{FEFF}')) {
            Some(der) if is_der(&der) => self.take_der(&der)?,
            _ if is_page => self.instead = Some(Instead::Page),
            _ if text.starts_with(TNEF) => self.instead = Some(Instead::Outlook),
            _ => {}
        }
        Ok(())
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
        } else if label == "PGP MESSAGE" {
            self.instead = Some(Instead::Encrypted);
        } else if label == "X509 CRL" {
            self.instead = Some(Instead::RevocationList);
        } else if label == "TRUSTED CERTIFICATE" {
            // OpenSSL's own kind: what it trusts the certificate for follows it.
            let der = der()?;
            let (first, _) = split_first(&der).ok_or(Instead::Damaged.problem())?;
            self.take_element(first)?;
        } else if holds_certificates(label) {
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
        // Opening a PFX may take seconds, and nobody sends two.
        if self.has_pfx {
            return Err(Instead::Damaged.problem());
        }
        match pfx::read(der, self.password.unwrap_or_default()) {
            Ok(pfx::Contents { certificates, key }) => {
                self.has_pfx = true;
                self.offer.key = self.offer.key.take().or(key);
                self.take_all(certificates.iter().map(Vec::as_slice))
            }
            Err(Unreadable::NotPfx) => {
                // Looking closer takes time, so it is done once.
                let instead = if self.instead.is_none() { instead_of_certificate(der) } else { None };
                self.instead = Some(instead.ok_or(Instead::Damaged.problem())?);
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

/// A block of PEM.
struct Content<'a> {
    label: &'a str,
    body: &'a str,
}

impl<'a> Content<'a> {
    /// Takes the next block off `rest`. One without an end is damaged; with a label that means nothing here, it is no block.
    ///
    /// Not by the `pem` crate: it refuses all for one bad block and leaves uncleared copies of keys behind.
    fn next(rest: &mut &'a str) -> Option<Result<Self, Instead>> {
        loop {
            let (_, after) = rest.split_once("-----BEGIN ")?;
            let (label, after) = after.split_once("-----")?;
            *rest = after;
            let body = || {
                let (body, after) = after.split_once("-----")?;
                let (end, after) = after.split_once("-----")?;
                (end.trim_end().strip_prefix("END ") == Some(label)).then_some((body, after))
            };
            if let Some((body, after)) = body() {
                *rest = after;
                return Some(Ok(Content { label, body }));
            }
            if holds_certificates(label) {
                return Some(Err(Instead::Damaged));
            }
        }
    }
}

/// Whether a block of this label may. It says little: some authorities mail a P7B as CERTIFICATE.
fn holds_certificates(label: &str) -> bool {
    ["CERTIFICATE", "PKCS", "CMS"].iter().any(|word| label.contains(word))
}

/// How a `winmail.dat` begins (MS-OXTNEF 2.1.3.1), where its second octet is no text.
const TNEF: &str = "x\u{FFFD}>\"";

/// What else people send by mistake.
fn instead_of_certificate(der: &[u8]) -> Option<Instead> {
    if is_encrypted(der) {
        Some(Instead::Encrypted)
    } else if X509CertificationRequest::from_der(der).is_ok() {
        Some(Instead::Request)
    } else if CertificateRevocationList::from_der(der).is_ok() {
        Some(Instead::RevocationList)
    } else {
        public_key_of(&PrivateKey::from_der(der)).map(|_| Instead::Key)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use base64::Engine;
    use proptest::prelude::*;
    use rcgen::{CertificateParams, KeyPair};

    use super::*;

    /// One certificate in DER.
    static DER: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let params = CertificateParams::new(["contoso.com".into(), "*.contoso.com".into()]).unwrap();
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    });

    /// A `SignedData` that holds nothing but one certificate.
    fn p7b(certificate: &[u8]) -> Vec<u8> {
        let oid = |last| yasna::models::ObjectIdentifier::from_slice(&[1, 2, 840, 113_549, 1, 7, last]);
        yasna::construct_der(|writer| {
            writer.write_sequence(|writer| {
                writer.next().write_oid(&oid(2));
                writer.next().write_tagged(yasna::Tag::context(0), |writer| {
                    writer.write_sequence(|writer| {
                        writer.next().write_u8(1);
                        writer.next().write_set(|_| ());
                        writer.next().write_sequence(|writer| writer.next().write_oid(&oid(1)));
                        writer.next().write_tagged_implicit(yasna::Tag::context(0), |writer| {
                            writer.write_set(|writer| writer.next().write_der(certificate));
                        });
                        writer.next().write_set(|_| ());
                    });
                });
            });
        })
    }

    fn pem(label: &str, der: &[u8]) -> Vec<u8> {
        pem::encode(&pem::Pem::new(label, der)).into_bytes()
    }

    fn code(octets: &[u8]) -> Option<Code> {
        IssuedBundle::read(octets, None).err().map(|problem| problem.code)
    }

    #[test]
    fn a_key_is_taken_along_and_only_from_pkcs_8() {
        let key = KeyPair::generate().unwrap();
        let with = |label: &str| [pem(label, &key.serialize_der()), pem("CERTIFICATE", &DER)].concat();
        let taken = |label: &str| {
            IssuedBundle::read(&with(label), None).ok().unwrap().key.map(|key| key.der().unwrap().to_vec())
        };
        assert_eq!(taken("PRIVATE KEY"), Some(key.serialize_der()));
        assert_eq!(taken("EC PRIVATE KEY"), None);
        assert_eq!(taken("ENCRYPTED PRIVATE KEY"), None);
    }

    #[test]
    fn values_inside_of_values_end_somewhere() {
        for tag in [0x30, 0xA0] {
            let mut deep = [0x30, 0x80].repeat(MAX_OCTETS / 2);
            deep[2] = tag;
            assert_eq!(code(&deep), Some(Code::CertificateUnreadable));
        }
        // Each with its length, and the length of all that is inside.
        let nested = (0..2000).fold(Vec::new(), |inside, _| {
            yasna::construct_der(|writer| {
                writer.write_sequence(|writer| {
                    writer.next().write_der(if inside.is_empty() { &[5, 0] } else { &inside });
                });
            })
        });
        assert_eq!(code(&nested), Some(Code::CertificateUnreadable));
        assert_eq!(code(&p7b(&nested)), Some(Code::CertificateUnreadable));
    }

    #[test]
    fn what_nobody_here_can_open_is_named() {
        let enveloped = yasna::construct_der(|writer| {
            writer.write_sequence(|writer| {
                writer.next().write_oid(&yasna::models::ObjectIdentifier::from_slice(&[1, 2, 840, 113_549, 1, 7, 3]));
                writer.next().write_tagged(yasna::Tag::context(0), |writer| writer.write_sequence(|_| {}));
            });
        });
        let base64 = base64::engine::general_purpose::STANDARD.encode(&enveloped);
        let mail = |base64: &str| format!("Content-Transfer-Encoding: base64\r\n\r\n{base64}\r\n").into_bytes();
        for (offer, found) in [
            (enveloped, "offer-encrypted"),
            (mail(&base64), "offer-encrypted"),
            (b"-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\n".to_vec(), "offer-encrypted"),
            (b"\x78\x9f\x3e\x22\x01\0\x01".to_vec(), "offer-outlook"),
            (mail("eJ8+IgEAAQ=="), "offer-outlook"),
            (b"<HTML><body>Download</body>".to_vec(), "offer-page"),
        ] {
            let problem = IssuedBundle::read(&offer, None).err().expect("no certificate is in it");
            assert_eq!(problem.args, [("found", Arg::from(say(found)))], "{found}");
        }
    }

    #[test]
    fn what_is_repeated_a_hundred_thousand_times_is_read_in_bounded_time() {
        for piece in [
            "-----BEGIN ",
            "-----BEGIN A-----\n-----END A-----\n",
            "-----BEGIN CERTIFICATE-----",
            "-",
            "MII",
            "0\u{80}",
            "Content-Transfer-Encoding: base64\n\nMII\n",
            "Content-Transfer-Encoding: quoted-printable\n--a\nboundary=a\n",
            "Content-Type: a; boundary=\"",
            "<br",
            "<br>",
            "<div &#",
            "=\n=4",
        ] {
            let text = piece.repeat(MAX_OCTETS / piece.len());
            assert_eq!(code(text.as_bytes()), Some(Code::CertificateUnreadable), "{piece}");
        }
        let requests = pem("CERTIFICATE REQUEST", b"").repeat(10_000);
        assert_eq!(code(&requests), Some(Code::CertificateUnreadable));
    }

    proptest! {
        #[test]
        fn reading_survives_any_octets(octets in any::<Vec<u8>>(), text in any::<String>()) {
            let (certificate, container) = (pem("CERTIFICATE", &octets), pem("PKCS7", &octets));
            for read in [&octets, text.as_bytes(), &certificate, &container, &p7b(&DER)[..octets.len()]] {
                let code = code(read);
                prop_assert!(matches!(code, Some(Code::CertificateUnreadable | Code::CertificateNone)), "{code:?}");
            }
        }

        #[test]
        fn reading_survives_damage(
            bytes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
            keep in any::<prop::sample::Index>(),
        ) {
            for mut whole in [DER.clone(), p7b(&DER), pem("CERTIFICATE", &DER), pem("PKCS7", &p7b(&DER))] {
                prop_assert_eq!(code(&whole), None);
                let shortened = &whole[..keep.index(whole.len() - "-----\n".len())];
                prop_assert_eq!(code(shortened), Some(Code::CertificateUnreadable));
                for (index, byte) in &bytes {
                    let place = index.index(whole.len());
                    whole[place] = *byte;
                }
                // Damage to a name or a signature is not seen here.
                let _ = code(&whole);
            }
        }
    }
}
