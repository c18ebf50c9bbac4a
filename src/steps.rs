//! What a run can do: one file for each kind of action, with its words, what keeps it from being done, how it is done, what
//! the journal says of it, and what takes it back. A new kind is a file here and its line below.

pub mod file;
pub mod folder;
pub mod home_id;
pub mod install;
pub mod key;
pub mod key_copy;
pub mod key_given;
pub mod link;
pub mod pfx;
pub mod purpose;
pub mod remove;
pub mod request;
pub mod request_copy;
pub mod served;
pub mod server_link;
pub mod server_pair;
pub mod service;
mod target;
pub mod zone_served;
pub mod zone_update;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::home::{Facts, Found};
use crate::pki::digest::sha256_hex;
use crate::plan::{Action, Change, Plan};

impl Plan {
    /// Makes a plan of `actions`, with the folders up to and in the home folder that they need and that are not there yet,
    /// and with copies of what they replace.
    #[must_use]
    pub fn of(facts: &Facts, actions: Vec<Action>) -> Self {
        let mut plan = Plan::default();
        let mut planned = HashSet::new();
        for action in actions {
            let replaced =
                action.before().filter(|_| matches!(action.kind, Change::Change | Change::Remove | Change::Run));
            let kept = replaced.and_then(|before| {
                let digest = sha256_hex(before.as_bytes());
                let is_kept = facts.kept.contains(&digest);
                let place = facts.layout().before().join(digest);
                (!is_kept).then(|| Action::file(facts, place, before.to_owned()))
            });
            for action in kept.into_iter().chain([action]) {
                plan.add(facts, action, &mut planned);
            }
        }
        plan.add_home_id(facts);
        plan
    }

    /// Adds an action that is not there yet; `planned` are the targets of those that are.
    fn add(&mut self, facts: &Facts, action: Action, planned: &mut HashSet<PathBuf>) {
        if planned.contains(&action.target) && self.actions.contains(&action) {
            return;
        }
        if action.target.starts_with(&facts.home) {
            // What goes away needs no folder made for it.
            let is_needed =
                |folder: &&Path| action.kind != Change::Remove || facts.path_state(folder).found != Found::Nothing;
            let mut folders: Vec<&Path> = action.target.ancestors().skip(1).filter(is_needed).collect();
            folders.reverse();
            for folder in folders {
                self.add_folder(facts, folder, planned);
            }
        }
        planned.insert(action.target.clone());
        self.actions.push(action);
    }
}
