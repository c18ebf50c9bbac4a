//! Page: the request as it lies on the disk, and how to send it.

use crate::edge::KeyMaker;
use crate::form::{Body, Content, Page, PageContext};
use crate::pki::digest::sha256_hex;
use crate::servers::product;
use crate::text::say;

use super::request_file::file_to_send;
use super::{kept, pending};

/// The page.
pub static PAGE: Page = Page { body: Body::Document, show, ..Page::new("request-written", &[]) };

fn show(context: &PageContext) -> Vec<Content> {
    let (deployment, facts) = (context.deployment, context.facts());
    if deployment.request.key_by == KeyMaker::Lync {
        let scripts = product(deployment.server).request(deployment, context.text).into_iter();
        let scripts = scripts.map(|file| facts.layout().out().join(file.path).to_string_lossy().into_owned());
        return scripts
            .map(|script| Content::plain(say("request-written-by-windows").with("script", script)))
            .collect();
    }
    let Some(request) = pending(deployment, facts) else {
        let came = kept(deployment, facts)
            .map(|request| Content::plain(say("request-written-answered").with("number", request.number.to_string())));
        return vec![came.unwrap_or_else(|| Content::warning(say("request-written-not-yet")))];
    };
    let file = file_to_send(deployment, facts);
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let shown = file.to_string_lossy().into_owned();
    let mut blocks = vec![
        Content::plain(say("request-written-where").with("file", shown)),
        Content::plain(say("request-written-digest").with("digest", sha256_hex(request.pem.as_bytes()))),
    ];
    if file != deployment.request.file {
        let copy = deployment.request.file.to_string_lossy().into_owned();
        blocks.push(Content::warning(say("request-written-another").with("file", copy)));
    }
    blocks.push(Content::Document { name, file, content: request.pem.clone() });
    blocks.push(Content::Heading(say("request-written-send")));
    if deployment.server.traits().is_on_windows {
        blocks.push(Content::plain(say("request-written-tick")));
    }
    blocks.push(Content::plain(say("request-written-paste")));
    let folder = facts.home.to_string_lossy().into_owned();
    blocks.push(Content::plain(say("request-written-later").with("folder", folder)));
    blocks
}
