//! Secrets come from files, never from the command line, which everybody on the machine can read.

use std::path::Path;

use zeroize::Zeroizing;

use crate::problem::{Code, Problem};
use crate::text::say;
use crate::world::{LARGEST_PASSWORD, Password, PasswordFault, read_password};

/// The first line of `file`; adds to `problems` what is wrong with it.
pub fn secret(file: &Path, problems: &mut Vec<Problem>) -> Option<Zeroizing<String>> {
    let shown = || file.to_string_lossy().into_owned();
    match read_password(file) {
        Ok(Password { password, open: None }) => Some(password),
        Ok(Password { open: Some(open), .. }) => {
            problems.push(Problem::error(Code::SecretOpen, "").with("file", shown()).with("how", open.how()));
            None
        }
        Err(fault) => {
            let reason = match fault {
                PasswordFault::Unreadable(error) => say("reason-system").with("reason", error.to_string()),
                PasswordFault::TooLarge => say("reason-password-large").with("most", LARGEST_PASSWORD),
                PasswordFault::Empty => say("reason-password-empty"),
                PasswordFault::NotUtf8 => say("reason-password-encoding"),
                PasswordFault::Pem => say("reason-password-pem"),
            };
            problems.push(Problem::error(Code::PasswordUnreadable, "").with("file", shown()).with("reason", reason));
            None
        }
    }
}
