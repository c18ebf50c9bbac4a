//! Content ciphers in CBC mode, padded as PKCS#7 (RFC 5652 6.3).

use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, Algorithm, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey,
    PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, InnerIvInit};
use rc2::Rc2;
use zeroize::Zeroizing;

use crate::pki::fault::Fault;

#[derive(Clone, Copy)]
pub(super) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
    Rc2With40Bits,
}

impl Cipher {
    /// In octets.
    pub(super) fn key_length(self) -> usize {
        match self {
            Cipher::Aes128 => 16,
            Cipher::Aes192 | Cipher::TripleDes => 24,
            Cipher::Aes256 => 32,
            Cipher::Rc2With40Bits => 5,
        }
    }

    /// In octets.
    pub(super) fn block_length(self) -> usize {
        match self {
            Cipher::Aes128 | Cipher::Aes192 | Cipher::Aes256 => 16,
            Cipher::TripleDes | Cipher::Rc2With40Bits => 8,
        }
    }

    pub(super) fn encrypt(self, key: &[u8], iv: &[u8], plain: &[u8]) -> Result<Vec<u8>, String> {
        let encrypt = || {
            let key = PaddedBlockEncryptingKey::cbc_pkcs7(UnboundCipherKey::new(self.backend()?, key).ok()?).ok()?;
            let context = match self.block_length() {
                16 => EncryptionContext::Iv128(FixedLength::try_from(iv).ok()?),
                _ => EncryptionContext::Iv64(FixedLength::try_from(iv).ok()?),
            };
            // Room for the padding: a text that grows leaves its old place uncleared.
            let mut text = Zeroizing::new(Vec::with_capacity(plain.len() + self.block_length()));
            text.extend_from_slice(plain);
            key.less_safe_encrypt(&mut *text, context).ok()?;
            Some(std::mem::take(&mut *text))
        };
        encrypt().ok_or_else(|| "the cipher refused".into())
    }

    /// # Errors
    /// [`Fault::Password`] where the padding is wrong.
    pub(super) fn decrypt(self, key: &[u8], iv: &[u8], octets: &[u8]) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let is_whole = !octets.is_empty() && octets.len().is_multiple_of(self.block_length());
        if !is_whole || iv.len() != self.block_length() {
            return Err(Fault::Damaged);
        }
        let mut text = Zeroizing::new(octets.to_vec());
        let decrypted = match self.backend() {
            Some(algorithm) => decrypt(algorithm, key, iv, &mut text),
            None => decrypt_rc2(key, iv, &mut text),
        };
        let length = decrypted.ok_or(Fault::Password)?;
        text.truncate(length);
        Ok(text)
    }

    /// None where it has no such cipher.
    #[allow(deprecated)] // 3DES is what the old files have
    fn backend(self) -> Option<&'static Algorithm> {
        match self {
            Cipher::Aes128 => Some(&AES_128),
            Cipher::Aes192 => Some(&AES_192),
            Cipher::Aes256 => Some(&AES_256),
            Cipher::TripleDes => Some(&aws_lc_rs::cipher::DES_EDE3_FOR_LEGACY_USE_ONLY),
            Cipher::Rc2With40Bits => None,
        }
    }
}

/// Decrypts in place; how many octets the padding leaves.
fn decrypt(algorithm: &'static Algorithm, key: &[u8], iv: &[u8], text: &mut [u8]) -> Option<usize> {
    let key = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(algorithm, key).ok()?).ok()?;
    let context = match algorithm.block_len() {
        16 => DecryptionContext::Iv128(FixedLength::try_from(iv).ok()?),
        _ => DecryptionContext::Iv64(FixedLength::try_from(iv).ok()?),
    };
    key.decrypt(text, context).ok().map(|plain| plain.len())
}

/// [`decrypt`] for RC2 with an effective key as long as the key (RFC 2268).
fn decrypt_rc2(key: &[u8], iv: &[u8], text: &mut [u8]) -> Option<usize> {
    let cipher = Rc2::new_with_eff_key_len(key, key.len() * 8);
    let mode = cbc::Decryptor::inner_iv_slice_init(cipher, iv).ok()?;
    mode.decrypt_padded::<Pkcs7>(text).ok().map(<[u8]>::len)
}
