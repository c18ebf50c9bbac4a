//! Exit codes.

/// Done, all well, or left before the end.
pub const OK: u8 = 0;
/// Refused or failed.
pub const FAILED: u8 = 1;
/// Something needs a person.
pub const ATTENTION: u8 = 3;
