//! The certificate that a server shows, judged as other servers do: for a server, and for a client, which it is where it
//! connects (SASL EXTERNAL, XEP-0178).

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::edge::Method;
use crate::pki::{Certificate, Chain, ChainEnd, covers};
use crate::system::probe::EndpointProbe;
use crate::text::visible;

use super::step::{Judge, Part, Seen, Step};

/// How soon an end is worth a word.
const SOON: time::Duration = time::Duration::days(14);

/// What is to be said of what is shown at an address.
pub(super) fn steps(domain: &str, probe: &EndpointProbe, judge: &Judge<'_>) -> Vec<Step> {
    let Some((leaf, issuers)) = probe.chain.split_first() else { return Vec::new() };
    let target = probe.address.to_string();
    let step = |ok, code| Step::new(Part::Certificate, target.as_str(), ok, code);
    let mut steps = faults(domain, leaf, issuers, judge, &step);
    if steps.is_empty() {
        let issuer = visible(&leaf.issuer).into_owned();
        steps
            .push(step(Some(true), "check-certificate-good").with("until", day(leaf.not_after)).with("issuer", issuer));
    }
    if leaf.usages.is_some_and(|usages| usages.server && !usages.client) {
        steps.push(step(None, "check-certificate-server-only"));
    }
    let chain = Chain::find(leaf, issuers, judge.trust, judge.now);
    if !chain.is_in_order(leaf, &probe.chain) {
        steps.push(step(None, "check-certificate-order"));
    }
    if leaf.is_valid_at(judge.now) && leaf.not_after - judge.now < SOON {
        steps.push(step(None, "check-certificate-ends-soon").with("until", day(leaf.not_after)));
    }
    steps
}

/// By what the domain may be believed where it connects to us.
pub(super) fn proves(domain: &str, probe: &EndpointProbe, judge: &Judge<'_>) -> Seen {
    let Some((leaf, issuers)) = probe.chain.split_first() else { return Seen::Unknown };
    let step = |ok, code| Step::new(Part::Certificate, "", ok, code);
    let is_good = faults(domain, leaf, issuers, judge, &step).is_empty();
    let is_for_clients = leaf.usages.is_none_or(|usages| usages.client);
    let dials_back = [&probe.secure, &probe.plain].into_iter().flatten().any(|features| features.offers_dialback);
    match (is_good && is_for_clients, dials_back) {
        (true, _) => Seen::Method(Method::SaslOverTls),
        (false, true) => Seen::Method(Method::TlsDialback),
        (false, false) => Seen::None,
    }
}

/// What other servers refuse it for.
fn faults(
    domain: &str,
    leaf: &Certificate,
    issuers: &[Certificate],
    judge: &Judge<'_>,
    step: &dyn Fn(Option<bool>, &'static str) -> Step,
) -> Vec<Step> {
    let fault = |code| step(Some(false), code);
    let mut faults = Vec::new();
    if !leaf.dns_names.iter().any(|held| covers(held, domain)) {
        let names: Vec<_> = leaf.dns_names.iter().map(|name| visible(name)).collect();
        faults.push(fault("check-certificate-other-name").with("names", names.join(", ")));
    }
    if leaf.not_after < judge.now {
        faults.push(fault("check-certificate-expired").with("date", day(leaf.not_after)));
    } else if leaf.not_before > judge.now {
        faults.push(fault("check-certificate-not-yet").with("date", day(leaf.not_before)));
    }
    if leaf.usages.is_some_and(|usages| !usages.server && !usages.strong) {
        faults.push(fault("check-certificate-no-server"));
    }
    if let Some(bits) = leaf.key.small() {
        faults.push(fault("check-certificate-small-key").with("bits", bits.to_string()));
    }
    if leaf.is_weakly_signed {
        faults.push(fault("check-certificate-weak").with("algorithm", leaf.algorithm()));
    }
    if let Some(flaw) = leaf.flaws().iter().find(|flaw| flaw.is_grave()) {
        let step = fault("check-certificate-flawed");
        faults.push(Step { detail: step.detail.with("flaw", flaw.words()), ..step });
    }
    faults.extend(of_issuers(leaf, issuers, judge, &fault));
    faults
}

/// What keeps it from being led back to a root.
fn of_issuers(
    leaf: &Certificate,
    issuers: &[Certificate],
    judge: &Judge<'_>,
    fault: &dyn Fn(&'static str) -> Step,
) -> Option<Step> {
    let chain = Chain::find(leaf, issuers, judge.trust, judge.now);
    let said = |text: &str| visible(text).into_owned();
    match &chain.end {
        // Whoever is believed as a root may be so without anybody above.
        _ if judge.trust.contains(leaf) => None,
        _ if leaf.is_self_signed() => Some(fault("check-certificate-self-signed")),
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
