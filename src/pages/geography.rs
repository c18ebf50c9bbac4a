//! Page: geographical information.

use crate::form::{Field, Kind, Page};

/// Upper bound of ST and L (RFC 5280 appendix A.1, ub-state-name and ub-locality-name).
const MAX: usize = 128;

/// The page.
pub static PAGE: Page = Page::new(
    "geography",
    &[
        Field::new("geography.country", Kind::Country),
        Field::new("geography.state", Kind::Text(MAX)),
        Field::new("geography.city", Kind::Text(MAX)),
    ],
);
