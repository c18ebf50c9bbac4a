//! What pages lead to.

use crate::form::file::write;
use crate::form::{Page, PageContext};
use crate::plan::{Action, Plan};

use super::stale;

/// What `pages` lead to, preceded by the answers themselves; after a mere glance, nothing.
#[must_use]
pub fn plan(context: &PageContext, pages: &[&'static Page]) -> Plan {
    let facts = context.facts();
    if facts.is_glance {
        return Plan::default();
    }
    let answers = Action::file(facts, facts.layout().answers(), write(context.pages, context.answered));
    let actions = pages.iter().flat_map(|page| (page.actions)(context));
    Plan::of(facts, std::iter::once(answers).chain(actions).chain(stale::actions(context, pages)).collect())
}
