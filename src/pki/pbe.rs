//! Encryption by password: PBES2 (RFC 8018) and the PBE of PKCS#12 (RFC 7292 appendices B and C).

mod cipher;

use std::num::NonZeroU32;

use aws_lc_rs::{digest, hmac, pbkdf2, rand};
use x509_parser::asn1_rs::Tag;
use yasna::DERWriter;
use yasna::models::ObjectIdentifier;
use zeroize::Zeroizing;

use super::der::Der;
use super::fault::Fault;
use cipher::Cipher;

const PBES2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 13];
const PBKDF2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 12];
const HMAC_SHA1: &[u64] = &[1, 2, 840, 113_549, 2, 7];
const HMAC_SHA256: &[u64] = &[1, 2, 840, 113_549, 2, 9];
const HMAC_SHA384: &[u64] = &[1, 2, 840, 113_549, 2, 10];
const HMAC_SHA512: &[u64] = &[1, 2, 840, 113_549, 2, 11];
const AES_128_CBC: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 1, 2];
const AES_192_CBC: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 1, 22];
const AES_256_CBC: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 1, 42];
const TRIPLE_DES_CBC: &[u64] = &[1, 2, 840, 113_549, 3, 7];
const PBE_SHA1_TRIPLE_DES: &[u64] = &[1, 2, 840, 113_549, 1, 12, 1, 3];
const PBE_SHA1_RC2_40: &[u64] = &[1, 2, 840, 113_549, 1, 12, 1, 6];
const SHA1: &[u64] = &[1, 3, 14, 3, 2, 26];
const SHA256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];
const SHA384: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 2];
const SHA512: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 3];

/// Octets of salt: 128 bits (NIST SP 800-132 5.1).
const SALT: usize = 16;

/// A password as PBKDF2 takes it and as PKCS#12 takes it.
pub(super) struct Password<'a> {
    /// RFC 8018 3 recommends UTF-8.
    utf8: &'a [u8],
    /// Big-endian UTF-16 with a terminating zero (RFC 7292 B.1).
    bmp: Zeroizing<Vec<u8>>,
}

impl<'a> Password<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        // Room for all of it at once: UTF-16 has at most as many units as UTF-8 has octets.
        let mut bmp = Zeroizing::new(Vec::with_capacity(2 * text.len() + 2));
        bmp.extend(text.encode_utf16().chain([0]).flat_map(u16::to_be_bytes));
        Password { utf8: text.as_bytes(), bmp }
    }

    /// None given, which PKCS#12 tells from an empty one: not even the terminating zero is there.
    pub(super) fn missing() -> Self {
        Password { utf8: &[], bmp: Zeroizing::default() }
    }
}

/// Iterations that may still be spent on one file, so that a hostile one costs bounded time.
pub(super) struct Iterations(pub(super) u32);

impl Iterations {
    /// Reads an `iterationCount` and spends it.
    pub(super) fn read(&mut self, der: &mut Der<'_>) -> Result<NonZeroU32, Fault> {
        let count = der.number()?;
        let left = self.0.checked_sub(count);
        self.0 = left.ok_or_else(|| Fault::Unsupported(format!("iterationCount {count}")))?;
        NonZeroU32::new(count).ok_or(Fault::Damaged)
    }
}

/// Something encrypted, and how.
pub(super) struct Encrypted {
    /// The `AlgorithmIdentifier` in DER.
    pub(super) algorithm: Vec<u8>,
    pub(super) octets: Vec<u8>,
}

/// Encrypts by PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC.
pub(super) fn encrypt(plain: &[u8], password: &Password<'_>, iterations: NonZeroU32) -> Result<Encrypted, String> {
    let (salt, iv) = (random::<SALT>()?, random::<16>()?);
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, &salt, password.utf8, key.as_mut());
    let octets = Cipher::Aes256.encrypt(key.as_ref(), &iv, plain)?;
    let algorithm = algorithm(PBES2, |writer| {
        writer.write_sequence(|writer| {
            let pbkdf2 = algorithm(PBKDF2, |writer| {
                writer.write_sequence(|writer| {
                    writer.next().write_bytes(&salt);
                    writer.next().write_u32(iterations.get());
                    writer.next().write_der(&algorithm(HMAC_SHA256, write_null));
                });
            });
            writer.next().write_der(&pbkdf2);
            writer.next().write_der(&algorithm(AES_256_CBC, |writer| writer.write_bytes(&iv)));
        });
    });
    Ok(Encrypted { algorithm, octets })
}

/// Encrypts by pbeWithSHAAnd3-KeyTripleDES-CBC (RFC 7292 appendix C), which Windows Server 2016 and older read.
pub(super) fn encrypt_legacy(
    plain: &[u8],
    password: &Password<'_>,
    iterations: NonZeroU32,
) -> Result<Encrypted, String> {
    let salt = random::<SALT>()?;
    let derive =
        |purpose, length| pkcs12_kdf(&digest::SHA1_FOR_LEGACY_USE_ONLY, purpose, password, &salt, iterations, length);
    let octets = Cipher::TripleDes.encrypt(&derive(KEY, 24), &derive(IV, 8), plain)?;
    let algorithm = algorithm(PBE_SHA1_TRIPLE_DES, |writer| {
        writer.write_sequence(|writer| {
            writer.next().write_bytes(&salt);
            writer.next().write_u32(iterations.get());
        });
    });
    Ok(Encrypted { algorithm, octets })
}

/// Decrypts what an `AlgorithmIdentifier`, whose values `algorithm` has, made of one SEQUENCE in DER: every content
/// here is one, and what is none after decryption was decrypted with another password.
pub(super) fn decrypt(
    algorithm: Der<'_>,
    octets: &[u8],
    password: &Password<'_>,
    left: &mut Iterations,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let Unlocked { cipher, key, iv } = unlock(algorithm, password, left)?;
    let plain = cipher.decrypt(&key, &iv, octets)?;
    let mut der = Der::new(&plain);
    match der.sequence() {
        Ok(_) if der.is_empty() => Ok(plain),
        Err(Fault::Unsupported(what)) => Err(Fault::Unsupported(what)),
        _ => Err(Fault::Password),
    }
}

/// All that opens a ciphertext.
struct Unlocked {
    cipher: Cipher,
    key: Zeroizing<Vec<u8>>,
    iv: Zeroizing<Vec<u8>>,
}

fn unlock(mut algorithm: Der<'_>, password: &Password<'_>, left: &mut Iterations) -> Result<Unlocked, Fault> {
    let oid = algorithm.oid()?;
    let parameters = algorithm.sequence()?;
    match oid.as_slice() {
        PBES2 => unlock_pbes2(parameters, password, left),
        PBE_SHA1_TRIPLE_DES => unlock_pkcs12(Cipher::TripleDes, parameters, password, left),
        PBE_SHA1_RC2_40 => unlock_pkcs12(Cipher::Rc2With40Bits, parameters, password, left),
        _ => Err(Fault::unsupported_oid(&oid)),
    }
}

/// `PBES2-params` (RFC 8018 A.4).
fn unlock_pbes2(mut parameters: Der<'_>, password: &Password<'_>, left: &mut Iterations) -> Result<Unlocked, Fault> {
    let mut derivation = parameters.sequence()?;
    let mut encryption = parameters.sequence()?;
    let oid = encryption.oid()?;
    let cipher = match oid.as_slice() {
        AES_128_CBC => Cipher::Aes128,
        AES_192_CBC => Cipher::Aes192,
        AES_256_CBC => Cipher::Aes256,
        TRIPLE_DES_CBC => Cipher::TripleDes,
        _ => return Err(Fault::unsupported_oid(&oid)),
    };
    let iv = Zeroizing::new(encryption.octets()?.to_vec());

    let oid = derivation.oid()?;
    if oid != PBKDF2 {
        return Err(Fault::unsupported_oid(&oid));
    }
    // PBKDF2-params (RFC 8018 A.2): salt, iterationCount, keyLength OPTIONAL, prf DEFAULT hmacWithSHA1.
    let mut derivation = derivation.sequence()?;
    let salt = derivation.octets()?;
    let iterations = left.read(&mut derivation)?;
    let mut key = Zeroizing::new(vec![0; cipher.key_length()]);
    if derivation.is_next(Tag::Integer) && derivation.number()? as usize != key.len() {
        return Err(Fault::Damaged);
    }
    let prf = if derivation.is_empty() { HMAC_SHA1.to_vec() } else { derivation.sequence()?.oid()? };
    let prf = match prf.as_slice() {
        HMAC_SHA1 => pbkdf2::PBKDF2_HMAC_SHA1,
        HMAC_SHA256 => pbkdf2::PBKDF2_HMAC_SHA256,
        HMAC_SHA384 => pbkdf2::PBKDF2_HMAC_SHA384,
        HMAC_SHA512 => pbkdf2::PBKDF2_HMAC_SHA512,
        _ => return Err(Fault::unsupported_oid(&prf)),
    };
    pbkdf2::derive(prf, iterations, salt, password.utf8, &mut key);
    Ok(Unlocked { cipher, key, iv })
}

/// `pkcs-12PbeParams` (RFC 7292 appendix C).
fn unlock_pkcs12(
    cipher: Cipher,
    mut parameters: Der<'_>,
    password: &Password<'_>,
    left: &mut Iterations,
) -> Result<Unlocked, Fault> {
    let salt = parameters.octets()?;
    let iterations = left.read(&mut parameters)?;
    let derive =
        |purpose, length| pkcs12_kdf(&digest::SHA1_FOR_LEGACY_USE_ONLY, purpose, password, salt, iterations, length);
    Ok(Unlocked { key: derive(KEY, cipher.key_length()), iv: derive(IV, cipher.block_length()), cipher })
}

/// Writes the `MacData` (RFC 7292 4) of `content`: HMAC-SHA256, or HMAC-SHA1 where it must be `legacy`.
pub(super) fn write_mac(
    content: &[u8],
    password: &Password<'_>,
    iterations: NonZeroU32,
    legacy: bool,
) -> Result<Vec<u8>, String> {
    let (oid, mac) = if legacy { (SHA1, Mac::SHA1) } else { (SHA256, Mac::SHA256) };
    let salt = random::<SALT>()?;
    let tag = hmac::sign(&mac.key(password, &salt, iterations), content);
    Ok(yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_sequence(|writer| {
                writer.next().write_der(&algorithm(oid, write_null));
                writer.next().write_bytes(tag.as_ref());
            });
            writer.next().write_bytes(&salt);
            writer.next().write_u32(iterations.get());
        });
    }))
}

/// Verifies the `MacData` of `content`.
pub(super) fn verify_mac(
    mut mac_data: Der<'_>,
    content: &[u8],
    password: &Password<'_>,
    left: &mut Iterations,
) -> Result<(), Fault> {
    let mut info = mac_data.sequence()?;
    let oid = info.sequence()?.oid()?;
    let mac = match oid.as_slice() {
        SHA1 => Mac::SHA1,
        SHA256 => Mac::SHA256,
        SHA384 => Mac { digest: &digest::SHA384, hmac: hmac::HMAC_SHA384 },
        SHA512 => Mac { digest: &digest::SHA512, hmac: hmac::HMAC_SHA512 },
        _ => return Err(Fault::unsupported_oid(&oid)),
    };
    let tag = info.octets()?;
    let salt = mac_data.octets()?;
    // iterationCount DEFAULT 1.
    let iterations = if mac_data.is_empty() { NonZeroU32::MIN } else { left.read(&mut mac_data)? };
    hmac::verify(&mac.key(password, salt, iterations), content, tag).map_err(|_| Fault::Password)
}

struct Mac {
    digest: &'static digest::Algorithm,
    hmac: hmac::Algorithm,
}

impl Mac {
    const SHA1: Mac = Mac { digest: &digest::SHA1_FOR_LEGACY_USE_ONLY, hmac: hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY };
    const SHA256: Mac = Mac { digest: &digest::SHA256, hmac: hmac::HMAC_SHA256 };

    fn key(&self, password: &Password<'_>, salt: &[u8], iterations: NonZeroU32) -> hmac::Key {
        let key = pkcs12_kdf(self.digest, MAC, password, salt, iterations, self.digest.output_len());
        hmac::Key::new(self.hmac, &key)
    }
}

/// What a derived key is for (RFC 7292 B.3).
const KEY: u8 = 1;
const IV: u8 = 2;
const MAC: u8 = 3;

/// The key derivation of PKCS#12 (RFC 7292 B.2, with its letters).
fn pkcs12_kdf(
    hash: &'static digest::Algorithm,
    purpose: u8,
    password: &Password<'_>,
    salt: &[u8],
    iterations: NonZeroU32,
    length: usize,
) -> Zeroizing<Vec<u8>> {
    let v = hash.block_len();
    let whole_blocks = |octets: &[u8]| octets.len().div_ceil(v) * v;
    let (s, p) = (whole_blocks(salt), whole_blocks(&password.bmp));
    // D, S and P, one after the other, for the hash reads them so. Room for all at once: P is secret.
    let mut input = Zeroizing::new(Vec::with_capacity(v + s + p));
    input.extend(std::iter::repeat_n(purpose, v));
    input.extend(salt.iter().cycle().take(s));
    input.extend(password.bmp.iter().cycle().take(p));

    let mut derived = Zeroizing::new(Vec::with_capacity(length + hash.output_len()));
    loop {
        let mut a = digest::digest(hash, &input);
        for _ in 1..iterations.get() {
            a = digest::digest(hash, a.as_ref());
        }
        derived.extend_from_slice(a.as_ref());
        if derived.len() >= length {
            derived.truncate(length);
            return derived;
        }
        // I_j = I_j + B + 1, where B is A repeated.
        for block in input[v..].chunks_mut(v) {
            let mut carry = 1_u8;
            for at in (0..block.len()).rev() {
                let sum = u16::from(block[at]) + u16::from(a.as_ref()[at % hash.output_len()]) + u16::from(carry);
                [carry, block[at]] = sum.to_be_bytes();
            }
        }
    }
}

/// An `AlgorithmIdentifier` (RFC 5280 4.1.1.2) in DER.
fn algorithm(oid: &[u64], parameters: impl FnOnce(DERWriter<'_>)) -> Vec<u8> {
    yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_oid(&ObjectIdentifier::from_slice(oid));
            parameters(writer.next());
        });
    })
}

fn write_null(writer: DERWriter<'_>) {
    writer.write_null();
}

fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], String> {
    let mut octets = [0; LENGTH];
    rand::fill(&mut octets).map_err(|_| "no random numbers")?;
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of S. N. Henson's «PKCS#12 test vectors of key generation», which other programs test with too.
    #[test]
    fn keys_are_derived_as_in_the_published_vectors() {
        let derive = |password, salt: u64, iterations, purpose, length| {
            let (password, salt) = (Password::new(password), salt.to_be_bytes());
            let iterations = NonZeroU32::new(iterations).unwrap();
            let hash = &digest::SHA1_FOR_LEGACY_USE_ONLY;
            let derived = pkcs12_kdf(hash, purpose, &password, &salt, iterations, length);
            derived.iter().map(|octet| format!("{octet:02X}")).collect::<Vec<_>>().concat()
        };
        let smeg = |purpose, length| derive("smeg", 0x0A58_CF64_530D_823F, 1, purpose, length);
        assert_eq!(smeg(KEY, 24), "8AAAE6297B6CB04642AB5B077851284EB7128F1A2A7FBCA3");
        assert_eq!(smeg(IV, 8), "79993DFE048D3B76");
        let queeg = |purpose, length| derive("queeg", 0x05DE_C959_ACFF_72F7, 1000, purpose, length);
        assert_eq!(queeg(KEY, 24), "ED2034E36328830FF09DF1E1A07DD357185DAC0D4F9EB3D4");
        assert_eq!(queeg(IV, 8), "11DEDAD7758D4860");
        assert_eq!(derive("queeg", 0x2632_16FC_C2FA_B31C, 1000, MAC, 20), "5EC4C7A80DF652294C3925B6489A7AB857C83476");
    }
}
