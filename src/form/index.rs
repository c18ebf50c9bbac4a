//! All pages as one form, whose fields are found by path.

use super::answers::split;
use super::page::shown;
use super::{Answered, Answers, Field, Kind, Page, Value};

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
    /// The pages being shown.
    #[must_use]
    pub fn shown(&self, answered: &Answered) -> Vec<&'static Page> {
        shown(self.pages, answered).collect()
    }

    /// The answer at `path`, else the default; nothing at a path that no field has. This is for whoever walks the questions:
    /// where one field is meant, [`Answered::get`] asks with it.
    #[must_use]
    pub fn value(&self, answered: &Answered, path: &str) -> Option<Value> {
        let (_, field) = self.field(path)?;
        Some(field.value(answered, path))
    }

    /// The answers with the places said that would else depend on where the next run is started.
    #[must_use]
    pub fn with_places(&self, answered: &Answered) -> Answers {
        let mut answers = answered.answers.clone();
        let questions = self.shown(answered).into_iter().flat_map(|page| page.questions(answered));
        let places = questions.filter(|question| matches!(question.field.kind, Kind::File));
        for place in places.filter(|place| !place.given && !place.value.is_blank()) {
            answers.set(place.field.path, &place.path, place.value);
        }
        answers
    }
}
