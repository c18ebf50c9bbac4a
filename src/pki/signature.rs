//! Who signed a certificate, with which kind of key and how well.

use aws_lc_rs::signature::{self, VerificationAlgorithm};
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::oid;
use x509_parser::error::X509Error;
use x509_parser::objects::oid_registry;
use x509_parser::oid_registry::{
    OID_EC_P256, OID_HASH_SHA1, OID_MD5_WITH_RSA, OID_NIST_EC_P384, OID_NIST_EC_P521, OID_PKCS1_MD2WITHRSAENC,
    OID_PKCS1_MD5WITHRSAENC, OID_PKCS1_RSASSAPSS, OID_PKCS1_SHA1WITHRSA, OID_PKCS1_SHA256WITHRSA,
    OID_PKCS1_SHA512WITHRSA, OID_SHA1_WITH_RSA, OID_SIG_DSA_WITH_SHA1, OID_SIG_ECDSA_WITH_SHA256,
    OID_SIG_ECDSA_WITH_SHA384, OID_SIG_ECDSA_WITH_SHA512, OID_SIG_ED25519, Oid,
};
use x509_parser::public_key::PublicKey;
use x509_parser::signature_algorithm::RsaSsaPssParams;
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo};

/// `ecdsa-with-SHA1` (RFC 3279 2.2.3).
const ECDSA_WITH_SHA1: Oid<'static> = oid!(1.2.840.10045.4.1);

/// Bits an RSA key has at least (Baseline Requirements 6.1.5).
pub const MIN_RSA_BITS: usize = 2048;

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

impl PublicKeyKind {
    pub(super) fn of(key: &SubjectPublicKeyInfo<'_>) -> Self {
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

    /// The bits of an RSA key that counts as broken.
    #[must_use]
    pub fn small(self) -> Option<usize> {
        match self {
            PublicKeyKind::Rsa(bits) if bits < MIN_RSA_BITS => Some(bits),
            _ => None,
        }
    }
}

/// What a signature comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signed {
    Yes,
    No,
    /// Nobody can say here: the algorithm is not known.
    Unknown,
}

/// Whether `certificate` is signed with `key`.
pub(super) fn signed(certificate: &X509Certificate<'_>, key: &SubjectPublicKeyInfo<'_>) -> Signed {
    // Both places have to name the same algorithm (RFC 5280 4.1.1.2).
    if certificate.signature_algorithm != certificate.tbs_certificate.signature {
        return Signed::No;
    }
    match certificate.verify_signature(Some(key)) {
        Ok(()) => Signed::Yes,
        Err(error) => match other_algorithm(&certificate.signature_algorithm, PublicKeyKind::of(key)) {
            Some(algorithm) => {
                let key = signature::UnparsedPublicKey::new(algorithm, &key.subject_public_key.data);
                let is_good =
                    key.verify(certificate.tbs_certificate.as_ref(), &certificate.signature_value.data).is_ok();
                if is_good { Signed::Yes } else { Signed::No }
            }
            None if error == X509Error::SignatureUnsupportedAlgorithm => Signed::Unknown,
            None => Signed::No,
        },
    }
}

/// The pairs of key and digest that x509-parser does not know.
fn other_algorithm(
    algorithm: &AlgorithmIdentifier<'_>,
    kind: PublicKeyKind,
) -> Option<&'static dyn VerificationAlgorithm> {
    let is = |oid: Oid<'_>| algorithm.algorithm == oid;
    Some(match kind {
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
        _ => return None,
    })
}

/// What the algorithm is called, else its identifier.
pub(super) fn algorithm_name(algorithm: &AlgorithmIdentifier<'_>) -> String {
    let known = oid_registry().get(&algorithm.algorithm).map(|entry| entry.sn().to_owned());
    known.unwrap_or_else(|| algorithm.algorithm.to_id_string())
}

pub(super) fn is_weak(algorithm: &AlgorithmIdentifier<'_>) -> bool {
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

/// Bits of a number in big-endian octets.
fn bits(number: &[u8]) -> usize {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    let first = number.get(zeros).map_or(0, |octet| octet.leading_zeros() as usize);
    (number.len() - zeros) * 8 - first
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
}
