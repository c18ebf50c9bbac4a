//! The certificate that a server shows, judged as other servers do: for a server, and for a client, which it is where it
//! connects (SASL EXTERNAL, XEP-0178).

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::edge::Method;
use crate::pki::{Certificate, Chain, ChainEnd, Flaw, OtherKinds, covers};
use crate::system::probe::EndpointProbe;

use super::step::{Judge, Part, Seen, Step};
use crate::text::quoted;

/// Names that are said of a certificate for another domain.
const MOST_NAMES: usize = 5;
/// How soon an end is worth a word.
const SOON: time::Duration = time::Duration::days(14);

/// What is shown at an address, judged once: verifying signatures takes most of the time that is not waited.
pub(super) struct Shown<'a> {
    leaf: &'a Certificate,
    /// Its way to a root.
    chain: Chain,
    /// What other servers refuse it for.
    faults: Vec<Step>,
}

impl<'a> Shown<'a> {
    /// As the certificate of `name`. None where nothing that can be read is shown.
    pub(super) fn at(name: &str, probe: &'a EndpointProbe, judge: &Judge<'_>) -> Option<Self> {
        let (leaf, issuers) = probe.chain.split_first()?;
        let chain = Chain::find(leaf, issuers, judge.trust, judge.now);
        let target = probe.address.to_string();
        let step = |ok, key| Step::new(Part::Certificate, target.as_str(), ok, key);
        let faults = faults(name, leaf, issuers, &chain, judge, &step);
        Some(Shown { leaf, chain, faults })
    }

    /// Whether it proves the domain where we connect to it.
    pub(super) fn is_good(&self) -> bool {
        self.faults.is_empty()
    }
}

/// What is to be said of what is shown at an address.
pub(super) fn steps(probe: &EndpointProbe, shown: Option<&Shown<'_>>, judge: &Judge<'_>) -> Vec<Step> {
    let target = probe.address.to_string();
    let step = |ok, key| Step::new(Part::Certificate, target.as_str(), ok, key);
    let Some(Shown { leaf, chain, faults }) = shown else {
        return probe.has_unreadable.then(|| step(Some(false), "check-certificate-unreadable")).into_iter().collect();
    };
    let mut steps = faults.clone();
    if steps.is_empty() {
        let issuer = quoted(&leaf.issuer);
        steps
            .push(step(Some(true), "check-certificate-good").with("until", day(leaf.not_after)).with("issuer", issuer));
    }
    if !chain.is_in_order(leaf, &probe.chain) {
        steps.push(step(None, "check-certificate-order"));
    }
    if leaf.is_valid_at(judge.now) && leaf.not_after - judge.now < SOON {
        steps.push(step(None, "check-certificate-ends-soon").with("until", day(leaf.not_after)));
    }
    steps
}

/// What is to be said of it besides where XMPP servers show it to each other, each to each.
pub(super) fn among_servers(probe: &EndpointProbe, shown: Option<&Shown<'_>>) -> Option<Step> {
    let Shown { leaf, chain, .. } = shown?;
    let step = || Step::new(Part::Certificate, probe.address.to_string(), None, "check-certificate-server-only");
    (!is_for_clients(leaf, chain)).then(step)
}

/// Whether it and what is above it may be used by a TLS client.
fn is_for_clients(leaf: &Certificate, chain: &Chain) -> bool {
    [leaf].into_iter().chain(chain.issuers_and_root()).all(|one| one.usages.is_none_or(|usages| usages.client))
}

/// By what the domain may be believed where it connects to us.
pub(super) fn proves(probe: &EndpointProbe, shown: Option<&Shown<'_>>, judge: &Judge<'_>) -> Seen {
    let Some(shown @ Shown { leaf, chain, .. }) = shown else { return Seen::Unknown };
    let asks_for_clients = judge.here.is_some_and(|server| server.traits().asks_client_usage);
    let may_sign = leaf.key_usage.is_none_or(|usage| usage.digital_signature());
    let is_for_this = may_sign && (!asks_for_clients || is_for_clients(leaf, chain));
    let dials_back = [&probe.secure, &probe.plain].into_iter().flatten().any(|features| features.offers_dialback);
    match (shown.is_good() && is_for_this, dials_back) {
        (true, _) => Seen::Method(Method::SaslOverTls),
        (false, true) => Seen::Method(Method::TlsDialback),
        (false, false) => Seen::None,
    }
}

/// What other servers refuse it for.
fn faults(
    name: &str,
    leaf: &Certificate,
    issuers: &[Certificate],
    chain: &Chain,
    judge: &Judge<'_>,
    step: &dyn Fn(Option<bool>, &'static str) -> Step,
) -> Vec<Step> {
    let fault = |key| step(Some(false), key);
    let mut faults = Vec::new();
    if !leaf.dns_names.iter().any(|held| covers(held, name)) {
        let names: Vec<_> = leaf.dns_names.iter().take(MOST_NAMES).map(|name| quoted(name)).collect();
        let more = if leaf.dns_names.len() > MOST_NAMES { ", …" } else { "" };
        faults.push(match (names.is_empty(), &leaf.other_kinds) {
            (false, _) => fault("check-certificate-other-name").with("names", names.join(", ") + more),
            (true, OtherKinds::OtherName) => fault("check-certificate-other-kind"),
            (true, _) => fault("check-certificate-nameless"),
        });
        faults = faults.into_iter().map(|fault| fault.with("name", name)).collect();
    }
    if leaf.not_after < judge.now {
        faults.push(fault("check-certificate-expired").with("date", day(leaf.not_after)));
    } else if leaf.not_before > judge.now {
        faults.push(fault("check-certificate-not-yet").with("date", day(leaf.not_before)));
    }
    let path: Vec<&Certificate> = [leaf].into_iter().chain(chain.issuers_and_root()).collect();
    // What an issuer may not be used for, nothing below it may.
    if !path.iter().all(|one| one.usages.is_none_or(|usages| usages.server || usages.strong)) {
        faults.push(fault("check-certificate-no-server"));
    }
    // Keys sign in TLS 1.3 and with forward secrecy; some still take one that may only encipher.
    if leaf.key_usage.is_some_and(|usage| !usage.digital_signature() && !usage.key_encipherment()) {
        faults.push(fault("check-certificate-no-signature"));
    }
    let sent = || [leaf].into_iter().chain(&chain.issuers);
    if let Some((one, bits)) = sent().find_map(|one| Some((one, one.key.small()?))) {
        let said = fault("check-certificate-small-key").with("bits", bits.to_string());
        faults.push(said.with("subject", quoted(&one.subject)));
    }
    if let Some(one) = sent().find(|one| one.is_weakly_signed) {
        let said = fault("check-certificate-weak").with("algorithm", one.algorithm());
        faults.push(said.with("subject", quoted(&one.subject)));
    }
    if let Some(oid) = path.iter().find_map(|one| one.unknown_extension.as_deref()) {
        faults.push(fault("check-certificate-extension").with("oid", quoted(oid)));
    }
    if let Some(flaw) = path.iter().flat_map(|one| one.flaws()).find(Flaw::is_grave) {
        let step = fault("check-certificate-flawed");
        faults.push(Step { detail: step.detail.with("flaw", flaw.words()), ..step });
    }
    faults.extend(of_issuers(leaf, issuers, chain, judge, &fault));
    faults
}

/// What keeps it from being led back to a root.
fn of_issuers(
    leaf: &Certificate,
    issuers: &[Certificate],
    chain: &Chain,
    judge: &Judge<'_>,
    fault: &dyn Fn(&'static str) -> Step,
) -> Option<Step> {
    let said = quoted;
    let last = chain.issuers.last().unwrap_or(leaf);
    let is_sent = issuers.iter().any(|other| other != last && last.names_as_issuer(other));
    match &chain.end {
        // Whoever is believed as a root may be so without anybody above.
        _ if judge.trust.contains(leaf) => None,
        _ if leaf.is_self_signed() => Some(fault("check-certificate-self-signed")),
        ChainEnd::Missing(issuer) if is_sent => Some(fault("check-certificate-not-by").with("issuer", said(issuer))),
        ChainEnd::Missing(issuer) => Some(fault("check-certificate-incomplete").with("issuer", said(issuer))),
        ChainEnd::UnknownRoot(root) => Some(fault("check-certificate-unknown-root").with("root", said(&root.subject))),
        ChainEnd::Trusted(_) => {
            let over = chain.not_valid(judge.now).map(|issuer| {
                fault("check-certificate-issuer-over")
                    .with("issuer", said(&issuer.subject))
                    .with("date", day(issuer.not_after))
            });
            over.or_else(|| (!chain.breaches(leaf).is_empty()).then(|| fault("check-certificate-not-allowed")))
        }
    }
}

fn day(time: OffsetDateTime) -> String {
    let said = time.format(&Rfc3339).unwrap_or_default();
    said.split('T').next().unwrap_or_default().to_owned()
}
