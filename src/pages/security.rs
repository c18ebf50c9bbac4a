//! Page: name and security settings.

use crate::edge::{Authority, KeyMaker};
use crate::form::{Block, Default, Field, Kind, Page, Scene, Sheet, Value};
use crate::pki::KeyKind;
use crate::problem::{Code, Problem};
use crate::text::say;

use super::names::first_name;
use super::problem_if;
use super::server::traits;

/// The page.
pub static PAGE: Page = Page { judge, show, ..Page::new("security", FIELDS) };

const KEYS: &[&str] = &[
    KeyKind::Rsa2048.name(),
    KeyKind::Rsa3072.name(),
    KeyKind::Rsa4096.name(),
    KeyKind::EcdsaP256.name(),
    KeyKind::EcdsaP384.name(),
];

const FIELDS: &[Field] = &[
    Field::new("security.friendly_name", Kind::Text(256)).or(Default::From(|sheet| Value::Text(first_name(sheet)))),
    Field::new("security.key", Kind::Choice(KEYS, Code::KeyUnknown))
        .or(Default::From(|sheet| Value::Text(traits(sheet).usual_key.name().to_owned()))),
    Field::new("security.exportable", Kind::Toggle).or(Default::Flag(true)),
    Field::new("request.client_eku", Kind::Toggle).or(Default::Flag(false)),
];

/// The kind of key; none while the answer is unknown.
pub fn key(sheet: &Sheet) -> Option<KeyKind> {
    KeyKind::named(&sheet.text("security.key"))
}

fn judge(scene: &Scene, problems: &mut Vec<Problem>) {
    let request = &scene.deployment.request;
    let by_us = request.key_by == KeyMaker::Edgewright;
    if scene.deployment.server.traits().is_on_windows && by_us && !request.exportable {
        problems.push(Problem::error(Code::ExportableLync, "security.exportable"));
    }
    if request.client_eku {
        problems.push(problem_if(request.authority == Authority::Public, Code::EkuPublic, "request.client_eku"));
    }
}

fn show(scene: &Scene) -> Vec<Block> {
    let request = &scene.deployment.request;
    let exportable = if request.exportable { say("security-exportable-leads") } else { say("security-kept-leads") };
    let mut blocks = vec![Block::plain(exportable)];
    if request.key.is_some_and(|key| !key.is_rsa()) && scene.deployment.server.traits().is_on_windows {
        blocks.push(Block::warning(say("security-ecdsa-lync")));
    }
    blocks
}
