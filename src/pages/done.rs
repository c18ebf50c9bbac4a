//! Page: what was written, what a person still has to do, how to come back.

use crate::edge::KeyMaker;
use crate::form::{Body, Content, Page, PageContext};
use crate::plan::Change;
use crate::servers::product;
use crate::steps::file::File;
use crate::steps::folder::Folder;
use crate::text::{Message, say};

use super::plan::plan;
use super::upkeep::TIMER;

/// The page.
pub static PAGE: Page = Page { body: Body::Document, show, ..Page::new("done", &[]) };

fn show(context: &PageContext) -> Vec<Content> {
    let home = context.facts().home.to_string_lossy().into_owned();
    let mut blocks = vec![
        Content::plain(say("done-come-back").with("home", home)),
        Content::Heading(say("done-still-to-do")),
        Content::Steps(still_to_do(context)),
        Content::Heading(say("done-written")),
    ];
    let plan = plan(context, &context.shown());
    let files = plan.actions.iter().filter(|action| action.as_a() != Some(&Folder::Plain));
    blocks.extend(files.map(|action| {
        let file = context.facts().layout().shown(&action.target);
        // Most files are called what they are.
        let said = match (action.as_a::<File>(), action.kind == Change::Keep) {
            (Some(_), true) => say("done-file"),
            (Some(_), false) => say("done-file-not-there"),
            (None, true) => say("done-file-as").with("what", action.what()),
            (None, false) => say("done-file-as-not-there").with("what", action.what()),
        };
        Content::plain(said.with("file", file))
    }));
    blocks
}

fn still_to_do(context: &PageContext) -> Vec<Message> {
    let (deployment, facts) = (context.deployment, context.facts());
    let usage = deployment.request.usage;
    let serves = super::pending(deployment, facts).is_none() && facts.current(usage).is_some();
    let request_file = deployment.request.file.to_string_lossy().into_owned();
    let request = match deployment.request.key_by {
        KeyMaker::Edgewright => (!serves).then(|| say("done-send-request").with("file", request_file)),
        KeyMaker::Lync => Some(say("done-run-request")),
    };
    let steps = product(deployment.server).still_to_do(deployment, serves, &facts.layout().link(usage));
    let timer = context.answered.get(TIMER).then(|| say("done-timer"));
    request.into_iter().chain(steps).chain([say("done-publish"), say("done-firewall")]).chain(timer).collect()
}
