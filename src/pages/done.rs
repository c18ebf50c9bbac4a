//! Page: what was written, what a person still has to do, how to come back.

use crate::form::{Block, Body, Page, Scene};
use crate::model::{Deployment, Facts, KeyMaker, Server};
use crate::plan::{ActionKind, Work};
use crate::text::{Message, say};

/// The page.
pub static PAGE: Page = Page { body: Body::Document, show, ..Page::new("done", &[]) };

fn show(scene: &Scene) -> Vec<Block> {
    let home = scene.facts().home.to_string_lossy().into_owned();
    let mut blocks = vec![
        Block::plain(say("done-come-back").with("home", home)),
        Block::Heading(say("done-still-to-do")),
        Block::Steps(still_to_do(scene.deployment, scene.facts())),
        Block::Heading(say("done-written")),
    ];
    let plan = super::plan(scene, &scene.sheet.pages());
    let files = plan.actions.iter().filter(|action| action.work != Work::Folder);
    blocks.extend(files.map(|action| {
        let file = action.target.to_string_lossy().into_owned();
        let said = if action.kind == ActionKind::Keep { say("done-file") } else { say("done-file-not-there") };
        Block::plain(said.with("file", file).with("what", action.what()))
    }));
    blocks
}

fn still_to_do(deployment: &Deployment, facts: &Facts) -> Vec<Message> {
    let number = super::request_file::number(deployment, facts);
    let key = facts.home.join("requests").join(number.to_string()).join("key.pem").to_string_lossy().into_owned();
    let send_request = say("done-send-request").with("file", deployment.request.file.to_string_lossy().into_owned());
    if deployment.server != Server::Lync {
        return vec![
            send_request,
            say("done-server-certificate").with("key", key),
            say("done-server-settings"),
            say("done-publish"),
            say("done-firewall"),
        ];
    }
    let request = match deployment.request.key_by {
        KeyMaker::Edgewright => send_request,
        KeyMaker::Lync => say("done-lync-request"),
    };
    let members: Vec<&str> = deployment.edge.pool.iter().map(crate::model::Name::ascii).collect();
    let pool = (!members.is_empty()).then(|| say("done-lync-pool").with("members", members.join(", ")));
    let mut steps = vec![
        request,
        say("done-lync-users"),
        say("done-lync-branch"),
        say("done-lync-parallel"),
        say("done-lync-scripts"),
    ];
    if deployment.request.key_by == KeyMaker::Edgewright {
        steps.push(say("done-lync-pfx").with("key", key));
    }
    steps.extend(pool);
    steps.extend([say("done-lync-assign"), say("done-lync-restart"), say("done-publish"), say("done-firewall")]);
    steps
}
