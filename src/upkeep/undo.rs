//! The last run is taken back, as far as that can be, from what the journal and the disk say.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::model::request::sha256_hex;
use crate::model::{Entry, Facts, Found, Usage, number_of};
use crate::plan::{Access, Action, ActionKind, BEFORE, Plan, Work, holds_key};
use crate::text::{Message, say};

/// What taking back the last run comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// When that run began.
    pub run: OffsetDateTime,
    /// What takes it back.
    pub plan: Plan,
    /// What stays, and why.
    pub stays: Vec<Message>,
}

/// Takes back the last run that was not taken back yet. `facts` are to hold what is at [`touched`].
#[must_use]
pub fn undo(facts: &Facts) -> Option<Undo> {
    let entries = last_run(&facts.journal);
    let run = entries.first()?.run;
    let mut undo = Undo { run, plan: Plan::default(), stays: Vec::new() };
    let mut actions = Vec::new();
    // What was done last is taken back first.
    for entry in entries.into_iter().rev() {
        match step(facts, entry) {
            Some(Ok(action)) => actions.push(action),
            Some(Err(why)) if !undo.stays.contains(&why) => undo.stays.push(why),
            _ => {}
        }
    }
    undo.plan = Plan { undoes: Some(run), ..Plan::of(facts, actions) };
    Some(undo)
}

/// Every place that [`undo`] looks at.
#[must_use]
pub fn touched(facts: &Facts) -> Vec<PathBuf> {
    let entries = last_run(&facts.journal);
    let replaced = entries.iter().filter_map(|entry| Some(kept_at(facts, entry.before.as_deref()?)));
    entries.iter().map(|entry| PathBuf::from(&entry.target)).chain(replaced).collect()
}

/// The entries of the last run that took nothing back itself and was not taken back.
fn last_run(journal: &[Entry]) -> Vec<&Entry> {
    let undone: BTreeSet<OffsetDateTime> = journal.iter().filter_map(Entry::ended_undo).collect();
    let is_standing = |entry: &&Entry| entry.undoes.is_none() && !undone.contains(&entry.run);
    // In the order of the journal: a clock may have been set back.
    let last = journal.iter().rfind(is_standing).map(|entry| entry.run);
    journal.iter().filter(|entry| Some(entry.run) == last).collect()
}

/// Where the content of this SHA-256 is kept that a run replaced.
fn kept_at(facts: &Facts, sha256: &str) -> PathBuf {
    facts.home.join(BEFORE).join(sha256)
}

/// What takes one entry back, or why it stays; nothing for what harms nobody.
fn step(facts: &Facts, entry: &Entry) -> Option<Result<Action, Message>> {
    let target = PathBuf::from(&entry.target);
    let file = || entry.target.clone();
    if target.starts_with(facts.home.join(BEFORE)) {
        return None;
    }
    match (entry.what.as_str(), entry.number(&facts.home)) {
        ("link", _) => switch_back(facts, entry),
        (_, Some(number)) if target.starts_with(facts.home.join("pairs")) => {
            Some(Err(say("undo-pair-stays").with("number", number.to_string())))
        }
        ("key", _) => Some(Err(say("undo-key-stays").with("file", file()))),
        ("request", _) => Some(Err(say("undo-request-stays").with("file", file()))),
        ("pfx", _) => Some(Err(say("undo-pfx-stays").with("file", file()))),
        ("file" | "request-copy", _) => put_back(facts, entry, target),
        _ => None,
    }
}

/// The link to the pair in use before; nothing where it leads there already, as after an undo that was cut off.
fn switch_back(facts: &Facts, entry: &Entry) -> Option<Result<Action, Message>> {
    let usage = Usage::ALL.into_iter().find(|usage| Path::new(&entry.target) == facts.home.join(usage.link()))?;
    let now = facts.links.get(usage.link()).map(PathBuf::as_path);
    let [to, was] = [&entry.to, &entry.was].map(|place| place.as_deref().map(Path::new));
    if now == was {
        return None;
    }
    if now != to {
        return Some(Err(say("undo-link-changed").with("file", entry.target.as_str())));
    }
    let Some(was) = was else { return Some(Ok(Action::link(facts, usage, None))) };
    let number = number_of(was);
    let is_whole = facts.pairs.iter().any(|pair| Some(pair.number) == number && pair.is_whole);
    Some(if is_whole {
        Ok(Action::link(facts, usage, number))
    } else {
        Err(say("undo-pair-gone").with("pair", was.to_string_lossy().into_owned()))
    })
}

/// A file as it was before, if nobody changed it since; nothing where it is so already.
fn put_back(facts: &Facts, entry: &Entry, target: PathBuf) -> Option<Result<Action, Message>> {
    let stays = |why: &'static str| Some(Err(say(why).with("file", entry.target.as_str())));
    let is_new = entry.kind == ActionKind::Create.name();
    let content = match &facts.spot(&target).found {
        Found::Nothing if is_new => return None,
        Found::File(content) => content,
        Found::Nothing => return stays("undo-file-gone"),
        _ => return stays("undo-file-unreadable"),
    };
    let digest = Some(sha256_hex(content));
    if digest == entry.before {
        return None;
    }
    if digest != entry.sha256 {
        return stays("undo-file-changed");
    }
    // Whatever the journal says of it, a key is never taken away.
    if holds_key(content) {
        return stays("undo-key-stays");
    }
    if is_new {
        let before = String::from_utf8_lossy(content).into_owned();
        return Some(Ok(Action::new(ActionKind::Remove, target, Work::Remove { before })));
    }
    let kept = entry.before.as_ref().map(|before| &facts.spot(&kept_at(facts, before)).found);
    let Some(Found::File(before)) = kept else { return stays("undo-before-gone") };
    let access = if target.starts_with(&facts.home) { Access::Private } else { Access::Shared };
    Some(Ok(Action::file_for(facts, target, String::from_utf8_lossy(before).into_owned(), access)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use time::{Duration, OffsetDateTime};

    use super::{Undo, last_run, undo};
    use crate::model::request::sha256_hex;
    use crate::model::{Entry, Facts, Found, Spot};
    use crate::plan::Work;
    use crate::upkeep::tests::{HOME, entry};

    /// The moment of the run that is told `nth` by the clock.
    fn at(nth: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(nth)
    }

    fn of(run: i64, entry: Entry) -> Entry {
        Entry { run: at(run), ..entry }
    }

    fn run_undone(journal: &[Entry]) -> Option<OffsetDateTime> {
        last_run(journal).first().map(|entry| entry.run)
    }

    #[test]
    fn the_last_run_is_the_last_in_the_journal_that_stands() {
        let made = |run| of(run, entry("create", "file", "a"));
        let undoing = |run, undone| Entry { undoes: Some(at(undone)), ..made(run) };
        let undone = |run, undone| Entry::undone(at(undone), Path::new(HOME), at(run), at(run));
        assert_eq!(run_undone(&[]), None);
        assert_eq!(run_undone(&[made(1), made(2), made(2)]), Some(at(2)));
        assert_eq!(run_undone(&[made(5), made(2)]), Some(at(2)), "the clock was set back");
        assert_eq!(run_undone(&[made(1), made(2), undoing(3, 2)]), Some(at(2)), "not through yet");
        assert_eq!(run_undone(&[made(1), made(2), undoing(3, 2), undone(3, 2)]), Some(at(1)));
        assert_eq!(run_undone(&[made(1), undoing(3, 1), undone(3, 1)]), None);
        assert_eq!(run_undone(&[made(1), undone(3, 1), made(4)]), Some(at(4)));
    }

    /// What comes of one entry about a file that now says `now`; its earlier content is kept where `keeps`.
    fn comes_of(entry: Entry, now: Option<&str>, keeps: bool) -> Undo {
        let mut facts = Facts::unseen(Path::new(HOME), Path::new("/"), at(9));
        let file = |content: &str| Spot { found: Found::File(content.into()), unwritable: None, mode: Some(0o600) };
        facts.spots.extend(now.map(|now| (entry.target.clone().into(), file(now))));
        if keeps {
            facts.spots.insert(Path::new(HOME).join("before").join(sha256_hex(b"was")), file("was"));
        }
        facts.kept = [sha256_hex(b"was"), sha256_hex(b"is")].into();
        facts.journal = vec![entry];
        undo(&facts).unwrap()
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
        let content = match &back.plan.actions[..] {
            [.., action] => match &action.work {
                Work::File { content, .. } => content.as_str(),
                other => panic!("{other:?}"),
            },
            [] => panic!("{:?}", back.stays),
        };
        assert_eq!((content, said(&back)), ("was", vec![]));
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
        let created = Entry { kind: "create".to_owned(), before: None, ..changed() };
        let undo = comes_of(created.clone(), Some("is"), false);
        assert!(matches!(undo.plan.actions.last().unwrap().work, Work::Remove { .. }));
        let gone = comes_of(created, None, false);
        assert_eq!((said(&gone), gone.plan.actions), (vec![], vec![]));
    }

    #[test]
    fn no_folder_is_made_to_take_a_file_away_from_it() {
        let created = Entry { kind: "create".to_owned(), before: None, ..changed() };
        let below = format!("{HOME}/out/a");
        let undo = comes_of(Entry { target: below.clone(), ..created }, Some("is"), false);
        let targets = undo.plan.targets();
        assert!(targets.contains(&below.into()) && !targets.contains(&format!("{HOME}/out").into()), "{targets:?}");
    }

    #[test]
    fn nothing_is_taken_away_through_a_link() {
        let spot = |found| Spot { found, unwritable: None, mode: None };
        let mut facts = Facts::unseen(Path::new(HOME), Path::new("/"), at(9));
        let target = format!("{HOME}/out/a");
        facts.spots.insert(target.clone().into(), spot(Found::File(b"is".to_vec())));
        facts.spots.insert(format!("{HOME}/out").into(), spot(Found::Link));
        facts.journal = vec![Entry { kind: "create".to_owned(), before: None, target, ..changed() }];
        let undo = undo(&facts).unwrap();
        assert!(!undo.plan.problems(&facts).is_empty(), "{:?}", undo.plan.targets());
    }
}
