//! Domain names: taken in Unicode or as A-labels, judged, written as lower-case A-labels.

use std::borrow::Cow;
use std::net::IpAddr;

use idna::AsciiDenyList;
use idna::uts46::{ErrorPolicy, Hyphens, Uts46};

/// Longest label in octets (RFC 1035 2.3.4).
pub const MAX_LABEL: usize = 63;
/// Longest name in characters, without the final dot (RFC 1035 2.3.4).
pub const MAX_NAME: usize = 253;

/// Top-level names that the public DNS never holds (RFC 6761, 6762, 8375, 9476 and ICANN's `internal` of 2024).
const RESERVED: [&str; 8] = ["alt", "example", "home.arpa", "internal", "invalid", "local", "localhost", "test"];

/// A domain name as it was said, with what is wrong with it. Reading never fails, so that everything else about a faulty
/// name can still be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    ascii: String,
    fault: Option<NameFault>,
}

/// Why a text is no domain name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameFault {
    /// An IPv4 or IPv6 address.
    Ip,
    /// An underscore; host names have letters, digits and hyphens (RFC 952, 1123).
    Underscore,
    /// Empty label, blank, control character, or a character UTS 46 does not allow.
    Syntax,
    /// A label over [`MAX_LABEL`].
    LabelTooLong,
    /// Over [`MAX_NAME`].
    TooLong,
}

impl Name {
    /// Reads a name in any form a person writes: upper case, Unicode (UTS 46), with a leading `*.`.
    #[must_use]
    pub fn new(said: &str) -> Self {
        // With or without final dot a name is absolute here.
        let said = said.strip_suffix('.').filter(|name| !name.is_empty() && !name.ends_with('.')).unwrap_or(said);
        match to_ascii(said) {
            Ok(ascii) => Name { fault: length_fault(&ascii), ascii },
            Err(fault) => Name { ascii: said.to_lowercase(), fault: Some(fault) },
        }
    }

    /// The name in lower-case A-labels, without final dot; a faulty name as it was said, in lower case.
    #[must_use]
    pub fn ascii(&self) -> &str {
        &self.ascii
    }

    /// The name as people read it: U-labels where there are any.
    #[must_use]
    pub fn unicode(&self) -> String {
        let has_u_labels = self.fault.is_none() && self.ascii.contains("xn--");
        if has_u_labels { idna::domain_to_unicode(&self.ascii).0 } else { self.ascii.clone() }
    }

    /// Both forms where they differ: `münchen.example (xn--mnchen-3ya.example)`.
    #[must_use]
    pub fn both(&self) -> String {
        let unicode = self.unicode();
        if unicode == self.ascii { unicode } else { format!("{unicode} ({})", self.ascii) }
    }

    /// What is wrong with it.
    #[must_use]
    pub fn fault(&self) -> Option<NameFault> {
        self.fault
    }

    /// Whether nothing is wrong with it.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.fault.is_none()
    }

    /// Whether it starts with the label `*`.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.ascii.starts_with("*.")
    }

    /// Whether it has one label only.
    #[must_use]
    pub fn is_single_label(&self) -> bool {
        !self.ascii.contains('.')
    }

    /// Whether no public authority can find it: reserved, under no known public suffix, or a public suffix itself.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        if RESERVED.iter().any(|reserved| is_under(&self.ascii, reserved)) {
            return true;
        }
        let Some(suffix) = psl::suffix(self.ascii.as_bytes()) else { return true };
        let is_icann = suffix.typ() == Some(psl::Type::Icann);
        !suffix.is_known() || (is_icann && suffix.as_bytes() == self.ascii.as_bytes())
    }

    /// The domain a zone is most likely cut at: the registrable one (public suffix list), else the last two labels.
    #[must_use]
    pub fn registrable(&self) -> String {
        let known = psl::domain(self.ascii.as_bytes()).filter(|domain| domain.suffix().is_known());
        let found = known.and_then(|domain| str::from_utf8(domain.as_bytes()).ok());
        found.map_or_else(|| last_labels(&self.ascii, 2), str::to_owned)
    }

    /// `label` set before it: `name.under("sip")` is `sip.<name>`. What was wrong stays wrong; the length is judged anew.
    #[must_use]
    pub fn under(&self, label: &str) -> Self {
        let ascii = format!("{label}.{}", self.ascii);
        Name { fault: self.fault.or_else(|| length_fault(&ascii)), ascii }
    }
}

/// Whether `name` is `zone` or below it; both in lower-case A-labels.
#[must_use]
pub fn is_under(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn to_ascii(said: &str) -> Result<String, NameFault> {
    // Nearly every name is written as it is used; there may be many.
    if is_plain(said) && !ends_in_number(said) {
        return Ok(said.to_owned());
    }
    if said.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return Err(NameFault::Ip);
    }
    if said.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(NameFault::Syntax);
    }
    if said.contains('_') {
        return Err(NameFault::Underscore);
    }
    let (wildcard, name) = match said.strip_prefix("*.") {
        Some(name) => ("*.", name),
        None => ("", said),
    };
    let mut ascii = Cow::Borrowed(name);
    if !is_plain(name) {
        let mut written = String::new();
        Uts46::new()
            .process(
                name.as_bytes(),
                AsciiDenyList::STD3,
                Hyphens::CheckFirstLast,
                ErrorPolicy::FailFast,
                |_, _, _| false,
                &mut written,
                None,
            )
            .map(|processed| {
                if matches!(processed, idna::uts46::ProcessingSuccess::WroteToSink) {
                    ascii = Cow::Owned(written);
                }
            })
            .map_err(|_| NameFault::Syntax)?;
    }
    if ascii.split('.').any(str::is_empty) || has_false_u_label(&ascii) {
        return Err(NameFault::Syntax);
    }
    // UTS 46 turns full-width digits and dots into plain ones.
    if ends_in_number(&ascii) {
        return Err(NameFault::Ip);
    }
    Ok(format!("{wildcard}{ascii}"))
}

/// Whether a U-label has hyphens in its third and fourth place, and so could look like an A-label (RFC 5891 4.2.3.1).
fn has_false_u_label(ascii: &str) -> bool {
    let has_hyphens = |label: &str| label.chars().skip(2).take(2).eq("--".chars());
    ascii.contains("xn--")
        && idna::domain_to_unicode(ascii).0.split('.').any(|label| !label.is_ascii() && has_hyphens(label))
}

/// Whether it looks like an address: no top-level domain is a number.
fn ends_in_number(name: &str) -> bool {
    name.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Whether UTS 46 would leave the name as it is: lower-case letters, digits and inner hyphens only, no A-labels to check.
fn is_plain(name: &str) -> bool {
    name.split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.get(2..4) != Some("--")
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    })
}

fn length_fault(ascii: &str) -> Option<NameFault> {
    if ascii.split('.').any(|label| label.len() > MAX_LABEL) {
        return Some(NameFault::LabelTooLong);
    }
    (ascii.len() > MAX_NAME).then_some(NameFault::TooLong)
}

fn last_labels(name: &str, count: usize) -> String {
    let labels: Vec<&str> = name.split('.').collect();
    labels[labels.len().saturating_sub(count)..].join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(said: &str) -> Option<NameFault> {
        Name::new(said).fault()
    }

    #[test]
    fn names_are_taken_in_any_form_and_written_as_lower_case_a_labels() {
        assert_eq!(Name::new("Sip.Contoso.COM").ascii(), "sip.contoso.com");
        assert_eq!(Name::new("München.example").ascii(), "xn--mnchen-3ya.example");
        assert_eq!(Name::new("xn--mnchen-3ya.example").both(), "münchen.example (xn--mnchen-3ya.example)");
        assert_eq!(Name::new("*.contoso.com").ascii(), "*.contoso.com");
        assert_eq!(Name::new("例え。テスト").ascii(), "xn--r8jz45g.xn--zckzah");
        assert_eq!(Name::new("xmpp.example.").ascii(), "xmpp.example");
        assert!(Name::new("a--b.example").is_sound());
    }

    #[test]
    fn each_fault_is_told_apart() {
        assert_eq!(fault("192.0.2.1"), Some(NameFault::Ip));
        assert_eq!(fault("2001:db8::1"), Some(NameFault::Ip));
        assert_eq!(fault("[2001:db8::1]"), Some(NameFault::Ip));
        assert_eq!(fault("１９２.０.２.１"), Some(NameFault::Ip));
        assert_eq!(fault("192。0。2。1"), Some(NameFault::Ip));
        assert_eq!(fault("a_b.example"), Some(NameFault::Underscore));
        for said in [
            "",
            "a..b",
            ".a",
            "a..",
            ".",
            "a b",
            "a\u{7}b",
            "-a.example",
            "a-.example",
            "a*.example",
            "*",
            "a/b",
            "xn--a",
        ] {
            assert_eq!(fault(said), Some(NameFault::Syntax), "{said:?}");
        }
        // U-labels that could look like A-labels.
        for said in ["xn--ü.example", "ab--ü.example", "xn--xn--mnchen-3yexamp.lea.example"] {
            assert_eq!(fault(said), Some(NameFault::Syntax), "{said:?}");
        }
        assert_eq!(fault(&format!("{}.example", "a".repeat(64))), Some(NameFault::LabelTooLong));
        assert_eq!(fault(&format!("{}.example", "a".repeat(63))), None);
        let long = vec!["a".repeat(49); 6].join(".");
        assert_eq!(fault(&long), Some(NameFault::TooLong));
    }

    #[test]
    fn a_derived_name_can_be_too_long_where_its_domain_is_not() {
        let domain = Name::new(&[vec!["a".repeat(61); 4].join("."), "abc".to_owned()].join("."));
        assert_eq!(domain.ascii().len(), 251);
        assert_eq!(domain.fault(), None);
        assert_eq!(domain.under("sip").fault(), Some(NameFault::TooLong));
    }

    #[test]
    fn internal_names_are_those_no_public_authority_can_find() {
        for name in ["edge.contoso.local", "lsedge.contoso.corp-x", "a.test", "com", "co.uk", "x.internal", "localhost"]
        {
            assert!(Name::new(name).is_internal(), "{name}");
        }
        for name in ["contoso.com", "contoso.co.uk", "example.org", "me.github.io", "github.io", "münchen.de"] {
            assert!(!Name::new(name).is_internal(), "{name}");
        }
    }

    #[test]
    fn zones_are_cut_at_the_registrable_domain_else_at_two_labels() {
        assert_eq!(Name::new("_x._tcp.a.contoso.co.uk").registrable(), "contoso.co.uk");
        assert_eq!(Name::new("a.b.corp-x").registrable(), "b.corp-x");
        assert_eq!(Name::new("com").registrable(), "com");
    }
}
