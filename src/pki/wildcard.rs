//! For which names a name in a certificate stands.

/// Whether the dNSName `held` stands for `name`: a wildcard does for one whole left-most label (RFC 9525 6.3), and right
/// below a public suffix for nobody.
#[must_use]
pub fn covers(held: &str, name: &str) -> bool {
    let zone = held.strip_prefix("*.").filter(|zone| !is_suffix(zone));
    held == name || name.split_once('.').is_some_and(|(_, rest)| zone == Some(rest))
}

/// Whether no domain in it is anybody's alone, such as `org` and `co.uk`.
fn is_suffix(zone: &str) -> bool {
    let known = psl::suffix(zone.as_bytes()).filter(|suffix| suffix.typ() == Some(psl::Type::Icann));
    !zone.contains('.') || known.is_some_and(|suffix| suffix.as_bytes() == zone.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_stands_for_one_label_below_somebodys_domain() {
        for (held, name, is) in [
            ("*.contoso.com", "chat.contoso.com", true),
            ("*.contoso.com", "contoso.com", false),
            ("*.contoso.com", "a.chat.contoso.com", false),
            ("*.org", "contoso.org", false),
            ("*.co.uk", "contoso.co.uk", false),
            ("*.contoso.co.uk", "chat.contoso.co.uk", true),
            ("*.local", "edge.local", false),
            ("*.edge.local", "chat.edge.local", true),
            // Whoever has such a domain answers for all below it.
            ("*.github.io", "contoso.github.io", true),
            ("*", "contoso", false),
        ] {
            assert_eq!(covers(held, name), is, "{held} for {name}");
        }
    }
}
