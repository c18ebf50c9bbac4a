//! Page: names, domains and addresses of the edge.

use std::collections::HashSet;
use std::net::IpAddr;

use crate::edge::{Edge, Usage};
use crate::form::{Answered, Ask, Field, Kind, NameUse, Page, PageContext, Value};
use crate::name::Name;
use crate::problem::{Code, Problem};

use super::delivery::USAGE;
use super::names_table::names_table;
use super::server::{has_sip, traits};

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
pub const XMPP_DOMAINS: Ask<Vec<Name>> = Ask::names("edge.xmpp_domains", &Kind::Name(CERTIFICATE));
/// Components such as chat-room services.
pub const COMPONENTS: Ask<Vec<Name>> =
    Ask::names("edge.components", &Kind::Name(CERTIFICATE)).asked_if(|answered| traits(answered).has_components);
const AV: Ask<Option<Name>> = Ask::name("edge.av", NameUse::Host).asked_if(has_sip);
const POOL: Ask<Vec<Name>> = Ask::names("edge.pool", &HOST_NAME).asked_if(has_sip);
const HOST: Ask<Option<Name>> = Ask::name("edge.host", NameUse::Host).or_from(|answered| answered.raw(ACCESS));
const ADDRESSES: Ask<Vec<String>> = Ask::addresses("edge.addresses");
const WEB_CONFERENCING_ADDRESSES: Ask<Vec<String>> =
    Ask::addresses("edge.web_conferencing_addresses").asked_if(has_sip);
const AV_ADDRESSES: Ask<Vec<String>> = Ask::addresses("edge.av_addresses").asked_if(has_sip);

const FIELDS: &[Field] = &[
    ACCESS.field(),
    WEB_CONFERENCING.field(),
    AV.field(),
    INTERNAL.field(),
    POOL.field(),
    SIP_DOMAINS.field(),
    XMPP_DOMAINS.field(),
    COMPONENTS.field(),
    HOST.field(),
    ADDRESSES.field(),
    WEB_CONFERENCING_ADDRESSES.field(),
    AV_ADDRESSES.field(),
];

/// The edge as the answers describe it; what is not asked of this server stays empty.
pub fn edge(answered: &Answered) -> Edge {
    Edge {
        access: answered.get(ACCESS),
        host: answered.get(HOST),
        web_conferencing: answered.get(WEB_CONFERENCING),
        av: answered.get(AV),
        internal: answered.get(INTERNAL),
        pool: answered.get(POOL),
        sip_domains: answered.get(SIP_DOMAINS),
        xmpp_domains: answered.get(XMPP_DOMAINS),
        components: answered.get(COMPONENTS),
        addresses: addresses(answered, ADDRESSES),
        web_conferencing_addresses: addresses(answered, WEB_CONFERENCING_ADDRESSES),
        av_addresses: addresses(answered, AV_ADDRESSES),
    }
}

fn addresses(answered: &Answered, ask: Ask<Vec<String>>) -> Vec<IpAddr> {
    answered.get(ask).iter().filter_map(|address| address.parse().ok()).collect()
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
    validate_addresses(context.answered, problems);
    if !has_sip && deployment.edge.host.is_none() && context.answered.is_understood(HOST) {
        problems.push(Problem::error(Code::AnswersMissing, HOST.path()));
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

fn validate_addresses(answered: &Answered, problems: &mut Vec<Problem>) {
    for ask in [ADDRESSES, WEB_CONFERENCING_ADDRESSES, AV_ADDRESSES] {
        for (index, said) in answered.get(ask).iter().enumerate() {
            if said.parse().is_ok_and(is_private) {
                let problem = Problem::warning(Code::AddressPrivate, ask.item(index));
                problems.push(problem.with("address", said.as_str()));
            }
        }
    }
}

/// Whether the Internet has no way to `address` (RFC 1918, 3927, 4193, 4291, 6598).
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let shared = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || shared
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}
