//! A plan and its outcome as text for people or as JSON for programs (schema 1 of the contract).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::check::{NamesCheck, RecordCheck, all_findings, hint};
use crate::edge::{Method, Record, records};
use crate::pages::{Reading, changes};
use crate::plan::Action;
use crate::problem::{Problem, Severity};
use crate::servers::{limits, product};
use crate::text::{Message, Text, say, visible};

/// The JSON schema's number.
pub(super) const SCHEMA: u32 = 1;

/// What a run did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What was done.
    pub done: Vec<Action>,
    /// What could not be done, and why.
    pub failed: Option<(Action, Problem)>,
    /// The request that waits for its certificate, if one does.
    pub awaited: Option<u32>,
}

/// The plan, and what was done of it, as JSON.
#[must_use]
pub fn json(
    reading: Option<&Reading>,
    looked: Option<&NamesCheck>,
    problems: &[Problem],
    report: Option<&Report>,
    text: &Text,
) -> Value {
    let names = reading.iter().flat_map(|reading| &reading.deployment.names);
    let names: Vec<Value> =
        names.map(|named| json!({ "name": named.name.ascii(), "reason": named.reason.name() })).collect();
    let actions = reading.iter().flat_map(|reading| &reading.plan.actions);
    let mut object = json!({
        "schema": SCHEMA,
        "names": names,
        "partners": reading.map(partners).unwrap_or_default(),
        "records": reading.map(|reading| all_records(reading, looked, text)).unwrap_or_default(),
        "actions": actions.map(|action| action_json(action, text)).collect::<Vec<_>>(),
        "problems": problems.iter().map(|problem| problem_json(problem, text)).collect::<Vec<_>>(),
    });
    if let Some(looked) = looked {
        let caa = looked.caa.iter().map(|check| {
            json!({
                "name": check.name,
                "issuers": check.issuers,
                "code": &*check.finding.key,
                "message": text.say(&check.finding),
                "hint": text.say(&hint(&check.finding)),
            })
        });
        object["caa"] = json!(caa.collect::<Vec<_>>());
    }
    if let Some(report) = report {
        let done: Vec<Value> = report.done.iter().map(|action| action_json(action, text)).collect();
        let failed = report.failed.iter().map(|(action, problem)| {
            let mut failed = action_json(action, text);
            failed["message"] = json!(text.say(&problem.what()));
            failed
        });
        object["done"] = json!(done);
        object["failed"] = json!(failed.collect::<Vec<_>>());
    }
    object
}

fn partners(reading: &Reading) -> Vec<Value> {
    let deployment = &reading.deployment;
    let partners = deployment.federation.partners.iter().map(|partner| {
        let outcome = partner.outcome(deployment.server);
        let methods: Vec<&str> = outcome.methods.iter().map(|method: &Method| method.name()).collect();
        let enforced = product(deployment.server).enforces(partner.negotiation).limits.is_empty();
        json!({
            "domain": partner.domain.ascii(),
            "methods": methods,
            "verdict": outcome.verdict.name(),
            "enforced": enforced,
        })
    });
    partners.collect()
}

fn all_records(reading: &Reading, looked: Option<&NamesCheck>, text: &Text) -> Vec<Value> {
    match looked {
        Some(looked) => looked.records.iter().map(|check| record_check_json(check, text)).collect(),
        None => records(&reading.deployment).iter().map(record_json).collect(),
    }
}

fn record_json(Record { zone, name, ttl, data }: &Record) -> Value {
    json!({ "zone": zone, "name": name, "type": data.kind(), "ttl": ttl, "data": data.presentation() })
}

/// A wanted record, with what is there.
pub(super) fn record_check_json(check: &RecordCheck, text: &Text) -> Value {
    let finding = |message: &Message| json!({ "code": &*message.key, "message": text.say(message), "hint": text.say(&hint(message)) });
    let seen = check.seen.iter().map(|(server, data)| json!({ "server": server, "data": data }));
    let mut value = record_json(&check.record);
    value["state"] = json!(check.state.name());
    value["seen"] = json!(seen.collect::<Vec<_>>());
    value["findings"] = json!(check.findings.iter().map(finding).collect::<Vec<_>>());
    value
}

fn action_json(action: &Action, text: &Text) -> Value {
    json!({
        "kind": action.kind.name(),
        "target": action.target.to_string_lossy(),
        "summary": text.say(&action.summary()),
    })
}

pub(super) fn problem_json(problem: &Problem, text: &Text) -> Value {
    let place = json!({ "path": problem.path, "line": problem.line, "severity": problem.severity.name() });
    with_words(place, problem, text)
}

/// Adds to `object` the code and the words of `problem`.
pub(super) fn with_words(mut object: Value, problem: &Problem, text: &Text) -> Value {
    object["code"] = json!(problem.code.name());
    object["message"] = json!(text.say(&problem.what()));
    object["hint"] = json!(problem.hint(text));
    if text.explains() {
        object["why"] = json!(problem.why(text));
    }
    object
}

/// The plan as text.
#[must_use]
pub fn plan_text(reading: &Reading, looked: Option<&NamesCheck>, text: &Text) -> String {
    let mut lines = Lines { out: String::new(), text };
    let deployment = &reading.deployment;
    lines.heading("plan-names");
    lines.rows(
        deployment
            .names
            .iter()
            .map(|named| vec![named.name.both(), text.say(&say(format!("name-reason-{}", named.reason.name())))]),
    );
    if !deployment.federation.partners.is_empty() {
        lines.heading("plan-partners");
        let product = product(deployment.server);
        lines.rows(deployment.federation.partners.iter().map(|partner| {
            let way = product.enforces(partner.negotiation).way();
            vec![partner.domain.both(), text.say(&say("connects-by").with("methods", way))]
        }));
        for (limit, partners) in limits(product, deployment) {
            let domains: Vec<String> = partners.iter().map(|partner| partner.domain.both()).collect();
            lines.note(&say("plan-limit").with("limit", limit).with("partners", domains.join(", ")));
        }
        let refusing = deployment
            .federation
            .partners
            .iter()
            .filter(|partner| deployment.may_be_refused_by(&product.enforces(partner.negotiation).methods));
        let refusing: Vec<String> = refusing.map(|partner| partner.domain.both()).collect();
        if !refusing.is_empty() {
            lines.note(&say("plan-server-only").with("partners", refusing.join(", ")));
        }
    }
    // What was looked up is what was asked for: it stands at the end, where it is seen.
    if looked.is_none() {
        lines.heading("plan-records");
        lines.rows(records(deployment).iter().map(record_row));
    }
    lines.heading("plan-actions");
    lines.actions(&reading.plan.actions);
    if let Some(looked) = looked {
        names_text(looked, &mut lines);
    }
    lines.out
}

/// What name servers know of what a plan wants, as text.
#[must_use]
pub fn looked_text(looked: &NamesCheck, text: &Text) -> String {
    let mut lines = Lines { out: String::new(), text };
    names_text(looked, &mut lines);
    lines.out
}

fn names_text(looked: &NamesCheck, lines: &mut Lines<'_>) {
    let (NamesCheck { records: checks, caa }, text) = (looked, lines.text);
    lines.heading("plan-records");
    let state = |check: &RecordCheck| text.say(&say(format!("record-state-{}", check.state.name())));
    lines.rows(checks.iter().map(|check| [vec![state(check)], record_row(&check.record)].concat()));
    for (finding, names) in all_findings(checks) {
        let hint = text.say(&hint(&finding));
        lines.note(&say("plan-record-finding").with("name", names.join(", ")).with("finding", finding));
        lines.out += &format!("    {hint}\n");
    }
    if !caa.is_empty() {
        lines.heading("plan-caa");
        lines.rows(caa.iter().map(|check| vec![check.name.clone(), text.say(&check.finding)]));
        let hints: BTreeSet<String> = caa.iter().map(|check| text.say(&hint(&check.finding))).collect();
        lines.out.extend(hints.iter().map(|hint| format!("  {hint}\n")));
    }
}

fn record_row(record: &Record) -> Vec<String> {
    vec![record.name.clone(), record.ttl.to_string(), record.data.kind().to_owned(), record.data.presentation()]
}

/// What would be done, as text.
#[must_use]
pub fn actions_text(actions: &[Action], text: &Text) -> String {
    let mut lines = Lines { out: String::new(), text };
    lines.heading("plan-actions");
    lines.actions(actions);
    lines.out
}

/// What was done, as text.
#[must_use]
pub fn report_text(report: &Report, text: &Text) -> String {
    let mut lines = Lines { out: String::new(), text };
    if report.done.is_empty() && report.failed.is_none() {
        let nothing = match report.awaited {
            Some(number) => say("report-awaited").with("number", number.to_string()),
            None => say("report-nothing"),
        };
        return text.say(&nothing) + "\n";
    }
    if !report.done.is_empty() {
        lines.heading("report-done");
        lines.actions(&report.done);
    }
    lines.out
}

/// The problems as text: each a headline with severity, code and place, then what to do, and why where that was asked for
/// ([`Text::explains`]).
#[must_use]
pub fn problems_text(problems: &[Problem], text: &Text) -> String {
    let told = |problem: &Problem| {
        let severity = match problem.severity {
            Severity::Error => say("severity-error"),
            Severity::Warning => say("severity-warning"),
        };
        let place = match (problem.path.is_empty(), problem.line) {
            (true, None) => String::new(),
            (true, Some(line)) => text.say(&say("place-line").with("line", line.to_string())) + ": ",
            (false, None) => format!("{}: ", visible(&problem.path)),
            (false, Some(line)) => {
                let place = say("place-path-line").with("path", problem.path.as_str()).with("line", line.to_string());
                text.say(&place) + ": "
            }
        };
        let (severity, code) = (text.say(&severity), problem.code.name());
        let headline = format!("{severity}[{code}]: {place}{}\n", text.say(&problem.what()));
        let hint = problem.hint(text).map(|hint| say("hint").with("hint", hint));
        let why = problem.why(text).filter(|_| text.explains()).map(|why| say("why").with("why", why));
        let more = hint.into_iter().chain(why).map(|said| format!("  {}\n", text.say(&said)));
        std::iter::once(headline).chain(more).collect::<String>()
    };
    problems.iter().map(told).collect()
}

struct Lines<'a> {
    out: String,
    text: &'a Text,
}

impl Lines<'_> {
    fn heading(&mut self, key: &'static str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out += &self.text.say(&say(key));
        self.out.push('\n');
    }

    /// A line that asks for attention.
    fn note(&mut self, said: &Message) {
        self.out += &format!("  ! {}\n", self.text.say(said).replace('\n', " "));
    }

    /// Columns as wide as their widest cell.
    fn rows(&mut self, rows: impl Iterator<Item = Vec<String>>) {
        let shown = |row: Vec<String>| row.iter().map(|cell| visible(cell).into_owned()).collect();
        let rows: Vec<Vec<String>> = rows.map(shown).collect();
        self.out += &aligned(&rows, "  ");
    }

    fn actions(&mut self, actions: &[Action]) {
        for action in actions {
            let sign = action.kind.sign();
            let target = visible(&action.target.to_string_lossy()).into_owned();
            self.out += &format!("  {sign} {target}\n      {}\n", self.text.say(&action.summary()));
            for line in changes(action, self.text).lines() {
                self.out += &format!("      {}\n", visible(line));
            }
        }
    }
}

/// Rows of cells as lines with aligned columns.
#[must_use]
pub fn aligned(rows: &[Vec<String>], indent: &str) -> String {
    use unicode_width::UnicodeWidthStr;
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = indent.to_owned();
        for (cell, width) in row.iter().zip(&widths) {
            line += cell;
            line += &" ".repeat(width - cell.width() + 2);
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}
