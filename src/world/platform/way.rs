//! The way to a folder: where it leads, and who besides us could lead it elsewhere or change what is at its end.
//!
//! A way that is found safe stays so: whoever could change a part of it is root, or we.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

use super::{Resolved, access};

/// Links on one way that are followed, as many as Linux does (`path_resolution(7)`).
const MOST_LINKS: usize = 40;

/// Where `home` leads, and who besides us may change what is there or the way to it.
///
/// Every folder and every link that the kernel passes counts: its owner is root or we, and others write to it only where
/// each may clear just what is his (the sticky bit, as on `/tmp`). The home folder itself is ours, and nobody else's to
/// write to. Root may also be led into the folder of the user who called `sudo`: that one is lent, not unsafe.
#[must_use]
pub fn resolve(home: &Path) -> Resolved {
    let us = rustix::process::geteuid().as_raw();
    let (path, unsafe_because) = judge(home, &[us]);
    let resolved = Resolved { path, unsafe_because, is_lent: false };
    let (Some(_), Some(caller)) = (&resolved.unsafe_because, sudo_caller()) else { return resolved };
    let is_his = fs::metadata(&resolved.path).is_ok_and(|metadata| metadata.uid() == caller);
    let (path, unsafe_because) = judge(home, &[us, caller]);
    let is_lent = is_his && unsafe_because.is_none();
    if is_lent { Resolved { path, unsafe_because, is_lent } } else { resolved }
}

/// The user who called `sudo`, where root runs for one.
fn sudo_caller() -> Option<u32> {
    let caller = std::env::var("SUDO_UID").ok()?.parse().ok()?;
    (rustix::process::geteuid().is_root() && caller != 0).then_some(caller)
}

/// Who besides us and the one who called `sudo` could lead elsewhere what is written into `folder`.
#[must_use]
pub fn steered_by(folder: &Path) -> Option<String> {
    let owners: Vec<u32> = sudo_caller().into_iter().chain([rustix::process::geteuid().as_raw()]).collect();
    go(folder, &owners)?.danger
}

/// Where `home` leads, and who besides `owners` and root may change it.
fn judge(home: &Path, owners: &[u32]) -> (PathBuf, Option<String>) {
    // Relative to a folder that is gone it leads nowhere.
    let Some(mut way) = go(home, owners) else { return (home.to_owned(), None) };
    way.arrive();
    (way.at, way.danger)
}

/// Goes the way to `folder`, as the kernel does; none where it is relative to a folder that is gone.
fn go<'a>(folder: &Path, owners: &'a [u32]) -> Option<Way<'a>> {
    let spelt = std::path::absolute(folder).ok()?;
    let mut way = Way { at: PathBuf::from("/"), owners, danger: None };
    way.pass(Path::new("/"));
    let mut ahead = parts(&spelt);
    let mut links = 0;
    while let Some(part) = ahead.pop_front() {
        if part == ".." {
            way.at.pop();
            continue;
        }
        let next = way.at.join(part);
        way.pass(&next);
        // What leads nowhere, or round and round, is not followed: it is in the way.
        match fs::read_link(&next).ok().filter(|_| links < MOST_LINKS && fs::metadata(&next).is_ok()) {
            Some(to) => {
                links += 1;
                if to.is_absolute() {
                    way.at = PathBuf::from("/");
                }
                ahead = parts(&to).into_iter().chain(ahead).collect();
            }
            None => way.at = next,
        }
    }
    Some(way)
}

/// The names in a path, `..` among them.
fn parts(path: &Path) -> VecDeque<OsString> {
    let is_part = |part: &Component| matches!(part, Component::Normal(_) | Component::ParentDir);
    path.components().filter(is_part).map(|part| part.as_os_str().to_owned()).collect()
}

/// A way, as far as it was gone.
struct Way<'a> {
    /// Where it leads so far: no link is in it.
    at: PathBuf,
    owners: &'a [u32],
    /// Who else may change it, and where: the first that was found.
    danger: Option<String>,
}

impl Way<'_> {
    /// Judges a folder or a link that is passed.
    fn pass(&mut self, place: &Path) {
        let Ok(metadata) = fs::symlink_metadata(place) else { return };
        let owner = metadata.uid();
        if owner != 0 && !self.owners.contains(&owner) {
            self.note(format!("uid {owner} ({})", place.display()));
        }
        // Where only owners clear, the next part is its owner's, and it is judged by that.
        let only_owners_clear = metadata.mode() & 0o1000 != 0;
        if metadata.is_dir() && !only_owners_clear {
            self.note_writers(place, &metadata);
        }
    }

    /// Judges the home folder, where the way ends.
    fn arrive(&mut self) {
        let home = self.at.clone();
        let Some(metadata) = fs::symlink_metadata(&home).ok().filter(Metadata::is_dir) else { return };
        if !self.owners.contains(&metadata.uid()) {
            self.note(format!("uid {} ({})", metadata.uid(), home.display()));
        }
        self.note_writers(&home, &metadata);
        if let Some(who) = access::heir(&home, self.owners) {
            self.note(format!("{who} ({})", home.display()));
        }
    }

    fn note_writers(&mut self, folder: &Path, metadata: &Metadata) {
        if let Some(who) = access::writer(folder, metadata, self.owners) {
            self.note(format!("{who} ({})", folder.display()));
        }
    }

    fn note(&mut self, danger: String) {
        self.danger.get_or_insert(danger);
    }
}
