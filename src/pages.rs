//! THE FLOW: the pages in order. Adding a page is a file and a line in [`PAGES`].

mod acme;
mod certificate;
mod delivery;
mod dns;
mod done;
mod edge;
mod extra_names;
mod geography;
mod live;
mod names;
mod names_table;
mod organization;
mod partners;
mod policy;
mod ports;
mod request_file;
mod request_written;
mod security;
mod server;
mod settings_summary;
mod sip_domains;
mod steps;
mod template;
mod upkeep;

use std::sync::LazyLock;

use crate::edge::{Deployment, Federation, RequestSettings, records};
use crate::form::file::write;
use crate::form::{AnsweredForm, Body, Content, Form, Page, PageContext, check};
use crate::home::Want;
use crate::pki::Subject;
use crate::plan::{Action, Plan};
use crate::problem::{Code, Problem, Severity};
use crate::text::Text;

pub use certificate::FILE as CERTIFICATE_FILE;
pub use live::{Changed, Live};
pub use request_file::{can_keep_key, kept, key_to_make, pending};
pub use security::{EXPORTABLE, FRIENDLY_NAME, KEY};
pub use server::{KIND as SERVER, chosen as server_chosen};

/// Every page, in order.
pub static PAGES: &[&Page] = &[
    &server::PAGE,
    &edge::PAGE,
    &delivery::PAGE,
    &acme::PAGE,
    &request_file::PAGE,
    &template::PAGE,
    &security::PAGE,
    &organization::PAGE,
    &geography::PAGE,
    &names::PAGE,
    &sip_domains::PAGE,
    &extra_names::PAGE,
    &steps::REQUEST_SUMMARY,
    &steps::REQUEST_EXECUTING,
    &request_written::PAGE,
    &certificate::PAGE,
    &steps::CERTIFICATE_SUMMARY,
    &steps::CERTIFICATE_EXECUTING,
    &partners::PAGE,
    &policy::PAGE,
    &dns::PAGE,
    &ports::PAGE,
    &upkeep::PAGE,
    &settings_summary::PAGE,
    &steps::SETTINGS_EXECUTING,
    &done::PAGE,
];

static FORM: LazyLock<Form> = LazyLock::new(|| Form::new(PAGES));

/// The form that the pages make.
#[must_use]
pub fn form() -> &'static Form {
    &FORM
}

/// What the answers mean.
#[must_use]
pub fn deployment(answered: &AnsweredForm) -> Deployment {
    let named = names::named(answered);
    let request = RequestSettings {
        usage: named.request.usage,
        key_by: answered.get(server::KEY_BY),
        authority: answered.get(delivery::AUTHORITY),
        file: request_file::file(answered),
        template: answered.get(template::TEMPLATE),
        client_eku: answered.get(security::CLIENT_EKU),
        friendly_name: answered.get(security::FRIENDLY_NAME),
        key: answered.try_get(security::KEY),
        exportable: answered.get(security::EXPORTABLE),
        subject: Subject {
            country: answered.get(geography::COUNTRY).to_uppercase(),
            state: answered.get(geography::STATE),
            city: answered.get(geography::CITY),
            organization: answered.get(organization::NAME),
            unit: answered.get(organization::UNIT),
        },
        renewal: answered.wishes.renewal,
    };
    Deployment {
        request,
        federation: Federation {
            refuse_unlisted: answered.get(partners::UNLISTED) == partners::Unlisted::Refuse,
            partners: partners::partners(answered),
        },
        policy: policy::policy(answered),
        dns: dns::settings(answered),
        ..named
    }
}

/// An answered form, read once: what the answers mean, what is wrong, what they lead to.
pub struct Reading {
    /// What the answers mean.
    pub deployment: Deployment,
    /// Everything that is wrong, in page order, without lines.
    pub problems: Vec<Problem>,
    /// What a run would do.
    pub plan: Plan,
}

/// Reads `answered` through all pages.
#[must_use]
pub fn read(answered: &AnsweredForm, text: &Text) -> Reading {
    let deployment = deployment(answered);
    let context = PageContext { answered, deployment: &deployment, text };
    let plan = plan(&context, &answered.pages());
    let mut problems = check(answered);
    for page in answered.pages() {
        (page.validate)(&context, &mut problems);
    }
    drop_guesses(answered, &mut problems);
    problems.extend(plan.problems(answered.facts));
    Reading { deployment, problems, plan }
}

/// What an unknown server would ask is a guess, and a guess would only add false problems.
fn drop_guesses(answered: &AnsweredForm, problems: &mut Vec<Problem>) {
    if server::chosen(answered).is_none() {
        let guessed = [Code::AnswersMissing, Code::NotAsked, Code::XmppDomainMissing, Code::XmppNotSip];
        problems.retain(|problem| problem.path == server::KIND.path() || !guessed.contains(&problem.code));
    }
}

/// What `pages` lead to, preceded by the answers themselves; nothing before somebody looked at that.
#[must_use]
pub fn plan(context: &PageContext, pages: &[&'static Page]) -> Plan {
    if context.facts().knows_targets() { led_to(context, pages) } else { Plan::default() }
}

fn led_to(context: &PageContext, pages: &[&'static Page]) -> Plan {
    let facts = context.facts();
    let answers = Action::file(facts, facts.layout().answers(), write(context.answered));
    let actions = pages.iter().flat_map(|page| (page.actions)(context));
    Plan::of(facts, std::iter::once(answers).chain(actions).collect())
}

/// Everything that is to be looked at for the answers: what they lead to, and what the pages want besides.
#[must_use]
pub fn wants(context: &PageContext) -> Vec<Want> {
    let pages = context.answered.pages();
    let targets = led_to(context, &pages).targets().into_iter().map(Want::Place);
    targets.chain(pages.iter().flat_map(|page| (page.wants)(context))).collect()
}

/// The pages that the execution page `page` carries out: those since the last execution page.
#[must_use]
pub fn stage(answered: &AnsweredForm, page: &Page) -> Vec<&'static Page> {
    let pages = answered.pages();
    let end = pages.iter().position(|shown| *shown == page).unwrap_or(pages.len());
    let end = end + pages[end..].iter().position(|page| page.body == Body::Execute).unwrap_or(0);
    let start = pages[..end].iter().rposition(|page| page.body == Body::Execute).map_or(0, |last| last + 1);
    pages[start..end].to_vec()
}

/// A problem that is an error where `strict` holds, else a warning.
fn problem_if(strict: bool, code: Code, path: impl Into<String>) -> Problem {
    let severity = if strict { Severity::Error } else { Severity::Warning };
    Problem { severity, ..Problem::error(code, path) }
}

/// Actions for files that a person carries elsewhere.
fn out_files(context: &PageContext, files: Vec<crate::servers::OutFile>) -> Vec<Action> {
    let facts = context.facts();
    let out = facts.layout().out();
    files.into_iter().map(|file| Action::file(facts, out.join(file.path), file.content)).collect()
}

/// Files that a person carries elsewhere, to be viewed and copied.
fn out_documents(context: &PageContext, files: Vec<crate::servers::OutFile>) -> impl Iterator<Item = Content> {
    let out = context.facts().layout().out();
    files.into_iter().map(move |file| Content::Document {
        file: out.join(&file.path),
        name: file.path,
        content: file.content,
    })
}

/// The records of the deployment, for the pages that show or write them.
fn all_records(context: &PageContext) -> Vec<crate::edge::Record> {
    records(context.deployment)
}
