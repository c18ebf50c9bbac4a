//! Page: additional subject alternative names.

use crate::form::{Field, Kind, NameUse, Page, Sheet};
use crate::name::Name;

/// The page.
pub static PAGE: Page = Page {
    show: |scene| vec![super::names::names_table(scene)],
    ..Page::new("extra-names", &[Field::new(PATH, Kind::List(&Kind::Name(NameUse::Certificate)))])
};

const PATH: &str = "names.extra";

/// The additional names.
pub fn names(sheet: &Sheet) -> Vec<Name> {
    sheet.list(PATH).iter().map(|said| Name::new(said)).collect()
}
