//! Deployments built by hand.

use std::path::PathBuf;

use edgewright::edge::{
    Deployment, DnsSettings, Edge, Federation, KeyMaker, Negotiation, Partner, PartnerType, Policy, Publication,
    RequestSettings, Requirement, Server, Usage, names,
};
use edgewright::name::Name;
use edgewright::pki::KeyKind;
use edgewright::pki::Subject;

/// The edge of `shared/contract/answers.toml`, run by `server`.
pub fn contoso(server: Server) -> Deployment {
    let name = |said: &str| Name::new(said);
    let some = |said: &str| (server == Server::Lync).then(|| Name::new(said));
    let sip_domains = if server == Server::Lync { vec![name("contoso.com"), name("fabrikam.com")] } else { vec![] };
    let mut deployment = Deployment {
        install: None,
        makes_rooms: false,
        drops_streams: false,
        server,
        edge: Edge {
            access: some("sip.contoso.com"),
            web_conferencing: some("webcon.contoso.com"),
            av: some("av.contoso.com"),
            internal: some("lsedge.contoso.net"),
            sip_domains: sip_domains.clone(),
            xmpp_domains: vec![name("contoso.com")],
            host: Some(name("sip.contoso.com")),
            addresses: vec!["203.0.113.10".parse().unwrap(), "2001:db8::10".parse().unwrap()],
            ..Edge::default()
        },
        request: RequestSettings {
            usage: Usage::External,
            key_by: KeyMaker::Edgewright,
            file: PathBuf::from("/srv/contoso-edge.req"),
            friendly_name: "Contoso edge, external".into(),
            key: Some(KeyKind::Rsa2048),
            exportable: true,
            subject: Subject {
                country: "US".into(),
                state: "Washington".into(),
                city: "Redmond".into(),
                organization: "Contoso Ltd".into(),
                unit: String::new(),
            },
            ..RequestSettings::default()
        },
        ticked_sip_domains: sip_domains,
        extra_names: vec![],
        names: vec![],
        federation: Federation { refuse_unlisted: true, partners: vec![partner("partner.example")] },
        policy: Policy {
            scope: "global".into(),
            grant: Vec::new(),
            federation_access: true,
            xmpp_access: true,
            allow_federated_users: true,
        },
        dns: DnsSettings {
            publication: Publication::default(),
            zones: Some(vec![name("contoso.com"), name("fabrikam.com")]),
            ttl: 3600,
            priority: 0,
            weight: 0,
            keys: Some(vec![vec![0x5a; 32]]),
        },
    };
    deployment.names = names(&deployment);
    deployment
}

/// The partner of `shared/contract/answers.toml`, under another domain.
pub fn partner(domain: &str) -> Partner {
    Partner {
        domain: Name::new(domain),
        description: String::new(),
        additional_domains: vec![Name::new(&format!("corp.{domain}"))],
        kind: PartnerType::PublicUnverified,
        negotiation: Negotiation { tls: Requirement::Required, sasl: Requirement::Optional, dialback: true },
        keep_alive: true,
        accept_clear_text: false,
    }
}
