//! How far the request is, and what else was done.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::edge::KeyMaker;
use crate::form::{Body, Page, Question};
use crate::pages;
use crate::pki::KeyKind;
use crate::plan::Change;

use super::run::End;
use super::state::Wizard;

impl Wizard {
    /// Whether what `page` asks is answered, and what it lists or carries out done. A page is answered by going on from it.
    #[must_use]
    pub fn is_done(&self, page: &'static Page) -> bool {
        self.worked_out.done.get((), || Rc::new(self.done())).contains(page.id)
    }

    /// The pages of which that holds.
    fn done(&self) -> BTreeSet<&'static str> {
        let pages = self.pages();
        let waits = pages::waits_on(&self.reading().deployment, self.reading().facts());
        let mut is_first = true;
        let mut done = BTreeSet::new();
        // Stage by stage: each ends with what carries it out, and none is done before the one before it is.
        for stage in pages.split_inclusive(|page| page.body == Body::Execute) {
            let execution = stage.last().filter(|page| page.body == Body::Execute);
            let was_run = execution.is_some_and(|page| {
                self.runs.get(page.id).is_some_and(|run| run.end == Some(End::Complete))
                    || is_first && self.is_request_made()
            });
            let is_done = |page: &&&'static Page| match page.body {
                Body::Fields | Body::Document => waits != Some(**page) && self.unsaid(page).is_empty(),
                Body::Summary | Body::Execute => was_run || execution.is_none(),
            };
            done.extend(stage.iter().filter(is_done).map(|page| page.id));
            if !was_run {
                break;
            }
            is_first = false;
        }
        done
    }

    /// The questions of `page` whose proposed answers nobody accepted yet.
    pub(super) fn unsaid(&self, page: &'static Page) -> Vec<Question> {
        let mut asked = page.questions(&self.answered());
        asked.retain(|question| question.field.is_written_down() && !question.given && !question.value.is_blank());
        asked
    }

    /// Whether the request that is asked lies on the disk, or the script that asks Windows for it.
    pub(super) fn is_request_made(&self) -> bool {
        *self.worked_out.is_request_made.get((), || Rc::new(self.finds_request()))
    }

    fn finds_request(&self) -> bool {
        let deployment = &self.reading().deployment;
        if deployment.request.key_by == KeyMaker::Edgewright {
            return pages::kept(deployment, self.reading().facts()).is_some();
        }
        let is_execution = |page: &&&'static Page| page.body == Body::Execute;
        let Some(execution) = self.pages().iter().find(is_execution).copied() else { return false };
        let stage = pages::stage(&self.answered(), execution);
        self.with_context(|context| {
            let mut actions = stage.iter().flat_map(|page| (page.actions)(context)).peekable();
            actions.peek().is_some() && actions.all(|action| action.kind == Change::Keep)
        })
    }

    /// The kind of key that the next run will make, once the page that asks for it was left. A dry run needs none ahead.
    pub(super) fn key_to_make(&self) -> Option<KeyKind> {
        let (asked_on, _) = pages::form().field(pages::KEY.path())?;
        let pages = self.pages();
        let mut behind = pages.iter().skip_while(|page| **page != asked_on).skip(1);
        let is_settled = behind.any(|page| self.visited.contains(page.id));
        if self.dry_run || !is_settled {
            None
        } else {
            pages::key_to_make(&self.reading().deployment, self.reading().facts())
        }
    }
}
