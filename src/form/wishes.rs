//! What a person wants of this run, which is neither an answer nor a fact: it is kept nowhere.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::edge::Renewal;

/// What is wanted of this run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wishes {
    /// Whether a new request is wanted although the certificate there is would do.
    pub renewal: Option<Renewal>,
    /// Files that the person at the screen agreed to replace.
    pub agreed: BTreeSet<PathBuf>,
}

/// Nothing is wanted besides what the answers say.
pub static NONE: Wishes = Wishes { renewal: None, agreed: BTreeSet::new() };
