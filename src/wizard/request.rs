//! How far the request is.

use crate::edge::KeyMaker;
use crate::form::{Body, Page};
use crate::pages;
use crate::pki::KeyKind;
use crate::plan::Change;

use super::state::Wizard;

impl Wizard {
    /// Whether the request that is asked lies on the disk, or the script that asks Windows for it.
    pub(super) fn is_request_made(&self) -> bool {
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
