//! Addresses that name servers tell.

use std::net::IpAddr;

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
