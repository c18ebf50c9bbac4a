//! What was said, and the file it is kept in (TOML, `schema = 1`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_writer::TomlWrite;

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

    fn insert(&mut self, path: &'static str, value: Value) {
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

    /// Sets the answer of `field` at `path`. A row that does not exist is not made.
    pub fn set(&mut self, field: &'static Field, path: &str, value: Value) {
        match split(path) {
            (base, Some((row, Some(_)))) => {
                if let Some(row) = self.rows_mut(base).and_then(|rows| rows.get_mut(row)) {
                    row.insert(field.path, value);
                }
            }
            _ => {
                self.values_mut().insert(field.path, value);
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

    /// Adds an empty row to `field` and gives its index.
    pub fn add_row(&mut self, field: &'static Field) -> usize {
        if let Value::Rows(rows) = self.values_mut().entry(field.path).or_insert_with(|| Value::Rows(Vec::new())) {
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

    /// The answers without what rows say: however many there are, they decide neither pages nor places.
    #[must_use]
    pub fn outline(&self) -> Self {
        let value = |value: &Value| match value {
            Value::Rows(_) => Value::Rows(Vec::new()),
            value => value.clone(),
        };
        Answers { values: Arc::new(self.values.iter().map(|(path, said)| (*path, value(said))).collect()) }
    }
}

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
            Some(said) => self.answers.set(field, path, said),
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
                Some(Value::Text(self.base.join(text.as_ref()).to_string_lossy().into_owned()))
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
        self.problems.push(wrong_kind(path, found.type_str(), super::check::expected(kind)));
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

/// The answers as the file in the home folder: those being asked, in page order. Files in the home folder are relative to
/// it, so that it may be moved; others have absolute paths. Reading it back there gives the same answers.
#[must_use]
pub fn write(sheet: &Sheet) -> String {
    write_with(sheet, &|file| file.strip_prefix(&sheet.facts.home).unwrap_or(file).to_owned())
}

/// The answers as a file anywhere else: every path in it is absolute.
#[must_use]
pub fn write_elsewhere(sheet: &Sheet) -> String {
    write_with(sheet, &Path::to_owned)
}

/// The answers with files as `place` has them, given their absolute paths.
fn write_with(sheet: &Sheet, place: &dyn Fn(&Path) -> PathBuf) -> String {
    // What belongs to no table stands before the first.
    let mut file = Sections(vec![(String::new(), format!("schema = {SCHEMA}\n"))]);
    for page in sheet.pages() {
        for field in page.fields.iter().filter(|field| (field.asked_if)(sheet)) {
            match (field.kind, sheet.answers.get(field.path)) {
                (Kind::Rows(fields), Some(Value::Rows(rows))) if !rows.is_empty() => {
                    file.0.push(written_rows(sheet, place, field.path, fields, rows));
                }
                (_, Some(value)) => {
                    let (table, key) = field.path.rsplit_once('.').unwrap_or(("", field.path));
                    put(file.table(table), sheet, place, field, key, value);
                }
                (_, None) => {}
            }
        }
    }
    file.0.into_iter().map(|(heading, lines)| heading + &lines).collect()
}

/// The parts of a file in order: a heading, and the lines below it.
struct Sections(Vec<(String, String)>);

impl Sections {
    /// The lines of `table`.
    fn table(&mut self, table: &str) -> &mut String {
        let heading = if table.is_empty() { String::new() } else { format!("\n[{table}]\n") };
        let at = self.0.iter().position(|(found, _)| *found == heading).unwrap_or_else(|| {
            self.0.push((heading, String::new()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }
}

fn written_rows(
    sheet: &Sheet,
    place: &dyn Fn(&Path) -> PathBuf,
    path: &str,
    fields: &[Field],
    rows: &[Row],
) -> (String, String) {
    let asked: Vec<&Field> = fields.iter().filter(|field| (field.asked_if)(sheet)).collect();
    let heading = format!("\n[[{path}]]\n");
    let mut lines = String::new();
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            lines.push_str(&heading);
        }
        for field in &asked {
            if let Some(value) = row.get(field.path) {
                put(&mut lines, sheet, place, field, field.path, value);
            }
        }
    }
    (heading, lines)
}

/// Writes one answer on a line. The paths of fields are bare keys.
fn put(lines: &mut String, sheet: &Sheet, place: &dyn Fn(&Path) -> PathBuf, field: &Field, key: &str, value: &Value) {
    lines.push_str(key);
    lines.push_str(" = ");
    match value {
        Value::Text(text) if matches!(field.kind, Kind::File) && !text.is_empty() => {
            let file = place(&sheet.facts.base.join(text)).to_string_lossy().into_owned();
            put_literal(lines, &Value::Text(file));
        }
        value => put_literal(lines, value),
    }
    lines.push('\n');
}

/// A value as it stands in an answers file; of rows, none.
#[must_use]
pub fn literal(value: &Value) -> String {
    let mut literal = String::new();
    put_literal(&mut literal, value);
    literal
}

fn put_literal(out: &mut String, value: &Value) {
    // Writing to a `String` cannot fail.
    let _ = match value {
        Value::Text(text) => out.value(text.as_str()),
        Value::Flag(flag) => out.value(*flag),
        Value::Number(number) => out.value(*number),
        Value::List(items) => out.value(items.iter().map(String::as_str).collect::<Vec<_>>()),
        Value::Rows(_) => out.open_array().and_then(|()| out.close_array()),
    };
}

/// The problem of a file that cannot be read.
#[must_use]
pub fn unreadable(path: &Path, error: impl Into<crate::text::Arg>) -> Problem {
    Problem::error(Code::AnswersUnreadable, "").with("file", path.to_string_lossy().into_owned()).with("error", error)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use time::OffsetDateTime;

    use super::*;
    use crate::form::{NameUse, Page};
    use crate::home::Facts;
    use crate::text::Arg;

    const ROW: &[Field] = &[
        Field::new("domain", Kind::Name(NameUse::Partner)),
        Field::new("others", Kind::List(&Kind::Name(NameUse::Partner))),
        Field::new("keep", Kind::Toggle),
    ];
    const FIELDS: &[Field] = &[
        Field::new("edge.name", Kind::Name(NameUse::Host)),
        Field::new("edge.kind", Kind::Choice(&["a", "b"], Code::AnswersType)),
        Field::new("edge.on", Kind::Toggle),
        Field::new("edge.deep.number", Kind::Number(0, 9)),
        Field::new("edge.list", Kind::List(&Kind::Address)),
        Field::new("rows", Kind::Rows(ROW)),
        Field::new("last.text", Kind::Text(64)),
        Field::new("last.file", Kind::File),
        Field::new("last.hidden", Kind::Text(64)).asked_if(|_| false),
    ];
    static PAGE: Page = Page::new("page", FIELDS);
    static PAGES: &[&Page] = &[&PAGE];
    static FORM: LazyLock<Form> = LazyLock::new(|| Form::new(PAGES));

    fn base() -> &'static Path {
        Path::new("/base")
    }

    fn load(source: &str) -> Loaded {
        read(source, &FORM, base())
    }

    fn saved(answers: &Answers) -> String {
        let facts = Facts::unseen(Path::new("/home"), base(), OffsetDateTime::UNIX_EPOCH);
        write(&Sheet { form: &FORM, answers, facts: &facts })
    }

    /// The problems of a file with these lines after its schema, as code, path and line.
    fn problems(lines: &str) -> Vec<(Code, String, Option<usize>)> {
        let problems = load(&format!("schema = 1\n{lines}")).problems;
        problems.into_iter().map(|problem| (problem.code, problem.path, problem.line)).collect()
    }

    fn nearest(lines: &str) -> String {
        let problem = load(&format!("schema = 1\n{lines}")).problems.remove(0);
        assert_eq!(problem.code, Code::AnswersUnknownKey);
        match problem.args.into_iter().find(|(name, _)| *name == "nearest") {
            Some((_, Arg::Text(nearest))) => nearest,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_form_of_a_value_is_understood() {
        let loaded = load(
            r#"
            schema = 0x1
            last = { text = 'a\b', file = "f.req" }
            rows = [{ domain = "a.example" }, {}, { keep = false, others = ["b", "c"] }]
            [edge]
            on = true
            list = [
                "192.0.2.1", # the first
                "192.0.2.2",
            ]
            deep.number = 1_0
            "#,
        );
        assert_eq!(loaded.problems, []);
        let get = |path: &str| loaded.answers.get(path).cloned();
        assert_eq!(get("last.text"), Some(Value::Text(r"a\b".into())));
        assert_eq!(get("last.file"), Some(Value::Text("/base/f.req".into())));
        assert_eq!(get("edge.deep.number"), Some(Value::Number(10)));
        assert_eq!(get("edge.on"), Some(Value::Flag(true)));
        assert_eq!(get("rows.2.others"), Some(Value::List(vec!["b".into(), "c".into()])));
        assert_eq!((get("rows.1.domain"), loaded.answers.rows("rows").len()), (None, 3));
    }

    #[test]
    fn each_problem_has_the_line_of_its_answer_or_of_what_is_around_it() {
        let loaded =
            load("schema = 1\n[edge]\nname = 'x'\nlist = [\n  'a',\n  'b']\n\n[[rows]]\n\n[[rows]]\nkeep = true\n");
        let line = |path: &str| {
            let mut problems = [Problem::error(Code::AnswersMissing, path)];
            loaded.add_lines(&mut problems);
            problems[0].line
        };
        let lines =
            ["edge", "edge.name", "edge.list.1", "rows.0.domain", "rows.1.keep", "rows.1.domain", "last.text", ""];
        let wanted = [Some(2), Some(3), Some(6), Some(8), Some(11), Some(10), None, None];
        assert_eq!(lines.map(line), wanted);
    }

    #[test]
    fn what_a_field_cannot_be_is_told_with_its_line() {
        let wrong = |lines: &str, path: &str| {
            assert_eq!(problems(lines), [(Code::AnswersType, path.to_owned(), Some(2))], "{lines}");
        };
        wrong("edge.deep.number = 9223372036854775808", "edge.deep.number");
        wrong("edge.deep.number = 1.0", "edge.deep.number");
        wrong("edge.deep.number = inf", "edge.deep.number");
        wrong("edge.deep = 1", "edge.deep");
        wrong("edge.name = 1979-05-27T07:32:00Z", "edge.name");
        wrong("edge.name = 07:32:00", "edge.name");
        wrong("edge.name = { x = 1 }", "edge.name");
        wrong("edge.list = ['a', 1]", "edge.list");
        wrong("edge.list = [['a']]", "edge.list");
        wrong("rows = [1]", "rows.0");
        wrong("rows = [{ domain = 1.5 }]", "rows.0.domain");
        wrong("[rows]", "rows");
        wrong("edge = 'x'", "edge");
    }

    #[test]
    fn an_unknown_key_is_told_with_the_nearest_known_one() {
        assert_eq!(problems("\nedge.nmae = 1"), [(Code::AnswersUnknownKey, "edge.nmae".into(), Some(3))]);
        assert_eq!(nearest("edge.nmae = 1"), "edge.name");
        assert_eq!(nearest("egde.name = 'a'"), "edge");
        assert_eq!(nearest("[edge.dep]\nnumber = 1"), "edge.deep");
        assert_eq!(nearest("name = 'a'"), "edge.name");
        assert_eq!(nearest("[[rows]]\nothrs = []"), "rows.0.others");
    }

    #[test]
    fn a_key_said_twice_is_no_toml_and_nothing_of_the_file_is_guessed() {
        for twice in ["edge.name = 'a'\nedge.name = 'b'", "[edge]\n[last]\n[edge]\nname = 'a'"] {
            let loaded = load(&format!("schema = 1\n{twice}"));
            assert!(!loaded.is_toml && loaded.answers.is_empty(), "{twice}");
            assert!(
                loaded.problems.iter().all(|problem| problem.code == Code::AnswersSyntax && problem.line.is_some())
            );
        }
    }

    #[test]
    fn the_schema_has_to_be_ours() {
        for source in ["", "schema = 2", "schema = '1'", "schema = 99999999999999999999"] {
            let codes: Vec<Code> = load(source).problems.iter().map(|problem| problem.code).collect();
            assert_eq!(codes, [Code::AnswersSchema], "{source}");
        }
    }

    #[test]
    fn what_is_not_asked_is_not_saved() {
        assert_eq!(saved(&load("schema = 1\nlast.hidden = 'x'").answers), "schema = 1\n");
    }

    fn value(kind: Kind) -> BoxedStrategy<Value> {
        let text = any::<String>().prop_map(Value::Text);
        match kind {
            Kind::File => "(/[^/]{1,9}){0,3}".prop_map(Value::Text).boxed(),
            Kind::Rows(fields) => {
                let cells: Vec<_> = fields.iter().map(|field| prop::option::of(value(field.kind))).collect();
                let row = cells.prop_map(|cells| {
                    fields.iter().zip(cells).filter_map(|(field, cell)| Some((field.path, cell?))).collect::<Row>()
                });
                prop::collection::vec(row, 0..4).prop_map(Value::Rows).boxed()
            }
            // Of any kind: what does not fit is kept as well, to be mended later.
            _ => prop_oneof![
                text,
                any::<bool>().prop_map(Value::Flag),
                any::<i64>().prop_map(Value::Number),
                prop::collection::vec(any::<String>(), 0..4).prop_map(Value::List),
            ]
            .boxed(),
        }
    }

    fn any_answers() -> impl Strategy<Value = Answers> {
        let asked: Vec<&'static Field> = FIELDS.iter().filter(|field| field.path != "last.hidden").collect();
        let values: Vec<_> = asked.iter().map(|field| prop::option::of(value(field.kind))).collect();
        values.prop_map(move |values| {
            let mut answers = Answers::default();
            for (field, value) in asked.iter().zip(values) {
                if let Some(value) = value {
                    answers.set(field, field.path, value);
                }
            }
            answers
        })
    }

    proptest! {
        #[test]
        fn saved_answers_are_read_back_as_they_were(answers in any_answers()) {
            let text = saved(&answers);
            let loaded = load(&text);
            prop_assert_eq!(loaded.problems, vec![], "{}", text);
            prop_assert_eq!(loaded.answers, answers, "{}", text);
        }

        #[test]
        fn reading_survives_any_text(text in any::<String>()) {
            load(&text);
        }

        #[test]
        fn reading_survives_a_damaged_file(answers in any_answers(), at in any::<prop::sample::Index>(), put in any::<char>()) {
            let text = saved(&answers);
            let (at, _) = text.char_indices().nth(at.index(text.chars().count())).unwrap();
            load(&format!("{}{put}{}", &text[..at], &text[at..]));
            load(&text[..at]);
        }
    }
}
