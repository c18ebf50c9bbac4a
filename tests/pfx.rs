//! PFX files and encrypted keys, exchanged with OpenSSL, GnuTLS, Java and another crate.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use edgewright::model::encrypted_key::{Fault, open, seal};
use edgewright::model::pfx::{Contents, Parcel, Unreadable, read, read_within, write};
use edgewright::model::request::generate_key;
use edgewright::model::{KeyKind, PrivateKey};
use p12_keystore::{KeyStore, Pkcs12ImportPolicy};
use proptest::prelude::*;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, PublicKeyData};

use common::{beside, have, have_all, scratch};

/// Latin, Greek, a character beyond the basic plane, and what shells and option files stumble over.
const STRANGE: &str = "päß Ωλ🔑 \"$'\\#";

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
    identity: &'static Identity,
    length: usize,
    password: &'static str,
    name: &'static str,
    legacy: bool,
    file: PathBuf,
}

impl Written {
    fn chain(&self) -> &'static [Vec<u8>] {
        &self.identity.chain[..self.length]
    }

    fn what(&self) -> String {
        let Written { length, password, legacy, .. } = self;
        format!("{}, chain of {length}, {password:?}, legacy: {legacy}", self.identity.kind.name())
    }
}

/// Every kind of key in both ways, passwords and names plain and strange, chains of 1 and 3. Beside each file, `….pw`
/// has its password.
fn written(folder: &Path) -> Vec<Written> {
    let mut all = Vec::new();
    for (index, identity) in IDENTITIES.iter().enumerate() {
        for legacy in [false, true] {
            let is_strange = (index % 2 == 0) != legacy;
            let (password, name) = if is_strange { (STRANGE, "Zürich Ωλ中🔑") } else { ("changeit", "sip.contoso.com") };
            let length = if index < 2 { 3 } else { 1 };
            let file = folder.join(format!("{}-{legacy}.pfx", identity.kind.name()));
            let certificates: Vec<&[u8]> = identity.chain[..length].iter().map(Vec::as_slice).collect();
            let parcel =
                Parcel { key: &identity.key, certificates: &certificates, friendly_name: name, password, legacy };
            fs::write(&file, &*write(&parcel).unwrap()).unwrap();
            fs::write(file.with_extension("pw"), password).unwrap();
            all.push(Written { identity, length, password, name, legacy, file });
        }
    }
    all
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
fn public(pem: &str) -> Vec<u8> {
    KeyPair::from_pem(pem).unwrap().subject_public_key_info()
}

fn assert_contents(contents: &Contents, identity: &Identity, length: usize, what: &str) {
    assert!(contents.certificates == identity.chain[..length], "{what}");
    assert_eq!(public(contents.key.as_ref().unwrap().pem()), public(identity.key.pem()), "{what}");
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn what_is_written_is_read_here_and_by_another_crate() {
    let folder = scratch();
    for written in written(folder.path()) {
        let what = written.what();
        let der = fs::read(&written.file).unwrap();
        let contents = read(&der, written.password).ok().unwrap();
        assert_contents(&contents, written.identity, written.length, &what);
        assert!(contents.key.unwrap().pem() == written.identity.key.pem(), "{what}");
        for wrong in ["", "Changeit", "päß Ωλ🔑 \"$'\\"] {
            assert_eq!(read(&der, wrong).err(), Some(Unreadable::Password), "{what}");
        }

        let store = KeyStore::from_pkcs12(&der, written.password, Pkcs12ImportPolicy::Relaxed).unwrap();
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
    for written in written(folder.path()) {
        let what = written.what();
        let password = format!("file:{}", path(&written.file.with_extension("pw")));
        let said = done("openssl", &["pkcs12", "-in", path(&written.file), "-passin", &password, "-nodes", "-info"]);
        assert!(blocks(&said, "CERTIFICATE") == written.chain(), "{what}");
        assert_eq!(public(&pem_of(&said, "PRIVATE KEY")), public(written.identity.key.pem()), "{what}");
        let attribute = |name: &str| -> Vec<&str> {
            said.lines().filter_map(|line| line.trim().strip_prefix(name)).map(str::trim).collect()
        };
        assert_eq!(attribute("friendlyName:"), [written.name; 2], "{what}");
        let ids = attribute("localKeyID:");
        assert!(ids.len() == 2 && ids[0] == ids[1] && ids[0].len() == 59, "{what}: {ids:?}");
        let algorithms: &[&str] = if written.legacy {
            &["MAC: sha1, Iteration 300000", "pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 300000"]
        } else {
            &["MAC: sha256, Iteration 300000", "PBES2, PBKDF2, AES-256-CBC, Iteration 300000, PRF hmacWithSHA256"]
        };
        assert!(algorithms.iter().all(|algorithm| said.contains(algorithm)), "{what}: {said}");

        let (said, is_content) = run("openssl", &["pkcs12", "-in", path(&written.file), "-passin", "pass:no", "-nodes"]);
        assert!(!is_content && said.contains("invalid password"), "{said}");
    }
}

/// The first block with that label, in PEM.
fn pem_of(text: &str, label: &str) -> String {
    pem::encode(&pem::Pem::new(label, blocks(text, label).swap_remove(0)))
}

#[test]
fn certtool_reads_what_is_written() {
    if !have("certtool") {
        return;
    }
    let folder = scratch();
    for written in written(folder.path()) {
        let what = written.what();
        let arguments = ["--p12-info", "--inder", "--infile", path(&written.file), "--password", written.password];
        let said = done("certtool", &arguments);
        assert!(blocks(&said, "CERTIFICATE") == written.chain(), "{what}");
        assert_eq!(public(&pem_of(&said, "PRIVATE KEY")), public(written.identity.key.pem()), "{what}");
        assert_eq!(said.matches(&format!("Friendly name: {}", written.name)).count(), 2, "{what}: {said}");
    }
}

/// `keytool` lists the chain, and copies the entry into a store of its own, which is read in turn.
#[test]
fn java_reads_what_is_written_and_the_other_way_round() {
    if !have("keytool") {
        return;
    }
    let folder = scratch();
    for written in written(folder.path()) {
        let what = written.what();
        let password = written.file.with_extension("pw");
        let from = ["-keystore", path(&written.file), "-storetype", "PKCS12", "-storepass:file", path(&password)];
        let said = done("keytool", &[&["-list", "-rfc"], from.as_slice()].concat());
        assert!(said.contains(&format!("Alias name: {}", written.name.to_lowercase())), "{what}: {said}");
        assert!(blocks(&said, "CERTIFICATE") == written.chain(), "{what}: {said}");

        let copy = written.file.with_extension("copy");
        let to = ["-destkeystore", path(&copy), "-deststoretype", "PKCS12", "-deststorepass", "copied"];
        let from = ["-srckeystore", path(&written.file), "-srcstorepass:file", path(&password)];
        let old = if written.legacy { &["-J-Dkeystore.pkcs12.legacy"][..] } else { &[] };
        done("keytool", &[&["-importkeystore"], from.as_slice(), &to, old].concat());
        let contents = read(&fs::read(&copy).unwrap(), "copied").ok().unwrap();
        assert_contents(&contents, written.identity, written.length, &what);
    }
}
