//! Where things stand, when the wizard is started again, and what can be done next.

use crate::form::Body;
use crate::model::{Facts, KeyMaker, Usage, Verdict, records};
use crate::pages;
use crate::plan::ActionKind;
use crate::problem::Code;
use crate::text::{Message, say};
use crate::upkeep::{Status, undo};

use super::overlay::{Deed, MenuItem, Overlay};
use super::state::Wizard;

/// What is said until it is known how much is still to be written.
const COUNTING: &str = "hub-counting";

/// How many things that need a person are named, so that the menu below them stays in sight; `status` names all.
const MOST_NAMED: usize = 1;

/// The menu that a wizard with saved answers starts with, below what is to be `said` first.
pub(super) fn hub(wizard: &Wizard, said: Vec<Message>) -> Overlay {
    let home = wizard.facts.home.to_string_lossy().into_owned();
    let title = say(format!("page-{}", wizard.page.id));
    let mut items = vec![
        MenuItem { label: say("hub-go-on").with("page", title), deed: Deed::GoTo(wizard.page.id) },
        MenuItem { label: say("hub-from-start"), deed: Deed::GoTo(wizard.pages()[0].id) },
    ];
    let (deployment, facts) = (&wizard.reading.deployment, &wizard.facts);
    let is_pending = pages::pending(deployment, facts).is_some();
    let serves = facts.current(deployment.request.usage).is_some();
    if is_pending {
        items.push(MenuItem { label: say("hub-request"), deed: Deed::GoTo("request-written") });
    }
    if is_pending || deployment.request.key_by == KeyMaker::Lync && wizard.is_request_made() {
        items.push(MenuItem { label: say("hub-certificate"), deed: Deed::GoTo("certificate") });
    }
    if serves && !is_pending && deployment.request.key_by == KeyMaker::Edgewright {
        items.push(MenuItem { label: say("hub-renew"), deed: Deed::AskToRenew });
    }
    for (label, page) in [(say("hub-partners"), "partners"), (say("hub-records"), "dns")] {
        items.push(MenuItem { label, deed: Deed::GoTo(page) });
    }
    if undo(facts).is_some() {
        items.push(MenuItem { label: say("hub-undo"), deed: Deed::AskToUndo });
    }
    items.push(MenuItem { label: say("hub-leave"), deed: Deed::Quit });
    let about = said.into_iter().chain([say("hub-home").with("home", home)]);
    let about = about
        .chain(Usage::ALL.into_iter().filter_map(|usage| in_use(facts, usage)))
        .chain(attention(facts))
        .chain(where_things_stand(wizard))
        .collect();
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

/// What of the certificates needs a person, besides what is said of each in use.
fn attention(facts: &Facts) -> Vec<Message> {
    let mut attention = Status::of(facts).attention;
    attention.retain(|problem| !matches!(problem.code, Code::PairDue | Code::PairExpired));
    let named = attention.iter().take(MOST_NAMED).map(|problem| say("hub-attention").with("what", problem.what()));
    let more = attention.len().saturating_sub(MOST_NAMED);
    let more = (more > 0).then(|| say("hub-attention-more").with("count", more));
    named.chain(more).collect()
}

/// Which certificate serves, until when, and whether it is time for the next.
fn in_use(facts: &Facts, usage: Usage) -> Option<Message> {
    let pair = facts.current(usage)?;
    let certificate = pair.certificate.as_ref()?;
    let said = match (certificate.not_after < facts.now, certificate.is_due_at(facts.now)) {
        (true, _) => say("hub-certificate-ended"),
        (false, true) => say("hub-certificate-due"),
        (false, false) => say("hub-certificate-serves"),
    };
    let days = usize::try_from((certificate.not_after - facts.now).whole_days()).unwrap_or_default();
    let name = certificate.dns_names.first().unwrap_or(&certificate.subject);
    let said = said.with("number", pair.number.to_string()).with("name", name.as_str());
    Some(said.with("date", certificate.not_after.date().to_string()).with("days", days))
}

fn where_things_stand(wizard: &Wizard) -> Vec<Message> {
    let deployment = &wizard.reading.deployment;
    let request = match (pages::pending(deployment, &wizard.facts), wizard.facts.requests.len()) {
        (Some(request), _) => {
            say("hub-pending").with("number", request.number.to_string()).with("name", deployment.first_name())
        }
        (None, _) if pages::kept(deployment, &wizard.facts).is_some() => say("hub-answered"),
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
