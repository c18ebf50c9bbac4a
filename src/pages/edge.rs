//! Page: names and domains of the edge.

use std::collections::HashSet;

use crate::edge::{Edge, Usage};
use crate::form::{Answered, Ask, Field, Kind, NameUse, Page, PageContext, Proposal, Value};
use crate::home::HostFound;
use crate::name::Name;
use crate::problem::{Code, Problem};
use crate::text::say;

use super::delivery::USAGE;
use super::names_table::names_table;
use super::server::{INSTALL, has_sip, traits};

/// The page.
pub static PAGE: Page = Page { validate, show: |context| vec![names_table(context)], ..Page::new("edge", FIELDS) };

const CERTIFICATE: NameUse = NameUse::Certificate;
const HOST_NAME: Kind = Kind::Name(NameUse::Host);

/// Access edge.
pub const ACCESS: Ask<Option<Name>> = Ask::name("edge.access", CERTIFICATE).required().asked_if(has_sip);
/// Web conferencing edge.
pub const WEB_CONFERENCING: Ask<Option<Name>> =
    Ask::name("edge.web_conferencing", CERTIFICATE).required().asked_if(has_sip);
/// Internal interface.
pub const INTERNAL: Ask<Option<Name>> = Ask::name("edge.internal", CERTIFICATE)
    .required_if(|answered| answered.get(USAGE) == Usage::Internal)
    .asked_if(|answered| traits(answered).has_internal_interface);
/// SIP domains.
pub const SIP_DOMAINS: Ask<Vec<Name>> =
    Ask::names("edge.sip_domains", &Kind::Name(CERTIFICATE)).required().asked_if(has_sip);
/// Domains in XMPP addresses.
pub const XMPP_DOMAINS: Ask<Vec<Name>> =
    Ask::names("edge.xmpp_domains", &Kind::Name(CERTIFICATE)).proposed(|answered| {
        if answered.get(INSTALL) {
            return configured(answered, HostFound::is_domain, "notice-hosts");
        }
        Some(Proposal { value: answered.raw(SIP_DOMAINS), notice: say("notice-sip-domains") })
    });
/// Components such as chat-room services.
pub const COMPONENTS: Ask<Vec<Name>> = Ask::names("edge.components", &Kind::Name(CERTIFICATE))
    .asked_if(|answered| traits(answered).has_components)
    .proposed(|answered| configured(answered, HostFound::is_rooms, "notice-components"));
/// A/V edge.
pub const AV: Ask<Option<Name>> = Ask::name("edge.av", NameUse::Host).asked_if(has_sip);
/// Members of the pool.
pub const POOL: Ask<Vec<Name>> = Ask::names("edge.pool", &HOST_NAME).asked_if(has_sip);
const FIELDS: &[Field] = &[
    ACCESS.field(),
    WEB_CONFERENCING.field(),
    AV.field(),
    INTERNAL.field(),
    POOL.field(),
    SIP_DOMAINS.field(),
    XMPP_DOMAINS.field(),
    COMPONENTS.field(),
];

/// The hosts of that kind that the server on this machine has.
fn configured(answered: &Answered, is_it: fn(&HostFound) -> bool, notice: &'static str) -> Option<Proposal> {
    let found = answered.facts.server.as_ref()?.as_ref().ok()?;
    let hosts = found.hosts.iter().filter(|(name, host)| name.contains('.') && is_it(host));
    let value = Value::List(hosts.map(|(name, _)| name.clone()).collect());
    Some(Proposal { value, notice: say(notice).with("server", traits(answered).title) })
}

fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let deployment = context.deployment;
    let Edge { sip_domains, xmpp_domains, .. } = &deployment.edge;
    let has_sip = deployment.server.traits().has_sip;
    if has_sip && context.answered.answers.get(SIP_DOMAINS.path()) == Some(&Value::List(Vec::new())) {
        problems.push(Problem::error(Code::AnswersMissing, SIP_DOMAINS.path()));
    }
    for (index, domain) in sip_domains.iter().enumerate().filter(|(_, domain)| domain.is_wildcard()) {
        // The certificate has `sip.` before it, where a wildcard is none any more.
        let problem = Problem::error(Code::NameWildcard, SIP_DOMAINS.item(index));
        problems.push(problem.with("name", domain.both()));
    }
    if xmpp_domains.is_empty() && context.answered.is_understood(XMPP_DOMAINS) {
        problems.push(Problem::error_if(!has_sip, Code::XmppDomainMissing, XMPP_DOMAINS.path()));
    }
    let sip: HashSet<&Name> = sip_domains.iter().collect();
    let is_judged = has_sip && context.answered.is_understood(SIP_DOMAINS);
    for (index, domain) in xmpp_domains.iter().enumerate() {
        if is_judged && domain.is_sound() && !sip.contains(domain) {
            let problem = Problem::warning(Code::XmppNotSip, XMPP_DOMAINS.item(index));
            problems.push(problem.with("name", domain.both()));
        }
    }
}
