//! Page: what looks after the certificates from now on.

use std::path::Path;

use crate::form::{Block, Default, Field, Kind, Page, Scene, Sheet};
use crate::plan::{Access, Action};
use crate::servers::status_units;
use crate::text::say;

use super::server::server;

/// The page.
pub static PAGE: Page =
    Page { shown_if: |sheet| !server(sheet).is_remote(), show, actions, ..Page::new("upkeep", FIELDS) };

const TIMER: &str = "upkeep.timer";

const FIELDS: &[Field] = &[Field::new(TIMER, Kind::Toggle).or(Default::Flag(false))];

/// Where a machine's own units lie (systemd.unit(5)).
const UNITS: &str = "/etc/systemd/system";

/// Whether the timer is asked for and wanted.
pub fn is_timed(sheet: &Sheet) -> bool {
    !server(sheet).is_remote() && sheet.flag(TIMER)
}

fn show(scene: &Scene) -> Vec<Block> {
    if is_timed(scene.sheet) {
        vec![Block::plain(say("upkeep-timer-leads")), Block::plain(say("done-timer"))]
    } else {
        vec![Block::plain(say("upkeep-none-leads"))]
    }
}

fn actions(scene: &Scene) -> Vec<Action> {
    if !is_timed(scene.sheet) {
        return Vec::new();
    }
    let facts = scene.facts();
    let unit = |(name, content)| {
        let action = Action::file_for(facts, Path::new(UNITS).join(name), content, Access::Shared);
        Action { answer: TIMER, ..action }
    };
    status_units(&facts.program, &facts.home).map(unit).into()
}
