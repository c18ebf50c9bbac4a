//! `status`: where the certificates stand, from facts alone; with `--look`, also what the server on this machine does, and what
//! the network holds. It holds nothing, makes nothing and writes nothing.

use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use crate::faces::status::{Looked, status_json, status_text};
use crate::form::Answered;
use crate::lifecycle::{Status, installed_places};
use crate::pages;
use crate::pki::Certificate;
use crate::problem::Problem;
use crate::session::{CheckOptions, look_at_network, look_at_server};
use crate::system::Clock as _;
use crate::system::probe::LookOptions;
use crate::text::{Text, say};
use crate::world::{RealWorld, World as _};

use super::check::certificates;
use super::exit::{ATTENTION, FAILED, OK};
use super::headless::load_saved;
use super::home::absolute;
use super::told::{print, report_problems, show, tell};

/// How the server and the network are looked at.
pub struct Outside<'a> {
    /// Roots that are believed besides the system's.
    pub ca_file: Option<&'a Path>,
    /// How long after the first look a second one is to find the same, before anything that was seen needs a person.
    pub confirm: Option<Duration>,
    /// How it is looked into the network.
    pub network: LookOptions,
}

/// Says where things stand.
pub fn status(home: &Path, json: bool, outside: Option<&Outside<'_>>, text: &Text) -> io::Result<u8> {
    let roots = match outside.and_then(|outside| outside.ca_file).map(certificates).transpose() {
        Ok(roots) => roots.unwrap_or_default(),
        Err(problem) => return report_problems(&[*problem], text).map(|()| FAILED),
    };
    let mut now = Now::of(home, outside, &roots, text)?;
    if let Some(pause) = outside.and_then(|outside| outside.confirm)
        && !now.troubles.is_empty()
    {
        sleep(pause);
        let before = std::mem::replace(&mut now, Now::of(home, outside, &roots, text)?).troubles;
        now.troubles.retain(|trouble| before.iter().any(|earlier| trouble.is_again(earlier)));
    }
    let Now { mut status, looked, troubles } = now;
    status.attention.extend(troubles);
    if json {
        print(&format!("{:#}\n", status_json(&status, looked.as_ref(), home, text)))?;
    } else {
        show(&status_text(&status, looked.as_ref(), home, text))?;
    }
    let is_blind = looked.is_some_and(|looked| !looked.network.could_be_told());
    if is_blind {
        tell(&say("status-blind"), text)?;
    }
    Ok(match (status.attention.is_empty(), is_blind) {
        (false, _) => ATTENTION,
        // Silence of the network is no good news.
        (true, true) => FAILED,
        (true, false) => OK,
    })
}

/// Where things stand at one moment.
struct Now {
    /// The home folder's.
    status: Status,
    /// What was seen outside, where somebody looked.
    looked: Option<Looked>,
    /// What of that needs a person.
    troubles: Vec<Problem>,
}

impl Now {
    fn of(home: &Path, outside: Option<&Outside<'_>>, roots: &[Certificate], text: &Text) -> io::Result<Self> {
        let world = RealWorld::new(home.to_owned(), absolute(Path::new(".")));
        let world = world.looking(outside.map(|outside| outside.network.clone()).unwrap_or_default());
        let mut facts = world.look(&[]);
        let installed = installed_places(&facts);
        let reader = world.reader();
        reader.look_at(&mut facts, &installed);
        if !facts.links.is_empty() {
            facts.trust = reader.trust();
        }
        let status = Status::of(&facts);
        if outside.is_none() {
            return Ok(Now { status, looked: None, troubles: Vec::new() });
        }
        let (answers, _) = load_saved(home);
        let answered = Answered::new(&answers, &facts);
        let deployment = pages::deployment(&answered);
        let server = look_at_server(reader.as_ref(), &facts, &deployment, text);
        let options = CheckOptions { home, now: world.now(), identity: None, roots: roots.to_vec(), go_on: &|| true };
        let network = look_at_network(reader.as_ref(), &answered, &deployment, &options)?;
        let of_server = server.iter().flat_map(|seen| seen.problems.iter().cloned());
        let troubles = of_server.chain(network.problems()).collect();
        Ok(Now { status, looked: Some(Looked { server, network }), troubles })
    }
}
