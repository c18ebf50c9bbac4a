//! Who a certificate is for, besides its names.

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
