//! Whether what an authority sent is what was asked for, and good for its task.

use time::macros::{date, format_description};
use time::{Date, OffsetDateTime};

use crate::edge::{Authority, CertificateFault, KeyMaker, Method, Partner, Server, Usage};
use crate::home::PendingRequest;
use crate::pki::MIN_RSA_BITS;
use crate::pki::constraints::Breach;
use crate::pki::request::{RequestSpec, public_key_in, public_key_of};
use crate::pki::{Certificate, Chain, ChainEnd, IssuedBundle, OtherKinds, PublicKeyKind, Usages, covers};
use crate::problem::{Code, Problem};

/// Days that a public certificate may be valid, by the first day of its issue: Baseline Requirements 6.3.2 with ballots
/// 193, 22 and SC-081v3. The first was 39 months, which are never over 1188 days.
const LIFETIMES: [(Date, i64); 6] = [
    (date!(2029 - 03 - 15), 47),
    (date!(2027 - 03 - 15), 100),
    (date!(2026 - 03 - 15), 200),
    (date!(2020 - 09 - 01), 398),
    (date!(2018 - 03 - 01), 825),
    (date!(2015 - 04 - 01), 1188),
];

/// Issuers that OpenSSL follows, the root aside (the default depth of a verification).
const MAX_ISSUERS: usize = 100;

/// What was asked for, and from whom.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The requests whose certificate is still to come, the oldest first.
    pub requests: &'a [PendingRequest],
    /// The names asked for, in lower-case A-labels.
    pub names: &'a [String],
    /// What runs on the edge.
    pub server: Server,
    /// Who made the key. Windows keeps its own, so such a certificate is judged without key and request.
    pub key_by: KeyMaker,
    /// Whose rules the certificate follows.
    pub authority: Authority,
    /// Which interface it is for.
    pub usage: Usage,
    /// Whom the edge talks with.
    pub partners: &'a [Partner],
}

/// What was proved.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The server's own certificate among those sent; none where it cannot be told.
    pub certificate: Option<Certificate>,
    /// Where its key is; none where nobody here has it.
    pub key: Option<KeyPlace>,
    /// Its issuers.
    pub chain: Option<Chain>,
    /// Everything that is wrong.
    pub findings: Vec<Problem>,
}

/// Where the key of a certificate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPlace {
    /// With the pending request of this number.
    Request(u32),
    /// In the offer itself.
    IssuedBundle,
    /// In the certificate store of Windows, where it cannot be compared from here.
    Windows,
}

/// Proves `offer` against what was `expected`; `trust` holds the roots that are believed. Where the certificate answers
/// one of the requests, the names of that request are the ones that count.
#[must_use]
pub fn prove(offer: &IssuedBundle, expected: &Expected<'_>, trust: &[Certificate], now: OffsetDateTime) -> Proof {
    let Some((leaf, key)) = choose(offer, expected) else {
        let is_other = offer.certificates.iter().any(|certificate| !certificate.is_ca);
        let finding = if is_other { other_key(expected) } else { Problem::error(Code::CertificateIsCa, "") };
        return Proof { certificate: None, key: None, chain: None, findings: vec![finding] };
    };
    let chain = Chain::find(leaf, &offer.certificates, trust, now);
    let asked = match key {
        Some(KeyPlace::Request(number)) => expected.requests.iter().find(|request| request.number == number),
        _ => None,
    };
    let asked = asked.and_then(|request| RequestSpec::read(&request.pem)).map(|spec| spec.names);
    let expected = &Expected { names: asked.as_deref().unwrap_or(expected.names), ..*expected };
    let findings = Case { offer, trust, expected, leaf, key, chain: &chain, now }.findings();
    Proof { certificate: Some(leaf.clone()), key, chain: Some(chain), findings }
}

/// The server's own certificate: the newest one with the key of a request, else with the key that came along, else the
/// only one that is no authority's. For a key in Windows, the one with the most of the names.
fn choose<'a>(offer: &'a IssuedBundle, expected: &Expected<'_>) -> Option<(&'a Certificate, Option<KeyPlace>)> {
    let leaves: Vec<&Certificate> = offer.certificates.iter().filter(|certificate| !certificate.is_ca).collect();
    if expected.key_by == KeyMaker::Lync {
        let named = |leaf: &&&Certificate| {
            expected.names.iter().filter(|name| leaf.dns_names.iter().any(|held| covers(held, name))).count()
        };
        return leaves.iter().max_by_key(named).map(|leaf| (*leaf, Some(KeyPlace::Windows)));
    }
    let asked = expected.requests.iter().rev();
    let asked = asked.filter_map(|request| Some((KeyPlace::Request(request.number), public_key_in(&request.pem)?)));
    let brought = offer.key.as_ref().and_then(public_key_of).map(|key| (KeyPlace::IssuedBundle, key));
    let with_key = asked.chain(brought).find_map(|(place, key)| {
        let certificates = offer.certificates.iter().filter(|certificate| certificate.public_key == key);
        Some((certificates.max_by_key(|certificate| certificate.not_before)?, Some(place)))
    });
    with_key.or(match leaves[..] {
        [only] => Some((only, None)),
        _ => None,
    })
}

fn other_key(expected: &Expected<'_>) -> Problem {
    let numbers: Vec<String> = expected.requests.iter().map(|request| request.number.to_string()).collect();
    Problem::error(Code::CertificateOtherKey, "").with("count", numbers.len()).with("requests", numbers.join(", "))
}

/// A certificate that is judged.
struct Case<'a> {
    offer: &'a IssuedBundle,
    trust: &'a [Certificate],
    expected: &'a Expected<'a>,
    leaf: &'a Certificate,
    key: Option<KeyPlace>,
    chain: &'a Chain,
    now: OffsetDateTime,
}

impl Case<'_> {
    fn findings(&self) -> Vec<Problem> {
        if self.key.is_none() {
            // It answers no request here, so what it lacks of one says nothing.
            return vec![other_key(self.expected)];
        }
        let mut findings = self.names();
        findings.extend(self.dates());
        findings.extend(self.key_usage());
        findings.extend(self.usages());
        findings.extend(self.strength());
        findings.extend(self.stumbling_blocks());
        findings.extend(self.issuers());
        findings.extend(self.others());
        findings
    }

    /// The certificate, its issuers and the root.
    fn path(&self) -> impl Iterator<Item = &Certificate> {
        [self.leaf].into_iter().chain(self.chain.issuers_and_root())
    }

    fn names(&self) -> Vec<Problem> {
        let (asked, held) = (self.expected.names, &self.leaf.dns_names);
        let (mut findings, mut wildcards) = (Vec::new(), Vec::new());
        for name in asked.iter().filter(|name| !held.contains(name)) {
            match held.iter().find(|held| covers(held, name)) {
                Some(wildcard) if wildcards.contains(&wildcard) => {}
                Some(wildcard) => {
                    let stumbles = self.expected.server.stumbles_over(CertificateFault::Wildcard);
                    let problem = graded(Code::CertificateWildcard, stumbles);
                    findings.push(problem.with("wildcard", wildcard.as_str()).with("name", name.as_str()));
                    wildcards.push(wildcard);
                }
                None => {
                    let problem = Problem::error(Code::CertificateNameMissing, "");
                    findings.push(problem.with("name", name.as_str()));
                }
            }
        }
        let is_extra = |name: &&String| !asked.contains(name) && !wildcards.contains(name);
        let extra: Vec<&str> = held.iter().filter(is_extra).map(String::as_str).collect();
        if !extra.is_empty() {
            findings.push(Problem::warning(Code::CertificateNameExtra, "").with("names", extra.join(", ")));
        }
        findings
    }

    fn dates(&self) -> Vec<Problem> {
        let Certificate { not_before, not_after, .. } = *self.leaf;
        let (lifetime, left) = (not_after - not_before, not_after - self.now.truncate_to_second());
        let mut findings = Vec::new();
        if self.now < not_before {
            findings.push(Problem::error(Code::CertificateNotYetValid, "").with("date", shown(not_before)));
        } else if left.is_negative() {
            findings.push(Problem::error(Code::CertificateExpired, "").with("date", shown(not_after)));
        } else if self.leaf.is_due_at(self.now) {
            let problem = Problem::warning(Code::CertificateEndsSoon, "");
            findings.push(problem.with("date", shown(not_after)).with("days", count(left.whole_days())));
        }
        let rule = LIFETIMES.iter().find(|(since, _)| not_before.date() >= *since);
        if let (Authority::Public, Some((since, max))) = (self.expected.authority, rule) {
            // The last second counts too, and a day begun is a day.
            let days = lifetime.whole_days() + 1;
            if days > *max {
                let problem = Problem::warning(Code::CertificateLifetime, "").with("days", count(days));
                findings.push(problem.with("max", count(*max)).with("since", since.to_string()));
            }
        }
        findings
    }

    /// TLS 1.3 and every key exchange with forward secrecy sign with the key (RFC 8446 4.4.2.2). OpenSSL still takes
    /// it from a server whose RSA key may only encipher, but not from a client; `GnuTLS` takes it from neither.
    fn key_usage(&self) -> Option<Problem> {
        let usage = self.leaf.key_usage.filter(|usage| !usage.digital_signature())?;
        let is_old = matches!(self.leaf.key, PublicKeyKind::Rsa(_)) && usage.key_encipherment();
        Some(graded(Code::CertificateKeyUsage, !is_old))
    }

    /// RFC 5280 4.2.1.12; OpenSSL lets `anyExtendedKeyUsage` stand for neither of the two. Between servers the one that
    /// connects is the TLS client and shows the same certificate.
    fn usages(&self) -> Option<Problem> {
        // What an issuer may not be used for, nothing below it may; OpenSSL holds a root to that, too.
        let may = |usage: fn(&Usages) -> bool| self.path().all(|one| one.usages.as_ref().is_none_or(usage));
        let is_for_servers = self.leaf.usages.is_none_or(|usages| usages.server);
        if !is_for_servers || !may(|usages| usages.server || usages.strong) {
            return Some(Problem::error(Code::CertificateClientOnly, ""));
        }
        let needs_certificate =
            |partner: &&Partner| partner.outcome(self.expected.server).methods == [Method::SaslOverTls];
        let partners = self.expected.partners.iter().filter(needs_certificate);
        let partners: Vec<String> = partners.map(|partner| partner.domain.both()).collect();
        let is_harmless = may(|usages| usages.client) || self.expected.usage == Usage::Internal || partners.is_empty();
        (!is_harmless).then(|| Problem::warning(Code::CertificateServerOnly, "").with("partners", partners.join(", ")))
    }

    /// Keys and signatures of everything that is sent to a peer. A root's own signature is never looked at.
    fn strength(&self) -> Vec<Problem> {
        let sent = || [self.leaf].into_iter().chain(&self.chain.issuers);
        let small = sent().filter_map(|certificate| {
            let problem = about(Code::CertificateKeySmall, certificate);
            Some(problem.with("bits", certificate.key.small()?).with("min", MIN_RSA_BITS))
        });
        let weak = sent()
            .filter(|certificate| certificate.is_weakly_signed)
            .map(|certificate| about(Code::CertificateSha1, certificate));
        small.chain(weak).collect()
    }

    /// What certain servers cannot work with.
    fn stumbling_blocks(&self) -> Vec<Problem> {
        let Expected { server, usage, .. } = *self.expected;
        let mut findings = Vec::new();
        if self.leaf.key == PublicKeyKind::Ed25519 {
            findings.push(graded(Code::CertificateEd25519, server.stumbles_over(CertificateFault::Ed25519)));
        }
        // Partners never see the internal certificate.
        if self.leaf.other_kinds == OtherKinds::OtherName && usage == Usage::External {
            findings.push(graded(Code::CertificateOtherName, server.stumbles_over(CertificateFault::OtherName)));
        }
        if server.stumbles_over(CertificateFault::NoRevocationList) && !self.leaf.has_crl {
            findings.push(Problem::warning(Code::CertificateNoCrl, ""));
        }
        findings
    }

    fn issuers(&self) -> Vec<Problem> {
        if self.leaf.is_own_issuer() || self.leaf.is_self_signed() {
            return vec![Problem::error(Code::CertificateSelfSigned, "")];
        }
        let mut findings = Vec::new();
        if self.leaf.is_ca {
            findings.push(Problem::error(Code::CertificateIsCa, ""));
        }
        match &self.chain.end {
            ChainEnd::Trusted(_) => {}
            ChainEnd::UnknownRoot(root) => {
                // Partners know the roots that public authorities stand below.
                let problem = graded(Code::CertificateRootUnknown, self.expected.authority == Authority::Public);
                findings.push(problem.with("root", root.subject.as_str()));
            }
            ChainEnd::Missing(issuer) => findings.push(self.missing(issuer)),
        }
        let count = self.chain.issuers.len();
        if count > MAX_ISSUERS {
            let problem = Problem::error(Code::CertificateChainTooLong, "");
            findings.push(problem.with("count", count).with("max", MAX_ISSUERS));
        }
        findings.extend(self.path().filter_map(|one| {
            let oid = one.unknown_extension.as_deref()?;
            Some(about(Code::CertificateExtension, one).with("oid", oid))
        }));
        findings.extend(self.flaws());
        if let Some(issuer) = self.chain.not_valid(self.now) {
            let problem = Problem::error(Code::CertificateIssuerExpired, "").with("issuer", issuer.subject.as_str());
            findings.push(problem.with("from", shown(issuer.not_before)).with("to", shown(issuer.not_after)));
        }
        findings.extend(self.ends_first());
        findings.extend(self.chain.breaches(self.leaf).into_iter().map(|breach| {
            match breach {
                Breach::TooLong { authority, max } => Problem::error(Code::CertificatePathLength, "")
                    .with("issuer", authority.subject.as_str())
                    .with("max", max as usize),
                Breach::Name { authority, name } => Problem::error(Code::CertificateNameConstraint, "")
                    .with("issuer", authority.subject.as_str())
                    .with("name", name),
            }
        }));
        if self.offer.is_ordered && !self.chain.is_in_order(self.leaf, &self.offer.certificates) {
            findings.push(Problem::warning(Code::CertificateOrder, ""));
        }
        findings
    }

    /// Why nobody is found who issued the last of the chain.
    fn missing(&self, issuer: &str) -> Problem {
        let last = self.chain.issuers.last().unwrap_or(self.leaf);
        let known = self.offer.certificates.iter().chain(self.trust);
        let mut namesakes = known.filter(|other| last.names_as_issuer(other) && other.may_issue());
        if namesakes.clone().any(|other| !last.names_key_of(other) && last.is_signed_by(other)) {
            return about(Code::CertificateAuthorityKey, last).with("issuer", issuer);
        }
        if namesakes.any(|other| last.cannot_be_verified_by(other)) {
            return about(Code::CertificateAlgorithm, last).with("algorithm", last.algorithm());
        }
        // A CA of one's own sends what is below its root, and rarely the root.
        if self.expected.authority == Authority::Private && !self.chain.issuers.is_empty() {
            return Problem::error(Code::CertificateRootUnknown, "").with("root", issuer);
        }
        Problem::error(Code::CertificateChainIncomplete, "").with("issuer", issuer)
    }

    /// What is wrong with how the certificates are made; what only strict peers refuse, not of the root, which is not sent.
    fn flaws(&self) -> Vec<Problem> {
        let sent = self.chain.issuers.len() + 1;
        let found = self.path().enumerate().filter_map(|(place, one)| {
            let flaws = one.flaws();
            let grave = flaws.iter().find(|flaw| flaw.is_grave());
            let flaw = grave.or(flaws.first().filter(|_| place < sent))?;
            let problem = if grave.is_some() {
                Problem::error(Code::CertificateMalformed, "")
            } else {
                Problem::warning(Code::CertificateStrict, "")
            };
            Some(problem.with("subject", one.subject.as_str()).with("what", flaw.words()))
        });
        found.collect()
    }

    /// The first issuer whose validity ends before the certificate's own: from then on peers refuse that too.
    fn ends_first(&self) -> Option<Problem> {
        let not_after = self.leaf.not_after;
        let issuer = self.chain.issuers_and_root().find(|issuer| issuer.not_after < not_after)?;
        let problem = Problem::warning(Code::CertificateIssuerEndsFirst, "").with("issuer", issuer.subject.as_str());
        issuer.is_valid_at(self.now).then(|| problem.with("date", shown(issuer.not_after)))
    }

    fn others(&self) -> Option<Problem> {
        let is_other = |certificate: &&Certificate| !certificate.is_ca && *certificate != self.leaf;
        let others = self.offer.certificates.iter().filter(is_other);
        let subjects: Vec<&str> = others.map(|certificate| certificate.subject.as_str()).collect();
        (!subjects.is_empty())
            .then(|| Problem::warning(Code::CertificateOthers, "").with("subjects", subjects.join("; ")))
    }
}

/// A warning, or an error where `is_error`.
fn graded(code: Code, is_error: bool) -> Problem {
    if is_error { Problem::error(code, "") } else { Problem::warning(code, "") }
}

/// An error about one of several certificates.
fn about(code: Code, certificate: &Certificate) -> Problem {
    Problem::error(code, "").with("subject", certificate.subject.as_str())
}

/// A time to the minute, as messages say it; they add that it is UTC.
pub(crate) fn shown(time: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]");
    time.format(format).unwrap_or_default()
}

fn count(days: i64) -> usize {
    usize::try_from(days).unwrap_or_default()
}
