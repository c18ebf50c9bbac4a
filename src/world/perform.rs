//! Drives a plan: order, lock, being told to stop, folders that are made whole, the journal.

use std::path::Path;

use crate::home::{Entry, Layout};
use crate::pki::digest::sha256_hex;
use crate::plan::{Action, Change, Done, Executor, Plan, Secrets, Undone, system_said};
use crate::problem::{Code, Problem};
use crate::steps::file::File;
use crate::system::{Access, PlannedFile, World};
use crate::text::{Message, say};

/// How far a run came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunOutcome {
    /// What was done; kept things are not in it.
    pub done: Vec<Action>,
    /// How many actions of the plan are behind: done, or there already.
    pub reached: usize,
    /// What could not be done, and why; nothing after it was tried.
    pub failed: Option<(Action, Problem)>,
    /// Whether it was told to stop before the end.
    pub cancelled: bool,
    /// What is to be known of what was done.
    pub noted: Vec<Message>,
}

impl RunOutcome {
    /// Nothing was done of `plan`, for this reason.
    #[must_use]
    pub fn refused(plan: &Plan, reason: Problem) -> Self {
        let failed =
            plan.actions.iter().find(|action| action.kind != Change::Keep).map(|first| (first.clone(), reason));
        RunOutcome { failed, ..RunOutcome::default() }
    }
}

/// Performs `plan` in `world`; `home` is where the journal is. `tell` hears how many actions are behind. Between two
/// actions, and while a key is being made, `go_on` is asked whether to go on.
pub fn perform(
    world: &mut dyn World,
    home: &Path,
    plan: &Plan,
    tell: &mut dyn FnMut(usize),
    go_on: &dyn Fn() -> bool,
) -> RunOutcome {
    perform_with(world, home, plan, Secrets::default(), tell, go_on)
}

/// Performs `plan` as [`perform`] does, with secrets at hand.
pub fn perform_with(
    world: &mut dyn World,
    home: &Path,
    plan: &Plan,
    hands: Secrets,
    tell: &mut dyn FnMut(usize),
    go_on: &dyn Fn() -> bool,
) -> RunOutcome {
    let mut outcome = RunOutcome::default();
    let mut executor = Executor::new(home, hands, world.now(), plan.undoes, go_on);
    let mut is_prepared = false;
    // How far the run was when it began a folder that is made whole.
    let mut before_whole = (0, 0);
    for (index, action) in plan.actions.iter().enumerate() {
        if !go_on() {
            outcome.cancelled = true;
            break;
        }
        // The first run makes the home folder before it can hold it.
        if let Err(held) = world.lock() {
            let problem = Problem::error(Code::HomeLocked, "").with("by", held.by);
            outcome.failed = Some((action.clone(), problem));
            break;
        }
        if action.kind != Change::Keep {
            if let Err(error) = world.has_randomness() {
                let reason = say("reason-no-randomness").with("reason", error.to_string());
                outcome.failed = Some((action.clone(), undone(action, reason)));
                break;
            }
            // What is put into it ends with the first action that is about something else.
            if executor.staged().is_none_or(|folder| !action.target.starts_with(folder)) {
                if let Err(reason) = executor.publish(world) {
                    // It is what was put into it that failed; this action was not begun.
                    let last = outcome.done.last().unwrap_or(action);
                    outcome.failed = Some((last.clone(), undone(last, reason)));
                    break;
                }
                before_whole = (outcome.done.len(), outcome.reached);
            }
            is_prepared = is_prepared || prepare(&mut executor, world, &plan.actions[index..]);
            match perform_one(&mut executor, world, action) {
                Ok(()) => outcome.done.push(action.clone()),
                Err(Undone::Cancelled) => {
                    outcome.cancelled = true;
                    break;
                }
                Err(Undone::Failed(reason)) => {
                    outcome.failed = Some((action.clone(), undone(action, reason)));
                    break;
                }
            }
        }
        // Between its actions may stand others, such as copies of what it replaces.
        let goes_on = plan.actions[index + 1..].iter().any(|next| next.stage == action.stage);
        if let (Some(stage), false) = (action.stage.filter(|_| is_stage_begun(&outcome.done)), goes_on) {
            executor.note(Entry::stage_ended(stage, executor.run, world.now()));
        }
        outcome.reached = index + 1;
        tell(outcome.reached);
    }
    if outcome.failed.is_some() || outcome.cancelled {
        if executor.unstage(world) {
            // Nothing of it is there.
            outcome.done.truncate(before_whole.0);
            outcome.reached = before_whole.1;
        }
    } else if let (Err(reason), Some(last)) = (executor.publish(world), plan.actions.last()) {
        outcome.done.truncate(before_whole.0);
        outcome.reached = before_whole.1;
        outcome.failed = Some((last.clone(), undone(last, reason)));
    }
    if is_prepared {
        // What was not needed makes room.
        world.prepare(Vec::new());
    }
    let is_over = outcome.failed.is_none() && !outcome.cancelled;
    // What was done is told, however it ended.
    let ended = if is_over { executor.end(world) } else { executor.tell(world) };
    // However it ended, what was done shall last.
    let is_settled = outcome.done.is_empty() || is_over && plan.undoes.is_some();
    let settled = if is_settled { Ok(()) } else { world.sync().map_err(system_said) };
    if let (Err(reason), None) = (ended.and(settled), &outcome.failed) {
        // Without an action, the line that ends the run is all there was to write.
        let last = plan.actions.last().cloned().unwrap_or_else(|| last_line(home));
        let problem = undone(&last, reason);
        outcome.failed = Some((last, problem));
    }
    outcome.noted = executor.noted;
    outcome
}

/// Whether something was done that is done as a whole or taken back.
fn is_stage_begun(done: &[Action]) -> bool {
    done.iter().any(|action| action.stage.is_some())
}

fn undone(action: &Action, reason: Message) -> Problem {
    let code = action.step.failure();
    Problem::error(code, action.answer)
        .with("file", action.target.to_string_lossy().into_owned())
        .with("what", action.what())
        .with("reason", reason)
}

/// What a run ends that has nothing to do but to say so.
fn last_line(home: &Path) -> Action {
    let line = File { content: String::new(), before: None, access: Access::Private, owner: None };
    Action::new(Change::Change, Layout::of(home).journal(), line)
}

/// Has everything that is known or can be made before it is written brought to the disk at once, where the first of
/// `actions` is such a thing; tells whether it was. Nothing, where a key cannot be made: its action tries again, and says
/// why.
fn prepare(executor: &mut Executor<'_>, world: &mut dyn World, actions: &[Action]) -> bool {
    let mut files = Vec::new();
    for action in actions.iter().filter(|action| action.kind != Change::Keep) {
        match action.step.prepare(executor, world) {
            Ok(Some((content, access))) => files.push(PlannedFile { path: action.target.clone(), content, access }),
            Ok(None) if !files.is_empty() => {}
            Ok(None) => return false,
            Err(_) => return true,
        }
    }
    world.prepare(files);
    true
}

fn perform_one(executor: &mut Executor<'_>, world: &mut dyn World, action: &Action) -> Result<(), Undone> {
    if let (Change::Change | Change::Remove | Change::Run, Some(before)) = (action.kind, action.before()) {
        keep(world, executor.home, before)?;
    }
    if action.stage.is_some() || action.step.is_told_first() {
        let content = action.step.prepare(executor, world)?.map(|(content, _)| content);
        executor.note(action.entry(executor, content.as_deref().map(String::as_str), world.now()));
        executor.tell(world).map_err(|reason| Message { key: "reason-journal-first".into(), ..reason })?;
        world.sync()?;
        let done = action.step.perform(action, executor, world)?;
        executor.noted.extend(done.note());
        return Ok(());
    }
    let told = match action.step.perform(action, executor, world)? {
        Done::Wrote(content) => Some(content),
        done => {
            executor.noted.extend(done.note());
            None
        }
    };
    executor.note(action.entry(executor, told.as_deref(), world.now()));
    // What is not in its place yet is not told yet, and a folder above the home folder is made before there is a place to
    // say so.
    let is_above = executor.home != action.target && executor.home.starts_with(&action.target);
    if executor.staged().is_none() && !is_above { Ok(executor.tell(world)?) } else { Ok(()) }
}

/// Sees to it that what is replaced is kept as it is: what has its name by now may be anything.
fn keep(world: &mut dyn World, home: &Path, before: &str) -> Result<(), Message> {
    let place = Layout::of(home).before().join(sha256_hex(before.as_bytes()));
    if world.read(&place).is_ok_and(|kept| kept == before) {
        return Ok(());
    }
    world.replace(&place, before.as_bytes(), Access::Private).map_err(|error| {
        say("reason-not-kept").with("place", place.to_string_lossy().into_owned()).with("reason", error.to_string())
    })
}
