//! `renew`: the next request, from the answers there are.

use std::io;
use std::path::Path;

use crate::edge::{Deployment, KeyMaker, Renewal};
use crate::form::{Answered, Body, PageContext, Wishes};
use crate::home::{Facts, Layout};
use crate::lifecycle::awaited;
use crate::pages;
use crate::problem::{Code, Problem, any_error};
use crate::session::look;
use crate::system::probe::LookOptions;
use crate::text::Text;
use crate::world::Secrets;

use super::exit::OK;
use super::headless::load_saved;
use super::run::{Ended, Run};
use super::told::report_problems;

/// Makes the next request from the answers there are.
pub fn renew(home: &Path, keeps_key: bool, dry_run: bool, text: &Text) -> io::Result<Ended> {
    let mut run = match Run::begin(home, dry_run, LookOptions::default(), text)? {
        Ok(run) => run,
        Err(refused) => return Ok(refused),
    };
    let (mut answers, problems) = load_saved(home);
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    // What is named there is the answer to the last request.
    for sent in pages::SENT_FILES {
        answers.unset(sent.path());
    }
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
    if let Some(problem) = nothing_to_renew(&deployment, &run.facts) {
        report_problems(&[problem], text)?;
        return Ok((OK, Vec::new()));
    }
    let context = PageContext { pages: pages::PAGES, answered: &answered, deployment: &deployment, text };
    let plan = pages::plan(&context, &shown[..end]);
    let concerns_request =
        |problem: &Problem| pages::form().field(&problem.path).is_some_and(|(page, _)| shown[..end].contains(&page));
    let asked = pages::problems(&context, &shown[..end]).into_iter().filter(concerns_request);
    let problems: Vec<Problem> = asked.chain(plan.problems(&run.facts)).collect();
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    report_problems(&problems, text)?;
    run.perform(&plan, Secrets::default())
}

/// Why there is nothing to renew: no certificate is in use, as far as that can be seen from here. A key that others may
/// have read is replaced before its certificate comes.
fn nothing_to_renew(deployment: &Deployment, facts: &Facts) -> Option<Problem> {
    let is_in_use = facts.links.contains_key(deployment.request.usage.link());
    if is_in_use || deployment.request.key_by == KeyMaker::Lync || !facts.keys_exposed.is_empty() {
        return None;
    }
    let problem = Problem::warning(Code::RenewWithoutCertificate, "");
    let request = awaited(facts);
    Some(problem.with("waits", usize::from(request.is_some())).with("request", request.unwrap_or_default().to_string()))
}
