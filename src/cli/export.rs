//! `export-pfx`: the pair in use, put into one file under a password.

use std::io;
use std::path::Path;

use crate::edge::Usage;
use crate::form::Answered;
use crate::pages;
use crate::problem::{Code, Problem, any_error};
use crate::system::probe::LookOptions;
use crate::text::Text;
use crate::world::Secrets;

use super::headless::load_saved;
use super::home::absolute;
use super::run::{Ended, Run};
use super::secret::secret;
use super::told::report_problems;

/// What is to be exported, and where to.
pub struct Wish<'a> {
    /// The PFX to be made.
    pub out: &'a Path,
    /// Where its password stands.
    pub password_file: &'a Path,
    /// Which interface's pair.
    pub usage: Usage,
    /// Whether Windows Server 2016 and older shall read it.
    pub legacy: bool,
}

/// Exports it. Besides the exit code, gives lines for the log.
pub fn export(home: &Path, wish: &Wish, text: &Text) -> io::Result<Ended> {
    let mut problems = Vec::new();
    // Whoever writes the password into a pipe may take his time: nothing is held meanwhile.
    let password = secret(wish.password_file, &mut problems);
    let mut run = match Run::begin(home, false, LookOptions::default(), text)? {
        Ok(run) => run,
        Err(refused) => return Ok(refused),
    };
    let out = absolute(wish.out);
    run.look(std::slice::from_ref(&out));
    // Of answers that cannot be read nobody knows whether they forbid it.
    let (answers, faults) = load_saved(&run.facts.home);
    let (plan, refused) = pages::pfx(&Answered::new(&answers, &run.facts), &out, wish.usage, wish.legacy);
    problems.extend(faults.into_iter().chain(refused));
    if password.as_ref().is_some_and(|password| !password.is_ascii()) {
        problems.push(Problem::warning(Code::PasswordNotAscii, ""));
    }
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    let ended = run.perform(&plan, Secrets { password, ..Secrets::default() })?;
    report_problems(&problems, text)?;
    Ok(ended)
}
