//! What stands on a page besides its fields: paragraphs, tables, documents, problems told to their end.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::faces::tui::fit::{columns, cut, wrap};
use crate::form::{Content, Tone};
use crate::problem::{Problem, Severity};
use crate::text::say;
use crate::wizard::FocusTarget;

use super::Lines;

impl Lines<'_> {
    /// A problem to its end: what, why, what to do.
    pub fn told(&mut self, problem: &Problem) {
        let (sign, style) = self.severity(problem);
        let what = format!("{sign} {}", self.say(&problem.what()));
        self.paragraph(&what, style, 0);
        for more in problem.why(&self.wizard.text).into_iter().chain(problem.hint(&self.wizard.text)) {
            self.paragraph(&more, Style::new(), 0);
        }
    }

    pub(super) fn severity(&self, problem: &Problem) -> (&'static str, Style) {
        match problem.severity {
            Severity::Error => (self.theme.signs.error, self.theme.error()),
            Severity::Warning => (self.theme.signs.warning, self.theme.warning()),
        }
    }

    /// Blocks, wrapped; documents as buttons where they can have the focus.
    pub fn blocks(&mut self, blocks: &[Content]) {
        let mut documents = 0;
        for block in blocks {
            match block {
                Content::Heading(message) => {
                    self.blank();
                    let text = self.say(message);
                    self.paragraph(&text, self.theme.heading(), 0);
                }
                Content::Paragraph(tone, message) => {
                    let (sign, style) = self.tone(*tone);
                    // Words that also stand in a file bring that file's line ends along.
                    let text = self.say(message).replace('\n', " ");
                    let text = if sign.is_empty() { text } else { format!("{sign} {text}") };
                    self.paragraph(&text, style, 0);
                    self.blank();
                }
                Content::Steps(steps) => {
                    for (index, step) in steps.iter().enumerate() {
                        let text = self.say(step);
                        self.labelled(&format!("{}. ", index + 1), &text, Style::new());
                    }
                }
                Content::Table(rows) => {
                    self.block_table(rows);
                    self.blank();
                }
                Content::Document { name, .. } => {
                    let slot = FocusTarget::Document(documents);
                    documents += 1;
                    let label = self.say(&say("screen-view").with("name", name.as_str()));
                    let label = format!("[ {} ]", cut(&label, self.width.saturating_sub(4), self.theme.signs.cut));
                    let style = self.focus_style(&slot);
                    self.push_slot(Line::from(Span::styled(label, style)), &slot, 2);
                }
            }
        }
    }

    /// The paragraphs among `blocks` run together, in the colour of the weightiest.
    pub fn sentences(&mut self, blocks: &[Content]) {
        let said = blocks.iter().filter_map(|block| match block {
            Content::Paragraph(_, message) => Some(self.say(message).replace('\n', " ")),
            _ => None,
        });
        let text = said.map(|text| if text.ends_with('.') { text } else { text + "." }).collect::<Vec<_>>().join(" ");
        let tone = blocks.iter().find_map(|block| match block {
            Content::Paragraph(tone, _) if *tone != Tone::Plain => Some(*tone),
            _ => None,
        });
        let (sign, style) = self.tone(tone.unwrap_or(Tone::Plain));
        self.paragraph(&format!("{sign} {text}"), style, 0);
    }

    fn tone(&self, tone: Tone) -> (&'static str, Style) {
        let signs = self.theme.signs;
        match tone {
            Tone::Plain => ("", Style::new()),
            Tone::Good => (signs.done, self.theme.good()),
            Tone::Warning => (signs.warning, self.theme.warning()),
            Tone::Error => (signs.error, self.theme.error()),
        }
    }

    /// A paragraph that hangs behind its label.
    pub(super) fn labelled(&mut self, label: &str, text: &str, style: Style) {
        for (row, line) in wrap(text, self.width.saturating_sub(label.width())).into_iter().enumerate() {
            let label = if row == 0 { label.to_owned() } else { " ".repeat(label.width()) };
            self.push(Line::from(vec![Span::raw(label), Span::styled(line, style)]));
        }
    }

    /// A table in columns where they fit, else each row as a small paragraph.
    fn block_table(&mut self, rows: &[Vec<String>]) {
        if rows.len() < 2 {
            return; // only headings
        }
        let count = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
        let needed: usize = (0..count).filter_map(widest).map(|width| width + 2).sum();
        if needed <= self.width + 2 {
            for (index, line) in columns(rows, self.width, self.theme.signs.cut).into_iter().enumerate() {
                let style = if index == 0 { self.theme.heading() } else { Style::new() };
                self.push(Line::from(Span::styled(line, style)));
            }
            return;
        }
        for row in rows.iter().skip(1) {
            if let Some((first, rest)) = row.split_first() {
                self.paragraph(first, Style::new(), 0);
                self.paragraph(&rest.join("  "), self.theme.quiet(), 2);
            }
        }
    }
}
