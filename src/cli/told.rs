//! What is said on standard output and standard error. Whoever reads it may go away (`| head -1`): then nobody wants more
//! of it, and the run goes on as it would have.

use std::io::{self, Write};

use crate::faces::headless::problems_text;
use crate::problem::Problem;
use crate::text::{Message, Text};

/// Prints what was asked for, and tells whether somebody still reads it.
///
/// # Errors
/// The system's, such as a full disk's.
pub fn print(text: &str) -> io::Result<bool> {
    // In one piece: written as it comes, each line would be a call of its own.
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true),
    }
}

/// Says a line beside it.
///
/// # Errors
/// The system's.
pub fn tell(said: &Message, text: &Text) -> io::Result<()> {
    beside(&(text.say(said) + "\n"))
}

/// Says problems beside it.
///
/// # Errors
/// The system's.
pub fn report_problems(problems: &[Problem], text: &Text) -> io::Result<()> {
    beside(&problems_text(problems, text))
}

fn beside(text: &str) -> io::Result<()> {
    match io::stderr().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
