//! What a run that was cut off left: it is finished where everything was proved and written, and else taken for undone.

use std::path::{Path, PathBuf};

use crate::model::{Entry, Facts, Pair, Usage, number_of, usage_of};
use crate::plan::{Action, Plan};
use crate::text::{Message, say};

/// What is to be done about a run that was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// What ends its work; empty where it is taken for undone.
    pub plan: Plan,
    /// What came of it, in words.
    pub said: Vec<Message>,
}

/// Looks for pairs that a run wrote and did not switch to. Nothing is cut off where no such pair is newer than the one in
/// use: an older one was in use before, or was switched back from.
#[must_use]
pub fn recover(facts: &Facts) -> Recovery {
    let mut recovery = Recovery { plan: Plan::default(), said: Vec::new() };
    let mut links = Vec::new();
    for usage in Usage::ALL {
        let Some(pair) =
            facts.pairs.iter().rev().find(|pair| usage_of(&facts.journal, &facts.home, pair.number) == usage)
        else {
            continue;
        };
        let is_current = facts.links.get(usage.link()).and_then(|link| number_of(link)) == Some(pair.number);
        if is_current || was_switched_to(facts, usage, pair.number) || is_anothers(facts, usage) {
            continue;
        }
        let number = pair.number.to_string();
        if pair.is_whole {
            links.push(Action::link(facts, usage, Some(pair.number)));
            recovery.said.push(say("recover-finished").with("number", number));
        } else {
            recovery.said.push(say("recover-undone").with("number", number));
        }
    }
    recovery.plan = Plan::of(facts, links);
    recovery
}

/// Whether the journal knows of a switch to this pair that came to its end: it was switched from since.
fn was_switched_to(facts: &Facts, usage: Usage, number: u32) -> bool {
    let place = Pair::place(number);
    switches(facts, usage).any(|entry| entry.was.as_deref().map(Path::new) == Some(&place))
}

/// Whether the link leads where no run led it. A switch is written down before it is done, so after the last one it leads
/// to either end.
fn is_anothers(facts: &Facts, usage: Usage) -> bool {
    let now = facts.links.get(usage.link()).map(PathBuf::as_path);
    match switches(facts, usage).next_back() {
        Some(last) => ![&last.to, &last.was].into_iter().any(|end| end.as_deref().map(Path::new) == now),
        None => now.is_some(),
    }
}

/// What the journal says of the link of `usage`, oldest first.
fn switches(facts: &Facts, usage: Usage) -> impl DoubleEndedIterator<Item = &Entry> {
    let place = facts.home.join(usage.link());
    facts.journal.iter().filter(move |entry| entry.what == "link" && Path::new(&entry.target) == place)
}
