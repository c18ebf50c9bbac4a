//! Settings as the servers read them: files and commands, as data.

use crate::model::{Deployment, Record};
use crate::text::Text;

/// A file a person carries elsewhere, below the home folder's `out/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutFile {
    /// Path relative to `out/`.
    pub path: String,
    /// Its content.
    pub content: String,
}
pub fn request_files(_: &Deployment, _: &Text) -> Vec<OutFile> {
    vec![]
}
pub fn partner_files(_: &Deployment, _: &Text) -> Vec<OutFile> {
    vec![]
}
pub fn policy_files(_: &Deployment, _: &Text) -> Vec<OutFile> {
    vec![]
}
pub fn dns_files(_: &[Record], _: &Text) -> Vec<OutFile> {
    vec![]
}
pub fn firewall_files(_: &Deployment, _: &Text) -> Vec<OutFile> {
    vec![]
}
