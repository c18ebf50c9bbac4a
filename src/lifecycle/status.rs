//! Where the certificates stand, and what of it needs a person.

use std::path::Path;

use time::{Duration, OffsetDateTime};

use crate::edge::Usage;
use crate::home::layout::{ANSWERS, number_of};
use crate::home::{Facts, Found, Pair};
use crate::lifecycle::proof::shown;
use crate::pki::Certificate;
use crate::problem::{Code, Problem};
use crate::text::{Message, say};

use super::issuers::of_issuers;
use super::recover;
use super::server::of_server;
use super::tlsa::of_keys_published;
use super::undo::journal_problem;

/// How long an authority may think before somebody should ask. Those that check an organization's papers take days.
const PATIENCE: Duration = Duration::days(14);

/// Where the certificates stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// What each interface is served with: the external one always, the internal one where something is there for it.
    pub certificates: Vec<InUse>,
    /// The requests whose certificate is still to come, by number.
    pub pending: Vec<Waiting>,
    /// What needs a person, the most urgent first for each thing looked at.
    pub attention: Vec<Problem>,
}

/// What an interface is served with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// Which interface.
    pub usage: Usage,
    /// The number of the pair that its link leads to, whether or not that is there.
    pub pair: Option<u32>,
    /// The certificate's DNS names, in their order. They come from outside.
    pub names: Vec<String>,
    /// The last second of its validity.
    pub not_after: Option<OffsetDateTime>,
    /// Whole days until then, rounded down: negative once it is over.
    pub days_left: Option<i64>,
    /// How it stands with its time.
    pub state: State,
}

/// How it stands with a certificate's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Over a third of its lifetime is left.
    Ok,
    /// It is time to renew it.
    Due,
    /// It is over.
    Expired,
    /// There is no certificate.
    None,
}

impl State {
    /// Every state.
    pub const ALL: [State; 4] = [State::Ok, State::Due, State::Expired, State::None];

    /// The contract's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Due => "due",
            State::Expired => "expired",
            State::None => "none",
        }
    }
}

/// A request that waits for its certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub request: u32,
    /// What it is for, where that is known.
    pub usage: Option<Usage>,
    /// When it was written.
    pub made: OffsetDateTime,
}

impl Status {
    /// Works out where things stand from `facts` alone.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let waiting = |request: &crate::home::PendingRequest| Waiting {
            request: request.number,
            usage: facts.usage_of_request(request.number),
            made: request.made,
        };
        let pending: Vec<Waiting> = facts.requests.iter().map(waiting).collect();
        let is_for = |wanted: Usage| {
            facts.links.contains_key(wanted.link())
                || pending.iter().any(|request| request.usage == Some(wanted))
                || facts.pairs.iter().any(|pair| facts.usage_of_pair(pair.number) == Some(wanted))
        };
        let usages = || Usage::ALL.into_iter().filter(|usage| *usage == Usage::External || is_for(*usage));
        let mut attention = of_home(facts);
        attention.extend(usages().flat_map(|usage| of_pair(facts, usage)));
        attention.extend(of_requests(facts, &pending));
        let cut_off = recover(facts).said;
        if cut_off.is_empty() {
            attention.extend(usages().filter_map(|usage| none_in_use(facts, usage)));
        }
        attention.extend(cut_off.into_iter().map(|said| Problem {
            // Which pair it is stands in what recovery says of it.
            args: said.args,
            ..Problem::warning(Code::PairUnused, "")
        }));
        attention.extend(of_server(facts));
        attention.extend(of_keys(facts));
        attention.extend(of_keys_published(facts));
        Status { certificates: usages().map(|usage| in_use(facts, usage)).collect(), pending, attention }
    }
}

fn in_use(facts: &Facts, usage: Usage) -> InUse {
    let certificate = facts.current(usage).and_then(|pair| pair.certificate.as_ref());
    InUse {
        usage,
        pair: linked(facts, usage),
        names: certificate.map(|certificate| certificate.dns_names.clone()).unwrap_or_default(),
        not_after: certificate.map(|certificate| certificate.not_after),
        days_left: certificate.map(|certificate| whole_days(certificate.not_after - facts.now)),
        state: certificate.map_or(State::None, |certificate| state(certificate, facts.now)),
    }
}

fn state(certificate: &Certificate, now: OffsetDateTime) -> State {
    if now > certificate.not_before && !certificate.is_valid_at(now) {
        State::Expired
    } else if certificate.is_due_at(now) {
        State::Due
    } else {
        State::Ok
    }
}

/// Days rounded down, also below zero.
fn whole_days(time: Duration) -> i64 {
    let days = time.whole_nanoseconds().div_euclid(Duration::DAY.whole_nanoseconds());
    i64::try_from(days).unwrap_or_default()
}

/// The number of the pair that the link of `usage` leads to.
fn linked(facts: &Facts, usage: Usage) -> Option<u32> {
    number_of(facts.links.get(usage.link())?)
}

fn of_home(facts: &Facts) -> Vec<Problem> {
    let home = facts.home.to_string_lossy();
    if facts.home_unreadable.is_none() && facts.path_state(&facts.home).found == Found::Nothing {
        return vec![Problem::error(Code::HomeMissing, "").with("home", &*home)];
    }
    let unreadable = facts.home_unreadable.iter().map(|reason| {
        let reason = say("reason-system").with("reason", reason.as_str());
        Problem::error(Code::HomeUnreadable, "").with("home", &*home).with("reason", reason)
    });
    let unsafe_home = facts.home_unsafe.iter().map(|who| {
        let who = who.as_str();
        Problem::error(Code::HomeUnsafe, "").with("home", &*home).with("who", who)
    });
    let file = |file: &std::path::Path| file.to_string_lossy().into_owned();
    let answers = facts.unreadable.iter().filter(|(path, _)| path.ends_with(ANSWERS)).map(|(path, reason)| {
        Problem::error(Code::AnswersUnreadable, "").with("file", file(path)).with("error", reason.clone())
    });
    // Of a folder that cannot be looked into that is said once.
    let within = answers.chain(journal_problem(facts)).filter(|_| facts.home_unreadable.is_none());
    unreadable.chain(unsafe_home).chain(within).collect()
}

fn of_pair(facts: &Facts, usage: Usage) -> Vec<Problem> {
    let place = facts.layout().link(usage);
    let elsewhere = |found: Message| {
        vec![
            Problem::error(Code::LinkElsewhere, "")
                .with("link", place.to_string_lossy().into_owned())
                .with("found", found),
        ]
    };
    let Some(to) = facts.links.get(usage.link()) else {
        return match facts.path_state(&place).found {
            Found::File(_) | Found::Key | Found::Folder => elsewhere(say("link-none")),
            Found::Nothing | Found::Link | Found::Other => Vec::new(),
        };
    };
    let Some(number) = number_of(to) else {
        return elsewhere(say("link-leads").with("to", to.to_string_lossy().into_owned()));
    };
    let pair = facts.pairs.iter().find(|pair| pair.number == number);
    let dates = pair.and_then(|pair| pair.certificate.as_ref()).and_then(|leaf| of_dates(leaf, number, facts.now));
    let issuers = pair.map(|pair| of_issuers(pair, &facts.trust, facts.now)).unwrap_or_default();
    broken_pair(pair, number, facts).into_iter().chain(dates).chain(issuers).collect()
}

/// Says that of the pairs of `usage` none is in use, as after `undo`.
fn none_in_use(facts: &Facts, usage: Usage) -> Option<Problem> {
    let link = facts.layout().link(usage);
    let is_linked = facts.path_state(&link).found != Found::Nothing || facts.links.contains_key(usage.link());
    let has_pair = facts.pairs.iter().any(|pair| facts.usage_of_pair(pair.number) == Some(usage));
    (has_pair && !is_linked).then(|| pair_none(&link))
}

/// Says that `link` leads to no pair.
#[must_use]
pub fn pair_none(link: &Path) -> Problem {
    Problem::error(Code::PairNone, "").with("link", link.to_string_lossy().into_owned())
}

/// What is wrong with the pair of this number, beyond its certificate's dates.
#[must_use]
pub fn broken_pair(pair: Option<&Pair>, number: u32, facts: &Facts) -> Option<Problem> {
    let reason = match pair {
        None => say("pair-missing"),
        Some(pair) if pair.certificate.is_none() => say("pair-no-certificate"),
        Some(pair) if !pair.is_fitting => say("pair-other-key"),
        Some(pair) if !pair.is_whole => say("pair-other-chain"),
        Some(_) => return None,
    };
    let folder = facts.layout().pair(number).to_string_lossy().into_owned();
    let problem = Problem::error(Code::PairBroken, "").with("number", number.to_string());
    Some(problem.with("folder", folder).with("reason", reason))
}

fn of_dates(leaf: &Certificate, number: u32, now: OffsetDateTime) -> Option<Problem> {
    let problem = if now < leaf.not_before {
        Problem::error(Code::PairNotYetValid, "").with("date", shown(leaf.not_before))
    } else {
        match state(leaf, now) {
            State::Expired => Problem::error(Code::PairExpired, "").with("date", shown(leaf.not_after)),
            State::Due => Problem::warning(Code::PairDue, "")
                .with("date", shown(leaf.not_after))
                .with("days", count(whole_days(leaf.not_after - now))),
            State::Ok | State::None => return None,
        }
    };
    let name = leaf.dns_names.first().map_or(leaf.subject.as_str(), String::as_str);
    Some(problem.with("name", name).with("number", number.to_string()))
}

/// Whether somebody still waits for the certificate of this request: not of one that is older than the pair in use.
fn is_wanted(facts: &Facts, number: u32, usage: Option<Usage>) -> bool {
    usage.and_then(|usage| linked(facts, usage)).is_none_or(|used| used < number)
}

/// The newest request that waits for its certificate.
#[must_use]
pub fn awaited(facts: &Facts) -> Option<u32> {
    let numbers = facts.requests.iter().map(|request| request.number);
    numbers.filter(|number| is_wanted(facts, *number, facts.usage_of_request(*number))).max()
}

/// Requests that wait too long or in vain.
fn of_requests(facts: &Facts, pending: &[Waiting]) -> Vec<Problem> {
    let is_wanted = |number: u32, usage: Option<Usage>| is_wanted(facts, number, usage);
    let late = pending.iter().filter(|request| is_wanted(request.request, request.usage));
    let late = late.filter(|request| facts.now - request.made > PATIENCE).map(|request| {
        Problem::warning(Code::RequestWaits, "")
            .with("number", request.request.to_string())
            .with("days", count(whole_days(facts.now - request.made)))
    });
    let keyless = facts.requests_keyless.iter().filter(|number| is_wanted(**number, facts.usage_of_request(**number)));
    let keyless =
        keyless.map(|number| Problem::warning(Code::RequestKeyless, "").with("folder", request_folder(facts, *number)));
    let missing = facts.requests_missing.iter().filter(|number| is_wanted(**number, facts.usage_of_request(**number)));
    let missing = missing.map(|number| request_missing(facts, *number));
    let unknown = pending
        .iter()
        .filter(|request| request.usage.is_none())
        .map(|request| Problem::warning(Code::UsageUnknown, "").with("number", request.request.to_string()));
    late.chain(keyless).chain(missing).chain(unknown).collect()
}

/// Says that the request of this number is gone.
pub(super) fn request_missing(facts: &Facts, number: u32) -> Problem {
    Problem::warning(Code::RequestMissing, "").with("folder", request_folder(facts, number))
}

fn request_folder(facts: &Facts, number: u32) -> String {
    facts.layout().request(number).to_string_lossy().into_owned()
}

fn of_keys(facts: &Facts) -> Vec<Problem> {
    let used = facts.keys_exposed.iter().map(|key| (key, say("key-open-used")));
    let unused = facts.keys_open.iter().map(|key| (key, say("key-open-unused")));
    let open = |(key, todo): (&std::path::PathBuf, Message)| {
        let file = key.to_string_lossy().into_owned();
        Problem::warning(Code::KeyOpen, "").with("file", file).with("todo", todo)
    };
    let shared = facts
        .keys_shared
        .iter()
        .map(|key| Problem::error(Code::KeyShared, "").with("file", key.to_string_lossy().into_owned()));
    used.chain(unused).map(open).chain(shared).collect()
}

/// Days as a message counts them.
fn count(days: i64) -> usize {
    usize::try_from(days).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_rounded_down_on_both_sides_of_the_end() {
        let days = |seconds| whole_days(Duration::seconds(seconds));
        assert_eq!((days(86_400), days(86_399), days(0), days(-1), days(-86_401)), (1, 0, 0, -1, -2));
        assert_eq!(whole_days(Duration::nanoseconds(-1)), -1);
    }
}
