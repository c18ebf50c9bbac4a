//! Whoever loads key and certificate while the link is being switched gets a pair that fits, as long as the link is
//! followed once: the folder that it led to is never changed. Who follows it for each file may be led to two pairs.

mod common;

use std::fs::{self, File};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use edgewright::pki::PrivateKey;
use edgewright::pki::request::public_key_of;
use edgewright::system::Files as _;
use edgewright::world::RealWorld;
use rustix::fs::{Mode, OFlags};

use common::{is_long, scratch};

/// Two pairs, and `current` at the first.
fn house() -> tempfile::TempDir {
    let home = scratch();
    for number in ["1", "2"] {
        let folder = home.path().join("pairs").join(number);
        fs::create_dir_all(&folder).unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new(["contoso.com".to_owned()]).unwrap().self_signed(&key).unwrap();
        fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
        fs::write(folder.join("fullchain.pem"), certificate.pem()).unwrap();
    }
    RealWorld::new(home.path().to_owned(), home.path().to_owned())
        .link(&home.path().join("current"), Some(Path::new("pairs/1")))
        .unwrap();
    home
}

/// Reads both files with `read` while the link is switched; gives how often they did not fit, and how often it was read
/// while it led to the one and to the other.
fn read_beside_switches(home: &Path, switches: usize, read: impl Fn() -> [String; 2] + Sync) -> (usize, [usize; 2]) {
    let public_keys = ["1", "2"].map(|number| {
        let key = fs::read_to_string(home.join("pairs").join(number).join("key.pem")).unwrap();
        let certificate = fs::read_to_string(home.join("pairs").join(number).join("fullchain.pem")).unwrap();
        (key, certificate)
    });
    // Comparing texts is enough, once it is known that the texts of one folder fit.
    for (key, certificate) in &public_keys {
        let leaf = edgewright::pki::Certificate::read_pem(certificate).unwrap();
        assert_eq!(public_key_of(&PrivateKey::from_pem(key.clone())), Some(leaf.public_key));
    }
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut unfit, mut seen) = (0, [0, 0]);
            while !is_over.load(Ordering::Relaxed) {
                let [key, certificate] = read();
                let of = public_keys.iter().position(|(held, _)| *held == key).expect("a whole key");
                let fits = public_keys[of].1 == certificate;
                assert!(fits || public_keys[1 - of].1 == certificate, "a whole certificate");
                unfit += usize::from(!fits);
                seen[of] += 1;
            }
            (unfit, seen)
        });
        let mut world = RealWorld::new(home.to_owned(), home.to_owned());
        for at in 0..switches {
            let to = ["pairs/2", "pairs/1"][at % 2];
            world.link(&home.join("current"), Some(Path::new(to))).unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    })
}

fn switches() -> usize {
    if is_long() { 200_000 } else { 10_000 }
}

#[test]
fn who_follows_the_link_once_always_gets_a_pair_that_fits() {
    let home = house();
    let current = home.path().join("current");
    let resolved = || {
        let folder = fs::canonicalize(&current).expect("the link is always there");
        ["key.pem", "fullchain.pem"].map(|name| fs::read_to_string(folder.join(name)).unwrap())
    };
    let handle = || {
        let folder = File::open(&current).expect("the link is always there");
        ["key.pem", "fullchain.pem"].map(|name| {
            let file = rustix::fs::openat(&folder, name, OFlags::RDONLY, Mode::empty()).unwrap();
            std::io::read_to_string(File::from(file)).unwrap()
        })
    };
    for (how, (unfit, seen)) in [
        ("by its path, resolved", read_beside_switches(home.path(), switches(), resolved)),
        ("in one open folder", read_beside_switches(home.path(), switches(), handle)),
    ] {
        println!("{how}: {seen:?} reads");
        assert_eq!(unfit, 0, "{how}");
        assert!(seen.iter().all(|reads| *reads > 100), "{how}: it was read while it led to either: {seen:?}");
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2, "no temporary link is left");
}

/// What the reader who follows the link once does not see: this test can find it, so the one above can fail.
#[test]
fn who_follows_the_link_for_each_file_gets_whole_files_that_may_not_fit() {
    let home = house();
    let current = home.path().join("current");
    let each = || ["key.pem", "fullchain.pem"].map(|name| fs::read_to_string(current.join(name)).expect("never gone"));
    let (unfit, seen) = read_beside_switches(home.path(), switches(), each);
    println!("for each file: {unfit} of {} reads did not fit", seen[0] + seen[1]);
    assert!(unfit > 0, "{seen:?}");
}
