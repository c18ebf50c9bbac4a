//! Writes the answers to a file.

use std::path::{Path, PathBuf};

use toml_writer::TomlWrite;

use crate::form::{Answered, Field, Kind, Page, Row, Value};

/// The schema this program reads and writes.
pub const SCHEMA: i64 = 1;

/// The answers as the file in the home folder: those being asked, in page order. Files in the home folder are relative to
/// it, so that it may be moved; others have absolute paths. Reading it back there gives the same answers.
#[must_use]
pub fn write(pages: &[&'static Page], answered: &Answered) -> String {
    write_with(pages, answered, &|file| file.strip_prefix(&answered.facts.home).unwrap_or(file).to_owned())
}

/// The answers as a file anywhere else: every path in it is absolute.
#[must_use]
pub fn write_elsewhere(pages: &[&'static Page], answered: &Answered) -> String {
    write_with(pages, answered, &Path::to_owned)
}

/// The answers with files as `place` has them, given their absolute paths.
fn write_with(pages: &[&'static Page], answered: &Answered, place: &dyn Fn(&Path) -> PathBuf) -> String {
    // What belongs to no table stands before the first.
    let mut file = Sections(vec![(String::new(), format!("schema = {SCHEMA}\n"))]);
    for page in pages {
        for field in page.fields.iter().filter(|field| page.counts(field, answered)) {
            match (field.kind, answered.answers.get(field.path)) {
                (Kind::Rows(fields), Some(Value::Rows(rows))) if !rows.is_empty() => {
                    file.0.push(written_rows(answered, place, field.path, fields, rows));
                }
                (_, Some(value)) => {
                    let (table, key) = field.path.rsplit_once('.').unwrap_or(("", field.path));
                    put(file.table(table), answered, place, field, key, value);
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
    answered: &Answered,
    place: &dyn Fn(&Path) -> PathBuf,
    path: &str,
    fields: &[Field],
    rows: &[Row],
) -> (String, String) {
    let asked: Vec<&Field> = fields.iter().filter(|field| field.counts(answered)).collect();
    let heading = format!("\n[[{path}]]\n");
    let mut lines = String::new();
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            lines.push_str(&heading);
        }
        for field in &asked {
            if let Some(value) = row.get(field.path) {
                put(&mut lines, answered, place, field, field.path, value);
            }
        }
    }
    (heading, lines)
}

/// Writes one answer on a line. The paths of fields are bare keys.
fn put(
    lines: &mut String,
    answered: &Answered,
    place: &dyn Fn(&Path) -> PathBuf,
    field: &Field,
    key: &str,
    value: &Value,
) {
    lines.push_str(key);
    lines.push_str(" = ");
    match value {
        Value::Text(text) if matches!(field.kind, Kind::File) && !text.is_empty() => {
            let file = place(&answered.facts.absolute(text)).to_string_lossy().into_owned();
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
