//! What stands on the page: content, documents, the rows of a table.

use std::path::PathBuf;
use std::rc::Rc;

use unicode_width::UnicodeWidthStr;

use crate::form::Content;
use crate::problem::Severity;
use crate::text::{Message, say};

use super::state::Wizard;
use super::worked_out::searched;

impl Wizard {
    /// What stands on the page, or what its answers lead to.
    #[must_use]
    pub fn blocks(&self) -> Rc<[Content]> {
        self.worked_out.blocks.get((self.page.id, self.row), || {
            self.with_context(|context| match self.row {
                Some(row) => (self.page.show_row)(context, row).into(),
                None => (self.page.show)(context).into(),
            })
        })
    }

    /// The document of the page with this index: name, file, content.
    #[must_use]
    pub fn document(&self, index: usize) -> Option<(String, PathBuf, String)> {
        let blocks = self.blocks();
        let mut documents = blocks.iter().filter_map(|block| match block {
            Content::Document { name, file, content } => Some((name, file, content)),
            _ => None,
        });
        documents.nth(index).map(|(name, file, content)| (name.clone(), file.clone(), content.clone()))
    }

    /// What the preset is called that a row is set to.
    #[must_use]
    pub fn preset(&self, row: usize) -> Message {
        let now = self.page.presets.as_ref().and_then(|presets| {
            let now = self.with_context(|context| (presets.now)(context, row))?;
            presets.names.get(now)
        });
        say(format!("preset-{}", now.unwrap_or(&"none")))
    }

    /// The rows that the filter lets through.
    #[must_use]
    pub fn shown_rows(&self) -> Rc<[usize]> {
        let rows = self.rows_field().map_or(&[][..], |field| self.reading().answers().rows(field.path));
        // A single row needs no filter, and has none that could be taken back.
        let wanted = if rows.len() > 1 { self.filter.to_lowercase() } else { String::new() };
        self.worked_out.shown.get((self.page.id, wanted.clone()), || {
            if wanted.is_empty() {
                return (0..rows.len()).collect();
            }
            let searched = self.worked_out.searched.get(self.page.id, || rows.iter().map(searched).collect());
            let shown = searched.iter().enumerate().filter(|(_, said)| said.contains(&wanted));
            shown.map(|(index, _)| index).collect()
        })
    }

    /// The cells of a row of the page, its errors, else its warnings, counted in the last; of none, the columns' headings.
    #[must_use]
    pub fn row_cells(&self, row: Option<usize>) -> Vec<String> {
        let mut cells = self.with_context(|context| (self.page.row_cells)(context, row));
        let (mut errors, mut warnings) = (0, 0);
        for problem in row.into_iter().flat_map(|row| self.reading().problems_in(self.page, row)) {
            match problem.severity {
                Severity::Error => errors += 1,
                Severity::Warning => warnings += 1,
            }
        }
        cells.push(match (row, errors + warnings) {
            (None, _) => self.text.say(&say("row-problems-heading")),
            (Some(_), 0) => String::new(),
            (Some(_), _) => self.text.say(&say("row-problems").with("errors", errors).with("warnings", warnings)),
        });
        cells
    }

    /// How wide the columns of the rows are that the filter lets through, headings included.
    #[must_use]
    pub fn column_widths(&self) -> Vec<usize> {
        let mut widths: Vec<usize> = self.row_cells(None).iter().map(|cell| cell.width()).collect();
        let columns = widths.len();
        let rows = self.rows_field().map_or(0, |field| self.reading().answers().rows(field.path).len());
        let of_rows = self.worked_out.cell_widths.get(self.page.id, || {
            (0..rows).flat_map(|row| self.row_cells(Some(row)).into_iter().map(|cell| cell.width())).collect()
        });
        for row in self.shown_rows().iter() {
            for (width, cell) in widths.iter_mut().zip(&of_rows[row * columns..]) {
                *width = (*cell).max(*width);
            }
        }
        widths
    }
}
