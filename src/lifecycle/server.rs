//! What was put into service on the server of this machine, compared with what is there now.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::edge::Usage;
use crate::home::{Entry, Facts, Found, Undo};
use crate::pki::digest::sha256_hex;
use crate::problem::{Code, Problem};
use crate::servers::{Local, product};
use crate::steps::file::File;
use crate::steps::install::SERVER_STAGE;
use crate::steps::server_link::ServerLink;
use crate::steps::server_pair::folder_name;

use super::runs::{cut_off, is_installed, standing};
use super::undo::server_in_service;

/// What the journal says of the places outside the home folder that a stage changed and nobody took back, by place.
fn installed(facts: &Facts) -> BTreeMap<PathBuf, &Entry> {
    let is_of_server = |entry: &&&Entry| entry.stage.as_deref() == Some(SERVER_STAGE);
    // What was begun and not ended is taken back, or will be.
    let cut_off = cut_off(&facts.journal).and_then(|(_, entries)| Some(entries.first()?.run));
    let entries = standing(&facts.journal);
    let is_ended = |entry: &&&Entry| Some(entry.run) != cut_off;
    let places = entries
        .iter()
        .filter(is_of_server)
        .filter(is_ended)
        .filter_map(|entry| Some((facts.reach(&entry.place)?, *entry)));
    places
        .filter(|(place, entry)| {
            let is_placed = [File::NAME, ServerLink::NAME].contains(&entry.what.as_str());
            is_placed && !place.starts_with(&facts.home)
        })
        .collect()
}

/// Every place that [`of_server`] looks at.
#[must_use]
pub fn installed_places(facts: &Facts) -> Vec<PathBuf> {
    installed(facts).into_keys().collect()
}

/// What is not as it was put into service. `facts` are to hold what is at [`installed_places`].
pub(super) fn of_server(facts: &Facts) -> Vec<Problem> {
    if !is_installed(&facts.journal) {
        return Vec::new();
    }
    let main = server_in_service(facts);
    let mut problems = Vec::new();
    // Where nobody looked yet, nobody can tell.
    let is_seen = |place: &PathBuf| facts.path_states.contains_key(place);
    for (place, entry) in installed(facts).into_iter().filter(|(place, _)| is_seen(place)) {
        let changed = || Problem::error(Code::ServerChanged, "").with("file", place.to_string_lossy().into_owned());
        if matches!(entry.undo, Undo::Point { .. }) {
            problems.extend(of_link(facts, &place, entry));
        } else if let Some((server, _)) = main.as_ref().filter(|(_, main)| *main == place) {
            // The rest of it is the person's own.
            let local = product(*server).local();
            problems.extend(local.filter(|local| !is_included(facts, *local, &place)).map(|_| changed()));
        } else {
            let spot = facts.path_state(&place);
            let is_same = match &spot.found {
                Found::File(octets) => entry.sha256.as_ref() == Some(&sha256_hex(octets)),
                _ => false,
            };
            let owner = spot.owner.map(|owner| facts.names.shown(owner));
            let mode = spot.mode.map(|mode| format!("{mode:04o}"));
            let differs = |said: &Option<String>, is: Option<String>| said.is_some() && is.is_some() && *said != is;
            if !is_same || differs(&entry.mode, mode) || differs(&entry.owner, owner) {
                problems.push(changed());
            }
        }
    }
    problems
}

/// Whether the main configuration file still reads our settings, at its end.
fn is_included(facts: &Facts, local: &dyn Local, main: &Path) -> bool {
    match &facts.path_state(main).found {
        Found::File(octets) => {
            let content = String::from_utf8_lossy(octets);
            local.included(&content, main) == content
        }
        _ => false,
    }
}

/// The link of the server: that it is as it was made, and leads to the pair in use here.
fn of_link(facts: &Facts, place: &Path, entry: &Entry) -> Option<Problem> {
    let file = place.to_string_lossy().into_owned();
    let now = facts.leads.get(place);
    if now.map(PathBuf::as_path) != entry.to.as_deref().map(Path::new) {
        return Some(Problem::error(Code::ServerChanged, "").with("file", file));
    }
    let used = facts.current(Usage::External).filter(|pair| pair.is_whole)?;
    let is_it = now.is_some_and(|now| used.fullchain.as_deref().is_some_and(|chain| now.ends_with(folder_name(chain))));
    let behind = || Problem::error(Code::ServerBehind, "").with("file", file).with("number", used.number.to_string());
    (!is_it).then(behind)
}
