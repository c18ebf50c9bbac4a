//! Page: what was written, what a person still has to do, how to come back.

use crate::edge::KeyMaker;
use crate::form::{Block, Body, Page, Scene};
use crate::plan::ActionKind;
use crate::servers::product;
use crate::steps::file::File;
use crate::steps::folder::Folder;
use crate::text::{Message, say};

use super::upkeep::TIMER;

/// The page.
pub static PAGE: Page = Page { body: Body::Document, show, ..Page::new("done", &[]) };

fn show(scene: &Scene) -> Vec<Block> {
    let home = scene.facts().home.to_string_lossy().into_owned();
    let mut blocks = vec![
        Block::plain(say("done-come-back").with("home", home)),
        Block::Heading(say("done-still-to-do")),
        Block::Steps(still_to_do(scene)),
        Block::Heading(say("done-written")),
    ];
    let plan = super::plan(scene, &scene.sheet.pages());
    let files = plan.actions.iter().filter(|action| action.as_a() != Some(&Folder::Plain));
    blocks.extend(files.map(|action| {
        let file = action.target.to_string_lossy().into_owned();
        // Most files are called what they are.
        let said = match (action.as_a::<File>(), action.kind == ActionKind::Keep) {
            (Some(_), true) => say("done-file"),
            (Some(_), false) => say("done-file-not-there"),
            (None, true) => say("done-file-as").with("what", action.what()),
            (None, false) => say("done-file-as-not-there").with("what", action.what()),
        };
        Block::plain(said.with("file", file))
    }));
    blocks
}

fn still_to_do(scene: &Scene) -> Vec<Message> {
    let (deployment, facts) = (scene.deployment, scene.facts());
    let usage = deployment.request.usage;
    let serves = super::pending(deployment, facts).is_none() && facts.current(usage).is_some();
    let request_file = deployment.request.file.to_string_lossy().into_owned();
    let request = match deployment.request.key_by {
        KeyMaker::Edgewright => (!serves).then(|| say("done-send-request").with("file", request_file)),
        KeyMaker::Lync => Some(say("done-lync-request")),
    };
    let steps = product(deployment.server).still_to_do(deployment, serves, &facts.layout().link(usage));
    let timer = scene.sheet.get(TIMER).then(|| say("done-timer"));
    request.into_iter().chain(steps).chain([say("done-publish"), say("done-firewall")]).chain(timer).collect()
}
