//! One X.509 certificate: what it says, and whether another one issued it.
//!
//! Source: RFC 5280. Whether a certificate is good for its task is judged in [`super::proof`].

use aws_lc_rs::digest;
use aws_lc_rs::signature::{self, VerificationAlgorithm};
use pem::{EncodeConfig, LineEnding, Pem};
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::oid;
use x509_parser::extensions::GeneralName;
use x509_parser::objects::oid_registry;
use x509_parser::oid_registry::{
    OID_EC_P256, OID_HASH_SHA1, OID_MD5_WITH_RSA, OID_NIST_EC_P384, OID_NIST_EC_P521, OID_PKCS1_MD2WITHRSAENC,
    OID_PKCS1_MD5WITHRSAENC, OID_PKCS1_RSASSAPSS, OID_PKCS1_SHA1WITHRSA, OID_PKCS1_SHA256WITHRSA,
    OID_PKCS1_SHA512WITHRSA, OID_SHA1_WITH_RSA, OID_SIG_DSA_WITH_SHA1, OID_SIG_ECDSA_WITH_SHA256,
    OID_SIG_ECDSA_WITH_SHA384, OID_SIG_ECDSA_WITH_SHA512, OID_SIG_ED25519, OID_X509_EXT_BASIC_CONSTRAINTS,
    OID_X509_EXT_CERT_TYPE, OID_X509_EXT_CERTIFICATE_POLICIES, OID_X509_EXT_CRL_DISTRIBUTION_POINTS,
    OID_X509_EXT_EXTENDED_KEY_USAGE, OID_X509_EXT_INHIBIT_ANY_POLICY, OID_X509_EXT_KEY_USAGE,
    OID_X509_EXT_NAME_CONSTRAINTS, OID_X509_EXT_POLICY_CONSTRAINTS, OID_X509_EXT_POLICY_MAPPINGS,
    OID_X509_EXT_SUBJECT_ALT_NAME, Oid,
};
use x509_parser::prelude::{FromDer, format_serial};
use x509_parser::public_key::PublicKey;
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo, X509Name};

use super::constraints::are_readable;
use super::request::{hex, sha256_hex};

/// The PEM label of a certificate (RFC 7468 5).
const LABEL: &str = "CERTIFICATE";

/// `ecdsa-with-SHA1` (RFC 3279 2.2.3).
const ECDSA_WITH_SHA1: Oid<'static> = oid!(1.2.840.10045.4.1);

/// The extensions that may be critical, for OpenSSL, which Prosody and ejabberd use, knows what to do about them.
const KNOWN: [Oid<'static>; 14] = [
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
    // Addresses and numbers of networks (RFC 3779), and what a proxy certificate says of itself (RFC 3820).
    oid!(1.3.6.1.5.5.7.1.7),
    oid!(1.3.6.1.5.5.7.1.8),
    oid!(1.3.6.1.5.5.7.1.14),
];

/// One certificate. Texts in it come from outside; [`crate::text::visible`] makes them fit to be shown.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    /// Whom it is for, such as `C=US, O=Contoso, CN=contoso.com`.
    pub subject: String,
    /// Who issued it, written likewise.
    pub issuer: String,
    /// Subject and issuer as they are compared (RFC 5280 7.1).
    folded: (String, String),
    /// The dNSNames of the subject alternative name, in lower case, in their order.
    pub dns_names: Vec<String>,
    /// What the subject alternative name has besides dNSNames.
    pub other_kinds: OtherKinds,
    /// First second of its validity.
    pub not_before: OffsetDateTime,
    /// Last second of its validity.
    pub not_after: OffsetDateTime,
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
    /// A critical extension that peers do not know, if there is one; its identifier (RFC 5280 4.2).
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
    /// `anyExtendedKeyUsage`.
    pub any: bool,
    /// `id-kp-serverAuth`.
    pub server: bool,
    /// `id-kp-clientAuth`.
    pub client: bool,
}

/// Kind of a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicKeyKind {
    /// RSA with a modulus of so many bits.
    Rsa(usize),
    /// ECDSA on NIST P-256.
    P256,
    /// ECDSA on NIST P-384.
    P384,
    /// ECDSA on NIST P-521.
    P521,
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// Another one.
    Other,
}

impl Certificate {
    /// Reads one certificate. None for anything else, also where something follows it, and for one whose extensions
    /// cannot be read or come twice.
    #[must_use]
    pub fn read(der: &[u8]) -> Option<Self> {
        let (rest, certificate) = X509Certificate::from_der(der).ok()?;
        if !rest.is_empty() {
            return None;
        }
        let (subject, issuer) = (words(certificate.subject()), words(certificate.issuer()));
        let names = certificate.subject_alternative_name().ok()?;
        let names = names.map_or(&[][..], |names| &names.value.general_names);
        // What cannot be read would go unheeded.
        if !are_readable(&certificate) {
            return None;
        }
        let constraints = certificate.basic_constraints().ok()?.map(|constraints| constraints.value);
        let usages = certificate.extended_key_usage().ok()?.map(|usage| Usages {
            any: usage.value.any,
            server: usage.value.server_auth,
            client: usage.value.client_auth,
        });
        Some(Certificate {
            folded: (folded(&subject), folded(&issuer)),
            subject,
            issuer,
            dns_names: names.iter().filter_map(dns_name).collect(),
            other_kinds: other_kinds(names),
            not_before: certificate.validity().not_before.to_datetime(),
            not_after: certificate.validity().not_after.to_datetime(),
            usages,
            is_ca: constraints.is_some_and(|constraints| constraints.ca),
            path_len: constraints.and_then(|constraints| constraints.path_len_constraint),
            public_key: certificate.public_key().raw.to_vec(),
            key: key_kind(certificate.public_key()),
            is_weakly_signed: is_weak(&certificate.signature_algorithm),
            has_crl: certificate.get_extension_unique(&OID_X509_EXT_CRL_DISTRIBUTION_POINTS).ok()?.is_some(),
            unknown_extension: certificate
                .extensions()
                .iter()
                .find(|extension| extension.critical && !KNOWN.contains(&extension.oid))
                .map(|extension| extension.oid.to_id_string()),
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

    /// SHA-256 of the certificate in lower-case hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        sha256_hex(&self.der)
    }

    /// Whether `now` is within its validity.
    #[must_use]
    pub fn is_valid_at(&self, now: OffsetDateTime) -> bool {
        (self.not_before..=self.not_after).contains(&now)
    }

    /// Whether its issuer has the name of `other`. Several certificates may have one name.
    #[must_use]
    pub fn names_as_issuer(&self, other: &Certificate) -> bool {
        self.folded.1 == other.folded.0
    }

    /// Whether `other` issued it: by name, by what `other` may do (RFC 5280 4.2.1.3 and 4.2.1.9), and by its signature,
    /// which is verified. A signature that cannot be verified, such as one with MD5, counts as false.
    #[must_use]
    pub fn is_issued_by(&self, other: &Certificate) -> bool {
        let may_sign = |issuer: &X509Certificate<'_>| {
            issuer.key_usage().is_ok_and(|usage| usage.is_none_or(|usage| usage.value.key_cert_sign()))
        };
        self.names_as_issuer(other) && other.is_ca && self.is_signed_by(other, may_sign)
    }

    /// Whether it is signed with the very key it holds.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.names_as_issuer(self) && self.is_signed_by(self, |_| true)
    }

    fn is_signed_by(&self, other: &Certificate, may: impl Fn(&X509Certificate<'_>) -> bool) -> bool {
        let Ok((_, certificate)) = X509Certificate::from_der(&self.der) else { return false };
        let Ok((_, issuer)) = X509Certificate::from_der(&other.der) else { return false };
        let key = issuer.public_key();
        // Both places have to name the same algorithm (RFC 5280 4.1.1.2).
        certificate.signature_algorithm == certificate.tbs_certificate.signature
            && may(&issuer)
            && (certificate.verify_signature(Some(key)).is_ok() || is_verified_otherwise(&certificate, key, other.key))
    }
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

/// Verifies with the pairs of key and digest that x509-parser does not know.
fn is_verified_otherwise(
    certificate: &X509Certificate<'_>,
    key: &SubjectPublicKeyInfo<'_>,
    kind: PublicKeyKind,
) -> bool {
    let is = |oid: Oid<'_>| certificate.signature_algorithm.algorithm == oid;
    let algorithm: &dyn VerificationAlgorithm = match kind {
        PublicKeyKind::P256 if is(OID_SIG_ECDSA_WITH_SHA512) => &signature::ECDSA_P256_SHA512_ASN1,
        PublicKeyKind::P256 if is(ECDSA_WITH_SHA1) => &signature::ECDSA_P256_SHA1_ASN1,
        PublicKeyKind::P384 if is(OID_SIG_ECDSA_WITH_SHA512) => &signature::ECDSA_P384_SHA512_ASN1,
        PublicKeyKind::P521 if is(OID_SIG_ECDSA_WITH_SHA256) => &signature::ECDSA_P521_SHA256_ASN1,
        PublicKeyKind::P521 if is(OID_SIG_ECDSA_WITH_SHA384) => &signature::ECDSA_P521_SHA384_ASN1,
        PublicKeyKind::P521 if is(OID_SIG_ECDSA_WITH_SHA512) => &signature::ECDSA_P521_SHA512_ASN1,
        PublicKeyKind::P521 if is(ECDSA_WITH_SHA1) => &signature::ECDSA_P521_SHA1_ASN1,
        PublicKeyKind::Rsa(1024..2048) if is(OID_PKCS1_SHA256WITHRSA) => {
            &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
        }
        PublicKeyKind::Rsa(1024..2048) if is(OID_PKCS1_SHA512WITHRSA) => {
            &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY
        }
        _ => return false,
    };
    let key = signature::UnparsedPublicKey::new(algorithm, &key.subject_public_key.data);
    key.verify(certificate.tbs_certificate.as_ref(), &certificate.signature_value.data).is_ok()
}

/// The name as people write it; a name in no known characters as its octets.
pub(super) fn words(name: &X509Name<'_>) -> String {
    name.to_string_with_registry(oid_registry()).unwrap_or_else(|_| format_serial(name.as_raw()))
}

/// Names are equal whatever the case, the blanks and the kind of string (RFC 5280 7.1).
pub(super) fn folded(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn dns_name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some(name.to_lowercase()),
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

fn key_kind(key: &SubjectPublicKeyInfo<'_>) -> PublicKeyKind {
    if key.algorithm.algorithm == OID_SIG_ED25519 {
        return PublicKeyKind::Ed25519;
    }
    let curve = key.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
    match (key.parsed(), curve) {
        (Ok(PublicKey::RSA(rsa)), _) => PublicKeyKind::Rsa(bits(rsa.modulus)),
        (Ok(PublicKey::EC(_)), Some(curve)) if curve == OID_EC_P256 => PublicKeyKind::P256,
        (Ok(PublicKey::EC(_)), Some(curve)) if curve == OID_NIST_EC_P384 => PublicKeyKind::P384,
        (Ok(PublicKey::EC(_)), Some(curve)) if curve == OID_NIST_EC_P521 => PublicKeyKind::P521,
        _ => PublicKeyKind::Other,
    }
}

/// Bits of a number in big-endian octets.
fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    let first = number.get(zeros).map_or(0, |octet| octet.leading_zeros() as usize);
    (number.len() - zeros) * 8 - first
}

fn is_weak(algorithm: &AlgorithmIdentifier<'_>) -> bool {
    let weak = [
        OID_PKCS1_SHA1WITHRSA,
        OID_SHA1_WITH_RSA,
        ECDSA_WITH_SHA1,
        OID_SIG_DSA_WITH_SHA1,
        OID_PKCS1_MD5WITHRSAENC,
        OID_MD5_WITH_RSA,
        OID_PKCS1_MD2WITHRSAENC,
    ];
    // PSS names its digest in the parameters; without any it is SHA-1 (RFC 8017 A.2.3).
    let is_pss_with_sha1 = || {
        let parameters = algorithm.parameters.as_ref().map(RsaSsaPssParams::try_from);
        match parameters {
            Some(Ok(parameters)) => *parameters.hash_algorithm_oid() == OID_HASH_SHA1,
            _ => true,
        }
    };
    weak.contains(&algorithm.algorithm) || (algorithm.algorithm == OID_PKCS1_RSASSAPSS && is_pss_with_sha1())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_of_a_modulus_are_counted_from_its_highest() {
        assert_eq!(bits(&[]), 0);
        assert_eq!(bits(&[0, 0]), 0);
        assert_eq!(bits(&[0, 0x80, 0]), 16);
        assert_eq!(bits(&[0x7F, 0xFF]), 15);
        assert_eq!(bits(&[1; 128]), 1017);
    }

    #[test]
    fn names_differ_neither_by_case_nor_by_blanks() {
        assert_eq!(folded("C=DE, O=Ärger GmbH, CN=Example  CA "), folded("C=de, O=ärger gmbh, CN=Example CA"));
        assert_ne!(folded("CN=Example CA 1"), folded("CN=Example CA 2"));
    }
}
