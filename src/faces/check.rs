//! A look at domains from outside, as text for people or as JSON for programs (schema 1 of the contract).

use serde_json::{Value, json};

use crate::check::{Contradiction, DomainCheck, Step, Wanted};
use crate::edge::Negotiation;
use crate::name::Name;
use crate::problem::Problem;
use crate::text::{Text, say};

use super::headless::{SCHEMA, aligned, problem_json};

/// What was seen of `checks`, and why nothing was, as JSON.
#[must_use]
pub fn check_json(checks: &[DomainCheck], problems: &[Problem], text: &Text) -> Value {
    let step = |step: &Step| {
        json!({
            "step": step.part.name(),
            "target": step.target,
            "ok": step.ok,
            "code": step.code(),
            "detail": text.say(&step.detail),
            "ms": step.took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX)),
        })
    };
    let wanted = |wanted: &Wanted| {
        let Negotiation { tls, sasl, dialback } = wanted.settings;
        let methods: Vec<&str> = wanted.methods.iter().map(|method| method.name()).collect();
        json!({ "tls": tls.name(), "sasl": sasl.name(), "dialback": dialback, "methods": methods })
    };
    let contradiction = |found: &Contradiction| json!({ "side": found.side.name(), "setting": found.setting, "hint": text.say(&found.hint) });
    let domain = |check: &DomainCheck| {
        json!({
            "domain": check.domain,
            "ok": check.ok(),
            "methods": { "to_partner": check.to_partner.name(), "from_partner": check.from_partner.name() },
            "steps": check.steps.iter().map(step).collect::<Vec<_>>(),
            "wanted": check.wanted.as_ref().map(wanted),
            "contradictions": check.contradictions.iter().map(contradiction).collect::<Vec<_>>(),
        })
    };
    json!({
        "schema": SCHEMA,
        "domains": checks.iter().map(domain).collect::<Vec<_>>(),
        "problems": problems.iter().map(|problem| problem_json(problem, text)).collect::<Vec<_>>(),
    })
}

/// What was seen of one domain as text.
#[must_use]
pub fn check_text(check: &DomainCheck, text: &Text) -> String {
    let row = |step: &Step| {
        let sign = match step.ok {
            Some(true) => "check-sign-good",
            Some(false) => "check-sign-bad",
            None => "check-sign-note",
        };
        let took = step.took.map(|took| say("check-milliseconds").with("count", took.as_millis().to_string()));
        let took = took.map(|took| format!(" ({})", text.say(&took))).unwrap_or_default();
        let name = say(format!("check-step-{}", step.part.name()));
        let said = format!("{}: {}{took}", step.target, text.say(&step.detail));
        vec![text.say(&say(sign)), text.say(&name), said]
    };
    let against = |found: &Contradiction| {
        let side = say("check-side").with("side", found.side.name());
        vec![text.say(&say("check-sign-bad")), text.say(&side), text.say(&found.hint)]
    };
    let rows: Vec<Vec<String>> = check.steps.iter().map(row).chain(check.contradictions.iter().map(against)).collect();
    let said = format!("{}\n{}", Name::new(&check.domain).both(), aligned(&rows, "  "));
    verdicts(check, text).into_iter().fold(said, |said, line| format!("{said}  {line}\n"))
}

/// What the settings allow, and what happens in each direction, line by line.
#[must_use]
pub fn verdicts(check: &DomainCheck, text: &Text) -> Vec<String> {
    let (to, from) = (check.to_partner.name(), check.from_partner.name());
    let methods = say("check-methods").with("domain", Name::new(&check.domain).unicode().clone());
    let wanted = check.wanted.as_ref().map(|wanted| {
        let ways = wanted.methods.iter().map(|method| text.say(&say("check-way").with("method", method.name())));
        let ways: Vec<String> = ways.collect();
        let ways = if ways.is_empty() { text.say(&say("check-way").with("method", "none")) } else { ways.join(", ") };
        say("check-wanted").with("methods", ways)
    });
    let said = wanted.into_iter().chain([methods.with("to", to).with("from", from)]).map(|message| text.say(&message));
    said.flat_map(|said| said.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}
