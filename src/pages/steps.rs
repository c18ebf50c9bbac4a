//! Pages that ask nothing: the two summaries and the two executions. The wizard fills them.

use crate::form::{Body, Page};

/// Review of the request before it is made.
pub static REQUEST_SUMMARY: Page = Page { body: Body::Summary, ..Page::new("request-summary", &[]) };
/// Key and request are made.
pub static REQUEST_EXECUTING: Page = Page { body: Body::Execute, ..Page::new("request-executing", &[]) };
/// Review of partners, policy, records and ports before anything of them is written.
pub static SETTINGS_SUMMARY: Page = Page { body: Body::Summary, ..Page::new("settings-summary", &[]) };
/// The settings are written.
pub static SETTINGS_EXECUTING: Page = Page { body: Body::Execute, ..Page::new("settings-executing", &[]) };
