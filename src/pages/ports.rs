//! Page: the firewall table and the commands for this server.

use crate::edge::Direction;
use crate::form::{Block, Body, Page, Scene};
use crate::servers::product;
use crate::text::say;

use super::{out_documents, out_files};

/// The page.
pub static PAGE: Page = Page {
    body: Body::Document,
    show,
    actions: |scene| out_files(scene, product(scene.deployment.server).firewall(scene.deployment, scene.text)),
    ..Page::new("ports", &[])
};

fn show(scene: &Scene) -> Vec<Block> {
    let said = |key: &'static str| scene.text.say(&say(key));
    let mut rows = vec![vec![said("ports-column-port"), said("ports-column-way"), said("ports-column-use")]];
    for port in scene.deployment.server.traits().ports {
        let way = match (port.internal, port.direction) {
            (false, Direction::In) => say("ports-external-in"),
            (false, Direction::Out) => say("ports-external-out"),
            (true, Direction::In) => say("ports-internal-in"),
            (true, Direction::Out) => say("ports-internal-out"),
        };
        rows.push(vec![
            format!("{} {}", port.protocol, port.numbers()),
            scene.text.say(&way),
            scene.text.say(&say(format!("port-{}", port.used_for))),
        ]);
    }
    let documents = out_documents(scene, product(scene.deployment.server).firewall(scene.deployment, scene.text));
    std::iter::once(Block::Table(rows)).chain(documents).collect()
}
