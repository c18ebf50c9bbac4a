//! Paths as text. What is not UTF-8 in them is percent-encoded (RFC 3986 2.1), and so is each `%`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The path as text.
pub(super) fn text_of(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text += &chunk.valid().replace('%', "%25");
        for octet in chunk.invalid() {
            // Writing to a `String` cannot fail.
            let _ = write!(text, "%{octet:02X}");
        }
    }
    text
}

/// The path that a text is about.
pub(super) fn path_of(text: &str) -> PathBuf {
    path(decoded(text))
}

/// A path in what serde writes.
pub(super) mod path_as_text {
    use std::path::{Path, PathBuf};

    use serde::{Deserialize as _, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::text_of(path))
    }

    pub fn deserialize<'a, D: Deserializer<'a>>(deserializer: D) -> Result<PathBuf, D::Error> {
        String::deserialize(deserializer).map(|text| super::path_of(&text))
    }
}

/// A text that was percent-encoded; what is not UTF-8 in it is replaced.
#[must_use]
pub fn percent_decoded(text: &str) -> String {
    String::from_utf8_lossy(&decoded(text)).into_owned()
}

fn decoded(text: &str) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let encoded = after.get(..2).and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
        let encoded = encoded.filter(|_| *first == b'%');
        octets.push(encoded.unwrap_or(*first));
        rest = if encoded.is_some() { &after[2..] } else { after };
    }
    octets
}

#[cfg(unix)]
fn path(octets: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(octets).into()
}

/// Elsewhere a path is text, or nobody's.
#[cfg(not(unix))]
fn path(octets: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&octets).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_reads_back() {
        for octets in [&b"/a b/\xC3\xBC"[..], b"/100%", b"/\xFF%41/\xC3", b"%", b"%4", b""] {
            let path = path(octets.to_vec());
            assert_eq!(path_of(&text_of(&path)), path, "{}", text_of(&path));
        }
        assert_eq!(text_of(&path(b"/\xFF/50%".to_vec())), "/%FF/50%25");
        assert_eq!(text_of(Path::new("/münchen")), "/münchen");
        assert_eq!(percent_decoded("m%C3%BCnchen.example"), "münchen.example");
    }
}
