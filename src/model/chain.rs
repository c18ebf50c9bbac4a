//! The way from a certificate to a root: the issuers that a server has to send along (RFC 5246 7.4.2, RFC 8446 4.4.2).

use time::OffsetDateTime;

use super::Certificate;
use super::constraints::{Breach, breaches};

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
    /// A root in the trust store.
    Trusted(Certificate),
    /// A root that was given and is not in the trust store.
    UnknownRoot(Certificate),
    /// An issuer that nobody has; its name.
    Missing(String),
}

impl Chain {
    /// Finds the shortest way from `leaf` to a root of `trust` over the certificates of `given`, which may hold `leaf`
    /// itself, others' issuers, and several issuers of one name. A way over issuers that are valid `now`, and that may
    /// issue what they did, comes first.
    #[must_use]
    pub fn find(leaf: &Certificate, given: &[Certificate], trust: &[Certificate], now: OffsetDateTime) -> Self {
        let valid = search(leaf, given, trust, |issuer| issuer.is_valid_at(now));
        if let ChainEnd::Missing(_) = valid.end {
            return search(leaf, given, trust, |_| true);
        }
        let barred: Vec<Certificate> = valid.breaches(leaf).iter().map(|breach| breach.authority().clone()).collect();
        if barred.is_empty() {
            return valid;
        }
        let other = search(leaf, given, trust, |issuer| issuer.is_valid_at(now) && !barred.contains(issuer));
        let is_better = !matches!(other.end, ChainEnd::Missing(_)) && other.breaches(leaf).is_empty();
        if is_better { other } else { valid }
    }

    /// What issuers and root of `leaf` may not issue and did.
    #[must_use]
    pub fn breaches<'a>(&'a self, leaf: &'a Certificate) -> Vec<Breach<'a>> {
        breaches(&[leaf].into_iter().chain(self.issuers_and_root()).collect::<Vec<_>>())
    }

    /// The issuers, and the root where there is one.
    pub fn issuers_and_root(&self) -> impl Iterator<Item = &Certificate> {
        let root = match &self.end {
            ChainEnd::Trusted(root) | ChainEnd::UnknownRoot(root) => Some(root),
            ChainEnd::Missing(_) => None,
        };
        self.issuers.iter().chain(root)
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

/// A certificate on the way, and which step it issued.
struct Step<'a> {
    certificate: &'a Certificate,
    issued: Option<usize>,
}

/// Breadth first, so the shortest way is found and no certificate is visited twice, whoever signed whom.
fn search(
    leaf: &Certificate,
    given: &[Certificate],
    trust: &[Certificate],
    is_allowed: impl Fn(&Certificate) -> bool,
) -> Chain {
    let roots = trust.iter().map(|root| (root, true));
    let allowed = roots.chain(given.iter().map(|issuer| (issuer, false))).filter(|(issuer, _)| is_allowed(issuer));
    // Each with whether it was visited.
    let mut pool: Vec<_> = allowed.map(|(issuer, is_trusted)| (issuer, is_trusted, issuer == leaf)).collect();
    let mut signatures = 0;
    let mut steps = vec![Step { certificate: leaf, issued: None }];
    let mut at = 0;
    while let Some(Step { certificate, .. }) = steps.get(at) {
        let certificate = *certificate;
        for (issuer, is_trusted, is_visited) in &mut pool {
            if *is_visited || !certificate.names_as_issuer(issuer) || signatures == MAX_SIGNATURES {
                continue;
            }
            signatures += 1;
            if certificate.is_issued_by(issuer) {
                if *is_trusted {
                    return Chain { issuers: way(&steps, at), end: ChainEnd::Trusted((*issuer).clone()) };
                }
                *is_visited = true;
                steps.push(Step { certificate: issuer, issued: Some(at) });
            }
        }
        at += 1;
    }
    if let Some(root) = steps.iter().position(|step| step.certificate.is_self_signed()) {
        let end = ChainEnd::UnknownRoot(steps[root].certificate.clone());
        return Chain { issuers: steps[root].issued.map_or_else(Vec::new, |below| way(&steps, below)), end };
    }
    let last = steps.len() - 1;
    Chain { issuers: way(&steps, last), end: ChainEnd::Missing(steps[last].certificate.issuer.clone()) }
}

/// The issuers between the leaf, the first step, and `end`, which is the last of them.
fn way(steps: &[Step<'_>], end: usize) -> Vec<Certificate> {
    let below = |at: &usize| steps[*at].issued;
    let mut issuers: Vec<Certificate> = std::iter::successors(Some(end), below)
        .filter(|at| steps[*at].issued.is_some())
        .map(|at| steps[at].certificate.clone())
        .collect();
    issuers.reverse();
    issuers
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
        let authority = || params("Same", IsCa::Ca(BasicConstraints::Unconstrained));
        let keys: Vec<KeyPair> = (0..10).map(|_| KeyPair::generate().unwrap()).collect();
        let by = |params: CertificateParams, key: &KeyPair, issuer: &KeyPair| {
            let authority = authority();
            let issuer = Issuer::from_params(&authority, issuer);
            Certificate::read(params.signed_by(key, &issuer).unwrap().der()).unwrap()
        };
        let leaf = by(params("Leaf", IsCa::NoCa), &keys[0], &keys[0]);
        let mut given = vec![leaf.clone()];
        for (index, key) in keys.iter().enumerate() {
            let others = keys.iter().enumerate().filter(|(other, _)| *other != index);
            given.extend(others.map(|(_, issuer)| by(authority(), key, issuer)));
        }
        let chain = Chain::find(&leaf, &given, &[], datetime!(2026-06-01 12:00 UTC));
        assert_eq!(chain.end, ChainEnd::Missing("CN=Same".to_owned()));
        assert!((1..given.len()).contains(&chain.issuers.len()));

        let root = Certificate::read(authority().self_signed(&keys[9]).unwrap().der()).unwrap();
        let chain = Chain::find(&leaf, &given, std::slice::from_ref(&root), datetime!(2026-06-01 12:00 UTC));
        assert_eq!(chain.end, ChainEnd::Trusted(root));
        assert_eq!(chain.issuers.len(), 1, "the shortest of many ways");
    }
}
