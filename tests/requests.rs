//! The certificate requests and keys, read by OpenSSL, `certtool` and Python's `cryptography`, every value compared.
//! Certificates issued from the requests are judged by `pkilint`.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use edgewright::edge::{Deployment, DnsSettings, Edge, Federation, Policy, RequestSettings, Server, names};
use edgewright::name::Name;
use edgewright::pki::Subject;
use edgewright::pki::request::{RequestSpec, generate_key, sign};
use edgewright::pki::{KeyKind, PrivateKey};
use serde_json::{Value, json};

use common::{beside, have, have_python, scratch};

/// One key of each kind, made once: the large ones take a second each.
static KEYS: LazyLock<Vec<PrivateKey>> =
    LazyLock::new(|| KeyKind::ALL.into_iter().map(|kind| generate_key(kind).unwrap()).collect());

fn key(kind: KeyKind) -> &'static PrivateKey {
    &KEYS[KeyKind::ALL.iter().position(|other| *other == kind).unwrap()]
}

/// The external edge of contoso.com with these SIP and XMPP domains, as the worked examples of the product's «Certificate
/// summary» topics have it.
fn contoso(sip_domains: &[&str], xmpp_domains: &[&str], settings: RequestSettings) -> RequestSpec {
    let read = |names: &[&str]| names.iter().map(|name| Name::new(name)).collect::<Vec<_>>();
    let mut deployment = Deployment {
        install: None,
        makes_rooms: false,
        drops_streams: false,
        server: Server::Lync,
        edge: Edge {
            access: Some(Name::new("sip.contoso.com")),
            web_conferencing: Some(Name::new("webcon.contoso.com")),
            av: Some(Name::new("av.contoso.com")),
            internal: Some(Name::new("lsedge.contoso.net")),
            sip_domains: read(sip_domains),
            xmpp_domains: read(xmpp_domains),
            ..Edge::default()
        },
        request: settings,
        ticked_sip_domains: read(sip_domains),
        extra_names: Vec::new(),
        names: Vec::new(),
        federation: Federation::default(),
        policy: Policy::default(),
        dns: DnsSettings::default(),
    };
    deployment.names = names(&deployment);
    deployment.request_spec().unwrap()
}

/// What a public authority takes.
fn public(key: KeyKind) -> RequestSettings {
    let subject = Subject {
        country: "US".into(),
        state: "Washington".into(),
        city: "Redmond".into(),
        organization: "Contoso, Ltd.".into(),
        unit: String::new(),
    };
    RequestSettings { key: Some(key), subject, ..RequestSettings::default() }
}

/// All that can be asked of an authority of one's own.
fn private(key: KeyKind) -> RequestSettings {
    let subject = Subject {
        country: "DE".into(),
        state: "Baden-Württemberg".into(),
        city: "中 München".into(),
        organization: r#"'"\,+;=<># end"#.into(),
        unit: "Ελλάδα".into(),
    };
    RequestSettings {
        key: Some(key),
        subject,
        client_eku: true,
        template: "EdgeServerÜ".into(),
        ..RequestSettings::default()
    }
}

/// A worked example of the product's topics.
struct Example {
    id: &'static str,
    sip_domains: &'static [&'static str],
    xmpp_domains: &'static [&'static str],
    /// As a set.
    sans: &'static [&'static str],
}

const EXAMPLES: [Example; 5] = [
    Example {
        // Single or scaled, private or public addresses, DNS or hardware load balancing: the names are the same.
        id: "V1-V5",
        sip_domains: &["contoso.com", "fabrikam.com"],
        xmpp_domains: &[],
        sans: &["webcon.contoso.com", "sip.contoso.com", "sip.fabrikam.com"],
    },
    Example {
        id: "V6",
        sip_domains: &["contoso.com", "fabrikam.com"],
        xmpp_domains: &[],
        sans: &["sip.contoso.com", "webcon.contoso.com", "sip.fabrikam.com"],
    },
    Example {
        id: "V7",
        sip_domains: &["contoso.com", "fabrikam.com"],
        xmpp_domains: &["contoso.com"],
        sans: &["webcon.contoso.com", "sip.contoso.com", "sip.fabrikam.com", "contoso.com"],
    },
    Example {
        id: "V8",
        sip_domains: &["contoso.com", "fabrikam.com"],
        xmpp_domains: &["contoso.com", "fabrikam.com"],
        sans: &["sip.contoso.com", "webcon.contoso.com", "contoso.com", "sip.fabrikam.com", "fabrikam.com"],
    },
    Example {
        id: "V11",
        sip_domains: &["contoso.com"],
        xmpp_domains: &["corp.contoso.com", "finance.contoso.com"],
        sans: &["webcon.contoso.com", "sip.contoso.com", "corp.contoso.com", "finance.contoso.com"],
    },
];

impl Example {
    fn with(&self, settings: RequestSettings) -> RequestSpec {
        contoso(self.sip_domains, self.xmpp_domains, settings)
    }
}

/// Every example with every kind of key, all that can be asked with every kind of key, and a thousand names.
fn all_specs() -> Vec<RequestSpec> {
    let mut specs = Vec::new();
    for kind in KeyKind::ALL {
        specs.extend(EXAMPLES.iter().map(|example| example.with(public(kind))));
        specs.push(contoso(&["contoso.com"], &["münchen.example"], private(kind)));
    }
    let many: Vec<String> = (0..1000).map(|i| format!("n{i}.contoso.com")).collect();
    specs.push(RequestSpec { names: many, ..specs[0].clone() });
    specs
}

/// Signs `specs` into numbered files.
fn written(specs: &[RequestSpec], folder: &Path) -> Vec<PathBuf> {
    let write = |(index, spec): (usize, &RequestSpec)| {
        let path = folder.join(format!("{index}.pem"));
        fs::write(&path, sign(spec, key(spec.key)).unwrap()).unwrap();
        path
    };
    specs.iter().enumerate().map(write).collect()
}

fn run(program: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new(program).args(arguments).arg(file).output().unwrap();
    good(program, &output)
}

/// Standard output and, after it, standard error of a program that did well.
fn good(program: &str, output: &Output) -> String {
    let said = [&*output.stdout, &*output.stderr].map(String::from_utf8_lossy).concat();
    assert!(output.status.success(), "{program}: {}\n{said}", output.status);
    said
}

/// The trimmed lines below the line `header`, as far as they are indented deeper than it.
fn below<'a>(text: &'a str, header: &str) -> Vec<&'a str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().skip_while(|line| line.trim() != header);
    let depth = lines.next().map_or(0, indent);
    lines.take_while(|line| indent(line) > depth).map(str::trim).collect()
}

/// The subject as (short name, type, value).
fn subject(spec: &RequestSpec) -> Vec<(&'static str, &'static str, &str)> {
    let Subject { country, state, city, organization, unit } = &spec.subject;
    let mut all = vec![
        ("C", "PrintableString", country.as_str()),
        ("ST", "UTF8String", state),
        ("L", "UTF8String", city),
        ("O", "UTF8String", organization),
        ("OU", "UTF8String", unit),
        ("CN", "UTF8String", &spec.names[0]),
    ];
    all.retain(|(.., value)| !value.is_empty());
    all
}

#[test]
fn the_worked_examples_name_what_the_product_names() {
    for example in EXAMPLES {
        let (id, spec) = (example.id, example.with(public(KeyKind::Rsa2048)));
        let mut names: Vec<&str> = spec.names.iter().map(String::as_str).collect();
        assert_eq!(names[0], "sip.contoso.com", "{id}");
        names.sort_unstable();
        let mut expected = example.sans.to_vec();
        expected.sort_unstable();
        assert_eq!(names, expected, "{id}");
    }
}

#[test]
fn openssl_reads_every_request() {
    if !have("openssl") {
        return;
    }
    let folder = scratch();
    let specs = all_specs();
    for (spec, path) in specs.iter().zip(written(&specs, folder.path())) {
        let options = ["req", "-verify", "-noout", "-text", "-nameopt", "sname,utf8,show_type,sep_multiline", "-in"];
        let text = run("openssl", &options, &path);
        assert!(text.contains("self-signature verify OK"), "{text}");
        assert!(text.contains("Version: 1 (0x0)"), "{text}");

        let typed = |(name, kind, value): &(&str, &str, &str)| format!("{name}={}:{value}", kind.to_uppercase());
        assert_eq!(below(&text, "Subject:"), subject(spec).iter().map(typed).collect::<Vec<_>>());

        let (key, signature) = match spec.key {
            KeyKind::EcdsaP256 => ("NIST CURVE: P-256", "ecdsa-with-SHA256"),
            KeyKind::EcdsaP384 => ("NIST CURVE: P-384", "ecdsa-with-SHA384"),
            _ => ("Exponent: 65537 (0x10001)", "sha256WithRSAEncryption"),
        };
        let public = below(&text, "Subject Public Key Info:");
        let size = format!("Public-Key: ({} bit)", spec.key.bits());
        assert!(public.contains(&key) && public.contains(&size.as_str()), "{text}");
        assert!(text.contains(&format!("\n    Signature Algorithm: {signature}\n")), "{text}");

        let usage = if spec.key.is_rsa() { "Digital Signature, Key Encipherment" } else { "Digital Signature" };
        let purposes =
            ["TLS Web Server Authentication", "TLS Web Server Authentication, TLS Web Client Authentication"];
        let sans: Vec<String> = spec.names.iter().map(|name| format!("DNS:{name}")).collect();
        let sans = sans.join(", ");
        let mut expected = vec![
            "X509v3 Key Usage: critical",
            usage,
            "X509v3 Subject Alternative Name:",
            &sans,
            "X509v3 Extended Key Usage:",
            purposes[usize::from(spec.client_eku)],
        ];
        let mut extensions = below(&text, "Requested Extensions:");
        if !spec.template.is_empty() {
            // OpenSSL does not know it and prints octets; cryptography reads the value.
            assert_eq!(extensions.len(), expected.len() + 2, "{text}");
            extensions.pop();
            expected.push("1.3.6.1.4.1.311.20.2:");
        }
        assert_eq!(extensions, expected);
        assert_eq!(below(&text, "Attributes:").len(), 1 + below(&text, "Requested Extensions:").len(), "{text}");
    }
}

#[test]
fn gnutls_reads_every_request() {
    if !have("certtool") {
        return;
    }
    let folder = scratch();
    let specs = all_specs();
    for (spec, path) in specs.iter().zip(written(&specs, folder.path())) {
        let text = run("certtool", &["--crq-info", "--infile"], &path);
        assert!(text.contains("\nSelf signature: verified\n"), "{text}");

        // RFC 4514 turns the order round.
        let parts =
            subject(spec).iter().rev().map(|(name, _, value)| format!("{name}={}", rfc4514(value))).collect::<Vec<_>>();
        assert!(text.contains(&format!("\tSubject: {}\n", parts.join(","))), "{parts:?}\n{text}");

        let (key, signature) = match spec.key {
            KeyKind::EcdsaP256 => ("Curve:\tSECP256R1".to_owned(), "ECDSA-SHA256"),
            KeyKind::EcdsaP384 => ("Curve:\tSECP384R1".to_owned(), "ECDSA-SHA384"),
            rsa => (format!("Modulus (bits {}):", rsa.bits()), "RSA-SHA256"),
        };
        assert!(text.contains(&format!("\t\t{key}\n")), "{text}");
        assert!(text.contains(&format!("\tSignature Algorithm: {signature}\n")), "{text}");

        let both = |name: &String| match Name::new(name).unicode() {
            unicode if unicode == *name => format!("DNSname: {name}"),
            unicode => format!("DNSname: {name} ({unicode})"),
        };
        let sans: Vec<String> = spec.names.iter().map(both).collect();
        assert_eq!(below(&text, "Subject Alternative Name (not critical):"), sans);
        let usages = ["Digital signature.", "Key encipherment."];
        assert_eq!(below(&text, "Key Usage (critical):"), usages[..=usize::from(spec.key.is_rsa())]);
        let purposes = ["TLS WWW Server.", "TLS WWW Client."];
        assert_eq!(below(&text, "Key Purpose (not critical):"), purposes[..=usize::from(spec.client_eku)]);
        let template = below(&text, "Unknown extension 1.3.6.1.4.1.311.20.2 (not critical):");
        assert_eq!(template.is_empty(), spec.template.is_empty(), "{text}");
    }
}

/// Escapes as `certtool` does (RFC 4514 2.4).
fn rfc4514(value: &str) -> String {
    value.chars().flat_map(|c| r#"",+;<>\"#.contains(c).then_some('\\').into_iter().chain([c])).collect()
}

#[test]
fn cryptography_reads_every_request() {
    if !have_python("cryptography") {
        return;
    }
    let folder = scratch();
    let specs = all_specs();
    let files = written(&specs, folder.path());
    let output = Command::new("python3").arg(beside("peers/read_request.py")).args(&files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(read.len(), specs.len());
    for (spec, read) in specs.iter().zip(read) {
        let mut extensions = vec![json!(["2.5.29.15", true]), json!(["2.5.29.17", false]), json!(["2.5.29.37", false])];
        if !spec.template.is_empty() {
            extensions.insert(0, json!(["1.3.6.1.4.1.311.20.2", false]));
        }
        let usages = ["digital_signature", "key_encipherment"];
        let purposes = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"];
        let expected = json!({
            "key": match spec.key {
                KeyKind::EcdsaP256 => "secp256r1".to_owned(),
                KeyKind::EcdsaP384 => "secp384r1".to_owned(),
                rsa => format!("rsa-{} e=65537", rsa.bits()),
            },
            "hash": if spec.key == KeyKind::EcdsaP384 { "sha384" } else { "sha256" },
            "signature_valid": true,
            "subject": subject(spec).iter().map(|part| json!([part])).collect::<Vec<_>>(),
            "sans": spec.names.iter().map(|name| json!(["DNSName", name])).collect::<Vec<_>>(),
            "key_usage": usages[..=usize::from(spec.key.is_rsa())],
            "eku": purposes[..=usize::from(spec.client_eku)],
            "template": (!spec.template.is_empty()).then_some(&spec.template),
            "extensions": extensions,
            "attributes": ["1.2.840.113549.1.9.14"],
        });
        assert_eq!(read, expected);
    }
}

#[test]
fn openssl_reads_every_key() {
    if !have("openssl") {
        return;
    }
    let folder = scratch();
    for kind in KeyKind::ALL {
        let path = folder.path().join(kind.name());
        fs::write(&path, key(kind).pem()).unwrap();
        let text = run("openssl", &["pkey", "-check", "-noout", "-text", "-in"], &path);
        assert!(text.contains("Key is valid"), "{text}");
        assert!(text.contains(&format!("Private-Key: ({} bit", kind.bits())), "{text}");
        // PKCS#8 version 1, which every OpenSSL reads (RFC 5208 5): SEQUENCE, then INTEGER 0.
        let structure = run("openssl", &["asn1parse", "-in"], &path);
        let lines: Vec<&str> = structure.lines().collect();
        assert!(lines[0].contains("d=0") && lines[0].contains("cons: SEQUENCE"), "{structure}");
        assert!(lines[1].contains("d=1") && lines[1].ends_with("prim: INTEGER           :00"), "{structure}");
        // And OpenSSL's own writing of it is ours, byte for byte.
        assert_eq!(run("openssl", &["pkey", "-in"], &path), key(kind).pem(), "{}", kind.name());
    }
}

/// What an authority adds to a certificate.
const AUTHORITY: &str = "\
    subjectKeyIdentifier = hash\n\
    authorityKeyIdentifier = keyid\n\
    basicConstraints = critical,CA:FALSE\n\
    crlDistributionPoints = URI:http://ca.example.org/ca.crl\n\
    authorityInfoAccess = caIssuers;URI:http://ca.example.org/ca.cer\n\
    certificatePolicies = 2.23.140.1.2.2\n";

#[test]
fn pkilint_finds_nothing_in_certificates_issued_from_the_requests() {
    if !have("openssl") || !have("lint_pkix_cert") {
        return;
    }
    let folder = scratch();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let openssl = |arguments: &str| {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(&folder).output().unwrap();
        good("openssl", &output)
    };
    fs::write(at("authority.cnf"), AUTHORITY).unwrap();
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 3650 \
         -subj /C=US/O=Example/CN=Authority -addext keyUsage=critical,keyCertSign,cRLSign",
    );
    let pkix = ["lint_pkix_cert", "lint", "-s", "NOTICE"];
    // The Baseline Requirements' warnings («not recommended») are left out. Three would stand: the common name, which
    // the product wants; digital signature with key encipherment, which TLS 1.2 with RSA key exchange wants and old
    // Windows has; and the authority's own subject key identifier.
    let baseline = ["lint_cabf_serverauth_cert", "lint", "-t", "OV-FINAL-CERTIFICATE", "-s", "ERROR"];
    for kind in KeyKind::ALL {
        for (linters, settings) in [(vec![&pkix[..], &baseline[..]], public(kind)), (vec![&pkix[..]], private(kind))] {
            let request = sign(&EXAMPLES[3].with(settings), key(kind)).unwrap();
            fs::write(at("request.pem"), request).unwrap();
            openssl(
                "x509 -req -in request.pem -CA ca.pem -CAkey ca.key -days 90 -copy_extensions copyall \
                 -extfile authority.cnf -out certificate.pem",
            );
            for linter in linters {
                let output = Command::new(linter[0]).args(&linter[1..]).arg(at("certificate.pem")).output().unwrap();
                let findings = good(linter[0], &output);
                assert!(findings.trim().is_empty(), "{}: {findings}", kind.name());
            }
        }
    }
}
