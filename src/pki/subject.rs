//! Who a certificate is for, besides its names, and how a request writes it.

use rcgen::string::PrintableString;
use rcgen::{DistinguishedName, DnType, DnValue};
use x509_parser::asn1_rs::Tag;
use x509_parser::oid_registry::{
    OID_X509_COMMON_NAME, OID_X509_COUNTRY_NAME, OID_X509_LOCALITY_NAME, OID_X509_ORGANIZATION_NAME,
    OID_X509_ORGANIZATIONAL_UNIT, OID_X509_STATE_OR_PROVINCE_NAME,
};
use x509_parser::x509::X509Name;

/// The subject's attributes besides the common name; an empty one is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// State or province.
    pub state: String,
    /// City or locality.
    pub city: String,
    /// Organization.
    pub organization: String,
    /// Organizational unit.
    pub unit: String,
}

impl Subject {
    /// C, ST, L, O, OU, CN, those that are given. The country is a `PrintableString`, the rest `UTF8String` (RFC 5280
    /// 4.1.2.4 and appendix A).
    ///
    /// # Errors
    /// A reason, where the country is no code.
    pub(super) fn with_common_name(&self, common_name: &str) -> Result<DistinguishedName, String> {
        let Subject { country, state, city, organization, unit } = self;
        let mut name = DistinguishedName::new();
        if !country.is_empty() {
            let code = Some(country.as_str()).filter(|country| is_country(country));
            let code = code.and_then(|code| PrintableString::try_from(code).ok());
            let code = code.ok_or_else(|| format!("no country code: {country}"))?;
            name.push(DnType::CountryName, DnValue::PrintableString(code));
        }
        for (kind, value) in [
            (DnType::StateOrProvinceName, state.as_str()),
            (DnType::LocalityName, city),
            (DnType::OrganizationName, organization),
            (DnType::OrganizationalUnitName, unit),
            (DnType::CommonName, common_name),
        ] {
            if !value.is_empty() {
                name.push(kind, DnValue::Utf8String(value.to_owned()));
            }
        }
        Ok(name)
    }

    /// The subject and the common name, where they stand as [`Subject::with_common_name`] writes them.
    pub(super) fn read(name: &X509Name<'_>) -> Option<(Self, String)> {
        let order = [
            OID_X509_COUNTRY_NAME,
            OID_X509_STATE_OR_PROVINCE_NAME,
            OID_X509_LOCALITY_NAME,
            OID_X509_ORGANIZATION_NAME,
            OID_X509_ORGANIZATIONAL_UNIT,
            OID_X509_COMMON_NAME,
        ];
        let mut values: [String; 6] = Default::default();
        let mut places = order.iter().zip(&mut values);
        for part in name.iter() {
            let mut attributes = part.iter();
            let (Some(attribute), None) = (attributes.next(), attributes.next()) else { return None };
            let (oid, value) = places.find(|(oid, _)| *oid == attribute.attr_type())?;
            let tag = if *oid == OID_X509_COUNTRY_NAME { Tag::PrintableString } else { Tag::Utf8String };
            if attribute.attr_value().tag() != tag || attribute.as_slice().is_empty() {
                return None;
            }
            attribute.as_str().ok()?.clone_into(value);
        }
        let [country, state, city, organization, unit, common_name] = values;
        let is_ours = country.is_empty() || is_country(&country);
        is_ours.then_some((Subject { country, state, city, organization, unit }, common_name))
    }
}

/// Whether `text` has the form of a `countryName`: two letters (RFC 5280 appendix A, ISO 3166-1 alpha-2). Asked before the
/// backend is: it takes `?` too, which its own writer then panics on.
fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}
