//! Pages that ask nothing: the two summaries and the two executions. The wizard fills them.

use crate::form::{Block, Body, Page, Scene};
use crate::model::KeyMaker;
use crate::text::{Message, say};

use super::names::names_table;

/// Review of the request before it is made.
pub static REQUEST_SUMMARY: Page = Page { body: Body::Summary, show: request, ..Page::new("request-summary", &[]) };
/// Key and request are made.
pub static REQUEST_EXECUTING: Page = Page { body: Body::Execute, ..Page::new("request-executing", &[]) };
/// Review of partners, policy, records and ports before anything of them is written.
pub static SETTINGS_SUMMARY: Page = Page { body: Body::Summary, ..Page::new("settings-summary", &[]) };
/// The settings are written.
pub static SETTINGS_EXECUTING: Page = Page { body: Body::Execute, ..Page::new("settings-executing", &[]) };

/// The request as it will be.
fn request(scene: &Scene) -> Vec<Block> {
    let request = &scene.deployment.request;
    let subject = &request.subject;
    let attributes = [
        ("C", &subject.country),
        ("ST", &subject.state),
        ("L", &subject.city),
        ("O", &subject.organization),
        ("OU", &subject.unit),
    ];
    let given = attributes.into_iter().filter(|(_, value)| !value.is_empty());
    let cn = ("CN", scene.deployment.first_name().to_owned());
    let given = given.map(|(attribute, value)| (attribute, value.clone())).chain([cn]);
    let given: Vec<String> = given.map(|(attribute, value)| format!("{attribute}={value}")).collect();
    let key = request.key.map_or_else(|| say("nothing"), |key| say(format!("field-security-key.{}", key.name())));
    let usage: Message = if request.client_eku { say("request-usage-both") } else { say("request-usage-server") };
    let heading = match request.key_by {
        KeyMaker::Edgewright => say("request-as-it-will-be"),
        KeyMaker::Lync => say("request-by-windows"),
    };
    vec![
        Block::Heading(heading),
        Block::plain(say("request-subject").with("subject", given.join(", "))),
        Block::plain(say("request-key").with("key", key).with("usage", usage)),
        names_table(scene),
    ]
}
