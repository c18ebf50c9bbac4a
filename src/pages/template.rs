//! Page: alternate certificate template.

use crate::form::{Field, Kind, Page};

/// The page. A template's name is a directory attribute of at most 64 characters (MS-CRTD 2.1).
pub static PAGE: Page = Page::new("template", &[Field::new("request.template", Kind::Text(64))]);
