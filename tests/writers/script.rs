//! `install.sh` as shells read it; tests/servers.rs has it do what it says.

use std::fs;
use std::process::Command;

use edgewright::edge::{Deployment, Server};
use edgewright::name::Name;

use crate::common::have_all;
use crate::sample::contoso;
use crate::{all_files, file, succeed};

const SERVERS: [Server; 2] = [Server::Prosody, Server::Ejabberd];

/// With names that would be more than names, were they ever read as a shell, as Lua or as a pattern.
fn hostile(server: Server) -> Deployment {
    let mut deployment = contoso(server);
    let names = [
        "it's.example",
        "$(reboot).example",
        "`reboot`.example",
        "'; reboot #",
        "*.example",
        "two words.example",
        "münchen.example",
    ];
    deployment.edge.xmpp_domains.extend(names.map(Name::new));
    deployment.edge.components =
        [&names[..], &["conference.contoso.com"]].concat().into_iter().map(Name::new).collect();
    deployment
}

fn script(server: Server) -> String {
    file(&all_files(&hostile(server)), "install.sh")
}

#[test]
fn shellcheck_has_nothing_to_say() {
    if !have_all(&["shellcheck"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for server in SERVERS {
        let path = folder.path().join(server.name());
        fs::write(&path, script(server)).unwrap();
        succeed(Command::new("shellcheck").args(["--shell=sh", "--severity=style"]).arg(&path));
    }
}

#[test]
fn nothing_that_a_person_said_is_more_than_a_word() {
    for server in SERVERS {
        let script = script(server);
        for name in ["reboot", "it's.example", "*.example", "two words"] {
            assert!(!script.contains(name), "{name} in {script}");
        }
        let (values, _) = script.split_once("\nreload() {").unwrap();
        let tell = format!("{values}\nprintf '%s\\n' \"$hosts\" \"$asked\" \"$say_no_pair\"");
        let told = succeed(Command::new("sh").args(["-c", &tell]));
        let mut hosts =
            vec!["contoso.com", "xn--mnchen-3ya.example", "xn--mnchen-3ya.example", "conference.contoso.com"];
        hosts.push(match server {
            Server::Prosody => {
                "contoso.com xn--mnchen-3ya.example xn--mnchen-3ya.example=muc conference.contoso.com=muc"
            }
            _ => "contoso.com xn--mnchen-3ya.example",
        });
        assert_eq!(told.lines().take(5).collect::<Vec<_>>(), hosts);
    }
}

#[test]
fn it_knows_every_file_beside_it_and_no_other() {
    for server in SERVERS {
        let files = all_files(&hostile(server));
        let script = file(&files, "install.sh");
        let (_, digests) = script.split_once("\ndigests='").unwrap();
        let (digests, _) = digests.split_once('\'').unwrap();
        let folder = tempfile::tempdir().unwrap();
        let beside =
            |path: &str| path.strip_prefix(server.name()).and_then(|path| path.strip_prefix('/')).map(str::to_owned);
        let mut names: Vec<String> = Vec::new();
        for found in &files {
            if let Some(name) = beside(&found.path).filter(|name| name != "firewall.sh") {
                fs::write(folder.path().join(&name), &found.content).unwrap();
                names.push(name);
            }
        }
        let known: Vec<&str> = digests.lines().filter_map(|line| Some(line.split_once("  ")?.1)).collect();
        assert_eq!(known, names);
        let check = format!("printf '%s\\n' '{digests}' | sha256sum --check --strict");
        succeed(Command::new("sh").args(["-c", &check]).current_dir(folder.path()));
    }
}

#[test]
fn a_shell_that_is_not_roots_is_refused_before_anything_else() {
    // Without rights nothing could be changed either, so this may run on a machine that has the servers.
    if !have_all(&["setpriv"]) || !crate::common::have_root() {
        return;
    }
    for server in SERVERS {
        let mut command = Command::new("setpriv");
        command.args([
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "sh",
            "-c",
            &script(server),
            "install.sh",
            "/",
        ]);
        let output = crate::run(&mut command);
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stderr).contains("Only root"), "{output:?}");
    }
}

#[test]
fn it_touches_nothing_of_another_server() {
    for (server, other) in [(Server::Prosody, "ejabberd"), (Server::Ejabberd, "prosody")] {
        let script = script(server);
        let done = script.lines().filter(|line| !line.trim_start().starts_with('#'));
        let wrong: Vec<&str> = done.filter(|line| line.contains(other)).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}
