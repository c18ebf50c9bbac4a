//! THE FLOW: the pages in order. Adding a page is a file and a line in [`PAGES`].

mod acme;
mod addresses;
mod certificate;
mod delivery;
mod dns;
mod done;
mod edge;
mod extra_names;
mod files;
mod install;
mod issuers;
mod live;
mod names;
mod names_table;
mod organization;
mod partners;
mod pfx;
mod plan;
mod policy;
mod ports;
mod publish;
mod request_file;
mod request_written;
mod security;
mod server;
mod settings_summary;
mod sip_domains;
mod steps;
mod template;
mod to_do;
mod upkeep;

use std::sync::LazyLock;

use crate::edge::{Deployment, Federation, RequestSettings};
use crate::form::{Answered, Body, Form, Page, PageContext, check};
use crate::home::{Facts, Want};
use crate::pki::Subject;
use crate::plan::Plan;
use crate::problem::{Code, Problem};
use crate::text::Text;

pub use certificate::{FILE as CERTIFICATE_FILE, ROOT_FILE, SENT_FILES, file, root_problems};
pub use issuers::issued_names;
pub use live::{Changed, Live};
pub use partners::count as partner_count;
pub use pfx::{pfx, pfx_to_make};
pub use plan::{changes, plan};
pub use publish::record_asks;
pub use request_file::{can_keep_key, kept, key_to_make, pending};
pub use security::{EXPORTABLE, FRIENDLY_NAME, KEY};
pub use server::{KIND as SERVER, MAIN, chosen as server_chosen};
pub use to_do::{ToDo, is_to_do_written, to_do};

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
    &addresses::PAGE,
    &dns::PAGE,
    &publish::PAGE,
    &ports::PAGE,
    &upkeep::PAGE,
    &settings_summary::PAGE,
    &steps::SETTINGS_EXECUTING,
    &done::PAGE,
];

/// The stages in order, each with the page that it begins with. Their words are `stage-<name>` in the catalogue.
const STAGES: [(&str, &Page); 3] =
    [("edge", &server::PAGE), ("certificate", &delivery::PAGE), ("federation", &partners::PAGE)];

/// The path of the rows of which there may be thousands.
pub const MANY: &str = partners::PARTNERS.path();

static FORM: LazyLock<Form> = LazyLock::new(|| Form::new(PAGES));

/// The form that the pages make.
#[must_use]
pub fn form() -> &'static Form {
    &FORM
}

/// The stage that `page` belongs to.
#[must_use]
pub fn stage_of(page: &Page) -> &'static str {
    let place = |page: &Page| PAGES.iter().position(|other| *other == page);
    let here = place(page);
    STAGES.iter().rfind(|(_, first)| place(first) <= here).map_or(STAGES[0].0, |(name, _)| name)
}

/// The page that waits for somebody else, if one does.
#[must_use]
pub fn waits_on(deployment: &Deployment, facts: &Facts) -> Option<&'static Page> {
    pending(deployment, facts).map(|_| &certificate::PAGE)
}

/// What the answers mean.
#[must_use]
pub fn deployment(answered: &Answered) -> Deployment {
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
            country: answered.get(organization::COUNTRY).to_uppercase(),
            state: answered.get(organization::STATE),
            city: answered.get(organization::CITY),
            organization: answered.get(organization::NAME),
            unit: answered.get(organization::UNIT),
        },
        renewal: answered.wishes.renewal,
    };
    Deployment {
        request,
        install: server::installed_at(answered),
        makes_rooms: answered.get(server::MAKE_ROOMS),
        drops_streams: answered.get(server::DROP_STREAMS),
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
pub fn read(answered: &Answered, text: &Text) -> Reading {
    let deployment = deployment(answered);
    let context = PageContext { pages: PAGES, answered, deployment: &deployment, text };
    let shown = context.shown();
    let plan = plan(&context, &shown);
    let mut problems = problems(&context, &shown);
    problems.extend(plan.problems(answered.facts));
    Reading { deployment, problems, plan }
}

/// What is wrong with the answers, and with what `pages` lead to; in page order, without lines.
#[must_use]
pub fn problems(context: &PageContext, pages: &[&'static Page]) -> Vec<Problem> {
    let mut problems = check(form(), context.answered);
    for page in pages {
        (page.validate)(context, &mut problems);
    }
    drop_guesses(context.answered, &mut problems);
    problems
}

/// What an unknown server would ask is a guess, and a guess would only add false problems.
fn drop_guesses(answered: &Answered, problems: &mut Vec<Problem>) {
    if server::chosen(answered).is_none() {
        let guessed = [Code::AnswersMissing, Code::NotAsked, Code::XmppDomainMissing, Code::XmppNotSip];
        problems.retain(|problem| problem.path == server::KIND.path() || !guessed.contains(&problem.code));
    }
}

/// Everything that is to be looked at for the answers: what they lead to, and what the pages want besides.
#[must_use]
pub fn wants(context: &PageContext) -> Vec<Want> {
    let pages = context.shown();
    let targets = plan::led_to(context, &pages).targets().into_iter().map(Want::Place);
    let pfx = pfx_to_make(context).map(Want::Place);
    targets.chain(pages.iter().flat_map(|page| (page.wants)(context))).chain(pfx).collect()
}

/// The pages that the execution page `page` carries out: those since the last execution page.
#[must_use]
pub fn stage(answered: &Answered, page: &Page) -> Vec<&'static Page> {
    let pages = form().shown(answered);
    let end = pages.iter().position(|shown| *shown == page).unwrap_or(pages.len());
    let end = end + pages[end..].iter().position(|page| page.body == Body::Execute).unwrap_or(0);
    let start = pages[..end].iter().rposition(|page| page.body == Body::Execute).map_or(0, |last| last + 1);
    pages[start..end].to_vec()
}
