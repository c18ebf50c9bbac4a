//! What an authority may issue: how many authorities may come below it (RFC 5280 4.2.1.9), and for which names
//! (RFC 5280 4.2.1.10). A root is held to it too, as OpenSSL and Windows do.

use std::net::IpAddr;

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, GeneralSubtree, NameConstraints};
use x509_parser::prelude::FromDer;

use super::Certificate;
use super::certificate::{folded, words};

/// A certificate that an authority above it may not issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breach<'a> {
    /// There are more authorities between `authority` and the server's certificate than the `max` it allows.
    TooLong {
        /// Who sets the limit.
        authority: &'a Certificate,
        /// How many may come below it.
        max: u32,
    },
    /// A name that `authority` may not give, nor anybody below it.
    Name {
        /// Who is limited.
        authority: &'a Certificate,
        /// The name, as it is shown.
        name: String,
    },
}

/// What is wrong with a `path` of certificates, the server's first, each issued by the next; the first breach of each
/// authority.
#[must_use]
pub fn breaches<'a>(path: &[&'a Certificate]) -> Vec<Breach<'a>> {
    let authorities = path.iter().enumerate().skip(1);
    let found = authorities.filter_map(|(place, authority)| {
        // An authority's own successor counts as the authority itself; the server's certificate is always looked at.
        let between = path[1..place].iter().filter(|between| !between.names_as_issuer(between));
        if let Some(max) = authority.path_len.filter(|max| between.clone().count() > *max as usize) {
            return Some(Breach::TooLong { authority, max });
        }
        let name = path[..1].iter().chain(between).find_map(|below| refused(below, authority))?;
        Some(Breach::Name { authority, name })
    });
    found.collect()
}

/// The first name of `certificate` that `authority` may not give.
fn refused(certificate: &Certificate, authority: &Certificate) -> Option<String> {
    let (_, authority) = X509Certificate::from_der(authority.der()).ok()?;
    let constraints = authority.name_constraints().ok()??.value;
    let (_, certificate) = X509Certificate::from_der(certificate.der()).ok()?;
    let alternatives = certificate.subject_alternative_name().ok()?.map(|names| &names.value.general_names);
    let subject = certificate.subject();
    let subject = subject.iter().next().map(|_| GeneralName::DirectoryName(subject.clone()));
    let mut names = alternatives.into_iter().flatten().chain(&subject);
    names.find(|name| !allows(constraints, name)).map(shown)
}

/// Whether the constraints let `name` pass: it is in a permitted subtree, if there are any for its kind, and in no
/// excluded one.
fn allows(constraints: &NameConstraints<'_>, name: &GeneralName<'_>) -> bool {
    let places = |subtrees: &Option<Vec<GeneralSubtree<'_>>>| -> Vec<bool> {
        subtrees.iter().flatten().filter_map(|subtree| is_within(name, &subtree.base)).collect()
    };
    let (permitted, excluded) = (places(&constraints.permitted_subtrees), places(&constraints.excluded_subtrees));
    (permitted.is_empty() || permitted.contains(&true)) && !excluded.contains(&true)
}

/// Whether `name` is in the subtree of `base`; none for names of different kinds. A kind that cannot be compared is in
/// none.
fn is_within(name: &GeneralName<'_>, base: &GeneralName<'_>) -> Option<bool> {
    match (name, base) {
        (GeneralName::DNSName(name), GeneralName::DNSName(base)) => Some(is_below(name, base)),
        (GeneralName::IPAddress(address), GeneralName::IPAddress(base)) => Some(is_in_network(address, base)),
        (GeneralName::DirectoryName(name), GeneralName::DirectoryName(base)) => {
            let (name, base) = (folded(&words(name)), folded(&words(base)));
            Some(
                base.is_empty()
                    || name.strip_prefix(&base).is_some_and(|rest| rest.is_empty() || rest.starts_with(", ")),
            )
        }
        _ => (std::mem::discriminant(name) == std::mem::discriminant(base)).then_some(false),
    }
}

/// Whether `name` is `base` or has labels before it; a base that begins with a dot wants at least one.
fn is_below(name: &str, base: &str) -> bool {
    let (name, base) = (name.to_lowercase(), base.to_lowercase());
    name.strip_suffix(&base)
        .is_some_and(|labels| labels.is_empty() || labels.ends_with('.') || base.is_empty() || base.starts_with('.'))
}

/// `network` is an address followed by its mask.
fn is_in_network(address: &[u8], network: &[u8]) -> bool {
    let (base, mask) = network.split_at(network.len() / 2);
    base.len() == address.len() && (0..base.len()).all(|at| (address[at] ^ base[at]) & mask[at] == 0)
}

fn shown(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::DNSName(name) | GeneralName::RFC822Name(name) | GeneralName::URI(name) => (*name).to_owned(),
        GeneralName::DirectoryName(name) => words(name),
        GeneralName::IPAddress(octets) => match (<[u8; 4]>::try_from(*octets), <[u8; 16]>::try_from(*octets)) {
            (Ok(address), _) => IpAddr::from(address).to_string(),
            (_, Ok(address)) => IpAddr::from(address).to_string(),
            _ => name.to_string(),
        },
        _ => name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_below_another_label_by_label() {
        for (name, base, is) in [
            ("contoso.com", "contoso.com", true),
            ("CHAT.contoso.com", "Contoso.com", true),
            ("notcontoso.com", "contoso.com", false),
            ("com", "contoso.com", false),
            ("contoso.com", ".contoso.com", false),
            ("chat.contoso.com", ".contoso.com", true),
            ("contoso.com", "", true),
        ] {
            assert_eq!(is_below(name, base), is, "{name} below {base}");
        }
    }

    #[test]
    fn an_address_is_in_a_network_of_its_own_kind() {
        assert!(is_in_network(&[10, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0]));
        assert!(!is_in_network(&[11, 1, 2, 3], &[10, 0, 0, 0, 255, 0, 0, 0]));
        assert!(!is_in_network(&[0; 16], &[0; 8]));
        assert!(!is_in_network(&[1, 2, 3, 4], &[0, 0, 0, 0, 0]));
    }
}
