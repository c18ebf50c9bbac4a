//! What is wrong, as far as it shows, and the plan that it may stand in the way of.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::rc::Rc;

use crate::form::Page;
use crate::pages;
use crate::plan::Plan;
use crate::problem::Problem;

use super::state::Wizard;

impl Wizard {
    /// The problems shown now for the answer at `path`.
    #[must_use]
    pub fn problem_at(&self, path: &str) -> Option<Cow<'_, Problem>> {
        if !self.touched.contains(path) {
            return None;
        }
        let problems = self.reading().problems_at(path).filter(|problem| problem.path == path);
        problems.max_by_key(|problem| problem.severity)
    }

    /// The problems of the page at `page`, errors first.
    #[must_use]
    pub fn problems_of(&self, page: &'static Page) -> Vec<Problem> {
        let mut problems = self.reading().problems_of(page);
        problems.sort_by_key(|problem| Reverse(problem.severity));
        problems
    }

    /// The rows whose problems may show.
    #[must_use]
    pub fn touched_rows(&self) -> BTreeSet<usize> {
        let Some(field) = self.rows_field() else { return BTreeSet::new() };
        let inside = format!("{}.", field.path);
        let paths = self.touched.range(inside.clone()..).map_while(|path| path.strip_prefix(&inside));
        paths.filter_map(|path| path.split('.').next()?.parse().ok()).collect()
    }

    /// The problems that a summary page lists: those of the pages up to it, and what stands in the way of its plan.
    #[must_use]
    pub fn problems_to_here(&self) -> Vec<Problem> {
        let pages = self.pages();
        let here = pages.iter().position(|page| *page == self.page).unwrap_or(pages.len());
        let in_the_way =
            self.stage_plan().problems(self.reading().facts()).into_iter().filter(|problem| problem.path.is_empty());
        let on_pages = pages[..here].iter().flat_map(|page| self.reading().problems_of(page));
        let mut problems: Vec<Problem> = on_pages.chain(in_the_way).collect();
        problems.sort_by_key(|problem| Reverse(problem.severity));
        problems
    }

    /// What the next execution page will perform.
    #[must_use]
    pub fn stage_plan(&self) -> Rc<Plan> {
        self.worked_out.stage_plan.get(self.page.id, || {
            let stage = pages::stage(&self.answered(), self.page);
            Rc::new(self.with_context(|context| pages::plan(context, &stage)))
        })
    }
}
