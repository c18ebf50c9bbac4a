//! Two real servers federate with what Edgewright made, installed by the commands of its to-do list and by nothing else; and
//! still do after a renewal.

mod common;

use std::path::Path;
use std::process::{Command, Stdio};

use common::{have_all, have_root, scratch};

const BINARY: &str = env!("CARGO_BIN_EXE_edgewright");
const PROGRAMS: [&str; 7] = ["python3", "openssl", "unshare", "setpriv", "knotd", "prosodyctl", "ejabberdctl"];

#[test]
fn a_prosody_and_an_ejabberd_federate_by_certificate_with_what_the_to_do_list_says() {
    if !have_all(&PROGRAMS) || !have_root() {
        return;
    }
    // The servers' own users have to come to what is theirs.
    let folder = scratch();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/federate.py");
    let output = Command::new("unshare")
        .args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "python3"])
        .args([script.as_os_str(), BINARY.as_ref(), folder.path().as_os_str()])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.matches("answered: ").count(), 2, "{said}");
    assert!(said.contains("[('inbound', 'EXTERNAL'), ('outbound', 'EXTERNAL')]"), "{said}");
    assert!(said.contains("renewed: True"), "{said}");
}
