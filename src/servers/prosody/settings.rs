//! Our settings for Prosody, which it reads after all others: a section for each of our hosts and nothing for anybody else's.
//!
//! What the person has for a host is said again, because a list replaces the one before. Federation is disabled in the
//! host's own list: our module opens it as its last act, so that without the module there is none.

use std::path::Path;

use serde_json::Value;

use crate::edge::Deployment;
use crate::home::{HostFound, ServerFound};
use crate::servers::draft::Draft;
use crate::servers::partners::{domains, is_host};
use crate::text::{Text, say};

/// Our module. The number in its name is that of what it understands: a later version comes beside it.
pub(super) const MODULE: &str = include_str!("../../../assets/prosody/mod_edgewright_1.lua");
/// Its file.
pub(super) const MODULE_FILE: &str = "mod_edgewright_1.lua";
/// Its name.
pub(super) const MODULE_NAME: &str = "edgewright_1";
const INTERFACE: u32 = 1;

/// `edgewright.cfg.lua`; `found` has the hosts as they are without it, `pair` is the folder of certificate and key.
pub(super) fn settings(deployment: &Deployment, found: &ServerFound, pair: &Path, text: &Text) -> String {
    let mut draft = Draft::new(text, "--");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-prosody-where"));
    draft.gap();
    draft.line("local partners = {");
    for partner in deployment.federation.partners.iter().filter(|partner| is_host(&partner.domain)) {
        let asked = partner.negotiation;
        let (tls, sasl) = (asked.tls.name(), asked.sasl.name());
        let kind = partner.kind.name();
        for domain in domains(partner) {
            draft.line(format!(
                "    [{}] = {{ type = \"{kind}\"; tls = \"{tls}\"; sasl = \"{sasl}\"; dialback = {} }};",
                lua(domain),
                asked.dialback
            ));
        }
    }
    draft.line("}");
    let nothing = HostFound::default();
    for name in deployment.edge.xmpp_domains.iter().chain(&deployment.edge.components).filter(|name| is_host(name)) {
        let (spelled, host) = found.host(name.ascii()).unwrap_or((name.ascii(), &nothing));
        draft.gap();
        draft.line(section(deployment.edge.components.contains(name), spelled, host));
        draft.line(format!("    modules_enabled = {}", list(&host.modules_enabled, MODULE_NAME)));
        draft.line(format!("    modules_disabled = {}", list(&host.modules_disabled, "s2s")));
        draft.line("    s2s_require_encryption = true");
        draft.line("    s2s_secure_auth = true");
        draft.line(format!("    edgewright_api = {INTERFACE}"));
        draft.line(format!("    edgewright_refuse_unlisted = {}", deployment.federation.refuse_unlisted));
        draft.line("    edgewright_partners = partners");
        let file = |name: &str| lua(&pair.join(name).to_string_lossy());
        let pair = [("certificate", file("fullchain.pem")), ("key", file("privkey.pem"))];
        let theirs = host.tls.iter().map(|(name, value)| (name.as_str(), lua_value(value)));
        let tls: Vec<String> =
            pair.into_iter().chain(theirs).map(|(name, value)| format!("{name} = {value}")).collect();
        draft.line(format!("    ssl = {{ {} }}", tls.join("; ")));
    }
    draft.finish()
}

/// How the section of a host begins. A component keeps the kind that it has.
fn section(is_component: bool, name: &str, host: &HostFound) -> String {
    if !is_component && host.component.is_none() {
        return format!("VirtualHost {}", lua(name));
    }
    // One of another program has no kind.
    match host.component.as_deref() {
        Some("component" | "") => format!("Component {}", lua(name)),
        Some(kind) => format!("Component {} {}", lua(name), lua(kind)),
        None => format!("Component {} \"muc\"", lua(name)),
    }
}

/// A list of modules with ours at its end, once.
fn list(theirs: &[String], ours: &str) -> String {
    let others = theirs.iter().filter(|name| *name != ours).map(String::as_str);
    let names: Vec<String> = others.chain([ours]).map(lua).collect();
    format!("{{ {} }}", names.join("; "))
}

/// A value of Lua. A list is one; the names of options are letters and underscores.
fn lua_value(value: &Value) -> String {
    let table = |items: Vec<String>| format!("{{ {} }}", items.join("; "));
    match value {
        Value::String(text) => lua(text),
        Value::Array(items) => table(items.iter().map(lua_value).collect()),
        Value::Object(items) => {
            table(items.iter().map(|(name, item)| format!("[{}] = {}", lua(name), lua_value(item))).collect())
        }
        Value::Null => "nil".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A string of Lua (reference manual 3.1): whatever is no plain character is escaped by its octets.
fn lua(text: &str) -> String {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b" ./_-+:@".contains(&octet);
    let octets =
        text.bytes().map(|octet| if plain(octet) { char::from(octet).to_string() } else { format!("\\{octet:03}") });
    format!("\"{}\"", octets.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_quotes() {
        assert_eq!(lua("a.example"), "\"a.example\"");
        assert_eq!(lua("\"]] os.exit()\n\\"), "\"\\034\\093\\093 os.exit\\040\\041\\010\\092\"");
        assert_eq!(
            list(&["muc_mam".to_owned(), "edgewright_1".to_owned()], MODULE_NAME),
            "{ \"muc_mam\"; \"edgewright_1\" }"
        );
    }
}
