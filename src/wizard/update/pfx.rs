//! The PFX that the server wants of the pair in use: its password is typed twice, and kept nowhere.

use crate::pages;
use crate::pki::Secret;
use crate::plan::Plan;
use crate::problem::{Problem, Severity};
use crate::session::Effect;
use crate::text::{Message, say};
use crate::wizard::{Command, End, Overlay, Wizard};

/// What the run that makes it is kept under: it has no page.
const PFX: &str = "pfx";
/// What is only advised against, in the order in which it is said.
pub(super) const ADVICE: [&str; 2] = ["pfx-short", "problem-password-not-ascii"];
/// Characters that a password is better off with: the old form can be tried fast.
const SHORT: usize = 12;

/// Asks for the password, if there is a PFX to be made; where it cannot be made, says why. `escape` closes it.
pub(super) fn ask_for_pfx(wizard: &mut Wizard, escape: Command) -> Option<Overlay> {
    let (plan, problems) = planned(wizard)?;
    if let Some(refused) = problems.iter().find(|problem| problem.severity == Severity::Error) {
        wizard.notice = Some(say("pfx-refused").with("what", refused.what()));
        return None;
    }
    let file = plan.targets().into_iter().last()?;
    let file = wizard.reading().facts().layout().shown(&file);
    let about = vec![say("pfx-about").with("file", file), say("pfx-password")];
    Some(Overlay::Password { about, typed: <[Secret; 2]>::default(), at: 0, fault: None, escape })
}

/// What makes the PFX, and what is wrong with that; nothing where none is to be made. Only Windows Servers that need the old
/// form run the product.
fn planned(wizard: &Wizard) -> Option<(Plan, Vec<Problem>)> {
    let file = wizard.with_context(pages::pfx_to_make)?;
    let usage = wizard.reading().deployment.request.usage;
    Some(pages::pfx(&wizard.answered(), &file, usage, true))
}

/// What is wrong with what was typed.
pub(super) fn fault_of(typed: &[Secret; 2]) -> Option<Message> {
    let [first, again] = typed.each_ref().map(Secret::reveal);
    if first != again {
        Some(say("pfx-differ"))
    } else if first.is_empty() {
        Some(say("pfx-empty"))
    } else {
        let is_found = [first.chars().count() < SHORT, !first.is_ascii()];
        ADVICE.into_iter().zip(is_found).find(|(_, is_found)| *is_found).map(|(advice, _)| say(advice))
    }
}

/// Makes it; `follow` comes after.
pub(super) fn make(wizard: &mut Wizard, password: &Secret, follow: Command) -> Vec<Effect> {
    let Some((plan, _)) = planned(wizard) else { return Vec::new() };
    wizard.follow = Some(follow);
    wizard.notice = Some(say("notice-running"));
    vec![wizard.run_plan(PFX, plan, Some(password.clone()))]
}

/// After a run: whether the PFX is made.
pub(super) fn finished(wizard: &mut Wizard, end: &End) {
    if wizard.runs.remove(PFX).is_some() {
        let is_done = *end == End::Complete && !wizard.dry_run;
        wizard.notice = Some(if is_done { say("pfx-made") } else { end.message(wizard.dry_run) });
    }
}
