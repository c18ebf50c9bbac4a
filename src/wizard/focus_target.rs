//! The places of a page that can have the focus, top to bottom.

use crate::form::{Answered, Content, Kind, Page, Question};

/// A place that can have the focus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FocusTarget {
    /// A one-line text of any kind.
    Text(String),
    /// One of several words, in a row's line: the keys to the left and right choose.
    Choice(String),
    /// One word among several that stand below each other: path, index.
    Option(String, usize),
    /// Yes or no.
    Toggle(String),
    /// An item of a list; the one after the last adds.
    Item(String, usize),
    /// A tick box: path, index among what can be ticked.
    Tick(String, usize),
    /// The preset of the row being edited.
    Preset(usize),
    /// The filter over the rows of a path.
    Filter,
    /// A row of a table.
    Row(usize),
    /// Adds a row.
    AddRow,
    /// A text to view, by its index among the page's documents.
    Document(usize),
    /// A line of a review, by its index, that leads to the answer at this path; several lines may be about one answer.
    Jump(usize, String),
    /// The log of the run.
    Log,
    /// Goes on.
    Next,
    /// Goes back; from a row, without what was changed in it.
    Back,
}

impl FocusTarget {
    /// Path of the answer, if it is about one.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            FocusTarget::Text(path) | FocusTarget::Choice(path) | FocusTarget::Toggle(path) => Some(path),
            FocusTarget::Option(path, _) | FocusTarget::Item(path, _) | FocusTarget::Tick(path, _) => Some(path),
            _ => None,
        }
    }

    /// Path that its problems are reported under: an item has one of its own.
    #[must_use]
    pub fn problem_path(&self) -> Option<String> {
        match self {
            FocusTarget::Item(path, index) => Some(format!("{path}.{index}")),
            slot => slot.path().map(str::to_owned),
        }
    }

    /// Whether both are options of one choice, or tick boxes of one question.
    #[must_use]
    pub fn is_beside(&self, other: &Self) -> bool {
        match (self, other) {
            (FocusTarget::Option(path, _), FocusTarget::Option(beside, _))
            | (FocusTarget::Tick(path, _), FocusTarget::Tick(beside, _)) => path == beside,
            _ => false,
        }
    }

    /// Whether text is typed into it.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self, FocusTarget::Text(_) | FocusTarget::Item(..) | FocusTarget::Filter)
    }
}

/// The slots of one question.
#[must_use]
pub fn of_question(answered: &Answered, question: &Question) -> Vec<FocusTarget> {
    let path = question.path.clone();
    match question.field.kind {
        Kind::Choice(..) if is_in_row(&path) => vec![FocusTarget::Choice(path)],
        Kind::Choice(options, _) => (0..options.len()).map(|index| FocusTarget::Option(path.clone(), index)).collect(),
        Kind::Toggle => vec![FocusTarget::Toggle(path)],
        Kind::List(_) => {
            (0..=question.value.items().len()).map(|index| FocusTarget::Item(path.clone(), index)).collect()
        }
        Kind::MultiSelect(source) => {
            (0..source(answered).len()).map(|index| FocusTarget::Tick(path.clone(), index)).collect()
        }
        Kind::Rows(_) => Vec::new(),
        Kind::Text(_)
        | Kind::Name(_)
        | Kind::Country
        | Kind::File
        | Kind::Address
        | Kind::NameServer
        | Kind::Number(..) => {
            vec![FocusTarget::Text(path)]
        }
    }
}

/// Whether a choice at `path` belongs to a row, where there are many fields and each has one line.
#[must_use]
pub fn is_in_row(path: &str) -> bool {
    row_of(path).is_some()
}

/// The row that `path` is in.
pub(super) fn row_of(path: &str) -> Option<usize> {
    path.split('.').find_map(|part| part.parse().ok())
}

/// The slots of a page that shows `blocks`, while no row is edited: rows that are not in `shown` are filtered out.
pub fn of_page(answered: &Answered, page: &'static Page, blocks: &[Content], shown: &[usize]) -> Vec<FocusTarget> {
    let mut slots = Vec::new();
    for field in page.fields.iter().filter(|field| (field.asked_if)(answered)) {
        if matches!(field.kind, Kind::Rows(_)) {
            if answered.answers.rows(field.path).len() > 1 {
                slots.push(FocusTarget::Filter);
            }
            slots.extend(shown.iter().map(|row| FocusTarget::Row(*row)));
            slots.push(FocusTarget::AddRow);
        } else {
            slots.extend(of_question(answered, &page.question(answered, field, field.path.to_owned())));
        }
    }
    let documents = blocks.iter().filter(|block| matches!(block, Content::Document { .. }));
    slots.extend(documents.enumerate().map(|(index, _)| FocusTarget::Document(index)));
    slots
}
