//! A file for ejabberd's `include_config_file`, without a module of ours.
//!
//! Tried with Debian's ejabberd 23.01 and its untouched main file: a scalar given twice is refused, and so is a host or
//! a module listed twice; `acl` and `access_rules` merge, and `host_config` takes `s2s_use_starttls` and `s2s_access` for
//! one host (its rooms included) without touching the others. `mod_s2s_dialback` stands in Debian's file already, so
//! dialback cannot be kept from anybody here.

use std::path::Path;

use super::draft::Draft;
use super::partners::{domains, is_host, partners as workable, quoted};
use super::product::{Enforced, OutFile, Product};
use super::{firewall, local};
use crate::edge::{Deployment, Method, Negotiation, Partner, PartnerType, Server, Usage};
use crate::name::Name;
use crate::pki::Certificate;
use crate::text::{Message, Text, say};

/// ejabberd.
pub(super) struct Ejabberd;

impl Product for Ejabberd {
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
        let mut enforced = local::enforces(Server::Ejabberd, asked, say("limit-dialback-ejabberd"));
        // Whoever connects may come by dialback, with any certificate.
        if enforced.methods == [Method::SaslOverTls] {
            enforced.methods.push(Method::TlsDialback);
            enforced.is_loose = true;
        }
        enforced
    }

    fn types_limit(&self) -> Option<Message> {
        Some(say("types-limit-ejabberd"))
    }

    fn unlisted_limit(&self) -> Option<Message> {
        None
    }

    fn unlisted_allowed(&self) -> Message {
        say("unlisted-allowed-ejabberd")
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
        let steps = ["to-do-ejabberd-certificate", "to-do-ejabberd-settings", "to-do-ejabberd-firewall"];
        steps.map(|step| say(step).with("name", deployment.first_name())).into()
    }

    fn last_to_do(&self) -> Option<Message> {
        None
    }
}

/// A list of domains with the rule about them; both have one name.
struct Rule<'a> {
    name: &'static str,
    remark: Message,
    domains: Vec<&'a str>,
    /// What the rule says to the listed domains and to all others.
    verdicts: [&'static str; 2],
}

/// `ejabberd/edge.yml`.
fn partners(deployment: &Deployment, text: &Text) -> OutFile {
    let hosts = quoted(deployment.edge.xmpp_domains.iter().filter(|name| is_host(name)).map(Name::ascii));
    let rules = rules(deployment);
    let has_rule = |name| rules.iter().any(|rule| rule.name == name);

    let mut draft = Draft::new(text, "#");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-ejabberd-where").with("domains", hosts.join(", ")));
    draft.remark(&say("file-ejabberd-certificates"));
    write_rules(&mut draft, &rules);
    draft.gap();
    draft.remark(&say("file-ejabberd-strict"));
    draft.line("host_config:");
    for host in &hosts {
        draft.line(format!("  {host}:"));
        draft.line("    s2s_use_starttls: required");
        if has_rule("edge_partners") {
            draft.line("    s2s_access: edge_partners");
        }
    }
    if has_rule("edge_strangers") {
        draft.line("append_host_config:");
        for host in &hosts {
            draft.line(format!("  {host}:"));
            draft.line("    modules:");
            draft.line("      mod_block_strangers:");
            draft.line("        access: edge_strangers");
        }
    }
    draft.limits(&Ejabberd, deployment);
    draft.file("ejabberd/edge.yml")
}

/// The rules that the answers need: a list without a domain needs none, save the list of all partners.
fn rules(deployment: &Deployment) -> Vec<Rule<'_>> {
    let listed = |wanted: fn(&Partner) -> bool| -> Vec<&str> {
        workable(&Ejabberd, deployment).filter(|partner| wanted(partner)).flat_map(domains).collect()
    };
    let mut rules = Vec::new();
    if deployment.federation.refuse_unlisted {
        rules.push(Rule {
            name: "edge_partners",
            remark: say("file-ejabberd-unlisted"),
            domains: listed(|_| true),
            verdicts: ["allow", "deny"],
        });
    }
    // Whom the settings keep out must not come in as a domain that is no partner.
    let kept_out = deployment.federation.partners.iter();
    let kept_out = kept_out.filter(|partner| Ejabberd.enforces(partner.negotiation).methods.is_empty());
    let kept_out: Vec<&str> = kept_out.flat_map(domains).collect();
    if !deployment.federation.refuse_unlisted && !kept_out.is_empty() {
        rules.push(Rule {
            name: "edge_partners",
            remark: say("file-ejabberd-kept-out"),
            domains: kept_out,
            verdicts: ["deny", "allow"],
        });
    }
    let strangers = listed(|partner| partner.kind == PartnerType::PublicUnverified);
    if !strangers.is_empty() {
        rules.push(Rule {
            name: "edge_strangers",
            remark: say("file-ejabberd-strangers"),
            domains: strangers,
            verdicts: ["deny", "allow"],
        });
    }
    rules
}

fn write_rules(draft: &mut Draft<'_>, rules: &[Rule<'_>]) {
    if rules.is_empty() {
        return;
    }
    draft.gap();
    draft.line("acl:");
    for Rule { name, remark, domains, .. } in rules {
        draft.remark(remark);
        draft.line(format!("  {name}:"));
        draft.line(format!("    server: [{}]", quoted(domains.iter().copied()).join(", ")));
    }
    draft.line("access_rules:");
    for Rule { name, verdicts: [listed, others], .. } in rules {
        draft.line(format!("  {name}:"));
        draft.line(format!("    - {listed}: {name}"));
        draft.line(format!("    - {others}: all"));
    }
}
