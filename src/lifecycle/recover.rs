//! What a run that was cut off left: it is finished where everything was proved and written, and else taken for undone.

use std::path::{Path, PathBuf};

use crate::edge::{Authority, KeyMaker, Usage};
use crate::home::layout;
use crate::home::layout::number_of;
use crate::home::{Entry, Facts, Pair, PendingRequest, Place, Undo};
use crate::pki::IssuedBundle;
use crate::pki::request::public_key_in;
use crate::plan::{Action, Plan};
use crate::problem::{Code, Severity};
use crate::text::{Message, say};

use super::proof::{Expected, prove};
use super::runs::is_installed;

/// What is to be done about a run that was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// What ends its work; empty where it is taken for undone.
    pub plan: Plan,
    /// What came of it, in words.
    pub said: Vec<Message>,
}

/// Looks for pairs that a run wrote and did not switch to. Nothing is cut off while another run is at work, and where no
/// such pair is newer than the one in use: an older one was in use before, or was switched back from.
#[must_use]
pub fn recover(facts: &Facts) -> Recovery {
    let mut recovery = Recovery { plan: Plan::default(), said: Vec::new() };
    let mut links = Vec::new();
    let usages = Usage::ALL.into_iter().filter(|usage| facts.busy.is_none() && !is_anothers(facts, *usage));
    for usage in usages {
        let is_for = |pair: &&Pair| facts.usage_of_pair(pair.number) == Some(usage);
        for pair in facts.pairs.iter().rev().filter(is_for) {
            let is_served = facts.links.values().any(|link| number_of(link) == Some(pair.number));
            if is_served || was_switched_to(facts, usage, pair.number) {
                break;
            }
            let said = |key: &'static str| say(key).with("number", pair.number.to_string());
            if !pair.is_whole {
                recovery.said.push(said("recover-undone"));
                break;
            }
            // One that a server is to serve is put into service by a run that proves that it does.
            if was_proved(facts, pair) && is_good(facts, pair) && !is_installed(&facts.journal) {
                links.push(Action::link(facts, usage, Some(pair.number)));
                recovery.said.push(said("recover-finished"));
                break;
            }
            // Whoever put it there may have put it before one that a run here left.
            recovery.said.push(said("recover-left"));
        }
    }
    recovery.plan = Plan::of(facts, links);
    recovery
}

/// Whether a run here proved this pair before it wrote it: the journal knows of it, or it answers the request of its number,
/// as after a run that died before it could say so. What came here in another way nobody proved.
fn was_proved(facts: &Facts, pair: &Pair) -> bool {
    let answers = |request: &PendingRequest| {
        request.number == pair.number && public_key_in(&request.pem).is_some_and(|key| pair.has_key(&key))
    };
    facts.journal.entries.iter().any(|entry| entry.pair() == Some(pair.number)) || facts.answered.iter().any(answers)
}

/// What is not asked again of a pair: which roots are believed, and where its key is, which lies beside it.
const NOT_ASKED: [Code; 3] =
    [Code::CertificateOtherKey, Code::CertificateRootUnknown, Code::CertificateChainIncomplete];

/// Whether it still is what was asked for, and valid now: time has passed since it was proved.
fn is_good(facts: &Facts, pair: &Pair) -> bool {
    let (Some(full), Some(purpose)) = (&pair.fullchain, &pair.purpose) else { return true };
    let Ok(offer) = IssuedBundle::read(full.as_bytes(), None) else { return false };
    let expected = Expected {
        requests: &facts.answered,
        names: &purpose.names,
        server: purpose.server,
        key_by: KeyMaker::Edgewright,
        authority: Authority::Private,
        usage: purpose.usage,
        partners: &[],
    };
    let findings = prove(&offer, &expected, &facts.trust, facts.now).findings;
    !findings.iter().any(|finding| finding.severity == Severity::Error && !NOT_ASKED.contains(&finding.code))
}

/// Whether the journal knows of a switch to this pair that came to its end: it was switched from since.
fn was_switched_to(facts: &Facts, usage: Usage, number: u32) -> bool {
    let place = layout::pair(number);
    switches(facts, usage).any(|entry| was(entry).map(Path::new) == Some(&place))
}

/// Whether the link leads where no run led it. A switch is written down before it is done, so after the last one it leads
/// to either end.
fn is_anothers(facts: &Facts, usage: Usage) -> bool {
    let now = facts.links.get(usage.link()).map(PathBuf::as_path);
    match switches(facts, usage).next_back() {
        Some(last) => ![last.to.as_deref(), was(last)].into_iter().any(|end| end.map(Path::new) == now),
        None => now.is_some(),
    }
}

/// What the journal says of the link of `usage`, oldest first.
fn switches(facts: &Facts, usage: Usage) -> impl DoubleEndedIterator<Item = &Entry> {
    let place = Place::inside(usage.link());
    facts.journal.entries.iter().filter(move |entry| matches!(entry.undo, Undo::Point { .. }) && entry.place == place)
}

/// Where a link led before.
fn was(entry: &Entry) -> Option<&str> {
    match &entry.undo {
        Undo::Point { to } => to.as_deref(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use time::OffsetDateTime;

    use super::recover;
    use crate::edge::{Purpose, Server, Usage};
    use crate::home::{Entry, Facts, Owner, Pair};
    use crate::lifecycle::tests::{HOME, entry, link, pair};

    /// What is there: pairs (whole or not), where `current` leads, what the journal says.
    fn facts(pairs: &[(u32, bool)], current: Option<&str>, journal: Vec<Entry>) -> Facts {
        let mut facts = Facts::unseen(Path::new(HOME), Path::new("/"), OffsetDateTime::UNIX_EPOCH);
        facts.owner = Owner::new("home", "", Path::new(HOME));
        facts.pairs = pairs
            .iter()
            .map(|(number, is_whole)| Pair { purpose: Some(purpose(Usage::External)), ..pair(*number, *is_whole) })
            .collect();
        facts.links.extend(current.map(|to| (Usage::External.link(), PathBuf::from(to))));
        let told = pairs.iter().map(|(number, _)| entry("create", "file", &format!("pairs/{number}/cert.pem")));
        facts.journal.entries = journal.into_iter().chain(told).collect();
        facts
    }

    fn purpose(usage: Usage) -> Purpose {
        Purpose {
            server: Server::Lync,
            usage,
            names: vec!["a.contoso.net".to_owned()],
            made: OffsetDateTime::UNIX_EPOCH,
            root: None,
        }
    }

    /// The links that are made, and the keys of what is said.
    fn recovered(facts: &Facts) -> (Vec<String>, Vec<String>) {
        let recovery = recover(facts);
        let links = recovery.plan.actions.iter().filter(|action| !action.step.is_folder());
        let links = links.map(|action| format!("{} {}", action.kind.name(), action.target.display())).collect();
        (links, recovery.said.iter().map(|said| said.key.to_string()).collect())
    }

    #[test]
    fn a_whole_pair_that_was_not_switched_to_is_and_a_part_of_one_is_told() {
        let first = || vec![link("current", Some("pairs/1"), None)];
        let none = (vec![], vec![]);
        let finished = |kind: &str| (vec![format!("{kind} {HOME}/current")], vec!["recover-finished".to_owned()]);
        let undone = (vec![], vec!["recover-undone".to_owned()]);
        assert_eq!(recovered(&facts(&[], None, vec![])), none);
        assert_eq!(recovered(&facts(&[(1, true)], None, vec![])), finished("create"));
        assert_eq!(recovered(&facts(&[(1, true)], None, first())), finished("create"));
        assert_eq!(recovered(&facts(&[(1, false)], None, vec![])), undone);
        assert_eq!(recovered(&facts(&[(1, true)], Some("pairs/1"), first())), none);
        assert_eq!(recovered(&facts(&[(1, true), (2, true)], Some("pairs/1"), first())), finished("change"));
        assert_eq!(recovered(&facts(&[(1, true), (2, false)], Some("pairs/1"), first())), undone);
        assert_eq!(recovered(&facts(&[(1, true), (2, true)], Some("pairs/2"), first())), none);
    }

    #[test]
    fn what_was_switched_from_and_what_a_person_switched_to_is_left() {
        let back = vec![
            link("current", Some("pairs/1"), None),
            link("current", Some("pairs/2"), Some("pairs/1")),
            link("current", Some("pairs/1"), Some("pairs/2")),
        ];
        let pairs = [(1, true), (2, true)];
        let none = (vec![], vec![]);
        assert_eq!(recovered(&facts(&pairs, Some("pairs/1"), back)), none);
        let taken_away = vec![link("current", Some("pairs/1"), None), link("current", None, Some("pairs/1"))];
        assert_eq!(recovered(&facts(&[(1, true)], None, taken_away)), none);
        let first = || vec![link("current", Some("pairs/1"), None)];
        for theirs in ["/etc/pairs/1", "pairs/7", "elsewhere"] {
            assert_eq!(recovered(&facts(&pairs, Some(theirs), first())), none, "{theirs}");
        }
        assert_eq!(recovered(&facts(&pairs, Some("pairs/1"), vec![])), none, "a journal that is gone");
    }

    #[test]
    fn each_interface_has_its_own_pairs() {
        let journal = vec![link("current", Some("pairs/1"), None)];
        let mut facts = facts(&[(1, true), (2, true)], Some("pairs/1"), journal);
        facts.pairs[1].purpose = Some(purpose(Usage::Internal));
        assert_eq!(recovered(&facts).0, [format!("create {HOME}/current-internal")]);
    }

    #[test]
    fn a_pair_of_which_nobody_knows_the_use_is_left() {
        let mut facts = facts(&[(1, true), (2, true)], Some("pairs/1"), vec![link("current", Some("pairs/1"), None)]);
        facts.pairs[1].purpose = None;
        assert_eq!(recovered(&facts), (vec![], vec![]));
    }

    #[test]
    fn what_no_run_here_proved_is_told_and_left() {
        let mut facts = facts(&[(1, true), (7, true)], Some("pairs/1"), vec![link("current", Some("pairs/1"), None)]);
        facts.journal.entries.retain(|entry| entry.pair() != Some(7));
        assert_eq!(recovered(&facts), (vec![], vec!["recover-left".to_owned()]));
    }

    #[test]
    fn what_serves_one_interface_is_not_given_to_the_other() {
        let mut facts = facts(&[(1, true)], Some("pairs/1"), vec![link("current", Some("pairs/1"), None)]);
        facts.pairs[0].purpose = Some(purpose(Usage::Internal));
        assert_eq!(recovered(&facts), (vec![], vec![]));
    }

    #[test]
    fn what_another_run_is_at_is_not_cut_off() {
        let mut facts = facts(&[(1, true)], None, vec![]);
        facts.busy = Some("pid 1".to_owned());
        assert_eq!(recovered(&facts), (vec![], vec![]));
    }
}
