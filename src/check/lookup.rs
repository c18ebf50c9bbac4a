//! What name servers say, and what does not get through to them.

use std::net::IpAddr;

use crate::text::visible;

/// Characters of what somebody else says.
const MOST_QUOTED: usize = 300;

/// Whether nobody elsewhere reaches it (RFC 1918, 3927, 4193, 4291 2.5).
pub(super) fn is_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            address.is_unspecified() || address.is_private() || address.is_loopback() || address.is_link_local()
        }
        IpAddr::V6(address) => {
            address.is_unspecified()
                || address.is_loopback()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}

/// What somebody else says, as part of a line: in one piece, and no longer than a line of ours needs.
pub(super) fn quoted(said: &str) -> String {
    let words: Vec<&str> = said.split_whitespace().collect();
    let said = words.join(" ");
    let short: String = said.chars().take(MOST_QUOTED).collect();
    let end = if short.len() < said.len() { "…" } else { "" };
    visible(&(short + end)).into_owned()
}
