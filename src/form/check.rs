//! What is wrong with the answers as far as each field's kind can say.

use std::net::IpAddr;

use crate::model::{Name, NameFault};
use crate::problem::{Code, Problem};
use crate::text::{Message, say};

use super::{Default, Field, Kind, NameUse, Question, Sheet, Value};

/// Ticks that a message names when one is not among them.
const MOST_OFFERED: usize = 10;

/// Checks every answer being asked against its kind, finds what is missing, and warns of answers that are not asked.
#[must_use]
pub fn check(sheet: &Sheet) -> Vec<Problem> {
    let mut problems = Vec::new();
    for question in sheet.questions() {
        check_question(sheet, &question, &mut problems);
    }
    not_asked(sheet, &mut problems);
    problems
}

/// Checks one question.
pub fn check_question(sheet: &Sheet, question: &Question, problems: &mut Vec<Problem>) {
    let Question { field, path, .. } = question;
    let given = sheet.answers.get(path).filter(|value| !value.is_blank());
    match given {
        Some(value) => check_value(sheet, field, field.kind, path, value, problems),
        None if is_required(sheet, field) => problems.push(Problem::error(Code::AnswersMissing, path)),
        None => {}
    }
}

fn is_required(sheet: &Sheet, field: &Field) -> bool {
    match field.default {
        Default::Required => true,
        Default::RequiredIf(holds) => holds(sheet),
        _ => false,
    }
}

fn check_value(sheet: &Sheet, field: &Field, kind: Kind, path: &str, value: &Value, problems: &mut Vec<Problem>) {
    match (kind, value) {
        (Kind::Rows(_), Value::Rows(_)) | (Kind::Toggle, Value::Flag(_)) => {}
        (Kind::Number(min, max), Value::Number(number)) if (min..=max).contains(number) => {}
        (Kind::List(item), Value::List(items)) => {
            for (index, text) in items.iter().enumerate() {
                check_text(sheet, field, *item, &format!("{path}.{index}"), text, problems);
            }
        }
        (Kind::Ticks(source), Value::List(items)) => {
            let offered: Vec<Name> = source(sheet).iter().map(|name| Name::new(name)).collect();
            for (index, text) in items.iter().enumerate() {
                if !offered.contains(&Name::new(text)) {
                    let names: Vec<&str> = offered.iter().map(Name::ascii).take(MOST_OFFERED).collect();
                    problems.push(wrong_kind(&format!("{path}.{index}"), text, one_of(&names)));
                }
            }
        }
        (_, Value::Text(text)) => check_text(sheet, field, kind, path, text, problems),
        _ => problems.push(wrong_kind(path, &value.shown(), expected(kind))),
    }
}

fn check_text(sheet: &Sheet, field: &Field, kind: Kind, path: &str, text: &str, problems: &mut Vec<Problem>) {
    let found = match kind {
        Kind::Choice(options, _) if options.contains(&text) => {
            (field.barred)(sheet, text).map(|code| Problem::error(code, path))
        }
        Kind::Choice(options, code) => {
            Some(Problem::error(code, path).with("value", text).with("expected", one_of(options)))
        }
        Kind::Text(max) => text_fault(text, max, path),
        Kind::Name(used_as) => name_fault(text, used_as, path),
        Kind::Country if rust_iso3166::from_alpha2(&text.to_uppercase()).is_none() => {
            Some(Problem::error(Code::CountryUnknown, path).with("value", text))
        }
        Kind::File => text_fault(text, usize::MAX, path),
        Kind::Address if text.parse::<IpAddr>().is_err() => Some(wrong_kind(path, text, expected(kind))),
        Kind::Country | Kind::Address => None,
        Kind::Toggle | Kind::Number(..) | Kind::List(_) | Kind::Ticks(_) | Kind::Rows(_) => {
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
        Kind::List(_) | Kind::Ticks(_) => say("kind-list"),
        Kind::Rows(_) => say("kind-rows"),
        Kind::Text(_) | Kind::Name(_) | Kind::Country | Kind::File => say("kind-text"),
    }
}

fn one_of(options: &[&str]) -> Message {
    say("kind-choice").with("options", options.join(", "))
}

fn not_asked(sheet: &Sheet, problems: &mut Vec<Problem>) {
    for path in sheet.answers.paths() {
        let Some((page, field)) = sheet.form.field(&path) else { continue };
        let rows_asked = |(rows, _): (&str, _)| sheet.form.field(rows).is_some_and(|(_, rows)| (rows.asked_if)(sheet));
        let asked = (page.shown_if)(sheet) && (field.asked_if)(sheet) && rows_asked(super::sheet::split(&path));
        let says_nothing = sheet.answers.get(&path).is_none_or(Value::is_nothing);
        if !asked && !says_nothing {
            problems.push(Problem::warning(Code::NotAsked, path));
        }
    }
}
