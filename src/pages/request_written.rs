//! Page: the request as it lies on the disk, and how to send it.

use crate::edge::KeyMaker;
use crate::form::{Block, Body, Page, Scene};
use crate::pki::digest::sha256_hex;
use crate::servers::product;
use crate::text::say;

use super::{kept, pending};

/// The page.
pub static PAGE: Page = Page { body: Body::Document, show, ..Page::new("request-written", &[]) };

fn show(scene: &Scene) -> Vec<Block> {
    let (deployment, facts) = (scene.deployment, scene.facts());
    if deployment.request.key_by == KeyMaker::Lync {
        let scripts = product(deployment.server).request(deployment, scene.text).into_iter();
        let scripts = scripts.map(|file| facts.layout().out().join(file.path).to_string_lossy().into_owned());
        return scripts.map(|script| Block::plain(say("request-written-by-windows").with("script", script))).collect();
    }
    let Some(request) = pending(deployment, facts) else {
        let came = kept(deployment, facts)
            .map(|request| Block::plain(say("request-written-answered").with("number", request.number.to_string())));
        return vec![came.unwrap_or_else(|| Block::warning(say("request-written-not-yet")))];
    };
    let file = deployment.request.file.to_string_lossy().into_owned();
    let name = deployment.request.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut blocks = vec![
        Block::plain(say("request-written-where").with("file", file)),
        Block::plain(say("request-written-digest").with("digest", sha256_hex(request.pem.as_bytes()))),
        Block::Document { name, file: deployment.request.file.clone(), content: request.pem.clone() },
        Block::Heading(say("request-written-send")),
        Block::plain(say("request-written-paste")),
    ];
    if deployment.server.traits().is_on_windows {
        blocks.push(Block::plain(say("request-written-tick")));
    }
    blocks.push(Block::plain(say("request-written-later")));
    blocks
}
