//! `complete`: what an authority sent becomes a pair that is switched to, or is refused without a trace.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use edgewright::pki::pfx;
use serde_json::Value;

use crate::common::edge::{Edge, told};
use crate::common::have;
use crate::common::homes::private;
use crate::common::offers::House;
use crate::common::place::{Run, answers, differences};

const PASSWORD: &str = "Sesam, \u{f6}ffne dich!";

/// The house, where there is an `openssl` to found it.
pub fn house() -> Option<House> {
    have("openssl").then(House::founded)
}

/// What lies where it should after request 1 was answered by `leaf`.
pub fn is_in_use(edge: &Edge, leaf: &str) {
    let read = |name: &str| edge.place.read(&format!("home/current/{name}"));
    let issuer = String::from_utf8(edge.house.read("issuing.pem")).unwrap();
    assert_eq!(edge.current(), Some("pairs/1".into()));
    assert_eq!(read("key.pem"), edge.place.read("home/requests/1/key.pem"));
    assert_eq!([read("cert.pem"), read("chain.pem")], [leaf, &issuer].map(str::to_owned));
    assert_eq!(read("fullchain.pem"), format!("{leaf}{issuer}"));
    let at = |name: &str| edge.place.path(&format!("home/current/{name}")).to_str().unwrap().to_owned();
    edge.house.openssl(&format!(
        "verify -x509_strict -purpose sslserver -CAfile root.pem -untrusted {} {}",
        at("chain.pem"),
        at("cert.pem")
    ));
}

/// A PFX of a certificate, the key in `key` and the issuer, in `sent.pfx`, with its password in `password`.
fn write_pfx(edge: &Edge, leaf: &str, key: &str) {
    edge.house.write("leaf.pem", leaf);
    edge.house.write("password", PASSWORD);
    edge.house.openssl(&format!(
        "pkcs12 -export -in leaf.pem -inkey {key} -certfile issuing.pem -passout file:password -out sent.pfx"
    ));
    fs::copy(edge.house.at("sent.pfx"), edge.place.path("sent.pfx")).unwrap();
    private(&edge.place.path("password"), &format!("{PASSWORD}\r\nnot this\n"));
}

#[test]
fn every_wrapping_leads_to_the_same_pair() {
    let Some(house) = house() else { return };
    for wrapping in ["one file", "standard input", "chain apart", "P7B", "PFX"] {
        let edge = Edge::new(&house, "prosody", "");
        let leaf = edge.leaf(1);
        let whole = house.with_issuer(leaf.clone());
        edge.place.write("leaf.crt", &leaf);
        house.write("leaf.pem", &leaf);
        match wrapping {
            "one file" => {
                fs::write(edge.place.path("whole.crt"), &whole).unwrap();
                edge.runs(&["complete", "--certificate", "whole.crt"]);
            }
            "standard input" => {
                let run = edge.fed(&["complete", "--certificate", "-"], &whole);
                assert_eq!(run.code, 0, "{}", run.err);
            }
            "chain apart" => {
                fs::copy(house.at("issuing.pem"), edge.place.path("chain.crt")).unwrap();
                edge.runs(&["complete", "--certificate", "leaf.crt", "--chain", "chain.crt"]);
            }
            "P7B" => {
                let p7b = house.openssl("crl2pkcs7 -nocrl -certfile leaf.pem -certfile issuing.pem -outform DER");
                fs::write(edge.place.path("sent.p7b"), p7b).unwrap();
                edge.runs(&["complete", "--certificate", "sent.p7b"]);
            }
            _ => {
                write_pfx(&edge, &leaf, edge.place.path("home/requests/1/key.pem").to_str().unwrap());
                edge.runs(&["complete", "--certificate", "sent.pfx", "--password-file", "password"]);
            }
        }
        is_in_use(&edge, &leaf);
    }
}

#[test]
fn a_pfx_with_a_key_of_its_own_becomes_a_pair_of_its_own_once() {
    let Some(house) = house() else { return };
    let edge = Edge::new(&house, "prosody", "");
    house.request("stranger", "P-256", "/CN=contoso.com");
    house.write("own.csr", house.read("stranger.csr"));
    let names = "subjectAltName = DNS:contoso.com,DNS:conference.contoso.com";
    write_pfx(&edge, &house.leaf().with(names).days(-1, 89).of("own"), "stranger.key");
    let complete = ["complete", "--certificate", "sent.pfx", "--password-file", "password"];
    edge.runs(&complete);
    assert_eq!(edge.current(), Some("pairs/2".into()));
    let after = edge.listing();
    let again = edge.runs(&complete);
    assert_eq!((told(&again.out), edge.listing()), (vec![], after));
    // The request still waits, and its certificate is taken.
    edge.completed(1);
    assert_eq!(edge.current(), Some("pairs/1".into()));
    // The other one, given once more, is switched back to.
    edge.runs(&complete);
    assert_eq!(edge.current(), Some("pairs/2".into()));
    assert!(!edge.place.path("home/pairs/3").exists());
}

#[test]
fn refusals_tell_everything_at_once_and_leave_every_file_as_it_was() {
    let Some(house) = house() else { return };
    house.request("stranger", "P-256", "/CN=contoso.com");
    for has_pair in [false, true] {
        let edge = Edge::new(&house, "prosody", "");
        if has_pair {
            edge.completed(1);
        }
        let asked = edge.request(1);
        let answer = || house.answer(&asked);
        let narrow = || answer().with("subjectAltName = DNS:contoso.com");
        let send = |what: &[u8]| fs::write(edge.place.path("sent"), what).unwrap();
        let refuses = |codes: &[&str]| edge.refuses(&["complete", "--certificate", "sent"], codes);

        send(&house.with_issuer(answer().of("stranger")));
        refuses(&["certificate-other-key"]);
        send(answer().of("asked").as_bytes());
        refuses(&["certificate-chain-incomplete"]);
        send(&house.with_issuer(answer().days(-90, -1).of("asked")));
        refuses(&["certificate-expired"]);
        send(&house.with_issuer(narrow().of("asked")));
        refuses(&["certificate-name-missing"]);
        send(narrow().days(-90, -1).of("asked").as_bytes());
        refuses(&["certificate-name-missing", "certificate-expired", "certificate-chain-incomplete"]);
        send(narrow().days(-90, -1).of("stranger").as_bytes());
        refuses(&["certificate-other-key"]);
        send(b"soon");
        refuses(&["certificate-unreadable"]);
        fs::remove_file(edge.place.path("sent")).unwrap();
        refuses(&["file-unreadable"]);
        edge.refuses(&["complete", "--certificate", "."], &["file-unreadable"]);

        write_pfx(&edge, &answer().of("asked"), edge.place.path("home/requests/1/key.pem").to_str().unwrap());
        edge.refuses(&["complete", "--certificate", "sent.pfx"], &["certificate-password"]);
        let with = ["complete", "--certificate", "sent.pfx", "--password-file", "password"];
        private(&edge.place.path("password"), "wrong\n");
        edge.refuses(&with, &["certificate-password"]);
        fs::write(edge.place.path("password"), b"\xff\n").unwrap();
        edge.refuses(&with, &["password-unreadable"]);
        fs::remove_file(edge.place.path("password")).unwrap();
        edge.refuses(&with, &["password-unreadable"]);
        assert_eq!(edge.current().is_some(), has_pair);
    }
}

#[test]
fn without_a_home_folder_nothing_is_made_by_what_is_refused() {
    let Some(house) = house() else { return };
    let edge = Edge { place: crate::common::place::Place::with(""), house: &house };
    house.request("stranger", "P-256", "/CN=contoso.com");
    edge.place.write("sent", &house.leaf().days(-1, 89).of("stranger"));
    edge.refuses(&["complete", "--certificate", "sent"], &["home-missing"]);
    assert!(!edge.place.home().exists());
}

#[test]
fn a_certificate_given_again_changes_nothing() {
    let Some(house) = house() else { return };
    for base in ["prosody", "lync"] {
        let edge = Edge::new(&house, base, "");
        edge.completed(1);
        let before = edge.listing();
        let again = edge.runs(&["complete", "--certificate", "1.crt"]);
        assert_eq!((told(&again.out), edge.listing()), (vec![], before));
    }
}

#[test]
fn another_certificate_for_the_same_request_gets_a_pair_of_its_own_and_a_whole_pair_is_never_changed() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    let first = |edge: &Edge| -> Vec<String> {
        ["key", "cert", "chain", "fullchain"].map(|name| edge.place.read(&format!("home/pairs/1/{name}.pem"))).into()
    };
    let before = first(&edge);
    edge.completed(1);
    assert_eq!((edge.current(), first(&edge)), (Some("pairs/2".into()), before));
    assert_eq!(edge.public_key(1), edge.public_key(2));
    // The first, given once more, is in use once more.
    let full = edge.place.read("home/pairs/1/fullchain.pem");
    edge.place.write("first.crt", &full);
    edge.runs(&["complete", "--certificate", "first.crt"]);
    assert_eq!(edge.current(), Some("pairs/1".into()));
    // Nobody reuses the number.
    edge.runs(&["renew"]);
    assert!(edge.place.path("home/requests/3/request.pem").exists());
}

#[test]
fn a_dry_wizard_never_takes_what_it_recorded_for_what_is_there() {
    let Some(house) = house() else { return };
    let edge = Edge::new(&house, "prosody", "");
    edge.send(1, "1.crt");
    let saved = edge.place.read("home/answers.toml");
    edge.place.write("with.toml", &format!("{saved}\n[certificate]\nfile = \"1.crt\"\n"));
    let before = edge.place.listing();
    // Every question keeps what stands in brackets, through the dry execution to the end.
    let run = edge.fed(&["--plain", "--dry-run", "--answers", "with.toml"], &[b'\n'; 200]);
    assert_eq!(edge.place.listing(), before);
    assert_eq!(run.code, 0, "{}", run.err);
    let current = edge.place.home().join("current");
    assert!(run.out.contains("Done"), "it did not come to its end:\n{}", run.out);
    assert_eq!(told(&run.out).iter().rfind(|(_, target)| *target == current), Some(&('+', current.clone())));
}

#[test]
fn a_dry_run_says_what_a_run_does_and_writes_nothing() {
    let Some(house) = house() else { return };
    for (base, edits) in [("prosody", ""), ("lync", ""), ("lync", "request.key_by = \"lync\"")] {
        let edge = Edge::new(&house, base, edits);
        if edits.is_empty() {
            edge.send(1, "sent");
        } else {
            fs::write(edge.place.path("sent"), for_windows(&house)).unwrap();
        }
        let args = ["complete", "--certificate", "sent", "--dry-run"];
        let whole = edge.place.listing();
        let dry = edge.runs(&args);
        assert_eq!(edge.place.listing(), whole, "not even a time");
        let before = edge.listing();
        let run = edge.runs(&args[..3]);
        assert_eq!(told(&dry.out), told(&run.out));
        let planned: BTreeSet<PathBuf> = told(&dry.out).into_iter().map(|(_, target)| target).collect();
        let appeared = differences(&before, &edge.listing()).into_iter();
        assert_eq!(planned, appeared.filter(|path| !path.ends_with("journal.jsonl")).collect(), "{}", dry.out);
    }
    let edge = Edge::new(&house, "prosody", "");
    house.request("stranger", "P-256", "/CN=contoso.com");
    let names = "subjectAltName = DNS:contoso.com,DNS:conference.contoso.com";
    write_pfx(&edge, &house.leaf().with(names).days(-1, 89).of("stranger"), "stranger.key");
    let before = edge.place.listing();
    edge.runs(&["complete", "--certificate", "sent.pfx", "--password-file", "password", "--dry-run"]);
    assert_eq!(edge.place.listing(), before);
}

/// A certificate for a key that is in Windows.
fn for_windows(house: &House) -> Vec<u8> {
    house.request("windows", "rsa:2048", "/CN=sip.contoso.com");
    let names = ["sip.contoso.com", "webcon.contoso.com", "sip.fabrikam.com", "contoso.com"];
    let names = names.map(|name| format!("DNS:{name}")).join(",");
    house.with_issuer(house.leaf().with(&format!("subjectAltName = {names}")).days(-1, 89).of("windows"))
}

#[test]
fn modes_are_right_under_any_umask() {
    let Some(house) = house() else { return };
    for (umask, shared) in [("000", 0o644), ("022", 0o644), ("077", 0o600)] {
        let edge = Edge::new(&house, "lync", "");
        edge.send(1, "sent");
        let mut command = edge.place.command_with_umask(umask, &["complete", "--certificate", "sent"]);
        let run = Run::of(command.env("SSL_CERT_FILE", house.at("root.pem")));
        assert_eq!(run.code, 0, "{}", run.err);
        for (path, entry) in edge.place.listing().iter().filter(|(path, _)| path.starts_with(edge.place.home())) {
            let name = path.file_name().unwrap().to_str().unwrap();
            let mode = match name {
                "current" => continue,
                "cert.pem" | "chain.pem" | "fullchain.pem" => shared,
                _ if entry.content.is_none() => 0o700,
                _ => 0o600,
            };
            assert_eq!(format!("{:o}", entry.mode), format!("{mode:o}"), "{} under {umask}", path.display());
        }
    }
}

#[test]
fn an_issuer_that_the_machine_trusts_is_sent_all_the_same() {
    let Some(house) = house() else { return };
    house.write("trust.pem", [house.read("issuing.pem"), house.read("root.pem")].concat());
    for is_sent in [true, false] {
        let edge = Edge::new(&house, "prosody", "");
        let leaf = edge.leaf(1);
        let sent = if is_sent { house.with_issuer(leaf.clone()) } else { leaf.clone().into_bytes() };
        fs::write(edge.place.path("sent"), sent).unwrap();
        let mut command = edge.place.command_with_umask("022", &["complete", "--certificate", "sent"]);
        let run = Run::of(command.env("SSL_CERT_FILE", house.at("trust.pem")));
        assert_eq!(run.code, 0, "{}", run.err);
        is_in_use(&edge, &leaf);
    }
}

/// No key and no password stands anywhere but in the files made for them.
fn secrets_stay(edge: &Edge, runs: &[Run]) {
    let listing = edge.listing();
    let is_key = |path: &Path| path.ends_with("key.pem");
    let keys = listing.iter().filter(|(path, _)| is_key(path)).filter_map(|(_, entry)| entry.content.clone());
    let secrets: Vec<String> = keys
        .flat_map(|key| String::from_utf8(key).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
        // The last line may be of the public key alone, which stands in the certificate too.
        .filter(|line| !line.starts_with('-') && line.len() == 64)
        .chain([PASSWORD.to_owned()])
        .collect();
    assert!(secrets.len() > 2);
    let given = ["sent", "sent.pfx", "password"].map(|name| edge.place.path(name));
    for (path, entry) in listing.iter().filter(|(path, _)| !is_key(path) && !given.contains(path)) {
        let said = String::from_utf8_lossy(entry.content.as_deref().unwrap_or_default()).into_owned();
        assert!(!secrets.iter().any(|secret| said.contains(secret)), "{}", path.display());
    }
    for run in runs {
        assert!(!secrets.iter().any(|secret| (run.out.clone() + &run.err).contains(secret)), "{}{}", run.out, run.err);
    }
}

#[test]
fn no_secret_leaves_its_file() {
    let Some(house) = house() else { return };
    for base in ["prosody", "lync"] {
        let edge = Edge::new(&house, base, "");
        let with = ["--log", "edge.log", "complete", "--certificate", "sent.pfx", "--password-file", "password"];
        let leaf = edge.leaf(1);
        write_pfx(&edge, &leaf, edge.place.path("home/requests/1/key.pem").to_str().unwrap());
        private(&edge.place.path("password"), "wrong\n");
        let refused = edge.run(&with);
        assert_eq!(refused.code, 1);
        edge.place.write("password", PASSWORD);
        let dry = edge.runs(&[&with[..], &["--dry-run"]].concat());
        let run = edge.runs(&with);
        secrets_stay(&edge, &[refused, dry, run]);
        assert!(edge.place.read("edge.log").contains("pairs/1/key.pem"));
    }
}

#[test]
fn lync_gets_a_script_that_names_the_certificate_whoever_has_the_key() {
    let Some(house) = house() else { return };
    for edits in ["", "request.key_by = \"lync\""] {
        let edge = Edge::new(&house, "lync", edits);
        let in_windows = !edits.is_empty();
        let sent = if in_windows { for_windows(&house) } else { house.with_issuer(edge.leaf(1)) };
        fs::write(edge.place.path("sent"), &sent).unwrap();
        let run = edge.runs(&["complete", "--certificate", "sent"]);
        let script = edge.place.read("home/out/lync/20-certificate.ps1");
        house.write("leaf.pem", &sent);
        let digest = house.openssl("x509 -in leaf.pem -noout -fingerprint -sha1");
        let digest = String::from_utf8(digest).unwrap();
        let thumbprint = digest.trim().rsplit('=').next().unwrap().replace(':', "");
        assert!(script.contains(&format!("$thumbprint = '{thumbprint}'\n")), "{script}");
        assert!(script.contains("Stop-CsWindowsService") && script.contains("Start-CsWindowsService"));
        let sent = if in_windows { "20-certificate.cer" } else { "20-certificate.pfx" };
        assert!(script.contains(sent), "{script}");
        assert_eq!(edge.place.path("home/out/lync/20-certificate.cer").exists(), in_windows);
        assert_eq!(edge.place.path("home/pairs").exists(), !in_windows);
        assert_eq!(edge.current().is_some(), !in_windows);
        assert!(run.err.contains("home/out/lync"), "{}", run.err);
    }
}

#[test]
fn a_certificate_whose_request_is_gone_is_told_from_a_foreign_one() {
    let Some(house) = house() else { return };
    for base in ["prosody", "ejabberd", "lync"] {
        let edge = Edge::new(&house, base, "");
        edge.send(1, "1.crt");
        fs::remove_file(edge.place.path("home/requests/1/request.pem")).unwrap();
        edge.refuses(&["complete", "--certificate", "1.crt"], &["request-missing"]);
        assert_eq!(edge.run(&["status"]).code, 3, "{base}");
        // As the problem says.
        fs::copy(edge.place.path("edge.req"), edge.place.path("home/requests/1/request.pem")).unwrap();
        edge.runs(&["complete", "--certificate", "1.crt"]);
        assert_eq!(edge.current(), Some("pairs/1".into()), "{base}");
    }
}

#[test]
fn the_internal_certificate_has_a_link_of_its_own_beside_the_external_one() {
    let Some(house) = house() else { return };
    let internal = "request.usage = \"internal\"\nedge.internal = \"lsedge.contoso.net\"\nrequest.file = \"2.req\"";
    let edge = Edge::new(&house, "lync", "");
    edge.place.answer(&answers("lync", internal));
    edge.place.applied();
    // Both wait; each is taken for what it was asked for, whatever is in the answers now.
    edge.completed(1);
    assert_eq!((edge.current(), edge.link("current-internal")), (Some("pairs/1".into()), None));
    edge.completed(2);
    let links = ["current", "current-internal"].map(|name| edge.link(name).unwrap());
    assert_eq!(links, ["pairs/1", "pairs/2"].map(PathBuf::from));
    edge.is_whole(&links[1]);
    let script = edge.place.read("home/out/lync/20-certificate-internal.ps1");
    assert!(script.contains("20-certificate-internal.pfx") && script.contains("lsedge.contoso.net"), "{script}");
    let external = edge.place.read("home/out/lync/20-certificate.ps1");
    assert!(external.contains("for sip.contoso.com") && !external.contains("lsedge"), "{external}");
    // The PFX may be put where the script looks for it, as the run said.
    let pfx = edge.place.path("home/out/lync/20-certificate-internal.pfx");
    let told = edge.runs(&["complete", "--certificate", "2.crt"]).err;
    for said in ["--usage internal", pfx.to_str().unwrap(), "20-certificate-internal.ps1"] {
        assert!(told.contains(said), "{said}: {told}");
    }
    private(&edge.place.path("password"), "Loewe\n");
    edge.runs(&["export-pfx", "--usage", "internal", "--out", pfx.to_str().unwrap(), "--password-file", "password"]);
    let key = pfx::read(&fs::read(&pfx).unwrap(), "Loewe").ok().unwrap().key.unwrap();
    assert_eq!(key.pem(), edge.place.read("home/pairs/2/key.pem"));
    // A PFX with a key of its own is for what the answers say, and stays so when its link was never made.
    house.request("stranger", "rsa:2048", "/CN=lsedge.contoso.net");
    let names = "subjectAltName = DNS:lsedge.contoso.net";
    write_pfx(&edge, &house.leaf().with(names).days(-1, 89).of("stranger"), "stranger.key");
    edge.runs(&["complete", "--certificate", "sent.pfx", "--password-file", "password"]);
    assert_eq!(edge.link("current-internal"), Some("pairs/3".into()));
    let journal = edge.place.read("home/journal.jsonl");
    let before_link = journal.lines().filter(|line| !line.contains("\"to\":\"pairs/3\"")).collect::<Vec<_>>();
    edge.place.write("home/journal.jsonl", &(before_link.join("\n") + "\n"));
    fs::remove_file(edge.place.path("home/current-internal")).unwrap();
    std::os::unix::fs::symlink("pairs/2", edge.place.path("home/current-internal")).unwrap();
    edge.runs(&["complete", "--certificate", "2.crt", "--dry-run"]);
    edge.runs(&["complete", "--certificate", "1.crt"]);
    let links = ["current", "current-internal"].map(|name| edge.link(name).unwrap());
    assert_eq!(links, ["pairs/1", "pairs/3"].map(PathBuf::from));
}

#[test]
fn the_journal_tells_of_every_step() {
    let Some(house) = house() else { return };
    let edge = Edge::new(&house, "prosody", "");
    edge.send(1, "sent");
    let before = edge.place.read("home/journal.jsonl").lines().count();
    let run = edge.runs(&["complete", "--certificate", "sent"]);
    let journal = edge.place.read("home/journal.jsonl");
    let entries: Vec<Value> = journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let targets = entries[before..].iter().map(|entry| edge.place.told_of(entry));
    assert_eq!(targets.collect::<Vec<_>>(), told(&run.out).into_iter().map(|(_, target)| target).collect::<Vec<_>>());
    assert_eq!(entries.last().unwrap()["to"], "pairs/1");
}

#[test]
fn what_stands_in_the_way_of_the_link_is_told() {
    let Some(house) = house() else { return };
    let edge = Edge::new(&house, "prosody", "");
    edge.send(1, "sent");
    fs::create_dir(edge.place.path("home/current")).unwrap();
    edge.refuses(&["complete", "--certificate", "sent"], &["file-unwritable"]);
    fs::remove_dir(edge.place.path("home/current")).unwrap();
    edge.place.write("home/current", "theirs");
    edge.refuses(&["complete", "--certificate", "sent"], &["file-unwritable"]);
}

#[test]
fn a_certificate_that_brings_nothing_new_is_said_to() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    let warned = |run: &Run, code: &str| run.err.contains(&format!("warning[{code}]"));
    assert!(warned(&edge.runs(&["complete", "--certificate", "1.crt"]), "certificate-in-use"));
    let earlier = house.answer(&edge.request(1)).days(-1, 80).of("asked");
    fs::write(edge.place.path("earlier"), house.with_issuer(earlier)).unwrap();
    let run = edge.runs(&["complete", "--certificate", "earlier"]);
    assert!(warned(&run, "certificate-ends-earlier") && run.err.contains("pair 1"), "{}", run.err);
    assert_eq!(edge.current(), Some("pairs/2".into()));
    let later = edge.runs(&["complete", "--certificate", "1.crt"]);
    assert!(!later.err.contains("warning["), "{}", later.err);
}

#[test]
fn a_folder_that_is_no_home_is_said_to_be_none() {
    let Some(house) = house() else { return };
    let edge = Edge::served(&house);
    let elsewhere = edge.place.path("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    let elsewhere = elsewhere.to_str().unwrap();
    let run = edge.run(&["--home", elsewhere, "complete", "--certificate", "1.crt"]);
    assert!(run.code == 1 && run.err.contains("[home-missing]"), "{}", run.err);
    assert!(!run.err.contains("certificate-other-key"), "{}", run.err);
}

#[test]
fn where_no_script_installs_it_complete_says_how() {
    let Some(house) = house() else { return };
    for base in ["prosody", "ejabberd"] {
        let edge = Edge::new(&house, base, "");
        let run = edge.completed(1);
        assert!(run.err.contains("as root: sh out/install.sh current"), "{base}: {}", run.err);
    }
}

#[test]
fn a_certificate_that_is_issued_once_more_for_the_same_request_is_the_one_of_these_answers() {
    let Some(house) = house() else { return };
    for base in ["prosody", "lync"] {
        let edge = Edge::new(&house, base, "");
        edge.completed(1);
        let again = house.with_issuer(edge.leaf(1));
        edge.place.write("again.crt", &String::from_utf8_lossy(again.as_ref()));
        edge.runs(&["complete", "--certificate", "again.crt"]);
        assert_eq!(edge.current(), Some("pairs/2".into()), "{base}");
        // Nothing asks for another key or request.
        let plan = edge.place.applied();
        assert!(plan.keeps_all(), "{base}: {}", plan.out);
        assert!(!edge.place.path("home/requests/2").exists());
        assert_eq!(edge.run(&["status"]).code, 0, "{base}");
    }
}
