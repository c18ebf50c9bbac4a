//! Certificates right and wrong, judged side by side: by this program, by OpenSSL as servers use it and as strictly as it
//! can, by `GnuTLS`, by Python's cryptography, and by webpki, which rustls has. What OpenSSL refuses is never taken without
//! a word, nor what webpki refuses.

mod cases;
#[path = "../common/mod.rs"]
mod common;
mod forge;
mod handshakes;
mod pairs;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cases::{Case, cases};
use common::offers::verdicts;
use common::{beside, have_all, have_python, scratch};
use edgewright::edge::{Authority, KeyMaker, Server, Usage};
use edgewright::home::PendingRequest;
use edgewright::lifecycle::proof::{Expected, Proof, prove};
use edgewright::pki::{Certificate, IssuedBundle};
use edgewright::problem::{Code, Problem, Severity, any_error};
use forge::Keys;
use rcgen::CertificateParams;
use time::{Duration, OffsetDateTime};

/// Taken here though OpenSSL refuses it: whoever trusts an issuer has said so to the system.
const TAKEN: &str = "a store without the next";

/// Refused here alone, each for its reason.
const REFUSED: [(&str, &str); 6] = [
    ("two encipherments", HANDSHAKE),
    ("EC, encipherment alone", HANDSHAKE),
    ("EC, agreement alone", HANDSHAKE),
    ("RSA, agreement alone", HANDSHAKE),
    ("an indefinite length", "no DER has one (X.690 10.1); the others do not read what has it"),
    ("more than belongs into an extension", "the one it is in is read by none of them"),
];
const HANDSHAKE: &str = "it is verified, and then it does not serve everywhere: see handshakes.rs";

/// What is wrong with the root alone, and in the eyes of strict peers alone, is not said: it is not sent, and whoever
/// trusts it has chosen it.
const ROOTS: [&str; 3] = ["root without key identifiers", "root without key usage", "root's constraints not critical"];

/// Taken here and by OpenSSL, and refused by webpki by a profile of its own, each for its reason.
const WEBPKI: [(&str, &str); 21] = [
    ("issuer for Netscape SGC", PURPOSE),
    ("issuer for Microsoft SGC", PURPOSE),
    ("Netscape server, critical", "it knows no Netscape extension"),
    ("seven below", DEPTH),
    ("a hundred below", DEPTH),
    ("an issuer and its own successor, none below", "it counts what is issued by itself (RFC 5280 4.2.1.9 does not)"),
    ("excluded for k, name with a Kelvin sign", SYNTAX),
    ("name with a dot at its end, excluded", SYNTAX),
    ("empty name, excluded", SYNTAX),
    ("address with a mask in pieces", "it takes no mask but a prefix"),
    ("mail permitted", CONSTRAINT),
    ("URI permitted", CONSTRAINT),
    ("names permitted", CONSTRAINT),
    ("names excluded elsewhere", CONSTRAINT),
    ("minimum of zero", "it reads no default that is written out, which DER forbids"),
    ("issuer in another case", NAME),
    ("issuer with other blanks", NAME),
    ("issuer in another kind of string", NAME),
    ("issuer in 16 bits", NAME),
    ("organization and name", NAME),
    ("basic constraints of another truth", "DER has one octet for true, and it takes no other"),
];
const PURPOSE: &str = "an issuer's old purposes are none of a server to it";
const DEPTH: &str = "it follows six issuers";
const CONSTRAINT: &str = "it knows constraints of DNS names and addresses, and refuses others";
const NAME: &str = "it compares issuers octet by octet, not as RFC 5280 7.1 has it";
const SYNTAX: &str = "it reads no DNS name that is none";

/// A judge's word, and why where it is no.
type Word = Result<(), String>;

/// A line of the table, judged.
struct Judged {
    case: Case,
    findings: Vec<Problem>,
    /// OpenSSL, OpenSSL strictly, `GnuTLS`, Python, webpki.
    words: Vec<Word>,
}

/// The folder of a case: what would be sent where it is taken, else what was given.
struct Folder(PathBuf);

impl Folder {
    fn write(place: PathBuf, given: &[Vec<u8>], trust: &[Vec<u8>], proof: Option<&Proof>) -> Self {
        let taken = proof.filter(|proof| !any_error(&proof.findings)).and_then(|proof| {
            let issuers = proof.chain.as_ref()?.issuers.iter().map(Certificate::pem);
            Some((proof.certificate.as_ref()?.pem(), issuers.collect::<String>()))
        });
        let given = || (pem(&given[..1]), pem(&given[1..]));
        let (leaf, chain) = taken.unwrap_or_else(given);
        fs::create_dir(&place).unwrap();
        for (name, content) in [
            ("leaf.pem", &leaf),
            ("chain.pem", &chain),
            ("full.pem", &(leaf.clone() + &chain)),
            ("trust.pem", &pem(trust)),
        ] {
            fs::write(place.join(name), content).unwrap();
        }
        Folder(place)
    }

    fn openssl(&self, options: &[&str]) -> Word {
        let has_chain = !fs::read(self.0.join("chain.pem")).unwrap().is_empty();
        let untrusted: &[&str] = if has_chain { &["-untrusted", "chain.pem"] } else { &[] };
        let mut command = Command::new("openssl");
        command.args(["verify", "-no-CApath", "-no-CAstore", "-purpose", "sslserver", "-CAfile", "trust.pem"]);
        self.ask(command.args(options).args(untrusted).arg("leaf.pem"))
    }

    fn gnutls(&self) -> Word {
        let mut command = Command::new("certtool");
        let server = format!("--verify-purpose={}", forge::SERVER);
        self.ask(command.args(["--verify", &server, "--load-ca-certificate", "trust.pem", "--infile", "full.pem"]))
    }

    fn ask(&self, command: &mut Command) -> Word {
        let output = command.current_dir(&self.0).output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&told).replace('\n', " ")) }
    }
}

fn python(folders: &[Folder]) -> Vec<Word> {
    let script = beside("peers/verify_chains.py");
    let output = Command::new("python3").arg(script).args(folders.iter().map(|folder| &folder.0)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let words: Vec<String> = serde_json::from_slice(&output.stdout).unwrap();
    words.into_iter().map(|why| if why.is_empty() { Ok(()) } else { Err(why) }).collect()
}

/// What rustls says of a server that sends these.
fn webpki(folder: &Folder) -> Word {
    use rustls_pki_types::pem::PemObject as _;
    use rustls_pki_types::{CertificateDer, UnixTime};
    let read = |name: &str| -> Vec<CertificateDer<'static>> {
        CertificateDer::pem_file_iter(folder.0.join(name)).map(|all| all.flatten().collect()).unwrap_or_default()
    };
    let (sent, trust) = (read("full.pem"), read("trust.pem"));
    let anchors: Vec<_> = trust.iter().filter_map(|root| webpki::anchor_from_trusted_cert(root).ok()).collect();
    let leaf = sent.first().ok_or("nothing is sent")?;
    let leaf = webpki::EndEntityCert::try_from(leaf).map_err(|error| error.to_string())?;
    let usage = webpki::KeyUsage::server_auth();
    let verified =
        leaf.verify_for_usage(webpki::ALL_VERIFICATION_ALGS, &anchors, &sent[1..], UnixTime::now(), usage, None, None);
    verified.map(drop).map_err(|error| error.to_string())
}

fn pem(certificates: &[Vec<u8>]) -> String {
    certificates.iter().map(|der| pem::encode(&pem::Pem::new("CERTIFICATE", der.as_slice()))).collect()
}

fn ders(keys: &Keys, certificates: &[forge::Cert]) -> Vec<Vec<u8>> {
    certificates.iter().map(|certificate| certificate.der(keys)).collect()
}

/// What is found, as `complete` would.
fn found(keys: &Keys, given: &[Vec<u8>], trust: &[Vec<u8>], now: OffsetDateTime) -> Result<Proof, Problem> {
    let offer = IssuedBundle::read(pem(given).as_bytes(), None)?;
    let names = ["contoso.com", "chat.contoso.com"].map(str::to_owned);
    let request = |(number, name): (u32, &str)| {
        let params = CertificateParams::new(names.to_vec()).unwrap();
        let pem = params.serialize_request(&*keys.get(name)).unwrap().pem().unwrap();
        PendingRequest { number, pem, made: OffsetDateTime::UNIX_EPOCH, purpose: None }
    };
    let expected = Expected {
        requests: &[(1, "leaf"), (2, "rsa")].map(request),
        names: &names,
        server: Server::Prosody,
        key_by: KeyMaker::Edgewright,
        authority: Authority::Public,
        usage: Usage::External,
        partners: &[],
    };
    let trust: Vec<Certificate> = trust.iter().filter_map(|der| Certificate::read(der)).collect();
    Ok(prove(&offer, &expected, &trust, now))
}

fn judge_all() -> Vec<Judged> {
    let (keys, place) = (Keys::default(), scratch());
    let mut found_in = Vec::new();
    let mut folders = Vec::new();
    for (number, case) in cases().into_iter().enumerate() {
        let (given, trust) = (ders(&keys, &case.given), ders(&keys, &case.trust));
        let proof = found(&keys, &given, &trust, OffsetDateTime::now_utc());
        folders.push(Folder::write(place.path().join(number.to_string()), &given, &trust, proof.as_ref().ok()));
        found_in.push((case, proof.map_or_else(|problem| vec![problem], |proof| proof.findings)));
    }
    let python = python(&folders);
    let judged = found_in.into_iter().zip(&folders).zip(python).map(|(((case, findings), folder), python)| {
        let words =
            vec![folder.openssl(&[]), folder.openssl(&["-x509_strict"]), folder.gnutls(), python, webpki(folder)];
        Judged { case, findings, words }
    });
    judged.collect()
}

impl Judged {
    fn is_taken(&self) -> bool {
        !any_error(&self.findings)
    }

    /// What is wrong about the verdict here.
    fn wrong(&self) -> Vec<String> {
        let what = self.case.what.as_str();
        let mut wrong = Vec::new();
        let said = verdicts(&self.findings);
        if said != self.case.said {
            wrong.push(format!("said is «{said}», told «{}»", self.case.said));
        }
        let [usual, strict, ..] = &self.words[..] else { unreachable!() };
        let is_excused = what.starts_with(TAKEN);
        if self.is_taken() && usual.is_err() != is_excused {
            wrong.push(format!("taken, and OpenSSL says {usual:?}"));
        }
        let is_quiet = self.is_taken() && self.findings.iter().all(|finding| finding.code != Code::CertificateStrict);
        if is_quiet && strict.is_err() != (is_excused || ROOTS.contains(&what)) {
            wrong.push(format!("taken quietly, and strictly OpenSSL says {strict:?}"));
        }
        let webpki = self.words.last().expect("five judges");
        if is_quiet && webpki.is_err() != WEBPKI.iter().any(|(refused, _)| *refused == what) {
            wrong.push(format!("taken quietly, and webpki says {webpki:?}"));
        }
        // Whether names are missing is not asked.
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let is_breach = errors.clone().any(|error| error.code != Code::CertificateNameMissing);
        if is_breach && self.words.iter().all(Result::is_ok) != REFUSED.iter().any(|(refused, _)| *refused == what) {
            wrong.push("refused here alone, or not any more".to_owned());
        }
        wrong
    }
}

/// The table for people: `target/judges.txt`.
fn table(judged: &[Judged]) -> String {
    let mut table = String::from("here OpenSSL strict GnuTLS Python webpki\n");
    for one in judged {
        let mark = |is_good: bool| if is_good { "+" } else { "-" };
        let words: Vec<&str> = one.words.iter().map(|word| mark(word.is_ok())).collect();
        let [usual, strict, gnutls, python, webpki] = words[..] else { unreachable!() };
        let (here, what, said) = (mark(one.is_taken()), &one.case.what, verdicts(&one.findings));
        writeln!(table, "{here:^4} {usual:^7} {strict:^6} {gnutls:^6} {python:^6} {webpki:^6} {what}: {said}").unwrap();
    }
    table
}

#[test]
fn nothing_that_openssl_refuses_is_taken_without_a_word() {
    if !have_all(&["openssl", "certtool"]) || !have_python("cryptography") {
        return;
    }
    let judged = judge_all();
    let mut names = BTreeSet::new();
    let twice: Vec<&str> =
        judged.iter().map(|one| one.case.what.as_str()).filter(|what| !names.insert(*what)).collect();
    assert!(twice.is_empty(), "a name comes twice: {twice:?}");
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("judges.txt"), table(&judged)).unwrap();
    let wrong: Vec<String> = judged
        .iter()
        .flat_map(|one| one.wrong().into_iter().map(|wrong| format!("{}: {wrong}", one.case.what)))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), judged.len(), wrong.join("\n"));
}

#[test]
fn the_last_second_counts_to_its_end() {
    let keys = Keys::default();
    let (given, trust) = (ders(&keys, &[forge::leaf(), forge::issuing()]), ders(&keys, &[forge::root()]));
    let ends = Certificate::read(&given[0]).unwrap().not_after;
    let said = |after| verdicts(&found(&keys, &given, &trust, ends + after).unwrap().findings);
    assert_eq!(said(Duration::milliseconds(999)), "warning certificate-ends-soon");
    assert_eq!(said(Duration::SECOND), "error certificate-expired");
    let starts = Certificate::read(&given[0]).unwrap().not_before;
    let said = |before| verdicts(&found(&keys, &given, &trust, starts - before).unwrap().findings);
    assert_eq!(said(Duration::ZERO), "");
    assert_eq!(said(Duration::MILLISECOND), "error certificate-not-yet-valid");
}

#[test]
fn no_root_of_this_system_has_a_flaw_that_peers_refuse() {
    let roots = rustls_native_certs::load_native_certs().certs;
    let roots = roots.iter().filter_map(|der| Certificate::read(der));
    let refused: Vec<String> = roots
        .filter(|root| root.is_ca && !(root.is_sound_issuer() && root.may_issue() && root.is_own_issuer()))
        .map(|root| format!("{}: {:?} {:?}", root.subject, root.flaws(), root.unknown_extension))
        .collect();
    assert!(refused.is_empty(), "{refused:#?}");
}
