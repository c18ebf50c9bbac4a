//! The server on this machine is asked whether it does what it was given.

use std::sync::Arc;

use crate::edge::{Deployment, Server, Usage};
use crate::home::{Facts, Found, ServerFound, StreamFound};
use crate::lifecycle::server_in_service;
use crate::name::Name;
use crate::pki::Certificate;
use crate::problem::{Code, Problem};
use crate::servers::{InstalledFile, Local, Verb, closed_streams, our_hosts, product};
use crate::steps::install::{Installer, in_service, listening_at};
use crate::system::Look;
use crate::text::{Message, Text, say, visible};

/// What a server says and shows.
pub struct ServerSeen {
    /// Which it is.
    pub server: Server,
    /// Its version, as it says it.
    pub version: String,
    /// Whether it runs.
    pub is_running: bool,
    /// The number of the pair in use, and the serial number of its certificate.
    pub pair: Option<(u32, String)>,
    /// The serial number of the certificate that it serves for each of our hosts, or why nobody could see one.
    pub served: Vec<(String, Result<String, Message>)>,
    /// Its authenticated streams with other servers, as far as it tells of each.
    pub streams: Vec<StreamFound>,
    /// Whether it enforces the partners of the answers; none where nobody could ask.
    pub enforces: Option<bool>,
    /// What is not as it should be.
    pub problems: Vec<Problem>,
}

/// Looks at the server that a run put into service and nobody took back; nothing where none was.
#[must_use]
pub fn look_at_server(reader: &dyn Look, facts: &Facts, deployment: &Deployment, text: &Text) -> Option<ServerSeen> {
    let (server, main) = server_in_service(facts)?;
    let local = product(server).local()?;
    let title = server.traits().title;
    let problem = |code| Problem::error(code, "").with("server", title);
    let mut seen = ServerSeen {
        server,
        version: String::new(),
        is_running: false,
        pair: facts
            .current(Usage::External)
            .and_then(|pair| Some((pair.number, pair.certificate.as_ref()?.serial.clone()))),
        served: Vec::new(),
        streams: Vec::new(),
        enforces: None,
        problems: Vec::new(),
    };
    let found = match local.ask(reader, &main).map(Arc::new) {
        Ok(found) => found,
        Err(reason) => {
            seen.problems.push(problem(Code::ServerMissing).with("reason", reason));
            return Some(seen);
        }
    };
    seen.version.clone_from(&found.version);
    seen.is_running = found.is_running;
    seen.streams.clone_from(&found.streams);
    if !found.is_running {
        seen.problems.push(problem(Code::ServerStopped));
        return Some(seen);
    }
    let used = facts.current(Usage::External).and_then(|pair| pair.certificate.as_ref());
    let deployment = &in_service(deployment, facts);
    for domain in our_hosts(deployment) {
        let shown = served(reader, &found, domain, deployment);
        let reason = match &shown {
            Ok(leaf) if Some(leaf) == used => None,
            Ok(leaf) => Some(say("reason-other-served").with("domain", domain).with("serial", leaf.serial.as_str())),
            Err(reason) => Some(reason.clone()),
        };
        let other = |reason| problem(Code::ServerServesOther).with("domain", domain).with("reason", reason);
        seen.problems.extend(reason.map(other));
        seen.served.push((domain.to_owned(), shown.map(|leaf| leaf.serial)));
    }
    let own = local.problems(deployment, &found).into_iter().filter(|own| own.code == Code::ServerOption);
    seen.problems.extend(own.map(|own| own.with("server", title)));
    if pending(reader, facts, &Installer { facts, local, found: &found, deployment }, text) {
        seen.problems.push(problem(Code::ServerPending));
    } else {
        let verified = verify(reader, local, &found, deployment);
        seen.enforces = Some(verified.is_ok());
        let open = closed_streams(product(server), deployment, &found).map(|stream| {
            let reason = say("reason-stream-open").with("domain", Name::new(&stream.domain).both());
            problem(Code::ServerPolicy).with("reason", reason)
        });
        seen.problems.extend(open);
        seen.problems.extend(verified.err().map(|reason| problem(Code::ServerPolicy).with("reason", reason)));
    }
    Some(seen)
}

/// Whether the server enforces what the answers say, and serves the pair in use.
pub(super) fn is_in_force(
    reader: &dyn Look,
    local: &dyn Local,
    found: &ServerFound,
    facts: &Facts,
    deployment: &Deployment,
) -> bool {
    let used = facts.current(Usage::External).and_then(|pair| pair.certificate.as_ref());
    let deployment = &in_service(deployment, facts);
    let serves = |domain| served(reader, found, domain, deployment).is_ok_and(|leaf| Some(&leaf) == used);
    our_hosts(deployment).all(serves) && verify(reader, local, found, deployment).is_ok()
}

/// The certificate that the server shows for a host, or why nobody could see one.
fn served(
    reader: &dyn Look,
    found: &ServerFound,
    domain: &str,
    deployment: &Deployment,
) -> Result<Certificate, Message> {
    match reader.served(found.spelled(domain), &listening_at(deployment)) {
        Ok(leaf) => leaf.ok_or_else(|| say("reason-not-looked")),
        Err(reason) => Err(say("reason-not-served").with("domain", domain).with("reason", reason)),
    }
}

/// Has the server say whether it enforces what the answers say; else why not.
fn verify(reader: &dyn Look, local: &dyn Local, found: &ServerFound, deployment: &Deployment) -> Result<(), Message> {
    for command in local.commands(Verb::Verify, found, Some(deployment)) {
        let ran = reader.run(&command).map_err(|error| say("reason-system").with("reason", error.to_string()))?;
        if !ran.did(&command) {
            let words = visible(&ran.last_words()).into_owned();
            // A module that answers with a policy has another one; what it says besides would only puzzle.
            let is_answered = ran.code == Some(0) && ran.output.contains("policy");
            return Err(if is_answered {
                say("reason-other-policy")
            } else {
                say("reason-system").with("reason", words)
            });
        }
    }
    Ok(())
}

/// Whether the answers would have something written for the server: they were changed since, or a run was taken back, or what
/// the person has for a host is another.
fn pending(reader: &dyn Look, facts: &Facts, installer: &Installer<'_>, text: &Text) -> bool {
    let files = installer.local.files(installer.deployment, installer.found, text);
    let mut facts = facts.clone();
    reader.look_at(&mut facts, &files.iter().map(|file| file.path.clone()).collect::<Vec<_>>());
    let is_there = |file: &InstalledFile| match &facts.path_state(&file.path).found {
        Found::File(octets) => *octets == file.content.as_bytes(),
        _ => false,
    };
    !files.iter().all(is_there)
}
