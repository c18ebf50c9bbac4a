//! The machine's disk, as far as it is read.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::pki::PrivateKey;
use crate::system::{About, Disk, Kind};
use crate::world::clock::moment;
use crate::world::platform;
use crate::world::reading::read_file;

/// The machine's disk.
#[derive(Debug, Clone, Copy)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn about(&self, path: &Path) -> io::Result<About> {
        let metadata = fs::symlink_metadata(path)?;
        let kind = match metadata.file_type() {
            kind if kind.is_dir() => Kind::Folder,
            kind if kind.is_symlink() => Kind::Link,
            kind if kind.is_file() => Kind::File,
            _ => Kind::Other,
        };
        Ok(About {
            kind,
            mode: platform::mode(&metadata),
            owner: platform::owner(&metadata),
            size: metadata.len(),
            modified: metadata.modified().ok().and_then(moment),
            has_second_name: kind == Kind::File && !platform::has_one_name(&metadata),
        })
    }

    fn is_folder(&self, path: &Path) -> io::Result<bool> {
        Ok(fs::metadata(path)?.is_dir())
    }

    fn names_in(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        platform::names_in(folder)
    }

    fn leads(&self, link: &Path) -> io::Result<PathBuf> {
        fs::read_link(link)
    }

    fn content(&self, file: &Path, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
        read_file(file, most)
    }

    fn key(&self, file: &Path) -> io::Result<(PrivateKey, bool)> {
        let (key, file) = open_key(file)?;
        Ok((key, platform::is_own(&file) && !is_open_file(&file)))
    }

    fn steered_by(&self, folder: &Path) -> Option<String> {
        platform::steered_by(folder)
    }

    fn may_write(&self, folder: &Path) -> io::Result<()> {
        platform::may_write(folder)
    }

    fn real(&self, folder: &Path) -> PathBuf {
        platform::real(folder)
    }
}

/// The key at `path`, whoever may read it, and its file.
fn open_key(path: &Path) -> io::Result<(PrivateKey, File)> {
    /// Octets of the largest key: an RSA key of 16,384 bits has 12,000.
    const LARGEST_KEY: u64 = 64 << 10;
    let mut options = OpenOptions::new();
    let file = platform::not_through_links(options.read(true)).open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > LARGEST_KEY {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // Room for all of it at once: a text that grows leaves its old place uncleared.
    let mut pem = String::with_capacity(usize::try_from(LARGEST_KEY).unwrap_or_default());
    (&file).take(LARGEST_KEY).read_to_string(&mut pem)?;
    Ok((PrivateKey::from_pem(pem), file))
}

/// Whether others than its owner may read the file.
pub fn is_open_file(file: &File) -> bool {
    let mode = file.metadata().ok().filter(Metadata::is_file).and_then(|metadata| platform::mode(&metadata));
    mode.is_some_and(|mode| mode & 0o077 != 0)
}
