//! What pages lead to.

use crate::form::file::write;
use crate::form::{Page, PageContext};
use crate::plan::{Action, Plan};

/// What `pages` lead to, preceded by the answers themselves; nothing before somebody looked at that.
#[must_use]
pub fn plan(context: &PageContext, pages: &[&'static Page]) -> Plan {
    if context.facts().knows_targets() { led_to(context, pages) } else { Plan::default() }
}

/// The same, whoever looked.
pub(super) fn led_to(context: &PageContext, pages: &[&'static Page]) -> Plan {
    let facts = context.facts();
    let answers = Action::file(facts, facts.layout().answers(), write(context.pages, context.answered));
    let actions = pages.iter().flat_map(|page| (page.actions)(context));
    Plan::of(facts, std::iter::once(answers).chain(actions).collect())
}
