//! Writes what Windows, OpenSSL, `GnuTLS` and Java read.

use std::num::NonZeroU32;

use aws_lc_rs::digest;
use yasna::models::ObjectIdentifier;
use yasna::{DERWriter, Tag};
use zeroize::Zeroizing;

use crate::pki::pbe::{self, Encrypted, Password};
use crate::pki::{PrivateKey, encrypted_key};

use super::{CERTIFICATE_BAG, DATA, ENCRYPTED_DATA, FRIENDLY_NAME, LOCAL_KEY_ID, SHROUDED_KEY_BAG, X509};

/// What each of the three derivations repeats. OWASP asks 600,000 of PBKDF2-HMAC-SHA256, NIST SP 800-132 as many as one
/// can bear; but .NET 9 refuses a PFX with more than 300,000 in one derivation or 1,000,000 in all.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(300_000).unwrap();

/// What goes into a PFX.
pub struct Parcel<'a> {
    /// The private key of the first certificate. Whether it is, is the caller's to prove.
    pub key: &'a PrivateKey,
    /// X.509 certificates in DER: the key's own, then its issuer and so on, as far as they shall travel.
    pub certificates: &'a [&'a [u8]],
    /// What programs list the key and its certificate as; empty for none.
    pub friendly_name: &'a str,
    /// What opens the file. Java opens one with a password in ASCII only.
    pub password: &'a str,
    /// Whether Windows Server 2016 and older shall read it: 3DES and SHA-1 in place of AES-256 and SHA-256.
    pub legacy: bool,
}

/// Writes a PFX with certificates and key encrypted under one password, and a MAC.
///
/// # Errors
/// Where the key is no PKCS#8 PEM, there is no certificate, or the backend cannot.
pub fn write(parcel: &Parcel<'_>) -> Result<Zeroizing<Vec<u8>>, String> {
    let key = parcel.key.der().ok_or("not a PKCS#8 private key in PEM")?;
    let leaf = parcel.certificates.first().ok_or("a PFX needs a certificate")?;
    let password = Password::new(parcel.password);
    let encrypt = if parcel.legacy { pbe::encrypt_legacy } else { pbe::encrypt };
    // It joins the key to its certificate; Windows and OpenSSL take the SHA-1 too.
    let local_key_id = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, leaf);
    let attributes = attributes(parcel.friendly_name, local_key_id.as_ref());

    let certificates = yasna::construct_der(|writer| {
        writer.write_sequence_of(|writer| {
            for (index, certificate) in parcel.certificates.iter().enumerate() {
                let attributes = (index == 0).then_some(attributes.as_slice());
                write_bag(writer.next(), CERTIFICATE_BAG, &certificate_bag(certificate), attributes);
            }
        });
    });
    let certificates = encrypt(&certificates, &password, ITERATIONS)?;
    let shrouded_key = encrypted_key::write(&encrypt(&key, &password, ITERATIONS)?);
    let key = yasna::construct_der(|writer| {
        writer.write_sequence_of(|writer| {
            write_bag(writer.next(), SHROUDED_KEY_BAG, &shrouded_key, Some(&attributes));
        });
    });

    let authenticated = yasna::construct_der(|writer| {
        writer.write_sequence_of(|writer| {
            write_content(writer.next(), ENCRYPTED_DATA, |writer| write_encrypted_data(writer, &certificates));
            write_content(writer.next(), DATA, |writer| writer.write_bytes(&key));
        });
    });
    let mac = pbe::write_mac(&authenticated, &password, ITERATIONS, parcel.legacy)?;
    Ok(Zeroizing::new(yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_u8(3);
            write_content(writer.next(), DATA, |writer| writer.write_bytes(&authenticated));
            writer.next().write_der(&mac);
        });
    })))
}

/// The bag attributes (RFC 7292 4.2) that key and certificate share.
fn attributes(friendly_name: &str, local_key_id: &[u8]) -> Vec<u8> {
    yasna::construct_der(|writer| {
        writer.write_set_of(|writer| {
            if !friendly_name.is_empty() {
                write_attribute(writer.next(), FRIENDLY_NAME, |writer| writer.write_bmp_string(friendly_name));
            }
            write_attribute(writer.next(), LOCAL_KEY_ID, |writer| writer.write_bytes(local_key_id));
        });
    })
}

fn write_attribute(writer: DERWriter<'_>, oid: &[u64], value: impl FnOnce(DERWriter<'_>)) {
    writer.write_sequence(|writer| {
        write_oid(writer.next(), oid);
        writer.next().write_set_of(|writer| value(writer.next()));
    });
}

/// `CertBag` (RFC 7292 4.2.3).
fn certificate_bag(certificate: &[u8]) -> Vec<u8> {
    yasna::construct_der(|writer| write_content(writer, X509, |writer| writer.write_bytes(certificate)))
}

/// `SafeBag` (RFC 7292 4.2).
fn write_bag(writer: DERWriter<'_>, kind: &[u64], value: &[u8], attributes: Option<&[u8]>) {
    writer.write_sequence(|writer| {
        write_oid(writer.next(), kind);
        writer.next().write_tagged(Tag::context(0), |writer| writer.write_der(value));
        if let Some(attributes) = attributes {
            writer.next().write_der(attributes);
        }
    });
}

/// `ContentInfo` (RFC 2315 7): its kind, and the content under `[0]`.
fn write_content(writer: DERWriter<'_>, kind: &[u64], content: impl FnOnce(DERWriter<'_>)) {
    writer.write_sequence(|writer| {
        write_oid(writer.next(), kind);
        writer.next().write_tagged(Tag::context(0), content);
    });
}

/// `EncryptedData` (RFC 2315 13).
fn write_encrypted_data(writer: DERWriter<'_>, encrypted: &Encrypted) {
    writer.write_sequence(|writer| {
        writer.next().write_u8(0);
        writer.next().write_sequence(|writer| {
            write_oid(writer.next(), DATA);
            writer.next().write_der(&encrypted.algorithm);
            writer.next().write_tagged_implicit(Tag::context(0), |writer| writer.write_bytes(&encrypted.octets));
        });
    });
}

fn write_oid(writer: DERWriter<'_>, oid: &[u64]) {
    writer.write_oid(&ObjectIdentifier::from_slice(oid));
}
