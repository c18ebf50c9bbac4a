//! The times that the system gives, as far as a calendar goes.

use std::time::{SystemTime, UNIX_EPOCH};

use time::{Duration, OffsetDateTime};

/// `time` in UTC; none where it is before or after all that RFC 3339 can write, as a file's time may be.
pub fn moment(time: SystemTime) -> Option<OffsetDateTime> {
    let since = match time.duration_since(UNIX_EPOCH) {
        Ok(since) => Duration::try_from(since).ok()?,
        Err(before) => -Duration::try_from(before.duration()).ok()?,
    };
    let moment = OffsetDateTime::UNIX_EPOCH.checked_add(since)?;
    (0..=9999).contains(&moment.year()).then_some(moment)
}

/// The time now. A clock that no calendar goes with stands at its beginning: then nothing is valid yet, and what says so
/// says to look at the clock.
pub fn now() -> OffsetDateTime {
    moment(SystemTime::now()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last second of 9999.
    const LAST: u64 = 253_402_300_799;
    /// The first of the year 0, before 1970.
    const FIRST: u64 = 62_167_219_200;

    #[test]
    fn a_time_beyond_the_calendar_is_none() {
        use std::time::Duration;
        let after = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let before = |seconds| UNIX_EPOCH - Duration::from_secs(seconds);
        assert_eq!(moment(after(LAST)).map(OffsetDateTime::year), Some(9999));
        assert_eq!(moment(before(FIRST)).map(OffsetDateTime::year), Some(0));
        for beyond in [
            after(LAST + 1),
            after(400_000_000_000),
            after(i64::MAX.cast_unsigned()),
            before(FIRST + 1),
            before(1 << 60),
        ] {
            assert_eq!(moment(beyond), None, "{beyond:?}");
        }
    }
}
