//! Page: names, domains and addresses of the edge.

use std::net::IpAddr;

use crate::form::{Default, Field, Kind, NameUse, Page, Scene, Sheet, Value};
use crate::model::{Edge, Name, Server};
use crate::problem::{Code, Problem};

use super::names::names_table;
use super::problem_if;
use super::server::is_lync;

/// The page.
pub static PAGE: Page = Page { judge, show: |scene| vec![names_table(scene)], ..Page::new("edge", FIELDS) };

const CERTIFICATE: Kind = Kind::Name(NameUse::Certificate);
const HOST: Kind = Kind::Name(NameUse::Host);

const FIELDS: &[Field] = &[
    Field::new("edge.access", CERTIFICATE).or(Default::Required).asked_if(is_lync),
    Field::new("edge.web_conferencing", CERTIFICATE).or(Default::Required).asked_if(is_lync),
    Field::new("edge.av", HOST).asked_if(is_lync),
    Field::new("edge.internal", CERTIFICATE)
        .or(Default::RequiredIf(|sheet| sheet.text("request.usage") == "internal"))
        .asked_if(is_lync),
    Field::new("edge.pool", Kind::List(&HOST)).asked_if(is_lync),
    Field::new("edge.sip_domains", Kind::List(&CERTIFICATE)).or(Default::Required).asked_if(is_lync),
    Field::new("edge.xmpp_domains", Kind::List(&CERTIFICATE)),
    Field::new("edge.components", Kind::List(&CERTIFICATE)).asked_if(|sheet| !is_lync(sheet)),
    Field::new("edge.host", HOST)
        .or(Default::From(|sheet| Value::Text(if is_lync(sheet) { sheet.text("edge.access") } else { String::new() }))),
    Field::new("edge.addresses", Kind::List(&Kind::Address)),
    Field::new("edge.web_conferencing_addresses", Kind::List(&Kind::Address)).asked_if(is_lync),
    Field::new("edge.av_addresses", Kind::List(&Kind::Address)).asked_if(is_lync),
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
        sip_domains: names(sheet, "edge.sip_domains"),
        xmpp_domains: names(sheet, "edge.xmpp_domains"),
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
    let lync = deployment.server == Server::Lync;
    let sip_path = "edge.sip_domains";
    if lync && scene.sheet.answers.get(sip_path) == Some(&Value::List(Vec::new())) {
        problems.push(Problem::error(Code::AnswersMissing, sip_path));
    }
    if !lync && deployment.edge.host.is_none() {
        problems.push(Problem::error(Code::AnswersMissing, "edge.host"));
    }
    if xmpp_domains.is_empty() {
        problems.push(problem_if(!lync, Code::XmppDomainMissing, "edge.xmpp_domains"));
    }
    for (index, domain) in xmpp_domains.iter().enumerate() {
        if lync && domain.is_sound() && !sip_domains.contains(domain) {
            let path = format!("edge.xmpp_domains.{index}");
            problems.push(Problem::warning(Code::XmppNotSip, path).with("name", domain.both()));
        }
    }
}
