//! What the servers that run on this machine share.

use crate::edge::{Method, Partner, PartnerType, Requirement, Server};
use crate::text::{Message, say};

/// What a partner's settings ask and `server`, with stock software, cannot hold towards that domain. Each server says in
/// its own words why it cannot do without dialback, and what it does with a partner that nobody verified.
pub(super) fn limits(server: Server, partner: &Partner, dialback: Message, unverified: Message) -> Vec<Message> {
    let methods = partner.outcome(server).methods;
    let has = |method| methods.contains(&method);
    let mut limits = Vec::new();
    if has(Method::TcpDialback) {
        limits.push(say("file-limit-clear-text"));
    }
    if partner.negotiation.sasl == Requirement::NotSupported && has(Method::TlsDialback) {
        limits.push(say("file-limit-sasl-never"));
    }
    if has(Method::SaslOverTls) && !has(Method::TlsDialback) {
        limits.push(dialback);
    }
    limits.push(match partner.kind {
        PartnerType::Federated => say("file-limit-federated"),
        PartnerType::PublicVerified => say("file-limit-public-verified"),
        PartnerType::PublicUnverified => unverified,
    });
    let (domain, title) = (partner.domain.both(), server.traits().title);
    limits.into_iter().map(|limit| limit.with("domain", domain.as_str()).with("server", title)).collect()
}

#[cfg(test)]
mod tests {
    use crate::edge::{Partner, PartnerType, Preset, Server};
    use crate::name::Name;
    use crate::servers::product;

    #[test]
    fn each_limit_is_told_of_the_partner_that_meets_it() {
        let keys = |server, preset: Preset| -> Vec<String> {
            let partner = Partner {
                domain: Name::new("partner.example"),
                description: String::new(),
                additional_domains: Vec::new(),
                kind: PartnerType::Federated,
                negotiation: preset.negotiation(),
                keep_alive: true,
                accept_clear_text: true,
            };
            product(server).limits(&partner).into_iter().map(|limit| limit.key.into_owned()).collect()
        };
        for (preset, limit) in [
            (Preset::Strict, Some("file-limit-dialback-prosody")),
            (Preset::Balanced, None),
            (Preset::EncryptedDialback, Some("file-limit-sasl-never")),
            (Preset::LegacyClearText, Some("file-limit-clear-text")),
        ] {
            let expected: Vec<&str> = limit.into_iter().chain(["file-limit-federated"]).collect();
            assert_eq!(keys(Server::Prosody, preset), expected);
        }
        assert_eq!(keys(Server::Ejabberd, Preset::Strict)[0], "file-limit-dialback-ejabberd");
    }
}
