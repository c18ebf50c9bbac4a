//! Page: names, domains and addresses of the edge.

use std::collections::HashSet;
use std::net::IpAddr;

use crate::edge::Edge;
use crate::form::{Default, Field, Kind, NameUse, Page, Scene, Sheet, Value};
use crate::name::Name;
use crate::problem::{Code, Problem};

use super::names::names_table;
use super::problem_if;
use super::server::{has_sip, traits};

/// The page.
pub static PAGE: Page = Page { judge, show: |scene| vec![names_table(scene)], ..Page::new("edge", FIELDS) };

const SIP_DOMAINS: &str = "edge.sip_domains";
const XMPP_DOMAINS: &str = "edge.xmpp_domains";

const CERTIFICATE: Kind = Kind::Name(NameUse::Certificate);
const HOST: Kind = Kind::Name(NameUse::Host);

const FIELDS: &[Field] = &[
    Field::new("edge.access", CERTIFICATE).or(Default::Required).asked_if(has_sip),
    Field::new("edge.web_conferencing", CERTIFICATE).or(Default::Required).asked_if(has_sip),
    Field::new("edge.av", HOST).asked_if(has_sip),
    Field::new("edge.internal", CERTIFICATE)
        .or(Default::RequiredIf(|sheet| sheet.text("request.usage") == "internal"))
        .asked_if(|sheet| traits(sheet).has_internal_interface),
    Field::new("edge.pool", Kind::List(&HOST)).asked_if(has_sip),
    Field::new(SIP_DOMAINS, Kind::List(&CERTIFICATE)).or(Default::Required).asked_if(has_sip),
    Field::new(XMPP_DOMAINS, Kind::List(&CERTIFICATE)),
    Field::new("edge.components", Kind::List(&CERTIFICATE)).asked_if(|sheet| traits(sheet).has_components),
    Field::new("edge.host", HOST)
        .or(Default::From(|sheet| Value::Text(if has_sip(sheet) { sheet.text("edge.access") } else { String::new() }))),
    Field::new("edge.addresses", Kind::List(&Kind::Address)),
    Field::new("edge.web_conferencing_addresses", Kind::List(&Kind::Address)).asked_if(has_sip),
    Field::new("edge.av_addresses", Kind::List(&Kind::Address)).asked_if(has_sip),
];

/// The edge as the answers describe it; what is not asked of this server stays empty.
pub fn edge(sheet: &Sheet) -> Edge {
    Edge {
        access: name(sheet, "edge.access"),
        host: name(sheet, "edge.host"),
        web_conferencing: name(sheet, "edge.web_conferencing"),
        av: name(sheet, "edge.av"),
        internal: name(sheet, "edge.internal"),
        pool: names(sheet, "edge.pool"),
        sip_domains: names(sheet, SIP_DOMAINS),
        xmpp_domains: names(sheet, XMPP_DOMAINS),
        components: names(sheet, "edge.components"),
        addresses: addresses(sheet, "edge.addresses"),
        web_conferencing_addresses: addresses(sheet, "edge.web_conferencing_addresses"),
        av_addresses: addresses(sheet, "edge.av_addresses"),
    }
}

fn asked(sheet: &Sheet, path: &str) -> bool {
    sheet.form.field(path).is_some_and(|(_, field)| (field.asked_if)(sheet))
}

fn name(sheet: &Sheet, path: &str) -> Option<Name> {
    let said = asked(sheet, path).then(|| sheet.text(path)).filter(|said| !said.is_empty());
    said.map(|said| Name::new(&said))
}

/// The names listed at `path`, if it is asked.
pub fn names(sheet: &Sheet, path: &str) -> Vec<Name> {
    let listed = if asked(sheet, path) { sheet.list(path) } else { Vec::new() };
    listed.iter().map(|said| Name::new(said)).collect()
}

fn addresses(sheet: &Sheet, path: &str) -> Vec<IpAddr> {
    let listed = if asked(sheet, path) { sheet.list(path) } else { Vec::new() };
    listed.iter().filter_map(|address| address.parse().ok()).collect()
}

fn judge(scene: &Scene, problems: &mut Vec<Problem>) {
    let deployment = scene.deployment;
    let Edge { sip_domains, xmpp_domains, .. } = &deployment.edge;
    let has_sip = deployment.server.traits().has_sip;
    if has_sip && scene.sheet.answers.get(SIP_DOMAINS) == Some(&Value::List(Vec::new())) {
        problems.push(Problem::error(Code::AnswersMissing, SIP_DOMAINS));
    }
    for (index, domain) in sip_domains.iter().enumerate().filter(|(_, domain)| domain.is_wildcard()) {
        // The certificate has `sip.` before it, where a wildcard is none any more.
        let problem = Problem::error(Code::NameWildcard, format!("{SIP_DOMAINS}.{index}"));
        problems.push(problem.with("name", domain.both()));
    }
    judge_addresses(scene.sheet, problems);
    if !has_sip && deployment.edge.host.is_none() && scene.sheet.is_understood("edge.host") {
        problems.push(Problem::error(Code::AnswersMissing, "edge.host"));
    }
    if xmpp_domains.is_empty() && scene.sheet.is_understood(XMPP_DOMAINS) {
        problems.push(problem_if(!has_sip, Code::XmppDomainMissing, XMPP_DOMAINS));
    }
    let sip: HashSet<&Name> = sip_domains.iter().collect();
    let is_judged = has_sip && scene.sheet.is_understood(SIP_DOMAINS);
    for (index, domain) in xmpp_domains.iter().enumerate() {
        if is_judged && domain.is_sound() && !sip.contains(domain) {
            let path = format!("{XMPP_DOMAINS}.{index}");
            problems.push(Problem::warning(Code::XmppNotSip, path).with("name", domain.both()));
        }
    }
}

fn judge_addresses(sheet: &Sheet, problems: &mut Vec<Problem>) {
    for path in ["edge.addresses", "edge.web_conferencing_addresses", "edge.av_addresses"] {
        let listed = if asked(sheet, path) { sheet.list(path) } else { Vec::new() };
        for (index, said) in listed.iter().enumerate() {
            if said.parse().is_ok_and(is_private) {
                let problem = Problem::warning(Code::AddressPrivate, format!("{path}.{index}"));
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
