//! A reading that follows the keys: after a change, only what it touches is read again.
//!
//! One rule holds it together: what a row says stays in its row, save that two rows may name one domain, and in the files
//! that a run writes. So the answers without their rows are few and are read through all pages after every change; a row
//! is read when it changed; and the whole, with every file, is read where somebody asks for it, once. `tests/flow/live.rs`
//! holds that it is always what [`read`] says.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use crate::edge::{Deployment, Partner, Server};
use crate::form::check::{asked_in_rows, check_row};
use crate::form::{Answers, Field, Page, Row, Scene, Sheet};
use crate::home::Facts;
use crate::problem::{Code, Problem, Severity};
use crate::text::Text;

use super::{Reading, drop_guesses, form, partners, read, server};

/// What changed since the last reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// The answer at this path.
    Answer(&'a str),
    /// The facts, or answers outside of rows.
    Facts,
    /// Anything.
    All,
}

/// An answered form as the screen reads it. The whole reading is behind it and is made when first looked at.
pub struct Live {
    /// What the answers mean.
    pub deployment: Deployment,
    text: Arc<Text>,
    answers: Answers,
    facts: Arc<Facts>,
    /// What is wrong besides the rows and besides places that no answer chose.
    aside: Vec<Problem>,
    /// The worst of that, by page.
    worst: BTreeMap<&'static str, Severity>,
    rows: Rows,
    whole: OnceCell<Reading>,
}

/// What is wrong in the rows, row by row.
#[derive(Default)]
struct Rows {
    /// The server that they are judged for.
    chosen: Option<Server>,
    /// What is wrong with each by itself.
    own: Vec<Vec<Problem>>,
    /// How many of these are warnings.
    warnings: usize,
    /// How many of these are errors.
    errors: usize,
    /// Where each domain is named: rows and the places in them, in order.
    named: HashMap<String, Vec<(usize, usize)>>,
    /// How many of these are named before.
    duplicates: usize,
}

impl Deref for Live {
    type Target = Reading;

    fn deref(&self) -> &Reading {
        self.whole.get_or_init(|| {
            let mut whole = read(&sheet(&self.answers, &self.facts), &self.text);
            whole.problems.retain(is_for_the_screen);
            whole
        })
    }
}

impl Live {
    /// Reads everything; after a mere glance, what rows mean and not what is wrong with them.
    #[must_use]
    pub fn new(answers: &Answers, facts: &Arc<Facts>, text: Arc<Text>) -> Self {
        let (deployment, aside) = read_aside(answers, facts, &text);
        let mut live = Live {
            deployment,
            text,
            answers: answers.clone(),
            facts: Arc::clone(facts),
            worst: worst(&aside),
            aside,
            rows: Rows::default(),
            whole: OnceCell::new(),
        };
        if facts.is_glance {
            live.deployment.federation.partners = partners::partners(&sheet(answers, facts));
        } else {
            live.read_rows();
        }
        live
    }

    /// Lets go of the answers, which are about to be changed: a second hold on them would cost a copy.
    pub fn forget(&mut self) {
        self.answers = Answers::default();
        self.whole = OnceCell::new();
    }

    /// Reads again what `change` touches.
    pub fn follow(&mut self, change: Change, answers: &Answers, facts: &Arc<Facts>) {
        self.forget();
        self.answers = answers.clone();
        self.facts = Arc::clone(facts);
        let row = if let Change::Answer(path) = change { row_of(path) } else { None };
        if let Some(row) = row.filter(|row| *row < self.rows.own.len()) {
            self.read_row(row);
            return;
        }
        let (deployment, aside) = read_aside(answers, facts, &self.text);
        let before = std::mem::replace(&mut self.deployment, deployment);
        (self.worst, self.aside) = (worst(&aside), aside);
        let server = (self.deployment.server, server::chosen(&sheet(answers, facts)));
        if change == Change::All || server != (before.server, self.rows.chosen) {
            self.read_rows();
        } else {
            self.deployment.federation.partners = before.federation.partners;
        }
    }

    /// What is wrong on the way to this path: its own problems, those in it where it is a row's.
    pub fn problems_at(&self, path: &str) -> impl Iterator<Item = Cow<'_, Problem>> {
        let row = row_of(path);
        let aside = self.aside.iter().filter(move |_| row.is_none()).map(Cow::Borrowed);
        aside.chain(row.into_iter().flat_map(|row| self.problems_in(row)))
    }

    /// What is wrong in a row.
    pub fn problems_in(&self, row: usize) -> impl Iterator<Item = Cow<'_, Problem>> {
        let partners = &self.deployment.federation.partners;
        let duplicates =
            partners.get(row).into_iter().flat_map(partners::domains).filter_map(move |(place, domain)| {
                let other = self.rows.named_before(domain.ascii(), row, place)?;
                Some(Cow::Owned(partners::duplicate(row, place, domain, &partners[other])))
            });
        self.rows.own.get(row).into_iter().flatten().map(Cow::Borrowed).chain(duplicates)
    }

    /// What is wrong on `page`.
    pub fn problems_of(&self, page: &Page) -> Vec<Problem> {
        let of_page = |problem: &&Problem| form().field(&problem.path).is_some_and(|(at, _)| at == page);
        let rows = if *page == partners::PAGE { 0..self.rows.own.len() } else { 0..0 };
        let rows = rows.flat_map(|row| self.problems_in(row)).map(Cow::into_owned);
        self.aside.iter().filter(of_page).cloned().chain(rows).collect()
    }

    /// How bad it is on `page`.
    #[must_use]
    pub fn worst_of(&self, page: &Page) -> Option<Severity> {
        let rows = if *page == partners::PAGE { self.rows.worst() } else { None };
        self.worst.get(page.id).copied().max(rows)
    }

    fn read_rows(&mut self) {
        let Live { deployment, rows, answers, facts, text, .. } = self;
        let sheet = sheet(answers, facts);
        deployment.federation.partners = partners::partners(&sheet);
        *rows = Rows { chosen: server::chosen(&sheet), ..Rows::default() };
        let scene = Scene { sheet: &sheet, deployment, text };
        let asked = asked_in_rows(&sheet, partners::ROW);
        for (index, row) in sheet.rows(partners::PARTNERS).iter().enumerate() {
            let problems = own_problems(&scene, &asked, index, row);
            rows.count(&problems, true);
            rows.own.push(problems);
            rows.name(index, &deployment.federation.partners[index]);
        }
    }

    fn read_row(&mut self, index: usize) {
        let sheet = sheet(&self.answers, &self.facts);
        let Some(row) = sheet.rows(partners::PARTNERS).get(index) else { return };
        self.rows.unname(index, &self.deployment.federation.partners[index]);
        self.deployment.federation.partners[index] = partners::partner(&sheet, row);
        self.rows.name(index, &self.deployment.federation.partners[index]);
        let scene = Scene { sheet: &sheet, deployment: &self.deployment, text: &self.text };
        let problems = own_problems(&scene, &asked_in_rows(&sheet, partners::ROW), index, row);
        self.rows.count(&problems, true);
        let before = std::mem::replace(&mut self.rows.own[index], problems);
        self.rows.count(&before, false);
    }
}

impl Rows {
    /// Counts problems that came or went.
    fn count(&mut self, problems: &[Problem], came: bool) {
        for problem in problems {
            let count = if problem.severity == Severity::Error { &mut self.errors } else { &mut self.warnings };
            *count = if came { *count + 1 } else { *count - 1 };
        }
    }

    fn worst(&self) -> Option<Severity> {
        match (self.errors + self.duplicates, self.warnings) {
            (0, 0) => None,
            (0, _) => Some(Severity::Warning),
            _ => Some(Severity::Error),
        }
    }

    /// The row that names `domain` last before this place.
    fn named_before(&self, domain: &str, row: usize, place: usize) -> Option<usize> {
        let named = self.named.get(domain)?;
        named.iter().rfind(|at| **at < (row, place)).map(|(row, _)| *row)
    }

    fn name(&mut self, row: usize, partner: &Partner) {
        for (place, domain) in partners::domains(partner) {
            let named = self.named.entry(domain.ascii().to_owned()).or_insert_with(|| Vec::with_capacity(1));
            self.duplicates += usize::from(!named.is_empty());
            let at = named.partition_point(|other| *other < (row, place));
            named.insert(at, (row, place));
        }
    }

    fn unname(&mut self, row: usize, partner: &Partner) {
        for (place, domain) in partners::domains(partner) {
            let Some(named) = self.named.get_mut(domain.ascii()) else { continue };
            named.retain(|other| *other != (row, place));
            self.duplicates -= usize::from(!named.is_empty());
            if named.is_empty() {
                self.named.remove(domain.ascii());
            }
        }
    }
}

/// What is wrong with a row by itself.
fn own_problems(scene: &Scene, asked: &[&'static Field], index: usize, row: &Row) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_row(scene.sheet, asked, (partners::PARTNERS.path(), index), row, &mut problems);
    partners::judge_row(scene, index, &mut problems);
    if !problems.is_empty() {
        drop_guesses(scene.sheet, &mut problems);
    }
    problems
}

/// What the answers mean and what is wrong, besides the rows and besides places that no answer chose.
fn read_aside(answers: &Answers, facts: &Facts, text: &Text) -> (Deployment, Vec<Problem>) {
    let Reading { deployment, mut problems, .. } = read(&sheet(&answers.outline(), facts), text);
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

/// At the screen an answer that is not asked any more is kept for the case that it is asked again; it is not saved.
fn is_for_the_screen(problem: &Problem) -> bool {
    problem.code != Code::NotAsked
}

/// The row that `path` is in.
fn row_of(path: &str) -> Option<usize> {
    path.strip_prefix(partners::PARTNERS.path())?.strip_prefix('.')?.split('.').next()?.parse().ok()
}

fn sheet<'a>(answers: &'a Answers, facts: &'a Facts) -> Sheet<'a> {
    Sheet { form: form(), answers, facts }
}
