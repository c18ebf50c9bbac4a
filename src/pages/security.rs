//! Page: name and security settings.

use crate::edge::{Authority, KeyMaker};
use crate::form::{Ask, Content, Page, PageContext, Value, Word};
use crate::pki::KeyKind;
use crate::problem::{Code, Problem};
use crate::text::say;

use super::names::first_name;
use super::server::traits;

/// The page.
pub static PAGE: Page = Page {
    validate,
    show,
    ..Page::new("security", &[FRIENDLY_NAME.field(), KEY.field(), EXPORTABLE.field(), CLIENT_EKU.field()])
};

impl Word for KeyKind {
    const ALL: &'static [Self] = &KeyKind::ALL;
    const WORDS: &'static [&'static str] = &[
        KeyKind::Rsa2048.name(),
        KeyKind::Rsa3072.name(),
        KeyKind::Rsa4096.name(),
        KeyKind::EcdsaP256.name(),
        KeyKind::EcdsaP384.name(),
    ];
    const UNKNOWN: Code = Code::KeyUnknown;
}

/// Name shown beside the certificate in Windows and in a PFX.
pub const FRIENDLY_NAME: Ask<String> = Ask::text("security.friendly_name", 256)
    .or_from(|answered| Value::Text(first_name(answered)))
    .asked_if(|answered| traits(answered).is_on_windows)
    .kept();
/// The kind of key.
pub const KEY: Ask<KeyKind> =
    Ask::word("security.key").or_from(|answered| Value::Text(traits(answered).usual_key.name().to_owned()));
/// Whether a PFX may ever be made from the key.
pub const EXPORTABLE: Ask<bool> = Ask::toggle("security.exportable").or(true);
/// Whether TLS client authentication is asked for.
pub const CLIENT_EKU: Ask<bool> = Ask::toggle("request.client_eku").or(false);

fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let request = &context.deployment.request;
    let by_us = request.key_by == KeyMaker::Edgewright;
    if context.deployment.server.traits().is_on_windows && by_us && !request.exportable {
        problems.push(Problem::error(Code::ExportableLync, EXPORTABLE.path()));
    }
    if request.client_eku && request.authority == Authority::Public {
        problems.push(Problem::error(Code::EkuPublic, CLIENT_EKU.path()));
    }
}

fn show(context: &PageContext) -> Vec<Content> {
    let request = &context.deployment.request;
    let exportable = if request.exportable { say("security-exportable-leads") } else { say("security-kept-leads") };
    let mut blocks = vec![Content::plain(exportable)];
    if request.key.is_some_and(|key| !key.is_rsa()) && context.deployment.server.traits().is_on_windows {
        blocks.push(Content::warning(say("security-ecdsa-lync")));
    }
    blocks
}
