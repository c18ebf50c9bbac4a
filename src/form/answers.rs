//! What was said, and the file it is kept in (TOML, `schema = 1`).

use std::collections::BTreeMap;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::problem::{Code, Problem};
use crate::text::say;

use super::check::wrong_kind;
use super::sheet::split;
use super::{Field, Form, Kind, Sheet};

/// The schema this program reads and writes.
pub const SCHEMA: i64 = 1;

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

/// The answers of one row, by field path.
pub type Row = BTreeMap<&'static str, Value>;

impl Value {
    /// Whether it says nothing: an empty text.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        matches!(self, Value::Text(text) if text.is_empty())
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

/// What was said, by path. Defaults are not in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answers {
    values: BTreeMap<&'static str, Value>,
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

    /// Sets the answer of `field` at `path`. A row that does not exist is not made.
    pub fn set(&mut self, field: &'static Field, path: &str, value: Value) {
        match split(path) {
            (base, Some((row, Some(_)))) => {
                if let Some(row) = self.rows_mut(base).and_then(|rows| rows.get_mut(row)) {
                    row.insert(field.path, value);
                }
            }
            _ => {
                self.values.insert(field.path, value);
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
                self.values.remove(base);
            }
        }
    }

    /// The rows at `path`, to be added to, removed from or reordered.
    pub fn rows_mut(&mut self, path: &str) -> Option<&mut Vec<Row>> {
        match self.values.get_mut(path) {
            Some(Value::Rows(rows)) => Some(rows),
            _ => None,
        }
    }

    /// The rows at `path`.
    #[must_use]
    pub fn rows(&self, path: &str) -> &[Row] {
        match self.values.get(path) {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }

    /// Adds an empty row to `field` and gives its index.
    pub fn add_row(&mut self, field: &'static Field) -> usize {
        if let Value::Rows(rows) = self.values.entry(field.path).or_insert_with(|| Value::Rows(Vec::new())) {
            rows.push(Row::new());
            return rows.len() - 1;
        }
        0
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The path of every answer, inside rows too.
    #[must_use]
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        for (path, value) in &self.values {
            paths.push((*path).to_owned());
            if let Value::Rows(rows) = value {
                for (index, row) in rows.iter().enumerate() {
                    paths.extend(row.keys().map(|inner| format!("{path}.{index}.{inner}")));
                }
            }
        }
        paths
    }
}

/// An answers file as it was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What it says, as far as it can be understood.
    pub answers: Answers,
    /// What is wrong with the file itself.
    pub problems: Vec<Problem>,
    lines: BTreeMap<String, usize>,
}

impl Loaded {
    /// Adds the line of each problem's answer, or of the nearest thing around it that the file holds.
    pub fn add_lines(&self, problems: &mut [Problem]) {
        for problem in problems.iter_mut().filter(|problem| problem.line.is_none()) {
            let mut path = problem.path.as_str();
            problem.line = loop {
                match (self.lines.get(path), path.rsplit_once('.')) {
                    (Some(line), _) => break Some(*line),
                    (None, Some((outer, _))) => path = outer,
                    (None, None) => break None,
                }
            };
        }
    }
}

/// Reads an answers file. Relative paths in it are relative to `base`. Reading never fails: what cannot be understood is
/// a problem, and the rest is kept.
#[must_use]
pub fn read(source: &str, form: &Form, base: &Path) -> Loaded {
    let line_ends = source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
    let mut reader = Reader { line_ends, form, base, loaded: Loaded::default() };
    let (table, errors) = DeTable::parse_recoverable(source);
    for error in &errors {
        let line = error.span().map(|span| reader.line_at(span.start));
        let problem = Problem::error(Code::AnswersSyntax, "").with("error", error.message());
        reader.loaded.problems.push(Problem { line, ..problem });
    }
    // What a broken line meant is anybody's guess, and a guess would only add false problems.
    if errors.is_empty() {
        reader.schema(table.get_ref());
        reader.table("", table.get_ref());
    }
    reader.loaded
}

struct Reader<'a> {
    /// Offset of the end of each line, so that the line of an offset is found without counting.
    line_ends: Vec<usize>,
    form: &'a Form,
    base: &'a Path,
    loaded: Loaded,
}

impl Reader<'_> {
    fn line_at(&self, offset: usize) -> usize {
        self.line_ends.partition_point(|end| *end < offset) + 1
    }

    fn schema(&mut self, table: &DeTable<'_>) {
        let schema = table.get("schema");
        let number =
            schema.and_then(|value| value.get_ref().as_integer()).and_then(|number| number.as_str().parse().ok());
        if number != Some(SCHEMA) {
            let line = schema.map(|value| self.line_at(value.span().start));
            let problem = Problem::error(Code::AnswersSchema, "schema").with("known", SCHEMA.to_string());
            self.loaded.problems.push(Problem { line, ..problem });
        }
    }

    /// Walks a table: `prefix` is its path with a dot at its end.
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let path = format!("{prefix}{}", key.get_ref());
            if path == "schema" {
                continue;
            }
            self.loaded.lines.insert(path.clone(), self.line_at(key.span().start));
            match (self.form.field(&path), value.get_ref()) {
                (Some((_, field)), found) if field.path == path => self.answer(field, &path, found, value),
                (_, found) if self.form.paths().any(|known| known.starts_with(&format!("{path}."))) => match found {
                    DeValue::Table(inner) => self.table(&format!("{path}."), inner),
                    _ => self.loaded.problems.push(wrong_kind(&path, found.type_str(), say("kind-table"))),
                },
                _ => self.unknown(&path, self.form.paths().filter(|known| !known.contains('*'))),
            }
        }
    }

    fn answer(&mut self, field: &'static Field, path: &str, found: &DeValue<'_>, value: &Spanned<DeValue<'_>>) {
        if let (Kind::Rows(fields), DeValue::Array(rows)) = (field.kind, found) {
            // No rows are an answer too.
            self.loaded.answers.set(field, path, Value::Rows(Vec::new()));
            for (index, row) in rows.iter().enumerate() {
                let row_path = format!("{path}.{index}");
                self.loaded.lines.insert(row_path.clone(), self.line_at(row.span().start));
                let added = self.loaded.answers.add_row(field);
                debug_assert_eq!(added, index);
                match row.get_ref().as_table() {
                    Some(table) => self.row(fields, path, index, table),
                    None => self.wrong(&row_path, row.get_ref(), field.kind),
                }
            }
            return;
        }
        self.keep(field, path, value);
    }

    fn row(&mut self, fields: &'static [Field], rows: &str, index: usize, table: &DeTable<'_>) {
        for (key, value) in table {
            let path = format!("{rows}.{index}.{}", key.get_ref());
            self.loaded.lines.insert(path.clone(), self.line_at(key.span().start));
            match fields.iter().find(|field| field.path == key.get_ref().as_ref()) {
                Some(field) => self.keep(field, &path, value),
                None => self.unknown(&path, fields.iter().map(|field| format!("{rows}.{index}.{}", field.path))),
            }
        }
    }

    fn keep(&mut self, field: &'static Field, path: &str, value: &Spanned<DeValue<'_>>) {
        let kept = match value.get_ref() {
            DeValue::String(text) if matches!(field.kind, Kind::File) && !text.is_empty() => {
                Some(Value::Text(self.base.join(text.as_ref()).to_string_lossy().into_owned()))
            }
            DeValue::String(text) => Some(Value::Text(text.clone().into_owned())),
            DeValue::Boolean(flag) => Some(Value::Flag(*flag)),
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                i64::from_str_radix(&digits, number.radix()).ok().map(Value::Number)
            }
            DeValue::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.loaded.lines.insert(format!("{path}.{index}"), self.line_at(item.span().start));
                }
                let texts = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
                texts.collect::<Option<Vec<String>>>().map(Value::List)
            }
            _ => None,
        };
        match kept {
            Some(kept) => self.loaded.answers.set(field, path, kept),
            None => self.wrong(path, value.get_ref(), field.kind),
        }
    }

    fn wrong(&mut self, path: &str, found: &DeValue<'_>, kind: Kind) {
        self.loaded.problems.push(wrong_kind(path, found.type_str(), super::check::expected(kind)));
    }

    fn unknown(&mut self, path: &str, known: impl Iterator<Item = String>) {
        let mut problem = Problem::error(Code::AnswersUnknownKey, path);
        let nearest = known.max_by(|a, b| strsim::jaro_winkler(a, path).total_cmp(&strsim::jaro_winkler(b, path)));
        if let Some(nearest) = nearest {
            problem = problem.with("nearest", nearest);
        }
        self.loaded.problems.push(problem);
    }
}

/// The answers as a file: those being asked, in page order, files with absolute paths. Reading it back gives the same
/// answers.
#[must_use]
pub fn write(sheet: &Sheet) -> String {
    let mut file = toml::Table::new();
    file.insert("schema".into(), toml::Value::Integer(SCHEMA));
    for page in sheet.pages() {
        for field in page.fields.iter().filter(|field| (field.asked_if)(sheet)) {
            let Some(value) = sheet.answers.get(field.path) else { continue };
            insert(&mut file, field.path, written(sheet, field, value));
        }
    }
    // Serialization of a table of plain values has no way to fail; an empty file would be refused at the next start.
    toml::to_string(&file).unwrap_or_default()
}

/// Puts a value at a dotted path.
fn insert(table: &mut toml::Table, path: &str, value: toml::Value) {
    match path.split_once('.') {
        None => {
            table.insert(path.to_owned(), value);
        }
        Some((outer, inner)) => {
            let entry = table.entry(outer).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if let toml::Value::Table(table) = entry {
                insert(table, inner, value);
            }
        }
    }
}

fn written(sheet: &Sheet, field: &Field, value: &Value) -> toml::Value {
    match value {
        Value::Text(text) if matches!(field.kind, Kind::File) && !text.is_empty() => {
            toml::Value::String(sheet.facts.base.join(text).to_string_lossy().into_owned())
        }
        Value::Text(text) => toml::Value::String(text.clone()),
        Value::Flag(flag) => toml::Value::Boolean(*flag),
        Value::Number(number) => toml::Value::Integer(*number),
        Value::List(items) => toml::Value::Array(items.iter().cloned().map(toml::Value::String).collect()),
        Value::Rows(rows) => {
            let Kind::Rows(fields) = field.kind else { return toml::Value::Array(Vec::new()) };
            let asked = || fields.iter().filter(|field| (field.asked_if)(sheet));
            let table = |row: &Row| {
                let given = asked().filter_map(|field| Some((field, row.get(field.path)?)));
                given.map(|(field, value)| (field.path.to_owned(), written(sheet, field, value))).collect()
            };
            toml::Value::Array(rows.iter().map(table).map(toml::Value::Table).collect())
        }
    }
}

/// The problem of a file that cannot be read.
#[must_use]
pub fn unreadable(path: &Path, error: &str) -> Problem {
    Problem::error(Code::AnswersUnreadable, "").with("file", path.to_string_lossy().into_owned()).with("error", error)
}
