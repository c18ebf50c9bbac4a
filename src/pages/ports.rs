//! Page: the firewall table and the commands for this server.

use crate::edge::Direction;
use crate::form::{Body, Content, Page, PageContext};
use crate::servers::product;
use crate::text::say;

use super::files::{out_documents, out_files};

/// The page.
pub static PAGE: Page = Page {
    body: Body::Document,
    show,
    actions: |context| {
        out_files(context, product(context.deployment.server).firewall(context.deployment, context.text))
    },
    ..Page::new("ports", &[])
};

fn show(context: &PageContext) -> Vec<Content> {
    let said = |key: &'static str| context.text.say(&say(key));
    let mut rows = vec![vec![said("ports-column-port"), said("ports-column-way"), said("ports-column-use")]];
    for port in context.deployment.server.traits().ports {
        let way = match (port.internal, port.direction) {
            (false, Direction::In) => say("ports-external-in"),
            (false, Direction::Out) => say("ports-external-out"),
            (true, Direction::In) => say("ports-internal-in"),
            (true, Direction::Out) => say("ports-internal-out"),
        };
        rows.push(vec![
            format!("{} {}", port.protocol, port.numbers()),
            context.text.say(&way),
            context.text.say(&say(format!("port-{}", port.used_for))),
        ]);
    }
    let documents =
        out_documents(context, product(context.deployment.server).firewall(context.deployment, context.text));
    std::iter::once(Content::Table(rows)).chain(documents).collect()
}
