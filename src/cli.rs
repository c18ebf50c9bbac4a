//! From the command line to a face to an exit code. Here faces and world meet.

mod args;
mod export;
mod headless;
mod lines;
mod screen;
mod secret;
mod status;
mod told;
mod upkeep;
mod wizard;
mod work;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::faces::docs;
use crate::form::{Answers, Scene, Sheet};
use crate::model::{Facts, Offer, Received, Renewal};
use crate::pages;
use crate::problem::{Code, Problem};
use crate::text::{Text, say};
use crate::upkeep::undo_touches;
use crate::world::{World, append_lines};

pub use args::{Args, Command, Paper, command, parse};

/// Done, all well, or left before the end.
pub const OK: u8 = 0;
/// Refused or failed.
pub const FAILED: u8 = 1;
/// Something needs a person.
pub const ATTENTION: u8 = 3;

/// Runs the program.
///
/// # Errors
/// Where standard output or the terminal cannot be written.
pub fn run(args: &Args, text: &Arc<Text>) -> io::Result<u8> {
    let home = args.home.clone().filter(|home| !home.is_empty()).map(PathBuf::from).or_else(default_home);
    // A log that cannot be written is said before anything is done, not after.
    log(args, &[])?;
    match (&args.command, home.map(|home| absolute(&home))) {
        (Some(Command::Generate { paper }), _) => generate(paper, text),
        (_, None) => {
            told::tell(&say("no-home"), text)?;
            Ok(FAILED)
        }
        (Some(Command::Plan { answers, json }), Some(home)) => headless::plan(&home, answers, *json, text),
        (Some(Command::Apply { answers, json, dry_run, key_passphrase_file }), Some(home)) => {
            let passphrase = key_passphrase_file.as_deref();
            let order = headless::Order { answers, json: *json, dry_run: *dry_run, passphrase };
            let (code, lines) = headless::apply(&home, &order, text)?;
            log(args, &lines)?;
            Ok(code)
        }
        (Some(Command::Complete { certificate, chain, password_file, key_passphrase_file, dry_run }), Some(home)) => {
            let sent = upkeep::Sent {
                certificate,
                chain: chain.as_deref(),
                password_file: password_file.as_deref(),
                passphrase_file: key_passphrase_file.as_deref(),
            };
            let (code, lines) = upkeep::complete(&home, &sent, *dry_run, text)?;
            log(args, &lines)?;
            Ok(code)
        }
        (Some(Command::Renew { keep_key, dry_run }), Some(home)) => {
            let (code, lines) = upkeep::renew(&home, *keep_key, *dry_run, text)?;
            log(args, &lines)?;
            Ok(code)
        }
        (Some(Command::Undo { dry_run }), Some(home)) => {
            let (code, lines) = upkeep::undo(&home, *dry_run, text)?;
            log(args, &lines)?;
            Ok(code)
        }
        (Some(Command::Status { json }), Some(home)) => status::status(&home, *json, text),
        (Some(Command::ExportPfx { out, password_file, usage, legacy }), Some(home)) => {
            let wish = export::Wish { out, password_file, usage: *usage, legacy: *legacy };
            let (code, lines) = export::export(&home, &wish, text)?;
            log(args, &lines)?;
            Ok(code)
        }
        (None, Some(home)) => wizard::run(&home, args, Arc::clone(text)),
    }
}

/// Prints a paper; touches nothing else.
fn generate(paper: &Paper, text: &Text) -> io::Result<u8> {
    let printed = match paper {
        Paper::Man => docs::man(command(text), text)?,
        Paper::Completions { shell } => docs::completions(command(text), *shell),
        Paper::Schema => docs::schema(text),
        Paper::Reference => docs::reference(text),
        Paper::Answers { server } => docs::sample(*server, text),
    };
    told::print(&printed)?;
    Ok(OK)
}

/// Whether this run may write at all.
fn writes(args: &Args) -> bool {
    match args.command {
        Some(Command::Plan { .. } | Command::Status { .. } | Command::Generate { .. }) => false,
        Some(Command::ExportPfx { .. }) => true,
        Some(
            Command::Apply { dry_run, .. }
            | Command::Complete { dry_run, .. }
            | Command::Renew { dry_run, .. }
            | Command::Undo { dry_run },
        ) => !dry_run,
        None => !args.dry_run,
    }
}

/// Adds lines to the log file, if one was named; what writes nothing makes none.
fn log(args: &Args, lines: &[String]) -> io::Result<()> {
    match &args.log {
        Some(file) if writes(args) => append_lines(file, lines),
        _ => Ok(()),
    }
}

fn default_home() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "edgewright").map(|folders| folders.data_dir().to_owned())
}

/// Makes a path absolute without touching the disk: a folder that does not exist yet has no canonical path.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// Looks at everything that `answers` touch, and at what taking back the last run would. What the home folder holds can
/// move the targets (a request's number), and so can the certificate that the answers name, so they are looked at first.
/// What rows say moves no target, and there may be many rows.
pub fn survey(world: &dyn World, answers: &Answers, renewal: Option<Renewal>, text: &Text) -> Facts {
    let answers = &answers.outline();
    let mut facts = Facts { renewal, ..world.look_home() };
    if let Some(file) = pages::certificate_file(&Sheet { form: pages::form(), answers, facts: &facts }) {
        facts.received = Some(Arc::new(received(world, file)));
        facts.trust = world.trust();
    }
    let sheet = Sheet { form: pages::form(), answers, facts: &facts };
    let deployment = pages::deployment(&sheet);
    let mut wanted = pages::touched(&Scene { sheet: &sheet, deployment: &deployment, text });
    wanted.extend(undo_touches(&facts));
    world.look_at(&mut facts, &wanted);
    facts
}

/// Reads what an authority sent.
fn received(world: &dyn World, file: PathBuf) -> Received {
    let read = world.read_sent(&file).map_err(|error| unreadable(&file, &error));
    let read = read.and_then(|octets| Offer::read(&octets, None));
    Received::of(file, read)
}

fn unreadable(file: &Path, error: &io::Error) -> Problem {
    let problem = Problem::error(Code::FileUnreadable, "").with("file", file.to_string_lossy().into_owned());
    match error.kind() {
        io::ErrorKind::InvalidInput => problem.with("reason", say("reason-other")),
        _ => problem.with("reason", error.to_string()),
    }
}
