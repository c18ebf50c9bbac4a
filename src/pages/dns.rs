//! Page: the DNS records, per zone, in the forms that name servers take.

use std::collections::HashSet;

use crate::check::{all_findings, hint, record_checks};
use crate::edge::{DnsSettings, Edge, Record, RecordData, records};
use crate::form::{Answered, Ask, Body, Content, Field, Kind, NameUse, Page, PageContext, Value};
use crate::home::{Facts, Proof};
use crate::lifecycle::shown_keys;
use crate::name::Name;
use crate::problem::{Code, Problem};
use crate::servers::dns_files;
use crate::text::say;

use super::files::{out_documents, out_files};
use super::names::named;
use super::publish;
use super::server::server;

/// The page.
pub static PAGE: Page = Page {
    body: Body::Document,
    validate,
    show,
    looks_up: |context| publish::record_asks(context.deployment, context.facts()),
    actions: |context| out_files(context, dns_files(&records(context.deployment), context.text)),
    ..Page::new("dns", FIELDS)
};

const ZONES: Ask<Vec<Name>> =
    Ask::names("dns.zones", &Kind::Name(NameUse::Host)).or_from(|answered| Value::List(default_zones(answered)));
/// RFC 2181 8: a TTL has 31 bits.
const TTL: Ask<i64> = Ask::number("dns.ttl", 0, 0x7fff_ffff).or(3600);
const PRIORITY: Ask<i64> = Ask::number("dns.priority", 0, 65_535).or(0);
const WEIGHT: Ask<i64> = Ask::number("dns.weight", 0, 65_535).or(0);

/// Whether the keys that the host shows are published too. Windows keeps its own.
const TLSA: Ask<bool> = Ask::toggle("dns.tlsa").or(false).asked_if(|answered| !server(answered).traits().is_remote);

const FIELDS: &[Field] = &[ZONES.field(), TTL.field(), PRIORITY.field(), WEIGHT.field(), TLSA.field()];

/// How the records are written.
pub fn settings(answered: &Answered) -> DnsSettings {
    // An emptied list says no more than none: the zones are worked out.
    let given = if answered.is_given(ZONES) { answered.get(ZONES) } else { Vec::new() };
    DnsSettings {
        zones: (!given.is_empty()).then_some(given),
        ttl: u32::try_from(answered.get(TTL)).unwrap_or_default(),
        priority: u16::try_from(answered.get(PRIORITY)).unwrap_or_default(),
        weight: u16::try_from(answered.get(WEIGHT)).unwrap_or_default(),
        publication: publish::publication(answered),
        keys: answered.get(TLSA).then(|| shown_keys(answered.facts)),
    }
}

/// The zones of the records where none are said, each once.
fn default_zones(answered: &Answered) -> Vec<String> {
    let mut seen = HashSet::new();
    let zones = records(&named(answered)).into_iter().map(|record| record.zone);
    zones.filter(|zone| seen.insert(zone.clone())).collect()
}

fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let mut seen = HashSet::new();
    for record in records(context.deployment).into_iter().filter(|record| record.zone.is_empty()) {
        if seen.insert(record.name.clone()) {
            problems.push(Problem::warning(Code::RecordWithoutZone, ZONES.path()).with("name", record.name));
        }
    }
    problems.extend(uncounted(context.facts()).filter(|_| context.answered.get(TLSA)));
}

/// What keeps partners from believing the keys that are published, where name servers were asked.
fn uncounted(facts: &Facts) -> Option<Problem> {
    facts.records.iter().find_map(|look| {
        let proof = look.proof.as_ref().filter(|proof| **proof != Proof::Secure)?;
        let state = if matches!(proof, Proof::Unproven(_)) { "unproven" } else { "unsigned" };
        let problem = Problem::warning(Code::TlsaUncounted, TLSA.path()).with("name", look.set.name.clone());
        Some(problem.with("state", state).with("reason", proof.words(look.set.kind)))
    })
}

fn show(context: &PageContext) -> Vec<Content> {
    let records = records(context.deployment);
    let found = record_checks(&records, &context.facts().records);
    let columns = ["dns-column-name", "dns-column-type", "dns-column-data", "dns-column-state"];
    let columns = &columns[..if found.is_empty() { 3 } else { 4 }];
    let mut rows = vec![columns.iter().map(|column| context.text.say(&say(*column))).collect::<Vec<String>>()];
    for record in &records {
        let state = found.iter().find(|check| check.record == *record).map(|check| check.state.name());
        let state = state.map(|state| context.text.say(&say(format!("record-state-{state}"))));
        let cells = [record.name.clone(), record.data.kind().to_owned(), record.data.presentation()];
        rows.push(cells.into_iter().chain(state).collect());
    }
    let without = without_address(&context.deployment.edge, &records).join(", ");
    let without = (!without.is_empty()).then(|| Content::warning(say("dns-without-address").with("names", without)));
    // What programs read lies in folders of their own; nobody types it.
    let for_people = dns_files(&records, context.text).into_iter().filter(|file| file.path.matches('/').count() == 1);
    let documents = out_documents(context, for_people.collect());
    let findings = all_findings(&found).into_iter().map(|(finding, names)| {
        let hint = hint(&finding);
        Content::warning(say("dns-finding").with("name", names.join(", ")).with("finding", finding).with("hint", hint))
    });
    let is_to_come = context.deployment.dns.keys.as_ref().is_some_and(Vec::is_empty);
    let key = is_to_come.then(|| Content::plain(say("dns-key-to-come")));
    std::iter::once(Content::Table(rows)).chain(key).chain(findings).chain(without).chain(documents).collect()
}

/// Names of the edge that none of the `records` gives an address.
fn without_address(edge: &Edge, records: &[Record]) -> Vec<String> {
    let names = [&edge.host, &edge.web_conferencing, &edge.av].into_iter().flatten();
    let has_address = |name: &Name| {
        records.iter().any(|record| record.name == name.ascii() && matches!(record.data, RecordData::Address(_)))
    };
    names.filter(|name| !has_address(name)).map(Name::both).collect()
}
