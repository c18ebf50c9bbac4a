//! Keys of an online authority (RFC 8555). They belong to the immediate request, which cannot be chosen in this release:
//! an answers file may hold them already, and nothing asks them.

use crate::form::{Field, Kind, Page};
use crate::problem::Code;

/// Longest text here.
const MAX: usize = 2048;

/// The page.
pub static PAGE: Page = Page { shown_if: |_| false, ..Page::new("acme", FIELDS) };

const FIELDS: &[Field] = &[
    Field::new("acme.directory", Kind::Text(MAX)),
    Field::new("acme.contact", Kind::Text(MAX)),
    Field::new("acme.root_file", Kind::File),
    Field::new("acme.challenge", Kind::Choice(&["http-01", "dns-01", "manual-dns"], Code::AnswersType)),
    Field::new("acme.http_listen", Kind::Text(MAX)),
    Field::new("acme.webroot", Kind::File),
    Field::new("acme.eab_kid", Kind::Text(MAX)),
    Field::new("acme.eab_hmac_file", Kind::File),
];
