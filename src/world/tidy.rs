//! What goes by itself when a run begins: what runs cut off have left, and the oldest of what would else grow for ever.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use crate::home::Layout;

use super::platform;

/// How many contents are kept that were replaced, and how many certificates that were pasted: the newest.
const MOST_REPLACED: usize = 500;
const MOST_RECEIVED: usize = 50;

/// Tidies the home folder. Whoever calls this holds the lock of a folder that nobody else can change.
pub fn tidy(home: &Path) {
    clear(home);
    bound(&Layout::of(home).before(), MOST_REPLACED);
    bound(&Layout::of(home).received(), MOST_RECEIVED);
}

/// Takes away the temporary files that runs cut off have left in the home folder; they may hold a part of a key. No
/// run is writing them, and links are not followed. What cannot be taken away stays for the next run.
fn clear(home: &Path) {
    /// Folders in folders that this program makes: `out/dns`, `requests/1`.
    const DEEPEST: usize = 2;
    let mut waiting = vec![(home.to_owned(), 0)];
    while let Some((folder, depth)) = waiting.pop() {
        for name in platform::names_in(&folder).unwrap_or_default() {
            let path = folder.join(&name);
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            let is_ours = name.to_string_lossy().starts_with(platform::TEMPORARY);
            let _ = match (metadata.is_dir(), is_ours) {
                // A folder that was to be made whole.
                (true, true) => take_away(&path),
                (false, true) => fs::remove_file(path),
                (true, false) if depth < DEEPEST => {
                    waiting.push((path, depth + 1));
                    Ok(())
                }
                _ => Ok(()),
            };
        }
    }
}

/// Takes away the temporary files that runs cut off have left in one folder outside the home folder. Nobody else has names
/// like these.
pub fn clear_in(folder: &Path) {
    // What a link leads to is another's.
    if !fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir()) {
        return;
    }
    let names = platform::names_in(folder).unwrap_or_default();
    for name in names.into_iter().filter(|name| name.to_string_lossy().starts_with(platform::TEMPORARY)) {
        let path = folder.join(name);
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir());
        let _ = if is_folder { take_away(&path) } else { fs::remove_file(path) };
    }
}

/// Takes away the oldest files of a folder that would else grow for ever, all but so many. Only what has a name as this
/// program gives it counts: hexadecimal digits, maybe with `.pem` behind them.
fn bound(folder: &Path, most: usize) {
    let is_ours = |name: &str| {
        let name = name.strip_suffix(".pem").unwrap_or(name);
        name.len() >= 16 && name.bytes().all(|octet| octet.is_ascii_hexdigit())
    };
    // What a link leads to is another's.
    if !fs::symlink_metadata(folder).is_ok_and(|metadata| metadata.is_dir()) {
        return;
    }
    let names = platform::names_in(folder).unwrap_or_default().into_iter();
    let ours = names.filter(|name| name.to_str().is_some_and(is_ours)).map(|name| folder.join(name));
    let dated = ours.filter_map(|path| {
        let metadata = fs::symlink_metadata(&path).ok().filter(Metadata::is_file)?;
        Some((metadata.modified().ok()?, path))
    });
    let mut files: Vec<_> = dated.collect();
    files.sort();
    let surplus = files.len().saturating_sub(most);
    for (_, file) in &files[..surplus] {
        let _ = fs::remove_file(file);
    }
}

/// Takes away a folder in which there are files only. Not by `std::fs::remove_dir_all`, for the reason of
/// [`platform::names_in`].
pub fn take_away(folder: &Path) -> io::Result<()> {
    for name in platform::names_in(folder)? {
        fs::remove_file(folder.join(name))?;
    }
    fs::remove_dir(folder)
}
