//! Page: what is looked at every day from now on.

use std::path::Path;

use crate::form::{Answered, Ask, Content, Page, PageContext};
use crate::plan::Action;
use crate::servers::Daily;
use crate::system::Access;
use crate::text::{Message, say};

use super::server::server;

/// The page.
pub static PAGE: Page = Page {
    shown_if: |answered| !server(answered).traits().is_remote,
    show,
    actions,
    ..Page::new("upkeep", &[TIMER.field(), LOOK.field()])
};

/// Whether a timer looks at the certificates every day.
const TIMER: Ask<bool> =
    Ask::toggle("upkeep.timer").or(false).asked_if(|answered| !server(answered).traits().is_remote);
/// Whether one looks at the server, the records and the partners too.
const LOOK: Ask<bool> = Ask::toggle("upkeep.look").or(false).asked_if(|answered| !server(answered).traits().is_remote);

/// Where a machine's own units lie (systemd.unit(5)).
const UNITS: &str = "/etc/systemd/system";

/// What is looked at every day, each with its question.
fn wanted(answered: &Answered) -> impl Iterator<Item = (Ask<bool>, Daily)> {
    let asked = [(TIMER, Daily::Status), (LOOK, Daily::Look)];
    asked.into_iter().filter(|(ask, _)| answered.get(*ask))
}

/// Has a person switch the timers on, where there are any.
pub fn switch_on(answered: &Answered) -> Option<Message> {
    let timers: Vec<&str> = wanted(answered).map(|(_, daily)| daily.files()[1]).collect();
    (!timers.is_empty()).then(|| say("to-do-timer").with("timers", timers.join(" ")))
}

fn show(context: &PageContext) -> Vec<Content> {
    let files: Vec<&str> = wanted(context.answered).flat_map(|(_, daily)| daily.files()).collect();
    let leads = say("upkeep-timer-leads").with("files", files.join(", "));
    match switch_on(context.answered) {
        Some(to_do) => vec![Content::plain(leads), Content::plain(to_do)],
        None => vec![Content::plain(say("upkeep-none-leads"))],
    }
}

fn actions(context: &PageContext) -> Vec<Action> {
    let facts = context.facts();
    let unit = |ask: Ask<bool>, (name, content)| {
        let target = Path::new(UNITS).join(name);
        let may_replace = context.may_replace(&target);
        Action { answer: ask.path(), may_replace, ..Action::file_for(facts, target, content, Access::Shared) }
    };
    let units = |(ask, daily): (Ask<bool>, Daily)| daily.units(&facts.program, &facts.home).map(|file| unit(ask, file));
    wanted(context.answered).flat_map(units).collect()
}
