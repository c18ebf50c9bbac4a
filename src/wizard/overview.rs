//! Where things stand, when the wizard is started again, and what can be done next.

use crate::edge::{KeyMaker, Usage, records};
use crate::form::Body;
use crate::home::{Facts, PendingRequest};
use crate::lifecycle::{Status, undo};
use crate::pages;
use crate::pki::request::RequestSpec;
use crate::plan::{Action, Change};
use crate::problem::{Code, Problem, Severity};
use crate::text::{Message, say};

use super::overlay::{Command, MenuItem, Overlay};
use super::state::Wizard;

/// How many things that need a person are named, so that the menu below them stays in sight; `status` names all.
const MOST_NAMED: usize = 1;

/// The menu that a wizard with saved answers starts with, below what is to be `said` first.
pub(super) fn overview(wizard: &Wizard, said: Vec<Message>) -> Overlay {
    let home = wizard.reading().facts().home.to_string_lossy().into_owned();
    let title = say(format!("page-{}", wizard.page.id));
    let unwritten = unwritten(wizard);
    let is_written = unwritten.as_ref().is_some_and(|(count, _)| *count == 0);
    let go_on = MenuItem { label: say("hub-go-on").with("page", title), command: Command::GoTo(wizard.page.id) };
    let go_on = (!is_written).then_some(go_on);
    let mut items: Vec<MenuItem> = go_on.into_iter().chain(to_do(wizard)).collect();
    items.push(MenuItem { label: say("hub-from-start"), command: Command::GoTo(wizard.pages()[0].id) });
    let (deployment, facts) = (&wizard.reading().deployment, wizard.reading().facts());
    let is_pending = pages::pending(deployment, facts).is_some();
    let serves = facts.current(deployment.request.usage).is_some();
    if is_pending {
        items.push(MenuItem { label: say("hub-request"), command: Command::GoTo("request-written") });
    }
    if is_pending || deployment.request.key_by == KeyMaker::Lync && wizard.is_request_made() {
        let certificate = MenuItem { label: say("hub-certificate"), command: Command::GoTo("certificate") };
        // With all else done, that is what is waited for.
        items.insert(if is_pending && is_written { 0 } else { items.len() }, certificate);
    }
    if serves && !is_pending && deployment.request.key_by == KeyMaker::Edgewright {
        let renew = MenuItem { label: say("hub-renew"), command: Command::AskToRenew };
        items.insert(if is_due(wizard) { 0 } else { items.len() }, renew);
    }
    for (label, page) in [(say("hub-partners"), "partners"), (say("hub-records"), "dns")] {
        items.push(MenuItem { label, command: Command::GoTo(page) });
    }
    items.push(MenuItem { label: say("hub-outside"), command: Command::Outside(None) });
    if wizard.is_request_made() {
        items.push(MenuItem { label: say("hub-new-request"), command: Command::NewRequest });
    }
    if undo(facts, None).is_some() {
        items.push(MenuItem { label: say("hub-undo"), command: Command::AskToUndo });
    }
    items.push(MenuItem { label: say("hub-leave"), command: Command::Quit });
    let about = said.into_iter().chain([say("hub-home").with("home", home)]);
    let about = about
        .chain(Usage::ALL.into_iter().filter_map(|usage| in_use(facts, usage)))
        .chain(attention(facts))
        .chain(unread_ticks(facts))
        .chain(where_things_stand(wizard, unwritten))
        .collect();
    Overlay::Menu { title: say("hub"), about, items, selected: 0, escape: Command::Quit }
}

/// What is left to do by hand, once it is written down.
fn to_do(wizard: &Wizard) -> Option<MenuItem> {
    let steps = wizard.with_context(|context| pages::is_to_do_written(context).then(|| pages::to_do(context)))?;
    let open = steps.iter().filter(|step| !step.is_done()).count();
    Some(MenuItem { label: say("hub-to-do").with("count", open), command: Command::ToDo })
}

/// Whether it is time to renew the certificate in use.
pub(super) fn is_due(wizard: &Wizard) -> bool {
    let (deployment, facts) = (&wizard.reading().deployment, wizard.reading().facts());
    let certificate = facts.current(deployment.request.usage).and_then(|pair| pair.certificate.as_ref());
    certificate.is_some_and(|certificate| certificate.is_due_at(facts.now))
}

/// How many files are still to be written or taken away, and one of them: a folder comes with what is put into it, and so
/// does the copy of what is replaced. With many partners that takes longer to find out than a person should look at an empty
/// screen, so after a mere glance nobody knows.
fn unwritten(wizard: &Wizard) -> Option<(usize, String)> {
    let reading = wizard.reading();
    let before = reading.facts().layout().before();
    let is_open = |action: &&Action| {
        action.kind != Change::Keep && !action.step.is_folder() && !action.target.starts_with(&before)
    };
    reading.facts().knows_targets().then(|| {
        let plan = &reading.whole().plan;
        let open = || plan.actions.iter().filter(is_open);
        let file = open().next().map(|action| reading.facts().layout().shown(&action.target));
        (open().count(), file.unwrap_or_default())
    })
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

/// Why nothing is ticked, where that cannot be read.
fn unread_ticks(facts: &Facts) -> Option<Message> {
    let (file, reason) = facts.unreadable.iter().find(|(file, _)| *file == facts.layout().todo())?;
    Some(say("to-do-unreadable").with("file", facts.layout().shown(file)).with("reason", reason.clone()))
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

fn where_things_stand(wizard: &Wizard, unwritten: Option<(usize, String)>) -> Vec<Message> {
    let (deployment, facts) = (&wizard.reading().deployment, wizard.reading().facts());
    let request = match (pages::pending(deployment, facts), facts.requests.last()) {
        (Some(request), _) => waits(say("hub-pending"), request),
        (None, _) if pages::kept(deployment, facts).is_some() => say("hub-answered"),
        // A certificate came, and was taken out of use again; or what is in use is for other answers.
        (None, None) => match (facts.answered.last(), facts.links.is_empty()) {
            (Some(last), true) => say("hub-unused").with("number", last.number.to_string()),
            (Some(_), false) => say("hub-not-these"),
            (None, _) => say("hub-no-request"),
        },
        (None, Some(last)) => waits(say("hub-other-requests"), last).with("count", facts.requests.len()),
    };
    let partners = pages::partner_count(deployment);
    let records = say("hub-record-count").with("count", records(deployment).len());
    let is_error = |problem: &&Problem| problem.severity == Severity::Error;
    let errors = unwritten.as_ref().map_or(0, |_| wizard.reading().whole().problems.iter().filter(is_error).count());
    let written = match unwritten {
        None => say("hub-counting"),
        Some(_) if errors > 0 => say("hub-errors").with("count", errors),
        Some((0, _)) => say("hub-written"),
        Some((count, file)) => say("hub-unwritten").with("count", count).with("file", file),
    };
    let other_homes = facts.other_homes.iter();
    let elsewhere = other_homes.map(|home| say("hub-elsewhere").with("home", home.to_string_lossy().into_owned()));
    let counts = say("hub-counts").with("partners", partners).with("records", records).with("written", written);
    [request, counts].into_iter().chain(elsewhere).collect()
}

/// Says of a request that waits since when it does, and for what.
fn waits(words: Message, request: &PendingRequest) -> Message {
    let names = RequestSpec::read(&request.pem).map(|spec| spec.names).unwrap_or_default();
    // Of a server with one side nobody wonders which.
    let sides = request.purpose.as_ref().filter(|purpose| purpose.server.traits().has_internal_interface);
    words
        .with("number", request.number.to_string())
        .with("name", names.first().cloned().unwrap_or_default())
        .with("names", names.len())
        .with("usage", sides.map_or("only", |purpose| purpose.usage.name()))
        .with("date", request.made.date().to_string())
}

/// The menu of all pages, to go to one at once.
#[must_use]
pub fn all_pages(wizard: &Wizard) -> Overlay {
    // What an execution page does is started from the summary before it, never by looking at it.
    let pages: Vec<_> = wizard.pages().into_iter().filter(|page| page.body != Body::Execute).collect();
    let selected = pages.iter().position(|page| *page == wizard.page).unwrap_or(0);
    let item = |page: &&crate::form::Page| MenuItem {
        label: say(format!("page-{}.step", page.id)),
        command: Command::GoTo(page.id),
    };
    Overlay::choice(say("menu-pages"), pages.iter().map(item).collect(), selected)
}
