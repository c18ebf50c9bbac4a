//! `export-pfx`: the pair in use, put into one file under a password.

use std::io;
use std::path::Path;

use crate::edge::Usage;
use crate::form::Answered;
use crate::home::Facts;
use crate::home::layout::number_of;
use crate::lifecycle::{broken_pair, pair_none};
use crate::pages;
use crate::plan::{Action, Change, Plan};
use crate::problem::{Code, Problem, any_error};
use crate::steps::pfx::Pfx;
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
    let mut run = match Run::begin(home, false, text)? {
        Ok(run) => run,
        Err(refused) => return Ok(refused),
    };
    let out = absolute(wish.out);
    run.look(std::slice::from_ref(&out));
    let plan = plan(&run.facts, &out, wish, &mut problems);
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

/// What makes the PFX; adds to `problems` why it must not or cannot be made.
fn plan(facts: &Facts, out: &Path, wish: &Wish, problems: &mut Vec<Problem>) -> Plan {
    // Of answers that cannot be read nobody knows whether they forbid it.
    let (answers, faults) = load_saved(&facts.home);
    problems.extend(faults);
    let answered = Answered::new(&answers, facts);
    if !answered.get(pages::EXPORTABLE) {
        problems.push(Problem::error(Code::KeyNotExportable, pages::EXPORTABLE.path()));
    }
    let linked = facts.links.get(wish.usage.link()).and_then(|link| number_of(link));
    let Some(number) = linked else {
        problems.push(pair_none(&facts.layout().link(wish.usage)));
        return Plan::default();
    };
    let pair = facts.current(wish.usage);
    problems.extend(broken_pair(pair, number, facts));
    let first = pair.and_then(|pair| pair.certificate.as_ref()).and_then(|leaf| leaf.dns_names.first());
    let said = answered.is_given(pages::FRIENDLY_NAME).then(|| answered.get(pages::FRIENDLY_NAME));
    let pfx = Pfx {
        pair: facts.layout().pair(number),
        friendly_name: said.or_else(|| first.cloned()).unwrap_or_default(),
        legacy: wish.legacy,
    };
    let plan = Plan::of(facts, vec![Action::new(Change::Create, out.to_owned(), pfx)]);
    problems.extend(plan.problems(facts));
    plan
}
