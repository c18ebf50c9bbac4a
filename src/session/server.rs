//! The server on this machine is asked whether it does what it was given.

use std::sync::Arc;

use crate::edge::{Deployment, Server, Usage};
use crate::home::Facts;
use crate::lifecycle::server_in_service;
use crate::problem::{Code, Problem};
use crate::servers::{Verb, our_hosts, product};
use crate::steps::install::listening_at;
use crate::system::Look;
use crate::text::{Message, say, visible};

/// What a server says and shows.
pub struct ServerSeen {
    /// Which it is.
    pub server: Server,
    /// Its version, as it says it.
    pub version: String,
    /// Whether it runs.
    pub is_running: bool,
    /// The serial number of the certificate that it serves for each of our hosts, or why nobody could see one.
    pub served: Vec<(String, Result<String, Message>)>,
    /// Whether it enforces the partners of the answers; none where nobody could ask.
    pub enforces: Option<bool>,
    /// What is not as it should be.
    pub problems: Vec<Problem>,
}

/// Looks at the server that a run put into service and nobody took back; nothing where none was.
#[must_use]
pub fn look_at_server(reader: &dyn Look, facts: &Facts, deployment: &Deployment) -> Option<ServerSeen> {
    let (server, main) = server_in_service(facts)?;
    let local = product(server).local()?;
    let title = server.traits().title;
    let problem = |code| Problem::error(code, "").with("server", title);
    let mut seen = ServerSeen {
        server,
        version: String::new(),
        is_running: false,
        served: Vec::new(),
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
    if !found.is_running {
        seen.problems.push(problem(Code::ServerStopped));
        return Some(seen);
    }
    let used = facts.current(Usage::External).and_then(|pair| pair.certificate.as_ref());
    for domain in our_hosts(deployment) {
        let shown = match reader.served(domain, &listening_at(deployment)) {
            Ok(leaf) => leaf.ok_or_else(|| say("reason-not-looked")),
            Err(error) => Err(say("reason-not-served").with("domain", domain).with("reason", error.to_string())),
        };
        let reason = match &shown {
            Ok(leaf) if Some(leaf) == used => None,
            Ok(leaf) => Some(say("reason-other-served").with("domain", domain).with("serial", leaf.serial.as_str())),
            Err(reason) => Some(reason.clone()),
        };
        let other = |reason| problem(Code::ServerServesOther).with("domain", domain).with("reason", reason);
        seen.problems.extend(reason.map(other));
        seen.served.push((domain.to_owned(), shown.map(|leaf| leaf.serial)));
    }
    let asked = local.commands(Verb::Verify, &found, Some(deployment));
    let ran = asked.iter().map(|command| (command, reader.run(command)));
    let failed = ran.into_iter().find_map(|(command, ran)| match ran {
        Ok(ran) if ran.did(command) => None,
        Ok(ran) => Some(visible(&ran.last_words()).into_owned()),
        Err(error) => Some(error.to_string()),
    });
    seen.enforces = Some(failed.is_none());
    seen.problems.extend(failed.map(|reason| problem(Code::ServerPolicy).with("reason", reason)));
    Some(seen)
}
