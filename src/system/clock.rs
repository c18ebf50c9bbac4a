//! What time it is.

use time::OffsetDateTime;

/// The clock.
pub trait Clock {
    /// The time.
    fn now(&self) -> OffsetDateTime;
}
