//! Our settings as Lua and as the servers' own files have them; with real servers they are in `tests/servers.rs`.

use std::fs;
use std::process::Command;

use edgewright::edge::{Deployment, PartnerType, Requirement, Server};
use edgewright::name::Name;

use crate::common::have_all;
use crate::sample::{contoso, partner};
use crate::{all_files, file, succeed};

/// Partners of every kind and with every kind of method.
fn sample(server: Server) -> Deployment {
    let mut deployment = contoso(server);
    deployment.edge.components = vec![Name::new("conference.contoso.com")];
    let mut strict = partner("strict.example");
    (strict.negotiation.sasl, strict.negotiation.dialback) = (Requirement::Required, false);
    strict.kind = PartnerType::Federated;
    let mut plain = partner("plain.example");
    (plain.negotiation.tls, plain.negotiation.sasl) = (Requirement::NotSupported, Requirement::NotSupported);
    let mut unproved = partner("unproved.example");
    unproved.negotiation.sasl = Requirement::NotSupported;
    unproved.kind = PartnerType::PublicVerified;
    unproved.additional_domains = vec![Name::new("münchen.example"), Name::new("a_b.example")];
    deployment.federation.partners.extend([strict, plain, unproved, partner("it's.example"), partner("grüße.example")]);
    deployment
}

/// What stands in for Prosody's own words, and tells what each host got.
const TELL: &str = r#"
local hosts, now = {}, nil
local env = setmetatable({}, { __index = _G, __newindex = function(_, name, value) hosts[now][name] = value end })
local function host(name) now = name hosts[now] = {} return function(kind) hosts[now].kind = kind end end
rawset(env, "VirtualHost", host) rawset(env, "Component", host)
assert(loadfile(arg[1], "t", env))()
for _, name in ipairs { "contoso.com", "conference.contoso.com" } do
    local got = hosts[name]
    print(name, got.kind, table.concat(got.modules_enabled, " "), table.concat(got.modules_disabled, " "))
    local domains = {}
    for domain, said in pairs(got.edgewright_partners) do
        table.insert(domains, table.concat({ domain, said.type, said.tls, said.sasl, tostring(said.dialback) }, " "))
    end
    table.sort(domains)
    print(got.edgewright_refuse_unlisted, #domains, domains[#domains])
end
"#;

#[test]
fn each_host_of_prosody_gets_our_module_every_partner_and_no_federation_but_by_it() {
    if !have_all(&["luac5.4", "lua5.4"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("edgewright.cfg.lua");
    fs::write(&path, file(&all_files(&sample(Server::Prosody)), "prosody/edgewright.cfg.lua")).unwrap();
    succeed(Command::new("luac5.4").arg("-p").arg(&path));
    let script = folder.path().join("tell.lua");
    fs::write(&script, TELL).unwrap();
    let partners = "true\t10\txn--mnchen-3ya.example public-verified required not-supported true\n";
    assert_eq!(
        succeed(Command::new("lua5.4").arg(&script).arg(&path)),
        format!(
            "contoso.com\tnil\tedgewright_1\ts2s\n{partners}\
             conference.contoso.com\tmuc\tedgewright_1\ts2s\n{partners}"
        )
    );
}

#[test]
fn ejabberd_refuses_by_itself_whom_it_is_not_told_of_and_who_cannot_connect() {
    let mut deployment = sample(Server::Ejabberd);
    let mut never = partner("never.example");
    never.negotiation.dialback = false;
    never.negotiation.sasl = Requirement::NotSupported;
    deployment.federation.partners.push(never);
    let acl = |deployment: &Deployment| {
        let content = file(&all_files(deployment), "ejabberd/edgewright.yml").clone();
        let lines = content.lines().skip_while(|line| !line.starts_with("acl:"));
        lines.take_while(|line| !line.starts_with("host_config:")).map(str::trim).collect::<Vec<_>>().join("|")
    };
    let listed = acl(&deployment);
    assert!(listed.contains("\"strict.example\"") && !listed.contains("never.example"), "{listed}");
    assert!(listed.ends_with("- allow: edgewright_partners|- deny: all"), "{listed}");
    deployment.federation.refuse_unlisted = false;
    let listed = acl(&deployment);
    assert!(listed.contains("server: [\"never.example\""), "{listed}");
    assert!(listed.ends_with("- deny: edgewright_partners|- allow: all"), "{listed}");
}

#[test]
fn a_name_that_is_none_is_in_no_settings() {
    for (server, path) in
        [(Server::Prosody, "prosody/edgewright.cfg.lua"), (Server::Ejabberd, "ejabberd/edgewright.yml")]
    {
        let content = file(&all_files(&sample(server)), path).clone();
        assert!(!content.contains("it's") && !content.contains("a_b"), "{content}");
    }
}

#[test]
fn no_message_is_missing_or_left_with_a_hole() {
    for server in Server::ALL {
        for file in all_files(&sample(server)) {
            for hole in ["{file-", "{port-", "{$", "{ $"] {
                assert!(!file.content.contains(hole), "{hole} in {}: {}", file.path, file.content);
            }
            assert!(file.content.lines().all(|line| !line.starts_with([' ', '\t']) || !line.trim().is_empty()));
        }
    }
}
