//! An answered form: pages, answers and facts together, read by path.

use crate::home::Facts;

use super::{Answers, DefaultValue, Field, Kind, Page, Value, Wishes};

/// The pages in order, with an index of their fields.
pub struct Form {
    /// The pages in order.
    pub pages: &'static [&'static Page],
    /// Every field with its page, by path.
    fields: Vec<(&'static Page, &'static Field)>,
}

impl Form {
    /// Indexes `pages`.
    #[must_use]
    pub fn new(pages: &'static [&'static Page]) -> Self {
        let mut fields: Vec<(&Page, &Field)> =
            pages.iter().flat_map(|page| page.fields.iter().map(|field| (*page, field))).collect();
        fields.sort_unstable_by_key(|(_, field)| field.path);
        Form { pages, fields }
    }

    /// The field whose answer is at `path`, with its page; also for a path inside a list or a row.
    #[must_use]
    pub fn field(&self, path: &str) -> Option<(&'static Page, &'static Field)> {
        let (base, rest) = split(path);
        let found = self.fields.binary_search_by_key(&base, |(_, field)| field.path).ok()?;
        let (page, field) = self.fields[found];
        match (field.kind, rest) {
            (_, None) => Some((page, field)),
            (Kind::Rows(fields), Some((_, Some(inner)))) => {
                let inner = split(inner).0;
                Some((page, fields.iter().find(|field| field.path == inner)?))
            }
            (_, Some((_, None))) => Some((page, field)),
            _ => None,
        }
    }

    /// Whether fields have their answers below `path`.
    #[must_use]
    pub fn is_table(&self, path: &str) -> bool {
        let is_above = |field: &str| field.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        self.pages.iter().flat_map(|page| page.fields).any(|field| is_above(field.path))
    }

    /// Every field path, those of rows with `*` for the index.
    pub fn paths(&self) -> impl Iterator<Item = String> {
        self.pages.iter().flat_map(|page| page.fields).flat_map(|field| {
            let inner: &[Field] = if let Kind::Rows(fields) = field.kind { fields } else { &[] };
            std::iter::once(field.path.to_owned())
                .chain(inner.iter().map(|inner| format!("{}.*.{}", field.path, inner.path)))
        })
    }
}

/// The catalogue key of the field at `path`: `field-partners-tls` for `partners.3.tls`.
#[must_use]
pub fn message_key(path: &str) -> String {
    let words = path.split('.').filter(|part| part.parse::<usize>().is_err());
    let key: Vec<String> = words.map(|part| part.replace('_', "-")).collect();
    format!("field-{}", key.join("-"))
}

/// `partners.3.tls` is `("partners", Some((3, Some("tls"))))`; `edge.pool.0` is `("edge.pool", Some((0, None)))`.
pub(super) fn split(path: &str) -> (&str, Option<(usize, Option<&str>)>) {
    // Most paths have no index, and all are looked up often.
    if !path.bytes().any(|octet| octet.is_ascii_digit()) {
        return (path, None);
    }
    let mut start = 0;
    for part in path.split('.') {
        if start > 0
            && let Ok(index) = part.parse()
        {
            let after = start + part.len();
            return (&path[..start - 1], Some((index, path.get(after + 1..))));
        }
        start += part.len() + 1;
    }
    (path, None)
}

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

/// An answered form.
#[derive(Clone, Copy)]
pub struct AnsweredForm<'a> {
    /// What is asked.
    pub form: &'static Form,
    /// What was said.
    pub answers: &'a Answers,
    /// What is there.
    pub facts: &'a Facts,
    /// What is wanted besides.
    pub wishes: &'a Wishes,
}

impl<'a> AnsweredForm<'a> {
    /// The answers to `form`, with nothing wanted besides.
    #[must_use]
    pub fn new(form: &'static Form, answers: &'a Answers, facts: &'a Facts) -> Self {
        AnsweredForm { form, answers, facts, wishes: &super::NO_WISHES }
    }
}

impl AnsweredForm<'_> {
    /// The answer at `path`, else the default; nothing at a path that no field has. This is for whoever walks the questions:
    /// where one field is meant, [`AnsweredForm::get`] asks with it.
    #[must_use]
    pub fn value(&self, path: &str) -> Option<Value> {
        let (_, field) = self.form.field(path)?;
        Some(self.value_of(field, path))
    }

    pub(super) fn value_of(&self, field: &Field, path: &str) -> Value {
        match self.answers.get(path) {
            Some(value) if fits(field.kind, value) && !value.is_blank() => value.clone(),
            _ => self.default(field),
        }
    }

    /// What `field` is when nothing is said.
    #[must_use]
    pub fn default(&self, field: &Field) -> Value {
        match field.default {
            DefaultValue::Text(text) => Value::Text(text.to_owned()),
            DefaultValue::Flag(flag) => Value::Flag(flag),
            DefaultValue::Number(number) => Value::Number(number),
            DefaultValue::From(work_out) => work_out(self),
            DefaultValue::Empty | DefaultValue::Required | DefaultValue::RequiredIf(_) => empty(field.kind),
        }
    }

    /// The pages being shown.
    #[must_use]
    pub fn pages(&self) -> Vec<&'static Page> {
        self.form.pages.iter().copied().filter(|page| (page.shown_if)(self)).collect()
    }

    /// The questions that `page` asks; those of its rows are asked row by row.
    #[must_use]
    pub fn questions_of(&self, page: &'static Page) -> Vec<Question> {
        let asked = page.fields.iter().filter(|field| (field.asked_if)(self));
        asked.map(|field| self.question(page, field, field.path.to_owned())).collect()
    }

    /// The questions of one row of `rows`.
    #[must_use]
    pub fn questions_of_row(&self, page: &'static Page, rows: &'static Field, row: usize) -> Vec<Question> {
        let Kind::Rows(fields) = rows.kind else { return Vec::new() };
        let asked = fields.iter().filter(|field| (field.asked_if)(self));
        asked.map(|field| self.question(page, field, format!("{}.{row}.{}", rows.path, field.path))).collect()
    }

    /// The answers with the places said that would else depend on where the next run is started.
    #[must_use]
    pub fn with_places(&self) -> Answers {
        let mut answers = self.answers.clone();
        let questions = self.pages().into_iter().flat_map(|page| self.questions_of(page));
        let places = questions.filter(|question| matches!(question.field.kind, Kind::File));
        for place in places.filter(|place| !place.given && !place.value.is_blank()) {
            answers.set(place.field, &place.path, place.value);
        }
        answers
    }

    /// The question that `field` of `page` asks at `path`.
    #[must_use]
    pub fn question(&self, page: &'static Page, field: &'static Field, path: String) -> Question {
        let value = if matches!(field.kind, Kind::Rows(_)) { empty(field.kind) } else { self.value_of(field, &path) };
        Question { page, field, value, given: self.answers.get(&path).is_some(), path }
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
                Kind::Choice(..) | Kind::Text(_) | Kind::Name(_) | Kind::Country | Kind::File | Kind::Address,
                Value::Text(_)
            )
    )
}

fn empty(kind: Kind) -> Value {
    match kind {
        Kind::Toggle => Value::Flag(false),
        Kind::Number(..) => Value::Number(0),
        Kind::List(_) | Kind::MultiSelect(_) => Value::List(Vec::new()),
        Kind::Rows(_) => Value::Rows(Vec::new()),
        _ => Value::Text(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn paths_are_split_at_their_index() {
        assert_eq!(split("partners.3.tls"), ("partners", Some((3, Some("tls")))));
        assert_eq!(split("partners.3.additional_domains.1"), ("partners", Some((3, Some("additional_domains.1")))));
        assert_eq!(split("edge.sip_domains.0"), ("edge.sip_domains", Some((0, None))));
        assert_eq!(split("edge.access"), ("edge.access", None));
    }
}
