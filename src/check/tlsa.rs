//! Keys and certificates that a host publishes (DANE, RFC 6698), against what it shows.

use crate::home::Proof;
use crate::pki::Certificate;
use crate::pki::digest::{sha256, sha512};
use crate::system::probe::{EndpointProbe, HostProbe, Tlsa};

use super::step::{Part, Step};

/// What is to be said of one host, which is found by way of `proof`: without a secure way nobody may believe the records
/// (RFC 7673 3).
pub(super) fn steps(host: &HostProbe, proof: Option<&Proof>) -> Vec<Step> {
    let records: Vec<&Tlsa> = host.tlsa.iter().flatten().flatten().collect();
    if records.is_empty() {
        return Vec::new();
    }
    match proof {
        Some(Proof::Insecure) => return vec![Step::new(Part::Tlsa, host.service(), None, "check-tlsa-insecure")],
        Some(Proof::Bogus) => return vec![Step::new(Part::Tlsa, host.service(), None, "check-tlsa-bogus")],
        Some(Proof::Secure | Proof::Unproven(_)) | None => {}
    }
    let counts = proof == Some(&Proof::Secure);
    let shown = host.endpoints.iter().filter(|endpoint| !endpoint.chain.is_empty());
    let step = |endpoint: &EndpointProbe| {
        let is_met = records.iter().any(|record| is_met(record, &endpoint.chain));
        // A root need not be sent, and may be the one that is meant (usage PKIX-TA).
        let may_be_root = records.iter().any(|record| record.usage == 0);
        let (ok, key) = match (is_met, may_be_root) {
            (true, _) if counts => (Some(true), "check-tlsa-met"),
            (true, _) => (Some(true), "check-tlsa-met-unproven"),
            (false, true) => (None, "check-tlsa-root"),
            (false, false) if counts => (Some(false), "check-tlsa-other"),
            (false, false) => (None, "check-tlsa-other-unproven"),
        };
        Step::new(Part::Tlsa, host.service(), ok, key).with("address", endpoint.address.to_string())
    };
    shown.map(step).collect()
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

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use super::*;
    use crate::home::{LookupError, Unproven};
    use crate::system::probe::Way;

    /// What is said of a record of a key that is shown, and of one that is not, where the way to it is `proof`.
    fn said(proof: &Proof) -> [(String, Option<bool>); 2] {
        let certificate = rcgen::generate_simple_self_signed(vec!["xmpp.example".to_owned()]).unwrap();
        let chain = vec![Certificate::read(certificate.cert.der()).unwrap()];
        let endpoint = EndpointProbe::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 5269)));
        let shown = sha256(&chain[0].public_key);
        let other = sha256(b"another");
        let mut host = HostProbe::new("xmpp.example".to_owned(), 5269, Way::StartTls);
        host.endpoints = vec![EndpointProbe { chain, ..endpoint }];
        [shown, other].map(|data| {
            host.tlsa = Some(Ok(vec![Tlsa { usage: 3, selector: 1, matching: 1, data }]));
            let [step] = &steps(&host, Some(proof))[..] else { panic!("one step") };
            (step.code().to_owned(), step.ok)
        })
    }

    #[test]
    fn a_record_counts_where_the_way_to_it_is_secure() {
        let expected = [("tlsa-met".to_owned(), Some(true)), ("tlsa-other".to_owned(), Some(false))];
        assert_eq!(said(&Proof::Secure), expected);
        let nobody = |code: &str| [(code.to_owned(), None), (code.to_owned(), None)];
        assert_eq!(said(&Proof::Insecure), nobody("tlsa-insecure"));
        assert_eq!(said(&Proof::Bogus), nobody("tlsa-bogus"));
        let expected = [("tlsa-met-unproven".to_owned(), Some(true)), ("tlsa-other-unproven".to_owned(), None)];
        assert_eq!(said(&Proof::Unproven(Unproven::Unanswered(LookupError::Late))), expected);
    }
}
