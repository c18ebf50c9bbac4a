//! Where the certificates stand, as text for people or as JSON for programs (schema 1 of the contract).

use std::path::Path;

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

use crate::check::{RecordCheck, RecordState};
use crate::edge::{Method, Usage};
use crate::home::StreamFound;
use crate::lifecycle::proof::shown;
use crate::lifecycle::{InUse, Status, Waiting};
use crate::problem::Problem;
use crate::session::{NetworkSeen, PartnerSeen, ServerSeen};
use crate::text::{Text, say, visible};

use super::headless::{SCHEMA, aligned, problems_text, record_check_json, with_words};

/// What was looked at beyond the home folder.
pub struct Looked {
    /// The server on this machine, where one was put into service.
    pub server: Option<ServerSeen>,
    /// The records and the partners.
    pub network: NetworkSeen,
}

/// The status of the home folder `home` as JSON.
#[must_use]
pub fn status_json(status: &Status, looked: Option<&Looked>, home: &Path, text: &Text) -> Value {
    let certificate = |used: &InUse| {
        json!({
            "usage": used.usage.name(),
            "pair": used.pair,
            "names": used.names,
            "not_after": used.not_after.map(rfc_3339),
            "days_left": used.days_left,
            "state": used.state.name(),
        })
    };
    let waiting = |waiting: &Waiting| json!({ "request": waiting.request, "usage": waiting.usage.map(Usage::name), "made": rfc_3339(waiting.made) });
    let attention = |problem: &Problem| with_words(json!({}), problem, text);
    let mut said = json!({
        "schema": SCHEMA,
        "home": home.to_string_lossy(),
        "certificates": status.certificates.iter().map(certificate).collect::<Vec<_>>(),
        "pending": status.pending.iter().map(waiting).collect::<Vec<_>>(),
        "attention": status.attention.iter().map(attention).collect::<Vec<_>>(),
    });
    if let Some(Looked { server, network }) = looked {
        if let Some(server) = server {
            said["server"] = server_json(server);
        }
        said["records"] = network.records.iter().map(|check| record_check_json(check, text)).collect();
        said["partners"] = network.partners.iter().map(partner_json).collect();
    }
    said
}

fn server_json(seen: &ServerSeen) -> Value {
    let served = seen.served.iter().map(|(domain, serial)| (domain.clone(), json!(serial.as_ref().ok())));
    let stream = |stream: &StreamFound| {
        json!({
            "host": stream.host,
            "domain": stream.domain,
            "incoming": stream.is_incoming,
            "method": stream.method.map(Method::name),
        })
    };
    json!({
        "kind": seen.server.name(),
        "version": seen.version,
        "running": seen.is_running,
        "served": served.collect::<serde_json::Map<_, _>>(),
        "enforced": seen.enforces,
        "streams": seen.streams.iter().map(stream).collect::<Vec<_>>(),
    })
}

fn partner_json(partner: &PartnerSeen) -> Value {
    json!({
        "domain": partner.domain,
        "ok": partner.works(),
        "methods": { "to_partner": partner.to.name(), "from_partner": partner.from.name() },
    })
}

/// The status of the home folder `home` as text.
#[must_use]
pub fn status_text(status: &Status, looked: Option<&Looked>, home: &Path, text: &Text) -> String {
    let said = |message| text.say(&message);
    let usage = |usage: Usage| said(say(format!("field-request-usage.{}", usage.name())));
    let mut out = said(say("hub-home").with("home", home.to_string_lossy().into_owned())) + "\n\n";
    out += &said(say("status-certificates"));
    out.push('\n');
    let certificates: Vec<Vec<String>> = status
        .certificates
        .iter()
        .map(|used| {
            let pair = used.pair.map(|number| say("status-pair").with("number", number.to_string()));
            let until = used.not_after.map(|end| say("status-until").with("date", shown(end)));
            let names: Vec<_> = used.names.iter().map(|name| visible(name)).collect();
            let state = say(format!("status-state-{}", used.state.name()));
            let cells = [Some(state), pair, until].into_iter().map(|cell| cell.map(said).unwrap_or_default());
            std::iter::once(usage(used.usage)).chain(cells).chain([names.join(", ")]).collect()
        })
        .collect();
    out += &aligned(&certificates, "  ");
    if !status.pending.is_empty() {
        out += &format!("\n{}\n", said(say("status-pending")));
        let row = |waiting: &Waiting| {
            let number = say("status-request").with("number", waiting.request.to_string());
            vec![
                said(number),
                waiting.usage.map_or_else(|| said(say("status-usage-unknown")), usage),
                said(say("status-made").with("date", shown(waiting.made))),
            ]
        };
        out += &aligned(&status.pending.iter().map(row).collect::<Vec<_>>(), "  ");
    }
    if let Some(Looked { server, network }) = looked {
        out += &match server {
            Some(server) => server_text(server, text),
            None => format!("\n{}\n", said(say("status-not-looked"))),
        };
        out += &network_text(network, text);
    }
    if !status.attention.is_empty() {
        out += &format!("\n{}\n{}", said(say("status-attention")), problems_text(&status.attention, text));
    }
    out
}

/// What the server on this machine does; of one that does not run that stands among what needs attention.
fn server_text(seen: &ServerSeen, text: &Text) -> String {
    if !seen.is_running {
        return String::new();
    }
    let said = |message| text.say(&message);
    let title = format!("{} {}", seen.server.traits().title, visible(&seen.version));
    let served = |(domain, serial): &(String, Result<String, _>)| {
        let serial = match serial {
            Ok(serial) => match seen.pair.as_ref().filter(|(_, used)| used == serial) {
                Some((number, _)) => say("status-serves-pair").with("number", number.to_string()),
                None => say("status-serial").with("serial", serial.as_str()),
            },
            Err(_) => say("nothing"),
        };
        vec![title.clone(), visible(domain).into_owned(), said(serial)]
    };
    let stream = |stream: &StreamFound| {
        let way = if stream.is_incoming { "status-stream-from" } else { "status-stream-to" };
        let method = say("status-method").with("method", stream.method.map_or("unknown", Method::name));
        let told = say(way).with("domain", visible(&stream.domain).into_owned()).with("method", method);
        vec![title.clone(), visible(&stream.host).into_owned(), said(told)]
    };
    let enforces = seen.enforces == Some(true);
    let enforces = enforces.then(|| vec![title.clone(), String::new(), said(say("status-enforces"))]);
    let streams = seen.streams.iter().map(stream);
    let rows: Vec<_> = seen.served.iter().map(served).chain(enforces).chain(streams).collect();
    format!("\n{}\n{}", said(say("status-server")), aligned(&rows, "  "))
}

/// How many of the records and of the partners are as they should be.
fn network_text(seen: &NetworkSeen, text: &Text) -> String {
    let counted = |key, all: Vec<Option<bool>>| {
        let number = |what| all.iter().filter(|state| **state == what).count();
        let said = say(key).with("good", number(Some(true))).with("count", all.len()).with("unknown", number(None));
        (!all.is_empty()).then(|| format!("  {}\n", text.say(&said)))
    };
    let is_there = |check: &RecordCheck| match check.state {
        RecordState::Unknown => None,
        state => Some(matches!(state, RecordState::Present | RecordState::Extra)),
    };
    let records = counted("status-records", seen.records.iter().map(is_there).collect());
    let partners = counted("status-partners", seen.partners.iter().map(PartnerSeen::works).collect());
    let lines: String = records.into_iter().chain(partners).collect();
    if lines.is_empty() { lines } else { format!("\n{}\n{lines}", text.say(&say("status-network"))) }
}

/// The second in UTC.
fn rfc_3339(time: OffsetDateTime) -> String {
    let second = time.to_offset(UtcOffset::UTC).replace_nanosecond(0).unwrap_or(time);
    second.format(&Rfc3339).unwrap_or_default()
}
