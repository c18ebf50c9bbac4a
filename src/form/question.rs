//! What is asked, one by one.

use super::{Answered, Field, Kind, Page, Value};

/// One question being asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// The page that asks.
    pub page: &'static Page,
    /// The field.
    pub field: &'static Field,
    /// Stable path, `partners.0.domain` inside rows.
    pub path: String,
    /// The answer, else the default; no rows, of which there may be many.
    pub value: Value,
    /// Whether the answer was given.
    pub given: bool,
}

impl Page {
    /// The questions being asked; those of its rows are asked row by row.
    #[must_use]
    pub fn questions(&'static self, answered: &Answered) -> Vec<Question> {
        let asked = self.fields.iter().filter(|field| (field.asked_if)(answered));
        asked.map(|field| self.question(answered, field, field.path.to_owned())).collect()
    }

    /// The questions of one row of `rows`.
    #[must_use]
    pub fn questions_of_row(&'static self, answered: &Answered, rows: &'static Field, row: usize) -> Vec<Question> {
        let Kind::Rows(fields) = rows.kind else { return Vec::new() };
        let asked = fields.iter().filter(|field| (field.asked_if)(answered));
        asked.map(|field| self.question(answered, field, format!("{}.{row}.{}", rows.path, field.path))).collect()
    }

    /// The question that `field` asks at `path`.
    #[must_use]
    pub fn question(&'static self, answered: &Answered, field: &'static Field, path: String) -> Question {
        let is_rows = matches!(field.kind, Kind::Rows(_));
        let value = if is_rows { field.kind.nothing() } else { field.value(answered, &path) };
        Question { page: self, field, value, given: answered.answers.get(&path).is_some(), path }
    }
}

/// The catalogue key of the field at `path`: `field-partners-tls` for `partners.3.tls`.
#[must_use]
pub fn message_key(path: &str) -> String {
    let words = path.split('.').filter(|part| part.parse::<usize>().is_err());
    let key: Vec<String> = words.map(|part| part.replace('_', "-")).collect();
    format!("field-{}", key.join("-"))
}
