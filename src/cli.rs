//! From the command line to a face to an exit code. Here faces and world meet.

mod args;
mod check;
mod complete;
mod exit;
mod export;
mod headless;
mod home;
mod left;
mod lines;
mod network;
mod renew;
mod run;
mod screen;
mod secret;
mod status;
mod told;
mod undo;
mod wizard;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::faces::check::{json_begin, json_end};
use crate::faces::docs;
use crate::faces::headless::{Report, json};
use crate::problem::{Code, Problem};
use crate::text::{Text, say};
use crate::world::{Log, Resolved, resolve};

use home::{absolute, home};
use told::{print, report_problems, tell};

pub use args::{Args, Command, Paper, command, parse};
pub use exit::{ATTENTION, FAILED, OK};

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
    let network = match network::options(args.network()) {
        Ok(network) => network,
        Err(problem) => return refuse(args, *problem, text),
    };
    let (code, lines) = match &args.command {
        None => return wizard::run(&home, args, network, &log, Arc::clone(text)),
        Some(Command::Generate { .. }) => return Ok(OK),
        Some(Command::Plan { answers, json, look_up, .. }) => {
            let look = look_up.then_some(network);
            return headless::plan(&home, answers.as_deref(), *json, look, text);
        }
        Some(Command::Status { json, look, confirm, roots, .. }) => {
            let outside =
                status::Outside { ca_file: roots.as_deref(), confirm: confirm.map(Duration::from_secs), network };
            return status::status(&home, *json, look.then_some(&outside), text);
        }
        Some(Command::Check { domains, identity, json, answers, roots, .. }) => {
            let wish = check::Wish {
                domains,
                identity: identity.as_deref(),
                answers: answers.as_deref(),
                json: *json,
                ca_file: roots.as_deref(),
                network,
            };
            return check::check(&home, &wish, text);
        }
        Some(Command::Apply { answers, json, dry_run, key_passphrase_file, .. }) => {
            let passphrase = key_passphrase_file.as_deref();
            let answers = answers.as_deref();
            let order = headless::Order { answers, json: *json, dry_run: *dry_run, passphrase, network };
            headless::apply(&home, &order, text)?
        }
        Some(Command::Complete { certificate, chain, ca_file, usage, password_file, key_passphrase_file, dry_run }) => {
            let sent = complete::Sent {
                certificate,
                chain: chain.as_deref(),
                roots: ca_file.as_deref(),
                usage: *usage,
                password_file: password_file.as_deref(),
                passphrase_file: key_passphrase_file.as_deref(),
            };
            complete::complete(&home, &sent, *dry_run, text)?
        }
        Some(Command::Renew { keep_key, dry_run }) => renew::renew(&home, *keep_key, *dry_run, text)?,
        Some(Command::Undo { list: true, .. }) => return undo::list(&home, text),
        Some(Command::Undo { run, dry_run, yes, .. }) => {
            let wish = undo::Wish { number: *run, dry_run: *dry_run, yes: *yes, network };
            undo::undo(&home, wish, text)?
        }
        Some(Command::ExportPfx { out, password_file, usage, legacy }) => {
            let wish = export::Wish { out, password_file, usage: *usage, legacy: *legacy };
            export::export(&home, &wish, text)?
        }
    };
    log.add(&lines)?;
    Ok(code)
}

/// Refuses to do anything, for what is wrong with a place on the command line; in JSON, where that is asked for.
fn refuse(args: &Args, problem: Problem, text: &Text) -> io::Result<u8> {
    let nothing = Report::default();
    let report = match args.command {
        Some(Command::Check { json: true, .. }) => {
            print(&(json_begin() + &json_end(false, &[problem], text)))?;
            return Ok(FAILED);
        }
        Some(Command::Plan { json: true, .. }) => None,
        Some(Command::Apply { json: true, .. }) => Some(&nothing),
        _ => return report_problems(&[problem], text).map(|()| FAILED),
    };
    print(&format!("{:#}\n", json(None, None, &[problem], report, text)))?;
    Ok(FAILED)
}

/// Prints a paper; touches nothing else.
fn generate(paper: &Paper, text: &Text) -> io::Result<u8> {
    let printed = match paper {
        Paper::Man => docs::man(command(text), text)?,
        Paper::Completions { shell } => docs::completions(command(text), *shell),
        Paper::Schema => docs::schema(text),
        Paper::Reference => docs::reference(text),
        Paper::Answers { google_talk: true, .. } => docs::google_talk(text),
        Paper::Answers { server, .. } => docs::sample(*server, text),
    };
    told::print(&printed)?;
    Ok(OK)
}

/// Whether this run may write at all.
fn writes(args: &Args) -> bool {
    match args.command {
        Some(Command::Plan { .. } | Command::Status { .. } | Command::Check { .. } | Command::Generate { .. }) => false,
        Some(Command::Undo { list: true, .. }) => false,
        Some(Command::ExportPfx { .. }) => true,
        Some(
            Command::Apply { dry_run, .. }
            | Command::Complete { dry_run, .. }
            | Command::Renew { dry_run, .. }
            | Command::Undo { dry_run, .. },
        ) => !dry_run,
        None => !args.dry_run,
    }
}
