//! Page: organization and geographical information, which a public authority checks or leaves out.

use crate::edge::Authority;
use crate::form::{Ask, Page};
use crate::problem::{Code, Problem};

/// Upper bound of O and OU (RFC 5280 appendix A.1, ub-organization-name and ub-organizational-unit-name).
const MAX_ORGANIZATION: usize = 64;
/// Upper bound of ST and L (RFC 5280 appendix A.1, ub-state-name and ub-locality-name).
const MAX_GEOGRAPHY: usize = 128;

/// The page.
pub static PAGE: Page = Page {
    validate: |context, problems| {
        let request = &context.deployment.request;
        if !request.subject.unit.is_empty() && request.authority == Authority::Public {
            problems.push(Problem::warning(Code::OuPublic, UNIT.path()));
        }
    },
    ..Page::new("organization", &[NAME.field(), UNIT.field(), COUNTRY.field(), STATE.field(), CITY.field()])
};

/// O of the subject.
pub const NAME: Ask<String> = Ask::text("organization.name", MAX_ORGANIZATION);
/// OU of the subject.
pub const UNIT: Ask<String> = Ask::text("organization.unit", MAX_ORGANIZATION);
/// C of the subject.
pub const COUNTRY: Ask<String> = Ask::country("geography.country");
/// ST of the subject.
pub const STATE: Ask<String> = Ask::text("geography.state", MAX_GEOGRAPHY);
/// L of the subject.
pub const CITY: Ask<String> = Ask::text("geography.city", MAX_GEOGRAPHY);
