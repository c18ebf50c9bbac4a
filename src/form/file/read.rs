//! Reads an answers file, and says where in it something is wrong.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::write::SCHEMA;
use crate::form::check::{expected, wrong_kind};
use crate::form::{Answers, Field, Form, Kind, Row, Value};
use crate::home::stands_alone;
use crate::problem::{Code, Problem};
use crate::text::say;

/// An answers file as it was read.
#[derive(Debug, Default)]
pub struct Loaded {
    /// What it says, as far as it can be understood.
    pub answers: Answers,
    /// What is wrong with the file itself.
    pub problems: Vec<Problem>,
    /// Whether it is TOML; of a file that is not, nothing was read.
    pub is_toml: bool,
    source: String,
}

impl Loaded {
    /// Adds the line of each problem's answer, or of the nearest thing around it that the file holds.
    pub fn add_lines(&self, problems: &mut [Problem]) {
        // Lines are asked for where something is wrong, so they are looked for then and not kept for every answer.
        if problems.iter().any(|problem| problem.line.is_none()) {
            let (table, _) = DeTable::parse_recoverable(&self.source);
            Lines::of(&self.source).add(table.get_ref(), problems);
        }
    }
}

/// Where the lines of a file end, so that the line of an offset is found without counting.
struct Lines(Vec<usize>);

impl Lines {
    fn of(source: &str) -> Self {
        Lines(source.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect())
    }

    fn at(&self, offset: usize) -> usize {
        self.0.partition_point(|end| *end < offset) + 1
    }

    fn add(&self, table: &DeTable<'_>, problems: &mut [Problem]) {
        for problem in problems.iter_mut().filter(|problem| problem.line.is_none()) {
            problem.line = offset_of(table, &problem.path).map(|offset| self.at(offset));
        }
    }
}

/// Where the answer at `path` starts in the file, or the nearest thing around it.
fn offset_of(table: &DeTable<'_>, path: &str) -> Option<usize> {
    let (part, rest) = path.split_once('.').unwrap_or((path, ""));
    let (key, value) = table.get_key_value(part)?;
    offset_in(value.get_ref(), rest).or(Some(key.span().start))
}

fn offset_in(value: &DeValue<'_>, path: &str) -> Option<usize> {
    match value {
        DeValue::Table(table) => offset_of(table, path),
        DeValue::Array(items) => {
            let (index, rest) = path.split_once('.').unwrap_or((path, ""));
            let item = items.get(index.parse::<usize>().ok()?)?;
            offset_in(item.get_ref(), rest).or(Some(item.span().start))
        }
        _ => None,
    }
}

/// Reads an answers file. Relative paths in it are relative to `base`. Reading never fails: what cannot be understood is
/// a problem, and the rest is kept.
#[must_use]
pub fn read(source: &str, form: &Form, base: &Path) -> Loaded {
    let lines = Lines::of(source);
    let mut reader = Reader { lines: &lines, form, base, answers: Answers::default(), problems: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(source);
    for error in &errors {
        let line = error.span().map(|span| lines.at(span.start));
        let problem = Problem::error(Code::AnswersSyntax, "").with("error", error.message());
        reader.problems.push(Problem { line, ..problem });
    }
    // What a broken line meant is anybody's guess, and a guess would only add false problems.
    if errors.is_empty() {
        reader.schema(table.get_ref());
        reader.table("", table.get_ref());
    }
    let Reader { answers, mut problems, .. } = reader;
    lines.add(table.get_ref(), &mut problems);
    Loaded { answers, problems, is_toml: errors.is_empty(), source: source.to_owned() }
}

struct Reader<'a> {
    lines: &'a Lines,
    form: &'a Form,
    base: &'a Path,
    answers: Answers,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn schema(&mut self, table: &DeTable<'_>) {
        let schema = table.get("schema");
        let number =
            schema.and_then(|value| value.get_ref().as_integer()).and_then(|number| number.as_str().parse().ok());
        if number != Some(SCHEMA) {
            let line = schema.map(|value| self.lines.at(value.span().start));
            let problem = Problem::error(Code::AnswersSchema, "schema").with("known", SCHEMA.to_string());
            self.problems.push(Problem { line, ..problem });
        }
    }

    /// Walks a table: `prefix` is its path with a dot at its end.
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let path = format!("{prefix}{}", key.get_ref());
            if path == "schema" {
                continue;
            }
            match (self.form.field(&path), value.get_ref()) {
                (Some((_, field)), found) if field.path == path => self.answer(field, &path, found, value),
                (_, found) if self.form.is_table(&path) => match found {
                    DeValue::Table(inner) => self.table(&format!("{path}."), inner),
                    _ => self.problems.push(wrong_kind(&path, found.type_str(), say("kind-table"))),
                },
                (_, found) => {
                    // What should be a table is mistaken for a table, a value for a value.
                    let is_table = matches!(found, DeValue::Table(_));
                    let known = self.form.paths().filter(|known| !known.contains('*'));
                    let table = |known: &str| Some(known.rsplit_once('.')?.0.to_owned());
                    self.unknown(&path, known.filter_map(|known| if is_table { table(&known) } else { Some(known) }));
                }
            }
        }
    }

    fn answer(&mut self, field: &'static Field, path: &str, found: &DeValue<'_>, value: &Spanned<DeValue<'_>>) {
        let said = if let (Kind::Rows(fields), DeValue::Array(rows)) = (field.kind, found) {
            // No rows are an answer too.
            Some(Value::Rows(rows.iter().enumerate().map(|(index, row)| self.row(field, fields, index, row)).collect()))
        } else {
            self.value(field, value)
        };
        match said {
            Some(said) => self.answers.set(field.path, path, said),
            None => self.wrong(path, found, field.kind),
        }
    }

    /// Reads the row of this index; of one that is none, nothing.
    fn row(&mut self, rows: &'static Field, fields: &'static [Field], index: usize, row: &Spanned<DeValue<'_>>) -> Row {
        let mut said = Row::default();
        let Some(table) = row.get_ref().as_table() else {
            self.wrong(&format!("{}.{index}", rows.path), row.get_ref(), rows.kind);
            return said;
        };
        // There may be many rows, and few of their paths are ever needed.
        let at = |inner: &str| format!("{}.{index}.{inner}", rows.path);
        for (key, value) in table {
            let key = key.get_ref().as_ref();
            let Some(field) = fields.iter().find(|field| field.path == key) else {
                self.unknown(&at(key), fields.iter().map(|field| at(field.path)));
                continue;
            };
            match self.value(field, value) {
                Some(value) => said.insert(field.path, value),
                None => self.wrong(&at(key), value.get_ref(), field.kind),
            }
        }
        said
    }

    /// What was said to `field`, if it is something that can be kept.
    fn value(&self, field: &Field, value: &Spanned<DeValue<'_>>) -> Option<Value> {
        match value.get_ref() {
            DeValue::String(text) if matches!(field.kind, Kind::File) && !text.is_empty() => {
                let stands_alone = stands_alone(text);
                let path =
                    if stands_alone { Path::new(text.as_ref()).to_owned() } else { self.base.join(text.as_ref()) };
                Some(Value::Text(path.to_string_lossy().into_owned()))
            }
            DeValue::String(text) => Some(Value::Text(text.clone().into_owned())),
            DeValue::Boolean(flag) => Some(Value::Flag(*flag)),
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                i64::from_str_radix(&digits, number.radix()).ok().map(Value::Number)
            }
            DeValue::Array(items) => {
                let texts = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
                texts.collect::<Option<Vec<String>>>().map(Value::List)
            }
            _ => None,
        }
    }

    fn wrong(&mut self, path: &str, found: &DeValue<'_>, kind: Kind) {
        self.problems.push(wrong_kind(path, found.type_str(), expected(kind)));
    }

    fn unknown(&mut self, path: &str, known: impl Iterator<Item = String>) {
        let mut problem = Problem::error(Code::AnswersUnknownKey, path);
        // The right key in the wrong table is nearer than any other.
        let name = |path: &str| path.rsplit('.').next().map(str::to_owned);
        let nearest = known.min_by_key(|known| (name(known) != name(path), strsim::damerau_levenshtein(known, path)));
        if let Some(nearest) = nearest {
            problem = problem.with("nearest", nearest);
        }
        self.problems.push(problem);
    }
}

/// The problem of a file that cannot be read.
#[must_use]
pub fn unreadable(path: &Path, error: impl Into<crate::text::Arg>) -> Problem {
    Problem::error(Code::AnswersUnreadable, "").with("file", path.to_string_lossy().into_owned()).with("error", error)
}
