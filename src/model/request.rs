//! The certificate request: what it says, how it is signed, and whether one that exists says the same.
//!
//! Sources: RFC 2986 (PKCS#10), RFC 5280 4.2.1 (extensions), CA/Browser Forum Baseline Requirements 7.1.2.7; the
//! template extension is Microsoft's `szOID_ENROLL_CERTTYPE_EXTENSION`.

use rcgen::{
    CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, KeyPair,
    KeyUsagePurpose, RsaKeySize, SanType, SignatureAlgorithm,
};

use super::{Deployment, KeyKind, KeyMaker, NamedFor, PrivateKey, Subject};

/// `szOID_ENROLL_CERTTYPE_EXTENSION`: the template's name as BMPString.
const TEMPLATE: [u64; 9] = [1, 3, 6, 1, 4, 1, 311, 20, 2];

/// What a request says. Two requests with equal specifications are the same request with another key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestSpec {
    /// Kind of the key.
    pub key: KeyKind,
    /// The subject besides the common name.
    pub subject: Subject,
    /// Names in lower-case A-labels; the first is the common name.
    pub names: Vec<String>,
    /// Whether TLS client authentication is asked for besides server authentication.
    pub client_eku: bool,
    /// Template name; empty for none.
    pub template: String,
}

impl RequestSpec {
    /// The request that `deployment` leads to; none where Windows makes it or the key kind is unknown.
    #[must_use]
    pub fn of(deployment: &Deployment) -> Option<Self> {
        let request = &deployment.request;
        let key = request.key.filter(|_| request.key_by == KeyMaker::Edgewright)?;
        Some(RequestSpec {
            key,
            subject: request.subject.clone(),
            names: deployment.names.iter().map(|NamedFor { name, .. }| name.ascii().to_owned()).collect(),
            client_eku: request.client_eku,
            template: request.template.clone(),
        })
    }
}

/// Makes a key with the system's generator.
///
/// # Errors
/// The backend's words where it cannot.
pub fn generate_key(kind: KeyKind) -> Result<PrivateKey, String> {
    let pair = match kind {
        KeyKind::Rsa2048 => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048),
        KeyKind::Rsa3072 => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_3072),
        KeyKind::Rsa4096 => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_4096),
        KeyKind::EcdsaP256 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
        KeyKind::EcdsaP384 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384),
    };
    pair.map(|pair| PrivateKey::from_pem(pair.serialize_pem())).map_err(|error| error.to_string())
}
