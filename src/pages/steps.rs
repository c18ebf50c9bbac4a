//! Pages that ask nothing: the summaries and the executions. The wizard fills them.

use crate::edge::KeyMaker;
use crate::form::{Answered, Body, Content, Page, PageContext};
use crate::text::{Message, say};

use super::certificate::{FILE, file, found};
use super::issuers::{issued_names, issuers};
use super::names_table::names_table;

/// Review of the request before it is made.
pub static REQUEST_SUMMARY: Page = Page {
    body: Body::Summary,
    show: |context| request(context).into_iter().chain(issuers(context)).collect(),
    asks_issuers: |context| issued_names(context.deployment),
    ..Page::new("request-summary", &[])
};
/// Key and request are made.
pub static REQUEST_EXECUTING: Page = Page { body: Body::Execute, ..Page::new("request-executing", &[]) };
/// Review of the certificate that came before it is put into use.
pub static CERTIFICATE_SUMMARY: Page =
    Page { body: Body::Summary, shown_if: is_received, show: found, ..Page::new("certificate-summary", &[]) };
/// Key and certificate become the pair in use.
pub static CERTIFICATE_EXECUTING: Page =
    Page { body: Body::Execute, shown_if: is_received, ..Page::new("certificate-executing", &[]) };
/// The settings are written.
pub static SETTINGS_EXECUTING: Page = Page { body: Body::Execute, ..Page::new("settings-executing", &[]) };

/// Whether a certificate's file is named.
fn is_received(answered: &Answered) -> bool {
    file(answered, FILE).is_some()
}

/// The request as it will be.
fn request(context: &PageContext) -> Vec<Content> {
    let request = &context.deployment.request;
    let subject = &request.subject;
    let attributes = [
        ("C", &subject.country),
        ("ST", &subject.state),
        ("L", &subject.city),
        ("O", &subject.organization),
        ("OU", &subject.unit),
    ];
    let given = attributes.into_iter().filter(|(_, value)| !value.is_empty());
    let cn = ("CN", context.deployment.first_name().to_owned());
    let given = given.map(|(attribute, value)| (attribute, value.clone())).chain([cn]);
    let given: Vec<String> = given.map(|(attribute, value)| format!("{attribute}={value}")).collect();
    let key = request.key.map_or_else(|| say("nothing"), |key| say(format!("field-security-key.{}", key.name())));
    let usage: Message = if request.client_eku { say("request-usage-both") } else { say("request-usage-server") };
    let heading = match request.key_by {
        KeyMaker::Edgewright => say("request-as-it-will-be"),
        KeyMaker::Lync => say("request-by-windows"),
    };
    vec![
        Content::Heading(heading),
        Content::plain(say("request-subject").with("subject", given.join(", "))),
        Content::plain(say("request-key").with("key", key).with("usage", usage)),
        names_table(context),
    ]
}
