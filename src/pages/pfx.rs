//! The pair in use as a PFX, which Windows and other machines take.

use std::path::{Path, PathBuf};

use crate::edge::Usage;
use crate::form::{Answered, PageContext};
use crate::home::layout::number_of;
use crate::lifecycle::{broken_pair, pair_none};
use crate::plan::{Action, Change, Plan};
use crate::problem::{Code, Problem};
use crate::steps::pfx::Pfx;

use super::EXPORTABLE;
use super::to_do::{named, serves, to_do};

/// What makes a PFX of the pair in use for `usage`, and why it must not or cannot be made. The facts are to hold what is at
/// `out`.
#[must_use]
pub fn pfx(answered: &Answered, out: &Path, usage: Usage, legacy: bool) -> (Plan, Vec<Problem>) {
    let (facts, mut problems) = (answered.facts, Vec::new());
    if !answered.get(EXPORTABLE) {
        problems.push(Problem::error(Code::KeyNotExportable, EXPORTABLE.path()));
    }
    let linked = facts.links.get(usage.link()).and_then(|link| number_of(link));
    let Some(number) = linked else {
        problems.push(pair_none(&facts.layout().link(usage)));
        return (Plan::default(), problems);
    };
    let pair = facts.current(usage);
    problems.extend(broken_pair(pair, number, facts));
    let first = pair.and_then(|pair| pair.certificate.as_ref()).and_then(|leaf| leaf.dns_names.first());
    let said = answered.is_given(super::FRIENDLY_NAME).then(|| answered.get(super::FRIENDLY_NAME));
    let pfx = Pfx {
        pair: facts.layout().pair(number),
        friendly_name: said.or_else(|| first.cloned()).unwrap_or_default(),
        legacy,
        replaces: Pfx::is_ours(facts, out),
    };
    let plan = Plan::of(facts, vec![Action::new(Change::Create, out.to_owned(), pfx)]);
    problems.extend(plan.problems(facts));
    (plan, problems)
}

/// The path of the PFX that a step still to be done makes, once its certificate serves.
#[must_use]
pub fn pfx_to_make(context: &PageContext) -> Option<PathBuf> {
    if !serves(context) {
        return None;
    }
    let step = to_do(context).into_iter().find(|step| step.words.key == "to-do-pfx" && !step.is_done())?;
    let file = named(context, &step.words).into_iter().next()?;
    Some(context.facts().home.join(file))
}
