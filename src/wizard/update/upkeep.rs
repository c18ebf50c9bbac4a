//! After the first certificate: it is renewed, and what the last run did is taken back.

use crate::edge::Renewal;
use crate::form::{Ask, Body, Page};
use crate::lifecycle::{undo, undo_barred};
use crate::pages::{self, Changed};
use crate::plan::{Action, Change, Plan};
use crate::problem::{Problem, Severity, any_error};
use crate::session::Effect;
use crate::steps::request::Request;
use crate::text::{Message, say};
use crate::wizard::overview::is_due;
use crate::wizard::{Command, End, MenuItem, Overlay, Wizard};

use super::moving::show;
use super::saving::save_if_changed;

/// What the run that takes another back is kept under: it has no page.
const UNDO: &str = "undo";

/// Says what a renewal does and stays without, and asks how.
pub(super) fn ask_to_renew(wizard: &Wizard) -> Overlay {
    let item = |label: &'static str, command: Command| MenuItem { label: say(label), command };
    let mut items = vec![item("renew-new-key", Command::Renew(Renewal { keeps_key: false }))];
    if pages::can_keep_key(&wizard.reading().deployment, wizard.reading().facts()) {
        items.push(item("renew-keep-key", Command::Renew(Renewal { keeps_key: true })));
    }
    items.push(item("renew-not", Command::Overview));
    let selected = if is_due(wizard) { 0 } else { items.len() - 1 };
    let about = ["renew-request", "renew-serves", "renew-asks"].map(say).to_vec();
    Overlay::Menu { title: say("hub-renew"), about, items, selected, escape: Command::Overview }
}

/// Works towards the next request: asks what today's rules refuse, and else nothing.
pub(super) fn renew(wizard: &mut Wizard, how: Renewal) -> Vec<Effect> {
    wizard.wish(|wishes| wishes.renewal = Some(how));
    forget_certificate(wizard);
    let mut effects = save_if_changed(wizard);
    let pages = wizard.pages();
    let Some(at) = pages.iter().position(|page| page.body == Body::Summary) else { return effects };
    let is_refused = |page: &&&'static Page| wizard.reading().worst_of(page) == Some(Severity::Error);
    match pages[..at].iter().find(is_refused) {
        Some(refused) => {
            let paths: Vec<String> = wizard.problems_of(refused).into_iter().map(|problem| problem.path).collect();
            effects.extend(show(wizard, refused));
            wizard.came_from = Some(pages[at]);
            wizard.touched.extend(paths);
        }
        None => effects.extend(show(wizard, pages[at])),
    }
    effects
}

/// Before the next request: the certificate that is named answers the last one.
pub(super) fn forget_certificate(wizard: &mut Wizard) {
    for last in pages::SENT_FILES.map(Ask::path) {
        wizard.change(Changed::Answer(last), |answers| answers.unset(last));
    }
}

/// Lists what is taken back and what stays, and asks.
pub(super) fn ask_to_undo(wizard: &Wizard) -> Option<Overlay> {
    let undo = undo(wizard.reading().facts(), None)?;
    // That a copy of what is replaced is kept goes without saying.
    let kept = wizard.reading().facts().layout().before();
    let is_told = |action: &&Action| action.kind != Change::Keep && !action.target.starts_with(&kept);
    let changes = undo.plan.actions.iter().filter(is_told);
    let target = |action: &crate::plan::Action| action.target.to_string_lossy().into_owned();
    let commands: Vec<Message> =
        changes.map(|action| say("undo-deed").with("deed", action.summary()).with("file", target(action))).collect();
    let nothing = commands.is_empty().then(|| say("undo-no-deed"));
    let problems = [undo_barred(wizard.reading().facts(), None), undo.plan.problems(wizard.reading().facts())].concat();
    let mut about = vec![undo.title()];
    about.extend(nothing.into_iter().chain(commands).chain(undo.stays));
    if ends_with_it(wizard, &undo.plan) {
        about.push(say("undo-ends"));
    }
    let mut items = vec![MenuItem { label: say("undo-not"), command: Command::Overview }];
    if !any_error(&problems) {
        items.push(MenuItem { label: say("undo-do"), command: Command::Undo });
    }
    about.extend(problems.iter().map(Problem::what));
    Some(Overlay::Menu { title: say("hub-undo"), about, items, selected: 0, escape: Command::Overview })
}

/// Whether the answers are put back too: then what the wizard holds of them is no longer what counts.
fn ends_with_it(wizard: &Wizard, plan: &Plan) -> bool {
    let answers = wizard.reading().facts().layout().answers();
    plan.actions.iter().any(|action| action.target == answers && action.kind != Change::Keep)
}

pub(super) fn take_back(wizard: &mut Wizard) -> Vec<Effect> {
    let Some(undo) = undo(wizard.reading().facts(), None) else { return Vec::new() };
    wizard.leaving = !wizard.dry_run && ends_with_it(wizard, &undo.plan);
    wizard.notice = Some(say("notice-running"));
    wizard.follow = Some(Command::Overview);
    vec![wizard.run_plan(UNDO, undo.plan, None)]
}

/// After a run: a renewal is over with its request, and what was taken back is said.
pub(super) fn finished(wizard: &mut Wizard, plan: &Plan, end: &End) {
    let is_done = *end == End::Complete && !wizard.dry_run;
    let is_request = |action: &Action| action.as_a::<Request>().is_some() && action.kind == Change::Create;
    if is_done && plan.actions.iter().any(is_request) {
        wizard.wish(|wishes| wishes.renewal = None);
    }
    if wizard.runs.remove(UNDO).is_some() {
        wizard.leaving &= is_done;
        wizard.notice = Some(if is_done { say("undo-done") } else { end.message(wizard.dry_run) });
    }
}
