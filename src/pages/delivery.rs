//! Page: delayed or immediate request, for which interface, by which authority.

use crate::edge::{Authority, Delivery, KeyMaker, Usage};
use crate::form::{Block, Default, Field, Kind, Page, Scene, Sheet};
use crate::problem::Code;
use crate::text::say;

use super::server::traits;

/// The page.
pub static PAGE: Page = Page { show, ..Page::new("delivery", FIELDS) };

const FIELDS: &[Field] = &[
    Field::new("request.delivery", Kind::Choice(&["delayed", "immediate"], Code::AnswersType))
        .or(Default::Text("delayed"))
        .barred(|_, option| (option == "immediate").then_some(Code::ImmediateUnavailable)),
    Field::new("request.usage", Kind::Choice(&["external", "internal"], Code::AnswersType))
        .or(Default::Text("external"))
        .asked_if(|sheet| traits(sheet).has_internal_interface),
    Field::new("request.authority", Kind::Choice(&["public", "private"], Code::AnswersType))
        .or(Default::Text("public")),
];

/// How the request reaches the authority.
pub fn delivery(sheet: &Sheet) -> Delivery {
    if sheet.text("request.delivery") == "immediate" { Delivery::Immediate } else { Delivery::Delayed }
}

/// Which interface the certificate is for; most servers have one side only.
pub fn usage(sheet: &Sheet) -> Usage {
    if traits(sheet).has_internal_interface && sheet.text("request.usage") == "internal" {
        Usage::Internal
    } else {
        Usage::External
    }
}

/// Whose rules judge the request.
pub fn authority(sheet: &Sheet) -> Authority {
    if sheet.text("request.authority") == "private" { Authority::Private } else { Authority::Public }
}

/// Who makes the key.
pub fn key_by(sheet: &Sheet) -> KeyMaker {
    if traits(sheet).is_on_windows && sheet.text("request.key_by") == "lync" {
        KeyMaker::Lync
    } else {
        KeyMaker::Edgewright
    }
}

fn show(scene: &Scene) -> Vec<Block> {
    let delivery = Block::plain(say("delivery-delayed-leads"));
    let authority = match scene.deployment.request.authority {
        Authority::Public => say("delivery-public-leads"),
        Authority::Private => say("delivery-private-leads"),
    };
    vec![delivery, Block::plain(authority)]
}
