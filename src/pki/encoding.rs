//! The transfer encodings (RFC 2045 6) in which octets come as text: base64 and quoted-printable.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

/// Base64 as people send it: with or without the padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The octets of base64 in lines, also where a mail's encoding is still around it: in base64 `=` stands at the end only.
pub(super) fn decoded(body: &str) -> Option<Zeroizing<Vec<u8>>> {
    let without_mail = || str::from_utf8(&unquoted(body)).ok().and_then(decoded_lines);
    decoded_lines(body).or_else(without_mail)
}

/// The octets of base64 in lines, which a mail may have quoted with `>` or, if signed, with `-` (RFC 9580 7.2). Header
/// lines (RFC 1421 4.6) are skipped.
fn decoded_lines(body: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut plain = Zeroizing::new(String::with_capacity(body.len()));
    for line in body.lines().filter(|line| !line.contains(':')) {
        plain.extend(line.chars().filter(|c| !c.is_whitespace() && !['>', '-'].contains(c)));
    }
    BASE64.decode(plain.as_bytes()).ok().map(Zeroizing::new)
}

/// The octets of quoted-printable (RFC 2045 6.7); what is none of it stands for itself.
pub(super) fn unquoted(body: &str) -> Zeroizing<Vec<u8>> {
    let mut octets = Zeroizing::new(Vec::with_capacity(body.len()));
    let mut rest = body.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'=', [b'\r', b'\n', after @ ..] | [b'\n', after @ ..]) => rest = after,
            (b'=', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                octets.push(hex(*high) << 4 | hex(*low));
                rest = after;
            }
            _ => octets.push(*first),
        }
    }
    octets
}

fn hex(digit: u8) -> u8 {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or_default()
}
