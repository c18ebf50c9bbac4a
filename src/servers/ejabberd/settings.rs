//! Our settings for ejabberd, which its main file includes: hosts, certificates, who may connect, our module.
//!
//! Tried with Debian's ejabberd 23.01 and 24.12 and their untouched main files: lists and maps merge, a scalar or a module
//! that is given twice is refused. So nothing stands here that a main file usually has.

use std::path::Path;

use super::enforced::enforces;
use crate::edge::{Deployment, Partner};
use crate::home::ServerFound;
use crate::name::Name;
use crate::servers::draft::Draft;
use crate::servers::partners::{domains, is_host, quoted};
use crate::text::{Text, say};

const INTERFACE: u32 = 1;
/// How the line begins that lists our hosts.
const HOSTS: &str = "hosts: [";
/// The list of domains in our rules, and the rules.
pub(super) const RULE: &str = "edgewright_partners";
/// What is said of each host once: ejabberd does not join these.
pub(super) const HOST_OPTIONS: [&str; 2] = ["s2s_use_starttls", "s2s_access"];

/// `edgewright.yml`; `found` has the hosts that are listed elsewhere, `pairs` is the folder with the link to the pair in use.
pub(super) fn settings(deployment: &Deployment, found: &ServerFound, pairs: &Path, text: &Text) -> String {
    let mut draft = Draft::new(text, "#");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-ejabberd-where"));
    draft.gap();
    let names = || deployment.edge.xmpp_domains.iter().filter(|name| is_host(name)).map(Name::ascii);
    let hosts: Vec<String> = names().map(|name| yaml(found.spelled(name))).collect();
    let new = quoted(names().filter(|name| found.host(name).is_none()));
    if !new.is_empty() {
        draft.line(format!("{HOSTS}{}]", new.join(", ")));
    }
    draft.line(format!("certfiles: [{}]", yaml(&pairs.join("current/*.pem").to_string_lossy())));
    access(&mut draft, deployment);
    draft.line("host_config:");
    for host in &hosts {
        draft.line(format!("  {host}:"));
        for (option, value) in HOST_OPTIONS.into_iter().zip(["required", RULE]) {
            draft.line(format!("    {option}: {value}"));
        }
    }
    draft.line("append_host_config:");
    for host in &hosts {
        draft.line(format!("  {host}:"));
        draft.line("    modules:");
        draft.line("      mod_edgewright:");
        draft.line(format!("        interface: {INTERFACE}"));
        draft.line(format!("        refuse_unlisted: {}", deployment.federation.refuse_unlisted));
        partners(&mut draft, deployment);
    }
    draft.finish()
}

/// The hosts that settings of ours list.
pub(super) fn listed(settings: &str) -> Vec<&str> {
    let line = settings.lines().find_map(|line| line.strip_prefix(HOSTS)?.strip_suffix(']'));
    line.map(|hosts| hosts.split(", ").map(|host| host.trim_matches('"')).collect()).unwrap_or_default()
}

/// Who may connect at all, whatever becomes of our module.
fn access(draft: &mut Draft<'_>, deployment: &Deployment) {
    let refuses = deployment.federation.refuse_unlisted;
    let is_listed = |partner: &&Partner| enforces(partner.negotiation).methods.is_empty() != refuses;
    let listed = deployment.federation.partners.iter().filter(is_listed).flat_map(domains);
    // ejabberd compares a domain as the other side writes it.
    let listed = listed.flat_map(|domain| {
        let unicode = Name::new(domain).unicode();
        let unicode = (unicode != domain).then(|| yaml(&unicode));
        std::iter::once(format!("\"{domain}\"")).chain(unicode)
    });
    let listed: Vec<String> = listed.collect();
    let (said, others) = if refuses { ("allow", "deny") } else { ("deny", "allow") };
    draft.gap();
    draft.line("acl:");
    draft.line(format!("  {RULE}:"));
    draft.line(format!("    server: [{}]", listed.join(", ")));
    draft.line("access_rules:");
    draft.line(format!("  {RULE}:"));
    draft.line(format!("    - {said}: {RULE}"));
    draft.line(format!("    - {others}: all"));
}

fn partners(draft: &mut Draft<'_>, deployment: &Deployment) {
    let listed: Vec<(&str, &Partner)> = deployment
        .federation
        .partners
        .iter()
        .filter(|partner| is_host(&partner.domain))
        .flat_map(|partner| domains(partner).map(move |domain| (domain, partner)))
        .collect();
    if listed.is_empty() {
        return draft.line("        partners: {}");
    }
    draft.line("        partners:");
    for (domain, partner) in listed {
        let asked = partner.negotiation;
        let (kind, tls, sasl) = (partner.kind.name(), asked.tls.name(), asked.sasl.name());
        let said = format!("{{type: {kind}, tls: {tls}, sasl: {sasl}, dialback: {}}}", asked.dialback);
        draft.line(format!("          \"{domain}\": {said}"));
    }
}

/// A double-quoted string of YAML 1.2 (7.3.1): what is no plain character is escaped by its code.
fn yaml(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " ./_-+:@*".contains(c);
    let chars = text.chars().map(|c| if plain(c) { c.to_string() } else { format!("\\U{:08x}", u32::from(c)) });
    format!("\"{}\"", chars.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::yaml;

    #[test]
    fn no_text_leaves_its_quotes() {
        assert_eq!(yaml("/etc/ejabberd/*.pem"), "\"/etc/ejabberd/*.pem\"");
        assert_eq!(yaml("\"]\n"), "\"\\U00000022\\U0000005d\\U0000000a\"");
    }
}
