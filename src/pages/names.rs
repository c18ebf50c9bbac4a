//! Page: subject name and subject alternative names, each with its reason; and the judgement of all of them.

use crate::edge::{
    Authority, CertificateFault, Deployment, DnsSettings, Federation, NamedFor, Policy, Reason, RequestSettings, names,
};
use crate::form::{Block, Body, Page, Scene, Sheet};
use crate::name::Name;
use crate::problem::{Code, Problem};
use crate::text::say;

use super::delivery::USAGE;
use super::extra_names::EXTRA;
use super::sip_domains::TICKED;
use super::{edge, problem_if, server, sip_domains};

/// Upper bound of the common name (RFC 5280 appendix A.1, ub-common-name).
const MAX_CN: usize = 64;
/// What the large public authorities take in one certificate.
const MAX_NAMES: usize = 100;

/// The page.
pub static PAGE: Page = Page {
    body: Body::Document,
    judge,
    show: |scene| vec![Block::plain(say("names-intro")), names_table(scene)],
    ..Page::new("names", &[])
};

/// The deployment as far as it decides the names; the rest is empty.
pub fn named(sheet: &Sheet) -> Deployment {
    let mut deployment = Deployment {
        server: server::server(sheet),
        edge: edge::edge(sheet),
        ticked_sip_domains: sheet.get(TICKED),
        extra_names: sheet.get(EXTRA),
        request: RequestSettings { usage: sheet.get(USAGE), ..RequestSettings::default() },
        names: Vec::new(),
        federation: Federation::default(),
        policy: Policy::default(),
        dns: DnsSettings::default(),
    };
    deployment.names = names(&deployment);
    deployment
}

/// The common name that the answers lead to; empty while there is none.
pub fn first_name(sheet: &Sheet) -> String {
    named(sheet).first_name().to_owned()
}

/// Path of the answer that put a name into the certificate.
fn path(sheet: &Sheet, NamedFor { reason, place, .. }: &NamedFor) -> String {
    match reason {
        Reason::AccessEdge => edge::ACCESS.path().to_owned(),
        Reason::WebConferencing => edge::WEB_CONFERENCING.path().to_owned(),
        Reason::SipDomain => sip_domains::path(sheet, *place),
        Reason::XmppDomain => edge::XMPP_DOMAINS.item(*place),
        Reason::Component => edge::COMPONENTS.item(*place),
        Reason::Extra => EXTRA.item(*place),
        Reason::InternalEdge => edge::INTERNAL.path().to_owned(),
    }
}

/// The names with their reasons, as a table.
pub fn names_table(scene: &Scene) -> Block {
    let text = scene.text;
    let mut rows = vec![vec![text.say(&say("names-column-name")), text.say(&say("names-column-reason"))]];
    for NamedFor { name, reason, .. } in &scene.deployment.names {
        rows.push(vec![name.both(), text.say(&say(format!("name-reason-{}", reason.name())))]);
    }
    Block::Table(rows)
}

fn judge(scene: &Scene, problems: &mut Vec<Problem>) {
    let deployment = scene.deployment;
    let takes_no_wildcard = deployment.server.stumbles_over(CertificateFault::Wildcard);
    let public = deployment.request.authority == Authority::Public;
    for named in &deployment.names {
        let NamedFor { name, reason, .. } = named;
        let path = || path(scene.sheet, named);
        if let Some(fault) = name.fault() {
            // What a person typed was judged where it was typed; this is for what `sip.` before it made of it.
            let domain = name.ascii().strip_prefix("sip.").map(Name::new);
            if *reason == Reason::SipDomain && domain.is_some_and(|domain| domain.is_sound()) {
                problems.push(Problem::error(crate::form::code_of(fault), path()).with("name", name.ascii()));
            }
            continue;
        }
        let mut found = |strict: bool, code: Code| {
            problems.push(problem_if(strict, code, path()).with("name", name.both()));
        };
        if name.is_wildcard() {
            found(takes_no_wildcard, Code::NameWildcard);
        }
        if name.is_single_label() {
            found(public, Code::NameSingleLabel);
        } else if name.is_internal() {
            found(public, Code::NameInternal);
        }
        if deployment.edge.av.as_ref() == Some(name) {
            found(false, Code::AvName);
        }
    }
    if let Some(first) = deployment.names.first()
        && first.name.ascii().len() > MAX_CN
    {
        let length = first.name.ascii().len();
        let problem = Problem::error(Code::CnTooLong, path(scene.sheet, first));
        problems.push(problem.with("name", first.name.ascii()).with("length", length).with("max", MAX_CN));
    }
    let count = deployment.names.len();
    if count > MAX_NAMES {
        problems.push(Problem::warning(Code::TooManyNames, EXTRA.path()).with("count", count).with("max", MAX_NAMES));
    }
}
