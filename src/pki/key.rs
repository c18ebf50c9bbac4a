//! Private keys: which kinds there are, and the one type that holds one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----\n";
const END: &str = "-----END PRIVATE KEY-----\n";
/// Characters on a line of PEM (RFC 7468 3).
const LINE: usize = 64;

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

    /// Writes a PKCS#8 DER as PEM (RFC 7468 10). Not by the `pem` crate: it leaves uncleared copies of the key behind.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Self {
        let body = Zeroizing::new(STANDARD.encode(der));
        let breaks = body.len().div_ceil(LINE);
        // Room for all of it at once: a text that grows leaves its old place uncleared.
        let mut pem = String::with_capacity(BEGIN.len() + body.len() + breaks + END.len());
        pem.push_str(BEGIN);
        let mut rest = body.as_str();
        while !rest.is_empty() {
            let (line, after) = rest.split_at(rest.len().min(LINE));
            pem.push_str(line);
            pem.push('\n');
            rest = after;
        }
        pem.push_str(END);
        PrivateKey::from_pem(pem)
    }

    /// The PEM text, for the one file it belongs in.
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.0
    }

    /// Whether it can be used only with its passphrase (RFC 7468 11).
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.trim_start().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    }

    /// The PKCS#8 DER, for signing; none where the PEM is not one block of a private key.
    #[must_use]
    pub fn der(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut lines = self.0.trim().lines().map(str::trim);
        if lines.next() != Some(BEGIN.trim_end()) || lines.next_back() != Some(END.trim_end()) {
            return None;
        }
        let mut body = Zeroizing::new(String::with_capacity(self.0.len()));
        for line in lines {
            body.push_str(line);
        }
        STANDARD.decode(body.as_bytes()).ok().map(Zeroizing::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_the_pem_crate_would_and_read_back() {
        for length in [1, 47, 48, 49, 1200] {
            let der: Vec<u8> = (0..length).map(|i| u8::try_from(i % 251).unwrap()).collect();
            let key = PrivateKey::from_der(&der);
            let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
            assert_eq!(key.pem(), pem::encode_config(&pem::Pem::new("PRIVATE KEY", der.clone()), config));
            assert_eq!(key.der().unwrap().to_vec(), der);
        }
    }

    #[test]
    fn windows_line_ends_are_read_and_other_blocks_are_not() {
        let der = |pem: &str| PrivateKey::from_pem(pem.to_owned()).der().map(|der| der.to_vec());
        assert_eq!(der("-----BEGIN PRIVATE KEY-----\r\nAQID\r\n-----END PRIVATE KEY-----\r\n"), Some(vec![1, 2, 3]));
        assert_eq!(der("-----BEGIN EC PRIVATE KEY-----\nAQID\n-----END EC PRIVATE KEY-----\n"), None);
        let block = "-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n";
        assert_eq!(der(&block.repeat(2)), None);
        assert_eq!(der(""), None);
    }
}
