//! The shell script with each of the three firewalls: the real nftables, and stand-ins that note how they are called.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use edgewright::edge::Server;

use crate::common::{have_all, have_root};
use crate::sample::contoso;
use crate::{all_files, file, succeed};

const NO_UFW: &str = "echo 'Status: inactive'";
const NO_FIREWALLD: &str = "exit 252";

#[test]
fn shellcheck_has_nothing_to_say() {
    if !have_all(&["shellcheck"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for server in [Server::Prosody, Server::Ejabberd] {
        let path = folder.path().join(server.name());
        fs::write(&path, script(server)).unwrap();
        succeed(Command::new("shellcheck").args(["--shell=sh", "--severity=style"]).arg(&path));
    }
}

#[test]
fn nftables_gets_the_rule_once_however_often_the_script_runs() {
    if !have_all(&["nft", "unshare"]) || !have_root() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    stand_in(folder.path(), "ufw", NO_UFW);
    stand_in(folder.path(), "firewall-cmd", NO_FIREWALLD);
    let path = folder.path().join("firewall.sh");
    fs::write(&path, script(Server::Prosody)).unwrap();
    let path = path.display();
    let chain = "add chain inet filter input { type filter hook input priority 0; policy drop; }";
    // A network namespace of its own: this machine's firewall stays as it is.
    let story = format!(
        "sh {path} && nft add table inet filter && nft '{chain}' && sh {path} && sh {path} && nft list ruleset"
    );
    let mut command = Command::new("unshare");
    let printed = succeed(command.args(["--net", "sh", "-c", &story]).env("PATH", path_with(folder.path())));
    assert!(printed.contains("No firewall was found"), "{printed}");
    assert_eq!(printed.matches("tcp dport 5269 accept comment \"edgewright-xmpp-tcp-5269\"").count(), 1, "{printed}");
    assert!(!printed.contains("dport 53 "), "only what comes in is opened: {printed}");
}

#[test]
fn an_active_ufw_is_used_before_all_others_and_a_running_firewalld_next() {
    let active = ("ufw", "[ \"$1\" = status ] && echo 'Status: active' || echo \"ufw $*\"");
    let running = ("firewall-cmd", "case $* in *--state*) ;; *) echo \"firewall-cmd $*\" ;; esac");
    for (stand_ins, expected) in [
        (vec![active, running], "ufw allow 5269/tcp comment Edgewright: XMPP federation, in (TCP 5269)\n"),
        (
            vec![("ufw", NO_UFW), running],
            "firewall-cmd --quiet --add-port=5269/tcp\nfirewall-cmd --quiet --permanent --add-port=5269/tcp\n",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        for (name, body) in stand_ins {
            stand_in(folder.path(), name, body);
        }
        let path = folder.path().join("firewall.sh");
        fs::write(&path, script(Server::Ejabberd)).unwrap();
        assert_eq!(succeed(Command::new("sh").arg(&path).env("PATH", path_with(folder.path()))), expected);
    }
}

fn script(server: Server) -> String {
    file(&all_files(&contoso(server)), &format!("{}/firewall.sh", server.name()))
}

fn stand_in(folder: &Path, name: &str, body: &str) {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
}

fn path_with(folder: &Path) -> String {
    format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", folder.display())
}
