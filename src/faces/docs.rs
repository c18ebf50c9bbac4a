//! The program's papers: man page, completions, schema, reference, sample answers. They are made of the page table, the
//! catalogue and the command line alone; what they say about a field is found by asking the pages.

mod man;
mod reference;
mod sample;
mod schema;

use std::path::Path;

use clap_complete::Shell;
use time::OffsetDateTime;

use crate::edge::Server;
use crate::form::check::expected;
use crate::form::file::literal;
use crate::form::{Answered, Answers, DefaultValue, Field, Kind, NameUse, Page, Value, message_key};
use crate::home::Facts;
use crate::pages;
use crate::problem::Severity;
use crate::text::{Message, Text, say};

pub use man::man;
pub use reference::reference;
pub use sample::{google_talk, sample};
pub use schema::schema;

/// The answer that decides which pages are asked.
const KIND: &str = pages::SERVER.path();

/// The script that completes command lines of `command` in `shell`.
#[must_use]
pub fn completions(mut command: clap::Command, shell: Shell) -> String {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The exit codes and what each means.
fn exit_codes() -> [(&'static str, Message); 5] {
    [
        ("0", say("docs-exit-done")),
        ("1", say("docs-exit-failed")),
        ("2", say("docs-exit-usage")),
        ("3", say("docs-exit-attention")),
        ("128+n", say("docs-exit-signal")),
    ]
}

/// A field where it stands: on its page, and in its rows if it is in some.
struct Entry {
    page: &'static Page,
    field: &'static Field,
    /// As in [`crate::form::Form::paths`], with `*` for the index of a row.
    path: String,
}

/// Every field in page order, those of rows after their rows.
fn entries() -> impl Iterator<Item = Entry> {
    let form = pages::form();
    form.paths().filter_map(|path| {
        let (page, field) = form.field(&path.replace('*', "0"))?;
        Some(Entry { page, field, path })
    })
}

impl Entry {
    /// The path without the index.
    fn bare(&self) -> String {
        self.path.replace(".*", "")
    }

    fn is_in_row(&self) -> bool {
        self.path.contains('*')
    }

    fn label(&self, text: &Text) -> String {
        text.say(&say(message_key(&self.bare())))
    }

    fn help(&self, text: &Text) -> String {
        text.say(&say(format!("{}.help", message_key(&self.bare()))))
    }

    /// The words that can be chosen, with their labels.
    fn options(&self, text: &Text) -> Vec<(&'static str, String)> {
        let Kind::Choice(options, _) = self.field.kind else { return Vec::new() };
        let label = |option: &str| text.say(&say(format!("{}.{option}", message_key(&self.bare()))));
        options.iter().map(|option| (*option, label(option))).collect()
    }

    /// Whether it has to be answered whatever else is said.
    fn is_always_required(&self) -> bool {
        matches!(self.field.default, DefaultValue::Required) && (self.is_in_row() || self.path == KIND)
    }

    fn is_asked(&self, answered: &Answered) -> bool {
        (self.page.shown_if)(answered) && (self.field.asked_if)(answered)
    }

    /// For which servers it is asked.
    fn asked(&self, specimens: &[Specimen]) -> Message {
        let asking: Vec<&str> = specimens
            .iter()
            .filter(|specimen| self.is_asked(&specimen.answered()))
            .map(|specimen| specimen.server.name())
            .collect();
        match asking.len() {
            0 => say("docs-asked-sometimes"),
            count if count == specimens.len() => say("docs-asked-always"),
            _ => say("docs-asked-for").with("servers", asking.join(", ")),
        }
    }

    /// What it is when nothing is said.
    fn default(&self, specimens: &[Specimen], conditions: &[Condition], text: &Text) -> String {
        let required: Vec<String> = conditions
            .iter()
            .filter(|condition| condition.required.contains(&self.path))
            .map(Condition::shown)
            .collect();
        let always = self.is_always_required().then(|| say("docs-default-required"));
        let sometimes =
            (!required.is_empty()).then(|| say("docs-default-required-if").with("conditions", required.join("; ")));
        let else_value = match self.field.default {
            DefaultValue::From(_) => Some(say("docs-default-from").with("values", self.worked_out(specimens))),
            DefaultValue::Text(_) | DefaultValue::Flag(_) | DefaultValue::Number(_) => {
                let value = literal(&self.field.default_value(&specimens[0].answered()));
                Some(say("docs-default-value").with("value", value))
            }
            _ if always.is_none() && sometimes.is_none() => Some(say("docs-default-empty")),
            DefaultValue::Empty | DefaultValue::Required | DefaultValue::RequiredIf(_) => None,
        };
        let said: Vec<String> = [always, sometimes, else_value].iter().flatten().map(|part| text.say(part)).collect();
        said.join("; ")
    }

    /// What the default comes to with the sample answers.
    fn worked_out(&self, specimens: &[Specimen]) -> String {
        let asking = specimens.iter().filter(|specimen| self.is_asked(&specimen.answered()));
        let values = asking.map(|specimen| (self.field.default_value(&specimen.answered()), specimen.server.name()));
        let values = values.filter(|(value, _)| !value.is_blank());
        values.map(|(value, server)| format!("`{}` ({server})", literal(&value))).collect::<Vec<_>>().join(", ")
    }
}

/// What a kind takes, in words.
fn takes(kind: Kind) -> Message {
    match kind {
        Kind::Text(max) => say("docs-takes-text").with("max", max),
        Kind::Name(_) => say("docs-takes-name"),
        Kind::Country => say("docs-takes-country"),
        Kind::File => say("docs-takes-file"),
        Kind::List(item) => say("docs-takes-list").with("item", takes(*item)),
        Kind::MultiSelect(_) => say("docs-takes-ticks"),
        Kind::Choice(..) | Kind::Toggle | Kind::Address | Kind::NameServer | Kind::Number(..) | Kind::Rows(_) => {
            expected(kind)
        }
    }
}

/// A server with just enough answers.
struct Specimen {
    server: Server,
    answers: Answers,
    facts: Facts,
}

impl Specimen {
    /// A specimen of every server.
    fn all(text: &Text) -> Vec<Self> {
        Server::ALL.map(|server| Specimen::of(server, text)).into()
    }

    fn of(server: Server, text: &Text) -> Self {
        let mut specimen = Specimen::bare(server);
        for (path, _) in unanswered(&specimen.answered(), text) {
            specimen.answer(&path, example);
        }
        specimen
    }

    /// With the server as the only answer.
    fn bare(server: Server) -> Self {
        let facts = Facts::unseen(Path::new(""), Path::new(""), OffsetDateTime::UNIX_EPOCH);
        let mut specimen = Specimen { server, answers: Answers::default(), facts };
        specimen.answer(KIND, |_| Value::Text(server.name().to_owned()));
        specimen
    }

    fn answered(&self) -> Answered<'_> {
        Answered::new(&self.answers, &self.facts)
    }

    fn answer(&mut self, path: &str, value: impl FnOnce(&Field) -> Value) {
        if let Some((_, field)) = pages::form().field(path) {
            self.answers.set(field.path, path, value(field));
        }
    }
}

/// The fields that the pages miss an answer to, and how much.
fn unanswered(answered: &Answered, text: &Text) -> Vec<(String, Severity)> {
    let problems = pages::read(answered, text).problems.into_iter().map(|problem| (problem.path, problem.severity));
    problems.filter(|(path, _)| pages::form().field(path).is_some() && answered.answers.get(path).is_none()).collect()
}

/// An answer of the field's kind to show.
fn example(field: &Field) -> Value {
    match field.kind {
        Kind::Name(NameUse::Partner) => Value::Text("partner.example".to_owned()),
        Kind::List(_) => Value::List(vec!["example.com".to_owned()]),
        _ => {
            let name = field.path.rsplit('.').next().unwrap_or_default().replace('_', "-");
            Value::Text(format!("{name}.example.com"))
        }
    }
}

/// Where these answers are given, those fields have to be answered.
struct Condition {
    when: Vec<(&'static str, &'static str)>,
    required: Vec<String>,
}

impl Condition {
    /// Found by giving each server, and each server with each word of each choice, to the pages.
    fn all(text: &Text) -> Vec<Self> {
        let mut conditions = Vec::new();
        for server in Server::ALL {
            let bare = Specimen::bare(server);
            let required = required(&bare.answered(), text);
            let answered = bare.answered();
            for question in pages::form().shown(&answered).into_iter().flat_map(|page| page.questions(&answered)) {
                let Kind::Choice(options, _) = question.field.kind else { continue };
                for option in options.iter().filter(|_| question.path != KIND) {
                    let mut specimen = Specimen::bare(server);
                    specimen.answer(&question.path, |_| Value::Text((*option).to_owned()));
                    let mut more = self::required(&specimen.answered(), text);
                    more.retain(|path| !required.contains(path));
                    let when = vec![(KIND, server.name()), (question.field.path, *option)];
                    conditions.push(Condition { when, required: more });
                }
            }
            conditions.push(Condition { when: vec![(KIND, server.name())], required });
        }
        conditions.retain(|condition| !condition.required.is_empty());
        conditions
    }

    /// As it would be written in an answers file.
    fn shown(&self) -> String {
        let answers = self.when.iter().map(|(path, option)| format!("{path} = \"{option}\""));
        format!("`{}`", answers.collect::<Vec<_>>().join(", "))
    }
}

/// The fields without which the pages refuse the answers.
fn required(answered: &Answered, text: &Text) -> Vec<String> {
    let errors = unanswered(answered, text).into_iter().filter(|(_, severity)| *severity == Severity::Error);
    errors.map(|(path, _)| path).collect()
}
