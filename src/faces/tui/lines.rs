//! A page as lines, each with the place that has the focus there.

mod summary;

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::form::{Body, Content, Kind, Question, Tone, message_key};
use crate::name::Name;
use crate::problem::{Problem, Severity};
use crate::text::{Message, say, visible};
use crate::wizard::{self, FocusTarget, Wizard};

use super::fit::{columns, cut, fitted, in_columns, pad, window, wrap};
use super::theme::Theme;

/// A line of a page.
pub struct PageLine {
    /// What it says.
    pub line: Line<'static>,
    /// The place it belongs to.
    pub slot: Option<FocusTarget>,
    /// The place that a click on it means: also on a label above it, or on what hangs below its first line.
    pub click: Option<FocusTarget>,
    /// Column of the cursor, where this line has it.
    pub cursor: Option<usize>,
    /// Columns of the words of a choice in this line, and which one a click on each chooses.
    pub words: Vec<(Range<u16>, usize)>,
}

/// Labels are given this many columns at most; longer ones stand above their value.
const LABEL: usize = 22;

/// Draws one page into lines of `width` columns.
pub struct Lines<'a> {
    /// The state.
    pub wizard: &'a Wizard,
    /// The look.
    pub theme: Theme,
    /// Columns there are.
    pub width: usize,
    /// The lines so far; those of rows are empty until [`Lines::drawn`].
    pub all: Vec<PageLine>,
    /// Widths of the columns of rows.
    columns: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// No lines yet.
    #[must_use]
    pub fn new(wizard: &'a Wizard, theme: Theme, width: usize) -> Self {
        Lines { wizard, theme, width, all: Vec::new(), columns: Vec::new() }
    }

    fn say(&self, message: &Message) -> String {
        self.wizard.text.say(message)
    }

    fn push(&mut self, line: impl Into<Line<'static>>) {
        self.all.push(PageLine { line: line.into(), slot: None, click: None, cursor: None, words: Vec::new() });
    }

    fn push_slot(&mut self, line: impl Into<Line<'static>>, slot: &FocusTarget, cursor: usize) {
        let cursor = (*slot == self.wizard.focus).then_some(cursor);
        self.all.push(PageLine {
            line: line.into(),
            slot: Some(slot.clone()),
            click: Some(slot.clone()),
            cursor,
            words: Vec::new(),
        });
    }

    /// Lets a click on the lines from this one on mean `slot`.
    fn clickable(&mut self, from: usize, slot: &FocusTarget) {
        for line in &mut self.all[from..] {
            line.click = Some(slot.clone());
        }
    }

    fn blank(&mut self) {
        if self.all.last().is_some_and(|last| last.line.width() > 0) {
            self.push("");
        }
    }

    fn focus_style(&self, slot: &FocusTarget) -> Style {
        if *slot == self.wizard.focus { self.theme.focus() } else { Style::new() }
    }

    /// A paragraph, wrapped, each line behind `indent` blanks.
    pub fn paragraph(&mut self, text: &str, style: Style, indent: usize) {
        for line in wrap(text, self.width.saturating_sub(indent)) {
            self.push(Line::from(Span::styled(format!("{}{line}", " ".repeat(indent)), style)));
        }
    }

    /// Everything that stands on the page.
    pub fn page(&mut self, beside: bool) {
        match (self.wizard.page.body, self.wizard.row) {
            (Body::Summary, _) => self.summary(),
            (Body::Execute, _) => self.execution(),
            // What its settings lead to stands beside it, or else in the place of the help.
            (_, Some(row)) => self.row(row),
            (body, None) => {
                self.fields();
                if body == Body::Document || !beside {
                    self.blank();
                    self.blocks(&self.wizard.blocks());
                }
            }
        }
    }

    fn fields(&mut self) {
        let answered = self.wizard.answered();
        let page = self.wizard.page;
        for field in page.fields.iter().filter(|field| (field.asked_if)(&answered)) {
            if matches!(field.kind, Kind::Rows(_)) {
                self.table();
            } else {
                self.question(&answered.question(page, field, field.path.to_owned()));
            }
        }
    }

    fn row(&mut self, row: usize) {
        let Some(field) = self.wizard.rows_field() else { return };
        if self.wizard.page.presets.is_some() {
            self.preset(row);
        }
        for question in self.wizard.answered().questions_of_row(self.wizard.page, field, row) {
            self.question(&question);
        }
    }

    fn preset(&mut self, row: usize) {
        let slot = FocusTarget::Preset(row);
        let label = self.label(&self.say(&say("screen-preset")));
        let value = Span::styled(format!("[ {} ]", self.say(&self.wizard.preset(row))), self.focus_style(&slot));
        self.push_slot(Line::from(vec![Span::raw(label.clone()), value]), &slot, label.width());
    }

    fn label(&self, label: &str) -> String {
        pad(label, LABEL.min(self.width / 2))
    }

    fn question(&mut self, question: &Question) {
        let label = self.say(&say(message_key(&question.path)));
        match question.field.kind {
            Kind::Choice(options, _) => self.choice(question, &label, options),
            Kind::Toggle => self.toggle(question, &label),
            Kind::List(_) => self.list(question, &label),
            Kind::MultiSelect(source) => self.ticks(question, &source(&self.wizard.answered())),
            _ => {
                let slot = FocusTarget::Text(question.path.clone());
                let value = self.wizard.reading().answers().get(&question.path).unwrap_or(&question.value).shown();
                self.text(&slot, &label, &value, question.given);
                self.country_hint(question, &slot);
                self.completions(&slot);
                self.problem(&question.path);
            }
        }
    }

    /// A line that text is typed into: label, value, and the real cursor where the focus is.
    fn text(&mut self, slot: &FocusTarget, label: &str, value: &str, given: bool) {
        let mut head = self.label(label);
        if label.width() >= head.width() && !label.is_empty() {
            let above = self.all.len();
            self.paragraph(label, Style::new(), 0);
            self.clickable(above, slot);
            "  ".clone_into(&mut head);
        }
        let room = self.width.saturating_sub(head.width() + 1).max(1);
        let (shown, cursor) = if *slot == self.wizard.focus {
            let input = &self.wizard.input;
            let scroll = input.visual_scroll(room);
            (window(input.value(), scroll, room), input.visual_cursor().saturating_sub(scroll))
        } else {
            (cut(&visible(value), room, self.theme.signs.cut), 0)
        };
        let style = if given || *slot == self.wizard.focus {
            self.theme.input()
        } else {
            self.theme.input().patch(self.theme.quiet())
        };
        let at = head.width() + cursor;
        let line = Line::from(vec![Span::raw(head), Span::styled(pad(&shown, room), style)]);
        self.push_slot(line, slot, at);
    }

    fn country_hint(&mut self, question: &Question, slot: &FocusTarget) {
        if !matches!(question.field.kind, Kind::Country) {
            return;
        }
        let typed = if *slot == self.wizard.focus { self.wizard.input.value() } else { &question.value.shown() };
        for (code, name) in wizard::countries(typed).into_iter().take(4) {
            let line = self.say(&say("country").with("code", code).with("name", name));
            self.paragraph(&line, self.theme.quiet(), LABEL.min(self.width / 2));
        }
    }

    fn completions(&mut self, slot: &FocusTarget) {
        if *slot == self.wizard.focus {
            for name in self.wizard.completions.iter().take(6) {
                self.paragraph(&visible(name), self.theme.quiet(), 2);
            }
        }
    }

    fn choice(&mut self, question: &Question, label: &str, options: &[&str]) {
        let chosen = question.value.shown();
        let word = |option: &str| self.say(&say(format!("{}.{option}", message_key(&question.path))));
        let signs = self.theme.signs;
        let part =
            |option: &&str| format!("{} {}", if **option == chosen { signs.chosen } else { signs.open }, word(option));
        let parts: Vec<String> = options.iter().map(part).collect();
        if wizard::is_in_row(&question.path) {
            let chosen_at = options.iter().position(|option| *option == chosen);
            self.choice_in_line(&FocusTarget::Choice(question.path.clone()), label, parts, chosen_at);
        } else {
            self.paragraph(label, self.theme.heading(), 0);
            for (index, part) in parts.into_iter().enumerate() {
                let slot = FocusTarget::Option(question.path.clone(), index);
                let barred = (question.field.disabled)(&self.wizard.answered(), options[index]);
                let style = if barred.is_some() { self.theme.quiet() } else { Style::new() };
                self.hanging(&slot, &part, style);
                if let Some(code) = barred {
                    let why = self.say(&say(format!("problem-{}.why", code.name())));
                    self.paragraph(&why, self.theme.quiet(), 6);
                }
            }
        }
        self.problem(&question.path);
    }

    fn choice_in_line(&mut self, slot: &FocusTarget, label: &str, parts: Vec<String>, chosen_at: Option<usize>) {
        let head = self.label(label);
        let before: usize = parts.iter().take(chosen_at.unwrap_or(0)).map(|part| part.width() + 1).sum();
        let needed: usize = parts.iter().map(|part| part.width() + 1).sum();
        let fits = head.width() + needed <= self.width + 1;
        let at = if fits { head.width() + before + 1 } else { head.width() };
        let mut column = head.width();
        let mut words = Vec::new();
        let mut spans = vec![Span::raw(head)];
        let count = parts.len();
        for (index, part) in parts.into_iter().enumerate() {
            let is_chosen = chosen_at == Some(index);
            // In a narrow window the chosen word stands alone, between the arrows that change it.
            let part = if fits { part } else { format!("< {part} >") };
            if fits || is_chosen {
                let [start, end] =
                    [column, column + part.width()].map(|column| u16::try_from(column).unwrap_or(u16::MAX));
                words.push((start..end, if fits { index } else { (index + 1) % count }));
                column += part.width() + 1;
                let style = if is_chosen { self.focus_style(slot) } else { Style::new() };
                spans.extend([Span::styled(part, style), Span::raw(" ")]);
            }
        }
        self.push_slot(Line::from(spans), slot, at);
        if let Some(line) = self.all.last_mut() {
            line.words = words;
        }
    }

    /// A place whose text hangs behind its sign: `(•) text`.
    fn hanging(&mut self, slot: &FocusTarget, text: &str, style: Style) {
        for (row, line) in wrap(text, self.width.saturating_sub(6)).into_iter().enumerate() {
            if row == 0 {
                let style = style.patch(self.focus_style(slot));
                self.push_slot(Line::from(vec![Span::raw("  "), Span::styled(line, style)]), slot, 3);
            } else {
                self.push(Line::from(Span::styled(format!("      {line}"), style)));
                self.clickable(self.all.len() - 1, slot);
            }
        }
    }

    fn toggle(&mut self, question: &Question, label: &str) {
        let slot = FocusTarget::Toggle(question.path.clone());
        let signs = self.theme.signs;
        let sign = if question.value == crate::form::Value::Flag(true) { signs.ticked } else { signs.unticked };
        self.hanging(&slot, &format!("{sign} {label}"), Style::new());
        self.problem(&question.path);
    }

    fn list(&mut self, question: &Question, label: &str) {
        let items = question.value.items();
        for index in 0..=items.len() {
            let slot = FocusTarget::Item(question.path.clone(), index);
            let label = if index == 0 { label } else { "" };
            let is_new = index == items.len();
            if is_new && slot != self.wizard.focus {
                let hint = self.say(&say("screen-add"));
                self.text(&slot, label, &hint, false);
            } else {
                self.text(&slot, label, items.get(index).map_or("", String::as_str), question.given);
            }
            // An emptied line goes away by itself.
            if items.get(index).is_some_and(|item| !item.is_empty()) {
                self.problem(&format!("{}.{index}", question.path));
            }
        }
        self.problem(&question.path);
    }

    fn ticks(&mut self, question: &Question, offered: &[String]) {
        let label = self.say(&say(message_key(&question.path)));
        self.paragraph(&label, self.theme.heading(), 0);
        let ticked: Vec<Name> = question.value.items().iter().map(|name| Name::new(name)).collect();
        for (index, option) in offered.iter().enumerate() {
            let slot = FocusTarget::Tick(question.path.clone(), index);
            let name = Name::new(option);
            let sign = if ticked.contains(&name) { self.theme.signs.ticked } else { self.theme.signs.unticked };
            self.hanging(&slot, &format!("{sign} {}", visible(&name.both())), Style::new());
        }
        self.problem(&question.path);
    }

    fn table(&mut self) {
        let wizard = self.wizard;
        let slots = wizard.slots();
        if slots.contains(&FocusTarget::Filter) {
            let label = self.say(&say("screen-filter"));
            self.text(&FocusTarget::Filter, &label, &wizard.filter, true);
        }
        let shown = wizard.shown_rows();
        if !shown.is_empty() {
            self.columns = fitted(wizard.column_widths(), self.width);
            let heading = self.cells(None);
            self.push(Line::from(Span::styled(heading, self.theme.heading())));
            let touched = wizard.touched_rows();
            for row in shown.iter() {
                self.push_slot(Line::default(), &FocusTarget::Row(*row), 0);
                if touched.contains(row) {
                    self.row_error(*row);
                }
            }
        }
        let add = format!("[ {} ]", self.say(&say("screen-add-row")));
        self.push_slot(Line::from(Span::styled(add, self.focus_style(&FocusTarget::AddRow))), &FocusTarget::AddRow, 2);
        self.blank();
    }

    /// The line as it is drawn: of many rows, only those in sight are put into words.
    #[must_use]
    pub fn drawn(&self, line: &PageLine) -> Line<'static> {
        match &line.slot {
            Some(slot @ FocusTarget::Row(row)) => {
                Line::from(Span::styled(self.cells(Some(*row)), self.focus_style(slot)))
            }
            _ => line.line.clone(),
        }
    }

    /// The cells of a row, or the headings, in columns.
    fn cells(&self, row: Option<usize>) -> String {
        let cells = self.wizard.with_context(|context| (self.wizard.page.row_cells)(context, row));
        in_columns(&cells, &self.columns, self.width, self.theme.signs.cut)
    }

    /// The first error of a row, once the row was left.
    fn row_error(&mut self, row: usize) {
        let errors = self
            .wizard
            .reading()
            .problems_in(self.wizard.page, row)
            .filter(|problem| problem.severity == Severity::Error);
        if let Some(problem) = errors.into_iter().find(|problem| self.wizard.touched.contains(&problem.path)) {
            let (sign, style) = self.severity(&problem);
            self.paragraph(&format!("{sign} {}", self.say(&problem.what())), style, 2);
        }
    }

    fn problem(&mut self, path: &str) {
        if let Some(problem) = self.wizard.problem_at(path) {
            let (sign, style) = self.severity(&problem);
            let what = format!("{sign} {}", self.say(&problem.what()));
            self.paragraph(&what, style, 2);
        }
    }

    /// A problem to its end: what, why, what to do.
    pub fn told(&mut self, problem: &Problem) {
        let (sign, style) = self.severity(problem);
        let what = format!("{sign} {}", self.say(&problem.what()));
        self.paragraph(&what, style, 0);
        for more in problem.why(&self.wizard.text).into_iter().chain(problem.hint(&self.wizard.text)) {
            self.paragraph(&more, Style::new(), 0);
        }
    }

    fn severity(&self, problem: &Problem) -> (&'static str, Style) {
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
    fn labelled(&mut self, label: &str, text: &str, style: Style) {
        for (row, line) in wrap(text, self.width.saturating_sub(label.width())).into_iter().enumerate() {
            let label = if row == 0 { label.to_owned() } else { " ".repeat(label.width()) };
            self.push(Line::from(vec![Span::raw(label), Span::styled(line, style)]));
        }
    }

    /// A table in columns where they fit, else each row as a small paragraph.
    fn block_table(&mut self, rows: &[Vec<String>]) {
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
