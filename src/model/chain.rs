//! The way from a certificate to a root: the issuers that a server has to send along (RFC 5246 7.4.2, RFC 8446 4.4.2).

use time::OffsetDateTime;

use super::Certificate;

/// Signatures that are verified at most in one search. A file of certificates made to have one name would cost thousands.
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
    /// itself, others' issuers, and several issuers of one name. A way over issuers that are valid `now` comes first.
    #[must_use]
    pub fn find(leaf: &Certificate, given: &[Certificate], trust: &[Certificate], now: OffsetDateTime) -> Self {
        let valid = search(leaf, given, trust, |issuer| issuer.is_valid_at(now));
        match valid.end {
            ChainEnd::Missing(_) => search(leaf, given, trust, |_| true),
            _ => valid,
        }
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
    is_trusted: bool,
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
    let mut steps = vec![Step { certificate: leaf, issued: None, is_trusted: false }];
    let mut at = 0;
    while at < steps.len() && !steps[at].is_trusted {
        let certificate = steps[at].certificate;
        for (issuer, is_trusted, is_visited) in &mut pool {
            if *is_visited || !certificate.names_as_issuer(issuer) || signatures == MAX_SIGNATURES {
                continue;
            }
            signatures += 1;
            if certificate.is_issued_by(issuer) {
                *is_visited = true;
                steps.push(Step { certificate: issuer, issued: Some(at), is_trusted: *is_trusted });
            }
        }
        at += 1;
    }
    let trusted = steps.get(at).map(|step| (at, ChainEnd::Trusted(step.certificate.clone())));
    let unknown = || {
        let root = steps.iter().position(|step| step.certificate.is_self_signed())?;
        Some((root, ChainEnd::UnknownRoot(steps[root].certificate.clone())))
    };
    let last = steps.len() - 1;
    let missing = || (last, ChainEnd::Missing(steps[last].certificate.issuer.clone()));
    let (end, kind) = trusted.or_else(unknown).unwrap_or_else(missing);

    let mut issuers = Vec::new();
    let mut step = Some(end);
    while let Some(Step { certificate, issued, .. }) = step.map(|step| &steps[step]) {
        issuers.push((*certificate).clone());
        step = *issued;
    }
    issuers.reverse();
    issuers.remove(0);
    if !matches!(kind, ChainEnd::Missing(_)) {
        issuers.pop();
    }
    Chain { issuers, end: kind }
}
