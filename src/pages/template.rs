//! Page: alternate certificate template.

use crate::form::{Ask, Page};

use super::server::traits;

/// The page. Who asks a Windows authority for another server names the template in a file.
pub static PAGE: Page =
    Page { shown_if: |answered| traits(answered).is_on_windows, ..Page::new("template", &[TEMPLATE.field()]) };

/// A template's name is a directory attribute of at most 64 characters (MS-CRTD 2.1).
pub const TEMPLATE: Ask<String> = Ask::text("request.template", 64).kept();
