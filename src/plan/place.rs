//! Places in the home folder that are spoken for.

use std::path::{Component, Path};

use super::{ANSWERS, BEFORE, JOURNAL, LOCK};

/// What the names of temporary files begin with.
pub const TEMPORARY: &str = ".edgewright-";

/// Folder of the home folder for what a person carries elsewhere.
const OUT: &str = "out";

/// What this program keeps in its home folder, or will.
const KEPT: [&str; 13] = [
    ANSWERS,
    JOURNAL,
    BEFORE,
    LOCK,
    OUT,
    "current",
    "current-internal",
    "pairs",
    "requests",
    "received",
    "accounts",
    "home-id",
    "todo.json",
];

/// Whether a file that a person names at `path` would take a place that is needed for something else: the home folder
/// itself, what is on the way to it, or anything that is kept in it. Both paths are without links and `..`.
#[must_use]
pub fn is_taken(home: &Path, path: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(home) else { return home.starts_with(path) };
    match inside.components().next() {
        Some(Component::Normal(name)) => {
            let name = name.to_string_lossy();
            KEPT.contains(&&*name) || name.starts_with(TEMPORARY)
        }
        _ => true,
    }
}

/// Whether a PFX may be put there although [`is_taken`] says no: `out` is for what is carried elsewhere, and a script in a
/// folder of it looks for the PFX beside itself.
#[must_use]
pub fn is_for_pfx(home: &Path, path: &Path) -> bool {
    let is_pfx = path.extension().is_some_and(|extension| extension == "pfx" || extension == "p12");
    is_pfx && path.parent().is_some_and(|folder| folder.starts_with(home.join(OUT)))
}
