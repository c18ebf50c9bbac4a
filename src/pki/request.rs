//! The certificate request: what it says, how it is signed, and whether one that exists says the same.
//!
//! Sources: RFC 2986 (PKCS#10), RFC 5280 4.2.1 (extensions), CA/Browser Forum Baseline Requirements 7.1.2.7; the
//! template extension is Microsoft's `szOID_ENROLL_CERTTYPE_EXTENSION`.

use std::collections::BTreeSet;

use pem::Pem;
use rcgen::string::Ia5String;
use rcgen::{
    CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, PublicKeyData, RsaKeySize,
    SanType, SignatureAlgorithm,
};
use x509_parser::asn1_rs::BmpString;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::cri_attributes::ParsedCriAttribute;
use x509_parser::extensions::{ExtendedKeyUsage, GeneralName, ParsedExtension, SubjectAlternativeName, X509Extension};
use x509_parser::oid_registry::{
    OID_EC_P256, OID_NIST_EC_P384, OID_PKCS1_SHA256WITHRSA, OID_SIG_ECDSA_WITH_SHA256, OID_SIG_ECDSA_WITH_SHA384,
    OID_X509_EXT_EXTENDED_KEY_USAGE, OID_X509_EXT_KEY_USAGE, OID_X509_EXT_SUBJECT_ALT_NAME, Oid,
};
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::{SubjectPublicKeyInfo, X509Version};
use zeroize::Zeroizing;

use super::{KeyKind, PrivateKey};
use crate::pki::Subject;

/// `szOID_ENROLL_CERTTYPE_EXTENSION`: the template's name as `BMPString`.
const TEMPLATE: [u64; 9] = [1, 3, 6, 1, 4, 1, 311, 20, 2];

/// The PEM label of a request (RFC 7468 7).
const LABEL: &str = "CERTIFICATE REQUEST";

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
    /// Reads a request back. None for one that [`sign`] would not write: with another extension, usage, attribute or
    /// kind of key. The order of the extensions is free, and the signature is not verified.
    #[must_use]
    pub fn read(pem: &str) -> Option<Self> {
        let [block] = <[Pem; 1]>::try_from(pem::parse_many(pem).ok()?).ok()?;
        let (rest, request) = X509CertificationRequest::from_der(block.contents()).ok()?;
        let info = &request.certification_request_info;
        let key = read_key_kind(&info.subject_pki)?;
        let is_signed_as_ours = request.signature_algorithm.algorithm == signature_oid(key);
        if block.tag() != LABEL || !rest.is_empty() || info.version != X509Version::V1 || !is_signed_as_ours {
            return None;
        }
        let [attribute] = info.attributes() else { return None };
        let ParsedCriAttribute::ExtensionRequest(requested) = attribute.parsed_attribute() else { return None };
        let (subject, common_name) = Subject::read(&info.subject)?;
        let Extensions { names, client_eku, template } = Extensions::read(&requested.extensions, key)?;
        (names.first() == Some(&common_name)).then_some(RequestSpec { key, subject, names, client_eku, template })
    }

    /// Whether both ask for the same certificate: names as a set under the same common name, all else exactly.
    #[must_use]
    pub fn equals(&self, other: &Self) -> bool {
        let set = |spec: &Self| spec.names.iter().cloned().collect::<BTreeSet<_>>();
        let rest =
            |spec: &Self| RequestSpec { names: spec.names.first().cloned().into_iter().collect(), ..spec.clone() };
        rest(self) == rest(other) && set(self) == set(other)
    }
}

/// Makes a key with the system's generator.
///
/// # Errors
/// The backend's words where it cannot.
pub fn generate_key(kind: KeyKind) -> Result<PrivateKey, String> {
    let algorithm = signature_algorithm(kind);
    let pair = match kind {
        KeyKind::Rsa2048 => KeyPair::generate_rsa_for(algorithm, RsaKeySize::_2048),
        KeyKind::Rsa3072 => KeyPair::generate_rsa_for(algorithm, RsaKeySize::_3072),
        KeyKind::Rsa4096 => KeyPair::generate_rsa_for(algorithm, RsaKeySize::_4096),
        KeyKind::EcdsaP256 | KeyKind::EcdsaP384 => KeyPair::generate_for(algorithm),
    };
    let pair = Zeroizing::new(pair.map_err(words)?);
    Ok(PrivateKey::from_der(pair.serialized_der()))
}

/// Writes the request as PKCS#10 PEM (RFC 2986, RFC 7468 7), signed with `key`.
///
/// It asks for what a TLS server has: critical key usage (digital signature, and key encipherment for RSA, RFC 8446
/// 4.4.2.2 and RFC 5246 7.4.2), server authentication, and DNS names alone. XMPP addresses are no other names: Baseline
/// Requirements 7.1.2.7.12 forbid them, and ejabberd 23.01 stops at a certificate that has one.
///
/// # Errors
/// The backend's words where a value fits no certificate or the key does not fit `spec`.
pub fn sign(spec: &RequestSpec, key: &PrivateKey) -> Result<String, String> {
    let mut params = CertificateParams::default();
    let common_name = spec.names.first().ok_or("a request needs a name")?;
    params.distinguished_name = spec.subject.with_common_name(common_name)?;
    for name in &spec.names {
        params.subject_alt_names.push(SanType::DnsName(Ia5String::try_from(name.as_str()).map_err(words)?));
    }
    params.key_usages.push(KeyUsagePurpose::DigitalSignature);
    if spec.key.is_rsa() {
        params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
    }
    params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
    if spec.client_eku {
        params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
    }
    if !spec.template.is_empty() {
        let value = template_value(&spec.template);
        params.custom_extensions.push(CustomExtension::from_oid_content(&TEMPLATE, value));
    }

    let der = key.der().ok_or("not a PKCS#8 private key in PEM")?;
    let pair = KeyPair::from_pkcs8_der_and_sign_algo(&der.as_slice().into(), signature_algorithm(spec.key));
    let pair = Zeroizing::new(pair.map_err(words)?);
    let pem = params.serialize_request(&*pair).and_then(|request| request.pem()).map_err(words)?;
    // The backend takes an RSA key of any size and a request without names; what was written tells.
    match RequestSpec::read(&pem) {
        Some(written) if written == *spec => Ok(pem),
        _ => Err(format!("the request is not the one for this key and these names ({})", spec.key.name())),
    }
}

/// Whether the request `pem` was made for the private key `key`.
#[must_use]
pub fn is_for(pem: &str, key: &PrivateKey) -> bool {
    public_key_in(pem).is_some_and(|public| public_key_of(key) == Some(public))
}

/// The public key that the request `pem` asks for: DER of `SubjectPublicKeyInfo`, as the certificate will have it.
#[must_use]
pub fn public_key_in(pem: &str) -> Option<Vec<u8>> {
    let block = pem::parse(pem).ok()?;
    let (_, request) = X509CertificationRequest::from_der(block.contents()).ok()?;
    Some(request.certification_request_info.subject_pki.raw.to_vec())
}

/// The public key of `key`: DER of `SubjectPublicKeyInfo`. None for a key that the backend does not take, such as an RSA
/// key under 2048 bits.
#[must_use]
pub fn public_key_of(key: &PrivateKey) -> Option<Vec<u8>> {
    let der = key.der()?;
    let pair = Zeroizing::new(KeyPair::try_from(der.as_slice()).ok()?);
    Some(pair.subject_public_key_info())
}

/// The kind of `key`; none where it is none that this program makes.
#[must_use]
pub fn kind_of(key: &PrivateKey) -> Option<KeyKind> {
    let public = public_key_of(key)?;
    read_key_kind(&SubjectPublicKeyInfo::from_der(&public).ok()?.1)
}

fn words(error: rcgen::Error) -> String {
    error.to_string()
}

/// SHA-256, with P-384 its own size: SHA-384 (RFC 5758 3.2; Baseline Requirements 7.1.3.2).
fn signature_algorithm(kind: KeyKind) -> &'static SignatureAlgorithm {
    match kind {
        KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096 => &rcgen::PKCS_RSA_SHA256,
        KeyKind::EcdsaP256 => &rcgen::PKCS_ECDSA_P256_SHA256,
        KeyKind::EcdsaP384 => &rcgen::PKCS_ECDSA_P384_SHA384,
    }
}

fn signature_oid(kind: KeyKind) -> Oid<'static> {
    match kind {
        KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096 => OID_PKCS1_SHA256WITHRSA,
        KeyKind::EcdsaP256 => OID_SIG_ECDSA_WITH_SHA256,
        KeyKind::EcdsaP384 => OID_SIG_ECDSA_WITH_SHA384,
    }
}

fn template_value(name: &str) -> Vec<u8> {
    yasna::construct_der(|writer| writer.write_bmp_string(name))
}

fn read_key_kind(key: &SubjectPublicKeyInfo<'_>) -> Option<KeyKind> {
    match key.parsed().ok()? {
        PublicKey::RSA(rsa) => {
            // A modulus of whole octets has its highest bit set, so DER puts a zero before it (X.690 8.3).
            let [0, modulus @ ..] = rsa.modulus else { return None };
            let is_full = modulus.first().is_some_and(|octet| *octet >= 0x80);
            KeyKind::ALL.into_iter().find(|kind| kind.is_rsa() && is_full && kind.bits() == modulus.len() * 8)
        }
        PublicKey::EC(point) => {
            let curve = key.algorithm.parameters.as_ref()?.as_oid().ok()?;
            let kinds = [(OID_EC_P256, KeyKind::EcdsaP256), (OID_NIST_EC_P384, KeyKind::EcdsaP384)];
            kinds.into_iter().find(|(oid, kind)| *oid == curve && kind.bits() == point.key_size()).map(|(_, kind)| kind)
        }
        _ => None,
    }
}

/// What the extensions of a request say, where it has those that [`sign`] writes and no others.
struct Extensions {
    names: Vec<String>,
    client_eku: bool,
    template: String,
}

impl Extensions {
    fn read(requested: &[X509Extension<'_>], key: KeyKind) -> Option<Self> {
        let find = |oid: Oid<'_>| requested.iter().find(|extension| extension.oid == oid);
        let template = find(Oid::from(&TEMPLATE).ok()?);
        let expected = if template.is_some() { 4 } else { 3 };
        let usage = find(OID_X509_EXT_KEY_USAGE)?;
        let is_only_usage_critical =
            requested.iter().all(|extension| extension.critical == (extension.oid == usage.oid));
        if requested.len() != expected || !is_only_usage_critical || !is_our_usage(usage, key) {
            return None;
        }
        Some(Extensions {
            names: read_names(find(OID_X509_EXT_SUBJECT_ALT_NAME)?)?,
            client_eku: read_client_eku(find(OID_X509_EXT_EXTENDED_KEY_USAGE)?)?,
            template: template.map_or_else(|| Some(String::new()), read_template)?,
        })
    }
}

fn is_our_usage(extension: &X509Extension<'_>, key: KeyKind) -> bool {
    // Bit 0 digitalSignature, bit 2 keyEncipherment (RFC 5280 4.2.1.3).
    let flags = if key.is_rsa() { 0b101 } else { 0b001 };
    matches!(extension.parsed_extension(), ParsedExtension::KeyUsage(usage) if usage.flags == flags)
}

fn read_names(extension: &X509Extension<'_>) -> Option<Vec<String>> {
    let ParsedExtension::SubjectAlternativeName(SubjectAlternativeName { general_names }) =
        extension.parsed_extension()
    else {
        return None;
    };
    let dns_name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        _ => None,
    };
    general_names.iter().map(dns_name).collect()
}

fn read_client_eku(extension: &X509Extension<'_>) -> Option<bool> {
    let ParsedExtension::ExtendedKeyUsage(usage) = extension.parsed_extension() else { return None };
    let ours = ExtendedKeyUsage {
        any: false,
        server_auth: true,
        client_auth: usage.client_auth,
        code_signing: false,
        email_protection: false,
        time_stamping: false,
        ocsp_signing: false,
        other: Vec::new(),
    };
    (*usage == ours).then_some(usage.client_auth)
}

fn read_template(extension: &X509Extension<'_>) -> Option<String> {
    let (_, name) = BmpString::from_der(extension.value).ok()?;
    let name = name.string();
    // The parser takes half a character; ours has none, and nothing after it.
    (!name.is_empty() && template_value(&name) == extension.value).then_some(name)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use rcgen::DnType;

    use super::*;

    fn spec(key: KeyKind) -> RequestSpec {
        RequestSpec {
            key,
            subject: Subject {
                country: "DE".into(),
                state: "Bayern".into(),
                city: "München 中".into(),
                organization: r#"'"\,+;=<># "#.into(),
                unit: "IT".into(),
            },
            names: ["sip.contoso.com", "webcon.contoso.com", "xn--mnchen-3ya.example"].map(String::from).into(),
            client_eku: true,
            template: "EdgeServer ü".into(),
        }
    }

    /// The least there can be.
    fn plain() -> RequestSpec {
        let subject = Subject::default();
        let names = vec!["contoso.com".to_owned()];
        RequestSpec { key: KeyKind::EcdsaP256, subject, names, client_eku: false, template: String::new() }
    }

    static KEY: LazyLock<PrivateKey> = LazyLock::new(|| generate_key(KeyKind::EcdsaP256).unwrap());
    static SIGNED: LazyLock<String> = LazyLock::new(|| sign(&spec(KeyKind::EcdsaP256), &KEY).unwrap());

    #[test]
    fn a_request_of_every_kind_of_key_reads_back_as_it_was_asked_for() {
        for kind in KeyKind::ALL {
            let key = generate_key(kind).unwrap();
            let pem = sign(&spec(kind), &key).unwrap();
            assert_eq!(RequestSpec::read(&pem), Some(spec(kind)), "{}", kind.name());
            assert!(!pem.contains('\r') && pem.ends_with("-----END CERTIFICATE REQUEST-----\n"), "{pem}");
        }
    }

    #[test]
    fn nothing_that_is_not_given_is_written() {
        let pem = sign(&plain(), &KEY).unwrap();
        assert_eq!(RequestSpec::read(&pem), Some(plain()));
    }

    #[test]
    fn a_country_that_is_no_code_is_not_read() {
        let subject = Subject { country: "DE".into(), ..Subject::default() };
        let pem = sign(&RequestSpec { subject, ..plain() }, &KEY).unwrap();
        let with = |country: &[u8]| {
            let der = pem::parse(&pem).unwrap().into_contents();
            let at = der.windows(4).position(|found| found == b"\x13\x02DE").unwrap() + 2;
            let der = [&der[..at], country, &der[at + 2..]].concat();
            RequestSpec::read(&pem::encode(&Pem::new(LABEL, der)))
        };
        assert!(with(b"FR").is_some());
        assert_eq!(with(b"D?"), None);
    }

    #[test]
    fn a_thousand_names_are_written_in_order() {
        let names = (0..1000).map(|i| format!("n{i}.contoso.com")).collect();
        let spec = RequestSpec { names, ..plain() };
        assert_eq!(RequestSpec::read(&sign(&spec, &KEY).unwrap()), Some(spec));
    }

    #[test]
    fn what_fits_no_request_is_refused() {
        let refused = |spec: RequestSpec| sign(&spec, &KEY).unwrap_err();
        refused(RequestSpec { names: Vec::new(), ..plain() });
        refused(RequestSpec { names: vec![String::new()], ..plain() });
        refused(RequestSpec { names: vec!["münchen.example".into()], ..plain() });
        for country in ["D*", "D?", "?", "DEU", "é"] {
            refused(RequestSpec { subject: Subject { country: country.into(), ..Subject::default() }, ..plain() });
        }
        refused(RequestSpec { key: KeyKind::EcdsaP384, ..plain() });
        refused(RequestSpec { key: KeyKind::Rsa2048, ..plain() });
        let larger = RequestSpec { key: KeyKind::Rsa3072, ..plain() };
        let words = sign(&larger, &generate_key(KeyKind::Rsa2048).unwrap()).unwrap_err();
        assert_eq!(words, "the request is not the one for this key and these names (rsa-3072)");
        assert!(sign(&plain(), &PrivateKey::from_pem("nonsense".into())).is_err());
    }

    #[test]
    fn equal_requests_may_order_their_names_otherwise_but_not_the_first() {
        let asked = spec(KeyKind::EcdsaP256);
        let with = |change: fn(&mut RequestSpec)| {
            let mut other = spec(KeyKind::EcdsaP256);
            change(&mut other);
            other
        };
        assert!(asked.equals(&with(|spec| spec.names.swap(1, 2))));
        for change in [
            (|spec| spec.names.swap(0, 1)) as fn(&mut RequestSpec),
            |spec| spec.names.push("x.contoso.com".into()),
            |spec| spec.names.truncate(2),
            |spec| spec.key = KeyKind::EcdsaP384,
            |spec| spec.subject.unit = String::new(),
            |spec| spec.client_eku = false,
            |spec| spec.template = String::new(),
        ] {
            assert!(!asked.equals(&with(change)), "{:?}", with(change));
        }
    }

    /// Signs `plain()` after `change` did something to it that this program never does.
    fn foreign(change: fn(&mut CertificateParams)) -> String {
        let mut params = CertificateParams::default();
        params.distinguished_name = Subject::default().with_common_name("contoso.com").unwrap();
        params.subject_alt_names = vec![SanType::DnsName("contoso.com".try_into().unwrap())];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        change(&mut params);
        let pair = KeyPair::from_pem(KEY.pem()).unwrap();
        params.serialize_request(&pair).unwrap().pem().unwrap()
    }

    #[test]
    fn requests_of_another_kind_are_not_read() {
        fn custom(oid: &[u64], value: &[u8]) -> CustomExtension {
            CustomExtension::from_oid_content(oid, value.to_vec())
        }
        assert_eq!(RequestSpec::read(&foreign(|_| ())), Some(plain()));
        let changes: [fn(&mut CertificateParams); 12] = [
            |params| params.custom_extensions.push(custom(&[1, 3, 6, 1, 5, 5, 7, 1, 24], &[48, 3, 2, 1, 5])),
            |params| params.custom_extensions.push(custom(&TEMPLATE, &[30, 0])),
            |params| params.custom_extensions.push(custom(&TEMPLATE, &[30, 1, 65])),
            |params| params.is_ca = rcgen::IsCa::ExplicitNoCa,
            |params| params.key_usages.push(KeyUsagePurpose::KeyEncipherment),
            |params| params.key_usages.clear(),
            |params| params.extended_key_usages.push(ExtendedKeyUsagePurpose::Any),
            |params| params.extended_key_usages.clear(),
            |params| params.subject_alt_names.push(SanType::IpAddress([192, 0, 2, 1].into())),
            |params| params.subject_alt_names.clear(),
            |params| params.distinguished_name.push(DnType::CommonName, "www.contoso.com"),
            |params| params.distinguished_name.push(DnType::OrganizationName, "after the common name"),
        ];
        for (index, change) in changes.into_iter().enumerate() {
            assert_eq!(RequestSpec::read(&foreign(change)), None, "change {index}");
        }
        for algorithm in [&rcgen::PKCS_ECDSA_P521_SHA512, &rcgen::PKCS_ED25519] {
            let pair = KeyPair::generate_for(algorithm).unwrap();
            let pem = CertificateParams::new(["contoso.com".into()]).unwrap().serialize_request(&pair).unwrap();
            assert_eq!(RequestSpec::read(&pem.pem().unwrap()), None);
        }
        assert_eq!(RequestSpec::read(&SIGNED.replace(LABEL, "NEW CERTIFICATE REQUEST")), None);
        assert_eq!(RequestSpec::read(&SIGNED.repeat(2)), None);
        assert_eq!(RequestSpec::read(KEY.pem()), None);
        assert_eq!(RequestSpec::read(""), None);
    }

    proptest! {
        #[test]
        fn reading_survives_any_text(text in any::<String>(), der in any::<Vec<u8>>()) {
            prop_assert_eq!(RequestSpec::read(&text), None);
            prop_assert_eq!(RequestSpec::read(&pem::encode(&Pem::new(LABEL, der))), None);
        }

        #[test]
        fn reading_survives_a_damaged_request(
            bytes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
            keep in any::<prop::sample::Index>(),
        ) {
            let whole = pem::parse(&*SIGNED).unwrap().into_contents();
            let shortened = &whole[..keep.index(whole.len())];
            prop_assert_eq!(RequestSpec::read(&pem::encode(&Pem::new(LABEL, shortened))), None);
            let mut changed = whole;
            let mut text = SIGNED.clone().into_bytes();
            for (index, byte) in bytes {
                let place = index.index(changed.len());
                changed[place] = byte;
                text[index.index(SIGNED.len())] = byte;
            }
            let _ = RequestSpec::read(&pem::encode(&Pem::new(LABEL, changed)));
            let _ = RequestSpec::read(&String::from_utf8_lossy(&text));
        }
    }
}
