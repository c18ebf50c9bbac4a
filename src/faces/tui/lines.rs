//! A page as lines, each with the place that has the focus there.

mod content;
mod question;
mod summary;
mod table;

use std::borrow::Cow;
use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::form::{Body, Kind};
use crate::problem::Problem;
use crate::text::Message;
use crate::wizard::{FocusTarget, Wizard};

use super::fit::{cut, wrap};
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

/// Lines of help below a place where the page does not fit.
const MOST_HELP: usize = 3;
/// Lines of a page's help where the page does not fit.
const SHORT_HELP: usize = 2;

/// Draws one page into lines of `width` columns.
pub struct Lines<'a> {
    /// The state.
    pub wizard: &'a Wizard,
    /// The look.
    pub theme: Theme,
    /// Columns there are.
    pub width: usize,
    /// Whether an empty line parts what is asked.
    pub spaced: bool,
    /// Lines of help below a place; F1 shows it to its end.
    pub most_help: usize,
    /// The lines so far; those of rows are empty until [`Lines::drawn`].
    pub all: Vec<PageLine>,
    /// The line of the action that is being done, which is to be in sight.
    pub under_way: Option<usize>,
    /// Widths of the columns of rows.
    columns: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// No lines yet.
    #[must_use]
    pub fn new(wizard: &'a Wizard, theme: Theme, width: usize) -> Self {
        Lines {
            wizard,
            theme,
            width,
            spaced: false,
            most_help: usize::MAX,
            all: Vec::new(),
            under_way: None,
            columns: Vec::new(),
        }
    }

    /// The page in at most `height` lines where that can be: with room between what is asked where that fits too, else with
    /// the beginning of its help. What it leads to is drawn `beside` it, or else stands below.
    #[must_use]
    pub fn of_page(wizard: &'a Wizard, theme: Theme, width: usize, height: usize, beside: bool) -> Self {
        let draw = |spaced, most_help, most_intro| {
            let mut lines = Lines { spaced, most_help, ..Lines::new(wizard, theme, width) };
            lines.page(beside, most_intro);
            lines
        };
        let whole = draw(false, usize::MAX, usize::MAX);
        if whole.all.len() > height {
            return draw(false, MOST_HELP, SHORT_HELP);
        }
        Some(draw(true, usize::MAX, usize::MAX)).filter(|spaced| spaced.all.len() <= height).unwrap_or(whole)
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

    /// Lets a click on each of these columns of the last line choose the option of that index.
    fn words_of_last(&mut self, words: Vec<(Range<u16>, usize)>) {
        if let Some(line) = self.all.last_mut() {
            line.words = words;
        }
    }

    /// The problem shown at the focus.
    pub fn problem_at_focus(&self) -> Option<Cow<'a, Problem>> {
        self.wizard.focus.problem_path().and_then(|path| self.wizard.problem_at(&path))
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

    /// A quiet paragraph of at most so many lines; where it is cut, F1 shows it to its end.
    fn quietly(&mut self, text: &str, indent: usize, most: usize) {
        let from = self.all.len();
        self.paragraph(text, self.theme.quiet(), indent);
        if self.all.len() - from > most {
            self.all.truncate(from + most);
            self.cut_last("F1");
        }
    }

    /// Says at the end of the last line which key shows what was cut there.
    pub fn cut_last(&mut self, key: &str) {
        let more = format!(" {} {key}", self.theme.signs.cut);
        if let Some(last) = self.all.last_mut() {
            let style = last.line.spans.first().map(|span| span.style).unwrap_or_default();
            let kept = cut(&last.line.to_string(), self.width.saturating_sub(more.width()), "");
            last.line = Line::from(Span::styled(kept.trim_end().to_owned() + &more, style));
        }
    }

    /// Everything that stands on the page.
    fn page(&mut self, beside: bool, most_intro: usize) {
        let page = self.wizard.page;
        if self.wizard.row.is_none() {
            self.quietly(&self.say(&self.wizard.page_help()), 0, most_intro);
            self.blank();
        }
        match (page.body, self.wizard.row) {
            (Body::Summary, _) => self.summary(),
            (Body::Execute, _) => self.execution(),
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
                self.question(&page.question(&answered, field, field.path.to_owned()));
            }
        }
    }

    fn row(&mut self, row: usize) {
        let Some(field) = self.wizard.rows_field() else { return };
        if let Some(presets) = &self.wizard.page.presets {
            self.preset(row, presets);
        }
        for question in self.wizard.page.questions_of_row(&self.wizard.answered(), field, row) {
            self.question(&question);
        }
    }
}
