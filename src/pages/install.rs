//! What of the settings and the certificate is put into service on the server of this machine.

use std::path::Path;

use crate::edge::{Deployment, Usage};
use crate::form::PageContext;
use crate::home::{Facts, Found, ServerFound, Want};
use crate::name::Name;
use crate::plan::Action;
use crate::problem::{Code, Problem, any_error};
use crate::servers::{Local, closed_streams, product, streams_of};
use crate::steps::install::{Installer, ServedPair, in_service, is_named};
use crate::text::say;

use super::edge::{COMPONENTS, XMPP_DOMAINS};
use super::server::{DROP_STREAMS, INSTALL, MAIN};

/// Domains that are named where there may be many.
const MOST_NAMED: usize = 10;

/// Whether the answers want it.
fn wanted(context: &PageContext) -> Option<&'static dyn Local> {
    product(context.deployment.server).local().filter(|_| context.deployment.install.is_some())
}

/// The server that was found, where it is wanted.
fn found<'a>(context: &PageContext<'a>) -> Option<(&'static dyn Local, Option<&'a ServerFound>)> {
    let local = wanted(context)?;
    let found = context.facts().server.as_ref().and_then(|found| found.as_deref().ok());
    Some((local, found))
}

/// The pair in use.
fn pair(facts: &Facts) -> Option<ServedPair<'_>> {
    let pair = facts.current(Usage::External).filter(|pair| pair.is_whole)?;
    Some(ServedPair { number: pair.number, fullchain: pair.fullchain.as_deref()? })
}

/// What puts them into service; nothing while there is no certificate, or no right to.
pub(super) fn actions(context: &PageContext) -> Vec<Action> {
    let facts = context.facts();
    let (Some((local, Some(found))), Some(pair), true) = (found(context), pair(facts), facts.is_root()) else {
        return Vec::new();
    };
    let deployment = &in_service(context.deployment, facts);
    if !found.is_running || any_error(&local.problems(deployment, found)) {
        return Vec::new();
    }
    Installer { facts, local, found, deployment }.install(pair, context.text)
}

/// Everything that is looked at for it.
pub(super) fn wants(context: &PageContext) -> Vec<Want> {
    let (Some(local), Some(main)) = (wanted(context), &context.deployment.install) else { return Vec::new() };
    let facts = context.facts();
    let server = Want::Server(context.deployment.server, main.clone());
    let places = found(context).and_then(|(_, found)| found).map(|found| {
        let deployment = &in_service(context.deployment, facts);
        let installer = Installer { facts, local, found, deployment };
        installer.places(pair(facts), context.text)
    });
    std::iter::once(server).chain(places.into_iter().flatten().map(Want::Place)).collect()
}

/// What keeps it from being done.
pub(super) fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let Some((local, found)) = found(context) else { return };
    let facts = context.facts();
    let title = local.server().traits().title;
    let problem = |problem: Problem| problem.with("server", title);
    if !facts.is_root() {
        return problems.push(problem(Problem::warning(Code::ServerRights, INSTALL.path())));
    }
    if let Some(unread) = context.deployment.install.as_deref().and_then(|main| unread(facts, main)) {
        return problems.push(unread);
    }
    let Some(found) = found else {
        if let Some(Err(reason)) = &facts.server {
            let missing = Problem::error(Code::ServerMissing, INSTALL.path()).with("reason", reason.clone());
            problems.push(problem(missing));
        }
        return;
    };
    let deployment = &in_service(context.deployment, facts);
    let own = local.problems(deployment, found).into_iter();
    problems.extend(own.map(|own| problem(Problem { path: place_of(&own, context.deployment), ..own })));
    let own = local.files(deployment, found, context.text).pop();
    let is_ours = |name: &Name| {
        let settings = own.as_ref().map(|file| &facts.path_state(&file.path).found);
        let says = |octets: &[u8]| String::from_utf8_lossy(octets).contains(&format!("\"{}\"", name.ascii()));
        matches!(settings, Some(Found::File(octets)) if says(octets))
    };
    // Where nobody made a host yet, none is a slip of the pen.
    let has_hosts = found.hosts.keys().any(|host| host != "localhost");
    let edge = &context.deployment.edge;
    let kinds = [(XMPP_DOMAINS, &edge.xmpp_domains, true), (COMPONENTS, &edge.components, deployment.makes_rooms)];
    for (ask, names, is_made) in kinds {
        for (index, name) in names.iter().enumerate().filter(|(_, name)| name.is_sound()) {
            let about = |code| problem(Problem::warning(code, ask.item(index)).with("name", name.both()));
            if !is_named(name, facts) {
                problems.push(about(Code::ServerHostWaits));
            } else if is_made && has_hosts && found.host(name.ascii()).is_none() && !is_ours(name) {
                problems.push(about(Code::ServerHostNew));
            }
        }
    }
    if pair(facts).is_none() {
        return problems.push(problem(Problem::warning(Code::ServerWaits, INSTALL.path())));
    }
    if !found.is_running {
        return problems.push(problem(Problem::error(Code::ServerStopped, INSTALL.path())));
    }
    problems.extend(streams(&Installer { facts, local, found, deployment }).map(problem));
}

/// The streams that come to their end with the settings, which is agreed to or refused.
fn streams(installer: &Installer) -> Option<Problem> {
    let Installer { deployment, found, .. } = *installer;
    let federation = &deployment.federation;
    let is_exchanged = installer.exchanges_module();
    let closed = closed_streams(product(deployment.server), deployment, found);
    let closed = if is_exchanged { streams_of(deployment, found).collect() } else { closed.collect::<Vec<_>>() };
    let mut domains: Vec<String> = closed.into_iter().map(|stream| Name::new(&stream.domain).both()).collect();
    domains.sort_unstable();
    domains.dedup();
    let count = domains.len();
    let streams = if count > 0 {
        if count > MOST_NAMED {
            domains.splice(MOST_NAMED.., ["…".to_owned()]);
        }
        let said = say(if is_exchanged { "streams-all" } else { "streams-with" });
        said.with("count", count).with("domains", domains.join(", "))
    } else if found.other_streams > 0 && (federation.refuse_unlisted || !federation.partners.is_empty()) {
        say("streams-untold").with("count", found.other_streams).with("server", deployment.server.traits().title)
    } else {
        return None;
    };
    let told = if deployment.drops_streams { Problem::warning } else { Problem::error };
    let agreed = usize::from(deployment.drops_streams);
    let is_changed = is_exchanged || !found.is_in_force;
    is_changed.then(|| told(Code::ServerStreams, DROP_STREAMS.path()).with("streams", streams).with("agreed", agreed))
}

/// The answer that a problem of the server's is about: the host that it names, if it names one.
fn place_of(problem: &Problem, deployment: &Deployment) -> String {
    let edge = &deployment.edge;
    let is_it = |name: &Name| problem.args.contains(&("name", name.ascii().into()));
    let named = |names: &[Name]| names.iter().position(is_it);
    match (named(&edge.xmpp_domains), named(&edge.components)) {
        (Some(domain), _) => XMPP_DOMAINS.item(domain),
        (_, Some(component)) => COMPONENTS.item(component),
        _ => INSTALL.path().to_owned(),
    }
}

/// Why the main configuration file cannot be read and put back, if so.
fn unread(facts: &Facts, main: &Path) -> Option<Problem> {
    let reason = match facts.path_state(main).found {
        _ if !facts.knows_targets() => return None,
        Found::File(_) => return None,
        Found::Nothing => "reason-nothing",
        Found::Link => "reason-link",
        Found::Folder => "reason-folder",
        Found::Key | Found::Other => "reason-no-text",
    };
    let problem = Problem::error(Code::FileUnreadable, MAIN.path());
    Some(problem.with("file", main.to_string_lossy().into_owned()).with("reason", say(reason)))
}
