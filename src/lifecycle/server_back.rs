//! What a server is told when a run is taken back, and what its main configuration file reads then.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::edge::Server;
use crate::home::{Entry, Facts, Found, Undo as Back};
use crate::plan::{Action, Change};
use crate::servers::{Verb, product};
use crate::steps::file::File;
use crate::system::Access;
use crate::text::{Message, say};

use super::file_back::kept;
use super::runs::standing;

/// The server that was told something last in `entries`, and its main configuration file.
pub(super) fn told(facts: &Facts, entries: Vec<&Entry>) -> Option<(Server, PathBuf)> {
    entries.into_iter().rev().find_map(|entry| match &entry.undo {
        Back::Service { server, .. } => Some((Server::named(server)?, facts.reach(&entry.place)?)),
        _ => None,
    })
}

/// Whether the main configuration file reads our settings also once `actions` are done.
pub(super) fn still_reads(facts: &Facts, actions: &[Action], (server, main): &(Server, PathBuf)) -> bool {
    let Some(local) = product(*server).local() else { return false };
    let written = actions.iter().find(|action| action.target == *main).and_then(|action| action.as_a::<File>());
    let content = match (written, &facts.path_state(main).found) {
        (Some(file), _) => file.content.clone(),
        (None, Found::File(octets)) => String::from_utf8_lossy(octets).into_owned(),
        (None, Found::Nothing) => return false,
        // A link, or what nobody can read, stays and may read them.
        (None, _) => return true,
    };
    local.excluded(&content, main) != content
}

/// The main configuration file without the line that reads our settings, where it reads them still and they are not there:
/// somebody took them away, and the server would refuse to read any of it.
pub(super) fn without_line(facts: &Facts, actions: &[Action], (server, main): &(Server, PathBuf)) -> Option<Action> {
    let local = product(*server).local()?;
    let settings = local.settings(main);
    let is_touched = |place: &Path| actions.iter().any(|action| action.target == place);
    let spot = facts.path_state(main);
    let Found::File(octets) = &spot.found else { return None };
    if is_touched(main) || is_touched(&settings) || facts.path_state(&settings).found != Found::Nothing {
        return None;
    }
    let content = local.excluded(std::str::from_utf8(octets).ok()?, main);
    let access = Access::Exactly { mode: spot.mode?, owner: spot.owner };
    let action = Action::file_for(facts, main.clone(), content, access);
    (action.kind != Change::Keep).then_some(Action { may_replace: true, ..action })
}

/// What servers are told when `entries` are taken back, each thing once, in the order in which they are to hear it; with the
/// digest of what they are to have again.
pub(super) fn told_again(facts: &Facts, entries: &[&Entry]) -> BTreeSet<(usize, Verb, Option<String>)> {
    // What an earlier run put into service goes on with our module.
    let stays = standing(&facts.journal)
        .iter()
        .any(|entry| entry.ends_stage() && entries.iter().all(|own| own.run != entry.run));
    let told = entries.iter().filter_map(|entry| match &entry.undo {
        Back::Service { server, verb } => {
            let server = Server::ALL.iter().position(|known| known.name() == server)?;
            let verb = Verb::named(verb).filter(|verb| !(stays && *verb == Verb::RemoveModule))?;
            Some((server, verb, entry.before.clone()))
        }
        _ => None,
    });
    told.collect()
}

/// What tells them.
pub(super) fn services(
    facts: &Facts,
    told: &BTreeSet<(usize, Verb, Option<String>)>,
    main: Option<&Path>,
) -> Result<Vec<Action>, Message> {
    let mut actions = Vec::new();
    for (server, verb, before) in told {
        let server = Server::ALL[*server];
        let Some(local) = product(server).local() else { continue };
        let why = |reason: Message| say("undo-server").with("server", server.traits().title).with("reason", reason);
        let blind = main.and_then(|main| local.blind(main));
        let found = match &facts.server {
            Some(Ok(found)) => found.as_ref(),
            // With the files as they were it may well listen again.
            Some(Err(reason)) => blind.as_ref().ok_or_else(|| why(reason.clone()))?,
            None => return Err(why(say("reason-not-looked"))),
        };
        let commands = match before {
            Some(_) if !found.is_running => return Err(why(say("reason-at-rest"))),
            Some(before) => {
                let file = || found.modules.to_string_lossy().into_owned();
                let source = kept(facts, before).map_err(|why| say(why).with("file", file()))?;
                local.take_in(found, &source)
            }
            None if found.is_running => local.commands(*verb, found, None),
            None => local.at_rest(*verb, found),
        };
        actions.extend(Action::service(local, *verb, found, commands));
    }
    Ok(actions)
}
