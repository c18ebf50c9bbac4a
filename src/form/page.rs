//! One page of the wizard, as a value.

use std::path::Path;

use crate::edge::Deployment;
use crate::home::{Facts, RecordSet, Want};
use crate::name::Name;
use crate::plan::Action;
use crate::problem::Problem;
use crate::text::{Message, Text, say};

use super::{Answered, Answers, Content, Field};

/// A page: what it asks, when it is shown, what it finds wrong, what it shows, what it leads to. Its words are
/// `page-<id>` in the catalogue: the value is its title, `.help` its help.
#[derive(Debug)]
pub struct Page {
    /// Stable name.
    pub id: &'static str,
    /// What kind of page it is.
    pub body: Body,
    /// Whether the pages after it depend on its answers, so that nobody goes on from it while one is missing.
    pub decides: bool,
    /// What it asks, in order.
    pub fields: &'static [Field],
    /// Whether it is shown with these answers.
    pub shown_if: fn(&Answered) -> bool,
    /// What is wrong beyond what each field's kind says.
    pub validate: fn(&PageContext, &mut Vec<Problem>),
    /// What stands on the page, or what its answers lead to now.
    pub show: fn(&PageContext) -> Vec<Content>,
    /// The cells of one of its rows in a table; of none, the columns' headings.
    pub row_cells: fn(&PageContext, Option<usize>) -> Vec<String>,
    /// What one of its rows leads to now.
    pub show_row: fn(&PageContext, usize) -> Vec<Content>,
    /// What one of its rows is called in a review, and what it leads to in a word.
    pub review_row: fn(&PageContext, usize) -> (Message, Message),
    /// How its rows are read one by one, if it has some.
    pub rows: Option<RowReader>,
    /// What its rows can be set to at once, if anything.
    pub presets: Option<Presets>,
    /// What it leads to on the disk.
    pub actions: fn(&PageContext) -> Vec<Action>,
    /// What is to be looked at for it, besides what its actions are about.
    pub wants: fn(&PageContext) -> Vec<Want>,
    /// The records that name servers are asked for when it is shown.
    pub looks_up: fn(&PageContext) -> Vec<RecordSet>,
    /// The names, in A-labels, of which name servers are asked who may issue certificates when it is shown.
    pub asks_issuers: fn(&PageContext) -> Vec<String>,
}

/// How the rows of a page are read one by one: after a change in one the others stay. Rows and the places in them are
/// counted from 0.
#[derive(Debug)]
pub struct RowReader {
    /// Works out what all rows mean.
    pub read_all: fn(&Answered, &mut Deployment),
    /// Works out what a row means that was read before.
    pub read: fn(&Answered, &mut Deployment, usize),
    /// Takes over what all rows mean from an earlier deployment.
    pub take: fn(&mut Deployment, earlier: &mut Deployment),
    /// What is wrong with a row by itself, beyond what each field's kind says.
    pub validate: fn(&PageContext, usize, &mut Vec<Problem>),
    /// The names in a row that are said once only in all rows, each with its place.
    pub names: fn(&Deployment, usize) -> Vec<(usize, &Name)>,
    /// That the name at this place of a row is said in another row already.
    pub duplicate: fn(&Deployment, row: usize, (usize, &Name), other: usize) -> Problem,
}

/// Ready-made settings of a row, counted from 0. The words of each are `preset-<name>` in the catalogue.
#[derive(Debug)]
pub struct Presets {
    /// Their names, in order.
    pub names: &'static [&'static str],
    /// The one that suits most rows.
    pub usual: usize,
    /// The one whose settings a row has, if any.
    pub now: fn(&PageContext, usize) -> Option<usize>,
    /// What a person has to say yes to, one question after the other, before a row is set to this one.
    pub asks: fn(&Answered, usize) -> &'static [&'static str],
    /// Sets a row to one; `agreed` where there were questions, each answered with yes.
    pub set: fn(&mut Answers, row: usize, preset: usize, agreed: bool),
}

/// What kind of page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Fields, if any; what `show` gives stands beside or below them.
    Fields,
    /// What `show` gives is the page; fields, if any, stand above it.
    Document,
    /// Review of the pages since the last [`Body::Execute`]: answers, problems, plan.
    Summary,
    /// Performs what the pages since the last one lead to.
    Execute,
}

/// Everything a page may look at.
#[derive(Clone, Copy)]
pub struct PageContext<'a> {
    /// All pages.
    pub pages: &'a [&'static Page],
    /// The answered form.
    pub answered: &'a Answered<'a>,
    /// What the answers mean.
    pub deployment: &'a Deployment,
    /// The language that files are written in.
    pub text: &'a Text,
}

impl<'a> PageContext<'a> {
    /// Whether the person agreed to replace what is at `file`.
    #[must_use]
    pub fn may_replace(&self, file: &Path) -> bool {
        self.answered.wishes.agreed.contains(file)
    }

    /// The pages being shown.
    #[must_use]
    pub fn shown(&self) -> Vec<&'static Page> {
        shown(self.pages, self.answered).collect()
    }

    /// What is there.
    #[must_use]
    pub fn facts(&self) -> &'a Facts {
        self.answered.facts
    }
}

impl Page {
    /// Whether it is read rather than filled in.
    #[must_use]
    pub fn is_for_reading(&self) -> bool {
        self.body != Body::Fields
    }

    /// Whether an answer to `field`, which is one of its own, counts.
    #[must_use]
    pub fn counts(&self, field: &Field, answered: &Answered) -> bool {
        field.kept || (self.shown_if)(answered) && field.counts(answered)
    }

    /// A page that only asks.
    #[must_use]
    pub const fn new(id: &'static str, fields: &'static [Field]) -> Self {
        Page {
            id,
            body: Body::Fields,
            decides: false,
            fields,
            shown_if: |_| true,
            validate: |_, _| (),
            show: |_| Vec::new(),
            row_cells: |_, _| Vec::new(),
            show_row: |_, _| Vec::new(),
            review_row: |_, _| (say("nothing"), say("nothing")),
            rows: None,
            presets: None,
            actions: |_| Vec::new(),
            wants: |_| Vec::new(),
            looks_up: |_| Vec::new(),
            asks_issuers: |_| Vec::new(),
        }
    }
}

impl PartialEq for Page {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// Those of `pages` that are shown with these answers.
pub(super) fn shown(pages: &[&'static Page], answered: &Answered) -> impl Iterator<Item = &'static Page> {
    pages.iter().copied().filter(|page| (page.shown_if)(answered))
}
