//! `out/install.sh`: puts into service what `apply` would, where that may not or is not there. What is the same for everybody
//! stands in `assets/server/`; here are the names, the digests and the commands.

use super::draft::Draft;
use super::firewall::shell_quote;
use super::installation::{Local, Verb, our_hosts};
use super::partners::is_host;
use super::product::OutFile;
use crate::edge::{Deployment, Server};
use crate::name::Name;
use crate::pki::digest::sha256_hex;
use crate::system::Command;
use crate::text::{Text, say};

const COMMON: &str = include_str!("../../assets/server/install.sh");
const PROSODY: &str = include_str!("../../assets/server/prosody.sh");
const EJABBERD: &str = include_str!("../../assets/server/ejabberd.sh");

/// The messages of the script: `script-<name>` in the catalogue, `say_<name>` there.
pub const SCRIPT_SAYS: [&str; 34] = [
    "begins",
    "busy",
    "changed",
    "done",
    "earlier",
    "encrypted",
    "expired",
    "in-the-way",
    "link",
    "main-stays",
    "meanwhile",
    "no-match",
    "no-pair",
    "no-server",
    "no-undo",
    "not-read",
    "not-running",
    "not-served",
    "not-taken-back",
    "nothing",
    "other-name",
    "others",
    "own",
    "own-component",
    "own-domain",
    "own-lists",
    "own-some",
    "root",
    "stopped",
    "taken-back",
    "unclear",
    "undone",
    "unreadable",
    "usage",
];

/// `out/install.sh` for the server of `local`, with what it installs from `files`, which lie beside it.
pub(super) fn script(local: &dyn Local, files: &[OutFile], deployment: &Deployment, text: &Text) -> OutFile {
    let server = local.server();
    let found = local.usual();
    let mut draft = Draft::new(text, "#");
    draft.line("#!/bin/sh");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-script-where"));
    draft.line("# shellcheck disable=SC2034,SC2016 # not every server needs every name, and words are quoted");
    draft.line("set -eu");
    draft.line("umask 077");
    // `su` leaves the folders of the servers' programs out; with this variable cd(1) would go elsewhere.
    draft.line("PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin");
    draft.line("CDPATH=");
    draft.line("LC_ALL=C");
    draft.line("export PATH LC_ALL");
    draft.gap();
    let mut variable = |name: &str, value: &str| draft.line(format!("{name}={}", shell_quote(value)));
    let installed = local.files(deployment, &found, text);
    let settings = installed.last().map(|file| file.path.to_string_lossy().into_owned()).unwrap_or_default();
    let module = installed.iter().find(|file| file.is_public).map(|file| file.path.to_string_lossy().into_owned());
    let digests: Vec<String> = files
        .iter()
        .filter_map(|file| Some((file.path.split_once('/')?.1, sha256_hex(file.content.as_bytes()))))
        .map(|(name, digest)| format!("{digest}  {name}"))
        .collect();
    let hosts: Vec<&str> = our_hosts(deployment).collect();
    let control = if server == Server::Prosody { "prosodyctl" } else { "ejabberdctl" };
    variable("server", server.name());
    variable("user", server.name());
    variable("control", control);
    variable("main", &found.main.to_string_lossy());
    variable("include", local.included("", &found.main).trim_end());
    variable("settings", &settings);
    variable("module", &module.unwrap_or_default());
    variable("digests", &digests.join("\n"));
    variable("hosts", &hosts.join("\n"));
    variable("asked", &asked(server, deployment));
    let addresses = deployment.edge.addresses.iter().map(|address| match address {
        std::net::IpAddr::V4(address) => address.to_string(),
        std::net::IpAddr::V6(address) => format!("[{address}]"),
    });
    let addresses: Vec<String> = ["127.0.0.1".to_owned(), "[::1]".to_owned()].into_iter().chain(addresses).collect();
    variable("addresses", &addresses.join("\n"));
    variable("patience", &Command::PATIENCE.as_secs().to_string());
    for name in SCRIPT_SAYS {
        variable(&format!("say_{}", name.replace('-', "_")), &text.say(&say(format!("script-{name}"))));
    }
    draft.gap();
    for (name, verbs) in [
        ("reload", &[Verb::Reload][..]),
        ("enforce", &[Verb::Enforce]),
        ("verify", &[Verb::Verify]),
        ("release", &[Verb::Release]),
        ("put_away", &[Verb::RemoveModule]),
    ] {
        let commands = verbs.iter().flat_map(|verb| local.commands(*verb, &found, Some(deployment)));
        // What is done as the server's own user, the script does in its own way: here it would be done as root.
        let commands = commands.filter(|command| command.user.is_none());
        let commands: Vec<String> = commands.map(|command| format!("    {}", shell(&command))).collect();
        let body = if commands.is_empty() { "    :".to_owned() } else { commands.join("\n") };
        draft.line(format!("{name}() {{\n{body}\n}}"));
        draft.gap();
    }
    draft.line(if server == Server::Prosody { PROSODY } else { EJABBERD });
    draft.line(COMMON.trim_end());
    draft.file("install.sh")
}

/// Our hosts as words; components with the kind that they are to be of.
fn asked(server: Server, deployment: &Deployment) -> String {
    let sound = |names: &[Name]| -> Vec<String> {
        names.iter().filter(|name| is_host(name)).map(|name| name.ascii().to_owned()).collect()
    };
    let components = sound(&deployment.edge.components).into_iter().map(|name| format!("{name}=muc"));
    let components = components.filter(|_| server == Server::Prosody);
    sound(&deployment.edge.xmpp_domains).into_iter().chain(components).collect::<Vec<_>>().join(" ")
}

/// A command that is to say what it says where it did what it was told.
fn shell(command: &Command) -> String {
    let program = command.program.to_string_lossy().into_owned();
    let expected = command.expects.clone().unwrap_or_default();
    let words = [expected, program].into_iter().chain(command.arguments.iter().cloned());
    let words: Vec<String> = words.map(|word| shell_quote(&word)).collect();
    format!("run {}", words.join(" "))
}
