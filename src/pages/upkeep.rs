//! Page: what looks after the certificates from now on.

use std::path::Path;

use crate::form::{Block, Default, Field, Kind, Page, Scene};
use crate::plan::Action;
use crate::servers::status_units;
use crate::system::Access;
use crate::text::say;

use super::server::is_lync;

/// The page.
pub static PAGE: Page = Page { shown_if: |sheet| !is_lync(sheet), show, actions, ..Page::new("upkeep", FIELDS) };

/// Path of the toggle.
pub const TIMER: &str = "upkeep.timer";

const FIELDS: &[Field] = &[Field::new(TIMER, Kind::Toggle).or(Default::Flag(false))];

/// Where a machine's own units lie (systemd.unit(5)).
const UNITS: &str = "/etc/systemd/system";

fn show(scene: &Scene) -> Vec<Block> {
    if scene.sheet.flag(TIMER) {
        vec![Block::plain(say("upkeep-timer-leads")), Block::plain(say("done-timer"))]
    } else {
        vec![Block::plain(say("upkeep-none-leads"))]
    }
}

fn actions(scene: &Scene) -> Vec<Action> {
    if !scene.sheet.flag(TIMER) {
        return Vec::new();
    }
    let facts = scene.facts();
    let unit = |(name, content)| {
        let action = Action::file_for(facts, Path::new(UNITS).join(name), content, Access::Shared);
        Action { answer: TIMER, ..action }
    };
    status_units(&facts.program, &facts.home).map(unit).into()
}
