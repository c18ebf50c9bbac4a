//! One field of a page, written once.

use crate::problem::Code;
use crate::text::Message;

use super::{Answered, Value};

/// A field: where its answer lives, what it takes, what it is when nothing is said. Its words are `field-<path>` in the
/// catalogue (dots and underscores as hyphens; row fields `field-<rows>-<path>`): the value is its label, `.help` its
/// help, `.<option>` the label of an option.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Path of the answer, `edge.access`; inside rows relative to the row, `domain`.
    pub path: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it is when nothing is said.
    pub default: DefaultValue,
    /// What the screen proposes where nothing was said, when a person comes to it.
    pub proposed: fn(&Answered) -> Option<Proposal>,
    /// Whether it is asked with these answers.
    pub asked_if: fn(&Answered) -> bool,
    /// Whether what a file says to it counts also where it is not asked.
    pub kept: bool,
    /// Whether the file it names is on another machine, so that nothing here completes its path.
    pub elsewhere_if: fn(&Answered) -> bool,
    /// Why an option cannot be chosen, if so.
    pub disabled: fn(&Answered, &str) -> Option<Code>,
}

/// What the screen proposes as an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The answer.
    pub value: Value,
    /// Where it comes from, and what a person is to look at.
    pub notice: Message,
}

/// What a field takes.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// One of these words; the code says what another word is.
    Choice(&'static [&'static str], Code),
    /// Yes or no.
    Toggle,
    /// Text of at most so many characters.
    Text(usize),
    /// A domain name.
    Name(NameUse),
    /// ISO 3166-1 alpha-2.
    Country,
    /// Path of a file.
    File,
    /// An IPv4 or IPv6 address.
    Address,
    /// A name server: such an address, with a port where that is not 53.
    NameServer,
    /// A whole number within bounds.
    Number(i64, i64),
    /// Any number of one kind.
    List(&'static Kind),
    /// Some of the words that other answers give.
    MultiSelect(fn(&Answered) -> Vec<String>),
    /// Any number of rows of fields.
    Rows(&'static [Field]),
}

/// What a name is used for, which decides how it is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameUse {
    /// It goes into the certificate; a wildcard is judged there.
    Certificate,
    /// It is a host or zone; no wildcard.
    Host,
    /// It is a partner's domain; every fault is `partner-syntax`.
    Partner,
}

/// What a field is when nothing is said.
#[derive(Debug, Clone, Copy)]
pub enum DefaultValue {
    /// It may stay empty: no text, an empty list, no rows.
    Empty,
    /// It has to be answered.
    Required,
    /// It has to be answered where this holds.
    RequiredIf(fn(&Answered) -> bool),
    /// This word or text.
    Text(&'static str),
    /// Yes or no.
    Flag(bool),
    /// This number.
    Number(i64),
    /// Worked out from other answers and the facts.
    From(fn(&Answered) -> Value),
}

impl Field {
    /// Whether its default is written down when the answers are accepted: one that depends on nothing, or a place, which
    /// would else depend on where the next run is started. Defaults that follow other answers go on following them.
    #[must_use]
    pub fn is_written_down(&self) -> bool {
        matches!(self.kind, Kind::File)
            || matches!(self.default, DefaultValue::Text(_) | DefaultValue::Flag(_) | DefaultValue::Number(_))
    }

    /// A field that may stay empty and is always asked.
    #[must_use]
    pub const fn new(path: &'static str, kind: Kind) -> Self {
        Field {
            path,
            kind,
            default: DefaultValue::Empty,
            proposed: |_| None,
            asked_if: |_| true,
            kept: false,
            elsewhere_if: |_| false,
            disabled: |_, _| None,
        }
    }

    /// With this default.
    #[must_use]
    pub const fn or(self, default: DefaultValue) -> Self {
        Field { default, ..self }
    }

    /// Asked only where this holds.
    #[must_use]
    pub const fn asked_if(self, asked_if: fn(&Answered) -> bool) -> Self {
        Field { asked_if, ..self }
    }

    /// Whether an answer to it counts.
    #[must_use]
    pub fn counts(&self, answered: &Answered) -> bool {
        self.kept || (self.asked_if)(answered)
    }

    /// With options that cannot always be chosen.
    #[must_use]
    pub const fn disabled(self, disabled: fn(&Answered, &str) -> Option<Code>) -> Self {
        Field { disabled, ..self }
    }
    /// The answer at `path`, which is this field's, else the default.
    #[must_use]
    pub fn value(&self, answered: &Answered, path: &str) -> Value {
        match answered.answers.get(path) {
            Some(value) if fits(self.kind, value) && !value.is_blank() => value.clone(),
            _ => self.default_value(answered),
        }
    }

    /// What it is when nothing is said.
    #[must_use]
    pub fn default_value(&self, answered: &Answered) -> Value {
        match self.default {
            DefaultValue::Text(text) => Value::Text(text.to_owned()),
            DefaultValue::Flag(flag) => Value::Flag(flag),
            DefaultValue::Number(number) => Value::Number(number),
            DefaultValue::From(work_out) => work_out(answered),
            DefaultValue::Empty | DefaultValue::Required | DefaultValue::RequiredIf(_) => self.kind.nothing(),
        }
    }
}

impl Kind {
    /// What says nothing.
    #[must_use]
    pub fn nothing(self) -> Value {
        match self {
            Kind::Toggle => Value::Flag(false),
            Kind::Number(..) => Value::Number(0),
            Kind::List(_) | Kind::MultiSelect(_) => Value::List(Vec::new()),
            Kind::Rows(_) => Value::Rows(Vec::new()),
            _ => Value::Text(String::new()),
        }
    }
}

fn fits(kind: Kind, value: &Value) -> bool {
    matches!(
        (kind, value),
        (Kind::Toggle, Value::Flag(_))
            | (Kind::Number(..), Value::Number(_))
            | (Kind::List(_) | Kind::MultiSelect(_), Value::List(_))
            | (Kind::Rows(_), Value::Rows(_))
            | (
                Kind::Choice(..)
                    | Kind::Text(_)
                    | Kind::Name(_)
                    | Kind::Country
                    | Kind::File
                    | Kind::Address
                    | Kind::NameServer,
                Value::Text(_)
            )
    )
}
