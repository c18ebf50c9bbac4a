//! The private key under a passphrase: `EncryptedPrivateKeyInfo` (RFC 5958 3) in PEM (RFC 7468 11).

use std::num::NonZeroU32;

use pem::Pem;

use super::PrivateKey;
use super::der::Der;
use super::pbe;
use super::pbe::{Iterations, Password};

pub use super::fault::Fault;

const LABEL: &str = "ENCRYPTED PRIVATE KEY";

/// What OWASP asks of PBKDF2-HMAC-SHA256.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(600_000).unwrap();

/// What a key that is opened may cost at most, a few seconds.
const MOST_ITERATIONS: u32 = 10_000_000;

/// Encrypts `key` by PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018), which OpenSSL, `GnuTLS` and Windows
/// read. Scrypt is for OpenSSL alone: `GnuTLS` 3.7 refuses it.
///
/// # Errors
/// Where the key is no PKCS#8 PEM, or the backend cannot.
pub fn seal(key: &PrivateKey, passphrase: &str) -> Result<String, String> {
    let key = key.der().ok_or("not a PKCS#8 private key in PEM")?;
    let encrypted = write(&pbe::encrypt(&key, &Password::new(passphrase), ITERATIONS)?);
    let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
    Ok(pem::encode_config(&Pem::new(LABEL, encrypted), config))
}

/// Decrypts a key that any program sealed by PBES2 or by the PBE of PKCS#12.
///
/// # Errors
/// [`Fault::Password`] where decryption gives no key. The format has no checksum, so damage to the encrypted octets is
/// told as a wrong passphrase too, and one damaged in the middle is opened. [`Fault::Unsupported`] names the label of
/// another PEM block, such as the one that OpenSSL encrypted before PKCS#8.
pub fn open(pem: &str, passphrase: &str) -> Result<PrivateKey, Fault> {
    // The label first: a key that is not encrypted would leave a copy in the parser.
    let label = pem.split_once("-----BEGIN ").and_then(|(_, rest)| rest.split_once("-----"));
    let (label, _) = label.ok_or(Fault::Damaged)?;
    if label != LABEL {
        return Err(Fault::Unsupported(label.to_owned()));
    }
    let block = pem::parse(pem).map_err(|_| Fault::Damaged)?;
    let mut file = Der::new(block.contents());
    let info = file.sequence()?;
    if !file.is_empty() {
        return Err(Fault::Damaged);
    }
    read(info, &Password::new(passphrase), &mut Iterations(MOST_ITERATIONS))
}

/// An `EncryptedPrivateKeyInfo` in DER.
pub(super) fn write(key: &pbe::Encrypted) -> Vec<u8> {
    yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_der(&key.algorithm);
            writer.next().write_bytes(&key.octets);
        });
    })
}

/// Opens the `EncryptedPrivateKeyInfo` whose values `info` has.
pub(super) fn read(mut info: Der<'_>, password: &Password<'_>, left: &mut Iterations) -> Result<PrivateKey, Fault> {
    let algorithm = info.sequence()?;
    let plain = pbe::decrypt(algorithm, info.octets()?, password, left)?;
    read_plain(&plain)
}

/// A `PrivateKeyInfo` (RFC 5958 2): version, algorithm, key.
pub(super) fn read_plain(plain: &[u8]) -> Result<PrivateKey, Fault> {
    let mut file = Der::new(plain);
    let mut info = file.sequence()?;
    info.number()?;
    info.sequence()?;
    info.octets()?;
    if file.is_empty() { Ok(PrivateKey::from_der(plain)) } else { Err(Fault::Damaged) }
}
