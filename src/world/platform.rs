//! What differs between operating systems: one file for each, with the same functions.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub use other::*;
#[cfg(unix)]
pub use unix::*;

/// What the names of temporary files begin with.
pub const TEMPORARY: &str = ".edgewright-";
