//! A plan is performed; what is done as a whole is taken back where it cannot be done to its end.

use std::path::Path;
use std::sync::Arc;

use crate::home::Facts;
use crate::lifecycle::{Undo, server_of, touched_by_cut_off, undo_cut_off};
use crate::plan::Plan;
use crate::problem::{Code, Problem, any_error};
use crate::servers::product;
use crate::system::Look;
use crate::text::{Message, say};
use crate::world::{RunOutcome, Secrets, World, perform_with};

/// Performs `plan` as [`perform_with`] does. Gives besides what was said of a stage that was taken back.
pub fn execute(
    world: &mut dyn World,
    home: &Path,
    plan: &Plan,
    secrets: Secrets,
    tell: &mut dyn FnMut(usize),
    go_on: &dyn Fn() -> bool,
) -> (RunOutcome, Vec<Message>) {
    let outcome = perform_with(world, home, plan, secrets, tell, go_on);
    let begun = outcome.done.iter().chain(outcome.failed.iter().map(|(action, _)| action));
    let is_begun = begun.into_iter().any(|action| action.stage.is_some());
    if !is_begun || outcome.failed.is_none() && !outcome.cancelled {
        return (outcome, Vec::new());
    }
    let facts = world.look(&[]);
    let said = take_back(world, facts).map_or_else(
        |problem| {
            // Files come first.
            let is_told = problem.code != Code::ServerFailed;
            vec![say(if is_told { "stage-stays" } else { "stage-untold" }).with("reason", problem.what())]
        },
        |undo| undo.into_iter().flat_map(|undo| undo.stays).chain([say("stage-taken-back")]).collect(),
    );
    (outcome, said)
}

/// Takes back the stage of a run that did not come to its end, if there is one.
///
/// # Errors
/// Why it cannot be taken back: then it is tried again when the next run begins.
pub fn take_back(world: &mut dyn World, mut facts: Facts) -> Result<Option<Undo>, Problem> {
    let touched = touched_by_cut_off(&facts);
    if touched.is_empty() {
        return Ok(None);
    }
    let reader = world.reader();
    reader.look_at(&mut facts, &touched);
    ask_for_undo(reader.as_ref(), &mut facts, None);
    let Some(undo) = undo_cut_off(&facts) else { return Ok(None) };
    let problems = undo.plan.problems(&facts);
    if let (true, Some(problem)) = (any_error(&problems), problems.first()) {
        return Err(problem.clone());
    }
    let outcome = perform_with(world, &facts.home, &undo.plan, Secrets::default(), &mut |_| (), &|| true);
    outcome.failed.map_or(Ok(Some(undo)), |(_, problem)| Err(problem))
}

/// Asks the server that is told something when the run of this number, or the last, is taken back.
pub fn ask_for_undo(reader: &dyn Look, facts: &mut Facts, number: Option<usize>) {
    if let Some((server, main)) = server_of(facts, number)
        && let Some(local) = product(server).local()
    {
        facts.server = Some(local.ask(reader, &main).map(Arc::new));
    }
}
