//! A drop-in for Prosody 0.12 as it comes, without a module of ours.
//!
//! A loose global setting would hold for every domain there is, and for every other virtual host of the server: tried,
//! it offers any stranger dialback in clear text. So the globals stay strict, and only the exceptions that Prosody takes
//! per domain are made. Sources: prosody.im/doc/s2s, and Prosody 0.12.3 at work.

use super::{Draft, OutFile, domains, limits, partners as workable, quoted, title};
use crate::edge::{Deployment, Method, Server};
use crate::name::Name;
use crate::text::{Text, say};

/// `prosody/50-edge.cfg.lua`.
pub(super) fn partners(deployment: &Deployment, text: &Text) -> OutFile {
    let mut draft = Draft::new(text, "--");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-prosody-where"));
    let own: Vec<&str> =
        deployment.edge.xmpp_domains.iter().chain(&deployment.edge.components).map(Name::ascii).collect();
    draft.remark(&say("file-prosody-hosts").with("domains", own.join(", ")));
    draft.remark(&say("file-prosody-certificates").with("name", deployment.first_name()));
    draft.gap();
    draft.remark(&say("file-prosody-strict"));
    draft.line("s2s_require_encryption = true");
    draft.line("s2s_secure_auth = true");
    draft.gap();
    draft.remark(&say("file-prosody-insecure"));
    let excepted = workable(deployment)
        .filter(|partner| partner.outcome(Server::Prosody).methods.contains(&Method::TlsDialback))
        .flat_map(domains);
    draft.line("s2s_insecure_domains = {");
    for domain in quoted(excepted) {
        draft.line(format!("    {domain};"));
    }
    draft.line("}");
    if deployment.federation.refuse_unlisted {
        draft.gap();
        draft.remark(&say("file-prosody-unlisted"));
    }
    draft.limits(&limits(deployment), title(Server::Prosody));
    draft.file("prosody/50-edge.cfg.lua")
}
