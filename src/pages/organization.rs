//! Page: organization information.

use crate::edge::Authority;
use crate::form::{Ask, Page};
use crate::problem::{Code, Problem};

/// Upper bound of O and OU (RFC 5280 appendix A.1, ub-organization-name and ub-organizational-unit-name).
const MAX: usize = 64;

/// The page.
pub static PAGE: Page = Page {
    validate: |context, problems| {
        let request = &context.deployment.request;
        if !request.subject.unit.is_empty() {
            problems.push(Problem::error_if(request.authority == Authority::Public, Code::OuPublic, UNIT.path()));
        }
    },
    ..Page::new("organization", &[NAME.field(), UNIT.field()])
};

/// O of the subject.
pub const NAME: Ask<String> = Ask::text("organization.name", MAX);
/// OU of the subject.
pub const UNIT: Ask<String> = Ask::text("organization.unit", MAX);
