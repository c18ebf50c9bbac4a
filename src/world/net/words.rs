//! The system's words.

use std::io;

/// What the system says went wrong, without its number.
pub fn words(error: &io::Error) -> String {
    let said = error.to_string();
    said.split(" (os error").next().unwrap_or(&said).to_owned()
}
