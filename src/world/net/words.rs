//! The words of the system and of name servers.

use std::io;

use hickory_proto::op::ResponseCode;

/// What the system says went wrong, without its number.
pub fn words(error: &io::Error) -> String {
    let said = error.to_string();
    said.split(" (os error").next().unwrap_or(&said).to_owned()
}

/// A response code as administrators know it (RFC 6895 2.3): `SERVFAIL`, `REFUSED`.
pub fn code(code: ResponseCode) -> String {
    format!("{code:?}").to_uppercase()
}
