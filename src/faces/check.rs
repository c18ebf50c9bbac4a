//! A look at domains from outside, as text for people or as JSON for programs (schema 1 of the contract).

use serde_json::{Value, json};

use crate::check::{DomainCheck, Step};
use crate::name::Name;
use crate::text::{Text, say};

use super::headless::{SCHEMA, aligned};

/// What was seen of `checks` as JSON.
#[must_use]
pub fn check_json(checks: &[DomainCheck], text: &Text) -> Value {
    let step = |step: &Step| {
        json!({
            "step": step.step,
            "target": step.target,
            "ok": step.ok,
            "code": step.code,
            "detail": text.say(&step.detail),
            "ms": step.took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX)),
        })
    };
    let domain = |check: &DomainCheck| {
        json!({
            "domain": check.domain,
            "ok": check.ok(),
            "methods": { "to_partner": check.to_partner.name(), "from_partner": check.from_partner.name() },
            "steps": check.steps.iter().map(step).collect::<Vec<_>>(),
        })
    };
    json!({ "schema": SCHEMA, "domains": checks.iter().map(domain).collect::<Vec<_>>() })
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
        let name = say(format!("check-step-{}", step.step));
        let said = format!("{}: {}{took}", step.target, text.say(&step.detail));
        vec![text.say(&say(sign)), text.say(&name), said]
    };
    let rows: Vec<Vec<String>> = check.steps.iter().map(row).collect();
    let methods = say("check-methods").with("to", check.to_partner.name()).with("from", check.from_partner.name());
    let methods = text.say(&methods).replace('\n', "\n  ");
    format!("{}\n{}  {methods}\n", Name::new(&check.domain).both(), aligned(&rows, "  "))
}
