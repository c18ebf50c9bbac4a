//! With real servers, in namespaces of their own: what is put into service works, what fails is taken back, and our modules
//! hold each partner to his settings. `tests/peers/` has what is played.

mod common;

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use common::{beside, have_all, have_root, is_long, scratch};

const BINARY: &str = env!("CARGO_BIN_EXE_edgewright");
const PROGRAMS: [&str; 9] =
    ["python3", "openssl", "unshare", "setpriv", "strace", "systemd-analyze", "knotd", "prosodyctl", "ejabberdctl"];

/// What `script` says, which is given `what` and a folder; nothing where the servers are missing.
fn played(script: &str, what: impl AsRef<OsStr>) -> Option<String> {
    if !have_all(&PROGRAMS) || !have_root() {
        return None;
    }
    // The servers' own users have to come to what is theirs.
    let folder = scratch();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let output = Command::new("unshare")
        .args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "python3"])
        .args([beside("peers").join(script).as_os_str(), what.as_ref(), folder.path().as_os_str()])
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

fn assets(server: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(server)
}

#[test]
fn a_prosody_and_an_ejabberd_federate_by_certificate_with_what_is_put_into_service() {
    let Some(said) = played("federate.py", BINARY) else { return };
    assert_eq!(said.matches("answered: ").count(), 3, "{said}");
    assert!(said.contains("[('inbound', 'EXTERNAL'), ('outbound', 'EXTERNAL')]"), "{said}");
    assert!(said.contains("[('incoming', 'sasl-over-tls'), ('outgoing', 'sasl-over-tls')]"), "{said}");
    assert!(said.contains("renewed\n") && said.contains("undone\n"), "{said}");
}

#[test]
fn what_is_the_persons_stays_what_fails_is_taken_back_and_what_is_killed_is_ended() {
    let Some(said) = played("apply.py", BINARY) else { return };
    assert_eq!(said.matches("refused or taken back: ").count(), if is_long() { 8 } else { 7 }, "{said}");
    assert_eq!(said.matches("edited since: ").count(), 2, "{said}");
    assert_eq!(said.matches(", killed at ").count(), 4, "{said}");
    for done in ["exchanged and back\n", "looked at daily\n"] {
        assert_eq!(said.matches(done).count(), 2, "{said}");
    }
}

#[test]
fn the_script_does_on_both_servers_what_apply_does() {
    let Some(said) = played("install.py", BINARY) else { return };
    assert_eq!(said.matches("installed, twice, undone, killed ").count(), 2, "{said}");
}

#[test]
fn ejabberd_lets_by_what_the_settings_of_each_partner_say_and_nothing_where_it_cannot_tell() {
    let Some(said) = played("ejabberd.py", assets("ejabberd")) else { return };
    assert_eq!(said.lines().filter(|line| line.starts_with("row ")).count(), 18, "{said}");
    assert!(said.contains("\n0 wrong, "), "{said}");
}

#[test]
fn prosody_enforces_every_partners_settings_and_is_closed_without_the_module() {
    let Some(said) = played("policy.py", assets("prosody")) else { return };
    assert!(said.contains("matrix, strict globals: 108 of 108"), "{said}");
    assert!(said.contains("matrix, lax globals: 108 of 108"), "{said}");
    assert!(said.contains(" 0 failures"), "{said}");
}
