//! Makes any certificate there can be, right or wrong: the DER is written here octet by octet, and really signed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::rc::Rc;

use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, PublicKeyData, SigningKey};
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub const KEY_USAGE: &str = "2.5.29.15";
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
pub const ALTERNATIVE_NAME: &str = "2.5.29.17";
pub const SUBJECT_KEY: &str = "2.5.29.14";
pub const AUTHORITY_KEY: &str = "2.5.29.35";
pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
pub const CRL_POINTS: &str = "2.5.29.31";
pub const NETSCAPE_TYPE: &str = "2.16.840.1.113730.1.1";
pub const ADDRESSES: &str = "1.3.6.1.5.5.7.1.7";
pub const NETWORKS: &str = "1.3.6.1.5.5.7.1.8";
pub const PROXY: &str = "1.3.6.1.5.5.7.1.14";

pub const SERVER: &str = "1.3.6.1.5.5.7.3.1";
pub const CLIENT: &str = "1.3.6.1.5.5.7.3.2";
pub const MAIL: &str = "1.3.6.1.5.5.7.3.4";
pub const ANY: &str = "2.5.29.37.0";
pub const NETSCAPE_SGC: &str = "2.16.840.1.113730.4.1";
pub const MICROSOFT_SGC: &str = "1.3.6.1.4.1.311.10.3.3";

/// The bits of a key usage (RFC 5280 4.2.1.3).
pub const SIGNATURE: u8 = 0;
pub const COMMITMENT: u8 = 1;
pub const ENCIPHERMENT: u8 = 2;
pub const DATA_ENCIPHERMENT: u8 = 3;
pub const AGREEMENT: u8 = 4;
pub const CERT_SIGN: u8 = 5;
pub const CRL_SIGN: u8 = 6;
pub const ENCIPHER_ONLY: u8 = 7;

const COMMON_NAME: &str = "2.5.4.3";
const ORGANIZATION: &str = "2.5.4.10";
pub const UTF8: u8 = 0x0C;
pub const PRINTABLE: u8 = 0x13;

/// A value of DER (X.690 8.1).
pub fn tlv(tag: u8, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    let length = content.len().to_be_bytes();
    let length = &length[length.iter().take_while(|octet| **octet == 0).count()..];
    let mut value = vec![tag];
    match content.len() {
        0..0x80 => value.push(u8::try_from(content.len()).unwrap()),
        _ => value.extend([&[0x80 | u8::try_from(length.len()).unwrap()], length].concat()),
    }
    [value, content.to_vec()].concat()
}

pub fn seq(parts: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    tlv(0x30, parts.into_iter().collect::<Vec<_>>().concat())
}

pub fn oid(dotted: &str) -> Vec<u8> {
    let mut arcs = dotted.split('.').map(|arc| arc.parse::<u64>().unwrap());
    let first = arcs.next().unwrap() * 40 + arcs.next().unwrap();
    let seven = |arc: u64| {
        let mut octets: Vec<u8> = (0..10).map(|place| (arc >> (7 * place) & 0x7F) as u8 | 0x80).collect();
        octets[0] &= 0x7F;
        let used = octets.iter().rposition(|octet| octet & 0x7F != 0).unwrap_or(0);
        octets.truncate(used + 1);
        octets.reverse();
        octets
    };
    tlv(6, std::iter::once(first).chain(arcs).flat_map(seven).collect::<Vec<_>>())
}

/// A BIT STRING of these named bits, the first of an octet being its highest (X.690 11.2.2).
pub fn bits(set: &[u8]) -> Vec<u8> {
    let Some(last) = set.iter().max() else { return tlv(3, [0]) };
    let mut octets = vec![7 - last % 8];
    octets.extend(vec![0; usize::from(last / 8) + 1]);
    for bit in set {
        octets[1 + usize::from(bit / 8)] |= 0x80 >> (bit % 8);
    }
    tlv(3, octets)
}

pub fn oids(list: &[&str]) -> Vec<u8> {
    seq(list.iter().map(|one| oid(one)))
}

pub fn number(number: u32) -> Vec<u8> {
    let octets = number.to_be_bytes();
    let used = octets.iter().take_while(|octet| **octet == 0).count().min(3);
    let sign = if octets[used] & 0x80 == 0 { vec![] } else { vec![0] };
    tlv(2, [sign, octets[used..].to_vec()].concat())
}

/// Basic constraints of an authority.
pub fn authority(path_len: Option<u32>) -> Vec<u8> {
    seq([tlv(1, [0xFF])].into_iter().chain(path_len.map(number)))
}

/// General names, each `DNS:`, `URI:`, `email:`, `dir:` or `IP:` with octets in hexadecimal; `;` between them.
pub fn names(list: &str) -> Vec<u8> {
    seq(list.split(';').filter(|one| !one.is_empty()).map(general_name))
}

fn general_name(said: &str) -> Vec<u8> {
    let (kind, value) = said.split_once(':').unwrap();
    match kind {
        "email" => tlv(0x81, value),
        "DNS" => tlv(0x82, value),
        "dir" => tlv(0xA4, common_name(value)),
        "URI" => tlv(0x86, value),
        "IP" => tlv(0x87, unhex(value)),
        "hex" => unhex(value),
        _ => panic!("{said}"),
    }
}

pub fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// Name constraints; both lists as [`names`] takes them.
pub fn constraints(permitted: &str, excluded: &str) -> Vec<u8> {
    let subtrees = |tag, list: &str| {
        let bases = list.split(';').filter(|one| !one.is_empty()).map(|one| seq([general_name(one)]));
        if list.is_empty() { vec![] } else { tlv(tag, bases.collect::<Vec<_>>().concat()) }
    };
    seq([subtrees(0xA0, permitted), subtrees(0xA1, excluded)])
}

/// An authority key identifier: key identifier, name and serial number of the issuer's own issuer.
pub fn authority_key(key: Option<&str>, issuer: Option<(&[u8], &[u8])>) -> Vec<u8> {
    let named = issuer.map(|(name, serial)| [tlv(0xA1, tlv(0xA4, name)), tlv(0x82, serial)].concat());
    seq(key.map(|key| tlv(0x80, key)).into_iter().chain(named))
}

/// A distinguished name: one attribute in each RDN, its type, kind of string and octets.
pub fn distinguished(parts: &[(&str, u8, &str)]) -> Vec<u8> {
    seq(parts.iter().map(|(kind, tag, text)| tlv(0x31, seq([oid(kind), tlv(*tag, text)]))))
}

pub fn common_name(name: &str) -> Vec<u8> {
    distinguished(&[(COMMON_NAME, UTF8, name)])
}

pub fn organized(organization: &str, name: &str) -> Vec<u8> {
    distinguished(&[(ORGANIZATION, UTF8, organization), (COMMON_NAME, UTF8, name)])
}

/// A day from today, the year in two or four digits.
pub fn stamp(days: i64, digits: usize) -> String {
    let day = OffsetDateTime::now_utc() + Duration::days(days);
    day.format(format_description!("[year][month][day]")).unwrap()[4 - digits..].to_owned()
}

/// Noon of that day as `UTCTime`, which holds until 2049 (RFC 5280 4.1.2.5).
pub fn day(days: i64) -> Vec<u8> {
    tlv(0x17, stamp(days, 2) + "120000Z")
}

/// Octets too many, and where.
#[derive(Clone, Copy, PartialEq)]
pub enum Surplus {
    Certificate,
    ToBeSigned,
    Validity,
    Algorithm,
    Extension,
    Extensions,
}

/// A certificate that is about to be made.
#[derive(Clone)]
pub struct Cert {
    version: u8,
    serial: Vec<u8>,
    pub subject: Vec<u8>,
    issuer: Vec<u8>,
    dates: [Vec<u8>; 2],
    key: String,
    signer: String,
    digest: &'static str,
    outer_digest: &'static str,
    extensions: Vec<(String, bool, Vec<u8>)>,
    surplus: Option<Surplus>,
}

/// A leaf as it should be, by `issuing`.
pub fn leaf() -> Cert {
    Cert {
        version: 3,
        serial: vec![0x4C],
        subject: common_name("contoso.com"),
        issuer: common_name("issuing"),
        dates: [day(-10), day(80)],
        key: "leaf".to_owned(),
        signer: "issuing".to_owned(),
        digest: "sha256",
        outer_digest: "sha256",
        extensions: vec![
            (BASIC_CONSTRAINTS.to_owned(), true, seq([])),
            (KEY_USAGE.to_owned(), true, bits(&[SIGNATURE])),
            (EXTENDED_KEY_USAGE.to_owned(), false, oids(&[SERVER, CLIENT])),
            (ALTERNATIVE_NAME.to_owned(), false, names("DNS:contoso.com;DNS:chat.contoso.com")),
            (AUTHORITY_KEY.to_owned(), false, authority_key(Some("issuing"), None)),
            (SUBJECT_KEY.to_owned(), false, tlv(4, "leaf")),
        ],
        surplus: None,
    }
}

/// An authority as it should be, named as its key is.
pub fn ca(name: &str, by: &str) -> Cert {
    Cert {
        serial: vec![0x43],
        subject: common_name(name),
        dates: [day(-1000), day(1000)],
        key: name.to_owned(),
        extensions: vec![
            (BASIC_CONSTRAINTS.to_owned(), true, authority(None)),
            (KEY_USAGE.to_owned(), true, bits(&[CERT_SIGN, CRL_SIGN])),
            (SUBJECT_KEY.to_owned(), false, tlv(4, name)),
            (AUTHORITY_KEY.to_owned(), false, authority_key(Some(by), None)),
        ],
        ..leaf().by(by)
    }
}

pub fn root() -> Cert {
    ca("root", "root")
}

pub fn issuing() -> Cert {
    ca("issuing", "root")
}

impl Cert {
    /// Issued by the authority that is named as its key is.
    pub fn by(self, name: &str) -> Self {
        let made = Cert { issuer: common_name(name), signer: name.to_owned(), ..self };
        made.with(AUTHORITY_KEY, authority_key(Some(name), None))
    }

    /// Replaces the extension; its criticality stays, a new one is not critical.
    pub fn with(mut self, kind: &str, value: Vec<u8>) -> Self {
        match self.extensions.iter_mut().find(|(held, ..)| held == kind) {
            Some(extension) => extension.2 = value,
            None => self.extensions.push((kind.to_owned(), false, value)),
        }
        self
    }

    pub fn critical(mut self, kind: &str, is_critical: bool) -> Self {
        self.extensions.iter_mut().filter(|(held, ..)| held == kind).for_each(|held| held.1 = is_critical);
        self
    }

    pub fn twice(mut self, kind: &str) -> Self {
        let held = self.extensions.iter().find(|(held, ..)| held == kind).unwrap().clone();
        self.extensions.push(held);
        self
    }

    pub fn without(mut self, kind: &str) -> Self {
        self.extensions.retain(|(held, ..)| held != kind);
        self
    }

    pub fn bare(self) -> Self {
        Cert { extensions: Vec::new(), ..self }
    }

    pub fn usage(self, bits_set: &[u8]) -> Self {
        self.with(KEY_USAGE, bits(bits_set))
    }

    pub fn extended(self, usages: &[&str]) -> Self {
        self.with(EXTENDED_KEY_USAGE, oids(usages))
    }

    pub fn alternative(self, list: &str) -> Self {
        self.with(ALTERNATIVE_NAME, names(list))
    }

    pub fn limited(self, permitted: &str, excluded: &str) -> Self {
        self.with(NAME_CONSTRAINTS, constraints(permitted, excluded)).critical(NAME_CONSTRAINTS, true)
    }

    pub fn deep(self, path_len: u32) -> Self {
        self.with(BASIC_CONSTRAINTS, authority(Some(path_len)))
    }

    pub fn key_of_issuer(self, key: Option<&str>, issuer: Option<(&[u8], &[u8])>) -> Self {
        self.with(AUTHORITY_KEY, authority_key(key, issuer))
    }

    pub fn key(self, key: &str) -> Self {
        Cert { key: key.to_owned(), ..self }
    }

    pub fn signed_with(self, signer: &str) -> Self {
        Cert { signer: signer.to_owned(), ..self }
    }

    pub fn named(self, subject: Vec<u8>) -> Self {
        Cert { subject, ..self }
    }

    pub fn issuer(self, issuer: Vec<u8>) -> Self {
        Cert { issuer, ..self }
    }

    pub fn version(self, version: u8) -> Self {
        Cert { version, ..self }
    }

    pub fn serial(self, serial: &[u8]) -> Self {
        Cert { serial: serial.to_vec(), ..self }
    }

    pub fn days(self, from: i64, to: i64) -> Self {
        self.times(day(from), day(to))
    }

    pub fn times(self, from: Vec<u8>, to: Vec<u8>) -> Self {
        Cert { dates: [from, to], ..self }
    }

    pub fn digest(self, digest: &'static str) -> Self {
        Cert { digest, outer_digest: digest, ..self }
    }

    pub fn outer_digest(self, outer_digest: &'static str) -> Self {
        Cert { outer_digest, ..self }
    }

    pub fn surplus(self, surplus: Surplus) -> Self {
        Cert { surplus: Some(surplus), ..self }
    }

    /// The certificate, signed.
    pub fn der(&self, keys: &Keys) -> Vec<u8> {
        let more = |place| if self.surplus == Some(place) { tlv(5, []) } else { vec![] };
        let version = if self.version == 1 { vec![] } else { tlv(0xA0, tlv(2, [self.version - 1])) };
        let extension = |(kind, is_critical, value): &(String, bool, Vec<u8>)| {
            let critical = if *is_critical { tlv(1, [0xFF]) } else { vec![] };
            let is_last = self.extensions.last().is_some_and(|last| last.0 == *kind);
            let surplus = if is_last { more(Surplus::Extension) } else { vec![] };
            seq([oid(kind), critical, tlv(4, [value.clone(), surplus].concat())])
        };
        let extensions = if self.extensions.is_empty() {
            vec![]
        } else {
            let list = seq(self.extensions.iter().map(extension));
            tlv(0xA3, [list, more(Surplus::Extensions)].concat())
        };
        let [from, to] = self.dates.clone();
        let tbs = seq([
            version,
            tlv(2, &self.serial),
            Keys::algorithm(&self.signer, self.digest, &more(Surplus::Algorithm)),
            self.issuer.clone(),
            seq([from, to, more(Surplus::Validity)]),
            self.subject.clone(),
            keys.public(&self.key),
            extensions,
            more(Surplus::ToBeSigned),
        ]);
        let signature = keys.sign(&self.signer, self.digest, &tbs);
        let algorithm = Keys::algorithm(&self.signer, self.outer_digest, &more(Surplus::Algorithm));
        seq([tbs, algorithm, tlv(3, [vec![0], signature].concat()), more(Surplus::Certificate)])
    }
}

/// Signatures by who signed what.
type Signatures = BTreeMap<(String, Vec<u8>), Vec<u8>>;

/// Keys by name, each made when it is needed: RSA where the name begins so, else P-256.
#[derive(Default)]
pub struct Keys {
    keys: RefCell<BTreeMap<String, Rc<KeyPair>>>,
    /// What was signed: a certificate that is made twice is the same one.
    signatures: RefCell<Signatures>,
}

impl Keys {
    pub fn get(&self, name: &str) -> Rc<KeyPair> {
        let make = || {
            let kind = if name.starts_with("rsa") { &PKCS_RSA_SHA256 } else { &PKCS_ECDSA_P256_SHA256 };
            Rc::new(KeyPair::generate_for(kind).unwrap())
        };
        self.keys.borrow_mut().entry(name.to_owned()).or_insert_with(make).clone()
    }

    fn public(&self, name: &str) -> Vec<u8> {
        self.get(name).subject_public_key_info()
    }

    fn algorithm(signer: &str, digest: &str, surplus: &[u8]) -> Vec<u8> {
        let is_rsa = signer.starts_with("rsa");
        let kind = match digest {
            "sha1" if is_rsa => "1.2.840.113549.1.1.5",
            "sha1" => "1.2.840.10045.4.1",
            "sha256" if is_rsa => "1.2.840.113549.1.1.11",
            "sha256" => "1.2.840.10045.4.3.2",
            "sha3" => "2.16.840.1.101.3.4.3.10",
            "nobody's" => "1.2.3.4.5",
            _ => panic!("{digest}"),
        };
        let parameters = if is_rsa { tlv(5, []) } else { vec![] };
        seq([oid(kind), parameters, surplus.repeat(2)])
    }

    fn sign(&self, signer: &str, digest: &str, content: &[u8]) -> Vec<u8> {
        let key = self.get(signer);
        let make = || match digest {
            "sha1" => sign_with_openssl(&key, "-sha1", content),
            "sha3" => sign_with_openssl(&key, "-sha3-256", content),
            _ => key.sign(content).unwrap(),
        };
        let mut signatures = self.signatures.borrow_mut();
        signatures.entry((signer.to_owned(), content.to_vec())).or_insert_with(make).clone()
    }
}

fn sign_with_openssl(key: &KeyPair, digest: &str, content: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let folder = super::common::scratch();
    let file = folder.path().join("key.pem");
    std::fs::write(&file, key.serialize_pem()).unwrap();
    let mut command = Command::new("openssl");
    command.args(["dgst", digest, "-sign"]).arg(file).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(content).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    output.stdout
}
