//! A person looks at domains as other servers see them: asked before, followed, left for a partner's form.

use std::sync::Arc;

use crate::edge::Usage;
use crate::pki::covers;
use crate::session::{Domains, Effect, Task};
use crate::text::{Message, say};
use crate::wizard::outside::Outside;
use crate::wizard::{Command, MenuItem, Overlay, Wizard};

use super::focus::leave_place;
use super::moving::go_to;
use super::rows::{close_row, edit_row};

/// The page that the partners are on.
const PARTNERS: &str = "partners";

/// Shows what was seen, as long as the answers are those that were looked at; else asks whether to look. The cursor is on
/// the partner of `row`.
pub(super) fn open(wizard: &mut Wizard, row: Option<usize>) -> Vec<Effect> {
    let mut effects = leave_place(wizard);
    if wizard.page.id != PARTNERS {
        effects.extend(go_to(wizard, PARTNERS));
    }
    let domains = domains(wizard);
    let seen = wizard.outside.as_ref().filter(|outside| holds(outside, &domains));
    let partner = row.and_then(|row| wizard.reading().deployment.federation.partners.get(row));
    // What was not looked at yet is looked at first.
    let shown = seen.and_then(|outside| {
        let all = &outside.domains.all;
        match partner {
            Some(partner) => all.iter().position(|domain| domain == partner.domain.ascii()).map(Some),
            None => (*all == domains.all).then_some(None),
        }
    });
    wizard.overlay = Some(match shown {
        Some(selected) => Overlay::Outside { selected },
        None => asked(wizard, &domains, row),
    });
    effects
}

/// Says what a look does, and asks.
pub(super) fn ask(wizard: &mut Wizard, row: Option<usize>) {
    wizard.overlay = Some(asked(wizard, &domains(wizard), row));
}

fn asked(wizard: &Wizard, domains: &Domains, row: Option<usize>) -> Overlay {
    let not_now = || MenuItem { label: say("outside-not"), command: Command::Leave };
    let menu = |about: Vec<Message>, items| Overlay::Menu {
        title: say("outside"),
        about,
        items,
        selected: 0,
        escape: Command::Leave,
    };
    if wizard.dry_run {
        return menu(vec![say("outside-dry-run")], vec![not_now()]);
    }
    if domains.all.is_empty() {
        return menu(vec![say("outside-nothing")], vec![not_now()]);
    }
    let identity = named(wizard, domains)
        .map_or_else(|| say("outside-stranger"), |domain| say("outside-named").with("name", domain));
    let about = [say("outside-about")].into_iter().chain((!domains.wanted.is_empty()).then_some(identity));
    let partner = row.and_then(|row| wizard.reading().deployment.federation.partners.get(row));
    let only = partner.filter(|partner| partner.domain.is_sound()).map(|partner| MenuItem {
        label: say("outside-only").with("partner", partner.domain.unicode().clone()),
        command: Command::LookOutside(row),
    });
    let all = say("outside-all").with("count", domains.all.len());
    let all = MenuItem { label: all, command: Command::LookOutside(None) };
    menu(about.chain([say("outside-from")]).collect(), only.into_iter().chain([all, not_now()]).collect())
}

/// The domain that our certificate in use names us as.
fn named(wizard: &Wizard, domains: &Domains) -> Option<String> {
    let pair = wizard.reading().facts().current(Usage::External)?;
    let names = &pair.certificate.as_ref()?.dns_names;
    domains.own.iter().find(|domain| names.iter().any(|held| covers(held, domain))).cloned()
}

/// The domains of the answers as they are now.
fn domains(wizard: &Wizard) -> Domains {
    Domains::of(&wizard.answered(), &wizard.reading().deployment)
}

/// Whether what was seen was judged by the answers as they are now.
fn holds(outside: &Outside, domains: &Domains) -> bool {
    let all = &outside.domains.all;
    let is_there = |domain: &String| domains.is_own(domain) || domains.wanted.contains_key(domain);
    all.iter().all(is_there) && domains.clone().looking_at(all.clone()) == *outside.domains
}

/// Looks at the partner of `row`, with what shares its settings, or at all domains.
pub(super) fn look(wizard: &mut Wizard, row: Option<usize>) -> Vec<Effect> {
    let mut domains = domains(wizard);
    if let Some(partner) = row.and_then(|row| wizard.reading().deployment.federation.partners.get(row)) {
        let all = [&partner.domain].into_iter().chain(&partner.additional_domains).filter(|name| name.is_sound());
        domains = domains.looking_at(all.map(|name| name.ascii().to_owned()).collect());
    }
    let mut effects: Vec<Effect> = stop(wizard).into_iter().collect();
    let domains = Arc::new(domains);
    effects.push(wizard.start(Task::Check(Arc::clone(&domains))));
    wizard.outside = Some(Outside::new(domains, wizard.last_task));
    wizard.overlay = Some(Overlay::Outside { selected: None });
    effects
}

/// Stops the look that goes on, if one does.
pub(super) fn stop(wizard: &Wizard) -> Option<Effect> {
    let outside = wizard.outside.as_ref().filter(|outside| outside.end.is_none())?;
    Some(Effect::Stop(outside.task))
}

/// Opens the form of the partner whose domain is at `place`; one of our own has none.
pub(super) fn edit(wizard: &mut Wizard, place: usize) -> Vec<Effect> {
    let Some(row) = wizard.partner_outside(place) else {
        wizard.overlay = Some(Overlay::Path { place, scroll: 0 });
        return Vec::new();
    };
    if wizard.row == Some(row) {
        return Vec::new();
    }
    let mut effects = if wizard.row.is_some() { close_row(wizard) } else { Vec::new() };
    effects.extend(edit_row(wizard, row));
    effects
}
