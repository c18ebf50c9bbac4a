//! How a person left the wizard, at the screen or line by line.

use std::io;

use crate::pages;
use crate::text::say;
use crate::wizard::Wizard;

use super::told::tell;

/// How a person left the wizard.
pub struct Left {
    /// The exit code.
    pub code: u8,
    /// The wizard as it was left.
    pub wizard: Wizard,
    /// Whether all that was to be written is; else the disk stalls, and nobody waits for it.
    pub is_settled: bool,
}

/// Tells what is left to do by hand, once that is written down.
pub fn to_do(wizard: &Wizard) -> io::Result<()> {
    wizard.with_context(|context| {
        let steps = if pages::is_to_do_written(context) { pages::to_do(context) } else { Vec::new() };
        let mut open = steps.into_iter().filter(|step| !step.is_done()).peekable();
        if open.peek().is_none() {
            return Ok(());
        }
        let home = context.facts().home.to_string_lossy().into_owned();
        tell(&say("left-to-do").with("home", home), context.text)?;
        open.try_for_each(|step| tell(&say("to-do-open").with("step", step.words), context.text))
    })
}
