//! Page: delayed or immediate request, for which interface, by which authority.

use crate::edge::{Authority, Usage};
use crate::form::{Ask, Content, DefaultValue, Field, Kind, Page, PageContext, Word};
use crate::problem::Code;
use crate::text::say;

use super::server::traits;

/// The page.
pub static PAGE: Page = Page { show, ..Page::new("delivery", FIELDS) };

impl Word for Usage {
    const ALL: &'static [Self] = &Usage::ALL;
    const WORDS: &'static [&'static str] = &[Usage::External.name(), Usage::Internal.name()];
}

impl Word for Authority {
    const ALL: &'static [Self] = &[Authority::Public, Authority::Private];
    const WORDS: &'static [&'static str] = &["public", "private"];
}

/// Which interface the certificate is for; most servers have one side only.
pub const USAGE: Ask<Usage> = Ask::word("request.usage")
    .or_word(Usage::External.name())
    .asked_if(|answered| traits(answered).has_internal_interface);
/// Whose rules validate the request.
pub const AUTHORITY: Ask<Authority> = Ask::word("request.authority").or_word("public");

const FIELDS: &[Field] = &[
    USAGE.field(),
    // There is one way so far, and nothing reads the answer: the page says that the other cannot be chosen yet, and why.
    Field::new("request.delivery", Kind::Choice(&["delayed", "immediate"], Code::AnswersType))
        .or(DefaultValue::Text("delayed"))
        .disabled(|_, option| (option == "immediate").then_some(Code::ImmediateUnavailable)),
    AUTHORITY.field(),
];

fn show(context: &PageContext) -> Vec<Content> {
    let delivery = Content::plain(say("delivery-delayed-leads"));
    let authority = match context.deployment.request.authority {
        Authority::Public => say("delivery-public-leads"),
        Authority::Private => say("delivery-private-leads"),
    };
    vec![delivery, Content::plain(authority)]
}
