//! What a mail program makes of a certificate: parts in transfer encodings, pages of HTML, text in UTF-16.
//!
//! Sources: RFC 2045 6 (transfer encodings), RFC 2046 5.1 (multipart), the named characters of HTML. A key may be in any
//! of it, so the memory of what is read out is cleared.

use std::collections::HashSet;

use zeroize::Zeroizing;

use super::encoding::{decoded, unquoted};

/// How a part's body is written down.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Plain,
    Base64,
    QuotedPrintable,
}

/// A part of a mail.
pub struct Part<'a> {
    /// Whether it is a page that most often says again what another part says in plain text.
    pub is_page: bool,
    /// Whether it is who signed the mail, who is nobody's issuer.
    pub is_signature: bool,
    encoding: Encoding,
    body: &'a str,
}

impl Part<'_> {
    /// What it carries; a body that is not written as its header says stands for itself.
    pub fn octets(&self) -> Zeroizing<Vec<u8>> {
        let plain = || Zeroizing::new(self.body.as_bytes().to_vec());
        match self.encoding {
            Encoding::Plain => plain(),
            Encoding::Base64 => decoded(self.body).unwrap_or_else(plain),
            Encoding::QuotedPrintable => unquoted(self.body),
        }
    }
}

/// The parts of a mail in order, those of parts among them; none where nothing in `text` says how it is encoded.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let starts = |line: &&str| header(line, "content-transfer-encoding:").is_some();
    if !text.lines().any(|line| starts(&line)) {
        return Vec::new();
    }
    let boundaries = boundaries(text);
    let mut parts = Vec::new();
    let mut open = Part::empty();
    let (mut is_header, mut from, mut at) = (true, 0, 0);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        let (kind, encoding) = (header(line, "content-type:"), header(line, "content-transfer-encoding:"));
        // In plain text a part may begin anywhere: a mail inside a mail, or what somebody copied out of one.
        let begins = !is_header && open.encoding == Encoding::Plain && (kind.is_some() || encoding.is_some());
        if begins || is_boundary(line, &boundaries) {
            parts.push(Part { body: &text[from..start], ..open });
            (open, is_header, from) = (Part::empty(), true, at);
        }
        if is_header {
            open.heed(kind, encoding);
            if line.is_empty() {
                (is_header, from) = (false, at);
            }
        }
    }
    parts.push(Part { body: &text[from..], ..open });
    parts
}

impl Part<'_> {
    fn empty() -> Self {
        Part { is_page: false, is_signature: false, encoding: Encoding::Plain, body: "" }
    }

    /// Heeds the headers that say what the part is and how it is encoded.
    fn heed(&mut self, kind: Option<&str>, encoding: Option<&str>) {
        if let Some(kind) = kind.map(str::to_ascii_lowercase) {
            self.is_page = kind.starts_with("text/html");
            self.is_signature = kind.contains("pkcs7-signature");
        }
        match encoding.map(str::to_ascii_lowercase).as_deref() {
            Some("base64") => self.encoding = Encoding::Base64,
            Some("quoted-printable") => self.encoding = Encoding::QuotedPrintable,
            _ => {}
        }
    }
}

/// The value of the header `name`, given in lower case with its colon, if `line` is one.
fn header<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (start, value) = line.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then_some(value.trim())
}

/// What stands between the parts.
fn boundaries(text: &str) -> HashSet<&str> {
    const NAME: &str = "boundary=";
    let values = text.match_indices('=').filter_map(|(at, _)| {
        let name = text.get((at + 1).checked_sub(NAME.len())?..=at)?;
        name.eq_ignore_ascii_case(NAME).then_some(&text[at + 1..])
    });
    let boundaries = values.filter_map(|value| match value.strip_prefix('"') {
        Some(quoted) => quoted.lines().next()?.split('"').next(),
        None => value.split([';', '\r', '\n', ' ', '\t']).next(),
    });
    boundaries.filter(|boundary| !boundary.is_empty()).collect()
}

/// Whether a part ends at `line`. Where nobody says what stands between parts, as in one copied out of a mail, whatever
/// looks like it does.
fn is_boundary(line: &str, boundaries: &HashSet<&str>) -> bool {
    let Some(after) = line.strip_prefix("--") else { return false };
    if boundaries.is_empty() {
        return after.starts_with(|c: char| !c.is_whitespace() && c != '-');
    }
    boundaries.contains(after) || after.strip_suffix("--").is_some_and(|boundary| boundaries.contains(boundary))
}

/// What tells that text is HTML.
const TAGS: [&str; 8] = ["<br", "<p>", "<p ", "<div", "<pre", "<td", "<html", "<!doctype"];

/// Whether `text` is HTML or a piece of it.
pub fn is_page(text: &str) -> bool {
    let octets = text.as_bytes();
    let starts =
        |at: usize, tag: &str| octets[at..].get(..tag.len()).is_some_and(|at| at.eq_ignore_ascii_case(tag.as_bytes()));
    text.match_indices('<').any(|(at, _)| TAGS.iter().any(|tag| starts(at, tag))) || text.contains("&nbsp;")
}

/// The text of a page: each tag ends a line, and characters with names are themselves.
pub fn undressed(page: &str) -> Zeroizing<String> {
    // A name is never shorter than its character.
    let mut text = Zeroizing::new(String::with_capacity(page.len()));
    let mut rest = page;
    while let Some(at) = rest.find(['<', '&']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let (shown, length) = tag(rest).or_else(|| named(rest)).unwrap_or_else(|| (rest.chars().next(), 1));
        text.extend(shown);
        rest = &rest[length..];
    }
    text.push_str(rest);
    text
}

/// What the tag at the start of `text` shows, and its length.
fn tag(text: &str) -> Option<(Option<char>, usize)> {
    let inside = text.strip_prefix('<')?;
    let end = inside.find(['<', '>']).filter(|end| inside[*end..].starts_with('>'))?;
    inside.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!')).then_some((Some('\n'), end + 2))
}

/// The character that is named at the start of `text`, and the length of its name.
fn named(text: &str) -> Option<(Option<char>, usize)> {
    const LONGEST: usize = 8;
    let inside = text.strip_prefix('&')?;
    let end = inside.bytes().take(LONGEST).position(|octet| octet == b';')?;
    let c = match &inside[..end] {
        "nbsp" => ' ',
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "plus" => '+',
        "sol" => '/',
        "equals" => '=',
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?).map(|c| if c == NO_BREAK { ' ' } else { c })?
        }
    };
    Some((Some(c), end + 2))
}

/// Text in the encoding its mark tells, else in UTF-16 where half of it is zeros, else UTF-8; what is in no known encoding
/// is junk around the certificates.
pub fn text(octets: &[u8]) -> Zeroizing<String> {
    // Room for all of it at once: a text that grows leaves its old place uncleared, and there may be a key in it.
    let mut text = Zeroizing::new(String::with_capacity(octets.len() * 3));
    let mut take_utf16 = |octets: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = octets.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        text.extend(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
    };
    match octets {
        [0xFF, 0xFE, rest @ ..] => take_utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => take_utf16(rest, u16::from_be_bytes),
        octets if is_utf16(octets, 1) => take_utf16(octets, u16::from_le_bytes),
        octets if is_utf16(octets, 0) => take_utf16(octets, u16::from_be_bytes),
        octets => {
            for chunk in octets.utf8_chunks() {
                text.extend(chunk.valid().chars().map(|c| if c == NO_BREAK { ' ' } else { c }));
                text.extend(chunk.invalid().first().map(|_| char::REPLACEMENT_CHARACTER));
            }
        }
    }
    text
}

/// Whether it is UTF-16 without a mark, nearly all of it ASCII: in each pair one octet is zero, the one at `zero`.
fn is_utf16(octets: &[u8], zero: usize) -> bool {
    let pairs = octets.chunks_exact(2);
    let ascii = pairs.clone().filter(|pair| pair[zero] == 0 && pair[1 - zero] != 0).count();
    ascii > 0 && ascii * 4 >= pairs.len() * 3
}

/// The blank that mail programs write where a line must not break.
const NO_BREAK: char = '\u{A0}';
