//! The reference of all pages, fields, problems and exit codes, as Markdown.

use super::{Condition, Entry, Specimen, entries, exit_codes, takes};
use crate::pages;
use crate::problem::{Code, Problem};
use crate::text::{Message, Text, say};

/// The reference.
#[must_use]
pub fn reference(text: &Text) -> String {
    let mut paper = Paper { out: String::new(), text };
    paper.heading(1, &text.say(&say("docs-reference-title")));
    paper.paragraph(&text.say(&say("docs-reference-intro")));
    let (specimens, conditions) = (Specimen::all(text), Condition::all(text));
    for page in pages::PAGES {
        let key = format!("page-{}", page.id);
        paper.heading(2, &text.say(&say(key.clone())));
        paper.paragraph(&text.say(&say(format!("{key}.help"))));
        for entry in entries().filter(|entry| entry.page == *page) {
            paper.field(&entry, &specimens, &conditions);
        }
    }
    paper.heading(2, &text.say(&say("docs-reference-problems")));
    paper.paragraph(&text.say(&say("docs-reference-problems-intro")));
    let columns = [say("docs-column-code"), say("docs-column-what"), say("docs-column-why"), say("docs-column-hint")];
    paper.row(&columns.map(|column| text.say(&column)));
    paper.row(&["---"; 4].map(str::to_owned));
    for code in Code::ALL {
        paper.problem(*code);
    }
    paper.heading(2, &text.say(&say("docs-reference-exit")));
    paper.row(&[say("docs-column-code"), say("docs-column-meaning")].map(|column| text.say(&column)));
    paper.row(&["---"; 2].map(str::to_owned));
    for (code, meaning) in exit_codes() {
        paper.row(&[format!("`{code}`"), text.say(&meaning)]);
    }
    paper.out
}

struct Paper<'a> {
    out: String,
    text: &'a Text,
}

impl Paper<'_> {
    fn heading(&mut self, level: usize, words: &str) {
        let space = if self.out.is_empty() { "" } else { "\n" };
        self.out += &format!("{space}{} {}\n\n", "#".repeat(level), escaped(words));
    }

    fn paragraph(&mut self, words: &str) {
        self.out += &format!("{}\n", escaped(words));
    }

    fn item(&mut self, name: &Message, words: &str) {
        self.out += &format!("- {}: {}\n", escaped(&self.text.say(name)), escaped(words));
    }

    fn row(&mut self, cells: &[String]) {
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        self.out += &format!("| {} |\n", cells.join(" | "));
    }

    fn field(&mut self, entry: &Entry, specimens: &[Specimen], conditions: &[Condition]) {
        let text = self.text;
        self.heading(3, &format!("{}: `{}`", entry.label(text), entry.path));
        self.paragraph(&entry.help(text));
        self.out.push('\n');
        self.item(&say("docs-item-takes"), &text.say(&takes(entry.field.kind)));
        for (option, label) in entry.options(text) {
            self.out += &format!("  - `{option}`: {}\n", escaped(&label));
        }
        self.item(&say("docs-item-default"), &entry.default(specimens, conditions, text));
        self.item(&say("docs-item-asked"), &text.say(&entry.asked(specimens)));
    }

    fn problem(&mut self, code: Code) {
        let problem = Problem::error(code, "");
        // What fills a place is not known here: `{$name}` is how Fluent shows that.
        let shown = |words: Option<String>| words.unwrap_or_default().replace("{$", "{");
        let what = shown(Some(self.text.say(&problem.what())));
        self.row(&[format!("`{}`", code.name()), what, shown(problem.why(self.text)), shown(problem.hint(self.text))]);
    }
}

/// Words that mean nothing to Markdown; what stands between back-ticks stays as it is, but for what would end a cell.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut is_code = false;
    for c in words.chars() {
        is_code ^= c == '`';
        if c == '|' || (!is_code && "\\*_<>[]#".contains(c)) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
