//! The wizard from its start to its end, at the screen or line by line.

use std::fs;
use std::io::{self, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::faces::headless::plan_text;
use crate::faces::tui::on_terminal;
use crate::form::Answers;
use crate::form::file::Loaded;
use crate::home::Layout;
use crate::pages;
use crate::problem::{Code, Problem, any_error};
use crate::session::begin;
use crate::system::probe::LookOptions;
use crate::system::{Access, Files as _};
use crate::text::{Text, say};
use crate::wizard::Wizard;
use crate::world::{DryWorld, Log, Named, RealWorld, World, exists, may_wait};

use super::args::Args;
use super::exit::{FAILED, OK};
use super::headless::{base_of, load};
use super::home::{absolute, default_home};
use super::left::Left;
use super::told::{report_problems, show, tell};
use super::{left, lines, screen};

/// Runs the wizard.
pub fn run(home: &Path, args: &Args, network: LookOptions, log: &Log, text: Arc<Text>) -> io::Result<u8> {
    // Lines need no terminal that can be drawn on; nor, for the sake of those who script them, a terminal at all.
    let is_plain = args.plain || is_dumb();
    if !is_plain && !on_terminal() {
        tell(&say("not-a-terminal"), &text)?;
        return Ok(FAILED);
    }
    let kept = match args.answers_out.as_deref().map(|file| place_for_answers(file, home)).transpose() {
        Ok(kept) => kept,
        Err(problem) => {
            report_problems(&[*problem], &text)?;
            return Ok(FAILED);
        }
    };
    // Whoever writes answers into a pipe may take his time: nothing is held meanwhile.
    let piped = args.answers.as_ref().filter(|file| may_wait(file)).map(|file| load(file, home));
    let mut world = world(home, args, network);
    let begun = begin(world.as_mut());
    if begun.held_by.is_some() {
        report_problems(&begun.barred(), &text)?;
        return Ok(FAILED);
    }
    log.add(&begun.done.iter().map(|action| action.line(&text)).collect::<Vec<_>>())?;
    let Some((answers, resumed)) = first_answers(home, args, piped, &text)? else { return Ok(FAILED) };
    if any_error(&begun.problems) {
        report_problems(&begun.problems, &text)?;
        return Ok(FAILED);
    }
    let words = Arc::clone(&text);
    let wizard = if resumed {
        Wizard::resumed(words, answers, begun.facts, args.dry_run, begun.said)
    } else {
        Wizard::new(words, answers, begun.facts, args.dry_run)
    };
    let Left { code, mut wizard, is_settled } =
        if is_plain { lines::run(home, world, wizard)? } else { screen::run(args, home, world, wizard)? };
    let told = tell_the_end(args, home, kept.as_ref(), &wizard, is_settled);
    log.add(&std::mem::take(&mut wizard.log))?;
    // After a signal nobody may be there to be told.
    if code == OK {
        told?;
    }
    Ok(if wizard.is_unsaved() && code == OK { FAILED } else { code })
}

/// Tells, once the screen is given back, what a dry run comes to, or what is left to do and how to come back.
fn tell_the_end(args: &Args, home: &Path, kept: Option<&Named>, wizard: &Wizard, is_settled: bool) -> io::Result<()> {
    if args.dry_run {
        if let Some(place) = kept {
            keep_answers(home, place, wizard, &wizard.text)?;
        }
        wizard.with_context(|context| {
            let reading = pages::read(context.answered, context.text);
            show(&plan_text(&reading, None, context.text))?;
            report_problems(&reading.problems, context.text)
        })?;
    }
    let place = home.to_string_lossy().into_owned();
    if wizard.is_unsaved() {
        return tell(&say("answers-lost").with("home", place), &wizard.text);
    }
    if !is_settled || args.dry_run || !home.exists() {
        return Ok(());
    }
    let mut command = String::from("edgewright");
    if default_home().as_deref() != Some(home) {
        command += &format!(" --home {}", home.display());
    }
    if args.plain {
        command += " --plain";
    }
    wizard.left_undone().iter().try_for_each(|said| tell(said, &wizard.text))?;
    left::to_do(wizard)?;
    tell(&say("come-back").with("home", place).with("command", command), &wizard.text)
}

/// Whether a person sits before a terminal that can only print lines.
fn is_dumb() -> bool {
    std::env::var("TERM").as_deref() == Ok("dumb") && io::stdin().is_terminal()
}

fn world(home: &Path, args: &Args, network: LookOptions) -> Box<dyn World> {
    let base = match &args.answers {
        Some(answers) => base_of(answers),
        None => absolute(Path::new(".")),
    };
    let real = RealWorld::new(home.to_owned(), base).looking(network);
    if args.dry_run { Box::new(DryWorld::of(real)) } else { Box::new(real) }
}

/// The answers to start from, and whether they are saved ones; nothing where a file cannot be read, which is told.
fn first_answers(
    home: &Path,
    args: &Args,
    piped: Option<Result<Loaded, Box<Problem>>>,
    text: &Text,
) -> io::Result<Option<(Answers, bool)>> {
    let saved = Layout::of(home).answers();
    let file: PathBuf = match &args.answers {
        Some(answers) => answers.clone(),
        None if saved.exists() => saved,
        None => return Ok(Some((Answers::default(), false))),
    };
    let (answers, problems) = match piped.unwrap_or_else(|| load(&file, home)) {
        Ok(loaded) => (Some(loaded.answers), loaded.problems),
        Err(problem) => (None, vec![*problem]),
    };
    if !problems.is_empty() {
        tell(&say("answers-refused").with("file", file.to_string_lossy().into_owned()), text)?;
        report_problems(&problems, text)?;
        return Ok(None);
    }
    Ok(answers.map(|answers| (answers, args.answers.is_none())))
}

/// The place that was named for the answers of a dry run: a new file, an empty one, or one with answers.
fn place_for_answers(file: &Path, home: &Path) -> Result<Named, Box<Problem>> {
    let named = Named::look(file, home)?;
    let is_empty = || fs::metadata(&named.path).is_ok_and(|metadata| metadata.len() == 0);
    let is_of_answers =
        |loaded: Loaded| loaded.is_toml && loaded.problems.iter().all(|problem| problem.code != Code::AnswersSchema);
    if named.is_there && !is_empty() && !load(&named.path, home).is_ok_and(is_of_answers) {
        return Err(exists(file).into());
    }
    Ok(named)
}

/// Keeps the answers of a dry run: the one thing it writes.
fn keep_answers(home: &Path, place: &Named, wizard: &Wizard, text: &Text) -> io::Result<()> {
    let mut world = RealWorld::new(home.to_owned(), absolute(Path::new(".")));
    let content = wizard.written_elsewhere();
    let written = if place.is_there {
        world.replace(&place.path, content.as_bytes(), Access::Private)
    } else {
        // What came there meanwhile is somebody's.
        world.create(&place.path, content.as_bytes(), Access::Private)
    };
    if let Err(error) = &written {
        tell(&say("notice-not-saved").with("reason", error.to_string()), text)?;
    }
    written
}
