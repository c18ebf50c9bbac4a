//! Where things stand, when the wizard is started again, and what can be done next.

use crate::form::Body;
use crate::model::{Verdict, records};
use crate::pages;
use crate::plan::ActionKind;
use crate::text::{Message, say};

use super::overlay::{Deed, MenuItem, Overlay};
use super::state::Wizard;

/// What is said until it is known how much is still to be written.
const COUNTING: &str = "hub-counting";

/// The menu that a wizard with saved answers starts with; `cut_off` is who ran last, if that run never ended.
#[must_use]
pub fn hub(wizard: &Wizard, cut_off: Option<&str>) -> Overlay {
    let home = wizard.facts.home.to_string_lossy().into_owned();
    let title = say(format!("page-{}", wizard.page.id));
    let mut items = vec![
        MenuItem { label: say("hub-go-on").with("page", title), deed: Deed::GoTo(wizard.page.id) },
        MenuItem { label: say("hub-from-start"), deed: Deed::GoTo(wizard.pages()[0].id) },
    ];
    if pages::pending(&wizard.reading.deployment, &wizard.facts).is_some() {
        items.push(MenuItem { label: say("hub-request"), deed: Deed::GoTo("request-written") });
    }
    for (label, page) in [(say("hub-partners"), "partners"), (say("hub-records"), "dns")] {
        items.push(MenuItem { label, deed: Deed::GoTo(page) });
    }
    items.push(MenuItem { label: say("hub-leave"), deed: Deed::Quit });
    let cut_off = cut_off.map(|by| say("run-cut-off").with("by", by));
    let about = cut_off.into_iter().chain([say("hub-home").with("home", home)]);
    let about = about.chain(where_things_stand(wizard)).collect();
    Overlay::Menu { title: say("hub"), about, items, selected: 0 }
}

/// Says in the hub how much is still to be written. With many partners that takes longer than a person should look at an
/// empty screen, so it is said when the hub stands.
pub(super) fn count(wizard: &mut Wizard) {
    let Some(Overlay::Menu { about, items, .. }) = &mut wizard.overlay else { return };
    if let Some(line) = about.iter_mut().find(|line| line.key == COUNTING) {
        let open = wizard.reading.plan.actions.iter().filter(|action| action.kind != ActionKind::Keep).count();
        *line = if open == 0 { say("hub-written") } else { say("hub-unwritten").with("count", open) };
        if open == 0 {
            items[0] = MenuItem { label: say("hub-by-hand"), deed: Deed::GoTo("done") };
        }
    }
}

fn where_things_stand(wizard: &Wizard) -> Vec<Message> {
    let deployment = &wizard.reading.deployment;
    let request = match (pages::pending(deployment, &wizard.facts), wizard.facts.requests.len()) {
        (Some(request), _) => {
            say("hub-pending").with("number", request.number.to_string()).with("name", deployment.first_name())
        }
        (None, 0) => say("hub-no-request"),
        (None, count) => say("hub-other-requests").with("count", count),
    };
    let partners = &deployment.federation.partners;
    let is_doubtful = |verdict: Verdict| verdict != Verdict::Valid;
    let doubtful = partners.iter().filter(|partner| is_doubtful(partner.outcome(deployment.server).verdict)).count();
    let partners = say("hub-partner-count").with("count", partners.len()).with("doubtful", doubtful);
    let records = say("hub-record-count").with("count", records(deployment).len());
    let elsewhere = wizard
        .facts
        .other_homes
        .iter()
        .map(|home| say("hub-elsewhere").with("home", home.to_string_lossy().into_owned()));
    [request, partners, records, say(COUNTING)].into_iter().chain(elsewhere).collect()
}

/// The menu of all pages, to go to one at once.
#[must_use]
pub fn all_pages(wizard: &Wizard) -> Overlay {
    // What an execution page does is started from the summary before it, never by looking at it.
    let pages: Vec<_> = wizard.pages().into_iter().filter(|page| page.body != Body::Execute).collect();
    let selected = pages.iter().position(|page| *page == wizard.page).unwrap_or(0);
    let item = |page: &&crate::form::Page| MenuItem {
        label: say(format!("page-{}.step", page.id)),
        deed: Deed::GoTo(page.id),
    };
    Overlay::Menu { title: say("menu-pages"), about: Vec::new(), items: pages.iter().map(item).collect(), selected }
}
