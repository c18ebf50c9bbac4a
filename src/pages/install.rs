//! What of the settings and the certificate is put into service on the server of this machine.

use std::path::Path;

use crate::edge::Usage;
use crate::form::PageContext;
use crate::home::{Facts, Found, ServerFound, Want};
use crate::plan::Action;
use crate::problem::{Code, Problem, any_error};
use crate::servers::{Local, product};
use crate::steps::install::{Installer, ServedPair};
use crate::text::say;

use super::edge::COMPONENTS;
use super::server::{INSTALL, MAIN};

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
    if !found.is_running || any_error(&local.problems(context.deployment, found)) {
        return Vec::new();
    }
    Installer { facts, local, found, deployment: context.deployment }.install(pair, context.text)
}

/// Everything that is looked at for it.
pub(super) fn wants(context: &PageContext) -> Vec<Want> {
    let (Some(local), Some(main)) = (wanted(context), &context.deployment.install) else { return Vec::new() };
    let facts = context.facts();
    let server = Want::Server(context.deployment.server, main.clone());
    let places = found(context).and_then(|(_, found)| found).map(|found| {
        let installer = Installer { facts, local, found, deployment: context.deployment };
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
    let components = COMPONENTS.path();
    let own = local.problems(context.deployment, found).into_iter();
    let at = |own: &Problem| if own.code == Code::ServerComponent { components } else { INSTALL.path() };
    problems.extend(own.map(|own| problem(Problem { path: at(&own).to_owned(), ..own })));
    if pair(facts).is_none() {
        return problems.push(problem(Problem::warning(Code::ServerWaits, INSTALL.path())));
    }
    if !found.is_running {
        problems.push(problem(Problem::error(Code::ServerStopped, INSTALL.path())));
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
