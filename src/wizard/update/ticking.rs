//! Steps that a person did are ticked off.

use crate::pages;
use crate::session::{Effect, Task};
use crate::text::say;
use crate::wizard::{Command, MenuItem, Overlay, Wizard};

/// The steps, to be ticked one by one; what the home folder shows to be done is ticked by itself.
pub(super) fn list(wizard: &Wizard, selected: usize) -> Overlay {
    let steps = wizard.with_context(pages::to_do).into_iter().enumerate();
    let item = |(at, step): (usize, pages::ToDo)| MenuItem {
        label: if step.is_done() { say("to-do-done") } else { say("to-do-open") }.with("step", step.words),
        command: Command::Tick(at),
    };
    let back = MenuItem { label: say("back"), command: Command::Overview };
    let items = steps.map(item).chain([back]).collect();
    let about = [say("to-do-where")].into_iter().chain(wizard.notice.clone()).collect();
    Overlay::Menu { title: say("to-do"), about, items, selected, escape: Command::Overview }
}

/// What choosing the step of this number does: it is ticked, but where the step can be done here, that is offered.
pub(super) fn choose_step(wizard: &mut Wizard, at: usize) -> Vec<Effect> {
    let step = wizard.with_context(pages::to_do).into_iter().nth(at);
    let is_pfx = step.is_some_and(|step| step.words.key == "to-do-pfx" && !step.is_done());
    if !is_pfx || wizard.dry_run || wizard.with_context(pages::pfx_to_make).is_none() {
        return tick(wizard, at);
    }
    let items = vec![
        MenuItem { label: say("pfx-make-here"), command: Command::AskForPfx },
        MenuItem { label: say("pfx-is-made"), command: Command::TickByHand(at) },
    ];
    wizard.overlay =
        Some(Overlay::Menu { title: say("pfx-make"), about: Vec::new(), items, selected: 0, escape: Command::ToDo });
    Vec::new()
}

/// Ticks the step of this number, or opens it again; what is seen to be done stays so.
pub(super) fn tick(wizard: &mut Wizard, at: usize) -> Vec<Effect> {
    let mut effects = Vec::new();
    let step = wizard.with_context(pages::to_do).into_iter().nth(at);
    if wizard.dry_run {
        wizard.notice = Some(say("notice-dry-run"));
    } else if let Some(step) = step.filter(|step| !step.is_seen) {
        let mut facts = wizard.reading().facts().clone();
        facts.ticks.flip(&step.words.key, &step.digest);
        effects.push(wizard.start(Task::Tick(facts.ticks.json())));
        wizard.look_is_in(facts);
    }
    wizard.overlay = Some(list(wizard, at));
    effects
}
