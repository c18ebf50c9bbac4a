//! Page: subject name and subject alternative names, each with its reason; and the judgement of all of them.

use crate::edge::{
    Authority, CertificateFault, Deployment, DnsSettings, Edge, Federation, NameReason, NamedFor, Policy,
    RequestSettings, names,
};
use crate::form::{Answered, Body, Content, Page, PageContext};
use crate::name::Name;
use crate::problem::{Code, Problem};
use crate::text::say;

use super::delivery::USAGE;
use super::extra_names::EXTRA;
use super::names_table::names_table;
use super::sip_domains::TICKED;
use super::{addresses, edge, server, sip_domains};

/// Upper bound of the common name (RFC 5280 appendix A.1, ub-common-name).
const MAX_CN: usize = 64;
/// What the large public authorities take in one certificate.
const MAX_NAMES: usize = 100;

/// The page.
pub static PAGE: Page = Page {
    body: Body::Document,
    validate,
    show: |context| vec![Content::plain(say("names-intro")), names_table(context)],
    ..Page::new("names", &[])
};

/// The deployment as far as it decides the names; the rest is empty.
pub fn named(answered: &Answered) -> Deployment {
    let mut deployment = Deployment {
        install: None,
        makes_rooms: false,
        drops_streams: false,
        server: server::server(answered),
        edge: edge_of(answered),
        ticked_sip_domains: answered.get(TICKED),
        extra_names: answered.get(EXTRA),
        request: RequestSettings { usage: answered.get(USAGE), ..RequestSettings::default() },
        names: Vec::new(),
        federation: Federation::default(),
        policy: Policy::default(),
        dns: DnsSettings::default(),
    };
    deployment.names = names(&deployment);
    deployment
}

/// The edge as the answers describe it; what is not asked of this server stays empty.
fn edge_of(answered: &Answered) -> Edge {
    Edge {
        access: answered.get(edge::ACCESS),
        host: answered.get(addresses::HOST),
        web_conferencing: answered.get(edge::WEB_CONFERENCING),
        av: answered.get(edge::AV),
        internal: answered.get(edge::INTERNAL),
        pool: answered.get(edge::POOL),
        sip_domains: answered.get(edge::SIP_DOMAINS),
        xmpp_domains: answered.get(edge::XMPP_DOMAINS),
        components: answered.get(edge::COMPONENTS),
        addresses: addresses::read(answered, addresses::ADDRESSES),
        web_conferencing_addresses: addresses::read(answered, addresses::WEB_CONFERENCING_ADDRESSES),
        av_addresses: addresses::read(answered, addresses::AV_ADDRESSES),
    }
}

/// The common name that the answers lead to; empty while there is none.
pub fn first_name(answered: &Answered) -> String {
    named(answered).first_name().to_owned()
}

/// Path of the answer that put a name into the certificate.
fn path(answered: &Answered, NamedFor { reason, place, .. }: &NamedFor) -> String {
    match reason {
        NameReason::AccessEdge => edge::ACCESS.path().to_owned(),
        NameReason::WebConferencing => edge::WEB_CONFERENCING.path().to_owned(),
        NameReason::SipDomain => sip_domains::path(answered, *place),
        NameReason::XmppDomain => edge::XMPP_DOMAINS.item(*place),
        NameReason::Component => edge::COMPONENTS.item(*place),
        NameReason::Extra => EXTRA.item(*place),
        NameReason::InternalEdge => edge::INTERNAL.path().to_owned(),
    }
}

fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let deployment = context.deployment;
    let takes_no_wildcard = deployment.server.stumbles_over(CertificateFault::Wildcard);
    let public = deployment.request.authority == Authority::Public;
    for named in &deployment.names {
        let NamedFor { name, reason, .. } = named;
        let path = || path(context.answered, named);
        if let Some(fault) = name.fault() {
            // What a person typed was judged where it was typed; this is for what `sip.` before it made of it.
            let domain = name.ascii().strip_prefix("sip.").map(Name::new);
            if *reason == NameReason::SipDomain && domain.is_some_and(|domain| domain.is_sound()) {
                problems.push(Problem::error(crate::form::code_of(fault), path()).with("name", name.ascii()));
            }
            continue;
        }
        let mut found = |strict: bool, code: Code| {
            problems.push(Problem::error_if(strict, code, path()).with("name", name.both()));
        };
        if name.is_wildcard() {
            found(takes_no_wildcard, Code::NameWildcard);
        }
        if name.is_single_label() {
            found(public, Code::NameSingleLabel);
        } else if name.is_internal() && public {
            found(true, Code::NameInternal);
        }
        if deployment.edge.av.as_ref() == Some(name) {
            found(false, Code::AvName);
        }
    }
    if let Some(first) = deployment.names.first()
        && first.name.ascii().len() > MAX_CN
    {
        let length = first.name.ascii().len();
        let problem = Problem::error(Code::CnTooLong, path(context.answered, first));
        problems.push(problem.with("name", first.name.ascii()).with("length", length).with("max", MAX_CN));
    }
    let count = deployment.names.len();
    if count > MAX_NAMES {
        problems.push(Problem::warning(Code::TooManyNames, EXTRA.path()).with("count", count).with("max", MAX_NAMES));
    }
}
