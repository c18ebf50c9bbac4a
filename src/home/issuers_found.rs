//! Who may issue certificates, as name servers say. Nothing of it is judged here.

use super::LookupError;

/// Who may issue certificates for the names of a request.
#[derive(Debug)]
pub struct IssuersFound {
    /// The names that were asked for, in A-labels.
    pub names: Vec<String>,
    /// What was answered for each; nothing in a dry run, which asks nobody.
    pub looks: Vec<CaaLook>,
}

/// Who may issue certificates for a name, as its zone says.
#[derive(Debug, Clone)]
pub struct CaaLook {
    /// In A-labels; a wildcard begins with `*.`.
    pub name: String,
    /// The records and the name that they stand at, which is this one or above it; none where there are none at all.
    pub found: Result<Option<(String, Vec<Caa>)>, LookupError>,
}

/// A CAA record (RFC 8659 4.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caa {
    /// Whether nobody may issue who does not understand it.
    pub is_critical: bool,
    /// The property, in lower case.
    pub tag: String,
    /// Its value, as it came.
    pub value: String,
}
