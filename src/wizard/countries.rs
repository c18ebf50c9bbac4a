//! The countries there are (ISO 3166-1), found by code or name.

/// The countries that a typed text may mean, code and name: the one of that code or name, else those whose name holds it.
#[must_use]
pub fn countries(typed: &str) -> Vec<(&'static str, &'static str)> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return Vec::new();
    }
    let is_meant = |(code, name): &(&str, &str)| code.eq_ignore_ascii_case(&typed) || name.to_lowercase() == typed;
    let all = rust_iso3166::ALL.iter().map(|country| (country.alpha2, country.name));
    if let Some(meant) = all.clone().find(is_meant) {
        return vec![meant];
    }
    let mut found: Vec<_> = all.filter(|(_, name)| name.to_lowercase().contains(&typed)).collect();
    found.sort_by_key(|(_, name)| (!name.to_lowercase().starts_with(&typed), *name));
    found
}
