//! A look at domains from outside, as text for people or as JSON for programs (schema 1 of the contract), which is written
//! piece by piece while the domains come: its begin, what was seen of each, its end.

use serde_json::{Value, json};

use crate::check::{Contradiction, DomainCheck, Step, Wanted};
use crate::edge::Negotiation;
use crate::name::Name;
use crate::problem::Problem;
use crate::text::{Text, say};

use super::headless::{SCHEMA, aligned, problem_json};

/// How JSON begins.
#[must_use]
pub fn json_begin() -> String {
    format!("{{\n  \"schema\": {SCHEMA},\n  \"domains\": [")
}

/// What was seen of one domain, as it stands in the list; a comma is to stand before each but the first.
#[must_use]
pub fn domain_json(check: &DomainCheck, text: &Text) -> String {
    let step = |step: &Step| {
        json!({
            "step": step.name(),
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
    let domain = json!({
        "domain": check.domain,
        "ok": check.ok(),
        "methods": { "to_partner": check.to_partner.name(), "from_partner": check.from_partner.name() },
        "steps": check.steps.iter().map(step).collect::<Vec<_>>(),
        "wanted": check.wanted.as_ref().map(wanted),
        "contradictions": check.contradictions.iter().map(contradiction).collect::<Vec<_>>(),
    });
    indented(&format!("\n{domain:#}"), "    ")
}

/// How JSON ends behind the list of the domains, which has any or none, with why nothing was seen.
#[must_use]
pub fn json_end(has_any: bool, problems: &[Problem], text: &Text) -> String {
    let problems: Vec<Value> = problems.iter().map(|problem| problem_json(problem, text)).collect();
    let problems = indented(&format!("{:#}", json!(problems)), "  ");
    format!("{}],\n  \"problems\": {problems}\n}}\n", if has_any { "\n  " } else { "" })
}

/// JSON further to the right; no string in it has a line break of its own.
fn indented(json: &str, by: &str) -> String {
    json.replace('\n', &format!("\n{by}"))
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
        let said = format!("{}: {}{took}", step.target, text.say(&step.detail));
        vec![text.say(&say(sign)), text.say(&step.title()), said]
    };
    let against = |found: &Contradiction| {
        let side = say("check-side").with("side", found.side.name());
        vec![text.say(&say("check-sign-bad")), text.say(&side), text.say(&found.hint)]
    };
    let rows: Vec<Vec<String>> = check.steps.iter().map(row).chain(check.contradictions.iter().map(against)).collect();
    let said = format!("{}\n{}", Name::new(&check.domain).both(), aligned(&rows, "  "));
    verdicts(check, text).into_iter().fold(said, |said, line| format!("{said}  {line}\n"))
}

/// What the settings allow, and what happens in each direction, line by line; nothing where nobody looked for XMPP.
#[must_use]
pub fn verdicts(check: &DomainCheck, text: &Text) -> Vec<String> {
    if check.is_sip_only() {
        return Vec::new();
    }
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::check::{Part, Seen};
    use crate::problem::Code;

    fn check(domain: &str) -> DomainCheck {
        let step = Step::new(Part::Tcp, "192.0.2.7:5269", Some(true), "check-tcp-connected");
        let steps = vec![step.within(Some(Duration::from_millis(12)))];
        let (domain, contradictions) = (domain.to_owned(), Vec::new());
        DomainCheck { domain, steps, to_partner: Seen::None, from_partner: Seen::Unknown, wanted: None, contradictions }
    }

    #[test]
    fn pieces_of_json_are_one_document_laid_out_as_all_others() {
        let text = Text::load("en");
        let problem = Problem::error(Code::CheckIdentity, "").with("name", "line\nbreak.example");
        let cases: [(&[&str], &[Problem]); 2] = [(&["a.example", "b.example"], &[]), (&[], &[problem])];
        for (domains, problems) in cases {
            let domains: Vec<String> = domains.iter().map(|domain| domain_json(&check(domain), &text)).collect();
            let said = json_begin() + &domains.join(",") + &json_end(!domains.is_empty(), problems, &text);
            let whole: Value = serde_json::from_str(&said).unwrap();
            assert_eq!(said, format!("{whole:#}\n"));
            assert_eq!(whole["domains"].as_array().map(Vec::len), Some(domains.len()));
        }
    }
}
