//! The module for ejabberd with a real ejabberd and servers played: every row of the settings in both directions, the types of
//! partners, and that it closes where it cannot enforce. With EDGEWRIGHT_LONG=1 also an error in each hook, and the server started
//! anew with all that can be broken about the module.

mod common;

use std::path::Path;
use std::process::{Command, Stdio};

use common::{have_all, have_root, scratch};

const PROGRAMS: [&str; 5] = ["python3", "openssl", "unshare", "knotd", "ejabberdctl"];

#[test]
fn ejabberd_lets_by_what_the_settings_of_each_partner_say_and_nothing_where_it_cannot_tell() {
    if !have_all(&PROGRAMS) || !have_root() {
        return;
    }
    // The server's own user has to come to what is its.
    let folder = scratch();
    std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("unshare")
        .args(["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", "python3"])
        .args([root.join("tests/peers/ejabberd.py"), root.join("assets/ejabberd"), folder.path().to_path_buf()])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(said.lines().filter(|line| line.starts_with("row ")).count(), 18, "{said}");
    assert!(said.contains("\n0 wrong, "), "{said}");
}
