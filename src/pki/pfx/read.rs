//! Reads what OpenSSL, `GnuTLS`, Java and Windows write.

use zeroize::Zeroizing;

use crate::pki::der::Der;
use crate::pki::fault::Fault;
use crate::pki::pbe::{self, Iterations, Password};
use crate::pki::{PrivateKey, encrypted_key};

use super::{CERTIFICATE_BAG, DATA, ENCRYPTED_DATA, KEY_BAG, SAFE_CONTENTS_BAG, SHROUDED_KEY_BAG, X509};

/// What a file may cost at most, a few seconds. Programs write 1 to 600,000 iterations, three times.
const ITERATIONS: u32 = 10_000_000;

/// What was in a PFX.
#[derive(Default)]
pub struct Contents {
    /// X.509 certificates in DER, in the file's order. None of them was looked at.
    pub certificates: Vec<Vec<u8>>,
    /// The private key.
    pub key: Option<PrivateKey>,
}

/// Why a PFX cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// Something else than a PFX.
    NotPfx,
    /// The password is another one, for the file or for a part of it.
    Password,
    /// Made in a way not read here. Technical: an object identifier, a name of ASN.1, or `BER`.
    Unsupported(String),
    /// A PFX that is cut off or broken.
    Damaged,
}

impl From<Fault> for Unreadable {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Password => Unreadable::Password,
            Fault::Unsupported(what) => Unreadable::Unsupported(what),
            Fault::Damaged => Unreadable::Damaged,
        }
    }
}

/// Reads a PFX. An empty `password` opens a file with an empty password and one with none. What stands after the file's
/// end is left alone, as other readers do.
///
/// Read are PBES2 (RFC 8018: PBKDF2 with HMAC-SHA1, -256, -384 or -512; AES or 3DES in CBC mode), the PBE of PKCS#12
/// with 3DES or 40-bit RC2, and what is not encrypted. The MAC (SHA-1, -256, -384, -512) is verified before all else;
/// without one a damaged part is told as a wrong password.
///
/// # Errors
/// See [`Unreadable`]. Several keys are `Unsupported`: which of them is meant, nobody could say.
pub fn read(der: &[u8], password: &str) -> Result<Contents, Unreadable> {
    read_within(der, password, ITERATIONS)
}

/// [`read`] with another bound on the sum of the iterations that the file asks for: a million take less than a second.
///
/// # Errors
/// As [`read`].
pub fn read_within(der: &[u8], password: &str, iterations: u32) -> Result<Contents, Unreadable> {
    if !is_pfx(der) {
        return Err(Unreadable::NotPfx);
    }
    let mut left = Iterations(iterations);
    let contents = match open(der, &Password::new(password), &mut left) {
        Err(Fault::Password) if password.is_empty() => open(der, &Password::missing(), &mut left)?,
        opened => opened?,
    };
    Ok(contents)
}

/// Whether it begins as one: a SEQUENCE, however long, whose first value is version 3.
fn is_pfx(file: &[u8]) -> bool {
    let [0x30, length, rest @ ..] = file else { return false };
    let more_length = if *length < 0x80 { 0 } else { usize::from(length & 0x7F) };
    rest.get(more_length..).is_some_and(|values| values.starts_with(&[2, 1, 3]))
}

/// `PFX` and `AuthenticatedSafe` (RFC 7292 4, 4.1).
fn open(file: &[u8], password: &Password<'_>, left: &mut Iterations) -> Result<Contents, Fault> {
    let mut pfx = Der::new(file).sequence()?;
    pfx.number()?;
    let mut content = pfx.sequence()?;
    let kind = content.oid()?;
    if kind != DATA {
        return Err(Fault::unsupported_oid(&kind));
    }
    let authenticated = content.explicit(0)?.octets()?;
    if !pfx.is_empty() {
        pbe::verify_mac(pfx.sequence()?, authenticated, password, left)?;
    }

    let mut contents = Contents::default();
    let mut safes = Der::new(authenticated).sequence()?;
    while !safes.is_empty() {
        let mut safe = safes.sequence()?;
        let kind = safe.oid()?;
        match kind.as_slice() {
            DATA => contents.take(safe.explicit(0)?.octets()?, password, left)?,
            ENCRYPTED_DATA => {
                let bags = decrypt(safe.explicit(0)?.sequence()?, password, left)?;
                contents.take(&bags, password, left)?;
            }
            _ => return Err(Fault::unsupported_oid(&kind)),
        }
    }
    Ok(contents)
}

/// `EncryptedData` (RFC 2315 13), whose values `data` has.
fn decrypt(mut data: Der<'_>, password: &Password<'_>, left: &mut Iterations) -> Result<Zeroizing<Vec<u8>>, Fault> {
    data.number()?;
    let mut content = data.sequence()?;
    let kind = content.oid()?;
    if kind != DATA {
        return Err(Fault::unsupported_oid(&kind));
    }
    let algorithm = content.sequence()?;
    pbe::decrypt(algorithm, content.implicit_octets(0)?, password, left)
}

impl Contents {
    /// Takes out of `SafeContents` (RFC 7292 4.2) what is a key or a certificate.
    fn take(&mut self, safe: &[u8], password: &Password<'_>, left: &mut Iterations) -> Result<(), Fault> {
        let mut bags = Der::new(safe).sequence()?;
        while !bags.is_empty() {
            let mut bag = bags.sequence()?;
            let kind = bag.oid()?;
            let mut value = bag.explicit(0)?;
            match kind.as_slice() {
                KEY_BAG => self.take_key(encrypted_key::read_plain(value.rest())?)?,
                SHROUDED_KEY_BAG => self.take_key(encrypted_key::read(value.sequence()?, password, left)?)?,
                CERTIFICATE_BAG => {
                    let mut certificate = value.sequence()?;
                    if certificate.oid()? == X509 {
                        self.certificates.push(certificate.explicit(0)?.octets()?.to_vec());
                    }
                }
                // Bags in bags have no bottom, and nobody writes them.
                SAFE_CONTENTS_BAG => return Err(Fault::unsupported_oid(&kind)),
                // Revocation lists and secrets.
                _ => {}
            }
        }
        Ok(())
    }

    fn take_key(&mut self, key: PrivateKey) -> Result<(), Fault> {
        match self.key.replace(key) {
            None => Ok(()),
            Some(_) => Err(Fault::Unsupported("KeyBag 2".into())),
        }
    }
}
