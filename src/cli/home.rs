//! Which home folder.

use std::io;
use std::path::{Path, PathBuf};

use crate::text::{Text, say};
use crate::world::{home_of_root, is_of_root};

use super::args::Args;
use super::told::tell;

/// The home folder that was named, else the default, of which an older place is said.
pub(super) fn home(args: &Args, text: &Text) -> io::Result<Option<PathBuf>> {
    if let Some(named) = args.home.as_ref().filter(|home| !home.is_empty()) {
        return Ok(Some(PathBuf::from(named)));
    }
    let Some(home) = default_home() else { return Ok(None) };
    if let Some(new) = home_of_root().filter(|new| *new != home) {
        let shown = |path: &Path| path.to_string_lossy().into_owned();
        tell(&say("home-older").with("home", shown(&home)).with("new", shown(&new)), text)?;
    }
    Ok(Some(home))
}

/// The home folder where none is named: root's own, unless an older one of root's is still in use; else the platform's
/// folder for a user's data.
pub(super) fn default_home() -> Option<PathBuf> {
    let of_user = directories::ProjectDirs::from("", "", "edgewright").map(|folders| folders.data_dir().to_owned());
    let Some(of_root) = home_of_root() else { return of_user };
    let is_in_use =
        |home: &PathBuf| is_of_root(home) && home.read_dir().is_ok_and(|mut inside| inside.next().is_some());
    of_user.filter(is_in_use).or(Some(of_root))
}

/// Makes a path absolute without touching the disk: a folder that does not exist yet has no canonical path.
pub(super) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
