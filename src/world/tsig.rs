//! Reads TSIG keys from the files that name servers' own tools write.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use crate::system::update::{TsigAlgorithm, TsigFault, TsigKey};

use super::password::open_to_others;

/// Octets of the largest key file: a key takes some hundred, and people write remarks.
const LARGEST: usize = 64 << 10;

/// Reads the key in the file at `path`.
///
/// # Errors
/// See [`TsigFault`].
pub fn read_tsig(path: &Path) -> Result<TsigKey, TsigFault> {
    let mut file = File::open(path).map_err(TsigFault::Unreadable)?;
    if file.metadata().is_ok_and(|metadata| metadata.is_dir()) {
        return Err(TsigFault::Unreadable(io::ErrorKind::IsADirectory.into()));
    }
    if let Some(open) = open_to_others(path, &file) {
        return Err(TsigFault::Open(open));
    }
    // Of one size from the start: what grows leaves its old place uncleared.
    let mut content = Zeroizing::new(Vec::with_capacity(LARGEST + 1));
    let most = u64::try_from(LARGEST + 1).unwrap_or(u64::MAX);
    file.by_ref().take(most).read_to_end(&mut content).map_err(TsigFault::Unreadable)?;
    if content.len() > LARGEST { Err(TsigFault::TooLarge) } else { key_in(&content) }
}

/// The one key in a file as BIND's `tsig-keygen` or Knot's `keymgr -t` writes it.
pub fn key_in(content: &[u8]) -> Result<TsigKey, TsigFault> {
    let text = str::from_utf8(content).map_err(|_| TsigFault::Syntax)?;
    let words = words(text);
    let mut keys = (0..words.len()).filter_map(|at| match words[at..] {
        // key "name" { algorithm hmac-sha256; secret "…"; };
        ["key", name, "{", "algorithm", algorithm, ";", "secret", secret, ";", ..]
        | ["key", name, "{", "secret", secret, ";", "algorithm", algorithm, ";", ..]
        // key: [ - id: name, algorithm: hmac-sha256, secret: … ]
        | ["id", ":", name, "algorithm", ":", algorithm, "secret", ":", secret, ..] => Some((name, algorithm, secret)),
        _ => None,
    });
    let (Some((name, algorithm, secret)), None) = (keys.next(), keys.next()) else { return Err(TsigFault::Syntax) };
    let algorithm = TsigAlgorithm::named(algorithm).ok_or_else(|| TsigFault::Algorithm(algorithm.to_owned()))?;
    let decoded = BASE64_STANDARD.decode(secret).map(Zeroizing::new);
    let secret = decoded.ok().filter(|secret| !secret.is_empty()).ok_or(TsigFault::Secret)?;
    Ok(TsigKey { name: name.trim_end_matches('.').to_ascii_lowercase(), algorithm, secret })
}

/// The words and signs of a file, without remarks and quotes.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => {
                let end = rest[1..].find('"').map_or(rest.len(), |end| end + 1);
                words.push(&rest[1..end]);
                (end + 1).min(rest.len())
            }
            '{' | '}' | ';' | ':' => {
                words.push(&rest[..1]);
                1
            }
            _ => {
                let end = rest.find(|c: char| c.is_whitespace() || "{};:\"".contains(c)).unwrap_or(rest.len());
                words.push(&rest[..end]);
                end
            }
        };
        rest = rest[length..].trim_start();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "c2VjcmV0LXNlY3JldC1zZWNyZXQtMDEyMw==";

    fn read(content: &str) -> Result<(String, TsigAlgorithm, Vec<u8>), TsigFault> {
        key_in(content.as_bytes()).map(|key| (key.name.clone(), key.algorithm, key.secret.to_vec()))
    }

    #[test]
    fn keys_of_bind_and_of_knot_are_read() {
        let secret = b"secret-secret-secret-0123".to_vec();
        let bind = format!("key \"Upd.\" {{\n\talgorithm hmac-sha256;\n\tsecret \"{SECRET}\";\n}};\n");
        let knot = format!(
            "# hmac-sha512:upd:{SECRET}\nkey:\n  - id: upd\n    algorithm: hmac-sha512\n    secret: {SECRET}\n"
        );
        let remarks = format!("// ours\n/* key \"x\" */ key upd {{ secret {SECRET}; algorithm HMAC-SHA384.; }};");
        let is = |content: &str, algorithm| {
            assert_eq!(read(content).expect("a key"), ("upd".to_owned(), algorithm, secret.clone()), "{content}");
        };
        is(&bind, TsigAlgorithm::Sha256);
        is(&knot, TsigAlgorithm::Sha512);
        is(&remarks, TsigAlgorithm::Sha384);
    }

    #[test]
    fn what_is_no_single_key_of_a_known_algorithm_is_told_apart() {
        let key =
            |algorithm: &str, secret: &str| format!("key \"upd\" {{ algorithm {algorithm}; secret \"{secret}\"; }};");
        let good = key("hmac-sha256", SECRET);
        assert!(matches!(read(""), Err(TsigFault::Syntax)));
        assert!(matches!(read(SECRET), Err(TsigFault::Syntax)));
        assert!(matches!(read(&good[..good.len() - 5]), Err(TsigFault::Syntax)));
        assert!(matches!(read(&good.repeat(2)), Err(TsigFault::Syntax)));
        assert!(matches!(read(&key("hmac-md5", SECRET)), Err(TsigFault::Algorithm(name)) if name == "hmac-md5"));
        assert!(matches!(read(&key("hmac-sha256", "*")), Err(TsigFault::Secret)));
        assert!(matches!(read(&key("hmac-sha256", "")), Err(TsigFault::Secret)));
    }
}
