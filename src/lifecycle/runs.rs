//! The runs in a journal: which there were, which of them stand, which stage was cut off.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use crate::home::{Entry, Facts, Journal, Place, Undo};
use crate::steps::zone_served::ZoneServed;
use crate::text::{Message, say};

/// Whether settings or a certificate were put into service on the server of this machine, and not taken back.
#[must_use]
pub fn is_installed(journal: &Journal) -> bool {
    standing(journal).iter().any(|entry| entry.ends_stage())
}

/// How many runs there were.
#[must_use]
pub fn runs(journal: &Journal) -> usize {
    moments(journal).len()
}

/// A run that took nothing back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastRun {
    /// Its number.
    pub number: usize,
    /// When it began.
    pub run: OffsetDateTime,
    /// Who began it.
    pub by: String,
    /// What it is known by, in words.
    pub did: Vec<Message>,
    /// Whether it was undone.
    pub is_undone: bool,
}

/// Every run there was that took nothing back, in order.
#[must_use]
pub fn history(journal: &Journal) -> Vec<PastRun> {
    let (undone, stages) = (undone(journal), stages_undone(journal));
    let past = |(number, run): (usize, OffsetDateTime)| {
        let of_run = |entry: &&Entry| entry.run == run && entry.undoes.is_none();
        let entries: Vec<&Entry> = journal.entries.iter().filter(of_run).collect();
        let by = entries.first().map(|entry| entry.by.clone()).unwrap_or_default();
        // What it did on a server may be taken back alone.
        let is_gone = |entry: &Entry| undone.contains(&run) || entry.stage.is_some() && stages.contains(&run);
        let standing: Vec<&Entry> = entries.iter().copied().filter(|entry| !is_gone(entry)).collect();
        let is_undone = standing.is_empty();
        PastRun { number, run, by, did: did(if is_undone { &entries } else { &standing }), is_undone }
    };
    (1..).zip(moments(journal)).map(past).collect()
}

/// What a run is known by: its request, the pair that it put in use, the server, the records; else that it wrote files.
fn did(entries: &[&Entry]) -> Vec<Message> {
    let requests = entries.iter().filter(|entry| entry.what == "request").filter_map(|entry| entry.request());
    let pairs =
        entries.iter().filter(|entry| entry.what == "link").filter_map(|entry| entry.to.as_deref()?.rsplit('/').next());
    let requests = requests.map(|number| say("run-request").with("number", number.to_string()));
    let pairs = pairs.map(|number| say("run-pair").with("number", number));
    let server = entries.iter().any(|entry| entry.stage.is_some()).then(|| say("run-server"));
    let published = entries.iter().any(|entry| entry.what == ZoneServed::NAME).then(|| say("run-published"));
    let did: Vec<Message> = requests.chain(pairs).chain(server).chain(published).collect();
    if did.is_empty() { vec![say("run-files")] } else { did }
}

/// A later run that stands and changed what the run of this number changed: its number and one of those places. It is to be
/// undone first, or what it put in place would be taken for the person's own.
#[must_use]
pub fn overlaid_by<'a>(facts: &'a Facts, number: usize) -> Option<(usize, &'a Place)> {
    let (_, entries) = chosen(&facts.journal, Some(number))?;
    let is_switched = |entry: &Entry| !matches!(entry.undo, Undo::Nothing | Undo::Stays { .. } | Undo::Service { .. });
    let places: Vec<&Place> = entries.iter().filter(|entry| is_switched(entry)).map(|entry| &entry.place).collect();
    let later = (number + 1)..=runs(&facts.journal);
    let on_it = |entry: &&'a Entry| is_switched(entry) && places.contains(&&entry.place);
    let mut over = later.filter_map(|number| chosen(&facts.journal, Some(number)));
    over.find_map(|(number, entries)| Some((number, &entries.into_iter().find(on_it)?.place)))
}

/// When each run began that took nothing back, in the order of the journal: a clock may have been set back.
fn moments(journal: &Journal) -> Vec<OffsetDateTime> {
    let mut seen = BTreeSet::new();
    let made = journal.entries.iter().filter(|entry| entry.undoes.is_none()).map(|entry| entry.run);
    made.filter(|run| seen.insert(*run)).collect()
}

/// The run of this number, or the last, if it was not taken back: its number and its entries.
pub(super) fn chosen(journal: &Journal, number: Option<usize>) -> Option<(usize, Vec<&Entry>)> {
    let (undone, stages) = (undone(journal), stages_undone(journal));
    let standing = |run: OffsetDateTime| {
        let is_taken_back = stages.contains(&run);
        let is_standing = |entry: &&Entry| entry.run == run && !(entry.stage.is_some() && is_taken_back);
        journal.entries.iter().filter(is_standing).collect::<Vec<_>>()
    };
    let runs = (1..).zip(moments(journal)).filter(|(_, run)| !undone.contains(run));
    let runs = runs.filter(|(nth, _)| number.is_none_or(|number| number == *nth));
    runs.map(|(nth, run)| (nth, standing(run))).filter(|(_, entries)| !entries.is_empty()).last()
}

/// Every entry that nobody took back, in the order of the journal.
pub(super) fn standing(journal: &Journal) -> Vec<&Entry> {
    let (undone, stages) = (undone(journal), stages_undone(journal));
    let stands = |entry: &&Entry| {
        entry.undoes.is_none()
            && !undone.contains(&entry.run)
            && !(entry.stage.is_some() && stages.contains(&entry.run))
    };
    journal.entries.iter().filter(stands).collect()
}

fn undone(journal: &Journal) -> BTreeSet<OffsetDateTime> {
    journal.entries.iter().filter_map(Entry::ended_undo).collect()
}

fn stages_undone(journal: &Journal) -> BTreeSet<OffsetDateTime> {
    journal.entries.iter().filter_map(Entry::ended_stage_undo).collect()
}

/// The last run whose stage did not come to its end and was not taken back: its number and the entries of that stage.
pub(super) fn cut_off(journal: &Journal) -> Option<(usize, Vec<&Entry>)> {
    let (number, run) = (1..).zip(moments(journal)).last()?;
    let staged: Vec<&Entry> =
        journal.entries.iter().filter(|entry| entry.run == run && entry.stage.is_some()).collect();
    let is_over = undone(journal).contains(&run)
        || stages_undone(journal).contains(&run)
        || staged.iter().any(|entry| entry.ends_stage());
    (!is_over && !staged.is_empty()).then_some((number, staged))
}

#[cfg(test)]
mod tests {
    use time::{Duration, OffsetDateTime};

    use super::chosen;
    use crate::home::{Entry, Journal};
    use crate::lifecycle::tests::entry;

    /// The moment of the run that is told `nth` by the clock.
    fn at(nth: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(nth)
    }

    fn of(run: i64, entry: Entry) -> Entry {
        Entry { run: at(run), ..entry }
    }

    fn run_undone(journal: &[Entry]) -> Option<OffsetDateTime> {
        run_chosen(journal, None)
    }

    fn run_chosen(journal: &[Entry], number: Option<usize>) -> Option<OffsetDateTime> {
        let journal = Journal { entries: journal.to_vec(), damaged: Vec::new() };
        chosen(&journal, number).map(|(_, entries)| entries[0].run)
    }

    #[test]
    fn the_last_run_is_the_last_in_the_journal_that_stands() {
        let made = |run| of(run, entry("create", "file", "a"));
        let undoing = |run, undone| Entry { undoes: Some(at(undone)), ..made(run) };
        let undone = |run, undone| Entry::undone(at(undone), at(run), at(run));
        assert_eq!(run_undone(&[]), None);
        assert_eq!(run_undone(&[made(1), made(2), made(2)]), Some(at(2)));
        assert_eq!(run_undone(&[made(5), made(2)]), Some(at(2)), "the clock was set back");
        assert_eq!(run_undone(&[made(1), made(2), undoing(3, 2)]), Some(at(2)), "not through yet");
        assert_eq!(run_undone(&[made(1), made(2), undoing(3, 2), undone(3, 2)]), Some(at(1)));
        assert_eq!(run_undone(&[made(1), undoing(3, 1), undone(3, 1)]), None);
        assert_eq!(run_undone(&[made(1), undone(3, 1), made(4)]), Some(at(4)));
    }

    #[test]
    fn a_run_keeps_its_number_whatever_is_taken_back() {
        let made = |run| of(run, entry("create", "file", "a"));
        let undone = |run, undone| Entry::undone(at(undone), at(run), at(run));
        let journal = [made(1), made(1), made(2), undone(3, 2), made(4)];
        let chosen = |number| run_chosen(&journal, Some(number));
        assert_eq!(
            [chosen(0), chosen(1), chosen(2), chosen(3), chosen(4)],
            [None, Some(at(1)), None, Some(at(4)), None]
        );
    }
}
