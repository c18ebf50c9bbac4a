//! Sample answers: every key that the server may be asked for, with its help. What has to be answered is filled in, the rest is
//! its default behind a `#`.

use super::{Condition, Entry, Specimen, entries, example, takes};
use crate::edge::Server;
use crate::form::file::{SCHEMA, literal};
use crate::form::{Kind, Value};
use crate::text::{Text, say};

/// Columns of a comment.
const WIDTH: usize = 100;

/// Lync's own example of an XMPP partner, as TOML: Google Talk, which has been gone since 2022.
///
/// Source: topic «Example XMPP configuration - XMPP federation with Google Talk».
#[must_use]
pub fn google_talk(text: &Text) -> String {
    let mut lines = Lines { out: String::new() };
    lines.comment(&text.say(&say("docs-google-talk")));
    lines.out + include_str!("../../../assets/examples/google-talk.toml")
}

/// The sample for `server`, as TOML.
#[must_use]
pub fn sample(server: Server, text: &Text) -> String {
    let mut lines = Lines { out: String::new() };
    lines.comment(&text.say(&say("docs-sample-intro").with("server", server.name())));
    lines.line(&format!("schema = {SCHEMA}"));
    let sample =
        Sample { of: Specimen::of(server, text), all: Specimen::all(text), conditions: Condition::all(text), text };
    for (table, mut keys) in tables() {
        keys.retain(|key| sample.concerns(key));
        if keys.is_empty() {
            continue;
        }
        let rows = keys.iter().any(Entry::is_in_row);
        lines.line("");
        lines.line(&if rows { format!("# [[{table}]]") } else { format!("[{table}]") });
        for entry in keys.iter().filter(|entry| !matches!(entry.field.kind, Kind::Rows(_))) {
            sample.key(entry, &mut lines);
        }
    }
    lines.out
}

/// The fields by table: all keys of a table stand together in TOML, whichever page asks them.
fn tables() -> Vec<(String, Vec<Entry>)> {
    let mut tables: Vec<(String, Vec<Entry>)> = Vec::new();
    for entry in entries() {
        let bare = entry.bare();
        let table = match entry.field.kind {
            Kind::Rows(_) => bare.as_str(),
            _ => bare.rsplit_once('.').map_or("", |(table, _)| table),
        };
        match tables.iter_mut().find(|(name, _)| name == table) {
            Some((_, keys)) => keys.push(entry),
            None => tables.push((table.to_owned(), vec![entry])),
        }
    }
    tables
}

struct Sample<'a> {
    of: Specimen,
    all: Vec<Specimen>,
    conditions: Vec<Condition>,
    text: &'a Text,
}

impl Sample<'_> {
    /// Whether it may be asked for this server: neither it nor its page is for others alone.
    fn concerns(&self, entry: &Entry) -> bool {
        let is_asked = |specimen: &Specimen| entry.is_asked(&specimen.answered());
        let is_shown = |specimen: &Specimen| (entry.page.shown_if)(&specimen.answered());
        let is_for_others = |holds: &dyn Fn(&Specimen) -> bool| !holds(&self.of) && self.all.iter().any(holds);
        !is_for_others(&is_asked) && !is_for_others(&is_shown)
    }

    fn key(&self, entry: &Entry, lines: &mut Lines) {
        let text = self.text;
        lines.comment(&format!("{}: {}", entry.label(text), entry.help(text)));
        let default = entry.default(&self.all, &self.conditions, text);
        let about = say("docs-sample-about").with("takes", takes(entry.field.kind)).with("default", default);
        lines.comment(&text.say(&about.with("asked", entry.asked(&self.all))));
        let name = entry.bare().rsplit('.').next().map(str::to_owned).unwrap_or_default();
        let is_filled_in = self.of.answers.get(&entry.path).is_some();
        let sign = if is_filled_in { "" } else { "# " };
        lines.line(&format!("{sign}{name} = {}", literal(&self.value(entry))));
    }

    fn value(&self, entry: &Entry) -> Value {
        match self.of.answers.get(&entry.path) {
            Some(value) => value.clone(),
            None if entry.is_always_required() => example(entry.field),
            None => entry.field.default_value(&self.of.answered()),
        }
    }
}

struct Lines {
    out: String,
}

impl Lines {
    fn line(&mut self, line: &str) {
        self.out += line;
        self.out.push('\n');
    }

    fn comment(&mut self, words: &str) {
        for line in textwrap::wrap(words, WIDTH) {
            self.line(&format!("## {line}"));
        }
    }
}
