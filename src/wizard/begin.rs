//! Where a person begins, or goes on.

use std::sync::Arc;

use crate::form::{Answers, Body, Page};
use crate::home::Facts;
use crate::pages;
use crate::problem::Severity;
use crate::text::{Message, Text};

use super::overview::overview;
use super::state::Wizard;

impl Wizard {
    /// A wizard that begins with `answers`.
    #[must_use]
    pub fn new(text: Arc<Text>, answers: Answers, facts: Facts, dry_run: bool) -> Self {
        let mut wizard = Wizard::at_rest(text, answers, facts, dry_run);
        wizard.begin();
        wizard
    }

    /// A wizard that goes on with saved answers: it says where things stand, and this before.
    #[must_use]
    pub fn resumed(text: Arc<Text>, answers: Answers, facts: Facts, dry_run: bool, said: Vec<Message>) -> Self {
        let mut wizard = Wizard::at_rest(text, answers, facts, dry_run);
        wizard.greeting = Some(said);
        wizard.begin();
        wizard
    }

    /// Goes to where a person goes on, as far as it is known what is there.
    pub(super) fn begin(&mut self) {
        self.page = self.first_page();
        let passed = self.pages().into_iter().take_while(|page| *page != self.page).map(|page| page.id);
        self.visited = passed.chain([self.page.id]).collect();
        self.overlay = self.greeting.clone().map(|greeting| overview(self, greeting));
        // Below the first picture of a hub nothing can be seen yet.
        if self.overlay.is_none() || self.reading().facts().knows_targets() {
            self.focus_first();
        }
    }

    /// Where to go on: the last page that has an answer, but not behind the first that has an error, nor behind the
    /// summary of a request that is not made yet; with the request made, behind that.
    fn first_page(&self) -> &'static Page {
        let pages = self.pages();
        let at = |path: &str| pages::form().field(path).and_then(|(page, _)| pages.iter().position(|p| *p == page));
        let answered = self.reading().answers().iter().filter_map(|(path, _)| at(path)).max();
        let Some(answered) = answered else { return pages[0] };
        let broken = pages.iter().position(|page| self.reading().worst_of(page) == Some(Severity::Error));
        let first = |body: Body| pages.iter().position(|page| page.body == body);
        let reached = match (first(Body::Summary), first(Body::Execute)) {
            (_, Some(made)) if self.is_request_made() => answered.max(made + 1),
            (Some(summary), _) => answered.min(summary),
            _ => answered,
        };
        pages[broken.map_or(reached, |broken| broken.min(reached))]
    }
}
