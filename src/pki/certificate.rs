//! One X.509 certificate: what it says, and whether another one issued it.
//!
//! Source: RFC 5280. Whether a certificate is good for its task is judged in [`super::proof`].

use aws_lc_rs::digest;
use pem::{EncodeConfig, LineEnding, Pem};
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::oid;
use x509_parser::extensions::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, GeneralName, KeyUsage, NSCertType, ParsedExtension,
    X509Extension,
};
use x509_parser::objects::oid_registry;
use x509_parser::oid_registry::{
    OID_X509_EXT_BASIC_CONSTRAINTS, OID_X509_EXT_CERT_TYPE, OID_X509_EXT_CERTIFICATE_POLICIES,
    OID_X509_EXT_CRL_DISTRIBUTION_POINTS, OID_X509_EXT_EXTENDED_KEY_USAGE, OID_X509_EXT_INHIBIT_ANY_POLICY,
    OID_X509_EXT_KEY_USAGE, OID_X509_EXT_NAME_CONSTRAINTS, OID_X509_EXT_POLICY_CONSTRAINTS,
    OID_X509_EXT_POLICY_MAPPINGS, OID_X509_EXT_SUBJECT_ALT_NAME, Oid,
};
use x509_parser::prelude::{FromDer, format_serial};
use x509_parser::x509::X509Name;

use super::digest::hex;
use super::distinguished::Distinguished;
use super::flaw::{Flaw, flaws};
use super::signature::{PublicKeyKind, Signed, algorithm_name, is_weak, signed};

/// The PEM label of a certificate (RFC 7468 5).
const LABEL: &str = "CERTIFICATE";

/// The extensions that may be critical, for OpenSSL, which Prosody and ejabberd use, knows what to do about them.
const KNOWN: [Oid<'static>; 11] = [
    OID_X509_EXT_KEY_USAGE,
    OID_X509_EXT_SUBJECT_ALT_NAME,
    OID_X509_EXT_BASIC_CONSTRAINTS,
    OID_X509_EXT_NAME_CONSTRAINTS,
    OID_X509_EXT_CRL_DISTRIBUTION_POINTS,
    OID_X509_EXT_CERTIFICATE_POLICIES,
    OID_X509_EXT_POLICY_MAPPINGS,
    OID_X509_EXT_POLICY_CONSTRAINTS,
    OID_X509_EXT_EXTENDED_KEY_USAGE,
    OID_X509_EXT_INHIBIT_ANY_POLICY,
    OID_X509_EXT_CERT_TYPE,
];

/// The extensions that OpenSSL refuses in a server's chain, critical or not: addresses and numbers of networks (RFC 3779),
/// which no root for servers passes on, and what a proxy certificate says of itself (RFC 3820).
const REFUSED: [Oid<'static>; 3] = [oid!(1.3.6.1.5.5.7.1.7), oid!(1.3.6.1.5.5.7.1.8), oid!(1.3.6.1.5.5.7.1.14)];

/// What Netscape and Microsoft called servers with strong encryption, when that was not for everybody.
const STRONG: [Oid<'static>; 2] = [oid!(2.16.840.1.113730.4.1), oid!(1.3.6.1.4.1.311.10.3.3)];

/// One certificate. Texts in it come from outside; [`crate::text::visible`] makes them fit to be shown.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    /// Whom it is for, such as `C=US, O=Contoso, CN=contoso.com`.
    pub subject: String,
    /// Who issued it, written likewise.
    pub issuer: String,
    /// Subject and issuer as they are compared.
    names: (Distinguished, Distinguished),
    /// Its key and its issuer's, as they are told from others.
    identifiers: Identifiers,
    /// The dNSNames of the subject alternative name, in lower case, in their order.
    pub dns_names: Vec<String>,
    /// What the subject alternative name has besides dNSNames.
    pub other_kinds: OtherKinds,
    /// First second of its validity.
    pub not_before: OffsetDateTime,
    /// Last second of its validity.
    pub not_after: OffsetDateTime,
    /// What its key may be used for, if that is restricted (RFC 5280 4.2.1.3).
    pub key_usage: Option<KeyUsage>,
    /// The extended key usages, if they are restricted.
    pub usages: Option<Usages>,
    /// Whether it is the certificate of an authority (basic constraints, RFC 5280 4.2.1.9).
    pub is_ca: bool,
    /// How many authorities may come between it and a server's certificate, if there is a limit (RFC 5280 4.2.1.9).
    pub path_len: Option<u32>,
    /// The subject's public key: DER of `SubjectPublicKeyInfo` (RFC 5280 4.1.2.7).
    pub public_key: Vec<u8>,
    /// Kind of that key.
    pub key: PublicKeyKind,
    /// Whether it is signed with SHA-1, MD5 or MD2.
    pub is_weakly_signed: bool,
    /// Whether it says where its revocation list is (RFC 5280 4.2.1.13).
    pub has_crl: bool,
    /// An extension for which peers refuse it, if there is one, mostly a critical one that they do not know; its identifier
    /// (RFC 5280 4.2).
    pub unknown_extension: Option<String>,
    /// Serial number in lower-case hexadecimal with colons.
    pub serial: String,
}

/// Names of other kinds than dNSName in a subject alternative name (RFC 5280 4.2.1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherKinds {
    /// None.
    None,
    /// Addresses, URIs and the like.
    Plain,
    /// An otherName among them, such as an XMPP address or a user principal name.
    OtherName,
}

/// Extended key usages (RFC 5280 4.2.1.12) as far as TLS is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usages {
    /// `id-kp-serverAuth`.
    pub server: bool,
    /// `id-kp-clientAuth`.
    pub client: bool,
    /// A usage of old browsers that OpenSSL lets stand for servers.
    pub strong: bool,
}

/// How a certificate names its own key and its issuer's (RFC 5280 4.2.1.1 and 4.2.1.2).
#[derive(Debug, Clone, Default)]
struct Identifiers {
    own: Option<Vec<u8>>,
    issuer: Option<Vec<u8>>,
    /// The serial number of the issuer's certificate.
    issuer_serial: Option<Vec<u8>>,
    /// Who issued that.
    issuer_by: Option<Distinguished>,
    /// The serial number of this one.
    serial: Vec<u8>,
}

impl Certificate {
    /// Reads one certificate. None for anything else, also where something follows it. What is wrong with it and can be
    /// read all the same is among its [flaws](Certificate::flaws).
    #[must_use]
    pub fn read(der: &[u8]) -> Option<Self> {
        let (rest, certificate) = X509Certificate::from_der(der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let said = Said::of(&certificate);
        let names = said.names.unwrap_or_default();
        let is_refused = |extension: &&X509Extension<'_>| {
            REFUSED.contains(&extension.oid) || (extension.critical && !KNOWN.contains(&extension.oid))
        };
        Some(Certificate {
            names: (Distinguished::of(certificate.subject()), Distinguished::of(certificate.issuer())),
            subject: words(certificate.subject()),
            issuer: words(certificate.issuer()),
            identifiers: said.identifiers(certificate.raw_serial()),
            dns_names: names.iter().filter_map(dns_name).collect(),
            other_kinds: other_kinds(names),
            not_before: certificate.validity().not_before.to_datetime(),
            not_after: certificate.validity().not_after.to_datetime(),
            key_usage: said.key_usage.copied(),
            usages: said.usages(),
            is_ca: said.is_ca(),
            path_len: said.constraints.and_then(|constraints| constraints.path_len_constraint),
            public_key: certificate.public_key().raw.to_vec(),
            key: PublicKeyKind::of(certificate.public_key()),
            is_weakly_signed: is_weak(&certificate.signature_algorithm),
            has_crl: said.has_crl,
            unknown_extension: certificate.extensions().iter().find(is_refused).map(|one| one.oid.to_id_string()),
            serial: certificate.raw_serial_as_string(),
            der: der.to_vec(),
        })
    }

    /// Reads the PEM text of one certificate.
    #[must_use]
    pub fn read_pem(text: &str) -> Option<Self> {
        let block = pem::parse(text).ok().filter(|block| block.tag() == LABEL)?;
        Certificate::read(block.contents())
    }

    /// Reads every certificate in a PEM text, in order; what cannot be read is left out.
    #[must_use]
    pub fn read_all(text: &str) -> Vec<Self> {
        let blocks = pem::parse_many(text).unwrap_or_default();
        blocks
            .iter()
            .filter(|block| block.tag() == LABEL)
            .filter_map(|block| Certificate::read(block.contents()))
            .collect()
    }

    /// Whether it is time to renew it: under a third of its lifetime is left.
    #[must_use]
    pub fn is_due_at(&self, now: OffsetDateTime) -> bool {
        self.not_after - now < (self.not_after - self.not_before) / 3
    }

    /// SHA-1 in upper-case hexadecimal, which Windows calls the thumbprint.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &self.der).as_ref()).to_uppercase()
    }

    /// The certificate's octets.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The certificate as PEM (RFC 7468 5).
    #[must_use]
    pub fn pem(&self) -> String {
        let block = Pem::new(LABEL, self.der.as_slice());
        pem::encode_config(&block, EncodeConfig::new().set_line_ending(LineEnding::LF))
    }

    /// Whether `now` is within its validity, whose last second counts to its end (RFC 5280 4.1.2.5).
    #[must_use]
    pub fn is_valid_at(&self, now: OffsetDateTime) -> bool {
        (self.not_before..=self.not_after).contains(&now.truncate_to_second())
    }

    /// Whether its issuer has the name of `other`. Several certificates may have one name.
    #[must_use]
    pub fn names_as_issuer(&self, other: &Certificate) -> bool {
        self.names.1 == other.names.0
    }

    /// Whether what it says of its issuer's key is true of `other` (RFC 5280 4.2.1.1). OpenSSL looks no further where it is
    /// not.
    #[must_use]
    pub fn names_key_of(&self, other: &Certificate) -> bool {
        fn fits<T: PartialEq>(said: Option<&T>, held: Option<&T>) -> bool {
            said.is_none() || held.is_none() || said == held
        }
        let (said, held) = (&self.identifiers, &other.identifiers);
        fits(said.issuer.as_ref(), held.own.as_ref())
            && fits(said.issuer_serial.as_ref(), Some(&held.serial))
            && fits(said.issuer_by.as_ref(), Some(&other.names.1))
    }

    /// Whether it may sign certificates (RFC 5280 4.2.1.3 and 4.2.1.9).
    #[must_use]
    pub fn may_issue(&self) -> bool {
        self.is_ca && self.key_usage.is_none_or(|usage| usage.key_cert_sign())
    }

    /// Whether `other` issued it: by name, by what `other` may do, by its key, and by its signature, which is verified. A
    /// signature that cannot be verified, such as one with MD5, counts as false.
    #[must_use]
    pub fn is_issued_by(&self, other: &Certificate) -> bool {
        self.names_as_issuer(other) && other.may_issue() && self.names_key_of(other) && self.is_signed_by(other)
    }

    /// Whether it says that it issued itself. OpenSSL takes its word and looks for nobody else.
    #[must_use]
    pub fn is_own_issuer(&self) -> bool {
        self.names_as_issuer(self) && self.names_key_of(self)
    }

    /// Whether it is signed with the very key it holds.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.names_as_issuer(self) && self.is_signed_by(self)
    }

    /// Whether no peer has anything against it as the issuer of a server's certificate, its dates and limits aside.
    #[must_use]
    pub fn is_sound_issuer(&self) -> bool {
        // A root's own signature is never looked at.
        (!self.is_weakly_signed || self.names_as_issuer(self))
            && self.key.small().is_none()
            && self.unknown_extension.is_none()
            && self.usages.is_none_or(|usages| usages.server || usages.strong)
            && !self.flaws().iter().any(Flaw::is_grave)
    }

    /// What is wrong with how it is made.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        X509Certificate::from_der(&self.der).map(|(_, parsed)| flaws(&parsed, &self.der)).unwrap_or_default()
    }

    /// What it is signed with, by its name or else its identifier.
    #[must_use]
    pub fn algorithm(&self) -> String {
        let parsed = X509Certificate::from_der(&self.der);
        parsed.map(|(_, parsed)| algorithm_name(&parsed.signature_algorithm)).unwrap_or_default()
    }

    /// Whether it is signed with the key of `other`.
    #[must_use]
    pub fn is_signed_by(&self, other: &Certificate) -> bool {
        self.signed_by(other) == Signed::Yes
    }

    /// Whether nobody can say here who signed it, for the algorithm is not known.
    #[must_use]
    pub fn cannot_be_verified_by(&self, other: &Certificate) -> bool {
        self.signed_by(other) == Signed::Unknown
    }

    fn signed_by(&self, other: &Certificate) -> Signed {
        let Ok((_, certificate)) = X509Certificate::from_der(&self.der) else { return Signed::No };
        let Ok((_, issuer)) = X509Certificate::from_der(&other.der) else { return Signed::No };
        signed(&certificate, issuer.public_key())
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

/// What the extensions say, as far as they can be read.
#[derive(Default)]
struct Said<'a> {
    names: Option<&'a [GeneralName<'a>]>,
    constraints: Option<&'a BasicConstraints>,
    key_usage: Option<&'a KeyUsage>,
    extended: Option<&'a ExtendedKeyUsage<'a>>,
    netscape: Option<&'a NSCertType>,
    own_key: Option<&'a [u8]>,
    authority_key: Option<&'a AuthorityKeyIdentifier<'a>>,
    has_crl: bool,
}

impl<'a> Said<'a> {
    fn of(certificate: &'a X509Certificate<'a>) -> Self {
        let mut said = Said::default();
        for extension in certificate.extensions() {
            match extension.parsed_extension() {
                ParsedExtension::SubjectAlternativeName(names) => said.names = Some(&names.general_names),
                ParsedExtension::BasicConstraints(constraints) => said.constraints = Some(constraints),
                ParsedExtension::KeyUsage(usage) if usage.flags != 0 => said.key_usage = Some(usage),
                ParsedExtension::ExtendedKeyUsage(usage) => said.extended = Some(usage),
                ParsedExtension::NSCertType(kind) => said.netscape = Some(kind),
                ParsedExtension::SubjectKeyIdentifier(key) => said.own_key = Some(key.0),
                ParsedExtension::AuthorityKeyIdentifier(key) => said.authority_key = Some(key),
                _ => {}
            }
            said.has_crl |= extension.oid == OID_X509_EXT_CRL_DISTRIBUTION_POINTS;
        }
        said
    }

    fn is_ca(&self) -> bool {
        self.constraints.is_some_and(|constraints| constraints.ca)
    }

    /// The extended key usages, and Netscape's own, which OpenSSL heeds where no authority's certificate has them.
    fn usages(&self) -> Option<Usages> {
        let netscape = self.netscape.filter(|_| !self.is_ca());
        if self.extended.is_none() && netscape.is_none() {
            return None;
        }
        let may = |extended: fn(&ExtendedKeyUsage<'_>) -> bool, kind: fn(&NSCertType) -> bool| {
            self.extended.is_none_or(extended) && netscape.is_none_or(kind)
        };
        Some(Usages {
            server: may(|usage| usage.server_auth, NSCertType::ssl_server),
            client: may(|usage| usage.client_auth, NSCertType::ssl_client),
            strong: self.extended.is_some_and(|usage| usage.other.iter().any(|other| STRONG.contains(other))),
        })
    }

    fn identifiers(&self, serial: &[u8]) -> Identifiers {
        let authority = self.authority_key;
        let names = authority.and_then(|key| key.authority_cert_issuer.as_deref()).unwrap_or_default();
        Identifiers {
            own: self.own_key.map(<[u8]>::to_vec),
            issuer: authority.and_then(|key| key.key_identifier.as_ref()).map(|key| key.0.to_vec()),
            issuer_serial: authority.and_then(|key| key.authority_cert_serial).map(<[u8]>::to_vec),
            issuer_by: names.iter().find_map(|name| match name {
                GeneralName::DirectoryName(name) => Some(Distinguished::of(name)),
                _ => None,
            }),
            serial: serial.to_vec(),
        }
    }
}

/// The name as people write it; a name in no known characters as its octets.
pub(super) fn words(name: &X509Name<'_>) -> String {
    name.to_string_with_registry(oid_registry()).unwrap_or_else(|_| format_serial(name.as_raw()))
}

fn dns_name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
        _ => None,
    }
}

fn other_kinds(names: &[GeneralName<'_>]) -> OtherKinds {
    if names.iter().any(|name| matches!(name, GeneralName::OtherName(..))) {
        OtherKinds::OtherName
    } else if names.iter().any(|name| dns_name(name).is_none()) {
        OtherKinds::Plain
    } else {
        OtherKinds::None
    }
}
