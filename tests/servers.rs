//! With real servers, in namespaces of their own: what is put into service works, what fails is taken back, and our modules
//! hold each partner to his settings. `tests/peers/` has what is played.

mod common;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use common::{beside, have, have_all, have_folder, have_root, is_long, scratch};

const BINARY: &str = env!("CARGO_BIN_EXE_edgewright");
const PROGRAMS: [&str; 9] =
    ["python3", "openssl", "unshare", "setpriv", "strace", "systemd-analyze", "knotd", "prosodyctl", "ejabberdctl"];

/// What `script` says, which is given `what` and a folder; nothing where the servers are missing.
fn played(script: &str, what: impl AsRef<OsStr>) -> Option<String> {
    play(&[&beside("peers").join(script)], &[], what.as_ref())
}

/// [`played`] within Debian 13, of which it sees a copy of its own.
fn played_on_debian_13(script: &str, what: impl AsRef<OsStr>) -> Option<String> {
    let tree = debian_13()?;
    play(&[&beside("peers/elsewhere.py"), &tree, &beside("peers").join(script)], &[], what.as_ref())
}

/// [`played`] with these servers from Debian 13 and the others from this system.
fn played_with_debian_13(servers: &[&str], script: &str) -> Option<String> {
    let tree = debian_13()?;
    let trees: Vec<(String, &Path)> =
        servers.iter().map(|server| (format!("EDGEWRIGHT_{}_TREE", server.to_uppercase()), &*tree)).collect();
    play(&[&beside("peers").join(script)], &trees, BINARY.as_ref())
}

/// Minutes for what is tested on this system already: where there is time, and `tests/run --long` has made the folder.
fn debian_13() -> Option<PathBuf> {
    is_long().then(|| have_folder("EDGEWRIGHT_DEBIAN_13")).flatten()
}

fn play(script: &[&Path], trees: &[(String, &Path)], what: &OsStr) -> Option<String> {
    if !have_all(&PROGRAMS) || !have_root() {
        return None;
    }
    // The servers' own users have to come to what is theirs.
    let folder = scratch();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let output = Command::new("unshare")
        .args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "python3"])
        .args(script)
        .args([what, folder.path().as_os_str()])
        .envs(trees.iter().map(|(name, tree)| (name, tree)))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    if is_long() {
        println!("{said}");
    }
    Some(said)
}

fn assets(server: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(server)
}

#[test]
fn what_is_wrong_with_a_server_is_found_from_outside() {
    for said in [played("look.py", BINARY), played_on_debian_13("look.py", BINARY)].into_iter().flatten() {
        assert!(
            said.ends_with(
                "names seen\nTLSA seen\nhostile peers seen\nold TLS seen\nbelieved\nways of speaking seen\nwatched\n"
            ),
            "{said}"
        );
    }
}

#[test]
fn what_sip_records_lead_to_is_found_from_outside() {
    let Some(said) = played("sip.py", BINARY) else { return };
    assert!(said.ends_with("own seen\nboth seen\nothers seen\n"), "{said}");
}

/// Only what is shipped is fast, so only it is measured: `tests/run --long` builds it, with the example `peer`.
#[test]
fn many_domains_are_looked_at_in_little_time_and_memory() {
    if is_long() && !cfg!(debug_assertions) {
        let said = played("speed.py", BINARY);
        assert!(said.is_none_or(|said| said.contains("many: ")));
    }
}

#[test]
fn wanted_records_are_set_against_what_every_name_server_holds() {
    if !have("unbound") {
        return;
    }
    let Some(said) = played("records.py", BINARY) else { return };
    assert!(said.ends_with("records seen\nauthorities seen\nname servers seen\nnobody asked\n"), "{said}");
}

#[test]
fn records_are_published_by_signed_updates_and_taken_back() {
    if !have_all(&["named", "pdns_server", "pdnsutil", "nsupdate", "dig"]) {
        return;
    }
    // They mostly wait, each in a namespace of its own.
    let played = ["Knot", "BIND", "PowerDNS"].map(|server| {
        thread::spawn(move || {
            let named = [("EDGEWRIGHT_NAME_SERVER".to_owned(), Path::new(server))];
            play(&[&beside("peers").join("publish.py")], &named, BINARY.as_ref())
        })
    });
    for said in played.into_iter().filter_map(|played| played.join().expect("it is played to its end")) {
        assert!(said.ends_with("published\n"), "{said}");
    }
}

#[test]
fn names_are_validated_from_the_root_as_servers_do_that_look_at_signatures() {
    if !have("unbound") {
        return;
    }
    let Some(said) = played("dnssec.py", BINARY) else { return };
    assert!(said.ends_with("validated\nnothing to tell from\nauthorities seen\n"), "{said}");
}

#[test]
fn the_next_key_is_published_before_it_is_switched_to() {
    let Some(said) = played("tlsa.py", BINARY) else { return };
    assert!(said.ends_with("not signed: said, and not published\nby hand: said\n"), "{said}");
}

#[test]
fn a_prosody_and_an_ejabberd_federate_by_certificate_and_no_message_is_lost_when_it_is_switched() {
    let Some(said) = played("federate.py", BINARY) else { return };
    federated(&said);
}

fn federated(said: &str) {
    assert!(said.contains("answered: "), "{said}");
    assert!(said.contains("[('inbound', 'EXTERNAL'), ('outbound', 'EXTERNAL')]"), "{said}");
    assert!(said.contains("[('incoming', 'sasl-over-tls'), ('outgoing', 'sasl-over-tls')]"), "{said}");
    let times = if is_long() { 20 } else { 1 };
    assert!(said.contains(&format!("\nrenewed {times} times")), "{said}");
    assert!(said.contains(&format!("\nundone {times} times\n")), "{said}");
    assert_eq!(said.matches(", none lost or doubled").count(), 2, "{said}");
    assert!(said.contains("\nstreams that stayed up: 2\n"), "{said}");
}

#[test]
fn a_certificate_for_servers_only_leads_to_what_the_plan_says() {
    let Some(said) = played("purpose.py", BINARY) else { return };
    assert!(
        said.contains("dialback allowed, seen: [('incoming', 'sasl-over-tls'), ('outgoing', 'tls-dialback')]"),
        "{said}"
    );
    assert!(said.contains("dialback off, from Prosody to ejabberd: False"), "{said}");
}

#[test]
fn servers_of_debian_12_and_13_federate_alike() {
    for servers in [&["prosody"][..], &["ejabberd"], &["prosody", "ejabberd"]] {
        let Some(said) = played_with_debian_13(servers, "federate.py") else { return };
        federated(&said);
    }
    let Some(said) = played_with_debian_13(&["ejabberd"], "purpose.py") else { return };
    assert!(said.contains("dialback off, from Prosody to ejabberd: True"), "{said}");
}

#[test]
fn what_is_the_persons_stays_what_fails_is_taken_back_and_what_is_killed_is_ended() {
    for said in [played("apply.py", BINARY), played_on_debian_13("apply.py", BINARY)].into_iter().flatten() {
        assert_eq!(said.matches("refused or taken back: ").count(), if is_long() { 10 } else { 9 }, "{said}");
        assert_eq!(said.matches("edited since: ").count(), 2, "{said}");
        assert_eq!(said.matches(", killed at ").count(), 4, "{said}");
        for done in ["exchanged and back\n", "looked at daily\n", "nothing to do: "] {
            assert_eq!(said.matches(done).count(), 2, "{said}");
        }
        for done in ["stopped, undone all", "by hand, undone all"] {
            assert_eq!(said.matches(done).count(), if is_long() { 2 } else { 1 }, "{said}");
        }
    }
}

#[test]
fn the_script_does_on_both_servers_what_apply_does() {
    for said in [played("install.py", BINARY), played_on_debian_13("install.py", BINARY)].into_iter().flatten() {
        assert_eq!(said.matches("installed, twice, undone, killed ").count(), 2, "{said}");
    }
}

#[test]
fn ejabberd_lets_by_what_the_settings_of_each_partner_say_and_nothing_where_it_cannot_tell() {
    let module = assets("ejabberd");
    for said in [played("ejabberd.py", &module), played_on_debian_13("ejabberd.py", &module)].into_iter().flatten() {
        assert_eq!(said.lines().filter(|line| line.starts_with("row ")).count(), 18, "{said}");
        assert!(said.contains("\n0 wrong, "), "{said}");
    }
}

#[test]
fn prosody_enforces_every_partners_settings_and_is_closed_without_the_module() {
    let module = assets("prosody");
    for said in [played("policy.py", &module), played_on_debian_13("policy.py", &module)].into_iter().flatten() {
        assert!(said.contains("matrix, strict globals: 108 of 108"), "{said}");
        assert!(said.contains("matrix, lax globals: 108 of 108"), "{said}");
        assert!(said.contains(" 0 failures"), "{said}");
    }
}
