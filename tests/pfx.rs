//! PFX files and encrypted keys, exchanged with OpenSSL, `GnuTLS`, Java and another crate.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use edgewright::pki::encrypted_key::{Fault, open, seal};
use edgewright::pki::pfx::{Contents, Parcel, Unreadable, read, read_within, write};
use edgewright::pki::request::generate_key;
use edgewright::pki::{KeyKind, PrivateKey};
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use proptest::prelude::*;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PublicKeyData};

use common::{beside, have, have_all, scratch};

/// Latin, Greek, Han, and what shells and option files stumble over.
const STRANGE: &str = "päß Ωλ中 \"$'\\#";

const SEALED: &str = "ENCRYPTED PRIVATE KEY";

/// A key and its certificates: leaf, intermediate, root.
struct Identity {
    kind: KeyKind,
    key: PrivateKey,
    chain: Vec<Vec<u8>>,
}

/// One of each kind that is handed over, made once: the large key takes a second.
static IDENTITIES: LazyLock<Vec<Identity>> = LazyLock::new(|| {
    [KeyKind::Rsa2048, KeyKind::Rsa4096, KeyKind::EcdsaP256, KeyKind::EcdsaP384].into_iter().map(identity).collect()
});

fn identity(kind: KeyKind) -> Identity {
    let params = |name: &str, is_ca: IsCa| {
        let mut params = CertificateParams::new([format!("{name}.contoso.com")]).unwrap();
        params.distinguished_name.push(DnType::CommonName, format!("{name}.contoso.com"));
        params.is_ca = is_ca;
        params
    };
    let authority = || IsCa::Ca(BasicConstraints::Unconstrained);
    let root = Issuer::new(params("root", authority()), KeyPair::generate().unwrap());
    let root_der = params("root", authority()).self_signed(root.key()).unwrap().der().to_vec();
    let middle_key = KeyPair::generate().unwrap();
    let middle_der = params("middle", authority()).signed_by(&middle_key, &root).unwrap().der().to_vec();
    let middle = Issuer::new(params("middle", authority()), middle_key);
    let key = generate_key(kind).unwrap();
    let pair = KeyPair::from_pem(key.pem()).unwrap();
    let leaf = params("sip", IsCa::NoCa).signed_by(&pair, &middle).unwrap().der().to_vec();
    Identity { kind, key, chain: vec![leaf, middle_der, root_der] }
}

/// A PFX that was written, and what is in it.
struct Written {
    der: Vec<u8>,
    identity: &'static Identity,
    length: usize,
    password: &'static str,
    name: &'static str,
    legacy: bool,
}

/// Every kind of key in both ways, passwords and names plain and strange, chains of 1 and 3.
static WRITTEN: LazyLock<Vec<Written>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for (index, identity) in IDENTITIES.iter().enumerate() {
        for legacy in [false, true] {
            let password = if (index % 2 == 0) == legacy { STRANGE } else { "changeit" };
            let name = if index % 2 == 0 { "zürich ωλ中" } else { "sip.contoso.com" };
            let length = if index < 2 { 3 } else { 1 };
            let certificates: Vec<&[u8]> = identity.chain[..length].iter().map(Vec::as_slice).collect();
            let parcel =
                Parcel { key: &identity.key, certificates: &certificates, friendly_name: name, password, legacy };
            let der = write(&parcel).unwrap().to_vec();
            all.push(Written { der, identity, length, password, name, legacy });
        }
    }
    all
});

impl Written {
    fn chain(&self) -> &'static [Vec<u8>] {
        &self.identity.chain[..self.length]
    }

    fn what(&self) -> String {
        let Written { length, password, legacy, .. } = self;
        format!("{}, chain of {length}, {password:?}, legacy: {legacy}", self.identity.kind.name())
    }

    /// Puts it and its password into files.
    fn save(&self, folder: &Path) -> (PathBuf, PathBuf) {
        let (file, password) = (folder.join("written.pfx"), folder.join("written.pw"));
        fs::write(&file, &self.der).unwrap();
        fs::write(&password, self.password).unwrap();
        (file, password)
    }
}

/// Runs a program in UTF-8; what it printed, and whether it was content.
fn run(program: &str, arguments: &[&str]) -> (String, bool) {
    let mut command = Command::new(program);
    let output = command.args(arguments).env("LC_ALL", "C.UTF-8").stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (said, output.status.success())
}

/// [`run`] for what must work.
fn done(program: &str, arguments: &[&str]) -> String {
    let (said, is_content) = run(program, arguments);
    assert!(is_content, "{program} {arguments:?}: {said}");
    said
}

/// The blocks with that label in a text, in DER.
fn blocks(text: &str, label: &str) -> Vec<Vec<u8>> {
    let all = pem::parse_many(text).unwrap();
    all.into_iter().filter(|block| block.tag() == label).map(pem::Pem::into_contents).collect()
}

/// The public half, whatever the form of the private one.
fn public(key: &PrivateKey) -> Vec<u8> {
    KeyPair::from_pem(key.pem()).unwrap().subject_public_key_info()
}

/// What `certtool` takes for the public half of an encrypted key.
fn certtool_public(file: &Path, passphrase: &str) -> Vec<u8> {
    let said = done("certtool", &["--pubkey-info", "--load-privkey", path(file), "--password", passphrase]);
    blocks(&said, "PUBLIC KEY").swap_remove(0)
}

fn assert_contents(contents: &Contents, identity: &Identity, length: usize, what: &str) {
    assert!(contents.certificates == identity.chain[..length], "{what}");
    assert!(public(contents.key.as_ref().unwrap()) == public(&identity.key), "{what}");
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn what_is_written_is_read_back() {
    for written in WRITTEN.iter() {
        let what = written.what();
        let contents = read(&written.der, written.password).ok().unwrap();
        assert_contents(&contents, written.identity, written.length, &what);
        assert!(contents.key.unwrap().pem() == written.identity.key.pem(), "{what}");
        for wrong in ["", "Changeit", "päß Ωλ中"] {
            assert_eq!(read(&written.der, wrong).err(), Some(Unreadable::Password), "{what}");
        }
    }
}

#[test]
fn another_crate_reads_what_is_written() {
    let two = [(KeyKind::Rsa2048, false), (KeyKind::EcdsaP256, true)]; // seconds each: it is not optimized in tests
    for written in WRITTEN.iter().filter(|one| two.contains(&(one.identity.kind, one.legacy))) {
        let what = written.what();
        let store = KeyStore::from_pkcs12(&written.der, written.password, Pkcs12ImportPolicy::Relaxed).unwrap();
        let (alias, chain) = store.private_key_chain().unwrap();
        assert_eq!(alias, written.name, "{what}");
        assert!(chain.key().as_der() == written.identity.key.der().unwrap().as_slice(), "{what}");
        assert!(chain.certs().iter().map(p12_keystore::Certificate::as_der).eq(written.chain()), "{what}");
    }
}

#[test]
fn openssl_reads_what_is_written() {
    if !have("openssl") {
        return;
    }
    let folder = scratch();
    for written in WRITTEN.iter() {
        let what = written.what();
        let (file, password) = written.save(folder.path());
        let password = format!("file:{}", path(&password));
        let said = done("openssl", &["pkcs12", "-in", path(&file), "-passin", &password, "-nodes", "-info"]);
        assert!(blocks(&said, "CERTIFICATE") == written.chain(), "{what}");
        assert!(blocks(&said, "PRIVATE KEY") == [written.identity.key.der().unwrap().to_vec()], "{what}");
        let attribute = |name: &str| -> Vec<&str> {
            said.lines().filter_map(|line| line.trim().strip_prefix(name)).map(str::trim).collect()
        };
        // OpenSSL prints the lower octet of each character.
        let name: Vec<u8> = written.name.encode_utf16().map(|unit| unit.to_be_bytes()[1]).collect();
        assert_eq!(attribute("friendlyName:"), [&*String::from_utf8_lossy(&name); 2], "{what}");
        let ids = attribute("localKeyID:");
        assert!(ids.len() == 2 && ids[0] == ids[1] && ids[0].len() == 59, "{what}: {ids:?}");
        let algorithms: &[&str] = if written.legacy {
            &["MAC: sha1, Iteration 300000", "pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 300000"]
        } else {
            &["MAC: sha256, Iteration 300000", "PBES2, PBKDF2, AES-256-CBC, Iteration 300000, PRF hmacWithSHA256"]
        };
        assert!(algorithms.iter().all(|algorithm| said.contains(algorithm)), "{what}: {said}");

        let (said, is_content) = run("openssl", &["pkcs12", "-in", path(&file), "-passin", "pass:no", "-nodes"]);
        assert!(!is_content && said.contains("invalid password"), "{said}");
    }
}

#[test]
fn certtool_reads_what_is_written() {
    if !have("certtool") {
        return;
    }
    let folder = scratch();
    for written in WRITTEN.iter() {
        let what = written.what();
        let (file, _) = written.save(folder.path());
        let arguments = ["--p12-info", "--inder", "--infile", path(&file), "--password", written.password];
        let said = done("certtool", &arguments);
        assert!(blocks(&said, "CERTIFICATE") == written.chain(), "{what}");
        // It shows the key as it is in the file, encrypted.
        let key = folder.path().join("key.pem");
        fs::write(&key, pem::encode(&pem::Pem::new(SEALED, blocks(&said, SEALED).swap_remove(0)))).unwrap();
        assert!(certtool_public(&key, written.password) == public(&written.identity.key), "{what}");
        assert_eq!(said.matches(&format!("Friendly name: {}", written.name)).count(), 2, "{what}: {said}");
    }
}

/// Java takes no password beyond ASCII. `keytool` lists the chain, and copies the entry into a store of its own, which is read in turn.
#[test]
fn java_reads_what_is_written_and_the_other_way_round() {
    if !have("keytool") {
        return;
    }
    let folder = scratch();
    for written in WRITTEN.iter().filter(|written| written.password.is_ascii()) {
        let what = written.what();
        let (file, password) = written.save(folder.path());
        let from = ["-keystore", path(&file), "-storetype", "PKCS12", "-storepass:file", path(&password)];
        let said = done("keytool", &[&["-list", "-rfc"], from.as_slice()].concat());
        assert!(said.contains(&format!("Alias name: {}", written.name)), "{what}: {said}");
        assert!(blocks(&said, "CERTIFICATE") == written.chain(), "{what}: {said}");

        let copy = folder.path().join("copy.p12");
        let to = ["-destkeystore", path(&copy), "-deststoretype", "PKCS12", "-deststorepass", "copied"];
        let from = ["-srckeystore", path(&file), "-srcstorepass:file", path(&password)];
        let old = if written.legacy { &["-J-Dkeystore.pkcs12.legacy"][..] } else { &[] };
        done("keytool", &[&["-importkeystore"], from.as_slice(), &to, old].concat());
        let contents = read(&fs::read(&copy).unwrap(), "copied").ok().unwrap();
        fs::remove_file(&copy).unwrap();
        assert_contents(&contents, written.identity, written.length, &what);
    }
}

/// A key and a certificate of it in files, for the programs to pack.
struct Loose {
    folder: tempfile::TempDir,
    identity: &'static Identity,
}

impl Loose {
    fn new() -> Self {
        let (folder, identity) = (scratch(), &IDENTITIES[2]);
        fs::write(folder.path().join("key.pem"), identity.key.pem()).unwrap();
        let chain = identity.chain.iter().map(|der| pem::encode(&pem::Pem::new("CERTIFICATE", der.clone())));
        fs::write(folder.path().join("chain.pem"), chain.collect::<String>()).unwrap();
        Loose { folder, identity }
    }

    fn file(&self, name: &str) -> String {
        path(&self.folder.path().join(name)).to_owned()
    }

    /// What `openssl pkcs12 -export` makes of it.
    fn openssl(&self, password: &str, options: &[&str]) -> Vec<u8> {
        let (key, chain, to) = (self.file("key.pem"), self.file("chain.pem"), self.file("openssl.pfx"));
        fs::write(self.file("pw"), password).unwrap();
        // From a file it takes no empty one.
        let password = if password.is_empty() { "pass:".to_owned() } else { format!("file:{}", self.file("pw")) };
        let arguments = ["pkcs12", "-export", "-inkey", &key, "-in", &chain, "-out", &to, "-passout", &password];
        done("openssl", &[&arguments, options].concat());
        fs::read(to).unwrap()
    }

    /// What `certtool --to-p12` makes of it.
    fn certtool(&self, options: &[&str]) -> Vec<u8> {
        let (key, chain, to) = (self.file("key.pem"), self.file("chain.pem"), self.file("certtool.pfx"));
        let arguments = ["--to-p12", "--load-privkey", &key, "--load-certificate", &chain, "--p12-name", "sip"];
        done("certtool", &[&arguments, options, &["--outder", "--outfile", &to]].concat());
        fs::read(to).unwrap()
    }

    fn assert_is_in(&self, pfx: &[u8], password: &str, what: &str) {
        let contents = read(pfx, password).unwrap_or_else(|why| panic!("{what}: {why:?}"));
        assert_contents(&contents, self.identity, 3, what);
    }
}

#[test]
fn what_openssl_writes_is_read() {
    if !have("openssl") {
        return;
    }
    let loose = Loose::new();
    for options in [
        "",
        "-legacy",
        "-legacy -keyex -CSP Provider", // attributes as Windows sets them
        "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
        "-keypbe aes-128-cbc -certpbe aes-192-cbc -macalg sha384",
        "-keypbe des-ede3-cbc -certpbe NONE -macalg sha512",
        "-keypbe NONE -certpbe NONE",
        "-keypbe NONE -certpbe NONE -nomac",
        "-nomac",
        "-nomaciter -noiter",
        "-iter 10000",
    ] {
        for password in ["changeit", STRANGE, "p🔑", ""] {
            let what = format!("{options} {password:?}");
            let pfx = loose.openssl(password, &options.split_whitespace().collect::<Vec<_>>());
            loose.assert_is_in(&pfx, password, &what);
            let is_open = options.contains("NONE -nomac");
            assert_eq!(read(&pfx, "wrong").err(), (!is_open).then_some(Unreadable::Password), "{what}");
        }
    }
}

#[test]
fn what_openssl_writes_in_other_ways_is_named() {
    if !have("openssl") {
        return;
    }
    let loose = Loose::new();
    for (options, oid) in [
        (["-keypbe", "PBE-SHA1-RC4-128", "-legacy"], "1.2.840.113549.1.12.1.1"),
        (["-keypbe", "PBE-SHA1-2DES", "-legacy"], "1.2.840.113549.1.12.1.4"),
        (["-certpbe", "PBE-SHA1-RC2-128", "-legacy"], "1.2.840.113549.1.12.1.5"),
        (["-keypbe", "camellia-128-cbc", "-legacy"], "1.2.392.200011.61.1.1.1.2"),
        (["-macalg", "sha224", "-legacy"], "2.16.840.1.101.3.4.2.4"),
    ] {
        let why = read(&loose.openssl("changeit", &options), "changeit").err();
        assert_eq!(why, Some(Unreadable::Unsupported(oid.into())), "{options:?}");
    }
}

#[test]
fn what_certtool_writes_is_read() {
    if !have("certtool") {
        return;
    }
    let loose = Loose::new();
    for cipher in ["3des", "3des-pkcs12", "aes-128", "aes-192", "aes-256", "rc2-40"] {
        let pfx = loose.certtool(&["--pkcs-cipher", cipher, "--password", STRANGE]);
        loose.assert_is_in(&pfx, STRANGE, cipher);
    }
    for option in ["--null-password", "--empty-password"] {
        let pfx = loose.certtool(&[option]);
        loose.assert_is_in(&pfx, "", option);
        assert_eq!(read(&pfx, "wrong").err(), Some(Unreadable::Password), "{option}");
    }
}

#[test]
fn a_sealed_key_is_opened_by_openssl_certtool_and_here() {
    if !have_all(&["openssl", "certtool"]) {
        return;
    }
    let folder = scratch();
    let (file, password) = (folder.path().join("key.pem"), folder.path().join("pw"));
    for (identity, passphrase) in IDENTITIES.iter().zip(["changeit", STRANGE, "p🔑", "x"]) {
        let sealed = seal(&identity.key, passphrase).unwrap();
        assert!(sealed.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n") && !sealed.contains('\r'), "{sealed}");
        assert!(open(&sealed, passphrase).ok().unwrap().pem() == identity.key.pem());
        for wrong in ["", "Changeit", "p"] {
            assert_eq!(open(&sealed, wrong).err(), Some(Fault::Password));
        }
        fs::write(&file, &sealed).unwrap();
        fs::write(&password, passphrase).unwrap();
        let password = format!("file:{}", path(&password));
        let said = done("openssl", &["pkey", "-in", path(&file), "-passin", &password]);
        assert!(blocks(&said, "PRIVATE KEY") == [identity.key.der().unwrap().to_vec()]);
        assert!(certtool_public(&file, passphrase) == public(&identity.key), "{passphrase}");
    }
}

#[test]
fn keys_that_others_sealed_are_opened_or_named() {
    if !have_all(&["openssl", "certtool"]) {
        return;
    }
    let loose = Loose::new();
    let (key, to) = (loose.file("key.pem"), loose.file("sealed.pem"));
    let mut sealed = Vec::new();
    for options in [
        "",
        "-v2 aes-128-cbc -v2prf hmacWithSHA512",
        "-v2 aes-192-cbc -v2prf hmacWithSHA384",
        "-v2 des3 -v2prf hmacWithSHA1",
        "-v1 PBE-SHA1-3DES",
        "-v1 PBE-SHA1-RC2-40 -provider legacy -provider default",
    ] {
        let arguments = ["pkcs8", "-topk8", "-in", &key, "-out", &to, "-passout", "pass:changeit"];
        done("openssl", &[arguments.as_slice(), &options.split_whitespace().collect::<Vec<_>>()].concat());
        sealed.push((options, fs::read_to_string(&to).unwrap()));
    }
    done("certtool", &["--to-p8", "--load-privkey", &key, "--password", "changeit", "--outfile", &to]);
    sealed.push(("certtool", fs::read_to_string(&to).unwrap()));
    for (what, pem) in sealed {
        let opened = open(&pem, "changeit").unwrap_or_else(|why| panic!("{what}: {why:?}"));
        assert!(public(&opened) == public(&loose.identity.key), "{what}");
        assert_eq!(open(&pem, "wrong").err(), Some(Fault::Password), "{what}");
        assert_eq!(open(&pem[..pem.len() / 2], "changeit").err(), Some(Fault::Damaged), "{what}");
    }

    let arguments = ["pkcs8", "-topk8", "-scrypt", "-in", &key, "-out", &to, "-passout", "pass:changeit"];
    done("openssl", &arguments);
    let named = |what: &str| Some(Fault::Unsupported(what.into()));
    assert_eq!(open(&fs::read_to_string(&to).unwrap(), "changeit").err(), named("1.3.6.1.4.1.11591.4.11"));
    done("openssl", &["ec", "-aes256", "-in", &key, "-out", &to, "-passout", "pass:changeit"]);
    assert_eq!(open(&fs::read_to_string(&to).unwrap(), "changeit").err(), named("EC PRIVATE KEY"));
    assert_eq!(open(loose.identity.key.pem(), "changeit").err(), named("PRIVATE KEY"));
}

#[test]
fn what_cannot_be_written_is_refused() {
    let Identity { key, chain, .. } = &IDENTITIES[2];
    let certificates = [chain[0].as_slice()];
    let parcel = Parcel { key, certificates: &certificates, friendly_name: "", password: "x", legacy: false };
    assert_eq!(write(&Parcel { certificates: &[], ..parcel }).err().unwrap(), "a PFX needs a certificate");
    let no_key = PrivateKey::from_pem("nonsense".into());
    assert!(write(&Parcel { key: &no_key, ..parcel }).is_err());
    assert!(seal(&no_key, "x").is_err());
    assert_contents(&read(&write(&parcel).unwrap(), "x").ok().unwrap(), &IDENTITIES[2], 1, "without a name");
}

/// A small PFX of OpenSSL's with 10 iterations in each derivation, under the password `fuzz`.
fn small(name: &str) -> Vec<u8> {
    fs::read(beside(&format!("fuzz/pfx/{name}.pfx"))).unwrap()
}

#[test]
fn the_sum_of_the_iterations_is_bounded() {
    for (name, derivations) in [("modern", 3), ("legacy", 3), ("nomac", 1), ("open", 0)] {
        let read = |iterations| read_within(&small(name), "fuzz", iterations).err();
        assert_eq!(read(10 * derivations), None, "{name}");
        if derivations > 0 {
            let too_many = Unreadable::Unsupported("iterationCount 10".into());
            assert_eq!(read(10 * derivations - 1), Some(too_many), "{name}");
        }
    }
}

#[test]
fn what_is_no_pfx_and_what_is_half_of_one_are_told_apart() {
    let Identity { key, chain, .. } = &IDENTITIES[2];
    let pem = pem::encode(&pem::Pem::new("PKCS12", small("open")));
    for other in [&[][..], b"0", &[0x30, 0x80], &chain[0], &key.der().unwrap(), key.pem().as_bytes(), pem.as_bytes()] {
        assert_eq!(read(other, "fuzz").err(), Some(Unreadable::NotPfx), "{other:02X?}");
    }
    for name in ["modern", "legacy", "nomac", "open"] {
        let file = small(name);
        for length in 7..file.len() {
            assert_eq!(read(&file[..length], "fuzz").err(), Some(Unreadable::Damaged), "{name}: {length}");
        }
        assert!(read(&[&file[..], b"\n"].concat(), "fuzz").is_ok());
    }
    let mut changed = small("modern");
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    assert_eq!(read(&changed, "fuzz").err(), Some(Unreadable::Password), "the MAC cannot tell the two apart");
}

#[test]
fn the_indefinite_lengths_of_ber_are_named() {
    let file = small("open");
    let named = |what: &str| Some(Unreadable::Unsupported(what.into()));
    let around = [&[0x30, 0x80], &file[4..], &[0, 0]].concat();
    assert_eq!(read(&around, "fuzz").err(), named("BER"));

    // OID of data, [0], OCTET STRING.
    let data = [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1];
    let at = file.windows(data.len()).position(|window| window == data).unwrap() + data.len();
    assert_eq!([file[at], file[at + 4]], [0xA0, 0x04]);
    let with = |at: usize, octet: u8| {
        let mut changed = file.clone();
        changed[at] = octet;
        read(&changed, "fuzz").err()
    };
    assert_eq!(with(at + 4, 0x24), named("BER"));
    assert_eq!(with(at - 1, 2), named("1.2.840.113549.1.7.2"), "signed data");
}

proptest! {
    #[test]
    fn any_bytes_are_refused_soon(bytes in prop::collection::vec(any::<u8>(), 0..2000), is_pfx: bool) {
        let bytes = if is_pfx { [&[0x30, 0x82, 0x07, 0xD0, 2, 1, 3], &bytes[..]].concat() } else { bytes };
        let start = Instant::now();
        prop_assert!(read(&bytes, "fuzz").is_err());
        prop_assert!(start.elapsed() < Duration::from_secs(20));
        prop_assert!(open(&String::from_utf8_lossy(&bytes), "fuzz").is_err());
        let pem = pem::encode(&pem::Pem::new(SEALED, bytes));
        prop_assert!(open(&pem, "fuzz").is_err());
    }

    #[test]
    fn damaged_files_are_read_or_refused_soon(
        name in prop::sample::select(vec!["modern", "legacy", "nomac", "open"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut file = small(name);
        for (at, octet) in &changes {
            let at = at.index(file.len());
            file[at] = *octet;
        }
        let start = Instant::now();
        let opened = read(&file, "fuzz");
        prop_assert!(start.elapsed() < Duration::from_secs(20));
        if let Ok(contents) = opened {
            prop_assert!(contents.certificates.iter().map(Vec::len).sum::<usize>() < file.len());
        }
    }
}
