//! The rows of a page as a table.

use ratatui::text::{Line, Span};

use crate::faces::tui::fit::{fitted, in_columns};
use crate::problem::Severity;
use crate::text::say;
use crate::wizard::FocusTarget;

use super::{Lines, PageLine};

impl Lines<'_> {
    pub(super) fn table(&mut self) {
        let wizard = self.wizard;
        let slots = wizard.slots();
        if slots.contains(&FocusTarget::Filter) {
            let label = self.say(&say("screen-filter"));
            self.labelled_text(&FocusTarget::Filter, &label, &wizard.filter);
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
        let add = format!("[ {} ]", self.say(&wizard.row_word("add")));
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
        in_columns(&self.wizard.row_cells(row), &self.columns, self.width, self.theme.signs.cut)
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
}
