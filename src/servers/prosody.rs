//! A drop-in for Prosody 0.12 as it comes, without a module of ours.
//!
//! A loose global setting would hold for every domain there is, and for every other virtual host of the server: tried,
//! it offers any stranger dialback in clear text. So the globals stay strict, and only the exceptions that Prosody takes
//! per domain are made. Sources: prosody.im/doc/s2s, and Prosody 0.12.3 at work.

use std::path::Path;

use super::draft::Draft;
use super::partners::{domains, partners as workable, quoted};
use super::product::{Enforced, OutFile, Product};
use super::{firewall, local};
use crate::edge::{Deployment, Method, Negotiation, Server, Usage};
use crate::name::Name;
use crate::pki::Certificate;
use crate::text::{Message, Text, say};

/// Prosody.
pub(super) struct Prosody;

impl Product for Prosody {
    fn request(&self, _: &Deployment, _: &Text) -> Vec<OutFile> {
        Vec::new()
    }

    fn certificate(&self, _: &Deployment, _: &Certificate, _: Usage, _: &Text) -> Vec<OutFile> {
        Vec::new()
    }

    fn is_for_certificate(&self, _: &Path) -> bool {
        false
    }

    fn partners(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile> {
        vec![partners(deployment, text)]
    }

    fn policy(&self, _: &Deployment, _: &Text) -> Vec<OutFile> {
        Vec::new()
    }

    fn guide(&self, _: &Deployment, _: &Text) -> Vec<OutFile> {
        Vec::new()
    }

    fn firewall(&self, deployment: &Deployment, text: &Text) -> Vec<OutFile> {
        vec![firewall::shell(deployment, text)]
    }

    fn enforces(&self, asked: Negotiation) -> Enforced {
        local::enforces(Server::Prosody, asked, say("limit-dialback-prosody"))
    }

    fn types_limit(&self) -> Option<Message> {
        Some(say("types-limit-prosody"))
    }

    fn unlisted_limit(&self) -> Option<Message> {
        Some(say("unlisted-prosody"))
    }

    fn unlisted_allowed(&self) -> Message {
        say("unlisted-allowed-prosody")
    }

    fn caution(&self) -> Option<Message> {
        None
    }

    fn prerequisites(&self) -> Vec<Message> {
        Vec::new()
    }

    fn first_to_do(&self) -> Vec<Message> {
        Vec::new()
    }

    fn still_to_do(&self, deployment: &Deployment) -> Vec<Message> {
        let steps = ["to-do-prosody-certificate", "to-do-prosody-settings", "to-do-prosody-firewall"];
        steps.map(|step| say(step).with("name", deployment.first_name())).into()
    }

    fn last_to_do(&self) -> Option<Message> {
        None
    }
}

/// `prosody/50-edge.cfg.lua`.
fn partners(deployment: &Deployment, text: &Text) -> OutFile {
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
    let excepted = workable(&Prosody, deployment)
        .filter(|partner| Prosody.enforces(partner.negotiation).methods.contains(&Method::TlsDialback))
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
    draft.limits(&Prosody, deployment);
    draft.file("prosody/50-edge.cfg.lua")
}
