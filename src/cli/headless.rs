//! `plan` and `apply`: never ask, never hang, say everything at once.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::check::{CaaCheck, NamesCheck, record_checks};
use crate::edge::records;
use crate::faces::headless::{self as face, Report};
use crate::form::file::{self, Loaded};
use crate::form::{Answered, Answers, NO_WISHES};
use crate::home::{Facts, Layout, RecordLook, RecordSet};
use crate::lifecycle::awaited;
use crate::pages::{self, Reading};
use crate::problem::{Code, Problem, Severity, any_error};
use crate::session::{begin, execute, look};
use crate::system::Look;
use crate::system::probe::LookOptions;
use crate::text::{Text, say};
use crate::world::{DryWorld, LARGEST_TEXT, RealWorld, RunOutcome, Secrets, World, may_wait, read_own, read_text};

use super::exit::{FAILED, OK};
use super::home::absolute;
use super::secret::secret;
use super::told::{print, report_problems, show, tell};

/// Says what a run would do; with the saved answers, where none are named. The records are looked up where `options` say how.
pub fn plan(
    home: &Path,
    answers: Option<&Path>,
    json: bool,
    options: Option<LookOptions>,
    text: &Text,
) -> io::Result<u8> {
    let answers = &named_or_saved(answers, home);
    let looks = options.is_some();
    let world = RealWorld::new(home.to_owned(), base_of(answers)).looking(options.unwrap_or_default());
    let asked = if looks { AskedFor::All } else { AskedFor::Nothing };

    let mut run = Run::of(&world, home, load(answers, home), asked, text)?;
    if let (true, Some(reading)) = (looks, &run.reading) {
        run.names = Some(names_check(world.reader().as_ref(), reading, &run.found)?);
    }
    let code = run.code();
    run.print(json, None, text)?;
    Ok(code)
}

/// What name servers know of the records, which they were asked for, and of who may issue.
fn names_check(reader: &dyn Look, reading: &Reading, found: &[RecordLook]) -> io::Result<NamesCheck> {
    let deployment = &reading.deployment;
    let records = record_checks(&records(deployment), found);
    let caa = reader.caa(&pages::issued_names(deployment))?;
    Ok(NamesCheck { records, caa: caa.iter().map(CaaCheck::of).collect() })
}

/// What `apply` was told.
pub struct Order<'a> {
    /// The answers; the saved ones, where none are named.
    pub answers: Option<&'a Path>,
    /// Whether to report in JSON.
    pub json: bool,
    /// Whether only to say what would be done.
    pub dry_run: bool,
    /// A file whose first line is the passphrase of a key that is made.
    pub passphrase: Option<&'a Path>,
    /// How name servers are asked.
    pub network: LookOptions,
}

/// Does it, or dry, says what it would do. Besides the exit code, gives lines for everything done and for what stopped
/// it.
pub fn apply(home: &Path, order: &Order<'_>, text: &Text) -> io::Result<(u8, Vec<String>)> {
    let Order { answers, json, dry_run, passphrase, .. } = *order;
    let answers = &named_or_saved(answers, home);
    // Whoever writes answers or a passphrase into a pipe may take his time: nothing is held meanwhile.
    let piped = may_wait(answers).then(|| load(answers, home));
    let mut faults = Vec::new();
    let passphrase = passphrase.and_then(|file| secret(file, &mut faults));
    let real = RealWorld::new(home.to_owned(), base_of(answers)).looking(order.network.clone());
    let mut world: Box<dyn World> = if dry_run { Box::new(DryWorld::of(real)) } else { Box::new(real) };
    let begun = begin(world.as_mut());
    begun.said.iter().try_for_each(|said| tell(said, text))?;
    let loaded = piped.unwrap_or_else(|| load(answers, home));
    let mut run = Run::of(world.as_ref(), home, loaded, AskedFor::Published, text)?;
    run.problems.extend(begun.barred());
    run.problems.extend(faults);
    let mut report = Report::default();
    let mut taken_back = Vec::new();
    if let (OK, Some(reading)) = (run.code(), &run.reading) {
        let (RunOutcome { done, failed, .. }, said) = execute(
            world.as_mut(),
            home,
            &reading.plan,
            Secrets { passphrase, ..Secrets::default() },
            &mut |_| (),
            &|| true,
        );
        taken_back = said;
        run.problems.extend(failed.iter().map(|(_, problem)| problem.clone()));
        let awaited = awaited(&begun.facts);
        report = Report { done: if dry_run { Vec::new() } else { done }, failed, awaited };
    }
    drop(world);
    let code = run.code();
    // A person who runs dry reads what would be done; a program finds that nothing was.
    run.print(json, (json || !dry_run).then_some(&report), text)?;
    taken_back.iter().try_for_each(|said| tell(said, text))?;
    let errors = run.problems.into_iter().filter(|problem| problem.severity == Severity::Error).collect::<Vec<_>>();
    let refusal = face::problems_text(&errors, text);
    let lines = report.done.iter().map(|action| action.line(text)).chain(refusal.lines().map(str::to_owned));
    Ok((code, lines.collect()))
}

/// An answers file, read through all pages.
struct Run {
    /// None where the file cannot be read at all.
    reading: Option<Reading>,
    problems: Vec<Problem>,
    /// What name servers hold of the records, where they were asked.
    found: Arc<[RecordLook]>,
    /// What they know, judged.
    names: Option<NamesCheck>,
}

/// What name servers are asked for.
enum AskedFor {
    Nothing,
    /// The records that are published.
    Published,
    /// All records.
    All,
}

impl Run {
    fn of(
        world: &dyn World,
        home: &Path,
        loaded: Result<Loaded, Box<Problem>>,
        asked: AskedFor,
        text: &Text,
    ) -> io::Result<Self> {
        let faulty = |problems| Run { reading: None, problems, found: Arc::new([]), names: None };
        let mut loaded = match loaded {
            Ok(loaded) => loaded,
            Err(problem) => return Ok(faulty(vec![*problem])),
        };
        if !loaded.is_toml {
            return Ok(faulty(loaded.problems));
        }
        keep_root(&mut loaded.answers, home);
        let mut facts = look(world.reader().as_ref(), &loaded.answers, &NO_WISHES, text);
        facts.records = found(world.reader().as_ref(), &facts, &loaded.answers, asked)?;
        let answers = pages::form().with_places(&Answered::new(&loaded.answers, &facts));
        let reading = reading(&answers, &facts, text);
        let mut problems = reading.problems.clone();
        loaded.add_lines(&mut problems);
        // A value the file's own reading refused is neither missing as well nor what its default leads to.
        let wrong = loaded.problems.iter().filter(|problem| problem.code == Code::AnswersType);
        let wrong: HashSet<&str> = wrong.map(|problem| problem.path.as_str()).collect();
        problems.retain(|problem| !path_and_outer(&problem.path).any(|path| wrong.contains(path)));
        let problems = loaded.problems.into_iter().chain(problems).collect();
        Ok(Run { reading: Some(reading), problems, found: facts.records, names: None })
    }

    fn code(&self) -> u8 {
        if any_error(&self.problems) { FAILED } else { OK }
    }

    fn print(&self, json: bool, report: Option<&Report>, text: &Text) -> io::Result<()> {
        if json {
            let value = face::json(self.reading.as_ref(), self.names.as_ref(), &self.problems, report, text);
            return print(&format!("{value:#}\n")).map(drop);
        }
        let said = match (report, &self.reading) {
            (Some(report), _) if self.code() == OK || report.failed.is_some() => face::report_text(report, text),
            // A plan of faulty answers is no plan; the problems say what to mend first. Of what only the server's present state
            // forbids there is one.
            (None, Some(reading)) if !self.problems.iter().any(is_of_answers) => {
                face::plan_text(reading, self.names.as_ref(), text)
            }
            (None, Some(_)) => self.names.as_ref().map(|names| face::looked_text(names, text)).unwrap_or_default(),
            _ => String::new(),
        };
        show(&said)?;
        report_problems(&self.problems, text)
    }
}

/// What name servers hold of the records.
fn found(reader: &dyn Look, facts: &Facts, answers: &Answers, asked: AskedFor) -> io::Result<Arc<[RecordLook]>> {
    let sets = pages::record_asks(&pages::deployment(&Answered::new(answers, facts)), facts).into_iter();
    let sets: Vec<RecordSet> = match asked {
        AskedFor::Nothing => Vec::new(),
        AskedFor::Published => sets.filter(|set| set.primary.is_some()).collect(),
        AskedFor::All => sets.collect(),
    };
    if sets.is_empty() { Ok(Arc::new([])) } else { reader.records(&sets).map(Arc::from) }
}

fn is_of_answers(problem: &Problem) -> bool {
    problem.severity == Severity::Error && !matches!(problem.code, Code::ServerStreams | Code::ServerStopped)
}

/// The root that `complete --ca-file` noted outlasts answers that say nothing of one: the next certificate needs it.
fn keep_root(answers: &mut Answers, home: &Path) {
    let path = pages::ROOT_FILE.path();
    let known = load_saved(home).0.get(path).cloned();
    if let Some(root) = known.filter(|_| answers.get(path).is_none()) {
        answers.set(path, path, root);
    }
}

/// The path of an answer, and those of the answers it is in.
fn path_and_outer(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('.').map(|(outer, _)| outer))
}

/// Reads an answers file; one in the home folder nobody has to wait for.
pub fn load(path: &Path, home: &Path) -> Result<Loaded, Box<Problem>> {
    let read = if absolute(path).starts_with(home) { read_own } else { read_text };
    let source = read(path).map_err(|error| {
        Box::new(match error.kind() {
            io::ErrorKind::InvalidInput => file::unreadable(path, say("reason-other")),
            io::ErrorKind::NotFound if *path == Layout::of(home).answers() => {
                file::unreadable(path, say("reason-no-answers"))
            }
            io::ErrorKind::FileTooLarge => {
                let most = usize::try_from(LARGEST_TEXT >> 20).unwrap_or_default();
                file::unreadable(path, say("reason-too-large").with("most", most))
            }
            _ => file::unreadable(path, error.to_string()),
        })
    })?;
    Ok(file::read(&source, pages::form(), &base_of(path)))
}

/// The answers in the home folder, as far as they can be read, and what is wrong with them; none where there is no file.
pub fn load_saved(home: &Path) -> (Answers, Vec<Problem>) {
    let saved = Layout::of(home).answers();
    // What may not be looked at is not taken for missing.
    if saved.try_exists().is_ok_and(|is_there| !is_there) {
        return (Answers::default(), Vec::new());
    }
    match load(&saved, home) {
        Ok(loaded) => (loaded.answers, loaded.problems),
        Err(problem) => (Answers::default(), vec![*problem]),
    }
}

/// The answers file that is read: the named one, else the one in the home folder.
fn named_or_saved(named: Option<&Path>, home: &Path) -> PathBuf {
    named.map_or_else(|| Layout::of(home).answers(), Path::to_owned)
}

/// The folder that relative paths in an answers file are relative to: its own; for a pipe, where the program was started.
pub fn base_of(answers: &Path) -> PathBuf {
    if may_wait(answers) {
        return absolute(Path::new("."));
    }
    absolute(answers).parent().map_or_else(PathBuf::new, Path::to_owned)
}

fn reading(answers: &Answers, facts: &Facts, text: &Text) -> Reading {
    pages::read(&Answered::new(answers, facts), text)
}
