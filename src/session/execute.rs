//! A plan is performed; what is done as a whole is taken back where it cannot be done to its end.

use std::path::Path;
use std::sync::Arc;

use crate::home::Facts;
use crate::lifecycle::{Undo, server_of, touched_by_cut_off, undo_asks, undo_barred, undo_cut_off};
use crate::plan::Plan;
use crate::problem::{Code, Problem, any_error};
use crate::servers::product;
use crate::steps::service::Service;
use crate::system::Look;
use crate::text::{Message, say};
use crate::world::{RunOutcome, Secrets, World, perform_with};

/// Performs `plan` as [`perform_with`] does. Gives besides what is to be known of what was done, and of a stage that was taken
/// back.
pub fn execute(
    world: &mut dyn World,
    home: &Path,
    plan: &Plan,
    secrets: Secrets,
    tell: &mut dyn FnMut(usize),
    go_on: &dyn Fn() -> bool,
) -> (RunOutcome, Vec<Message>) {
    let _held = match hold(world, plan) {
        Ok(held) => held,
        Err(busy) => return (RunOutcome::refused(plan, busy), Vec::new()),
    };
    let mut outcome = perform_with(world, home, plan, secrets, tell, go_on);
    let noted = std::mem::take(&mut outcome.noted);
    let begun = outcome.done.iter().chain(outcome.failed.iter().map(|(action, _)| action));
    let is_begun = begun.into_iter().any(|action| action.stage.is_some());
    if !is_begun || outcome.failed.is_none() && !outcome.cancelled {
        return (outcome, noted);
    }
    let facts = world.look(&[]);
    let begun = of_cut_off(world, facts);
    let undone = begun.and_then(|begun| begun.map(|(facts, undo)| carry_out(world, &facts, undo)).transpose());
    let said = undone.map_or_else(
        |problem| {
            // Files come first.
            let is_told = problem.code != Code::ServerFailed;
            vec![say(if is_told { "stage-stays" } else { "stage-untold" }).with("reason", problem.what())]
        },
        |undo| undo.into_iter().flat_map(|undo| undo.stays).chain([say("stage-taken-back")]).collect(),
    );
    (outcome, [noted, said].concat())
}

/// Takes back the stage of a run that did not come to its end, if there is one.
///
/// # Errors
/// Why it cannot be taken back: then it is tried again when the next run begins.
pub fn take_back(world: &mut dyn World, facts: Facts) -> Result<Option<Undo>, Problem> {
    let Some((facts, undo)) = of_cut_off(world, facts)? else { return Ok(None) };
    let _held = hold(world, &undo.plan)?;
    carry_out(world, &facts, undo).map(Some)
}

/// What takes it back, with what there is now.
fn of_cut_off(world: &dyn World, mut facts: Facts) -> Result<Option<(Facts, Undo)>, Problem> {
    let touched = touched_by_cut_off(&facts);
    if touched.is_empty() {
        return Ok(None);
    }
    let reader = world.reader();
    reader.look_at(&mut facts, &touched);
    ask_for_undo(reader.as_ref(), &mut facts, None);
    let Some(undo) = undo_cut_off(&facts) else { return Ok(None) };
    let problems = [undo_barred(&facts, None), undo.plan.problems(&facts)].concat();
    match problems.first() {
        Some(problem) if any_error(&problems) => Err(problem.clone()),
        _ => Ok(Some((facts, undo))),
    }
}

fn carry_out(world: &mut dyn World, facts: &Facts, undo: Undo) -> Result<Undo, Problem> {
    let outcome = perform_with(world, &facts.home, &undo.plan, Secrets::default(), &mut |_| (), &|| true);
    outcome.failed.map_or(Ok(undo), |(_, problem)| Err(problem))
}

/// Holds the server that `plan` has told something, until what this gives is dropped.
fn hold(world: &mut dyn World, plan: &Plan) -> Result<Option<Box<dyn Send>>, Problem> {
    let Some(server) = plan.actions.iter().find_map(|action| Some(action.as_a::<Service>()?.server())) else {
        return Ok(None);
    };
    let busy = || Problem::error(Code::ServerBusy, "").with("server", server.traits().title);
    world.hold_server(server.name()).map(Some).ok_or_else(busy)
}

/// Asks name servers what they hold of the records that are put back when the run of this number, or the last, is taken back.
pub fn look_up_for_undo(reader: &dyn Look, facts: &mut Facts, number: Option<usize>) {
    let sets = undo_asks(facts, number);
    if !sets.is_empty() {
        facts.records = reader.records(&sets).unwrap_or_default().into();
    }
}

/// Asks the server that is told something when the run of this number, or the last, is taken back.
pub fn ask_for_undo(reader: &dyn Look, facts: &mut Facts, number: Option<usize>) {
    if let Some((server, main)) = server_of(facts, number)
        && let Some(local) = product(server).local()
    {
        facts.server = Some(local.ask(reader, &main).map(Arc::new));
    }
}
