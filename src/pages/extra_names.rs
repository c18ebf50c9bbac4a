//! Page: additional subject alternative names.

use crate::form::{Ask, Kind, NameUse, Page};
use crate::name::Name;

/// The page.
pub static PAGE: Page = Page {
    show: |context| vec![super::names_table::names_table(context)],
    ..Page::new("extra-names", &[EXTRA.field()])
};

/// The additional names.
pub const EXTRA: Ask<Vec<Name>> = Ask::names("names.extra", &Kind::Name(NameUse::Certificate));
