//! What is wrong with the answers as far as each field's kind can say.

use std::collections::HashSet;
use std::net::IpAddr;

use crate::edge::name_server;
use crate::name::{Name, NameFault};
use crate::problem::{Code, Problem};
use crate::text::{Message, say};

use super::{Answered, DefaultValue, Field, Form, Kind, NameUse, Row, Value};

/// Ticks that a message names when one is not among them.
const MOST_OFFERED: usize = 10;

/// Checks every answer being asked against its kind, finds what is missing, and warns of answers that are not asked.
#[must_use]
pub fn check(form: &Form, answered: &Answered) -> Vec<Problem> {
    let mut problems = Vec::new();
    for page in form.pages {
        for field in page.fields.iter().filter(|field| page.counts(field, answered)) {
            check_answer(answered, field, field.path, answered.answers.get(field.path), &mut problems);
            if let Kind::Rows(inner) = field.kind {
                let asked = counted_in_rows(answered, inner);
                for (index, row) in answered.answers.rows(field.path).iter().enumerate() {
                    check_row(answered, &asked, (field.path, index), row, &mut problems);
                }
            }
        }
    }
    not_asked(form, answered, &mut problems);
    problems
}

/// Those of the fields of a row whose answers count.
#[must_use]
pub fn counted_in_rows(answered: &Answered, fields: &'static [Field]) -> Vec<&'static Field> {
    fields.iter().filter(|field| field.counts(answered)).collect()
}

/// Checks the row of this path and index, of which these fields are asked.
pub fn check_row(
    answered: &Answered,
    asked: &[&'static Field],
    (rows, index): (&str, usize),
    row: &Row,
    problems: &mut Vec<Problem>,
) {
    // One text for all paths: there are many rows, and few of their paths are ever needed.
    let mut at = format!("{rows}.{index}.");
    let start = at.len();
    for field in asked {
        at.truncate(start);
        at.push_str(field.path);
        check_answer(answered, field, &at, row.get(field.path), problems);
    }
}

/// Checks what was said at `path`.
fn check_answer(answered: &Answered, field: &Field, path: &str, said: Option<&Value>, problems: &mut Vec<Problem>) {
    match said.filter(|value| !value.is_blank()) {
        Some(value) => check_value(answered, field, field.kind, path, value, problems),
        None if is_required(answered, field) => problems.push(Problem::error(Code::AnswersMissing, path)),
        None => {}
    }
}

fn is_required(answered: &Answered, field: &Field) -> bool {
    match field.default {
        DefaultValue::Required => true,
        DefaultValue::RequiredIf(holds) => holds(answered),
        _ => false,
    }
}

fn check_value(answered: &Answered, field: &Field, kind: Kind, path: &str, value: &Value, problems: &mut Vec<Problem>) {
    match (kind, value) {
        (Kind::Rows(_), Value::Rows(_)) | (Kind::Toggle, Value::Flag(_)) => {}
        (Kind::Number(min, max), Value::Number(number)) if (min..=max).contains(number) => {}
        (Kind::List(item), Value::List(items)) => {
            for (index, text) in items.iter().enumerate() {
                check_text(answered, field, *item, &format!("{path}.{index}"), text, problems);
            }
        }
        (Kind::MultiSelect(source), Value::List(items)) => {
            let offered: Vec<Name> = source(answered).iter().map(|name| Name::new(name)).collect();
            let any: HashSet<&Name> = offered.iter().collect();
            for (index, text) in items.iter().enumerate() {
                if !any.contains(&Name::new(text)) {
                    let names: Vec<&str> = offered.iter().map(Name::ascii).take(MOST_OFFERED).collect();
                    problems.push(wrong_kind(&format!("{path}.{index}"), text, one_of(&names)));
                }
            }
        }
        (_, Value::Text(text)) => check_text(answered, field, kind, path, text, problems),
        _ => problems.push(wrong_kind(path, &value.shown(), expected(kind))),
    }
}

fn check_text(answered: &Answered, field: &Field, kind: Kind, path: &str, text: &str, problems: &mut Vec<Problem>) {
    let found = match kind {
        Kind::Choice(options, _) if options.contains(&text) => {
            (field.disabled)(answered, text).map(|code| Problem::error(code, path))
        }
        Kind::Choice(options, code) => {
            Some(Problem::error(code, path).with("value", text).with("expected", one_of(options)))
        }
        Kind::Text(max) => text_fault(text, max, path),
        Kind::Name(used_as) => name_fault(text, used_as, path),
        Kind::Country if !rust_iso3166::ALL.iter().any(|country| country.alpha2.eq_ignore_ascii_case(text)) => {
            Some(Problem::error(Code::CountryUnknown, path).with("value", text))
        }
        Kind::File => text_fault(text, usize::MAX, path),
        Kind::Address if text.parse::<IpAddr>().is_err() => Some(wrong_kind(path, text, expected(kind))),
        Kind::NameServer if name_server(text).is_err() => Some(wrong_kind(path, text, expected(kind))),
        Kind::Country | Kind::Address | Kind::NameServer => None,
        Kind::Toggle | Kind::Number(..) | Kind::List(_) | Kind::MultiSelect(_) | Kind::Rows(_) => {
            Some(wrong_kind(path, text, expected(kind)))
        }
    };
    problems.extend(found);
}

fn text_fault(text: &str, max: usize, path: &str) -> Option<Problem> {
    if let Some(c) = text.chars().find(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Some(Problem::error(Code::TextControl, path).with("character", c.escape_unicode().to_string()));
    }
    let length = text.chars().count();
    (length > max).then(|| Problem::error(Code::TextTooLong, path).with("length", length).with("max", max))
}

fn name_fault(text: &str, used_as: NameUse, path: &str) -> Option<Problem> {
    let name = Name::new(text);
    let wildcard = (used_as != NameUse::Certificate && name.is_wildcard()).then_some(NameFault::Syntax);
    let code = code_of(name.fault().or(wildcard)?);
    Some(match used_as {
        NameUse::Partner => {
            let fault = say(format!("problem-{}", code.name())).with("name", text);
            Problem::error(Code::PartnerSyntax, path).with("fault", fault)
        }
        NameUse::Certificate | NameUse::Host => Problem::error(code, path).with("name", text),
    })
}

/// The code that a fault of a name is reported as.
#[must_use]
pub fn code_of(fault: NameFault) -> Code {
    match fault {
        NameFault::Ip => Code::NameIp,
        NameFault::Underscore => Code::NameUnderscore,
        NameFault::Syntax => Code::NameSyntax,
        NameFault::LabelTooLong => Code::NameLabelTooLong,
        NameFault::TooLong => Code::NameTooLong,
    }
}

/// An `answers-type` problem.
#[must_use]
pub fn wrong_kind(path: &str, value: &str, expected: Message) -> Problem {
    Problem::error(Code::AnswersType, path).with("value", value).with("expected", expected)
}

/// What a kind takes, in words.
#[must_use]
pub fn expected(kind: Kind) -> Message {
    match kind {
        Kind::Choice(options, _) => one_of(options),
        Kind::Toggle => say("kind-toggle"),
        Kind::Number(min, max) => say("kind-number").with("min", min.to_string()).with("max", max.to_string()),
        Kind::Address => say("kind-address"),
        Kind::NameServer => say("kind-name-server"),
        Kind::List(_) | Kind::MultiSelect(_) => say("kind-list"),
        Kind::Rows(_) => say("kind-rows"),
        Kind::Text(_) | Kind::Name(_) | Kind::Country | Kind::File => say("kind-text"),
    }
}

fn one_of(options: &[&str]) -> Message {
    say("kind-choice").with("options", options.join(", "))
}

fn not_asked(form: &Form, answered: &Answered, problems: &mut Vec<Problem>) {
    let mut validate = |path: &dyn Fn() -> String, asked: bool, value: &Value| {
        if !asked && !value.is_nothing() {
            problems.push(Problem::warning(Code::NotAsked, path()));
        }
    };
    for (path, value) in answered.answers.iter() {
        let Some((page, field)) = form.field(path) else { continue };
        let asked = page.counts(field, answered);
        validate(&|| path.to_owned(), asked, value);
        if let (Kind::Rows(fields), Value::Rows(rows)) = (field.kind, value) {
            let inside: Vec<&str> = counted_in_rows(answered, fields).iter().map(|field| field.path).collect();
            for (index, row) in rows.iter().enumerate() {
                for (inner, value) in row.iter() {
                    validate(&|| format!("{path}.{index}.{inner}"), asked && inside.contains(&inner), value);
                }
            }
        }
    }
}
