//! `renew`: the next request, from the answers there are.

use std::io;
use std::path::Path;

use crate::edge::Renewal;
use crate::form::{Answered, Body, PageContext, Wishes};
use crate::home::Layout;
use crate::pages;
use crate::problem::{Code, Problem, any_error};
use crate::session::look;
use crate::text::Text;
use crate::world::Secrets;

use super::headless::load_saved;
use super::run::{Ended, Run};
use super::told::report_problems;

/// Makes the next request from the answers there are.
pub fn renew(home: &Path, keeps_key: bool, dry_run: bool, text: &Text) -> io::Result<Ended> {
    let mut run = match Run::begin(home, dry_run, text)? {
        Ok(run) => run,
        Err(refused) => return Ok(refused),
    };
    let (mut answers, problems) = load_saved(home);
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    // What is named there is the answer to the last request.
    answers.unset(pages::CERTIFICATE_FILE.path());
    if answers.is_empty() {
        let file = Layout::of(home).answers().to_string_lossy().into_owned();
        return run.refuse(&[Problem::error(Code::RenewWithoutAnswers, "").with("file", file)]);
    }
    let wishes = Wishes { renewal: Some(Renewal { keeps_key }), ..Wishes::default() };
    run.facts = look(run.world.reader().as_ref(), &answers, &wishes, text);
    let answered = Answered { wishes: &wishes, ..Answered::new(&answers, &run.facts) };
    let shown = pages::form().shown(&answered);
    let end = shown.iter().position(|page| page.body == Body::Execute).unwrap_or(shown.len());
    let deployment = pages::deployment(&answered);
    let plan = pages::plan(
        &PageContext { pages: pages::PAGES, answered: &answered, deployment: &deployment, text },
        &shown[..end],
    );
    let asked = pages::read(&answered, text).problems;
    let concerns_request =
        |problem: &Problem| pages::form().field(&problem.path).is_some_and(|(page, _)| shown[..end].contains(&page));
    let problems: Vec<Problem> = asked
        .into_iter()
        .filter(concerns_request)
        .chain(plan.problems(&run.facts).into_iter().filter(|p| p.path.is_empty()))
        .collect();
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    report_problems(&problems, text)?;
    run.perform(&plan, Secrets::default())
}
