//! Page: what was written, what a person still has to do, how to come back.

use crate::form::{Block, Body, Page, Scene};
use crate::model::{KeyMaker, Server};
use crate::text::say;

/// The page.
pub static PAGE: Page = Page { body: Body::Document, show, ..Page::new("done", &[]) };

fn show(scene: &Scene) -> Vec<Block> {
    let home = scene.facts().home.to_string_lossy().into_owned();
    let mut blocks =
        vec![Block::plain(say("done-written").with("home", home)), Block::Heading(say("done-still-to-do"))];
    let steps = match (scene.deployment.server, scene.deployment.request.key_by) {
        (Server::Lync, KeyMaker::Edgewright) => vec![
            say("done-send-request"),
            say("done-lync-users"),
            say("done-lync-branch"),
            say("done-lync-parallel"),
            say("done-lync-scripts"),
            say("done-lync-assign"),
            say("done-lync-restart"),
        ],
        (Server::Lync, KeyMaker::Lync) => vec![
            say("done-lync-request"),
            say("done-lync-users"),
            say("done-lync-branch"),
            say("done-lync-parallel"),
            say("done-lync-scripts"),
            say("done-lync-assign"),
            say("done-lync-restart"),
        ],
        (Server::Prosody | Server::Ejabberd, _) => {
            vec![say("done-send-request"), say("done-server-settings"), say("done-publish"), say("done-firewall")]
        }
    };
    blocks.push(Block::Steps(steps));
    blocks.push(Block::Heading(say("done-back")));
    blocks.push(Block::plain(say("done-come-back")));
    blocks
}
