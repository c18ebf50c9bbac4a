//! The module for Prosody enforces what the settings say of each partner, in a real Prosody, and nothing passes where it
//! is broken.

mod common;

use std::path::Path;
use std::process::{Command, Stdio};

use common::{beside, have_all, have_root, scratch};

const PROGRAMS: [&str; 7] = ["python3", "openssl", "unshare", "setpriv", "knotd", "prosodyctl", "ejabberdctl"];

#[test]
fn prosody_enforces_every_partners_settings_and_is_closed_without_the_module() {
    if !have_all(&PROGRAMS) || !have_root() {
        return;
    }
    // The servers' own users have to come to what is theirs.
    let folder = scratch();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/prosody");
    let output = Command::new("unshare")
        .args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "python3"])
        .args([beside("peers/policy.py").as_os_str(), assets.as_os_str(), folder.path().as_os_str()])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("matrix, strict globals: 108 of 108"), "{said}");
    assert!(said.contains("matrix, lax globals: 108 of 108"), "{said}");
    assert!(said.contains(" 0 failures"), "{said}");
}
