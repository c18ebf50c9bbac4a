//! What an authority may issue: how many authorities may come below it (RFC 5280 4.2.1.9), and for which names
//! (RFC 5280 4.2.1.10). A root is held to it too, as OpenSSL and Windows do.

use std::net::IpAddr;

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, GeneralSubtree, NameConstraints};
use x509_parser::prelude::FromDer;

use super::Certificate;
use super::certificate::words;
use super::distinguished::Distinguished;

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
    (1..path.len()).filter_map(|place| breach(&path[..place], path[place])).collect()
}

/// The first breach of `authority`, which issued the last of `below`; the server's certificate is the first.
pub(super) fn breach<'a>(below: &[&Certificate], authority: &'a Certificate) -> Option<Breach<'a>> {
    let (leaf, between) = below.split_first()?;
    // An authority's own successor counts as the authority itself; the server's certificate is always looked at.
    let between = between.iter().filter(|between| !between.names_as_issuer(between));
    if let Some(max) = authority.path_len.filter(|max| between.clone().count() > *max as usize) {
        return Some(Breach::TooLong { authority, max });
    }
    let name = [leaf].into_iter().chain(between).find_map(|below| refused(below, authority))?;
    Some(Breach::Name { authority, name })
}

/// Comparisons of names with subtrees at most, as in OpenSSL: a certificate made to be slow is no better than one refused.
const MAX_COMPARISONS: usize = 1 << 20;

/// Permitted and excluded subtrees.
fn subtrees<'a, 'b>(constraints: &'b NameConstraints<'a>) -> [&'b [GeneralSubtree<'a>]; 2] {
    [&constraints.permitted_subtrees, &constraints.excluded_subtrees]
        .map(|subtrees| subtrees.as_deref().unwrap_or_default())
}

/// The first name of `certificate` that `authority` may not give.
fn refused(certificate: &Certificate, authority: &Certificate) -> Option<String> {
    let (_, authority) = X509Certificate::from_der(authority.der()).ok()?;
    let [permitted, excluded] = subtrees(authority.name_constraints().ok()??.value)
        .map(|subtrees| subtrees.iter().map(|subtree| Comparable::base(&subtree.base)).collect::<Vec<_>>());
    let (_, certificate) = X509Certificate::from_der(certificate.der()).ok()?;
    let names = names_of(&certificate);
    if names.len().saturating_mul(permitted.len() + excluded.len()) > MAX_COMPARISONS {
        return names.first().map(shown);
    }
    let is_allowed = |name: &GeneralName<'_>| {
        let name = Comparable::of(name);
        let mut places = permitted.iter().filter_map(|base| name.place_in(base)).peekable();
        (places.peek().is_none() || places.any(|place| place == Place::Within))
            && excluded.iter().filter_map(|base| name.place_in(base)).all(|place| place == Place::Outside)
            && !excluded.iter().any(|base| name.may_stand_in(base))
    };
    names.iter().find(|name| !is_allowed(name)).map(shown)
}

/// The names that a certificate is held to: the alternative ones, its subject, and the mail addresses in that.
fn names_of<'a>(certificate: &'a X509Certificate<'_>) -> Vec<GeneralName<'a>> {
    let alternatives = certificate.subject_alternative_name().ok().flatten();
    let mut names = alternatives.map(|names| names.value.general_names.clone()).unwrap_or_default();
    let subject = certificate.subject();
    names.extend(subject.iter_email().filter_map(|mail| mail.as_str().ok()).map(GeneralName::RFC822Name));
    names.extend(subject.iter().next().map(|_| GeneralName::DirectoryName(subject.clone())));
    names
}

/// A name as it is compared with others of its kind.
#[derive(Debug, PartialEq, Eq)]
enum Comparable {
    /// A DNS name, in lower case.
    Dns(String),
    /// The octets of an address, or of a network: an address and its mask.
    Address(Vec<u8>),
    /// A directory name.
    Directory(Distinguished),
    /// A mail address, a host, or a domain with a dot before it.
    Mail(String),
    /// The host of a URI in lower case, or a domain with a dot before it.
    Uri(String),
    /// A URI without a host alone, a mail address without one, an address of no known length.
    Odd(Kind),
    /// A kind that is not compared here.
    Other(String),
}

/// Kind of a name that has another form than that kind has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Address,
    Mail,
    Uri,
}

/// Where a name is, seen from a subtree of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Within,
    Outside,
    /// Nobody can say: then the certificate has to be refused (RFC 5280 4.2.1.10).
    Unknown,
}

impl Comparable {
    /// A name that a certificate holds.
    fn of(name: &GeneralName<'_>) -> Self {
        match name {
            GeneralName::IPAddress(octets) if ![4, 16].contains(&octets.len()) => Comparable::Odd(Kind::Address),
            GeneralName::RFC822Name(mail) if !mail.contains('@') => Comparable::Odd(Kind::Mail),
            GeneralName::URI(uri) => host(uri).map_or(Comparable::Odd(Kind::Uri), Comparable::Uri),
            _ => Comparable::base(name),
        }
    }

    /// What names are compared with.
    fn base(name: &GeneralName<'_>) -> Self {
        match name {
            GeneralName::DNSName(name) => Comparable::Dns(name.to_ascii_lowercase()),
            GeneralName::IPAddress(octets) => Comparable::Address(octets.to_vec()),
            GeneralName::DirectoryName(name) => Comparable::Directory(Distinguished::of(name)),
            GeneralName::RFC822Name(mail) => Comparable::Mail((*mail).to_owned()),
            GeneralName::URI(host) => Comparable::Uri(host.to_ascii_lowercase()),
            GeneralName::OtherName(kind, _) => Comparable::Other(kind.to_id_string()),
            GeneralName::RegisteredID(_) => Comparable::Other("registeredID".to_owned()),
            GeneralName::X400Address(_) => Comparable::Other("x400Address".to_owned()),
            GeneralName::EDIPartyName(_) => Comparable::Other("ediPartyName".to_owned()),
            GeneralName::Invalid(tag, _) => Comparable::Other(tag.to_string()),
        }
    }

    /// Whether a wildcard stands for a name that an excluded `base` holds, though it is not in there as a whole: the label
    /// it stands for may be the base's first (CVE-2025-61727).
    fn may_stand_in(&self, base: &Comparable) -> bool {
        let (Comparable::Dns(name), Comparable::Dns(base)) = (self, base) else { return false };
        let zone = name.strip_prefix("*.");
        zone.is_some() && zone == base.split_once('.').map(|(_, zone)| zone)
    }

    /// Where it is, seen from `base`; none where the two are of different kinds.
    fn place_in(&self, base: &Comparable) -> Option<Place> {
        let is_within = match (self, base) {
            (Comparable::Dns(name), Comparable::Dns(base)) => is_below(name, base),
            (Comparable::Address(address), Comparable::Address(network)) => is_in_network(address, network),
            (Comparable::Directory(name), Comparable::Directory(base)) => name.is_within(base),
            (Comparable::Mail(mail), Comparable::Mail(base)) => is_mail_of(mail, base),
            (Comparable::Uri(host), Comparable::Uri(base)) => is_host_of(host, base),
            (Comparable::Odd(Kind::Address), Comparable::Address(_))
            | (Comparable::Odd(Kind::Mail), Comparable::Mail(_))
            | (Comparable::Odd(Kind::Uri), Comparable::Uri(_)) => return Some(Place::Unknown),
            (Comparable::Other(kind), Comparable::Other(base)) => return (kind == base).then_some(Place::Unknown),
            _ => return None,
        };
        Some(if is_within { Place::Within } else { Place::Outside })
    }
}

/// The host of a URI, in lower case; none where there is none, or a user before it (RFC 5280 4.2.1.10).
fn host(uri: &str) -> Option<String> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().filter(|authority| !authority.contains('@'))?;
    let host = authority.split(':').next().filter(|host| !host.is_empty())?;
    Some(host.to_ascii_lowercase())
}

/// Whether `name` is `base` or has labels before it; a base that begins with a dot wants at least one. Both in lower case.
fn is_below(name: &str, base: &str) -> bool {
    name.strip_suffix(base)
        .is_some_and(|labels| labels.is_empty() || labels.ends_with('.') || base.is_empty() || base.starts_with('.'))
}

/// `network` is an address followed by its mask.
fn is_in_network(address: &[u8], network: &[u8]) -> bool {
    let (base, mask) = network.split_at(network.len() / 2);
    base.len() == address.len() && (0..base.len()).all(|at| (address[at] ^ base[at]) & mask[at] == 0)
}

/// Whether a mail address is `base`, at the host `base`, or at one below a base that begins with a dot.
fn is_mail_of(mail: &str, base: &str) -> bool {
    let Some((local, host)) = mail.rsplit_once('@') else { return false };
    match base.rsplit_once('@') {
        Some((of, at)) => local == of && host.eq_ignore_ascii_case(at),
        None => is_host_of(&host.to_ascii_lowercase(), &base.to_ascii_lowercase()),
    }
}

/// Whether a host is `base`, or below one that begins with a dot.
fn is_host_of(host: &str, base: &str) -> bool {
    host == base || base.starts_with('.') && host.len() > base.len() && host.ends_with(base)
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
            ("chat.contoso.com", "contoso.com", true),
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

    #[test]
    fn mail_and_uris_are_held_to_their_host() {
        for (mail, base, is) in [
            ("ada@contoso.com", "ada@CONTOSO.com", true),
            ("Ada@contoso.com", "ada@contoso.com", false),
            ("ada@Contoso.com", "contoso.com", true),
            ("ada@mail.contoso.com", "contoso.com", false),
            ("ada@mail.contoso.com", ".contoso.com", true),
            ("ada@contoso.com", ".contoso.com", false),
            ("ada", "contoso.com", false),
        ] {
            assert_eq!(is_mail_of(mail, base), is, "{mail} of {base}");
        }
        for (uri, is) in [
            ("https://Contoso.com:443/a?b@c", Some("contoso.com")),
            ("https://ada@contoso.com/", None),
            ("https:///a", None),
            ("urn:contoso.com", None),
        ] {
            assert_eq!(host(uri).as_deref(), is, "{uri}");
        }
    }
}
