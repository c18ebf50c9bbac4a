//! What authorities send, made by an authority of OpenSSL's own, and what has to be found in it.

mod made;
mod mails;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use edgewright::edge::{Authority, KeyMaker, Partner, PartnerType, Preset, Server, Usage};
use edgewright::home::PendingRequest;
use edgewright::lifecycle::proof::{Expected, KeyPlace, Proof, prove};
use edgewright::name::Name;
use edgewright::pki::Subject;
use edgewright::pki::request::{RequestSpec, generate_key, sign};
use edgewright::pki::{Certificate, IssuedBundle, KeyKind};
use edgewright::problem::Problem;
use tempfile::TempDir;
use time::macros::{datetime, format_description};
use time::{Duration, OffsetDateTime};

use super::scratch;

/// The day all stories happen on.
pub const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

/// The names that were asked for.
pub const NAMES: [&str; 2] = ["contoso.com", "conference.contoso.com"];

/// An authority's answer, to whom, and what has to be found in it.
#[derive(Clone)]
pub struct Story {
    pub what: &'static str,
    pub offer: fn(&House) -> Vec<u8>,
    /// Every finding in order, `severity code` each, separated by `;`.
    pub findings: &'static str,
    /// Where the key is and how many issuers the chain has; empty where no certificate was found.
    pub proved: &'static str,
    server: Server,
    key_by: KeyMaker,
    authority: Authority,
    usage: Usage,
    preset: Preset,
    password: Option<&'static str>,
}

fn story(what: &'static str, offer: fn(&House) -> Vec<u8>, findings: &'static str) -> Story {
    Story {
        what,
        offer,
        findings,
        proved: "request 1, 1 issuer",
        server: Server::Prosody,
        key_by: KeyMaker::Edgewright,
        authority: Authority::Public,
        usage: Usage::External,
        preset: Preset::Balanced,
        password: None,
    }
}

impl Story {
    fn proved(self, proved: &'static str) -> Self {
        Story { proved, ..self }
    }

    fn on(self, server: Server) -> Self {
        Story { server, ..self }
    }

    fn by_windows(self) -> Self {
        Story { server: Server::Lync, key_by: KeyMaker::Lync, proved: "Windows, 1 issuer", ..self }
    }

    fn privately(self) -> Self {
        Story { authority: Authority::Private, ..self }
    }

    fn inside(self) -> Self {
        Story { usage: Usage::Internal, ..self }
    }

    fn with_partner(self, preset: Preset) -> Self {
        Story { preset, ..self }
    }

    fn with_password(self, password: &'static str) -> Self {
        Story { password: Some(password), ..self }
    }

    /// The codes of the findings.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.findings.split("; ").filter_map(|said| said.split(' ').nth(1))
    }

    /// What is found in the answer.
    pub fn proof(&self, house: &House) -> Result<Proof, Problem> {
        let offer = IssuedBundle::read(&(self.offer)(house), self.password)?;
        let partner = Partner {
            domain: Name::new("fabrikam.com"),
            description: String::new(),
            additional_domains: Vec::new(),
            kind: PartnerType::Federated,
            negotiation: self.preset.negotiation(),
            keep_alive: false,
            accept_clear_text: false,
        };
        let names = NAMES.map(str::to_owned);
        let expected = Expected {
            requests: &house.requests,
            names: &names,
            server: self.server,
            key_by: self.key_by,
            authority: self.authority,
            usage: self.usage,
            partners: &[partner],
        };
        Ok(prove(&offer, &expected, &[house.certificate("root")], NOW))
    }
}

/// How a proof is written in a story.
pub fn summary(proof: &Proof) -> String {
    let place = match proof.key {
        Some(KeyPlace::Request(number)) => format!("request {number}"),
        Some(KeyPlace::IssuedBundle) => "offer".to_owned(),
        Some(KeyPlace::Windows) => "Windows".to_owned(),
        None => "no key".to_owned(),
    };
    match &proof.chain {
        None => String::new(),
        Some(chain) if chain.issuers.len() == 1 => format!("{place}, 1 issuer"),
        Some(chain) => format!("{place}, {} issuers", chain.issuers.len()),
    }
}

/// How findings are written in a story.
pub fn verdicts(findings: &[Problem]) -> String {
    let verdict = |problem: &Problem| format!("{} {}", problem.severity.name(), problem.code.name());
    findings.iter().map(verdict).collect::<Vec<_>>().join("; ")
}

/// A root, an authority below it, and the folder of requests that wait for them.
pub struct House {
    folder: TempDir,
    pub requests: Vec<PendingRequest>,
    issued: AtomicUsize,
}

/// What `openssl ca` is told. The bundled configuration would add extensions of its own.
const SETTINGS: &str = "\
[ca]
default_ca = any
[any]
database = index.txt
new_certs_dir = .
rand_serial = yes
unique_subject = no
policy = policy
default_md = sha256
[policy]
commonName = optional
[req]
distinguished_name = name
[name]
";

const LEAF: [&str; 6] = [
    "basicConstraints = critical,CA:FALSE",
    "keyUsage = critical,digitalSignature",
    "extendedKeyUsage = serverAuth,clientAuth",
    "subjectAltName = DNS:contoso.com,DNS:conference.contoso.com",
    "crlDistributionPoints = URI:http://ca.example.org/ca.crl",
    "authorityKeyIdentifier = keyid",
];
const AUTHORITY: [&str; 3] =
    ["basicConstraints = critical,CA:TRUE", "keyUsage = critical,keyCertSign,cRLSign", "subjectKeyIdentifier = hash"];

impl House {
    pub fn new() -> Self {
        let mut house = House::founded();
        for (number, kind) in [(1, KeyKind::EcdsaP256), (2, KeyKind::Rsa2048)] {
            let key = generate_key(kind).unwrap();
            let spec = RequestSpec {
                key: kind,
                subject: Subject::default(),
                names: NAMES.map(str::to_owned).to_vec(),
                client_eku: false,
                template: String::new(),
            };
            house.write(&format!("{number}.key"), key.pem());
            house.write(&format!("{number}.csr"), sign(&spec, &key).unwrap());
        }
        // Keys that this program does not make.
        house.request("3", "ed25519", "/CN=contoso.com");
        house.request("4", "rsa:1024", "/CN=contoso.com");
        house.request("5", "P-256", "/O=Example/CN=contoso.com");
        house.request("stranger", "P-256", "/CN=contoso.com");
        house.requests = (1..=5)
            .map(|number| PendingRequest {
                number,
                pem: fs::read_to_string(house.at(&format!("{number}.csr"))).unwrap(),
                made: OffsetDateTime::UNIX_EPOCH,
                purpose: None,
            })
            .collect();
        house
    }

    /// The root and the authority below it alone.
    pub fn founded() -> Self {
        let house = House { folder: scratch(), requests: Vec::new(), issued: AtomicUsize::new(0) };
        house.write("ca.cnf", SETTINGS);
        house.write("index.txt", "");
        house.request("root", "P-256", "/O=Example/CN=Root");
        house.authority().keep("root");
        house.request("issuing", "rsa:2048", "/O=Example/CN=Issuing");
        house.authority().by("root").keep("issuing");
        house
    }

    /// The certificate that the request `pem` asks for, valid from yesterday for 90 days.
    pub fn answer(&self, pem: &str) -> Issue<'_> {
        let names = RequestSpec::read(pem).unwrap().names;
        let names: Vec<String> = names.iter().map(|name| format!("DNS:{name}")).collect();
        self.write("asked.csr", pem);
        self.leaf().with(&format!("subjectAltName = {}", names.join(","))).days(-1, 89)
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.at(name), content).unwrap();
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.at(name)).unwrap()
    }

    pub fn certificate(&self, name: &str) -> Certificate {
        Certificate::read(pem::parse(self.read(&format!("{name}.pem"))).unwrap().contents()).unwrap()
    }

    /// Whether `openssl` ends well.
    pub fn accepts(&self, arguments: &str) -> bool {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(&self.folder).output().unwrap();
        output.status.success()
    }

    /// Runs `openssl`; the arguments hold no blanks.
    pub fn openssl(&self, arguments: &str) -> Vec<u8> {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(&self.folder).output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {told}");
        output.stdout
    }

    /// Writes a key and a request for it.
    pub fn request(&self, name: &str, key: &str, subject: &str) {
        let key = match key.strip_prefix("P-") {
            Some(_) => format!("ec -pkeyopt ec_paramgen_curve:{key}"),
            None => key.to_owned(),
        };
        self.openssl(&format!(
            "req -new -config ca.cnf -newkey {key} -nodes -keyout {name}.key -out {name}.csr -subj {subject}"
        ));
    }

    /// A certificate as it should be.
    pub fn leaf(&self) -> Issue<'_> {
        let (lines, dates) = (LEAF.map(str::to_owned).to_vec(), ["20260501", "20260801"].map(str::to_owned));
        Issue { house: self, lines, by: "issuing", dates, digest: "sha256" }
    }

    /// A certificate for an authority, signed by itself until told otherwise.
    pub fn authority(&self) -> Issue<'_> {
        let (lines, dates) = (AUTHORITY.map(str::to_owned).to_vec(), ["20200101", "20400101"].map(str::to_owned));
        Issue { house: self, lines, by: "", dates, digest: "sha256" }
    }

    /// A leaf for request 1, as it should be.
    fn good(&self) -> String {
        self.leaf().of("1")
    }

    /// With its issuer, as it should be.
    pub fn with_issuer(&self, leaf: String) -> Vec<u8> {
        [leaf.into_bytes(), self.read("issuing.pem")].concat()
    }

    /// A leaf for request 1 with this line among its extensions, and its issuer.
    fn extended(&self, line: &str) -> Vec<u8> {
        self.with_issuer(self.leaf().with(line).of("1"))
    }

    /// A P7B of the good leaf and its issuer, in PEM or DER.
    fn p7b(&self, form: &str) -> Vec<u8> {
        self.write("leaf.pem", self.good());
        self.openssl(&format!("crl2pkcs7 -nocrl -certfile leaf.pem -certfile issuing.pem -outform {form}"))
    }

    /// A PFX of the good leaf, its key and its issuer, with the password `secret`.
    fn pfx(&self) -> Vec<u8> {
        self.write("leaf.pem", self.good());
        self.openssl("pkcs12 -export -in leaf.pem -inkey 1.key -certfile issuing.pem -passout pass:secret")
    }
}

fn der(pem: impl AsRef<[u8]>) -> Vec<u8> {
    pem::parse(pem).unwrap().into_contents()
}

/// A certificate that is about to be issued.
pub struct Issue<'a> {
    house: &'a House,
    lines: Vec<String>,
    by: &'a str,
    dates: [String; 2],
    digest: &'a str,
}

impl<'a> Issue<'a> {
    /// Replaces the extension of that name.
    pub fn with(mut self, line: &str) -> Self {
        let name = line.split(" = ").next().unwrap();
        self = self.without(name);
        self.lines.push(line.to_owned());
        self
    }

    fn without(mut self, name: &str) -> Self {
        self.lines.retain(|line| !line.starts_with(name));
        self
    }

    /// `by` is empty for a certificate that signs itself.
    fn by(self, by: &'a str) -> Self {
        Issue { by, ..self }
    }

    fn dates(self, from: &str, to: &str) -> Self {
        Issue { dates: [from, to].map(str::to_owned), ..self }
    }

    /// From one day to another, in days from today.
    pub fn days(self, from: i64, to: i64) -> Self {
        let day = |days| {
            let day = OffsetDateTime::now_utc() + Duration::days(days);
            day.format(format_description!("[year][month][day]")).unwrap()
        };
        self.dates(&day(from), &day(to))
    }

    fn digest(self, digest: &'a str) -> Self {
        Issue { digest, ..self }
    }

    /// Issues it for the request of that name.
    pub fn of(self, request: &str) -> String {
        let number = self.house.issued.fetch_add(1, Ordering::Relaxed);
        self.house.write("extensions.cnf", self.lines.join("\n"));
        let [from, to] = &self.dates;
        let signer = match self.by {
            "" => format!("-selfsign -keyfile {request}.key"),
            by => format!("-cert {by}.pem -keyfile {by}.key"),
        };
        self.house.openssl(&format!(
            "ca -batch -notext -config ca.cnf -extfile extensions.cnf -in {request}.csr \
             -out issued-{number}.pem {signer} -startdate {from}000000Z -enddate {to}000000Z -md {} -preserveDN",
            self.digest
        ));
        String::from_utf8(self.house.read(&format!("issued-{number}.pem"))).unwrap()
    }

    /// Issues it for the request of that name and writes it to its file.
    pub fn keep(self, name: &str) {
        let house = self.house;
        house.write(&format!("{name}.pem"), self.of(name));
    }
}

/// Every story. What is not about a PFX goes without [`pfx_stories`].
pub fn stories() -> Vec<Story> {
    [
        reading_stories(),
        unreadable_stories(),
        key_stories(),
        name_stories(),
        date_stories(),
        use_stories(),
        chain_stories(),
        name_constraint_stories(),
        other_constraint_stories(),
        limit_stories(),
        end_stories(),
        made::made_stories(),
    ]
    .concat()
}

/// The same leaf and issuer in every wrapping, and wrappings without any.
fn both(house: &House) -> String {
    String::from_utf8(house.with_issuer(house.good())).unwrap()
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(unit).collect()
}

fn reading_stories() -> Vec<Story> {
    let plain = vec![
        story("PEM", |house| both(house).into_bytes(), ""),
        story("PEM with Windows line ends", |house| both(house).replace('\n', "\r\n").into_bytes(), ""),
        story("PEM in UTF-16, little end first", |house| utf16(&both(house), u16::to_le_bytes), ""),
        story("PEM in UTF-16, big end first", |house| utf16(&both(house), u16::to_be_bytes), ""),
        story("PEM in UTF-8 with a mark", |house| format!("\u{FEFF}{}", both(house)).into_bytes(), ""),
        story(
            "a mail with a key usage, Latin-1 and quoted lines",
            |house| {
                let quoted = both(house).replace('\n', "\n> ");
                [b"Sch\xF6ne Gr\xFC\xDFe --\n--- \n\nBag Attributes: 30 82\n> ", quoted.as_bytes(), b"\n-- \nCA: yes"]
                    .concat()
            },
            "",
        ),
        story(
            "a mail signed with PGP",
            |house| {
                let escaped = both(house).replace("-----", "- -----").replace("CERTIFICATE- -----", "CERTIFICATE-----");
                let signature = "-----BEGIN PGP SIGNATURE-----\n\niHUEARYKAB0\n-----END PGP SIGNATURE-----\n";
                format!("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nHello\n{escaped}{signature}").into_bytes()
            },
            "",
        ),
        story("the label X509 CERTIFICATE", |house| both(house).replace(" CERT", " X509 CERT").into_bytes(), ""),
        story(
            "OpenSSL's own TRUSTED CERTIFICATE",
            |house| {
                house.write("leaf.pem", house.good());
                let trusted = house.openssl("x509 -in leaf.pem -trustout -addtrust serverAuth -setalias edge");
                assert!(trusted.starts_with(b"-----BEGIN TRUSTED CERTIFICATE"));
                [trusted, house.read("issuing.pem")].concat()
            },
            "",
        ),
        story(
            "DER, one after the other",
            |house| [der(house.good()), house.certificate("issuing").der().to_vec()].concat(),
            "",
        ),
        story(
            "base64 without its first and last line",
            |house| {
                let pem = house.good();
                pem.lines().filter(|line| !line.starts_with('-')).collect::<Vec<_>>().join("\n").into_bytes()
            },
            "error certificate-chain-incomplete",
        )
        .proved("request 1, 0 issuers"),
        story("a P7B in PEM", |house| house.p7b("PEM"), ""),
        story("a P7B in DER", |house| house.p7b("DER"), ""),
        story(
            "a P7B with the label of a certificate",
            |house| String::from_utf8(house.p7b("PEM")).unwrap().replace("PKCS7", "CERTIFICATE").into_bytes(),
            "",
        ),
        story(
            "a P7B with the label CMS",
            |house| String::from_utf8(house.p7b("PEM")).unwrap().replace("PKCS7", "CMS").into_bytes(),
            "",
        ),
        story("a P7B as Java writes it, the other way round", |house| indefinite(&house.p7b("DER")), ""),
        story("a certificate twice", |house| both(house).repeat(2).into_bytes(), ""),
        story(
            "a P7B without certificates",
            |house| {
                // ContentInfo { signedData, SignedData { 1, {}, { data }, certificates {}, signers {} } }
                let mut empty = vec![0x30, 0x25, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02];
                empty.extend([0xA0, 0x18, 0x30, 0x16, 2, 1, 1, 0x31, 0, 0x30, 0x0B, 0x06, 0x09]);
                empty.extend([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01, 0xA0, 0, 0x31, 0]);
                house.write("empty.p7b", &empty);
                house.openssl("pkcs7 -inform DER -in empty.p7b -print_certs");
                empty
            },
            "error certificate-none",
        )
        .proved(""),
        story("too much", |_| vec![b' '; (1 << 20) + 1], "error certificate-too-large").proved(""),
        story(
            "too many",
            |_| {
                let key = rcgen::KeyPair::generate().unwrap();
                let pem = |n: usize| {
                    rcgen::CertificateParams::new([format!("n{n}.com")]).unwrap().self_signed(&key).unwrap().pem()
                };
                (0..201).map(pem).collect::<String>().into_bytes()
            },
            "error certificate-too-large",
        )
        .proved(""),
    ];
    [plain, mails::stories()].concat()
}

fn unreadable_stories() -> Vec<Story> {
    let damaged = |what, offer| story(what, offer, "error certificate-unreadable").proved("");
    vec![
        damaged("nothing", |_| Vec::new()),
        damaged("a letter", |_| b"Your certificate will be issued shortly.".to_vec()),
        damaged("a mail without a certificate", |_| {
            b"Content-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGh0bWw+PGJyPkhlbGxvPC9odG1sPg==\n".to_vec()
        }),
        damaged("a mail whose part is damaged", |house| {
            let mail = "Content-Type: application/pkix-cert\nContent-Transfer-Encoding: base64\n\nMIIC";
            [mail.as_bytes(), &house.good().as_bytes()[64..]].concat()
        }),
        damaged("a web page", |_| b"<!DOCTYPE html>\n<html><body>Download</body></html>".to_vec()),
        damaged("the request", |house| house.read("1.csr")),
        damaged("the request in DER", |house| der(house.read("1.csr"))),
        damaged("the key", |house| house.read("1.key")),
        damaged("the key in DER", |house| der(house.read("1.key"))),
        damaged("a revocation list", |house| {
            house.openssl("ca -gencrl -config ca.cnf -crldays 9 -cert root.pem -keyfile root.key")
        }),
        damaged("PEM without its end", |house| house.good().replace("-----END", "").into_bytes()),
        damaged("PEM with another end", |house| house.good().replace("END CERT", "END X509 CERT").into_bytes()),
        damaged("half a certificate in DER", |house| der(house.good())[..300].to_vec()),
        damaged("half a certificate in PEM", |house| {
            let half = &der(house.good())[..300];
            pem::encode(&pem::Pem::new("CERTIFICATE", half)).into_bytes()
        }),
        damaged("a good certificate and a broken one", |house| {
            (house.good() + &house.good().replace("MII", "MIJ")).into_bytes()
        }),
    ]
}

/// Writes the outer values of a P7B with indefinite lengths (X.690 8.1.3.6), and its certificates in another order.
fn indefinite(p7b: &[u8]) -> Vec<u8> {
    /// The content of the first value, and what follows it.
    fn content(der: &[u8]) -> (&[u8], &[u8]) {
        let (start, length) = match der[1] {
            0x82 => (4, usize::from(der[2]) << 8 | usize::from(der[3])),
            0x81 => (3, usize::from(der[2])),
            short => (2, usize::from(short)),
        };
        der[start..].split_at(length)
    }
    fn open(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        [&[tag, 0x80], &parts.concat()[..], &[0, 0]].concat()
    }
    let (content_info, _) = content(p7b);
    let (content_type, explicit) = content_info.split_at(11);
    let (signed_data, _) = content(content(explicit).0);
    let certificates = signed_data.iter().position(|octet| *octet == 0xA0).unwrap();
    let (before, certificates) = signed_data.split_at(certificates);
    let (certificates, after) = content(certificates);
    let (first, second) = certificates.split_at(certificates.len() - content(certificates).1.len());
    let signed_data = open(0x30, &[before, &open(0xA0, &[second, first]), after]);
    open(0x30, &[content_type, &open(0xA0, &[&signed_data])])
}

fn key_stories() -> Vec<Story> {
    let ten: fn(&House) -> Vec<u8> =
        |house| (0..10).map(|_| house.leaf().of("stranger")).collect::<String>().into_bytes();
    vec![
        story("RSA", |house| house.with_issuer(house.leaf().of("2")), "").proved("request 2, 1 issuer"),
        story("for another key", |house| house.with_issuer(house.leaf().of("stranger")), "error certificate-other-key")
            .proved("no key, 1 issuer"),
        story("ten for other keys", ten, "error certificate-other-key").proved(""),
        story(
            "for the key that came along",
            |house| [house.read("stranger.key"), house.with_issuer(house.leaf().of("stranger"))].concat(),
            "",
        )
        .proved("offer, 1 issuer"),
        story(
            "for the request, though another key came along",
            |house| [house.read("stranger.key"), house.with_issuer(house.good())].concat(),
            "",
        ),
        story(
            "with a certificate for another key",
            |house| [house.leaf().of("stranger").into_bytes(), house.with_issuer(house.good())].concat(),
            "warning certificate-others",
        ),
        story(
            "with the one before for the same key",
            |house| {
                let old = house.leaf().dates("20260401", "20260701").of("1");
                [old.into_bytes(), house.with_issuer(house.good())].concat()
            },
            "warning certificate-others",
        ),
        story("for a key in Windows", |house| house.with_issuer(house.leaf().of("stranger")), "").by_windows(),
        story(
            "for a key in Windows, the right names among two",
            |house| {
                let other = house.leaf().with("subjectAltName = DNS:contoso.com").of("1");
                [other.into_bytes(), house.with_issuer(house.leaf().of("stranger"))].concat()
            },
            "warning certificate-others",
        )
        .by_windows(),
        story("Ed25519", |house| house.with_issuer(house.leaf().of("3")), "warning certificate-ed25519")
            .proved("request 3, 1 issuer"),
        story("Ed25519 for ejabberd", |house| house.with_issuer(house.leaf().of("3")), "error certificate-ed25519")
            .on(Server::Ejabberd)
            .proved("request 3, 1 issuer"),
        story("Ed25519 for Lync", |house| house.with_issuer(house.leaf().of("3")), "error certificate-ed25519")
            .on(Server::Lync)
            .proved("request 3, 1 issuer"),
        story("RSA of 1024 bits", |house| house.with_issuer(house.leaf().of("4")), "error certificate-key-small")
            .proved("request 4, 1 issuer"),
        story(
            "an issuer of 1024 bits",
            |house| {
                house.request("weak", "rsa:1024", "/CN=Weak");
                house.authority().by("root").keep("weak");
                [house.leaf().by("weak").of("1").into_bytes(), house.read("weak.pem")].concat()
            },
            "error certificate-key-small",
        ),
    ]
}

fn name_stories() -> Vec<Story> {
    fn named(house: &House, names: &str) -> Vec<u8> {
        house.extended(&format!("subjectAltName = {names}"))
    }
    let wildcard: fn(&House) -> Vec<u8> = |house| named(house, "DNS:contoso.com,DNS:*.contoso.com");
    let other: fn(&House) -> Vec<u8> =
        |house| named(house, "DNS:contoso.com,DNS:conference.contoso.com,otherName:1.3.6.1.5.5.7.8.5;UTF8:contoso.com");
    vec![
        story("in upper case", |house| named(house, "DNS:Contoso.COM,DNS:CONFERENCE.contoso.com"), ""),
        story(
            "without names",
            |house| house.with_issuer(house.leaf().without("subjectAltName").of("1")),
            "error certificate-name-missing; error certificate-name-missing",
        ),
        story("with one name of two", |house| named(house, "DNS:contoso.com"), "error certificate-name-missing"),
        story(
            "with other names",
            |house| named(house, "DNS:www.contoso.com,DNS:fabrikam.com"),
            "error certificate-name-missing; error certificate-name-missing; warning certificate-name-extra",
        ),
        story(
            "with a name more",
            |house| named(house, "DNS:contoso.com,DNS:conference.contoso.com,DNS:www.contoso.com"),
            "warning certificate-name-extra",
        ),
        story("with a wildcard", wildcard, "warning certificate-wildcard"),
        story("with a wildcard, for Lync", wildcard, "error certificate-wildcard").on(Server::Lync),
        story(
            "with a wildcard alone",
            |house| named(house, "DNS:*.contoso.com"),
            "error certificate-name-missing; warning certificate-wildcard",
        ),
        story(
            "with a wildcard two labels up",
            |house| named(house, "DNS:contoso.com,DNS:*.com"),
            "error certificate-name-missing; warning certificate-name-extra",
        ),
        story(
            "with an address beside the names",
            |house| named(house, "DNS:contoso.com,DNS:conference.contoso.com,IP:192.0.2.1"),
            "",
        ),
        story("with an XMPP address", other, "warning certificate-other-name"),
        story("with an XMPP address, for ejabberd", other, "error certificate-other-name").on(Server::Ejabberd),
        story("with an XMPP address, inside", other, "").on(Server::Lync).inside(),
    ]
}

fn date_stories() -> Vec<Story> {
    fn dated(house: &House, from: &str, to: &str) -> Vec<u8> {
        house.with_issuer(house.leaf().dates(from, to).of("1"))
    }
    vec![
        story("expired", |house| dated(house, "20260301", "20260601"), "error certificate-expired"),
        story("not yet valid", |house| dated(house, "20260602", "20260901"), "error certificate-not-yet-valid"),
        story("ending soon", |house| dated(house, "20260401", "20260630"), "warning certificate-ends-soon"),
        story("200 days", |house| dated(house, "20260501", "20261116"), ""),
        story("over 200 days", |house| dated(house, "20260501", "20261117"), "warning certificate-lifetime"),
        story("over 200 days, from a private authority", |house| dated(house, "20260501", "20300501"), "").privately(),
        story("398 days before the rule", |house| dated(house, "20260314", "20270415"), ""),
        story("over 398 days", |house| dated(house, "20260314", "20270416"), "warning certificate-lifetime"),
        story(
            "over 825 days and long over",
            |house| dated(house, "20190101", "20220101"),
            "error certificate-expired; warning certificate-lifetime",
        ),
    ]
}

fn use_stories() -> Vec<Story> {
    fn used(house: &House, usages: &str) -> Vec<u8> {
        house.extended(&format!("extendedKeyUsage = {usages}"))
    }
    let server_only: fn(&House) -> Vec<u8> = |house| used(house, "serverAuth");
    let unrevokable: fn(&House) -> Vec<u8> =
        |house| house.with_issuer(house.leaf().without("crlDistributionPoints").of("1"));
    let strict = |story: Story| story.with_partner(Preset::Strict);
    vec![
        strict(story("for server and client", |house| house.with_issuer(house.good()), "")),
        story("for anything", |house| used(house, "anyExtendedKeyUsage"), "error certificate-client-only"),
        strict(story(
            "for no usage in particular",
            |house| house.with_issuer(house.leaf().without("extendedKeyUsage").of("1")),
            "",
        )),
        strict(story("for servers only", server_only, "warning certificate-server-only")),
        strict(story("for servers only, inside", server_only, "")).on(Server::Lync).inside(),
        story("for servers only, where dialback is left", server_only, ""),
        story("for clients only", |house| used(house, "clientAuth"), "error certificate-client-only"),
        story("for mail only", |house| used(house, "emailProtection"), "error certificate-client-only"),
        story("with an extension that nobody knows", |house| house.extended("1.2.3.4 = ASN1:NULL"), ""),
        story(
            "with a critical extension that nobody knows",
            |house| house.extended("1.2.3.4 = critical,ASN1:NULL"),
            "error certificate-extension",
        ),
        story(
            "as it was sent to the transparency logs",
            |house| house.extended("1.3.6.1.4.1.11129.2.4.3 = critical,ASN1:NULL"),
            "error certificate-extension",
        ),
        story(
            "by an issuer with a critical extension that nobody knows",
            |house| {
                let issuing = house.authority().by("root").with("1.2.3.4 = critical,ASN1:NULL").of("issuing");
                (house.good() + &issuing).into_bytes()
            },
            "error certificate-extension",
        ),
        story("without revocation list", unrevokable, ""),
        story("without revocation list, for Lync", unrevokable, "warning certificate-no-crl").on(Server::Lync),
        story("with SHA-1", |house| house.with_issuer(house.leaf().digest("sha1").of("1")), "error certificate-sha1"),
        story(
            "with SHA-1 by an EC key",
            |house| house.leaf().by("root").digest("sha1").of("1").into_bytes(),
            "error certificate-sha1",
        )
        .proved("request 1, 0 issuers"),
        story("with SHA-512 by an EC key", |house| house.leaf().by("root").digest("sha512").of("1").into_bytes(), "")
            .proved("request 1, 0 issuers"),
        story(
            "by a P-521 key",
            |house| {
                house.request("p521", "P-521", "/CN=P-521");
                house.authority().by("root").keep("p521");
                let leaves =
                    ["sha256", "sha384", "sha512"].map(|digest| house.leaf().by("p521").digest(digest).of("1"));
                [leaves.concat().into_bytes(), house.read("p521.pem")].concat()
            },
            "warning certificate-others",
        ),
        story(
            "by RSA-PSS",
            |house| {
                house.with_issuer(
                    house.leaf().digest("sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest").of("1"),
                )
            },
            "",
        ),
        // Nothing here can verify that.
        story(
            "by RSA-PSS with SHA-1",
            |house| house.with_issuer(house.leaf().digest("sha1 -sigopt rsa_padding_mode:pss").of("1")),
            "error certificate-sha1; error certificate-algorithm",
        )
        .proved("request 1, 0 issuers"),
        story(
            "with SHA-1 on the issuer",
            |house| {
                let issuing = house.authority().by("root").digest("sha1").of("issuing");
                (house.good() + &issuing).into_bytes()
            },
            "error certificate-sha1",
        ),
    ]
}

fn chain_stories() -> Vec<Story> {
    let incomplete = "error certificate-chain-incomplete";
    vec![
        story("without its issuer", |house| house.good().into_bytes(), incomplete).proved("request 1, 0 issuers"),
        story("with the root", |house| [house.with_issuer(house.good()), house.read("root.pem")].concat(), ""),
        story(
            "the wrong way round",
            |house| [house.read("root.pem"), house.read("issuing.pem"), house.good().into_bytes()].concat(),
            "warning certificate-order",
        ),
        story(
            "issuer first",
            |house| [house.read("issuing.pem"), house.good().into_bytes()].concat(),
            "warning certificate-order",
        ),
        story(
            "with an authority of no concern",
            |house| {
                house.request("other", "P-256", "/CN=Other");
                [house.authority().of("other").into_bytes(), house.with_issuer(house.good())].concat()
            },
            "",
        ),
        story(
            "with an issuer of the right name and the wrong key",
            |house| {
                house.request("namesake", "P-256", "/O=Example/CN=Issuing");
                let namesake = house.authority().by("root").of("namesake");
                (house.good() + &namesake).into_bytes()
            },
            incomplete,
        )
        .proved("request 1, 0 issuers"),
        story(
            "with an issuer and its namesake",
            |house| {
                house.request("namesake", "P-256", "/O=Example/CN=Issuing");
                let namesake = house.authority().by("root").of("namesake");
                [house.good().into_bytes(), namesake.into_bytes(), house.read("issuing.pem")].concat()
            },
            "",
        ),
        story(
            "by an authority that may not sign certificates",
            |house| {
                house.request("signer", "P-256", "/CN=Signer");
                house.authority().by("root").with("keyUsage = cRLSign").keep("signer");
                [house.leaf().by("signer").of("1").into_bytes(), house.read("signer.pem")].concat()
            },
            incomplete,
        )
        .proved("request 1, 0 issuers"),
        story(
            "by an issuer that may not issue",
            |house| {
                house.request("server", "P-256", "/CN=Server");
                house.leaf().without("keyUsage").keep("server");
                let leaf = house.leaf().by("server").of("1");
                [leaf.into_bytes(), house.with_issuer(String::from_utf8(house.read("server.pem")).unwrap())].concat()
            },
            "error certificate-chain-incomplete; warning certificate-others",
        )
        .proved("request 1, 0 issuers"),
    ]
}

/// A leaf for this request, with these names besides, by an authority with this extension, and the authority.
fn limited(house: &House, request: &str, besides: &str, line: &str) -> Vec<u8> {
    house.request("limited", "P-256", "/O=Example/CN=Limited");
    house.authority().by("root").with(line).keep("limited");
    let names = format!("subjectAltName = DNS:contoso.com,DNS:conference.contoso.com{besides}");
    [house.leaf().by("limited").with(&names).of(request).into_bytes(), house.read("limited.pem")].concat()
}

/// A leaf by an authority with these constraints.
fn constrained(house: &House, constraints: &str) -> Vec<u8> {
    limited(house, "1", "", &format!("nameConstraints = critical,{constraints}"))
}

/// A leaf that has this name besides, by an authority with these constraints.
fn besides(house: &House, name: &str, constraints: &str) -> Vec<u8> {
    limited(house, "1", &format!(",{name}"), &format!("nameConstraints = critical,{constraints}"))
}

/// A leaf that has this address besides, by an authority for a network.
fn addressed(house: &House, address: &str) -> Vec<u8> {
    besides(house, &format!("IP:{address}"), "permitted;IP:10.0.0.0/255.0.0.0")
}

/// A leaf for `O=Example, CN=contoso.com` by an authority for such names.
fn organized(house: &House, kind: &str, subject: &str) -> Vec<u8> {
    limited(house, "5", "", &format!("nameConstraints = critical,{kind};dirName:only\n[only]\n{subject}"))
}

/// A leaf by an authority that the root signed twice, once for another domain.
fn crossed(house: &House) -> [Vec<u8>; 3] {
    house.request("twice", "P-256", "/O=Example/CN=Twice");
    house.authority().by("root").with("nameConstraints = critical,permitted;DNS:fabrikam.com").keep("twice");
    let narrow = house.read("twice.pem");
    house.authority().by("root").keep("twice");
    [house.leaf().by("twice").of("1").into_bytes(), narrow, house.read("twice.pem")]
}

const XMPP_ADDRESS: &str = "otherName:1.3.6.1.5.5.7.8.5;UTF8:contoso.com";
/// A leaf by an authority below one that lets so many stand below it.
fn deep(house: &House, limit: u32) -> Vec<u8> {
    house.request("upper", "P-256", "/CN=Upper");
    house.request("lower", "P-256", "/CN=Lower");
    house.authority().by("root").with(&format!("basicConstraints = critical,CA:TRUE,pathlen:{limit}")).keep("upper");
    house.authority().by("upper").keep("lower");
    let leaf = house.leaf().by("lower").of("1");
    [leaf.into_bytes(), house.read("lower.pem"), house.read("upper.pem")].concat()
}

/// Limited to DNS names and addresses.
fn name_constraint_stories() -> Vec<Story> {
    let name = "error certificate-name-constraint";
    vec![
        story("by an authority for this domain", |house| constrained(house, "permitted;DNS:contoso.com"), ""),
        story(
            "by an authority for what is below this domain",
            |house| constrained(house, "permitted;DNS:.contoso.com"),
            name,
        ),
        story("by an authority for another domain", |house| constrained(house, "permitted;DNS:fabrikam.com"), name),
        story(
            "by an authority for two domains",
            |house| constrained(house, "permitted;DNS:fabrikam.com,permitted;DNS:com"),
            "",
        ),
        story(
            "by an authority for all but one name",
            |house| constrained(house, "excluded;DNS:conference.contoso.com"),
            name,
        ),
        story(
            "by an authority for all but another domain",
            |house| constrained(house, "excluded;DNS:fabrikam.com"),
            "",
        ),
        story("by an authority for mail", |house| constrained(house, "permitted;email:fabrikam.com"), ""),
        story(
            "with more to compare than anybody does",
            |house| {
                let many = |kind: &str| {
                    let names: Vec<String> = (0..1100).map(|number| format!(",{kind}{number}.contoso.com")).collect();
                    names.concat()
                };
                let constraints = format!("nameConstraints = critical{}", many("excluded;DNS:x"));
                limited(house, "1", &many("DNS:n"), &constraints)
            },
            "warning certificate-name-extra; error certificate-name-constraint",
        ),
        story("with an address of the authority's network", |house| addressed(house, "10.1.2.3"), ""),
        story("with an address of another network", |house| addressed(house, "192.0.2.1"), name),
        story("with an address of another kind", |house| addressed(house, "2001:db8::1"), name),
    ]
}

/// Limited to names of other kinds.
fn other_constraint_stories() -> Vec<Story> {
    let name = "error certificate-name-constraint";
    vec![
        story("by an authority for its organization", |house| organized(house, "permitted", "O = EXAMPLE"), "")
            .proved("request 5, 1 issuer"),
        story("by an authority for another organization", |house| organized(house, "permitted", "O = Exam"), name)
            .proved("request 5, 1 issuer"),
        story(
            "by an authority for a name that reads as two",
            |house| organized(house, "permitted", "O = Example\\, CN=contoso.com"),
            name,
        )
        .proved("request 5, 1 issuer"),
        story("by an authority for others", |house| organized(house, "excluded", "O = Example\\, Inc."), "")
            .proved("request 5, 1 issuer"),
        story("with mail for its authority", |house| besides(house, "email:a@b.org", "permitted;email:b.org"), ""),
        story("with mail for another", |house| besides(house, "email:a@c.org", "permitted;email:b.org"), name),
        story("with mail that is excluded", |house| besides(house, "email:a@b.org", "excluded;email:b.org"), name),
        story(
            "with a URI of its authority",
            |house| besides(house, "URI:https://x.b.org/", "permitted;URI:.b.org"),
            "",
        ),
        story("with a URI that is excluded", |house| besides(house, "URI:https://b.org/", "excluded;URI:b.org"), name),
        story(
            "with an otherName that nobody can compare",
            |house| besides(house, XMPP_ADDRESS, &format!("excluded;{XMPP_ADDRESS}")),
            "warning certificate-other-name; error certificate-name-constraint",
        ),
        story(
            "with an otherName of another kind than the constraints",
            |house| besides(house, XMPP_ADDRESS, "permitted;otherName:1.3.6.1.4.1.311.20.2.3;UTF8:contoso.com"),
            "warning certificate-other-name",
        ),
    ]
}

/// Limited in depth and usage, and those with a choice of issuers.
fn limit_stories() -> Vec<Story> {
    let deeper = "error certificate-path-length";
    vec![
        story("by an issuer that may, after its twin that may not", |house| crossed(house).concat(), ""),
        story(
            "by an issuer that may, before its twin that may not",
            |house| {
                let [leaf, narrow, wide] = crossed(house);
                [leaf, wide, narrow].concat()
            },
            "",
        ),
        story(
            "below a root for mail certificates",
            |house| {
                house.request("mail", "P-256", "/CN=Mail");
                house.authority().with("extendedKeyUsage = emailProtection").keep("mail");
                [house.leaf().by("mail").of("1").into_bytes(), house.read("mail.pem")].concat()
            },
            "error certificate-client-only; error certificate-root-unknown",
        )
        .proved("request 1, 0 issuers"),
        story(
            "below a root for another domain",
            |house| {
                house.request("narrow", "P-256", "/CN=Narrow");
                house.authority().with("nameConstraints = critical,permitted;DNS:fabrikam.com").keep("narrow");
                [house.leaf().by("narrow").of("1").into_bytes(), house.read("narrow.pem")].concat()
            },
            "error certificate-root-unknown; error certificate-name-constraint",
        )
        .proved("request 1, 0 issuers"),
        story("below two authorities, where one may stand below the other", |house| deep(house, 1), "")
            .proved("request 1, 2 issuers"),
        story("below two authorities, where none may stand below the other", |house| deep(house, 0), deeper)
            .proved("request 1, 2 issuers"),
        story(
            "by an authority for mail certificates",
            |house| limited(house, "1", "", "extendedKeyUsage = emailProtection"),
            "error certificate-client-only",
        ),
        story(
            "by an authority for server certificates",
            |house| limited(house, "1", "", "extendedKeyUsage = serverAuth"),
            "warning certificate-server-only",
        )
        .with_partner(Preset::Strict),
    ]
}

fn end_stories() -> Vec<Story> {
    vec![
        story(
            "with a root that nobody knows",
            |house| {
                house.request("private", "P-256", "/CN=Private");
                house.authority().keep("private");
                [house.leaf().by("private").of("1").into_bytes(), house.read("private.pem")].concat()
            },
            "error certificate-root-unknown",
        )
        .proved("request 1, 0 issuers"),
        story(
            "by a new root that the known one signed",
            |house| {
                house.request("new", "P-256", "/CN=New");
                house.authority().keep("new");
                let crossed = house.authority().by("root").of("new");
                [house.leaf().by("new").of("1").into_bytes(), house.read("new.pem"), crossed.into_bytes()].concat()
            },
            "",
        ),
        story(
            "by two that signed each other",
            |house| {
                house.request("left", "P-256", "/CN=Left");
                house.request("right", "P-256", "/CN=Right");
                house.authority().keep("left");
                house.authority().keep("right");
                let left = house.authority().by("right").of("left");
                let right = house.authority().by("left").of("right");
                (house.leaf().by("left").of("1") + &left + &right).into_bytes()
            },
            "error certificate-chain-incomplete",
        )
        .proved("request 1, 2 issuers"),
        story(
            "by an issuer that has expired",
            |house| {
                let expired = house.authority().by("root").dates("20200101", "20260501").of("issuing");
                (house.good() + &expired).into_bytes()
            },
            "error certificate-issuer-expired",
        ),
        story(
            "by an issuer that has expired, and its successor",
            |house| {
                let expired = house.authority().by("root").dates("20200101", "20260501").of("issuing");
                [house.good().into_bytes(), expired.into_bytes(), house.read("issuing.pem")].concat()
            },
            "",
        ),
        story(
            "signed by itself",
            |house| house.leaf().without("authorityKey").by("").of("1").into_bytes(),
            "error certificate-self-signed",
        )
        .proved("request 1, 0 issuers"),
        story(
            "signed by itself, as an authority",
            |house| {
                house
                    .leaf()
                    .without("authorityKey")
                    .with("basicConstraints = CA:TRUE")
                    .with("keyUsage = keyCertSign")
                    .by("")
                    .of("1")
                    .into_bytes()
            },
            "error certificate-key-usage; error certificate-self-signed",
        )
        .proved("request 1, 0 issuers"),
        story(
            "authorities only",
            |house| [house.read("issuing.pem"), house.read("root.pem")].concat(),
            "error certificate-is-ca",
        )
        .proved(""),
        story(
            "an authority with our key",
            |house| house.extended("basicConstraints = CA:TRUE"),
            "error certificate-is-ca; warning certificate-strict",
        ),
    ]
}

/// What only happens with a PFX.
pub fn pfx_stories() -> Vec<Story> {
    vec![
        story("a PFX", House::pfx, "").with_password("secret"),
        story("a PFX without the password", House::pfx, "error certificate-password").proved(""),
        story("a PFX with a wrong password", House::pfx, "error certificate-password")
            .with_password("Secret")
            .proved(""),
        story(
            "a PFX for a key that only it has",
            |house| {
                house.write("leaf.pem", house.leaf().of("stranger"));
                house.openssl(
                    "pkcs12 -export -in leaf.pem -inkey stranger.key -certfile issuing.pem -passout pass:secret",
                )
            },
            "",
        )
        .with_password("secret")
        .proved("offer, 1 issuer"),
        story("half a PFX", |house| house.pfx()[..500].to_vec(), "error certificate-unreadable")
            .with_password("secret")
            .proved(""),
    ]
}
