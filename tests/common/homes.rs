//! Home folders with requests, pairs and links in them, made by hand: of any age, whole and broken.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use edgewright::edge::{Purpose, Server, Usage};
use edgewright::home::{Entry, Owner, Place, Undo};
use edgewright::pki::Subject;
use edgewright::pki::request::{RequestSpec, generate_key, sign};
use edgewright::pki::{Certificate, KeyKind, PrivateKey};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use time::OffsetDateTime;

use super::place::{Place as Folder, set_mode};

/// The names in every certificate.
pub const NAMES: [&str; 2] = ["contoso.com", "conference.contoso.com"];

/// The home folder of a place.
pub struct Home<'a> {
    pub place: &'a Folder,
}

impl<'a> Home<'a> {
    /// An empty home folder.
    pub fn of(place: &'a Folder) -> Self {
        let home = Home { place };
        home.folder("");
        home
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.place.home().join(name)
    }

    fn folder(&self, name: &str) -> PathBuf {
        let folder = self.at(name);
        fs::create_dir_all(&folder).unwrap();
        set_mode(&folder, 0o700);
        folder
    }

    /// Request `number`, made so many days ago.
    pub fn request(self, number: u32, usage: Usage, days_ago: u64) -> Self {
        let key = generate_key(KeyKind::EcdsaP256).unwrap();
        let spec = RequestSpec {
            key: KeyKind::EcdsaP256,
            subject: Subject::default(),
            names: NAMES.map(str::to_owned).to_vec(),
            client_eku: false,
            template: String::new(),
        };
        let folder = self.folder(&format!("requests/{number}"));
        private(&folder.join("key.pem"), key.pem());
        let request = folder.join("request.pem");
        private(&request, &sign(&spec, &key).unwrap());
        let made = SystemTime::now() - Duration::from_secs(days_ago * 24 * 60 * 60);
        File::options().append(true).open(&request).unwrap().set_modified(made).unwrap();
        private(&folder.join("request.json"), &purpose(usage, made.into()).json());
        let now = OffsetDateTime::now_utc();
        let place = Place::inside(&format!("requests/{number}/request.pem"));
        let entry = Entry::new("create", "request", place, now, now);
        self.tell(Entry { usage: Some(usage.name().to_owned()), ..entry });
        self
    }

    /// Writes a line of the journal.
    fn tell(&self, entry: Entry) {
        let journal = self.at("journal.jsonl");
        let before = fs::read_to_string(&journal).unwrap_or_default();
        private(&journal, &format!("{before}{}\n", entry.line(&Owner::default())));
    }

    /// The pair that answers request `number`: valid from and to so many hours from now, with one issuer below a root.
    pub fn pair(self, number: u32, hours: (i64, i64)) -> Self {
        self.pair_below(number, hours, (-1000, 10_000))
    }

    /// The same below an issuer that is valid from and to so many hours from now.
    pub fn pair_below(self, number: u32, hours: (i64, i64), issuer: (i64, i64)) -> Self {
        let key = self.key(&format!("requests/{number}"));
        let now = OffsetDateTime::now_utc();
        let params = |name: &str| {
            let mut params = CertificateParams::default();
            params.distinguished_name.push(DnType::CommonName, name);
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params
        };
        let root = Issuer::new(params("Root of contoso.com"), KeyPair::generate().unwrap());
        let middle_key = KeyPair::generate().unwrap();
        let mut middle = params("Authority of contoso.com");
        middle.not_before = now + time::Duration::hours(issuer.0);
        middle.not_after = now + time::Duration::hours(issuer.1);
        let middle = middle.signed_by(&middle_key, &root).unwrap();
        let middle_issuer = Issuer::new(params("Authority of contoso.com"), middle_key);
        let mut leaf = CertificateParams::new(NAMES.map(str::to_owned)).unwrap();
        leaf.distinguished_name.push(DnType::CommonName, NAMES[0]);
        leaf.not_before = now + time::Duration::hours(hours.0);
        leaf.not_after = now + time::Duration::hours(hours.1);
        let leaf = leaf.signed_by(&KeyPair::from_pem(key.pem()).unwrap(), &middle_issuer).unwrap();
        let [leaf, chain] = [leaf.der(), middle.der()].map(|der| Certificate::read(der).unwrap().pem());
        let folder = self.folder(&format!("pairs/{number}"));
        private(&folder.join("key.pem"), key.pem());
        private(&folder.join("cert.pem"), &leaf);
        private(&folder.join("chain.pem"), &chain);
        private(&folder.join("fullchain.pem"), &(leaf + &chain));
        let usage = Purpose::read(&fs::read_to_string(self.at(&format!("requests/{number}/request.json"))).unwrap());
        let root = Some("CN=Root of contoso.com".to_owned());
        private(&folder.join("pair.json"), &Purpose { root, ..purpose(usage.unwrap().usage, now) }.json());
        self
    }

    /// Lets the link of `usage` lead to `to`.
    pub fn linked(self, usage: Usage, to: impl AsRef<Path>) -> Self {
        symlink(to, self.at(usage.link())).unwrap();
        self
    }

    /// A request that was answered long ago, and its pair in use, valid for the next 90 days or so many hours.
    pub fn in_use(self, usage: Usage, number: u32, hours: (i64, i64)) -> Self {
        let place = format!("pairs/{number}");
        let home = self.request(number, usage, 30).pair(number, hours).linked(usage, &place);
        let now = OffsetDateTime::now_utc();
        let entry = Entry::new("create", "link", Place::inside(usage.link()), now, now);
        home.tell(Entry { to: Some(place), undo: Undo::Point { to: None }, ..entry });
        home
    }

    pub fn key(&self, folder: &str) -> PrivateKey {
        PrivateKey::from_pem(fs::read_to_string(self.at(folder).join("key.pem")).unwrap())
    }
}

/// What stands beside a request or a pair.
fn purpose(usage: Usage, made: OffsetDateTime) -> Purpose {
    Purpose { server: Server::Lync, usage, names: NAMES.map(str::to_owned).to_vec(), made, root: None }
}

/// A file for its owner alone.
pub fn private(path: &Path, content: &str) {
    fs::write(path, content).unwrap();
    set_mode(path, 0o600);
}
