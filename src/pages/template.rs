//! Page: alternate certificate template.

use crate::form::{Ask, Page};

/// The page.
pub static PAGE: Page = Page::new("template", &[TEMPLATE.field()]);

/// A template's name is a directory attribute of at most 64 characters (MS-CRTD 2.1).
pub const TEMPLATE: Ask<String> = Ask::text("request.template", 64);
