//! `complete --ca-file`: the root of a CA of one's own, which the machine does not know.

use std::fs;

use crate::common::edge::{Edge, errors, fed, told};
use crate::common::offers::House;
use crate::common::place::Run;
use crate::complete::{house, is_in_use};

/// The codes that are told here alone.
pub const CODES: [&str; 1] = ["root-not-ca"];

/// An edge whose authority this is; the certificate is in `sent`, and `elsewhere.pem` is a stranger's root.
fn own_authority(house: &House) -> Edge<'_> {
    house.request("elsewhere", "P-256", "/CN=Elsewhere");
    house.authority().keep("elsewhere");
    let edge = Edge::new(house, "prosody", "request.authority = \"private\"");
    edge.send(1, "sent");
    fs::copy(house.at("root.pem"), edge.place.path("root.pem")).unwrap();
    edge
}

/// The program, which believes roots that have nothing to do with the house.
fn among_strangers(edge: &Edge, args: &[&str]) -> Run {
    Run::of(edge.place.command(args).env("SSL_CERT_FILE", edge.house.at("elsewhere.pem")))
}

#[test]
fn an_own_root_is_named_once_and_believed_from_then_on() {
    let Some(house) = house() else { return };
    let edge = own_authority(&house);
    let before = edge.listing();
    let run = |args: &[&str]| among_strangers(&edge, args);
    let refused = run(&["complete", "--certificate", "sent"]);
    assert_eq!((refused.code, errors(&refused.err)), (1, vec!["certificate-root-unknown".to_owned()]));
    assert!(refused.err.contains("O=Example, CN=Root") && refused.err.contains("--ca-file"), "{}", refused.err);
    let named = ["complete", "--certificate", "sent", "--ca-file", "root.pem"];
    let dry = run(&[&named[..], &["--dry-run"]].concat());
    assert_eq!((dry.code, edge.listing()), (0, before), "{}", dry.err);

    let whole = run(&named);
    assert_eq!((whole.code, errors(&whole.err)), (0, vec![]), "{}", whole.err);
    assert_eq!(told(&dry.out), told(&whole.out));
    is_in_use(&edge, &edge.place.read("home/current/cert.pem"));
    let root = edge.place.path("root.pem");
    let answer = format!("root_file = \"{}\"", root.display());
    assert!(edge.place.read("home/answers.toml").contains(&answer), "{}", edge.place.read("home/answers.toml"));

    // The file that the edge came from says nothing of it.
    assert_eq!(run(&["apply", "--answers", "edge.toml"]).code, 0);
    assert_eq!(run(&["renew"]).code, 0);
    edge.send(2, "2.crt");
    let renewed = run(&["complete", "--certificate", "2.crt"]);
    assert_eq!((renewed.code, edge.current()), (0, Some("pairs/2".into())), "{}", renewed.err);
    // It is told where the kept one is gone.
    fs::remove_file(&root).unwrap();
    let gone = run(&["complete", "--certificate", "2.crt"]);
    assert_eq!((gone.code, errors(&gone.err)), (1, vec!["file-unreadable".to_owned()]));
    assert!(gone.err.contains("certificate.root_file"), "{}", gone.err);
}

#[test]
fn several_roots_stand_in_one_file_and_a_pipe_is_not_kept() {
    let Some(house) = house() else { return };
    let edge = own_authority(&house);
    house.request("older", "P-256", "/O=Example/CN=Root");
    house.authority().days(-90, -1).keep("older");
    let roots = ["older.pem", "root.pem"].map(|name| house.read(name)).concat();
    let mut command = edge.place.command(&["complete", "--certificate", "sent", "--ca-file", "/dev/stdin"]);
    command.env("SSL_CERT_FILE", house.at("elsewhere.pem"));
    let run = fed(&mut command, &roots);
    assert_eq!((run.code, edge.current()), (0, Some("pairs/1".into())), "{}", run.err);
    assert!(!edge.place.read("home/answers.toml").contains("root_file"));
}

#[test]
fn line_by_line_issuers_and_root_are_asked_for_as_they_are_missed() {
    let Some(house) = house() else { return };
    let edge = own_authority(&house);
    edge.place.write("leaf.crt", &edge.leaf(1));
    fs::copy(house.at("issuing.pem"), edge.place.path("issuing.pem")).unwrap();
    let hub = among_strangers(&edge, &["--plain"]).out;
    let item = hub.lines().find(|line| line.contains("The certificate has come")).unwrap();
    let item = item.trim().split('.').next().unwrap();
    // The certificate, which is insisted on; its issuer; then the root, after which nothing is wrong.
    let typed = format!("{item}\nleaf.crt\n\nissuing.pem\nroot.pem\n");
    let mut command = edge.place.command(&["--plain"]);
    let run = fed(command.env("SSL_CERT_FILE", house.at("elsewhere.pem")), typed.as_bytes());
    assert!(!run.out.contains("nobody looked"), "{}", run.out);
    let (_, after) = run.out.split_once("Trusted root file []: ").expect(&run.out);
    assert!(!after.contains("error["), "{}", run.out);
}

#[test]
fn what_is_no_root_to_believe_is_refused_for_what_it_is() {
    let Some(house) = house() else { return };
    let edge = own_authority(&house);
    house.request("older", "P-256", "/O=Example/CN=Root");
    house.authority().days(-90, -1).keep("older");
    let refuses = |content: &[u8], code: &str| {
        fs::write(edge.place.path("roots"), content).unwrap();
        let before = edge.listing();
        let run = among_strangers(&edge, &["complete", "--certificate", "sent", "--ca-file", "roots"]);
        assert_eq!((run.code, errors(&run.err)), (1, vec![code.to_owned()]), "{}", run.err);
        assert!(run.err.contains("certificate.root_file"), "{}", run.err);
        assert_eq!(edge.listing(), before);
    };
    refuses(b"soon", "certificate-unreadable");
    refuses(&house.read("older.pem"), "certificate-issuer-expired");
    refuses(&[house.read("root.pem"), edge.leaf(1).into_bytes()].concat(), "root-not-ca");
    refuses(&vec![b'-'; 2 << 20], "certificate-too-large");
    fs::remove_file(edge.place.path("roots")).unwrap();
    let run = among_strangers(&edge, &["complete", "--certificate", "sent", "--ca-file", "roots"]);
    assert_eq!((run.code, errors(&run.err)), (1, vec!["file-unreadable".to_owned()]));
    // A stranger's root is none of it, and proves nothing.
    fs::copy(house.at("elsewhere.pem"), edge.place.path("roots")).unwrap();
    let run = among_strangers(&edge, &["complete", "--certificate", "sent", "--ca-file", "roots"]);
    assert_eq!((run.code, errors(&run.err)), (1, vec!["certificate-root-unknown".to_owned()]));
    assert!(!edge.place.read("home/answers.toml").contains("root_file"));
}
