//! `export-pfx`: the pair in use, put into one file under a password.

use std::io;
use std::path::Path;

use crate::edge::Usage;
use crate::faces::headless::{self as face, Report};
use crate::form::Sheet;
use crate::home::Facts;
use crate::home::layout::number_of;
use crate::lifecycle::broken_pair;
use crate::pages;
use crate::plan::{Action, ActionKind, Plan};
use crate::problem::{Code, Problem, any_error};
use crate::steps::pfx::Pfx;
use crate::text::Text;
use crate::world::{Hands, Outcome, RealWorld, World as _, perform_with};

use super::headless::load_saved;
use super::secret::secret;
use super::told::{print, report_problems};
use super::{FAILED, OK, absolute};

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
pub fn export(home: &Path, wish: &Wish, text: &Text) -> io::Result<(u8, Vec<String>)> {
    let mut world = RealWorld::new(home.to_owned(), absolute(Path::new(".")));
    let mut problems = Vec::new();
    // Whoever writes the password into a pipe may take his time: nothing is held meanwhile.
    let password = secret(wish.password_file, &mut problems);
    // Held before looking, so that the pair is not switched between the look and the deed.
    if let Err(held) = world.lock() {
        problems.push(Problem::error(Code::HomeLocked, "").with("by", held.by));
    }
    let out = absolute(wish.out);
    let facts = world.look(std::slice::from_ref(&out));
    let plan = plan(&facts, &out, wish, &mut problems);
    let mut report = Report::default();
    if password.as_ref().is_some_and(|password| !password.is_ascii()) {
        problems.push(Problem::warning(Code::PasswordNotAscii, ""));
    }
    if !any_error(&problems) {
        let hands = Hands { password, ..Hands::default() };
        let Outcome { done, failed, .. } = perform_with(&mut world, home, &plan, hands, &mut |_| (), &|| true);
        problems.extend(failed.iter().map(|(_, problem)| problem.clone()));
        report = Report { done, failed };
        print(&face::report_text(&report, text))?;
    }
    report_problems(&problems, text)?;
    let code = if any_error(&problems) { FAILED } else { OK };
    let refusal = if code == OK { String::new() } else { face::problems_text(&problems, text) };
    let lines = report.done.iter().map(|action| action.line(text)).chain(refusal.lines().map(str::to_owned));
    Ok((code, lines.collect()))
}

/// What makes the PFX; adds to `problems` why it must not or cannot be made.
fn plan(facts: &Facts, out: &Path, wish: &Wish, problems: &mut Vec<Problem>) -> Plan {
    // Of answers that cannot be read nobody knows whether they forbid it.
    let (answers, faults) = load_saved(&facts.home);
    problems.extend(faults);
    let sheet = Sheet { form: pages::form(), answers: &answers, facts };
    if !sheet.flag("security.exportable") {
        problems.push(Problem::error(Code::KeyNotExportable, "security.exportable"));
    }
    let linked = facts.links.get(wish.usage.link()).and_then(|link| number_of(link));
    let Some(number) = linked else {
        let link = facts.layout().link(wish.usage).to_string_lossy().into_owned();
        problems.push(Problem::error(Code::PairNone, "").with("link", link));
        return Plan::default();
    };
    let pair = facts.current(wish.usage);
    problems.extend(broken_pair(pair, number, facts));
    let first = pair.and_then(|pair| pair.certificate.as_ref()).and_then(|leaf| leaf.dns_names.first());
    let said = sheet.is_given(FRIENDLY_NAME).then(|| sheet.text(FRIENDLY_NAME));
    let pfx = Pfx {
        pair: facts.layout().pair(number),
        friendly_name: said.or_else(|| first.cloned()).unwrap_or_default(),
        legacy: wish.legacy,
    };
    let plan = Plan::of(facts, vec![Action::new(ActionKind::Create, out.to_owned(), pfx)]);
    problems.extend(plan.problems(facts));
    plan
}

const FRIENDLY_NAME: &str = "security.friendly_name";
