//! How the network is used, as the command line says it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::dnssec::TrustAnchors;

use crate::problem::{Code, Problem};
use crate::system::probe::LookOptions;

use super::args::Network;
use super::complete::octets;

/// The same for those who look.
pub fn options(said: &Network) -> Result<LookOptions, Box<Problem>> {
    let anchors = said.trust_anchor.as_deref().map(anchors).transpose()?.unwrap_or_default();
    let timeout = Duration::from_secs(said.timeout);
    Ok(LookOptions { resolver: said.resolver, timeout, anchors: Arc::new(anchors) })
}

/// The root's keys in a file of DNSKEY records (RFC 1035 5.1).
fn anchors(file: &Path) -> Result<TrustAnchors, Box<Problem>> {
    let read = octets(file)?;
    let classed = |text: &str| text.lines().map(|line| with_class(line) + "\n").collect::<String>();
    let anchors = str::from_utf8(&read).ok().and_then(|text| classed(text).parse().ok());
    let is_of_root = |anchors: &TrustAnchors| !anchors.is_empty();
    let none = || Box::new(Problem::error(Code::CheckTrustAnchor, "").with("file", file.display().to_string()));
    anchors.filter(is_of_root).ok_or_else(none)
}

/// A record with its class, which Knot's `keymgr` leaves out.
fn with_class(line: &str) -> String {
    let has_class = |owner: &str| owner.split_whitespace().any(|word| word.eq_ignore_ascii_case("IN"));
    match line.split_once("DNSKEY") {
        Some((owner, key)) if !has_class(owner) => format!("{owner}IN DNSKEY{key}"),
        _ => line.to_owned(),
    }
}
