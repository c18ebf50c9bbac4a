//! `status`: where the certificates stand, from facts alone. It holds nothing, makes nothing and writes nothing.

use std::io;
use std::path::Path;

use crate::faces::status::{status_json, status_text};
use crate::lifecycle::Status;
use crate::text::Text;
use crate::world::{RealWorld, World as _};

use super::exit::{ATTENTION, OK};
use super::home::absolute;
use super::told::{print, show};

/// Says where things stand.
pub fn status(home: &Path, json: bool, text: &Text) -> io::Result<u8> {
    let world = RealWorld::new(home.to_owned(), absolute(Path::new(".")));
    let mut facts = world.look(&[]);
    if !facts.links.is_empty() {
        facts.trust = world.reader().trust();
    }
    let status = Status::of(&facts);
    if json {
        print(&format!("{:#}\n", status_json(&status, home, text)))?;
    } else {
        show(&status_text(&status, home, text))?;
    }
    Ok(if status.attention.is_empty() { OK } else { ATTENTION })
}
