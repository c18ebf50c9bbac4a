//! Page: geographical information.

use crate::form::{Ask, Page};

/// Upper bound of ST and L (RFC 5280 appendix A.1, ub-state-name and ub-locality-name).
const MAX: usize = 128;

/// The page.
pub static PAGE: Page = Page::new("geography", &[COUNTRY.field(), STATE.field(), CITY.field()]);

/// C of the subject.
pub const COUNTRY: Ask<String> = Ask::country("geography.country");
/// ST of the subject.
pub const STATE: Ask<String> = Ask::text("geography.state", MAX);
/// L of the subject.
pub const CITY: Ask<String> = Ask::text("geography.city", MAX);
