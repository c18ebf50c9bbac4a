//! Page: what was written, what a person still has to do, how to come back.

use crate::edge::{KeyMaker, Server};
use crate::form::{Block, Body, Page, Scene};
use crate::plan::ActionKind;
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
    let current = || facts.layout().link(usage).to_string_lossy().into_owned();
    let request_file = deployment.request.file.to_string_lossy().into_owned();
    let send = (!serves).then(|| say("done-send-request").with("file", request_file));
    if deployment.server != Server::Lync {
        let certificate = if serves { say("done-server-pair") } else { say("done-server-certificate") };
        let steps = [
            certificate.with("folder", current()),
            say("done-server-settings"),
            say("done-publish"),
            say("done-firewall"),
        ];
        let timer = scene.sheet.flag(TIMER).then(|| say("done-timer"));
        return send.into_iter().chain(steps).chain(timer).collect();
    }
    let request = match deployment.request.key_by {
        KeyMaker::Edgewright => send,
        KeyMaker::Lync => Some(say("done-lync-request")),
    };
    let members: Vec<&str> = deployment.edge.pool.iter().map(crate::name::Name::ascii).collect();
    let pool = (!members.is_empty()).then(|| say("done-lync-pool").with("members", members.join(", ")));
    let mut steps: Vec<Message> = request.into_iter().collect();
    steps.extend([
        say("done-lync-users"),
        say("done-lync-branch"),
        say("done-lync-parallel"),
        say("done-lync-scripts"),
    ]);
    if deployment.request.key_by == KeyMaker::Edgewright {
        let export = || say("done-lync-export").with("usage", deployment.request.usage.name());
        steps.push(if serves { export() } else { say("done-lync-pfx") });
    }
    steps.extend(pool);
    steps.extend([say("done-lync-assign"), say("done-lync-restart"), say("done-publish"), say("done-firewall")]);
    steps
}
