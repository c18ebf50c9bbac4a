//! How a person left the wizard, at the screen or line by line.

use crate::wizard::Wizard;

/// How a person left the wizard.
pub struct Left {
    /// The exit code.
    pub code: u8,
    /// The wizard as it was left.
    pub wizard: Wizard,
    /// Whether all that was to be written is; else the disk stalls, and nobody waits for it.
    pub is_settled: bool,
}
