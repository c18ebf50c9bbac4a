//! Private keys: which kinds there are, and the one type that holds one.

use zeroize::Zeroizing;

/// A kind of key a request can be made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// RSA, 2048 bits.
    Rsa2048,
    /// RSA, 3072 bits.
    Rsa3072,
    /// RSA, 4096 bits.
    Rsa4096,
    /// ECDSA on NIST P-256.
    EcdsaP256,
    /// ECDSA on NIST P-384.
    EcdsaP384,
}

impl KeyKind {
    /// Every kind, in the order they are offered.
    pub const ALL: [KeyKind; 5] =
        [KeyKind::Rsa2048, KeyKind::Rsa3072, KeyKind::Rsa4096, KeyKind::EcdsaP256, KeyKind::EcdsaP384];

    /// The contract's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            KeyKind::Rsa2048 => "rsa-2048",
            KeyKind::Rsa3072 => "rsa-3072",
            KeyKind::Rsa4096 => "rsa-4096",
            KeyKind::EcdsaP256 => "ecdsa-p256",
            KeyKind::EcdsaP384 => "ecdsa-p384",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it is an RSA key, which alone may encipher keys (RFC 8813 3, RFC 3279 2.3.1).
    #[must_use]
    pub fn is_rsa(self) -> bool {
        matches!(self, KeyKind::Rsa2048 | KeyKind::Rsa3072 | KeyKind::Rsa4096)
    }

    /// Size in bits.
    #[must_use]
    pub fn bits(self) -> usize {
        match self {
            KeyKind::Rsa2048 => 2048,
            KeyKind::Rsa3072 => 3072,
            KeyKind::Rsa4096 => 4096,
            KeyKind::EcdsaP256 => 256,
            KeyKind::EcdsaP384 => 384,
        }
    }
}

/// A private key as PKCS#8 PEM. It has no `Debug`, `Display` or `Serialize`, and its memory is cleared when it is dropped.
pub struct PrivateKey(Zeroizing<String>);

impl PrivateKey {
    /// Takes over a PKCS#8 PEM text.
    #[must_use]
    pub fn from_pem(pem: String) -> Self {
        PrivateKey(Zeroizing::new(pem))
    }

    /// The PEM text, for the one file it belongs in and for signing.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.0
    }
}
