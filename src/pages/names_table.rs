//! The names of the certificate with their reasons, as several pages show them.

use crate::edge::NamedFor;
use crate::form::{Content, PageContext};
use crate::text::say;

/// The names with their reasons, as a table.
pub fn names_table(context: &PageContext) -> Content {
    let text = context.text;
    let mut rows = vec![vec![text.say(&say("names-column-name")), text.say(&say("names-column-reason"))]];
    for NamedFor { name, reason, .. } in &context.deployment.names {
        rows.push(vec![name.both(), text.say(&say(format!("name-reason-{}", reason.name())))]);
    }
    Content::Table(rows)
}
