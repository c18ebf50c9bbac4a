//! A distinguished name as it is compared: part by part, each its attributes by type and value, whatever the case, the
//! blanks and the kind of string (RFC 5280 7.1).
//!
//! Case is that of ASCII alone, as in OpenSSL: names that only other rules of Unicode make equal are strangers to the
//! servers that compare them.

use x509_parser::asn1_rs::{Any, Tag};
use x509_parser::x509::X509Name;

/// The blanks of ASCII that fold into one (`isspace` in the C locale).
const BLANKS: [char; 6] = [' ', '\t', '\n', '\u{B}', '\u{C}', '\r'];

/// A name, ready to be compared: parts of attributes, each its type in DER and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Distinguished(Vec<Vec<(Vec<u8>, Value)>>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Value {
    /// Text without what does not count.
    Text(String),
    /// The tag and the octets of what is no text.
    Other(u32, Vec<u8>),
}

impl Distinguished {
    pub(super) fn of(name: &X509Name<'_>) -> Self {
        let part = |part: &x509_parser::x509::RelativeDistinguishedName<'_>| {
            let mut attributes: Vec<_> =
                part.iter().map(|at| (at.attr_type().as_bytes().to_vec(), Value::of(at.attr_value()))).collect();
            // A part is a set.
            attributes.sort();
            attributes
        };
        Distinguished(name.iter().map(part).collect())
    }

    /// Whether it is `base` or has parts after it.
    pub(super) fn is_within(&self, base: &Distinguished) -> bool {
        self.0.starts_with(&base.0)
    }
}

impl Value {
    fn of(any: &Any<'_>) -> Self {
        let wide = |octets: &[u8]| octets.iter().fold(0, |unit, octet| unit << 8 | u32::from(*octet));
        let decoded = |size| -> String {
            any.data.chunks(size).map(wide).map(|unit| char::from_u32(unit).unwrap_or('\u{FFFD}')).collect()
        };
        match any.tag() {
            Tag::Utf8String => Value::Text(folded(&String::from_utf8_lossy(any.data))),
            Tag::PrintableString | Tag::Ia5String | Tag::T61String | Tag::VisibleString => {
                Value::Text(folded(&decoded(1)))
            }
            Tag::BmpString => Value::Text(folded(&decoded(2))),
            Tag::UniversalString => Value::Text(folded(&decoded(4))),
            tag => Value::Other(tag.0, any.data.to_vec()),
        }
    }
}

fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split(BLANKS).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded.make_ascii_lowercase();
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_differ_neither_by_case_nor_by_blanks_of_ascii() {
        assert_eq!(folded("Example  CA\u{B} "), "example ca");
        assert_eq!(folded(" "), "");
        for stranger in ["\u{212A}", "Ä", "a\u{A0}b"] {
            assert_eq!(folded(stranger), stranger);
        }
    }
}
