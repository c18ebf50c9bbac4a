//! From page to page, and out.

use std::path::PathBuf;

use crate::form::{Body, Page};
use crate::pages::{self, Changed};
use crate::plan::{Action, Plan};
use crate::problem::{Code, Severity};
use crate::session::{Effect, Task};
use crate::text::say;
use crate::wizard::focus_target::row_of;
use crate::wizard::{Command, End, Overlay, Wizard};

use super::focus::{leave_place, move_to, take_proposed};
use super::pfx::ask_for_pfx;
use super::rows::{back_from_row, close_row};
use super::saving::save_if_changed;

pub(super) fn next(wizard: &mut Wizard) -> Vec<Effect> {
    let mut effects = leave_place(wizard);
    // A path that was typed last is looked at first: what it leads to is judged with the page.
    if wizard.awaited.is_some() {
        wizard.going_on = Some((wizard.page.id, Vec::new()));
        wizard.notice = Some(say("notice-looking"));
    } else {
        effects.extend(go_on(wizard));
    }
    effects
}

/// Goes on from a place that was left.
pub(super) fn go_on(wizard: &mut Wizard) -> Vec<Effect> {
    if let Some(refused) = refuse_to_go_on(wizard) {
        return refused;
    }
    say_defaults(wizard);
    let mut effects = save_if_changed(wizard);
    let pages = wizard.pages();
    if let Some(summary) = wizard.came_from.filter(|summary| pages.contains(summary)) {
        effects.extend(show(wizard, summary));
        return effects;
    }
    let here = pages.iter().position(|page| *page == wizard.page).unwrap_or(0);
    let Some(page) = pages.get(here + 1) else {
        effects.push(Effect::Quit);
        return effects;
    };
    effects.extend(show(wizard, page));
    if page.body == Body::Execute {
        let plan = Plan::clone(&wizard.stage_plan());
        // Whether the run takes it is seen when it is over.
        wizard.key_ahead = None;
        effects.push(wizard.run_plan(page.id, plan, None));
    }
    effects
}

/// Why the page cannot be left forwards now; what to do about it is set up already.
fn refuse_to_go_on(wizard: &mut Wizard) -> Option<Vec<Effect>> {
    if wizard.page.body == Body::Execute {
        if wizard.run().is_some_and(|run| run.end == Some(End::Complete)) {
            return offer_pfx(wizard);
        }
        wizard.notice = Some(if wizard.is_running() { say("notice-running") } else { say("notice-not-run") });
        return Some(Vec::new());
    }
    let is_summary = wizard.page.body == Body::Summary;
    let problems = if is_summary { wizard.problems_to_here() } else { wizard.problems_of(wizard.page) };
    let paths: Vec<String> = problems.iter().map(|problem| problem.path.clone()).collect();
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let errors: Vec<(Code, String)> = errors.map(|problem| (problem.code, problem.path.clone())).collect();
    wizard.touched.extend(paths);
    if errors.is_empty() {
        return None;
    }
    if errors.iter().all(|(code, _)| *code == Code::FileExists) {
        let files = in_the_way(wizard, &errors);
        let named: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
        let question = say("confirm-replace").with("file", named.join(", ")).with("count", files.len());
        wizard.overlay = Some(Overlay::confirm(question, Command::Replace(files)));
        return Some(Vec::new());
    }
    if is_summary {
        wizard.notice = Some(say("notice-errors").with("count", errors.len()));
        // Problems come first, and errors first among them.
        wizard.focus_first();
        return Some(Vec::new());
    }
    if wizard.insisted == Some(wizard.page.id) && !wizard.page.decides {
        return None;
    }
    wizard.insisted = Some(wizard.page.id);
    wizard.notice = (!wizard.page.decides).then(|| say("notice-page-errors"));
    let slots = wizard.slots();
    let places = errors.iter().filter_map(|(_, path)| wizard.slot_of(path));
    let first = places.min_by_key(|place| slots.iter().position(|slot| slot == place));
    Some(first.map(|slot| move_to(wizard, slot)).unwrap_or_default())
}

/// With the certificate in use, offers the PFX that the server wants of it, once.
fn offer_pfx(wizard: &mut Wizard) -> Option<Vec<Effect>> {
    if wizard.page.id != "certificate-executing" || wizard.insisted == Some(wizard.page.id) {
        return None;
    }
    wizard.insisted = Some(wizard.page.id);
    let is_wanted = wizard.with_context(pages::pfx_to_make).is_some();
    wizard.overlay = ask_for_pfx(wizard, Command::Leave);
    is_wanted.then(Vec::new)
}

/// The files that `errors` say are there already.
fn in_the_way(wizard: &Wizard, errors: &[(Code, String)]) -> Vec<PathBuf> {
    let is_named = |action: &Action| {
        let problem = action.problem(wizard.reading().facts());
        problem.is_some_and(|problem| errors.contains(&(problem.code, problem.path)))
    };
    wizard.with_context(|context| {
        let actions = context.shown().into_iter().flat_map(|page| (page.actions)(context));
        actions.filter(is_named).map(|action| action.target).collect()
    })
}

/// Going on accepts what the page shows, so that the saved answers say it.
fn say_defaults(wizard: &mut Wizard) {
    let unsaid = wizard.unsaid(wizard.page);
    wizard.change(Changed::BesidesRows, |answers| {
        for question in unsaid {
            answers.set(question.field.path, &question.path, question.value);
        }
    });
}

pub(super) fn back(wizard: &mut Wizard) -> Vec<Effect> {
    if wizard.is_running() {
        wizard.notice = Some(say("notice-stopping"));
        return wizard.stop().into_iter().collect();
    }
    if wizard.row.is_some() {
        return back_from_row(wizard);
    }
    if !wizard.filter.is_empty() {
        wizard.filter.clear();
        wizard.keep_focus();
        wizard.load_input();
        return Vec::new();
    }
    let mut effects = leave_place(wizard);
    let pages = wizard.pages();
    let here = pages.iter().position(|page| *page == wizard.page).unwrap_or(0);
    // What was carried out before the wizard was started again has nothing to show.
    let is_empty = |page: &&&'static Page| page.body == Body::Execute && !wizard.runs.contains_key(page.id);
    match pages[..here].iter().rev().find(|page| !is_empty(page)) {
        Some(before) => effects.extend(show(wizard, before)),
        None => wizard.overlay = Some(Overlay::confirm(say("confirm-quit"), Command::Quit)),
    }
    effects
}

/// Goes to the page of this name, if it is shown.
pub(super) fn go_to(wizard: &mut Wizard, id: &str) -> Vec<Effect> {
    let mut effects = leave_place(wizard);
    if let Some(page) = wizard.pages().into_iter().find(|page| page.id == id) {
        effects.extend(show(wizard, page));
    }
    effects
}

pub(super) fn show(wizard: &mut Wizard, page: &'static Page) -> Vec<Effect> {
    wizard.page = page;
    wizard.came_from = None;
    wizard.visited.insert(page.id);
    wizard.row = None;
    wizard.filter.clear();
    wizard.insisted = None;
    wizard.read = None;
    wizard.focus_first();
    take_proposed(wizard);
    let mut effects = vec![wizard.look()];
    wizard.asked_for = Default::default();
    effects.extend(look_up(wizard));
    effects
}

/// Has name servers asked for what the page shows, unless they were.
pub(super) fn look_up(wizard: &mut Wizard) -> Vec<Effect> {
    let page = wizard.page;
    let asked = (wizard.with_context(page.looks_up), wizard.with_context(page.asks_issuers));
    if asked == wizard.asked_for {
        return Vec::new();
    }
    let (sets, names) = asked.clone();
    wizard.asked_for = asked;
    let tasks =
        [(!sets.is_empty()).then_some(Task::LookUp(sets)), (!names.is_empty()).then_some(Task::AskIssuers(names))];
    tasks.into_iter().flatten().map(|task| wizard.start(task)).collect()
}

/// Goes to the answer at `path`.
pub(super) fn jump(wizard: &mut Wizard, path: &str) -> Vec<Effect> {
    let Some((page, _)) = pages::form().field(path) else { return Vec::new() };
    let summary = wizard.page;
    let effects = show(wizard, page);
    wizard.came_from = Some(summary);
    wizard.touched.insert(path.to_owned());
    if let (Some(field), Some(row)) = (wizard.rows_field(), row_of(path))
        && path.starts_with(field.path)
    {
        wizard.row = Some(row);
        wizard.focus_first();
    }
    if let Some(slot) = wizard.slot_of(path) {
        wizard.focus_on(slot);
    }
    effects
}

pub(super) fn leave(wizard: &mut Wizard) -> Vec<Effect> {
    // A new row that says nothing yet is not kept.
    let mut effects = if wizard.row.is_some() { close_row(wizard) } else { leave_place(wizard) };
    if wizard.is_running() {
        wizard.leaving = true;
        wizard.notice = Some(say("notice-stopping"));
        effects.extend(wizard.stop());
    } else {
        effects.push(Effect::Quit);
    }
    effects
}
