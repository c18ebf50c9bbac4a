//! What is called good is good for real: two servers, each with the same pair, verify each other over TLS on loopback.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::common::offers::verdicts;
use super::common::{have_all, scratch};
use super::forge::*;
use super::{Folder, ders, found, pem};
use edgewright::lifecycle::proof::KeyPlace;
use edgewright::problem::any_error;
use time::OffsetDateTime;

/// Where a pair serves: between two ends of OpenSSL that verify each other, between two of which the client shows nothing,
/// and with a client of `GnuTLS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Serves {
    Everywhere,
    /// Not with every version, not by a client, or not with `GnuTLS`, which holds a key to its usage.
    Partly,
    /// With no end of OpenSSL.
    Nowhere,
}

/// A pair, what stands in our trust store, and where it serves ends that know the first root alone.
struct Pair {
    what: &'static str,
    given: Vec<Cert>,
    trust: Vec<Cert>,
    serves: Serves,
}

fn pairs() -> Vec<Pair> {
    use Serves::{Everywhere, Nowhere, Partly};
    let of = |what, leaf: Cert, serves| Pair { what, given: vec![leaf, issuing()], trust: vec![root()], serves };
    let by = |what, issuer: Cert, serves| Pair { what, given: vec![leaf(), issuer], trust: vec![root()], serves };
    let below = |what, roots: Vec<Cert>, serves| Pair { what, given: vec![leaf(), issuing()], trust: roots, serves };
    let rsa = |bits: &[u8]| leaf().key("rsa").usage(bits);
    vec![
        of("the usual leaf", leaf(), Everywhere),
        of("RSA", rsa(&[SIGNATURE]), Everywhere),
        of("RSA, signature and encipherment", rsa(&[SIGNATURE, ENCIPHERMENT]), Everywhere),
        of("no key usage", leaf().without(KEY_USAGE), Everywhere),
        of("signature and agreement", leaf().usage(&[SIGNATURE, AGREEMENT]), Everywhere),
        of("RSA, encipherment alone", rsa(&[ENCIPHERMENT]), Partly),
        of("EC, encipherment alone", leaf().usage(&[ENCIPHERMENT]), Partly),
        of("two encipherments", leaf().usage(&[ENCIPHERMENT, DATA_ENCIPHERMENT]), Partly),
        of("EC, agreement alone", leaf().usage(&[AGREEMENT]), Partly),
        of("RSA, agreement alone", rsa(&[AGREEMENT]), Partly),
        of("EC, commitment alone", leaf().usage(&[COMMITMENT]), Nowhere),
        of("RSA, commitment alone", rsa(&[COMMITMENT]), Nowhere),
        of("EC, data encipherment alone", leaf().usage(&[DATA_ENCIPHERMENT]), Nowhere),
        of("EC, certificates alone", leaf().usage(&[CERT_SIGN]), Nowhere),
        of("EC, CRLs alone", leaf().usage(&[CRL_SIGN]), Nowhere),
        of("RSA, CRLs alone", rsa(&[CRL_SIGN]), Nowhere),
        of("no extended usage", leaf().without(EXTENDED_KEY_USAGE), Everywhere),
        of("for any usage", leaf().extended(&[ANY]), Nowhere),
        of("for mail", leaf().extended(&[MAIL]), Nowhere),
        by("issuer for mail", issuing().extended(&[MAIL]), Nowhere),
        of("Netscape server and client", leaf().with(NETSCAPE_TYPE, bits(&[0, 1])), Everywhere),
        of("Netscape mail", leaf().with(NETSCAPE_TYPE, bits(&[2])), Nowhere),
        of("no authority key", leaf().without(AUTHORITY_KEY), Everywhere),
        of("another authority key", leaf().key_of_issuer(Some("other"), None), Nowhere),
        by("issuer's authority key is another", issuing().key_of_issuer(Some("other"), None), Nowhere),
        below("root's authority key is another", vec![root().key_of_issuer(Some("other"), None)], Nowhere),
        of(
            "another serial of its issuer",
            leaf().key_of_issuer(Some("issuing"), Some((&common_name("root"), &[0x44]))),
            Nowhere,
        ),
        of("named as its issuer", leaf().named(common_name("issuing")).without(SUBJECT_KEY), Nowhere),
        of("key usage of nothing", leaf().with(KEY_USAGE, tlv(5, [])), Nowhere),
        by("issuer limited elsewhere", issuing().limited("DNS:fabrikam.com", ""), Nowhere),
        // What is written is what an end needs that knows the root alone.
        below("issuer in our trust store", vec![root(), issuing()], Everywhere),
        Pair {
            what: "twin in SHA-1 first",
            given: vec![leaf(), issuing().digest("sha1"), issuing()],
            trust: vec![root()],
            serves: Everywhere,
        },
        Pair {
            what: "issuer in our trust store, and not given",
            given: vec![leaf()],
            trust: vec![root(), issuing()],
            serves: Everywhere,
        },
    ]
}

/// A server of OpenSSL that answers each line turned round, and ends with its one client.
struct Server {
    child: Child,
    port: String,
}

/// What both ends are started with: the pair, and what verifies the other.
const BOTH: [&str; 11] = [
    "-cert",
    "leaf.pem",
    "-key",
    "key.pem",
    "-cert_chain",
    "chain.pem",
    "-CAfile",
    "root.pem",
    "-no-CApath",
    "-no-CAstore",
    "-verify_return_error",
];

fn openssl(verb: &str, folder: &Path, options: &[&str]) -> Child {
    let is_alone = fs::read(folder.join("chain.pem")).unwrap().is_empty();
    let both = BOTH.iter().filter(|option| !(is_alone && ["-cert_chain", "chain.pem"].contains(option)));
    let mut command = Command::new("openssl");
    command.arg(verb).args(both).args(options);
    command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

impl Server {
    fn start(folder: &Path, asks: &[&str]) -> Self {
        let options = [&["-accept", "127.0.0.1:0", "-naccept", "1", "-rev"], asks].concat();
        let mut child = openssl("s_server", folder, &options);
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = said.find_map(|line| line.unwrap().strip_prefix("ACCEPT 127.0.0.1:").map(str::to_owned));
        // The rest is read too, so that it never waits.
        std::thread::spawn(move || said.for_each(drop));
        Server { child, port: port.expect("a port") }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether a line comes back.
fn answers(mut child: Child) -> bool {
    let mut stdin = child.stdin.take().unwrap();
    // One that was refused has gone.
    let _ = stdin.write_all(b"gnip\n");
    let is_there =
        BufReader::new(child.stdout.take().unwrap()).lines().any(|line| line.is_ok_and(|line| line == "ping"));
    let _ = child.kill();
    let _ = child.wait();
    is_there
}

/// Whether two ends with this pair talk: the server is verified, and the client too if it is asked for its own.
fn talk(folder: &Path, version: &str, asks: &[&str]) -> bool {
    let server = Server::start(folder, &[&[version], asks].concat());
    let address = format!("127.0.0.1:{}", server.port);
    answers(openssl("s_client", folder, &["-connect", &address, "-quiet", version, "-verify", "5"]))
}

/// Whether a client of `GnuTLS` talks with this pair; it shows nothing itself.
fn talks_gnutls(folder: &Path) -> bool {
    let server = Server::start(folder, &[]);
    let mut command = Command::new("gnutls-cli");
    command.args(["--x509cafile", "root.pem", "--verify-hostname", "contoso.com", "-p", &server.port, "127.0.0.1"]);
    answers(
        command.current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap(),
    )
}

#[test]
fn what_is_called_good_serves_and_what_is_not_does_not() {
    if !have_all(&["openssl", "gnutls-cli"]) {
        return;
    }
    let (keys, place) = (Keys::default(), scratch());
    let mut wrong = Vec::new();
    for (number, Pair { what, given, trust, serves }) in pairs().into_iter().enumerate() {
        let (given, trust) = (ders(&keys, &given), ders(&keys, &trust));
        let proof = found(&keys, &given, &trust, OffsetDateTime::now_utc()).unwrap();
        let Folder(folder) = Folder::write(place.path().join(number.to_string()), &given, &trust, Some(&proof));
        let name = if proof.key == Some(KeyPlace::Request(2)) { "rsa" } else { "leaf" };
        fs::write(folder.join("key.pem"), keys.get(name).serialize_pem()).unwrap();
        fs::write(folder.join("root.pem"), pem(&trust[..1])).unwrap();
        let asks = ["-Verify", "5"];
        let both = [talk(&folder, "-tls1_3", &asks), talk(&folder, "-tls1_2", &asks)];
        let one = talk(&folder, "-tls1_3", &[]);
        let ways = [both[0], both[1], one, talks_gnutls(&folder)];
        let is = match ways {
            [true, true, true, true] => Serves::Everywhere,
            [false, false, false, _] => Serves::Nowhere,
            _ => Serves::Partly,
        };
        let said = verdicts(&proof.findings);
        // What serves everywhere is taken without a word that could keep from using it, and nothing else is.
        let is_quiet = said.is_empty() || said == "warning certificate-strict";
        let is_refused = any_error(&proof.findings);
        if is != serves || is_quiet != (is == Serves::Everywhere) || (is == Serves::Nowhere && !is_refused) {
            wrong.push(format!("{what}: {is:?} {ways:?}, told {serves:?}; said is «{said}»"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
