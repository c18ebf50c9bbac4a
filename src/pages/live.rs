//! A reading that follows the keys: after a change, only what it touches is read again.
//!
//! One rule holds it together: what a row says stays in its row, save that two rows may name one domain, and in the files
//! that a run writes. So the answers without their rows are few and are read through all pages after every change; a row
//! is read when it changed; and the whole, with every file, is read where somebody asks for it, once. `tests/flow/live.rs`
//! holds that it is always what [`read`] says.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::edge::{Deployment, Server};
use crate::form::check::{check_row, counted_in_rows};
use crate::form::{
    Answered, Answers, DefaultValue, Field, Kind, NO_WISHES, Page, PageContext, RowReader, Value, Wishes,
};
use crate::home::Facts;
use crate::problem::{Code, Problem, Severity};
use crate::text::Text;

use super::{MANY, PAGES, Reading, drop_guesses, form, install, read, server};

/// What a change touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed<'a> {
    /// The answer at this path.
    Answer(&'a str),
    /// Facts, wishes, or answers outside of rows.
    BesidesRows,
    /// Anything.
    All,
}

/// An answered form as the screen reads it. What it is read from changes here only, so that the reading follows.
pub struct Live {
    /// What the answers mean.
    pub deployment: Deployment,
    text: Arc<Text>,
    answers: Answers,
    facts: Facts,
    wishes: Arc<Wishes>,
    /// What was worked out last for the places that are.
    places: BTreeMap<&'static str, Value>,
    /// What is wrong besides the rows and besides places that no answer chose.
    aside: Vec<Problem>,
    /// The worst of that, by page.
    worst: BTreeMap<&'static str, Severity>,
    /// The rows of each page that has some.
    rows: Vec<Rows>,
    /// The server that the rows are judged for.
    judged_for: Option<Server>,
    whole: OnceCell<Reading>,
}

impl Live {
    /// Reads everything; where a run cannot be planned yet, what rows mean and not what is wrong with them.
    #[must_use]
    pub fn new(answers: Answers, facts: Facts, text: Arc<Text>) -> Self {
        let (deployment, aside) = read_aside(&answers, &facts, &NO_WISHES, &text);
        let mut live = Live {
            deployment,
            text,
            answers,
            facts,
            wishes: Arc::default(),
            places: BTreeMap::new(),
            worst: worst(&aside),
            aside,
            rows: Rows::all(),
            judged_for: None,
            whole: OnceCell::new(),
        };
        live.read_rows();
        if live.facts.knows_targets() {
            live.validate_rows();
        }
        live
    }

    /// What was said.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// What is there, as far as anybody looked.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What is wanted of this run besides.
    #[must_use]
    pub fn wishes(&self) -> &Arc<Wishes> {
        &self.wishes
    }

    /// The answered form.
    #[must_use]
    pub fn answered(&self) -> Answered<'_> {
        answered(&self.answers, &self.facts, &self.wishes)
    }

    /// The whole reading, with everything that a run would do: made when it is first asked for after a change.
    pub fn whole(&self) -> &Reading {
        self.whole.get_or_init(|| {
            let mut whole = read(&self.answered(), &self.text);
            whole.problems.retain(is_for_the_screen);
            whole
        })
    }

    /// Changes the answers, no more of them than `changed` says.
    pub fn change<T>(&mut self, changed: Changed, change: impl FnOnce(&mut Answers) -> T) -> T {
        let told = change(&mut self.answers);
        self.read_again(changed);
        told
    }

    /// Takes in what a look found.
    pub fn look_is_in(&mut self, facts: Facts) {
        // After a mere glance no row was judged yet.
        let changed = if self.facts.knows_targets() { Changed::BesidesRows } else { Changed::All };
        self.facts = facts;
        self.read_again(changed);
    }

    /// Changes what is wanted of this run.
    pub fn wish(&mut self, wish: impl FnOnce(&mut Wishes)) {
        wish(Arc::make_mut(&mut self.wishes));
        self.read_again(Changed::BesidesRows);
    }

    /// Reads again what `changed` touches.
    fn read_again(&mut self, changed: Changed) {
        self.follow_places();
        self.whole = OnceCell::new();
        let answered = answered(&self.answers, &self.facts, &self.wishes);
        if let Changed::Answer(path) = changed
            && let Some((rows, row)) = self.rows.iter_mut().find_map(|rows| rows.row_of(path).map(|row| (rows, row)))
            && row < rows.own.len().min(self.answers.rows(rows.path).len())
        {
            rows.read_again(row, &answered, &mut self.deployment, &self.text);
            self.judge_rows_together();
            return;
        }
        let (deployment, aside) = read_aside(&self.answers, &self.facts, &self.wishes, &self.text);
        let mut before = std::mem::replace(&mut self.deployment, deployment);
        (self.worst, self.aside) = (worst(&aside), aside);
        let server = (self.deployment.server, server::chosen(&answered));
        if changed == Changed::All || server != (before.server, self.judged_for) {
            self.read_rows();
            self.validate_rows();
        } else {
            self.rows.iter().for_each(|rows| (rows.reader.take)(&mut self.deployment, &mut before));
        }
        self.judge_rows_together();
    }

    /// Finds what all rows together decide: what of the server on this machine does not fit them.
    fn judge_rows_together(&mut self) {
        if self.facts.server.is_none() {
            return;
        }
        let is_of_rows = |problem: &Problem| match problem.code {
            Code::ServerStreams => true,
            Code::ServerCannot => problem.path == server::INSTALL.path(),
            _ => false,
        };
        let answered = answered(&self.answers, &self.facts, &self.wishes);
        let context = PageContext { pages: PAGES, answered: &answered, deployment: &self.deployment, text: &self.text };
        let mut found = Vec::new();
        install::validate(&context, &mut found);
        self.aside.retain(|problem| !is_of_rows(problem));
        self.aside.extend(found.into_iter().filter(is_of_rows));
        self.worst = worst(&self.aside);
    }

    /// Lets a place that stands as it was worked out, and was written down when its page was left, go on following what it
    /// is worked out from.
    fn follow_places(&mut self) {
        let is_place = |field: &&Field| matches!((field.kind, field.default), (Kind::File, DefaultValue::From(_)));
        for field in form().pages.iter().flat_map(|page| page.fields).filter(is_place) {
            let now = field.default_value(&self.answered());
            let before = self.places.insert(field.path, now.clone()).filter(|before| *before != now);
            if before.is_some() && self.answers.get(field.path) == before.as_ref() {
                self.answers.set(field.path, field.path, now);
            }
        }
    }

    /// What is wrong on the way to this path: its own problems, those in it where it is a row's.
    pub fn problems_at(&self, path: &str) -> impl Iterator<Item = Cow<'_, Problem>> {
        let row = self.rows.iter().find_map(|rows| Some((rows, rows.row_of(path)?)));
        let aside = self.aside.iter().filter(move |_| row.is_none()).map(Cow::Borrowed);
        aside.chain(row.into_iter().flat_map(|(rows, row)| rows.problems_in(row, &self.deployment)))
    }

    /// What is wrong in a row of `page`.
    pub fn problems_in(&self, page: &Page, row: usize) -> impl Iterator<Item = Cow<'_, Problem>> {
        self.rows_of(page).into_iter().flat_map(move |rows| rows.problems_in(row, &self.deployment))
    }

    /// What is wrong on `page`.
    pub fn problems_of(&self, page: &Page) -> Vec<Problem> {
        let of_page = |problem: &&Problem| form().field(&problem.path).is_some_and(|(at, _)| at == page);
        let in_rows = self.rows_of(page).into_iter().flat_map(|rows| {
            let each = 0..rows.own.len();
            each.flat_map(|row| rows.problems_in(row, &self.deployment)).map(Cow::into_owned)
        });
        self.aside.iter().filter(of_page).cloned().chain(in_rows).collect()
    }

    /// How bad it is on `page`.
    #[must_use]
    pub fn worst_of(&self, page: &Page) -> Option<Severity> {
        self.worst.get(page.id).copied().max(self.rows_of(page).and_then(Rows::worst))
    }

    fn rows_of(&self, page: &Page) -> Option<&Rows> {
        self.rows.iter().find(|rows| rows.page == page)
    }

    fn read_rows(&mut self) {
        let answered = answered(&self.answers, &self.facts, &self.wishes);
        self.rows.iter().for_each(|rows| (rows.reader.read_all)(&answered, &mut self.deployment));
    }

    fn validate_rows(&mut self) {
        let answered = answered(&self.answers, &self.facts, &self.wishes);
        let context = PageContext { pages: PAGES, answered: &answered, deployment: &self.deployment, text: &self.text };
        self.judged_for = server::chosen(&answered);
        self.rows = Rows::all();
        self.rows.iter_mut().for_each(|rows| rows.validate_all(&context));
    }
}

/// The rows of a page, and what is wrong in them, row by row.
struct Rows {
    page: &'static Page,
    reader: &'static RowReader,
    /// Path of the rows.
    path: &'static str,
    /// The fields of each.
    fields: &'static [Field],
    /// What is wrong with each by itself.
    own: Vec<Vec<Problem>>,
    /// How many of these are warnings.
    warnings: usize,
    /// How many of these are errors.
    errors: usize,
    /// Where each name is said: rows and the places in them, in order.
    named: HashMap<String, Vec<(usize, usize)>>,
    /// How many of these are named before.
    duplicates: usize,
}

impl Rows {
    /// Those of every page, not judged yet.
    fn all() -> Vec<Self> {
        let each = PAGES.iter().flat_map(|page| page.fields.iter().map(move |field| (*page, field)));
        let rows = each.filter_map(|(page, field)| {
            let Kind::Rows(fields) = field.kind else { return None };
            let (own, named) = (Vec::new(), HashMap::new());
            let reader = page.rows.as_ref()?;
            Some(Rows { page, reader, path: field.path, fields, own, warnings: 0, errors: 0, named, duplicates: 0 })
        });
        rows.collect()
    }

    /// The row that `path` is in.
    fn row_of(&self, path: &str) -> Option<usize> {
        path.strip_prefix(self.path)?.strip_prefix('.')?.split('.').next()?.parse().ok()
    }

    /// What is wrong in a row.
    fn problems_in<'a>(&'a self, row: usize, deployment: &'a Deployment) -> impl Iterator<Item = Cow<'a, Problem>> {
        // Hardly ever is a name said twice, and there are many rows.
        let names = if self.duplicates == 0 { Vec::new() } else { (self.reader.names)(deployment, row) };
        let duplicates = names.into_iter().filter_map(move |(place, name)| {
            let other = self.named_before(name.ascii(), row, place)?;
            Some(Cow::Owned((self.reader.duplicate)(deployment, row, (place, name), other)))
        });
        self.own.get(row).into_iter().flatten().map(Cow::Borrowed).chain(duplicates)
    }

    fn worst(&self) -> Option<Severity> {
        match (self.errors + self.duplicates, self.warnings) {
            (0, 0) => None,
            (0, _) => Some(Severity::Warning),
            _ => Some(Severity::Error),
        }
    }

    fn validate_all(&mut self, context: &PageContext) {
        let asked = counted_in_rows(context.answered, self.fields);
        for row in 0..context.answered.answers.rows(self.path).len() {
            let problems = self.validate(context, &asked, row);
            self.count(&problems, true);
            self.own.push(problems);
            self.name(row, context.deployment);
        }
    }

    /// Reads a row again that changed.
    fn read_again(&mut self, row: usize, answered: &Answered, deployment: &mut Deployment, text: &Text) {
        self.unname(row, deployment);
        (self.reader.read)(answered, deployment, row);
        self.name(row, deployment);
        let asked = counted_in_rows(answered, self.fields);
        let problems = self.validate(&PageContext { pages: PAGES, answered, deployment, text }, &asked, row);
        self.count(&problems, true);
        let before = std::mem::replace(&mut self.own[row], problems);
        self.count(&before, false);
    }

    /// What is wrong with a row by itself.
    fn validate(&self, context: &PageContext, asked: &[&'static Field], row: usize) -> Vec<Problem> {
        let mut problems = Vec::new();
        let said = &context.answered.answers.rows(self.path)[row];
        check_row(context.answered, asked, (self.path, row), said, &mut problems);
        (self.reader.validate)(context, row, &mut problems);
        if !problems.is_empty() {
            drop_guesses(context.answered, &mut problems);
        }
        problems
    }

    /// Counts problems that came or went.
    fn count(&mut self, problems: &[Problem], came: bool) {
        for problem in problems {
            let count = if problem.severity == Severity::Error { &mut self.errors } else { &mut self.warnings };
            *count = if came { *count + 1 } else { *count - 1 };
        }
    }

    /// The row that says `name` last before this place.
    fn named_before(&self, name: &str, row: usize, place: usize) -> Option<usize> {
        let named = self.named.get(name)?;
        named.iter().rfind(|at| **at < (row, place)).map(|(row, _)| *row)
    }

    fn name(&mut self, row: usize, deployment: &Deployment) {
        for (place, name) in (self.reader.names)(deployment, row) {
            let named = self.named.entry(name.ascii().to_owned()).or_insert_with(|| Vec::with_capacity(1));
            self.duplicates += usize::from(!named.is_empty());
            let at = named.partition_point(|other| *other < (row, place));
            named.insert(at, (row, place));
        }
    }

    fn unname(&mut self, row: usize, deployment: &Deployment) {
        for (place, name) in (self.reader.names)(deployment, row) {
            let Some(named) = self.named.get_mut(name.ascii()) else { continue };
            named.retain(|other| *other != (row, place));
            self.duplicates -= usize::from(!named.is_empty());
            if named.is_empty() {
                self.named.remove(name.ascii());
            }
        }
    }
}

/// What the answers mean and what is wrong, besides the rows and besides places that no answer chose.
fn read_aside(answers: &Answers, facts: &Facts, wishes: &Wishes, text: &Text) -> (Deployment, Vec<Problem>) {
    let Reading { deployment, mut problems, .. } = read(&answered(&answers.outline(MANY), facts, wishes), text);
    // Without its rows a file counts as changed: whether it has to be written says the whole reading.
    problems.retain(|problem| !problem.path.is_empty() && is_for_the_screen(problem));
    (deployment, problems)
}

fn worst(problems: &[Problem]) -> BTreeMap<&'static str, Severity> {
    let mut worst = BTreeMap::new();
    for problem in problems {
        if let Some((page, _)) = form().field(&problem.path) {
            let so_far = worst.entry(page.id).or_insert(problem.severity);
            *so_far = problem.severity.max(*so_far);
        }
    }
    worst
}

/// At the screen an answer that is not asked any more is kept for the case that it is asked again; it is not saved. That a
/// server waits for its certificate is the way of things there, and said on the page that puts both into service.
fn is_for_the_screen(problem: &Problem) -> bool {
    !matches!(problem.code, Code::NotAsked | Code::ServerWaits)
}

fn answered<'a>(answers: &'a Answers, facts: &'a Facts, wishes: &'a Wishes) -> Answered<'a> {
    Answered { wishes, ..Answered::new(answers, facts) }
}
