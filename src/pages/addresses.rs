//! Page: where the edge is found: its host name and its addresses, for the records.

use std::net::IpAddr;

use crate::form::{Answered, Ask, NameUse, Page, PageContext};
use crate::name::Name;
use crate::problem::{Code, Problem};

use super::edge::ACCESS;
use super::server::has_sip;

/// The page.
pub static PAGE: Page = Page {
    validate,
    ..Page::new(
        "addresses",
        &[HOST.field(), ADDRESSES.field(), WEB_CONFERENCING_ADDRESSES.field(), AV_ADDRESSES.field()],
    )
};

/// The name that the SRV records point to.
pub const HOST: Ask<Option<Name>> = Ask::name("edge.host", NameUse::Host).or_from(|answered| answered.raw(ACCESS));
/// Addresses of the host.
pub const ADDRESSES: Ask<Vec<String>> = Ask::addresses("edge.addresses");
/// Addresses of the web conferencing edge.
pub const WEB_CONFERENCING_ADDRESSES: Ask<Vec<String>> =
    Ask::addresses("edge.web_conferencing_addresses").asked_if(has_sip);
/// Addresses of the A/V edge.
pub const AV_ADDRESSES: Ask<Vec<String>> = Ask::addresses("edge.av_addresses").asked_if(has_sip);

/// The addresses that were understood.
pub fn read(answered: &Answered, ask: Ask<Vec<String>>) -> Vec<IpAddr> {
    answered.get(ask).iter().filter_map(|address| address.parse().ok()).collect()
}

fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let has_sip = context.deployment.server.traits().has_sip;
    if !has_sip && context.deployment.edge.host.is_none() && context.answered.is_understood(HOST) {
        problems.push(Problem::error(Code::AnswersMissing, HOST.path()));
    }
    validate_addresses(context.answered, problems);
}

fn validate_addresses(answered: &Answered, problems: &mut Vec<Problem>) {
    for ask in [ADDRESSES, WEB_CONFERENCING_ADDRESSES, AV_ADDRESSES] {
        for (index, said) in answered.get(ask).iter().enumerate() {
            if said.parse().is_ok_and(is_private) {
                let problem = Problem::warning(Code::AddressPrivate, ask.item(index));
                problems.push(problem.with("address", said.as_str()));
            }
        }
    }
}

/// Whether the Internet has no way to `address` (RFC 1918, 3927, 4193, 4291, 6598).
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let shared = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
            v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified() || shared
        }
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unspecified() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}
