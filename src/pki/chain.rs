//! The way from a certificate to a root: the issuers that a server has to send along (RFC 5246 7.4.2, RFC 8446 4.4.2).

use time::OffsetDateTime;

use super::Certificate;
use super::constraints::{Breach, breach, breaches};

/// Signatures that are verified at most in one search. A file of certificates made to have one name would cost tens of
/// thousands.
const MAX_SIGNATURES: usize = 1000;

/// The issuers of a certificate, as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// The issuers, the certificate's own first, without the root. Each one's signature is verified.
    pub issuers: Vec<Certificate>,
    /// What it ends on.
    pub end: ChainEnd,
}

/// What a chain ends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainEnd {
    /// What the trust store holds: a root, or else an issuer that nothing leads on from, and that is sent too.
    Trusted(Certificate),
    /// A root that was given and is not in the trust store.
    UnknownRoot(Certificate),
    /// An issuer that nobody has; its name.
    Missing(String),
}

impl Chain {
    /// Finds the shortest way from `leaf` to a root of `trust` over the certificates of `given`, which may hold `leaf`
    /// itself, others' issuers, and several issuers of one name. Whatever their order, a way over issuers that nobody has
    /// anything against comes first, then one over issuers that are valid `now` and may issue what they did, then any.
    #[must_use]
    pub fn find(leaf: &Certificate, given: &[Certificate], trust: &[Certificate], now: OffsetDateTime) -> Self {
        let is_rightful =
            |path: &[&Certificate], issuer: &Certificate| issuer.is_valid_at(now) && breach(path, issuer).is_none();
        let is_good =
            |path: &[&Certificate], issuer: &Certificate| issuer.is_sound_issuer() && is_rightful(path, issuer);
        let is_valid = |_: &[&Certificate], issuer: &Certificate| issuer.is_valid_at(now);
        let rules: [&Rule<'_>; 4] = [&is_good, &is_rightful, &is_valid, &|_, _| true];
        let mut chain = search(leaf, given, trust, rules[0]);
        for rule in &rules[1..] {
            if let ChainEnd::Missing(_) = chain.end {
                chain = search(leaf, given, trust, rule);
            }
        }
        chain
    }

    /// What issuers and root of `leaf` may not issue and did.
    #[must_use]
    pub fn breaches<'a>(&'a self, leaf: &'a Certificate) -> Vec<Breach<'a>> {
        breaches(&[leaf].into_iter().chain(self.issuers_and_root()).collect::<Vec<_>>())
    }

    /// The issuers, and the root where there is one.
    pub fn issuers_and_root(&self) -> impl Iterator<Item = &Certificate> {
        let end = match &self.end {
            ChainEnd::Trusted(end) | ChainEnd::UnknownRoot(end) => Some(end),
            ChainEnd::Missing(_) => None,
        };
        // What is trusted and no root is sent.
        self.issuers.iter().chain(end.filter(|end| self.issuers.last() != Some(end)))
    }

    /// The first issuer on the way that is not valid `now`.
    #[must_use]
    pub fn not_valid(&self, now: OffsetDateTime) -> Option<&Certificate> {
        self.issuers_and_root().find(|issuer| !issuer.is_valid_at(now))
    }

    /// Whether `given` has `leaf` and then its issuers, each after the one it issued; others may stand between.
    #[must_use]
    pub fn is_in_order(&self, leaf: &Certificate, given: &[Certificate]) -> bool {
        let place = |certificate| given.iter().position(|other| other == certificate);
        [leaf].into_iter().chain(self.issuers_and_root()).filter_map(place).is_sorted()
    }
}

/// Whether a way may lead over an issuer, after the certificates up to it, the server's own first.
type Rule<'a> = dyn Fn(&[&Certificate], &Certificate) -> bool + 'a;

/// A certificate on the way, and which step it issued.
struct Step<'a> {
    certificate: &'a Certificate,
    issued: Option<usize>,
}

/// Breadth first, so the shortest way is found and no certificate is visited twice, whoever signed whom.
fn search(leaf: &Certificate, given: &[Certificate], trust: &[Certificate], is_allowed: &Rule<'_>) -> Chain {
    let sent = given.iter().filter(|issuer| !trust.contains(issuer));
    let issuers = trust.iter().map(|root| (root, true)).chain(sent.map(|issuer| (issuer, false)));
    // Each with whether it was visited.
    let mut pool: Vec<_> = issuers.map(|(issuer, is_trusted)| (issuer, is_trusted, issuer == leaf)).collect();
    let mut signatures = 0;
    let mut steps = vec![Step { certificate: leaf, issued: None }];
    let mut trusted = None;
    let mut at = 0;
    while let Some(Step { certificate, .. }) = steps.get(at) {
        let certificate = *certificate;
        at += 1;
        if certificate.is_own_issuer() {
            continue;
        }
        let mut is_led_astray = false;
        for (issuer, is_trusted, is_visited) in &mut pool {
            if is_led_astray && !*is_trusted {
                break;
            }
            if *is_visited || !certificate.names_as_issuer(issuer) || signatures == MAX_SIGNATURES {
                continue;
            }
            // What may not issue this may not issue what is further from the leaf, and looking may take long.
            *is_visited = !is_allowed(&path(&steps, at - 1), issuer);
            if *is_visited {
                continue;
            }
            signatures += 1;
            if !certificate.is_issued_by(issuer) {
                // OpenSSL takes one it trusts by name and identifiers, and does not come back when the signature is another's.
                is_led_astray |= *is_trusted && issuer.may_issue() && certificate.names_key_of(issuer);
                continue;
            }
            if *is_trusted && issuer.is_own_issuer() {
                return Chain { issuers: way(&steps, at - 1), end: ChainEnd::Trusted((*issuer).clone()) };
            }
            *is_visited = true;
            // One that only seems to be a root is no end, as for OpenSSL.
            if *is_trusted && !issuer.names_as_issuer(issuer) {
                trusted.get_or_insert(steps.len());
            }
            steps.push(Step { certificate: issuer, issued: Some(at - 1) });
        }
    }
    if let Some(end) = trusted {
        return Chain { issuers: way(&steps, end), end: ChainEnd::Trusted(steps[end].certificate.clone()) };
    }
    let is_root = |step: &Step<'_>| step.certificate.is_own_issuer() && step.certificate.is_self_signed();
    if let Some(root) = steps.iter().position(is_root) {
        let end = ChainEnd::UnknownRoot(steps[root].certificate.clone());
        return Chain { issuers: steps[root].issued.map_or_else(Vec::new, |below| way(&steps, below)), end };
    }
    let last = steps.len() - 1;
    Chain { issuers: way(&steps, last), end: ChainEnd::Missing(steps[last].certificate.issuer.clone()) }
}

/// The certificates up to `end`, the server's own first.
fn path<'a>(steps: &[Step<'a>], end: usize) -> Vec<&'a Certificate> {
    let mut path: Vec<_> = std::iter::successors(Some(end), |at| steps[*at].issued).collect();
    path.reverse();
    path.into_iter().map(|at| steps[at].certificate).collect()
}

/// The issuers up to `end`, without the server's own certificate.
fn way(steps: &[Step<'_>], end: usize) -> Vec<Certificate> {
    path(steps, end).into_iter().skip(1).cloned().collect()
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
    use time::macros::datetime;

    use super::*;

    fn params(name: &str, is_ca: IsCa) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = is_ca;
        params
    }

    #[test]
    fn namesakes_that_all_signed_each_other_are_searched_in_bounded_time() {
        let authority = |place: usize| {
            let name = if place.is_multiple_of(2) { "Even" } else { "Odd" };
            params(name, IsCa::Ca(BasicConstraints::Unconstrained))
        };
        let keys: Vec<KeyPair> = (0..12).map(|_| KeyPair::generate().unwrap()).collect();
        let by = |params: CertificateParams, place: usize, issuer: usize| {
            let issuer = Issuer::new(authority(issuer), &keys[issuer]);
            Certificate::read(params.signed_by(&keys[place], &issuer).unwrap().der()).unwrap()
        };
        let leaf = by(params("Leaf", IsCa::NoCa), 0, 0);
        let mut given = vec![leaf.clone()];
        for place in 0..keys.len() {
            let others = (0..keys.len()).filter(|other| (place + other) % 2 == 1);
            given.extend(others.map(|issuer| by(authority(place), place, issuer)));
        }
        let chain = Chain::find(&leaf, &given, &[], datetime!(2026-06-01 12:00 UTC));
        assert!(matches!(chain.end, ChainEnd::Missing(_)));
        assert!((1..given.len()).contains(&chain.issuers.len()));

        let root = Certificate::read(authority(11).self_signed(&keys[11]).unwrap().der()).unwrap();
        let chain = Chain::find(&leaf, &given, std::slice::from_ref(&root), datetime!(2026-06-01 12:00 UTC));
        assert_eq!(chain.end, ChainEnd::Trusted(root));
        assert_eq!(chain.issuers.len(), 1, "the shortest of many ways");
    }
}
