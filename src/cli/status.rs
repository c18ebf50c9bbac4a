//! `status`: where the certificates stand, from facts alone; with `--look`, also what the server on this machine does. It holds nothing, makes nothing and writes nothing.

use std::io;
use std::path::Path;

use crate::faces::status::{status_json, status_text};
use crate::form::Answered;
use crate::home::Facts;
use crate::lifecycle::{Status, installed_places};
use crate::pages;
use crate::session::{ServerSeen, look_at_server};
use crate::text::{Text, say};
use crate::world::{RealWorld, World as _};

use super::exit::{ATTENTION, OK};
use super::headless::load_saved;
use super::home::absolute;
use super::told::{print, show};

/// Says where things stand.
pub fn status(home: &Path, json: bool, looks: bool, text: &Text) -> io::Result<u8> {
    let world = RealWorld::new(home.to_owned(), absolute(Path::new(".")));
    let mut facts = world.look(&[]);
    let installed = installed_places(&facts);
    world.reader().look_at(&mut facts, &installed);
    if !facts.links.is_empty() {
        facts.trust = world.reader().trust();
    }
    let mut status = Status::of(&facts);
    let seen = if looks { seen(&world, &facts, text) } else { None };
    status.attention.extend(seen.iter().flat_map(|seen| seen.problems.iter().cloned()));
    if json {
        print(&format!("{:#}\n", status_json(&status, seen.as_ref(), home, text)))?;
    } else {
        show(&status_text(&status, seen.as_ref(), home, text))?;
        if looks && seen.is_none() {
            show(&format!("\n{}\n", text.say(&say("status-not-looked"))))?;
        }
    }
    Ok(if status.attention.is_empty() { OK } else { ATTENTION })
}

/// What the server on this machine says and shows, compared with the saved answers.
fn seen(world: &RealWorld, facts: &Facts, text: &Text) -> Option<ServerSeen> {
    let (answers, _) = load_saved(&facts.home);
    let deployment = pages::deployment(&Answered::new(&answers, facts));
    look_at_server(world.reader().as_ref(), facts, &deployment, text)
}
