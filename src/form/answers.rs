//! What was said.

use std::collections::BTreeMap;
use std::sync::Arc;

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text of any kind, also what was typed into a field of another kind and does not fit it.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// Several texts.
    List(Vec<String>),
    /// Several rows.
    Rows(Vec<Row>),
}

/// The answers of one row, by field path: a short list, because there may be many rows and each says little.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row(Vec<(&'static str, Value)>);

impl Row {
    /// The answer to the field of this path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.0.iter().find(|(said, _)| *said == path).map(|(_, value)| value)
    }

    /// Every answer with its field's path, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(path, value)| (*path, value))
    }

    /// Every answer.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Sets the answer to the field of this path.
    pub fn insert(&mut self, path: &'static str, value: Value) {
        match self.0.binary_search_by_key(&path, |(said, _)| said) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (path, value)),
        }
    }

    fn remove(&mut self, path: &str) {
        self.0.retain(|(said, _)| *said != path);
    }
}

impl FromIterator<(&'static str, Value)> for Row {
    fn from_iter<Said: IntoIterator<Item = (&'static str, Value)>>(said: Said) -> Self {
        let mut row = Row::default();
        said.into_iter().for_each(|(path, value)| row.insert(path, value));
        row
    }
}

impl Value {
    /// Whether it says nothing: an empty text.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        matches!(self, Value::Text(text) if text.is_empty())
    }

    /// Whether leaving it out would say the same: an empty text, list or rows, or a no.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        match self {
            Value::Text(text) => text.is_empty(),
            Value::Flag(flag) => !flag,
            Value::Number(_) => false,
            Value::List(items) => items.is_empty(),
            Value::Rows(rows) => rows.is_empty(),
        }
    }

    /// The items of a list; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[String] {
        if let Value::List(items) = self { items } else { &[] }
    }

    /// The value in one line, for a message.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Flag(flag) => flag.to_string(),
            Value::Number(number) => number.to_string(),
            Value::List(items) => items.join(", "),
            Value::Rows(rows) => rows.len().to_string(),
        }
    }
}

/// What was said, by path. Defaults are not in it. A clone costs nothing until one of the two is changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    values: Arc<BTreeMap<&'static str, Value>>,
}

impl Answers {
    /// The answer at `path`; inside rows `partners.0.tls`. Items of a list have no path of their own here.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        match split(path) {
            (base, None) => self.values.get(base),
            (base, Some((row, Some(inner)))) => match self.values.get(base)? {
                Value::Rows(rows) => rows.get(row)?.get(inner),
                _ => None,
            },
            (_, Some((_, None))) => None,
        }
    }

    /// Sets the answer at `path` to the field of the path `field`, which inside rows is relative to the row. A row that does
    /// not exist is not made.
    pub fn set(&mut self, field: &'static str, path: &str, value: Value) {
        match split(path) {
            (base, Some((row, Some(_)))) => {
                if let Some(row) = self.rows_mut(base).and_then(|rows| rows.get_mut(row)) {
                    row.insert(field, value);
                }
            }
            _ => {
                self.values_mut().insert(field, value);
            }
        }
    }

    /// Takes the answer at `path` back.
    pub fn unset(&mut self, path: &str) {
        match split(path) {
            (base, Some((row, Some(inner)))) => {
                if let Some(row) = self.rows_mut(base).and_then(|rows| rows.get_mut(row)) {
                    row.remove(inner);
                }
            }
            (base, _) => {
                self.values_mut().remove(base);
            }
        }
    }

    /// The rows at `path`, to be added to, removed from or reordered.
    pub fn rows_mut(&mut self, path: &str) -> Option<&mut Vec<Row>> {
        match self.values_mut().get_mut(path) {
            Some(Value::Rows(rows)) => Some(rows),
            _ => None,
        }
    }

    fn values_mut(&mut self) -> &mut BTreeMap<&'static str, Value> {
        Arc::make_mut(&mut self.values)
    }

    /// The rows at `path`.
    #[must_use]
    pub fn rows(&self, path: &str) -> &[Row] {
        match self.values.get(path) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }

    /// Adds an empty row to the field of the path `field` and gives its index.
    pub fn add_row(&mut self, field: &'static str) -> usize {
        if let Value::Rows(rows) = self.values_mut().entry(field).or_insert_with(|| Value::Rows(Vec::new())) {
            rows.push(Row::default());
            return rows.len() - 1;
        }
        0
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Every answer with its path; rows are one answer here.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.values.iter().map(|(path, value)| (*path, value))
    }

    /// The answers without the rows at the path `many`: however many there are, they decide neither pages nor places.
    #[must_use]
    pub fn outline(&self, many: &str) -> Self {
        let value = |path: &str, value: &Value| match value {
            Value::Rows(_) if path == many => Value::Rows(Vec::new()),
            value => value.clone(),
        };
        Answers { values: Arc::new(self.values.iter().map(|(path, said)| (*path, value(path, said))).collect()) }
    }
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
