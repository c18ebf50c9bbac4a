//! Domains as other servers see them, as far as it was looked.

use std::sync::Arc;

use crate::check::{DomainCheck, Seen};
use crate::name::Name;
use crate::session::{Domains, TaskId};
use crate::text::{Message, say};

/// A look at domains. A domain goes by its place among them, wherever it is shown.
#[derive(Debug, Clone)]
pub struct Outside {
    /// What is looked at.
    pub domains: Arc<Domains>,
    /// Who looks.
    pub task: TaskId,
    /// How it ended; none while it goes on.
    pub end: Option<Result<(), String>>,
    names: Vec<Name>,
    seen: Vec<Option<DomainCheck>>,
    standings: Vec<Standing>,
}

/// How a domain stands, the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Something needs a person.
    Wrong,
    /// It cannot be told.
    Unclear,
    /// Nothing was seen yet.
    Waiting,
    /// All is as it should be.
    Fine,
}

impl Outside {
    /// A look that has just begun.
    pub(super) fn new(domains: Arc<Domains>, task: TaskId) -> Self {
        let names = domains.all.iter().map(|domain| Name::new(domain)).collect();
        let (seen, standings) = (vec![None; domains.all.len()], vec![Standing::Waiting; domains.all.len()]);
        Outside { domains, task, end: None, names, seen, standings }
    }

    /// Takes in what was seen of the domain at `place`.
    pub(super) fn take(&mut self, place: usize, check: DomainCheck) {
        let Some(standing) = self.standings.get_mut(place) else { return };
        *standing = match check.ok() {
            Some(true) => Standing::Fine,
            Some(false) => Standing::Wrong,
            None => Standing::Unclear,
        };
        self.seen[place] = Some(check);
    }

    /// What was seen of the domain at `place`.
    #[must_use]
    pub fn check(&self, place: usize) -> Option<&DomainCheck> {
        self.seen.get(place)?.as_ref()
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self, place: usize) -> Standing {
        self.standings.get(place).copied().unwrap_or(Standing::Waiting)
    }

    /// All places, the most urgent first, else in the order of the answers.
    #[must_use]
    pub fn places(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.seen.len()).collect();
        places.sort_by_key(|place| self.standings[*place]);
        places
    }

    /// The place under the cursor, where a person chose this one, or none yet.
    #[must_use]
    pub fn selected(&self, chosen: Option<usize>) -> usize {
        chosen.or_else(|| self.places().first().copied()).unwrap_or_default()
    }

    /// The names of the domains, each at its place.
    #[must_use]
    pub fn names(&self) -> &[Name] {
        &self.names
    }

    /// How far the look is, and what came of it.
    #[must_use]
    pub fn progress(&self) -> Message {
        let count = |standing| self.standings.iter().filter(|each| **each == standing).count();
        let (all, waiting) = (self.seen.len(), count(Standing::Waiting));
        let said = match &self.end {
            None => say("outside-goes-on"),
            Some(Err(reason)) => return say("outside-failed").with("reason", reason.as_str()),
            Some(Ok(())) if waiting > 0 => say("outside-stopped"),
            Some(Ok(())) if count(Standing::Fine) == all => say("outside-all-fine"),
            Some(Ok(())) => say("outside-over"),
        };
        let said = said.with("done", all - waiting).with("all", all);
        said.with("wrong", count(Standing::Wrong)).with("unclear", count(Standing::Unclear))
    }

    /// What is to be known of the domain at `place`, in a sentence that begins with how it stands.
    #[must_use]
    pub fn sentence(&self, place: usize) -> Message {
        let Some(check) = self.check(place) else {
            return if self.end.is_none() { say("outside-waiting") } else { say("outside-not-looked") };
        };
        match self.standing(place) {
            Standing::Wrong => wrong(check),
            Standing::Unclear | Standing::Waiting => unclear(check),
            Standing::Fine => self.fine(check),
        }
    }

    fn fine(&self, check: &DomainCheck) -> Message {
        let notes = check.steps.iter().filter(|step| step.ok.is_none()).count();
        let notes = say("outside-notes").with("count", notes);
        let way = |seen: Seen| say("outside-way").with("method", seen.name());
        let (to, from) = (check.to_partner, check.from_partner);
        let said = match (to, from) {
            _ if self.domains.is_own(&check.domain) => say("outside-fine-only"),
            (Seen::Unknown, Seen::Unknown) => say("outside-fine-unknown"),
            _ if to == from => say("outside-fine-alike"),
            _ => say("outside-fine"),
        };
        said.with("to", way(to)).with("from", way(from)).with("notes", notes)
    }
}

/// Where it breaks, or is wrong although something gets through.
fn wrong(check: &DomainCheck) -> Message {
    match (check.wrong(), check.contradictions.first()) {
        (Some(step), _) => {
            let said = if check.to_partner == Seen::None { say("outside-breaks") } else { say("outside-wrong") };
            said.with("step", step.title()).with("detail", step.detail.clone())
        }
        (None, Some(found)) => say("outside-against").with("hint", found.hint.clone()),
        (None, None) => say("outside-unclear-only"),
    }
}

/// What it ended with that nobody there is to blame for.
fn unclear(check: &DomainCheck) -> Message {
    match check.unclear() {
        Some(step) => say("outside-unclear").with("detail", step.detail.clone()),
        None => say("outside-unclear-only"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Part, Step};

    /// A domain of which this was seen.
    fn check(domain: &str, steps: Vec<Step>) -> DomainCheck {
        let (to_partner, from_partner) = (Seen::None, Seen::Unknown);
        let (domain, contradictions) = (domain.to_owned(), Vec::new());
        DomainCheck { domain, steps, to_partner, from_partner, wanted: None, contradictions }
    }

    fn step(part: Part, ok: Option<bool>, key: &'static str) -> Step {
        Step::new(part, "target", ok, key)
    }

    fn outside(names: &[&str]) -> Outside {
        let all = names.iter().map(|name| (*name).to_owned()).collect();
        Outside::new(Arc::new(Domains::default().looking_at(all)), TaskId(1))
    }

    #[test]
    fn what_needs_a_person_comes_first_and_else_the_order_of_the_answers_holds() {
        let mut outside = outside(&["a", "b", "c", "d", "e"]);
        let fine = || vec![step(Part::StartTls, Some(true), "check-tls-agreed")];
        assert_eq!(outside.places(), [0, 1, 2, 3, 4]);
        outside.take(4, check("e", vec![step(Part::Tcp, Some(false), "check-late")]));
        outside.take(0, check("a", fine()));
        assert_eq!(outside.places(), [4, 1, 2, 3, 0]);
        outside.take(2, check("c", vec![step(Part::Srv, None, "check-lookup-no-server")]));
        outside.take(1, check("b", vec![step(Part::Tcp, Some(false), "check-closed")]));
        assert_eq!(outside.places(), [1, 4, 2, 3, 0]);
        assert_eq!((outside.selected(None), outside.selected(Some(3))), (1, 3));
        // What nobody asked for is nothing.
        outside.take(9, check("z", fine()));
        assert_eq!(outside.places(), [1, 4, 2, 3, 0]);
    }

    #[test]
    fn the_sentence_says_where_it_breaks_and_else_what_could_not_be_told() {
        let mut outside = outside(&["a"]);
        let detail = |message: &Message| {
            let detail = message.args.iter().find(|(name, _)| *name == "detail");
            (message.key.to_string(), detail.map(|(_, said)| said.clone()))
        };
        let said = |key: &'static str| Some(say(key).into());
        assert_eq!(outside.sentence(0), say("outside-waiting"));
        let note = || step(Part::Srv, None, "check-srv-none");
        let wrong = || step(Part::Tcp, Some(false), "check-late");
        outside.take(0, check("a", vec![note(), wrong(), step(Part::Tcp, Some(false), "check-closed")]));
        assert_eq!(detail(&outside.sentence(0)), ("outside-breaks".to_owned(), said("check-late")));
        // By another way something gets through.
        let to_partner = Seen::Unknown;
        outside.take(0, DomainCheck { to_partner, ..check("a", vec![wrong()]) });
        assert_eq!(detail(&outside.sentence(0)), ("outside-wrong".to_owned(), said("check-late")));
        let keys = step(Part::Tlsa, None, "check-tlsa-root");
        outside.take(0, check("a", vec![note(), step(Part::Tcp, None, "check-no-way"), keys]));
        assert_eq!(detail(&outside.sentence(0)), ("outside-unclear".to_owned(), said("check-no-way")));
    }
}
