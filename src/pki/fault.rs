//! Why something encrypted by a password cannot be read.

/// Why something cannot be decrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The password is another one.
    Password,
    /// Sound as far as it was read, but made in a way not read here. Technical: an object identifier, a name of ASN.1.
    Unsupported(String),
    /// Broken, or no such thing at all.
    Damaged,
}

impl Fault {
    pub(super) fn unsupported_oid(oid: &[u64]) -> Self {
        Fault::Unsupported(oid.iter().map(u64::to_string).collect::<Vec<_>>().join("."))
    }
}
