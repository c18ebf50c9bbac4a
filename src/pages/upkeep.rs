//! Page: what looks after the certificates from now on.

use std::path::Path;

use crate::form::{Ask, Content, Page, PageContext};
use crate::plan::Action;
use crate::servers::status_units;
use crate::system::Access;
use crate::text::say;

use super::server::server;

/// The page.
pub static PAGE: Page = Page {
    shown_if: |answered| !server(answered).traits().is_remote,
    show,
    actions,
    ..Page::new("upkeep", &[TIMER.field()])
};

/// Whether a timer looks at the certificates every day.
pub const TIMER: Ask<bool> =
    Ask::toggle("upkeep.timer").or(false).asked_if(|answered| !server(answered).traits().is_remote);

/// Where a machine's own units lie (systemd.unit(5)).
const UNITS: &str = "/etc/systemd/system";

fn show(context: &PageContext) -> Vec<Content> {
    if context.answered.get(TIMER) {
        vec![Content::plain(say("upkeep-timer-leads")), Content::plain(say("to-do-timer"))]
    } else {
        vec![Content::plain(say("upkeep-none-leads"))]
    }
}

fn actions(context: &PageContext) -> Vec<Action> {
    if !context.answered.get(TIMER) {
        return Vec::new();
    }
    let facts = context.facts();
    let unit = |(name, content)| {
        let target = Path::new(UNITS).join(name);
        let may_replace = context.may_replace(&target);
        Action { answer: TIMER.path(), may_replace, ..Action::file_for(facts, target, content, Access::Shared) }
    };
    status_units(&facts.program, &facts.home).map(unit).into()
}
