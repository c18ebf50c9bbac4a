//! What pages lead to.

use crate::form::file::write;
use crate::form::{Page, PageContext};
use crate::plan::{Action, Change, Plan};
use crate::steps::file::File;
use crate::system::Access;
use crate::text::{Text, say};

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

/// What an action changes, line by line: a diff, and the whole of new settings that a server here reads.
#[must_use]
pub fn changes(action: &Action, text: &Text) -> String {
    let is_settings = |file: &&File| matches!(file.access, Access::Exactly { owner: Some(_), .. });
    match action.kind {
        // It holds nothing but the other files and their digests.
        Change::Change if action.target.ends_with("out/install.sh") => text.say(&say("changes-follow")),
        Change::Create if action.stage.is_some() => {
            let settings = action.as_a::<File>().filter(is_settings);
            let lines = settings.into_iter().flat_map(|file| file.content.lines());
            lines.fold(String::new(), |said, line| said + "+" + line + "\n")
        }
        _ => action.changes(),
    }
}
