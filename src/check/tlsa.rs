//! Keys and certificates that a host publishes (DANE, RFC 6698), against what it shows.

use crate::pki::Certificate;
use crate::pki::digest::{sha256, sha512};
use crate::system::probe::{HostProbe, Tlsa};

use super::step::{Part, Step};

/// What is to be said of one host. Whether the zone is signed, without which nobody may believe the records, is not looked at.
pub(super) fn steps(host: &HostProbe) -> Vec<Step> {
    let records: Vec<&Tlsa> = host.tlsa.iter().flatten().flatten().collect();
    let target = format!("_{}._tcp.{}", host.port, host.name);
    let shown = host.endpoints.iter().filter(|endpoint| !endpoint.chain.is_empty() && !records.is_empty());
    let step = |ok, key, address: String| Step::new(Part::Tlsa, target.as_str(), ok, key).with("address", address);
    shown
        .map(|endpoint| {
            let address = endpoint.address.to_string();
            let is_met = records.iter().any(|record| is_met(record, &endpoint.chain));
            // A root need not be sent, and may be the one that is meant (usage PKIX-TA).
            let may_be_root = records.iter().any(|record| record.usage == 0);
            match (is_met, may_be_root) {
                (true, _) => step(Some(true), "check-tlsa-met", address),
                (false, true) => step(None, "check-tlsa-root", address),
                (false, false) => step(Some(false), "check-tlsa-other", address),
            }
        })
        .collect()
}

/// Whether a record is about what is shown: usages 1 and 3 about the server's own certificate, 0 and 2 about any above it
/// (RFC 6698 2.1.1).
fn is_met(record: &Tlsa, chain: &[Certificate]) -> bool {
    let (own, above) = chain.split_at(chain.len().min(1));
    let certificates = if matches!(record.usage, 1 | 3) { own } else { above };
    certificates.iter().any(|certificate| {
        let selected = if record.selector == 0 { certificate.der() } else { &certificate.public_key };
        match record.matching {
            0 => record.data == selected,
            1 => record.data == sha256(selected),
            2 => record.data == sha512(selected),
            _ => false,
        }
    })
}
