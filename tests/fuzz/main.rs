//! Damaged input for every reader of text from outside: answers, requests, certificates, names, PFX, encrypted keys.
//! Some seconds here, minutes with `tests/run --long`.
//!
//! libFuzzer needs a nightly compiler; this runs on the one that builds the program. In place of counting branches, an
//! input is kept and damaged further when it led to a verdict that was not seen before. What breaks something is written
//! to `target/tmp/fuzz/`; `FUZZ_SEED` repeats a run.

#[path = "../common/mod.rs"]
mod common;

use std::collections::HashSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use edgewright::edge::{Authority, KeyMaker, Server, Usage};
use edgewright::faces::headless;
use edgewright::form::{Answered, file};
use edgewright::home::{Facts, PendingRequest};
use edgewright::lifecycle::proof::{Expected, prove};
use edgewright::name::Name;
use edgewright::pages;
use edgewright::pki::Subject;
use edgewright::pki::pfx::{self, Contents, Unreadable};
use edgewright::pki::request::{RequestSpec, generate_key, sign};
use edgewright::pki::{Certificate, IssuedBundle, KeyKind, encrypted_key};
use edgewright::text::Text;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair};
use time::OffsetDateTime;

use common::{beside, is_long};

const HOME: &str = "/home/edge/edgewright";

/// An input and those it grew from.
struct Corpus {
    inputs: Vec<Vec<u8>>,
    verdicts: HashSet<String>,
    tokens: &'static [&'static str],
    dice: u64,
}

impl Corpus {
    fn roll(&mut self, sides: usize) -> usize {
        // xorshift (Marsaglia 2003).
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        usize::try_from(self.dice % (sides.max(1) as u64)).unwrap_or_default()
    }

    fn pick(&mut self) -> Vec<u8> {
        let index = self.roll(self.inputs.len());
        self.inputs[index].clone()
    }

    /// One of the inputs, damaged in a few places.
    fn damaged(&mut self) -> Vec<u8> {
        let mut input = self.pick();
        for _ in 0..=self.roll(4) {
            let at = self.roll(input.len() + 1);
            let end = (at + self.roll(16)).min(input.len());
            match self.roll(7) {
                0 if at < input.len() => input[at] ^= 1 << self.roll(8),
                1 if at < input.len() => input[at] = [0, 0x7F, 0x80, 0xFF, b'"', b'\n', b'.'][self.roll(7)],
                2 => drop(input.drain(at..end)),
                3 => {
                    let copy = input[at..end].to_vec();
                    let to = self.roll(input.len() + 1);
                    input.splice(to..to, copy);
                }
                4 => {
                    let other = self.pick();
                    let (from, length) = (self.roll(other.len() + 1), self.roll(200));
                    input.splice(at..end, other[from..(from + length).min(other.len())].iter().copied());
                }
                _ => {
                    let token = self.tokens[self.roll(self.tokens.len())];
                    input.splice(at..at, token.bytes());
                }
            }
        }
        input.truncate(1 << 16);
        input
    }
}

/// Damages `inputs` until the time is over. `read` tells its verdict, and panics where something is wrong.
fn fuzz(name: &str, inputs: Vec<Vec<u8>>, tokens: &'static [&'static str], read: impl Fn(&[u8]) -> String) {
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|seed| seed.parse().ok());
    let now = || u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos()) + 1;
    let seed = seed.unwrap_or_else(now);
    let mut corpus = Corpus { inputs, verdicts: HashSet::new(), tokens, dice: seed };
    // The answers are the largest language of them.
    let time = Duration::from_secs(match name {
        _ if is_long() => 120,
        "answers" => 10,
        _ => 3,
    });
    let start = Instant::now();
    let mut runs = 0;
    while start.elapsed() < time {
        let input = if runs < corpus.inputs.len() { corpus.inputs[runs].clone() } else { corpus.damaged() };
        runs += 1;
        let Ok(verdict) = catch_unwind(AssertUnwindSafe(|| read(&input))) else {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
            fs::create_dir_all(&folder).unwrap();
            let file = folder.join(name);
            fs::write(&file, &input).unwrap();
            panic!("{name}, seed {seed}: see {}", file.display());
        };
        if corpus.verdicts.insert(verdict) {
            corpus.inputs.push(input);
        }
    }
    println!("{name}: {runs} runs, {} verdicts, seed {seed}", corpus.verdicts.len());
    assert!(runs > 100, "{name}: only {runs} runs");
}

#[test]
fn answers_of_any_kind_are_read_and_told() {
    const TOKENS: &[&str] = &[
        "schema = 1\n",
        "[[partners]]\n",
        "[partners]\n",
        "domain = ",
        "'''",
        "\"\"\"",
        "\\u202e",
        "\u{202E}",
        "\0",
        "[",
        "]",
        "{",
        "}",
        ".",
        "=",
        ",",
        "true",
        "false",
        "-1",
        "9223372036854775808",
        "0x",
        "1e9",
        "nan",
        "1979-05-27T07:32:00Z",
        "\r\n",
        "server.kind = \"lync\"\n",
        "\"prosody\"",
        "edge.xmpp_domains = [",
        "names.extra = [",
        "*.",
        "xn--",
        "request.file = ",
        "\"..\"",
        "\"/\"",
        "\"\"",
        "policy.scope = \"user:",
        "security.key = \"rsa-4096\"\n",
        "dns.ttl = ",
    ];
    let files = [
        "answers/lync.toml",
        "answers/prosody.toml",
        "answers/ejabberd.toml",
        "contract/answers.toml",
        "flow/contoso.toml",
    ];
    let inputs = files.map(|file| fs::read(beside(file)).unwrap()).to_vec();
    let text = Text::load("en");
    let facts = Facts::unseen(Path::new(HOME), Path::new(HOME), OffsetDateTime::UNIX_EPOCH);
    fuzz("answers", inputs, TOKENS, |input| {
        let Ok(source) = std::str::from_utf8(input) else { return String::new() };
        let loaded = file::read(source, pages::form(), Path::new(HOME));
        let answered = Answered::new(&loaded.answers, &facts);
        let mut problems = pages::read(&answered, &text).problems;
        loaded.add_lines(&mut problems);
        let said = headless::problems_text(&problems, &text) + &headless::problems_text(&loaded.problems, &text);
        assert!(said.chars().all(|c| c == '\n' || !c.is_control()), "{said:?}");

        // What is saved says the same again, and nothing of it is wrong as a file.
        let saved = file::write(pages::PAGES, &answered);
        let again = file::read(&saved, pages::form(), Path::new(HOME));
        assert_eq!(again.problems, [], "{saved}");
        assert_eq!(file::write(pages::PAGES, &Answered { answers: &again.answers, ..answered }), saved);

        let what = |path: &str| path.chars().filter(|c| !c.is_ascii_digit()).take(40).collect::<String>();
        let codes = problems.iter().chain(&loaded.problems);
        let mut codes: Vec<String> =
            codes.map(|problem| format!("{} {}", problem.code.name(), what(&problem.path))).collect();
        codes.sort();
        codes.dedup();
        codes.join("\n")
    });
}

#[test]
fn requests_of_any_kind_are_read_or_refused() {
    const TOKENS: &[&str] = &[
        "-----BEGIN CERTIFICATE REQUEST-----\n",
        "-----END",
        "\r\n",
        "=",
        "\0",
        "\u{30}\u{80}",
        "\u{c}\u{0}",
        "\u{1e}\u{1}",
    ];
    let key = generate_key(KeyKind::EcdsaP256).unwrap();
    let spec = |names: &[&str], unit: &str, template: &str| RequestSpec {
        key: KeyKind::EcdsaP256,
        subject: Subject { country: "DE".into(), unit: unit.into(), ..Subject::default() },
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        client_eku: !template.is_empty(),
        template: template.into(),
    };
    let specs = [spec(&["contoso.com"], "", ""), spec(&["a.example", "*.b.example"], "Ünit", "WebServer")];
    let pems = specs.map(|spec| sign(&spec, &key).unwrap());
    let ders = pems.each_ref().map(|pem| pem::parse(pem).unwrap().contents().to_vec());
    let read = |pem: &str| match RequestSpec::read(pem) {
        // What is read is what would be written: it names something, and signing it gives the same again.
        Some(spec) => {
            assert!(!spec.names.is_empty());
            if spec.key == KeyKind::EcdsaP256 {
                let again = sign(&spec, &key).map(|pem| RequestSpec::read(&pem));
                assert!(again.is_err() || again == Ok(Some(spec.clone())));
            }
            format!("{:?} {} {}", spec.key, spec.names.len(), spec.template.is_empty())
        }
        None => String::new(),
    };
    fuzz("request-pem", pems.map(String::into_bytes).to_vec(), TOKENS, |input| {
        std::str::from_utf8(input).map(read).unwrap_or_default()
    });
    fuzz("request-der", ders.to_vec(), TOKENS, |input| {
        read(&pem::encode(&pem::Pem::new("CERTIFICATE REQUEST", input.to_vec())))
    });
}

#[test]
fn offers_of_any_kind_are_read_and_proved() {
    const TOKENS: &[&str] = &[
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN PKCS7-----\n",
        "-----BEGIN TRUSTED CERTIFICATE-----\n",
        "-----BEGIN PRIVATE KEY-----\n",
        "-----END CERTIFICATE-----\n",
        "\r\n",
        "> ",
        "=",
        "\0\0",
        "0\u{80}",
        "\u{1b}[2J",
        "\u{c}\u{1}",
        "\u{3}U\u{1d}\u{11}",
        "xn--",
        "*.",
        "Content-Transfer-Encoding: base64\r\n\r\n",
        "Content-Transfer-Encoding: quoted-printable\n\n",
        "\n--a\n",
        "boundary=a\n",
        "=3D",
        "=\n",
        "<br>",
        "<",
        "&#43;",
        "&nbsp;",
    ];
    let authority = |name: &str| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    };
    let (known, unknown) = (authority("Known"), authority("Unknown"));
    let key = KeyPair::generate().unwrap();
    let leaf = |issuer| {
        let names = ["contoso.com".to_owned(), "*.contoso.com".to_owned()];
        let mut params = CertificateParams::new(names).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.signed_by(&key, issuer).unwrap()
    };
    let leaves = [leaf(&known), leaf(&unknown)];
    let pem = leaves.each_ref().map(rcgen::Certificate::pem).concat() + &unknown.pem() + &key.serialize_pem();
    let der = leaves.each_ref().map(|leaf| leaf.der().to_vec()).concat();
    let set = [vec![0xA0, 0x80], der.clone(), vec![0, 0]].concat();
    // ContentInfo { signedData, SignedData { 1, {}, { data }, certificates, {} } }, all of indefinite length.
    let (open, oid) = (b"0\x80", b"\x06\x09*\x86H\x86\xF7\x0D\x01\x07");
    let content_info = [&open[..], oid, b"\x02\xA0\x80"].concat();
    let signed_data = [&open[..], b"\x02\x01\x011\x000\x0B", oid, b"\x01", &set, b"1\0"].concat();
    let p7b = [content_info, signed_data, vec![0; 6]].concat();
    assert_eq!(IssuedBundle::read(&p7b, None).ok().map(|offer| offer.certificates.len()), Some(2));

    let params = CertificateParams::new(["contoso.com".to_owned()]).unwrap();
    let request = params.serialize_request(&key).unwrap().pem().unwrap();
    let requests = [PendingRequest { number: 1, pem: request, made: OffsetDateTime::UNIX_EPOCH, purpose: None }];
    let names = ["contoso.com".to_owned(), "conference.contoso.com".to_owned()];
    let expected = Expected {
        requests: &requests,
        names: &names,
        server: Server::Ejabberd,
        key_by: KeyMaker::Edgewright,
        authority: Authority::Public,
        usage: Usage::External,
        partners: &[],
    };
    let trust = [Certificate::read(known.der()).unwrap()];
    let text = Text::load("en");
    let base64 = pem::encode(&pem::Pem::new("CMS", p7b.clone()));
    let base64: String = base64.lines().filter(|line| !line.starts_with('-')).flat_map(|line| [line, "\n"]).collect();
    let page = pem.replace('\n', "<br>\n").replace('=', "=3D");
    let mail = format!(
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Transfer-Encoding: base64\n\n{base64}\n--a\n\
         Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n{page}\n--a--\n"
    );
    assert!(IssuedBundle::read(mail.as_bytes(), None).is_ok());
    let wide: Vec<u8> = pem.encode_utf16().flat_map(u16::to_le_bytes).collect();
    fuzz("offer", vec![pem.into_bytes(), der, p7b, mail.into_bytes(), wide], TOKENS, |input| {
        let (verdict, findings) = match IssuedBundle::read(input, Some("secret")) {
            Ok(offer) => {
                let proof = prove(&offer, &expected, &trust, OffsetDateTime::UNIX_EPOCH);
                assert!(proof.certificate.is_some() || !proof.findings.is_empty());
                let again: Vec<u8> = offer.certificates.iter().flat_map(|one| one.pem().into_bytes()).collect();
                assert!(IssuedBundle::read(&again, None).is_ok_and(|again| again.certificates == offer.certificates));
                (format!("{:?} {}", proof.key, offer.certificates.len()), proof.findings)
            }
            Err(problem) => (String::new(), vec![problem]),
        };
        let said = headless::problems_text(&findings, &text);
        assert!(said.chars().all(|c| c == '\n' || !c.is_control()), "{said:?}");
        findings.iter().fold(verdict, |verdict, finding| format!("{verdict} {}", finding.code.name()))
    });
}

#[test]
fn names_of_any_kind_are_read_or_refused() {
    const TOKENS: &[&str] = &[
        ".",
        "*.",
        "xn--",
        "-",
        "_",
        "ß",
        "İ",
        "\u{200D}",
        "\u{3002}",
        "\u{202E}",
        "中",
        "1.2.3.4",
        "::1",
        " ",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ];
    let inputs =
        ["contoso.com", "*.contoso.com", "münchen.example", "xn--mnchen-3ya.example", "192.0.2.1", "例え.テスト"];
    fuzz("name", inputs.map(|name| name.as_bytes().to_vec()).to_vec(), TOKENS, |input| {
        let Ok(source) = std::str::from_utf8(input) else { return String::new() };
        let name = Name::new(source);
        if name.is_sound() {
            let again = Name::new(name.ascii());
            assert!(again.is_sound() && again.ascii() == name.ascii(), "{source:?} is {:?}", name.ascii());
            assert!(name.ascii().len() <= 253 && name.ascii().split('.').all(|label| (1..=63).contains(&label.len())));
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.*".contains(c);
            assert!(name.ascii().chars().all(is_plain), "{source:?} is {:?}", name.ascii());
            let typed = Name::new(&name.unicode());
            assert_eq!(typed.ascii(), name.ascii(), "{source:?} is shown as {:?}", name.unicode());
        }
        let _ = (name.registrable(), name.both(), name.under("sip"));
        format!("{:?} {} {}", name.fault(), name.is_wildcard(), name.ascii().split('.').count())
    });
}

/// Of an object identifier its first number: each is unsupported alike.
fn first_word(what: &str) -> String {
    what.split([' ', '.']).next().unwrap_or_default().to_owned()
}

/// With few iterations, so that time goes into reading: what is derived is not read.
#[test]
fn pfx_of_any_kind_are_read_or_refused() {
    const TOKENS: &[&str] = &[
        "\u{30}\u{0}",
        "\u{30}\u{3}\u{2}\u{1}\u{3}",
        "\u{4}\u{0}",
        "\u{24}\u{0}",
        "\u{2}\u{1}\u{0}",
        "\u{2}\u{4}\u{7F}\u{7F}\u{7F}\u{7F}",
        "\u{6}\u{0}",
        "\u{0}\u{0}",
    ];
    let files =
        ["modern", "legacy", "nomac", "open"].map(|name| fs::read(beside(&format!("fuzz/pfx/{name}.pfx"))).unwrap());
    fuzz("pfx", files.to_vec(), TOKENS, |input| match pfx::read_within(input, "fuzz", 1000) {
        Ok(Contents { certificates, key }) => {
            assert!(certificates.iter().map(Vec::len).sum::<usize>() < input.len());
            assert!(key.as_ref().is_none_or(|key| key.der().is_some_and(|der| der.len() < input.len())));
            format!("{} {}", certificates.len(), key.is_some())
        }
        Err(Unreadable::Unsupported(what)) => first_word(&what),
        Err(why) => format!("{why:?}"),
    });
}

#[test]
fn encrypted_keys_of_any_kind_are_opened_or_refused() {
    const TOKENS: &[&str] = &["-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "-----END", "\r\n", "=", "\0", "AAAA"];
    let sealed = fs::read(beside("fuzz/pfx/key.pem")).unwrap();
    fuzz("encrypted-key", vec![sealed], TOKENS, |input| {
        let Ok(pem) = std::str::from_utf8(input) else { return String::new() };
        match encrypted_key::open(pem, "fuzz") {
            Ok(key) => key.der().map_or(0, |der| der.len()).to_string(),
            Err(encrypted_key::Fault::Unsupported(what)) => first_word(&what),
            Err(why) => format!("{why:?}"),
        }
    });
}
