//! Page: the request as it lies on the disk, and how to send it.

use crate::edge::KeyMaker;
use crate::form::{Body, Content, Page, PageContext};
use crate::pki::digest::sha256_hex;
use crate::servers::product;
use crate::text::say;

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
    let file = deployment.request.file.to_string_lossy().into_owned();
    let name = deployment.request.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut blocks = vec![
        Content::plain(say("request-written-where").with("file", file)),
        Content::plain(say("request-written-digest").with("digest", sha256_hex(request.pem.as_bytes()))),
        Content::Document { name, file: deployment.request.file.clone(), content: request.pem.clone() },
        Content::Heading(say("request-written-send")),
        Content::plain(say("request-written-paste")),
    ];
    if deployment.server.traits().is_on_windows {
        blocks.push(Content::plain(say("request-written-tick")));
    }
    blocks.push(Content::plain(say("request-written-later")));
    blocks
}
