//! The firewall table as a script: for the Windows firewall, and for the three that Linux machines have.

use super::draft::Draft;
use super::powershell::{self, Command, quote};
use super::product::OutFile;
use crate::edge::{Deployment, Direction, Port};
use crate::text::{Message, Text, say};

/// `lync/60-firewall.ps1`. Rules that would open more than a person may want wait for a variable that the person sets.
pub(super) fn powershell(deployment: &Deployment, text: &Text) -> OutFile {
    let mut draft = Draft::new(text, "#");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-firewall-where"));
    draft.remark(&say("file-firewall-internal"));
    draft.remark(&say("file-firewall-legacy"));
    powershell::parameters(&mut draft, &["[string[]]$Internal", "[switch]$Legacy"]);
    draft.remark(&say("file-firewall-external"));
    draft.line("if (Get-Command -Name New-NetFirewallRule -ErrorAction SilentlyContinue) {");
    rules(&mut draft, deployment.server.traits().ports, text, by_cmdlet);
    draft.line("} elseif ($PSCmdlet.ShouldProcess('netsh')) {");
    draft.remark(&say("file-firewall-netsh"));
    rules(&mut draft, deployment.server.traits().ports, text, by_netsh);
    draft.line("}");
    powershell::file("lync/60-firewall.ps1", draft)
}

/// The rules in three groups, each rule written by `write`.
fn rules(draft: &mut Draft<'_>, ports: &[Port], text: &Text, write: fn(&mut Draft<'_>, &str, &Port, &Text)) {
    let is_legacy = |port: &&Port| port.used_for == "media-legacy";
    let (legacy, current): (Vec<&Port>, Vec<&Port>) = ports.iter().partition(is_legacy);
    let (internal, external): (Vec<&Port>, Vec<&Port>) = current.into_iter().partition(|port| port.internal);
    for port in external {
        write(draft, "    ", port, text);
    }
    draft.line("    if ($Internal) {");
    for port in internal {
        write(draft, "        ", port, text);
    }
    draft.line("    } else {");
    draft.line(format!("        {}", quote(&text.say(&say("file-firewall-internal-skipped")))));
    draft.line("    }");
    draft.line("    if ($Legacy) {");
    for port in legacy {
        write(draft, "        ", port, text);
    }
    draft.line("    }");
}

/// A rule by its cmdlet, where there is none of its name.
fn by_cmdlet(draft: &mut Draft<'_>, indent: &str, port: &Port, text: &Text) {
    let (direction, numbers) = match port.direction {
        Direction::In => ("Inbound", "LocalPort"),
        Direction::Out => ("Outbound", "RemotePort"),
    };
    let name = text.say(&display_name(port));
    let found = Command::new("Get-NetFirewallRule").text("DisplayName", &name).bare("ErrorAction", "SilentlyContinue");
    let rule = Command::new("New-NetFirewallRule")
        .text("DisplayName", &name)
        .bare("Direction", direction)
        .bare("Action", "Allow")
        .bare("Protocol", port.protocol)
        .bare(numbers, &port.numbers());
    let rule = if port.internal { rule.bare("LocalAddress", "$Internal") } else { rule };
    draft.line(format!("{indent}if (-not ({found})) {{ {rule} }}"));
}

/// A rule by netsh, whose exit code says whether there is one of its name.
fn by_netsh(draft: &mut Draft<'_>, indent: &str, port: &Port, text: &Text) {
    let (direction, numbers) = match port.direction {
        Direction::In => ("in", "localport"),
        Direction::Out => ("out", "remoteport"),
    };
    let name = quote(&format!("name={}", text.say(&display_name(port))));
    let address = if port.internal { " ('localip=' + ($Internal -join ','))" } else { "" };
    let protocol = port.protocol;
    let numbers = format!("{numbers}={}", port.numbers());
    draft.line(format!("{indent}$null = netsh advfirewall firewall show rule {name}"));
    draft.line(format!(
        "{indent}if ($LASTEXITCODE) {{ netsh advfirewall firewall add rule {name} 'dir={direction}' 'action=allow' \
         'protocol={protocol}' '{numbers}'{address} }}"
    ));
}

fn display_name(port: &Port) -> Message {
    let name = match (port.direction, port.internal) {
        (Direction::In, false) => say("file-firewall-in"),
        (Direction::Out, false) => say("file-firewall-out"),
        (Direction::In, true) => say("file-firewall-internal-in"),
        (Direction::Out, true) => say("file-firewall-internal-out"),
    };
    // What is there is told by its name, so each has one of its own.
    name.with("use", used_for(port)).with("protocol", port.protocol).with("ports", port.numbers())
}

fn used_for(port: &Port) -> Message {
    say(format!("port-{}", port.used_for))
}

/// `prosody/firewall.sh` and `ejabberd/firewall.sh`, for a POSIX shell.
pub(super) fn shell(deployment: &Deployment, text: &Text) -> OutFile {
    let inbound = || deployment.server.traits().ports.iter().filter(|port| port.direction == Direction::In);
    let protocol = |port: &Port| port.protocol.to_lowercase();
    // One rule in each language; nftables tells its own rule by the comment.
    let accept = |port: &Port| format!("{} dport {} accept", protocol(port), port.numbers());
    let tag = |port: &Port| format!("\"edgewright-{}-{}-{}\"", port.used_for, protocol(port), port.numbers());
    let print = |message: &Message| format!("    printf '%s\\n' {}", shell_quote(&text.say(message)));

    let mut draft = Draft::new(text, "#");
    draft.line("#!/bin/sh");
    draft.remark(&say("file-made").with("name", deployment.first_name()));
    draft.remark(&say("file-shell-where"));
    draft.line("set -eu");
    draft.line("LC_ALL=C");
    draft.line("export LC_ALL");
    draft.gap();
    draft.line("if command -v ufw >/dev/null && ufw status | grep -q '^Status: active'; then");
    for port in inbound() {
        let name = shell_quote(&text.say(&display_name(port)));
        draft.line(format!("    ufw allow {}/{} comment {name}", port.numbers(), protocol(port)));
    }
    draft.line("elif command -v firewall-cmd >/dev/null && firewall-cmd --quiet --state; then");
    for port in inbound() {
        for kind in ["", " --permanent"] {
            draft.line(format!("    firewall-cmd --quiet{kind} --add-port={}/{}", port.numbers(), protocol(port)));
        }
    }
    draft.line("elif command -v nft >/dev/null && chain=$(nft list chain inet filter input 2>/dev/null); then");
    for port in inbound() {
        draft.line("    case $chain in");
        draft.line(format!("    *'{}'*) ;;", tag(port)));
        draft.line(format!("    *) nft insert rule inet filter input {} comment '{}' ;;", accept(port), tag(port)));
        draft.line("    esac");
        draft.line(print(&say("file-shell-not-lasting").with("rule", accept(port))));
    }
    draft.line("else");
    let wanted: Vec<String> = inbound().map(|port| format!("{} {}", port.protocol, port.numbers())).collect();
    draft.line(print(&say("file-shell-unknown").with("ports", wanted.join(", "))));
    draft.line("fi");
    draft.file(&format!("{}/firewall.sh", deployment.server.name()))
}

/// `text` as a single-quoted word of a POSIX shell.
pub(super) fn shell_quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::Server;

    #[test]
    fn every_use_of_a_port_has_a_name_in_the_catalogue() {
        let text = Text::load("en");
        for port in Server::ALL.into_iter().flat_map(|server| server.traits().ports) {
            assert!(text.find(&used_for(port)).is_some(), "port-{}", port.used_for);
        }
    }

    #[test]
    fn a_quote_in_a_shell_word_closes_escapes_and_reopens() {
        assert_eq!(shell_quote("it's $(x)"), r"'it'\''s $(x)'");
    }
}
