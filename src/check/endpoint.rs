//! The steps at one address.

use std::time::Duration;

use crate::edge::Method;
use crate::system::probe::{EndpointProbe, Fault, Features, SaslAnswer, Stage};
use crate::text::quoted;

use super::certificate::{self, Shown};
use super::step::{Judge, Part, Seen, Step};
use super::wanted::Sight;

/// A failure that says nothing of our certificate (RFC 6120 6.5.11).
const TEMPORARY: &str = "temporary-auth-failure";

/// Everything that is to be said of one address.
pub(super) fn steps(probe: &EndpointProbe, shown: Option<&Shown<'_>>, judge: &Judge<'_>) -> Vec<Step> {
    let target = probe.address.to_string();
    let took = |stage| took(probe, stage);
    let step = |name, ok, code| Step::new(name, target.as_str(), ok, code);
    let mut steps = Vec::new();
    steps.extend(connected(probe));
    if let Some(plain) = &probe.plain {
        steps.push(step(Part::Stream, Some(true), "check-stream-opened").within(took(Stage::Stream)));
        steps.push(starttls(&target, plain, took(Stage::StartTls)));
    }
    steps.extend(agreed(probe));
    steps.extend(certificate::steps(probe, shown, judge));
    steps.extend(certificate::among_servers(probe, shown));
    if let Some(secure) = &probe.secure {
        steps.push(step(Part::Features, Some(true), "check-features-read").within(took(Stage::Features)));
        steps.extend(methods(&target, probe, secure, took(Stage::External), judge));
    }
    steps.extend(probe.fault.as_ref().map(|fault| broken(&target, probe, fault, judge)));
    steps
}

/// That somebody answered, if so.
pub(super) fn connected(probe: &EndpointProbe) -> Option<Step> {
    let took = took(probe, Stage::Tcp)?;
    let step = Step::new(Part::Tcp, probe.address.to_string(), Some(true), "check-tcp-connected");
    Some(step.within(Some(took)))
}

/// The TLS that was agreed on, if any was.
pub(super) fn agreed(probe: &EndpointProbe) -> Option<Step> {
    let tls = probe.tls.as_ref()?;
    let step = Step::new(Part::StartTls, probe.address.to_string(), Some(true), "check-tls-agreed");
    let step = step.with("version", &*tls.version).with("suite", &*tls.suite);
    Some(step.with("group", tls.group.clone().unwrap_or_default()).within(took(probe, Stage::Tls)))
}

fn took(probe: &EndpointProbe, stage: Stage) -> Option<Duration> {
    probe.took.iter().find(|(reached, _)| *reached == stage).map(|(_, took)| *took)
}

fn starttls(target: &str, plain: &Features, took: Option<Duration>) -> Step {
    let (ok, code) = match (plain.offers_starttls, plain.requires_starttls) {
        (true, true) => (Some(true), "check-starttls-required"),
        (true, false) => (Some(true), "check-starttls-offered"),
        (false, _) => (Some(false), "check-starttls-missing"),
    };
    Step::new(Part::StartTls, target, ok, code).within(took)
}

/// What is offered inside TLS, and what came of it.
fn methods(
    target: &str,
    probe: &EndpointProbe,
    secure: &Features,
    took: Option<Duration>,
    judge: &Judge<'_>,
) -> Vec<Step> {
    let offered = secure.mechanisms.iter().any(|mechanism| mechanism == "EXTERNAL");
    let step = |ok, code| Step::new(Part::External, target, ok, code);
    let external = match &probe.external {
        Some(SaslAnswer::Success) => step(Some(true), "check-external-believed"),
        // It may be another time.
        Some(SaslAnswer::Failure { condition, text }) if condition == TEMPORARY => {
            step(None, "check-external-temporary").with("text", quoted(text))
        }
        Some(SaslAnswer::Failure { condition, text }) => {
            let said = [condition.as_str(), text.as_str()].map(quoted);
            step(Some(false), "check-external-refused").with("condition", &*said[0]).with("text", &*said[1])
        }
        None if offered => step(Some(true), "check-external-offered"),
        // Some offer it only to whoever shows a certificate that they believe.
        None if wants_certificate(probe) && judge.is_own => step(None, "check-external-hidden-own"),
        None if wants_certificate(probe) => step(None, "check-external-hidden"),
        // Who asked for one and was shown it does not believe it.
        None if probe.tls.as_ref().is_some_and(|tls| tls.was_shown_certificate) => {
            step(Some(false), "check-external-withheld")
        }
        // Without it, dialback is the way.
        None => step((!secure.offers_dialback).then_some(false), "check-external-missing"),
    };
    let dialback =
        if secure.offers_dialback { (Some(true), "check-dialback-offered") } else { (None, "check-dialback-missing") };
    vec![external.within(took), Step::new(Part::Dialback, target, dialback.0, dialback.1)]
}

/// What was seen at this address, whatever the settings.
pub(super) fn sight(probe: &EndpointProbe, shown: Option<&Shown<'_>>, judge: &Judge<'_>) -> Sight {
    let offers_tls = probe.tls.is_some() || probe.plain.as_ref().is_some_and(|plain| plain.offers_starttls);
    let features = probe.secure.as_ref().or(probe.plain.as_ref());
    let offers_external = features.is_some_and(|features| features.mechanisms.iter().any(|each| each == "EXTERNAL"));
    let is_refused = refuses_us(probe);
    let is_server_only = judge.ours.and_then(|ours| ours.usages).is_some_and(|usages| usages.server && !usages.client);
    // Who has no use for certificates, or does not believe ours, may prove itself otherwise than by its own, or not at all.
    let is_open = offers_external || wants_certificate(probe);
    let from = certificate::proves(probe, shown, judge);
    Sight {
        to: to_partner(probe),
        from: if (is_open && !is_refused) || from != Seen::Method(Method::SaslOverTls) { from } else { Seen::Unknown },
        offers_tls,
        requires_tls: probe.plain.as_ref().is_some_and(|plain| plain.requires_starttls),
        offers_external: is_open || is_refused,
        offers_dialback: features.is_some_and(|features| features.offers_dialback),
        proves_itself: shown.is_some_and(Shown::is_good),
        refuses_server_only: is_refused && is_server_only,
    }
}

/// By what we are believed at this address.
fn to_partner(probe: &EndpointProbe) -> Seen {
    let by_dialback = |features: &Features, method| {
        if features.offers_dialback { Seen::Method(method) } else { Seen::None }
    };
    match (&probe.secure, &probe.plain) {
        (Some(secure), _) => match &probe.external {
            Some(SaslAnswer::Success) => Seen::Method(Method::SaslOverTls),
            Some(SaslAnswer::Failure { condition, .. }) if condition == TEMPORARY => Seen::Unknown,
            None if wants_certificate(probe) || secure.mechanisms.iter().any(|each| each == "EXTERNAL") => {
                Seen::Unknown
            }
            _ => by_dialback(secure, Method::TlsDialback),
        },
        (None, Some(plain)) if !plain.offers_starttls => by_dialback(plain, Method::TcpDialback),
        _ if wants_certificate(probe) => Seen::Unknown,
        _ => Seen::None,
    }
}

/// Whether our certificate was shown and is not believed; some end the stream for it, some offer no EXTERNAL then.
fn refuses_us(probe: &EndpointProbe) -> bool {
    let was_shown = probe.tls.as_ref().is_some_and(|tls| tls.was_shown_certificate);
    let is_withheld = match &probe.secure {
        Some(secure) => !secure.mechanisms.iter().any(|each| each == "EXTERNAL"),
        None => matches!(&probe.fault, Some(Fault::Stream { .. })),
    };
    matches!(&probe.external, Some(SaslAnswer::Failure { .. })) || (was_shown && is_withheld)
}

/// Where the conversation broke, and why.
pub(super) fn broken(target: &str, probe: &EndpointProbe, fault: &Fault, judge: &Judge<'_>) -> Step {
    let part = match probe.reached() {
        None => Part::Tcp,
        Some(Stage::Tcp) if !matches!(fault, Fault::Tls { .. }) && probe.plain.is_none() => Part::Stream,
        Some(Stage::Tcp | Stage::Stream | Stage::StartTls) => Part::StartTls,
        Some(Stage::Tls) => Part::Features,
        Some(Stage::Features | Stage::External) => Part::External,
    };
    match fault {
        // To whoever shows none, some say nothing more.
        Fault::Stream { condition, text } if part == Part::Features && wants_certificate(probe) => {
            let key = if judge.is_own { "check-certificate-demanded-own" } else { "check-certificate-demanded" };
            let step = Step::new(Part::External, target, None, key);
            step.with("condition", quoted(condition)).with("text", quoted(text))
        }
        Fault::CertificateMissed => Step::new(part, target, Some(true), "check-tls-mutual"),
        // Where the way there is missing from here, it may be there from elsewhere.
        Fault::Io(why) if part == Part::Tcp && is_no_way(why) => {
            Step::new(part, target, None, "check-no-way").with("reason", quoted(why))
        }
        fault => Step { detail: fault.reason(), ..Step::new(part, target, Some(false), "check-broken") },
    }
}

/// Whether the server asked for a certificate and was shown none.
fn wants_certificate(probe: &EndpointProbe) -> bool {
    probe.tls.as_ref().is_some_and(|tls| tls.asks_for_certificate && !tls.was_shown_certificate)
}

/// Whether this machine has no way to such an address: `ENETUNREACH`, `EHOSTUNREACH`, `EADDRNOTAVAIL`, as Rust words them.
fn is_no_way(why: &str) -> bool {
    ["unreachable", "Cannot assign requested address"].iter().any(|words| why.contains(words))
}
