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
use crate::faces::headless::{Report, json};
use crate::form::{Answers, Scene, Sheet};
use crate::home::{Facts, Received, Renewal};
use crate::lifecycle::undo_touches;
use crate::pages;
use crate::pki::Offer;
use crate::problem::{Code, Problem};
use crate::text::{Text, say};
use crate::world::{Log, Resolved, World, home_of_root, is_of_root, resolve};

use told::{print, report_problems, tell};

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
    if let Some(Command::Generate { paper }) = &args.command {
        return generate(paper, text); // for which no folder is looked at
    }
    let Some(home) = home(args, text)? else {
        tell(&say("no-home"), text)?;
        return Ok(FAILED);
    };
    // From here on the home folder is where its path leads now, whatever becomes of the links on the way. Where others may
    // change the way, it is left as it was spelt, and whoever looks at it says so.
    let Resolved { path, unsafe_because, is_lent } = resolve(&home);
    let home = if unsafe_because.is_none() { path } else { absolute(&home) };
    let shown = home.to_string_lossy().into_owned();
    // What cannot be written is said before anything is done, not after.
    if is_lent && writes(args) {
        return refuse(args, Problem::error(Code::HomeLent, "").with("home", shown), text);
    }
    let log = match &args.log {
        Some(file) if writes(args) => match Log::open(file, &home) {
            Ok(log) => log,
            Err(problem) => return refuse(args, *problem, text),
        },
        _ => Log::none(),
    };
    let (code, lines) = match &args.command {
        None => return wizard::run(&home, args, &log, Arc::clone(text)),
        Some(Command::Generate { .. }) => return Ok(OK),
        Some(Command::Plan { answers, json }) => return headless::plan(&home, answers, *json, text),
        Some(Command::Status { json }) => return status::status(&home, *json, text),
        Some(Command::Apply { answers, json, dry_run, key_passphrase_file }) => {
            let passphrase = key_passphrase_file.as_deref();
            let order = headless::Order { answers, json: *json, dry_run: *dry_run, passphrase };
            headless::apply(&home, &order, text)?
        }
        Some(Command::Complete { certificate, chain, usage, password_file, key_passphrase_file, dry_run }) => {
            let sent = upkeep::Sent {
                certificate,
                chain: chain.as_deref(),
                usage: *usage,
                password_file: password_file.as_deref(),
                passphrase_file: key_passphrase_file.as_deref(),
            };
            upkeep::complete(&home, &sent, *dry_run, text)?
        }
        Some(Command::Renew { keep_key, dry_run }) => upkeep::renew(&home, *keep_key, *dry_run, text)?,
        Some(Command::Undo { dry_run }) => upkeep::undo(&home, *dry_run, text)?,
        Some(Command::ExportPfx { out, password_file, usage, legacy }) => {
            let wish = export::Wish { out, password_file, usage: *usage, legacy: *legacy };
            export::export(&home, &wish, text)?
        }
    };
    log.add(&lines)?;
    Ok(code)
}

/// The home folder that was named, else the default, of which an older place is said.
fn home(args: &Args, text: &Text) -> io::Result<Option<PathBuf>> {
    if let Some(named) = args.home.as_ref().filter(|home| !home.is_empty()) {
        return Ok(Some(PathBuf::from(named)));
    }
    let Some(home) = default_home() else { return Ok(None) };
    if let Some(new) = home_of_root().filter(|new| *new != home) {
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        tell(&say("home-older").with("home", shown(&home)).with("new", shown(&new)), text)?;
    }
    Ok(Some(home))
}

/// Refuses to do anything, for what is wrong with a place on the command line; in JSON, where that is asked for.
fn refuse(args: &Args, problem: Problem, text: &Text) -> io::Result<u8> {
    let nothing = Report::default();
    let report = match args.command {
        Some(Command::Plan { json: true, .. }) => None,
        Some(Command::Apply { json: true, .. }) => Some(&nothing),
        _ => return report_problems(&[problem], text).map(|()| FAILED),
    };
    print(&format!("{:#}\n", json(None, &[problem], report, text)))?;
    Ok(FAILED)
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

/// The home folder where none is named: root's own, unless an older one of root's is still in use; else the platform's
/// folder for a user's data.
fn default_home() -> Option<PathBuf> {
    let of_user = directories::ProjectDirs::from("", "", "edgewright").map(|folders| folders.data_dir().to_owned());
    let Some(of_root) = home_of_root() else { return of_user };
    let is_in_use =
        |home: &PathBuf| is_of_root(home) && home.read_dir().is_ok_and(|mut inside| inside.next().is_some());
    of_user.filter(is_in_use).or(Some(of_root))
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
        _ => problem.with("reason", say("reason-system").with("reason", error.to_string())),
    }
}
