//! A disk in memory over the machine's: what a dry run writes lies on top of what is there, and nothing below it changes.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::home::FileOwner;
use crate::pki::PrivateKey;
use crate::system::{About, Access, Disk, Kind};

use super::atomic::folder_of;
use super::clock::now;
use super::platform;
use super::real::RealDisk;

/// Links on one way that are followed, as many as Linux does (`path_resolution(7)`).
const MOST_LINKS: usize = 40;

/// The machine's disk with what was changed since. A change is seen by the path it was made at, and through links that
/// were made here.
#[derive(Clone, Default)]
pub struct Overlay {
    changed: BTreeMap<PathBuf, Node>,
}

/// What is at a place now.
#[derive(Clone)]
pub enum Node {
    /// A file.
    File {
        /// What is in it, maybe a key.
        content: Zeroizing<Vec<u8>>,
        /// Its permission bits, where the platform has them.
        mode: Option<u32>,
        /// Whose it is, where the platform has that.
        owner: Option<FileOwner>,
    },
    /// A folder, with its permission bits.
    Folder(Option<u32>),
    /// A link, and where it leads.
    Link(PathBuf),
    /// Nothing: it was taken away.
    Nothing,
}

impl Node {
    /// A file of ours.
    pub fn file(content: &[u8], access: Access) -> Self {
        let (mode, owner) = match access {
            Access::Private => (platform::born_with(0o600), None),
            Access::Shared => (platform::born_with(0o644), None),
            Access::Exactly { mode, owner } => (cfg!(unix).then_some(mode), owner),
        };
        Node::File { content: Zeroizing::new(content.to_vec()), mode, owner: owner.or_else(platform::ourselves) }
    }

    /// The key in it, and whether it is its owner's alone.
    ///
    /// # Errors
    /// That it is no file.
    pub fn key(&self) -> io::Result<(PrivateKey, bool)> {
        match self {
            Node::File { content, mode, .. } => {
                let is_own = !mode.is_some_and(|mode| mode & 0o077 != 0);
                Ok((PrivateKey::from_pem(String::from_utf8_lossy(content).into_owned()), is_own))
            }
            node => Err(node.no_file()),
        }
    }

    fn no_file(&self) -> io::Error {
        match self {
            Node::Nothing => io::ErrorKind::NotFound.into(),
            _ => io::ErrorKind::InvalidInput.into(),
        }
    }

    fn about(&self) -> io::Result<About> {
        let (kind, size, mode, owner) = match self {
            Node::File { content, mode, owner } => (Kind::File, content.len() as u64, *mode, *owner),
            Node::Folder(mode) => (Kind::Folder, 0, *mode, platform::ourselves()),
            Node::Link(_) => (Kind::Link, 0, cfg!(unix).then_some(0o777), platform::ourselves()),
            Node::Nothing => return Err(io::ErrorKind::NotFound.into()),
        };
        Ok(About { kind, mode, owner, size, modified: Some(now()), has_second_name: false })
    }
}

impl Overlay {
    /// Has `node` be at `path`, in place of what is there.
    ///
    /// # Errors
    /// Why nothing can be there.
    pub fn put(&mut self, path: &Path, node: Node) -> io::Result<()> {
        let place = self.follow(path, false)?;
        self.changed.insert(place, node);
        Ok(())
    }

    /// Has nothing be at `path`, where there is something.
    ///
    /// # Errors
    /// That there is nothing, or why nobody can say.
    pub fn take_away(&mut self, path: &Path) -> io::Result<()> {
        self.about(path)?;
        self.put(path, Node::Nothing)
    }

    /// Where `path` is, once the links are followed that were made here: those on the way to it and, if it is to be gone to
    /// its end, one that is there.
    fn follow(&self, path: &Path, to_its_end: bool) -> io::Result<PathBuf> {
        let mut path = path.to_owned();
        for _ in 0..MOST_LINKS {
            let is_passed = |place: &&Path| matches!(self.changed.get(*place), None | Some(Node::Folder(_)));
            let stop = path.ancestors().skip(usize::from(!to_its_end)).filter(|place| !is_passed(place)).last();
            let Some(stop) = stop else { return Ok(path) };
            path = match &self.changed[stop] {
                Node::Link(to) => {
                    let led = folder_of(stop).join(to);
                    if stop == path { led } else { led.join(path.strip_prefix(stop).unwrap_or(&path)) }
                }
                _ if stop == path => return Ok(path),
                Node::Nothing => return Err(io::ErrorKind::NotFound.into()),
                _ => return Err(io::ErrorKind::NotADirectory.into()),
            };
        }
        Err(io::ErrorKind::NotFound.into())
    }
}

impl Disk for Overlay {
    fn about(&self, path: &Path) -> io::Result<About> {
        let place = self.follow(path, false)?;
        self.changed.get(&place).map_or_else(|| RealDisk.about(&place), Node::about)
    }

    fn is_folder(&self, path: &Path) -> io::Result<bool> {
        let place = self.follow(path, true)?;
        match self.changed.get(&place) {
            Some(node) => Ok(node.about()?.kind == Kind::Folder),
            None => RealDisk.is_folder(&place),
        }
    }

    fn names_in(&self, folder: &Path) -> io::Result<Vec<OsString>> {
        let place = self.follow(folder, true)?;
        let is_made = match self.changed.get(&place) {
            Some(node) if node.about()?.kind != Kind::Folder => return Err(io::ErrorKind::NotADirectory.into()),
            node => node.is_some(),
        };
        let mut names: BTreeSet<OsString> = match RealDisk.names_in(&place) {
            Err(error) if is_made && error.kind() == io::ErrorKind::NotFound => BTreeSet::new(),
            names => names?.into_iter().collect(),
        };
        for (path, node) in self.changed.iter().filter(|(path, _)| path.parent() == Some(&place)) {
            match (path.file_name(), node) {
                (Some(name), Node::Nothing) => drop(names.remove(name)),
                (Some(name), _) => drop(names.insert(name.to_owned())),
                (None, _) => {}
            }
        }
        Ok(names.into_iter().collect())
    }

    fn leads(&self, link: &Path) -> io::Result<PathBuf> {
        let place = self.follow(link, false)?;
        match self.changed.get(&place) {
            Some(Node::Link(to)) => Ok(to.clone()),
            Some(node) => Err(node.no_file()),
            None => RealDisk.leads(&place),
        }
    }

    fn content(&self, file: &Path, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
        let place = self.follow(file, true)?;
        match self.changed.get(&place) {
            Some(Node::File { content, .. }) => {
                let most = usize::try_from(most).unwrap_or(usize::MAX).min(content.len());
                Ok(Zeroizing::new(content[..most].to_vec()))
            }
            Some(node) => Err(node.no_file()),
            None => RealDisk.content(&place, most),
        }
    }

    fn key(&self, file: &Path) -> io::Result<(PrivateKey, bool)> {
        let place = self.follow(file, false)?;
        self.changed.get(&place).map_or_else(|| RealDisk.key(&place), Node::key)
    }

    fn may_write(&self, folder: &Path) -> io::Result<()> {
        let place = self.follow(folder, true)?;
        match self.changed.get(&place) {
            // It was made by us, for us.
            Some(node) => node.about().map(drop),
            None => RealDisk.may_write(&place),
        }
    }

    fn steered_by(&self, folder: &Path) -> Option<String> {
        RealDisk.steered_by(&self.follow(folder, true).ok()?)
    }

    fn real(&self, folder: &Path) -> PathBuf {
        RealDisk.real(&self.follow(folder, true).unwrap_or_else(|_| folder.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_was_changed_is_seen_over_what_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        for name in ["kept", "old"] {
            fs::create_dir(at(name)).expect("a folder");
            fs::write(at(name).join("file"), name).expect("a file");
        }
        let mut disk = Overlay::default();
        let file = |content: &str| Node::file(content.as_bytes(), Access::Private);
        disk.put(&at("new"), Node::Folder(None)).expect("put");
        disk.put(&at("new/file"), file("new")).expect("put");
        disk.put(&at("kept/more"), file("more")).expect("put");
        disk.put(&at("link"), Node::Link("new".into())).expect("put");
        disk.take_away(&at("old/file")).expect("taken away");

        let content = |disk: &Overlay, name: &str| {
            let content = disk.content(&at(name), 99).map_err(|error| error.kind())?;
            Ok(String::from_utf8_lossy(&content).into_owned())
        };
        let names = |disk: &Overlay, name: &str| disk.names_in(&at(name)).map_err(|error| error.kind());
        assert_eq!(names(&disk, "").expect("a folder"), ["kept", "link", "new", "old"]);
        assert_eq!(names(&disk, "kept").expect("a folder"), ["file", "more"]);
        assert_eq!(names(&disk, "old").expect("a folder"), [""; 0]);
        assert_eq!(names(&disk, "link").expect("a folder"), ["file"]);
        assert_eq!(content(&disk, "link/file"), Ok("new".to_owned()));
        assert_eq!(content(&disk, "kept/file"), Ok("kept".to_owned()));
        assert_eq!(content(&disk, "old/file"), Err(io::ErrorKind::NotFound));
        assert_eq!(content(&disk, "kept/more/below"), Err(io::ErrorKind::NotADirectory));
        assert_eq!(disk.take_away(&at("old/file")).expect_err("it is gone").kind(), io::ErrorKind::NotFound);

        disk.put(&at("link"), Node::Link("link".into())).expect("put");
        assert_eq!(content(&disk, "link/file"), Err(io::ErrorKind::NotFound), "it leads round and round");
        disk.put(&at("link"), Node::Link("kept".into())).expect("put");
        assert_eq!(content(&disk, "link/more"), Ok("more".to_owned()));
        disk.take_away(&at("link")).expect("taken away");
        assert_eq!(names(&disk, "link"), Err(io::ErrorKind::NotFound));
        assert_eq!(content(&Overlay::default(), "old/file"), Ok("old".to_owned()), "the machine's is as it was");
    }
}
