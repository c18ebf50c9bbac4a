//! What is said on standard output and standard error. Whoever reads it may go away (`| head -1`): then nobody wants more
//! of it, and the run goes on as it would have.

use std::io::{self, IsTerminal, Write};

use crossterm::terminal;

use crate::faces::headless::problems_text;
use crate::faces::wrap::wrap;
use crate::problem::Problem;
use crate::text::{Message, Text};

/// Prints what a program reads, or what is copied, as it is, and tells whether somebody still reads it.
///
/// # Errors
/// The system's, such as a full disk's.
pub fn print(text: &str) -> io::Result<bool> {
    // In one piece: written as it comes, each line would be a call of its own.
    let mut out = io::stdout().lock();
    is_read(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Prints what a person reads, wrapped where that is a terminal, and tells whether somebody still reads it.
///
/// # Errors
/// The system's.
pub fn show(text: &str) -> io::Result<bool> {
    print(&fitted(text, &io::stdout()))
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

/// Says text for a person beside it, wrapped where that is a terminal.
///
/// # Errors
/// The system's.
pub fn beside(text: &str) -> io::Result<()> {
    is_read(io::stderr().write_all(fitted(text, &io::stderr()).as_bytes())).map(drop)
}

fn is_read(written: io::Result<()>) -> io::Result<bool> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true),
    }
}

/// `text` as it fits into `stream`. A serial line may be a terminal that does not know its width.
fn fitted(text: &str, stream: &impl IsTerminal) -> String {
    let width = stream.is_terminal().then(terminal::size).and_then(Result::ok).map(|(columns, _)| columns.into());
    match width {
        Some(width @ 1..) => wrap(text, width),
        _ => text.to_owned(),
    }
}
