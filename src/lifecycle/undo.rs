//! A run is taken back, as far as that can be, from what the journal and the disk say.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::edge::{Server, Usage};
use crate::home::layout::{KEY, number_of};
use crate::home::{Entry, Facts, FileOwner, Found, Pair, Stay, Undo as Back};
use crate::plan::{Action, Change, Plan, Undoes};
use crate::problem::{Code, Problem, Severity};
use crate::servers::{Verb, product};
use crate::steps::install::SERVER_STAGE;
use crate::steps::server_pair::folder_name;
use crate::system::Access;
use crate::text::{Message, say};

use super::file_back::{kept_at, line_back, put_back};
use super::proof::shown;
use super::runs::{chosen, cut_off, standing};
use super::server_back::{services, still_reads, told, told_again, without_line};
use super::tlsa::of_return;
use super::zone_back::zones_back;

/// What taking back a run comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// Which run it is, in the order of the journal, from 1.
    pub number: usize,
    /// When that run began.
    pub run: OffsetDateTime,
    /// Who began it: `person` or `timer`.
    pub by: String,
    /// What takes it back.
    pub plan: Plan,
    /// What stays, and why.
    pub stays: Vec<Message>,
}

impl Undo {
    /// Which run it is, when it began and who began it.
    #[must_use]
    pub fn title(&self) -> Message {
        let Undo { number, run, by, .. } = self;
        say("undo-run").with("number", number.to_string()).with("date", shown(*run)).with("by", by.as_str())
    }
}

/// Takes back the run of this number, or the last one, if it was not taken back yet. `facts` are to hold what is at
/// [`touched`].
#[must_use]
pub fn undo(facts: &Facts, number: Option<usize>) -> Option<Undo> {
    let (number, entries) = chosen(&facts.journal, number)?;
    worked_out(facts, number, entries)
}

/// Takes back the stage of a run that did not come to its end. `facts` are to hold what is at [`touched_by_cut_off`].
#[must_use]
pub fn undo_cut_off(facts: &Facts) -> Option<Undo> {
    let (number, entries) = cut_off(&facts.journal)?;
    let mut undo = worked_out(facts, number, entries)?;
    undo.plan.undoes = Some(Undoes { run: undo.run, stage: Some(SERVER_STAGE) });
    Some(undo)
}

fn worked_out(facts: &Facts, number: usize, entries: Vec<&Entry>) -> Option<Undo> {
    let Entry { run, by, .. } = entries.first().copied()?;
    let mut undo = Undo { number, run: *run, by: by.clone(), plan: Plan::default(), stays: Vec::new() };
    let (mut actions, mut said) = (Vec::new(), HashSet::new());
    let (zones, kept) = zones_back(facts, &entries);
    let (mut again, server) = (told_again(facts, &entries), told(facts, entries.clone()));
    // What was done last is taken back first.
    for entry in entries.into_iter().rev() {
        match line_back(facts, entry, server.as_ref()).or_else(|| step(facts, entry)) {
            Some(Ok(action)) => {
                undo.stays.extend(lost_owner(facts, entry));
                actions.push(action);
            }
            Some(Err(why)) if said.insert(why.clone()) => undo.stays.push(why),
            _ => {}
        }
    }
    let script = facts.layout().out().join("install.sh");
    if actions.iter().any(|action| action.kind == Change::Remove && action.target == script) {
        undo.stays.push(say("undo-script"));
    }
    // What a main file goes on to read stays where it is, or the server would not start.
    let still_read =
        server.as_ref().filter(|server| still_reads(facts, &actions, server)).map(|(_, main)| main.clone());
    if let Some(main) = &still_read {
        again.retain(|(_, verb, _)| *verb != Verb::RemoveModule);
        actions.retain(|action| action.kind != Change::Remove || action.target.parent() != main.parent());
    }
    actions.extend(server.as_ref().and_then(|server| without_line(facts, &actions, server)));
    // Once its files are as they were, a server reads them again.
    match services(facts, &again, server.as_ref().map(|(_, main)| main.as_path())) {
        Ok(services) => actions.extend(services),
        Err(why) => undo.stays.push(why),
    }
    if let (false, Some(Ok(found)), Some((server, _))) = (again.is_empty(), &facts.server, &server)
        && !found.is_running
    {
        undo.stays.push(say("undo-at-rest").with("server", server.traits().title));
    }
    // Whatever becomes of name servers, all else is taken back.
    actions.extend(zones);
    undo.stays.extend(kept);
    undo.plan = Plan { undoes: Some(Undoes { run: undo.run, stage: None }), ..Plan::of(facts, actions) };
    Some(undo)
}

/// The server that is told something when the run of this number, or the last, is taken back, and the main configuration
/// file that it had then.
#[must_use]
pub fn server_of(facts: &Facts, number: Option<usize>) -> Option<(Server, PathBuf)> {
    let chosen = cut_off(&facts.journal).or_else(|| chosen(&facts.journal, number));
    told(facts, chosen.map(|(_, entries)| entries).unwrap_or_default())
}

/// The server that was told something last in a run that stands, likewise.
#[must_use]
pub fn server_in_service(facts: &Facts) -> Option<(Server, PathBuf)> {
    told(facts, standing(&facts.journal))
}

/// What keeps the run of this number, or the last, from being taken back: nobody can say what it did, or a server's main file,
/// which it changed, is a link now, and would go on reading what goes, or partners would refuse the key that is gone back to.
#[must_use]
pub fn undo_barred(facts: &Facts, number: Option<usize>) -> Vec<Problem> {
    let journal = journal_problem(facts).map(|problem| Problem { severity: Severity::Error, ..problem });
    let places = [touched_by_cut_off(facts), touched(facts, number)].concat();
    let main = server_of(facts, number).map(|(_, main)| main).filter(|main| places.contains(main));
    let main = main.filter(|main| facts.path_state(main).found == Found::Link).map(|main| {
        let problem = Problem::error(Code::FileUnwritable, "").with("file", main.to_string_lossy().into_owned());
        problem.with("reason", say("reason-link"))
    });
    // What was cut off is taken back whatever partners make of it.
    let whole = chosen(&facts.journal, number).filter(|_| cut_off(&facts.journal).is_none());
    let keys = whole.into_iter().flat_map(|(_, entries)| entries);
    let keys = keys.filter_map(|entry| gone_back_to(facts, entry)).flat_map(|pair| of_return(pair, facts));
    journal.into_iter().chain(main).chain(keys).collect()
}

/// The pair that is in use on the external interface when this is taken back.
fn gone_back_to<'a>(facts: &'a Facts, entry: &Entry) -> Option<&'a Pair> {
    let Back::Point { to: Some(was) } = &entry.undo else { return None };
    let is_link = facts.reach(&entry.place)? == facts.layout().link(Usage::External);
    let number = number_of(Path::new(was)).filter(|_| is_link)?;
    facts.pairs.iter().find(|pair| pair.number == number)
}

/// What keeps the journal from being read as a whole.
pub(super) fn journal_problem(facts: &Facts) -> Option<Problem> {
    let journal = facts.layout().journal();
    let file = || journal.to_string_lossy().into_owned();
    let unreadable = facts.unreadable.iter().find(|(file, _)| *file == journal).map(|(_, reason)| {
        Problem::warning(Code::FileUnreadable, "").with("file", file()).with("reason", reason.clone())
    });
    unreadable.or_else(|| {
        let lines: Vec<String> = facts.journal.damaged.iter().take(MOST_LINES).map(usize::to_string).collect();
        let count = facts.journal.damaged.len();
        (count > 0).then(|| {
            Problem::warning(Code::JournalDamaged, "")
                .with("file", file())
                .with("count", count)
                .with("lines", lines.join(", "))
        })
    })
}

/// How many damaged lines are named.
const MOST_LINES: usize = 5;

/// Every place that [`undo`] looks at.
#[must_use]
pub fn touched(facts: &Facts, number: Option<usize>) -> Vec<PathBuf> {
    let entries = chosen(&facts.journal, number).map(|(_, entries)| entries).unwrap_or_default();
    places(facts, &entries)
}

/// Every place that [`undo_cut_off`] looks at.
#[must_use]
pub fn touched_by_cut_off(facts: &Facts) -> Vec<PathBuf> {
    places(facts, &cut_off(&facts.journal).map(|(_, entries)| entries).unwrap_or_default())
}

fn places(facts: &Facts, entries: &[&Entry]) -> Vec<PathBuf> {
    let replaced = entries.iter().filter_map(|entry| kept_at(facts, entry.before.as_deref()?));
    let server = told(facts, entries.to_vec());
    let settings = server.and_then(|(server, main)| Some(product(server).local()?.settings(&main)));
    let on_disk = entries.iter().filter(|entry| !matches!(entry.undo, Back::DnsUpdate(_)));
    on_disk.filter_map(|entry| facts.reach(&entry.place)).chain(replaced).chain(settings).collect()
}

/// What takes one entry back, or why it stays; nothing for what harms nobody.
fn step(facts: &Facts, entry: &Entry) -> Option<Result<Action, Message>> {
    let file = || entry.place.shown(&facts.home);
    let stays = |why: &'static str| Some(Err(say(why).with("file", file())));
    match (&entry.undo, entry.pair()) {
        (Back::Unknown | Back::Stays { why: Stay::Unknown }, _) => return stays("undo-unknown"),
        (_, Some(number)) => return Some(Err(say("undo-pair-stays").with("number", number.to_string()))),
        (Back::Stays { why: Stay::Key }, _) => return stays("undo-key-stays"),
        (Back::Stays { why: Stay::Request }, _) => return stays("undo-request-stays"),
        (Back::Stays { why: Stay::Pfx }, _) => return stays("undo-pfx-stays"),
        (Back::Nothing | Back::Service { .. } | Back::DnsUpdate(_), _) => return None,
        _ => {}
    }
    let Some(target) = facts.reach(&entry.place) else { return stays("undo-elsewhere") };
    // By now it may be in another home folder, or where others could lead it elsewhere.
    if let Some(reason) = facts.path_state(&target).unwritable.as_ref().filter(|_| !target.starts_with(&facts.home)) {
        return Some(Err(say("undo-barred").with("file", file()).with("reason", reason.clone())));
    }
    // Whatever the journal says of them: requests and pairs stay, and so does what puts back.
    if facts.layout().is_lasting(&target) {
        return None;
    }
    match &entry.undo {
        Back::Point { to } if target.starts_with(&facts.home) => {
            switch_back(facts, entry, to.as_deref().map(Path::new), &target)
        }
        Back::Point { to } => switch_server_back(facts, entry, to.as_deref().map(Path::new), target),
        Back::Remove => put_back(facts, entry, target, None),
        Back::Restore { mode, .. } => {
            // A platform without modes has none to put back.
            let mode = mode.as_deref().and_then(|mode| u32::from_str_radix(mode, 8).ok()).unwrap_or(0o600) & 0o777;
            put_back(facts, entry, target, Some(Access::Exactly { mode, owner: owner(facts, entry) }))
        }
        Back::Nothing | Back::Stays { .. } | Back::Service { .. } | Back::DnsUpdate(_) | Back::Unknown => None,
    }
}

/// Whose the file was that an entry is about, if it may be given back.
fn owner(facts: &Facts, entry: &Entry) -> Option<FileOwner> {
    let owner = facts.names.owner(named_owner(entry)?)?;
    facts.user.as_ref().filter(|user| user.may_give_to(owner)).map(|_| owner)
}

fn named_owner(entry: &Entry) -> Option<&str> {
    match &entry.undo {
        Back::Restore { owner, .. } => owner.as_deref(),
        _ => None,
    }
}

/// What is said of a file that is put back and cannot be given back to its owner. Since it was replaced it is ours already:
/// with its content and its mode it is nearer to what it was, and its owner is named to whoever may change that.
fn lost_owner(facts: &Facts, entry: &Entry) -> Option<Message> {
    let named = named_owner(entry).filter(|_| owner(facts, entry).is_none())?;
    Some(say("undo-owner-lost").with("file", entry.place.shown(&facts.home)).with("owner", named))
}

/// The link to the pair in use before; nothing where it leads there already, as after an undo that was cut off.
fn switch_back(facts: &Facts, entry: &Entry, was: Option<&Path>, target: &Path) -> Option<Result<Action, Message>> {
    let usage = Usage::ALL.into_iter().find(|usage| target == facts.layout().link(*usage))?;
    let now = facts.links.get(usage.link()).map(PathBuf::as_path);
    if now == was {
        return None;
    }
    if now != entry.to.as_deref().map(Path::new) {
        return Some(Err(say("undo-link-changed").with("file", entry.place.shown(&facts.home))));
    }
    let Some(was) = was else { return Some(Ok(Action::link(facts, usage, None))) };
    let number = number_of(was);
    let pair = facts.pairs.iter().find(|pair| Some(pair.number) == number);
    Some(of_use(facts, pair, was).map(|()| Action::link(facts, usage, number)))
}

/// Why nobody is led to the pair at `was`: it is gone, over, or its key was open to others.
fn of_use(facts: &Facts, pair: Option<&Pair>, was: &Path) -> Result<(), Message> {
    let why = |key: &'static str| Err(say(key).with("pair", was.to_string_lossy().into_owned()));
    let Some(pair) = pair.filter(|pair| pair.is_whole) else { return why("undo-pair-gone") };
    let is_over = pair.certificate.as_ref().is_some_and(|leaf| leaf.not_after < facts.now);
    let key = facts.layout().pair(pair.number).join(KEY);
    if is_over {
        return why("undo-pair-over");
    }
    if facts.keys_exposed.contains(&key) { why("undo-pair-exposed") } else { Ok(()) }
}

/// The server's link to the pair in use before, as [`switch_back`].
fn switch_server_back(
    facts: &Facts,
    entry: &Entry,
    was: Option<&Path>,
    target: PathBuf,
) -> Option<Result<Action, Message>> {
    let now = facts.leads.get(&target).map(PathBuf::as_path);
    if now == was {
        return None;
    }
    if now != entry.to.as_deref().map(Path::new) {
        return Some(Err(say("undo-link-changed").with("file", entry.place.shown(&facts.home))));
    }
    let Some(was) = was else { return Some(Ok(Action::server_link(facts, target, None))) };
    let is_it = |pair: &&Pair| pair.fullchain.as_deref().is_some_and(|chain| was.ends_with(folder_name(chain)));
    let pair = facts.pairs.iter().find(is_it);
    Some(of_use(facts, pair, was).map(|()| Action::server_link(facts, target, Some(was.to_owned()))))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use time::{Duration, OffsetDateTime};

    use super::{Undo, undo};
    use crate::home::{Entry, Facts, Found, PathState, Stay, Undo as Back};
    use crate::lifecycle::tests::{HOME, entry};
    use crate::pki::digest::sha256_hex;
    use crate::steps::file::File;
    use crate::steps::remove::Remove;

    /// The moment of the run that is told `nth` by the clock.
    fn at(nth: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(nth)
    }

    /// What comes of one entry about a file that now says `now`; its earlier content is kept where `keeps`.
    fn comes_of(entry: Entry, now: Option<&str>, keeps: bool) -> Undo {
        let mut facts = Facts::unseen(Path::new(HOME), Path::new("/"), at(9));
        let file = |content: &str| PathState {
            found: Found::File(content.into()),
            unwritable: None,
            mode: Some(0o600),
            owner: None,
        };
        let place = facts.reach(&entry.place);
        facts.path_states.extend(place.zip(now).map(|(place, now)| (place, file(now))));
        if keeps {
            facts.path_states.insert(Path::new(HOME).join("before").join(sha256_hex(b"was")), file("was"));
        }
        facts.kept = [sha256_hex(b"was"), sha256_hex(b"is")].into();
        facts.journal.entries = vec![entry];
        undo(&facts, None).unwrap()
    }

    fn changed() -> Entry {
        let [sha256, before] = ["is", "was"].map(|content| Some(sha256_hex(content.as_bytes())));
        Entry { sha256, before, ..entry("change", "file", "a") }
    }

    fn said(undo: &Undo) -> Vec<String> {
        undo.stays.iter().map(|said| said.key.to_string()).collect()
    }

    #[test]
    fn a_file_is_put_back_only_from_what_a_run_left_to_what_is_kept() {
        let back = comes_of(changed(), Some("is"), true);
        let last = back.plan.actions.last().and_then(|action| action.as_a::<File>());
        assert_eq!((last.map(|file| file.content.as_str()), said(&back)), (Some("was"), vec![]));
        for (now, keeps, why) in [
            (Some("is"), false, "undo-before-gone"),
            (Some("theirs"), true, "undo-file-changed"),
            (None, true, "undo-file-gone"),
        ] {
            let undo = comes_of(changed(), now, keeps);
            assert_eq!((said(&undo), undo.plan.actions), (vec![why.to_owned()], vec![]));
        }
        let already = comes_of(changed(), Some("was"), true);
        assert_eq!((said(&already), already.plan.actions), (vec![], vec![]));
    }

    #[test]
    fn a_changed_file_whose_earlier_content_nobody_noted_is_never_taken_away() {
        let undo = comes_of(Entry { before: None, ..changed() }, Some("is"), false);
        assert_eq!((said(&undo), undo.plan.actions), (vec!["undo-before-gone".to_owned()], vec![]));
        let created = || Entry { before: None, sha256: changed().sha256, ..entry("create", "file", "a") };
        let undo = comes_of(created(), Some("is"), false);
        assert!(undo.plan.actions.last().unwrap().as_a::<Remove>().is_some());
        let gone = comes_of(created(), None, false);
        assert_eq!((said(&gone), gone.plan.actions), (vec![], vec![]));
    }

    #[test]
    fn no_folder_is_made_to_take_a_file_away_from_it() {
        let created = Entry { sha256: changed().sha256, ..entry("create", "file", "out/a") };
        let below = format!("{HOME}/out/a");
        let undo = comes_of(created, Some("is"), false);
        let targets = undo.plan.targets();
        assert!(targets.contains(&below.into()) && !targets.contains(&format!("{HOME}/out").into()), "{targets:?}");
    }

    #[test]
    fn nothing_is_taken_away_through_a_link() {
        let spot = |found| PathState { found, unwritable: None, mode: None, owner: None };
        let mut facts = Facts::unseen(Path::new(HOME), Path::new("/"), at(9));
        let target = format!("{HOME}/out/a");
        facts.path_states.insert(target.into(), spot(Found::File(b"is".to_vec())));
        facts.path_states.insert(format!("{HOME}/out").into(), spot(Found::Link));
        facts.journal.entries = vec![Entry { sha256: changed().sha256, ..entry("create", "file", "out/a") }];
        let undo = undo(&facts, None).unwrap();
        assert!(!undo.plan.problems(&facts).is_empty(), "{:?}", undo.plan.targets());
    }

    #[test]
    fn nothing_of_a_pair_or_a_request_is_touched_whatever_the_journal_says() {
        for place in ["pairs/1/cert.pem", "pairs/1/pair.json", "requests/1/request.json", "requests/1/request.pem"] {
            for kind in ["create", "change", "remove"] {
                let told = Entry { sha256: changed().sha256, before: changed().before, ..entry(kind, "file", place) };
                let undo = comes_of(told, Some("is"), true);
                assert_eq!(undo.plan.actions, vec![], "{kind} {place}");
            }
        }
    }

    #[test]
    fn a_kind_of_undo_that_a_later_version_wrote_is_refused_in_words() {
        let undo = comes_of(Entry { undo: Back::Unknown, ..changed() }, Some("is"), true);
        assert_eq!((said(&undo), undo.plan.actions), (vec!["undo-unknown".to_owned()], vec![]));
    }

    #[test]
    fn an_unknown_undo_is_said_wherever_and_whatever_it_is_of() {
        for place in ["a", "pairs/1/cert.pem", "requests/1/request.json", "requests/1/key.pem"] {
            for back in [Back::Unknown, Back::Stays { why: Stay::Unknown }] {
                for what in ["file", "key", "request", "pfx", "dns"] {
                    let told = Entry { undo: back.clone(), ..entry("create", what, place) };
                    let undo = comes_of(told, Some("is"), true);
                    assert_eq!((said(&undo), undo.plan.actions), (vec!["undo-unknown".to_owned()], vec![]), "{place}");
                }
            }
        }
    }

    #[test]
    fn an_owner_that_a_file_cannot_be_given_back_to_is_said() {
        let restore = |owner: Option<&str>| {
            let undo = Back::Restore { mode: Some("0640".to_owned()), owner: owner.map(str::to_owned) };
            said(&comes_of(Entry { undo, ..changed() }, Some("is"), true))
        };
        assert_eq!(restore(None), Vec::<String>::new());
        // Nobody knows here who we are.
        assert_eq!(restore(Some("12345:33")), ["undo-owner-lost"]);
    }
}
