//! What is done after the request: the certificate is taken home and proved, the pair in use is switched, watched,
//! renewed, and switched back. All of it is worked out from facts; a world does it.

mod complete;
mod file_back;
mod issuers;
pub mod proof;
mod recover;
mod roots;
mod runs;
mod server;
mod server_back;
mod status;
mod tlsa;
mod undo;
mod zone_back;

pub use complete::{Completion, Said, complete};
pub use recover::{Recovery, recover};
pub use roots::{of_roots, with_roots};
pub use runs::{PastRun, history, is_installed, overlaid_by, runs};
pub use server::installed_places;
pub use status::{InUse, State, Status, Waiting, awaited, broken_pair, pair_none};
pub use tlsa::{is_unproved, shown_keys};
pub use undo::{
    Undo, server_in_service, server_of, touched as undo_touches, touched_by_cut_off, undo, undo_barred, undo_cut_off,
};
pub use zone_back::{is_published, published_sets, undo_asks};

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;
    use time::{Duration, OffsetDateTime};

    use super::{recover, undo, undo_touches};
    use crate::edge::Usage;
    use crate::home::{Entry, Facts, Found, Journal, Owner, Pair, PathState, Place, Undo};
    use crate::pki::digest::sha256_hex;

    pub const HOME: &str = "/home/edge";
    const KEY: &[u8] = b"-----BEGIN PRIVATE KEY-----\n";

    /// An entry of the run that began at the epoch, about a place in the home folder.
    pub fn entry(kind: &str, what: &str, target: &str) -> Entry {
        let epoch = OffsetDateTime::UNIX_EPOCH;
        let undo = match (what, kind) {
            ("file", "create") => Undo::Remove,
            ("file", _) => Undo::Restore { mode: None, owner: None },
            _ => Undo::Nothing,
        };
        let place = Place::of(&Path::new(HOME).join(target), Path::new(HOME));
        Entry { undo, ..Entry::new(kind, what, place, epoch, epoch) }
    }

    /// A pair of which nothing is known but whether it is whole.
    pub fn pair(number: u32, is_whole: bool) -> Pair {
        Pair { is_fitting: is_whole, is_whole, ..Pair::of(number, [None, None, None], None) }
    }

    /// A switch from `was` to `to`.
    pub fn link(target: &str, to: Option<&str>, was: Option<&str>) -> Entry {
        let [to, was] = [to, was].map(|end| end.map(str::to_owned));
        Entry { to, undo: Undo::Point { to: was }, ..entry("change", "link", target) }
    }

    /// Lines that nearly are a journal's, about places that are there.
    fn journal() -> impl Strategy<Value = String> {
        let place = prop_oneof![
            "(pairs/|requests/|before/|out/|current|current-internal|\\.\\./)?[0-9a-z./]{0,11}(/key\\.pem)?",
            ".*"
        ];
        let what = prop_oneof!["link", "file", "key", "request", "request-copy", "pfx", "undo", "folder", ".*"];
        let end = || proptest::option::of(prop_oneof!["pairs/[0-9]{0,12}", ".*"]);
        let digest = || proptest::option::of(prop_oneof![Just(sha256_hex(b"is")), Just(sha256_hex(KEY)), ".*"]);
        let undo = prop_oneof![
            Just(Undo::Remove),
            Just(Undo::Nothing),
            Just(Undo::Restore { mode: Some("0640".to_owned()), owner: Some("12345:0".to_owned()) }),
            end().prop_map(|to| Undo::Point { to }),
        ];
        let place = (place, any::<bool>()).prop_map(|(path, is_inside)| {
            let owner = Owner::new("", "", Path::new(HOME));
            if is_inside { Place::Home { home: path } } else { Place::Outside { path: format!("/{path}"), owner } }
        });
        let said = (place, what, end(), undo, digest(), digest(), -3i64..3, proptest::option::of(-3i64..3));
        let line = said.prop_map(|(place, what, to, undo, sha256, before, run, undoes)| {
            let at = |seconds| OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds);
            let (run, undoes) = (at(run), undoes.map(at));
            let told = Entry { run, undoes, place, sha256, before, to, undo, ..entry("create", &what, "") };
            told.line(&Owner::new("", "", Path::new(HOME)))
        });
        proptest::collection::vec(prop_oneof![4 => line, 1 => ".*"], 0..12).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn no_journal_brings_it_down_or_out_of_what_the_journal_names(text in journal()) {
            let mut facts = Facts::unseen(Path::new(HOME), Path::new("/"), OffsetDateTime::UNIX_EPOCH);
            facts.owner = Owner::new("home", "", Path::new(HOME));
            facts.journal = Journal::read(&text);
            facts.pairs = vec![pair(1, true)];
            facts.links.insert(Usage::External.link(), "pairs/1".into());
            for place in undo_touches(&facts, None) {
                let is_key = place.ends_with("key.pem");
                let found = if is_key { Found::Key } else { Found::File(b"is".to_vec()) };
                facts.path_states.insert(place, PathState { found, unwritable: None, mode: None, owner: None });
            }
            let _ = recover(&facts);
            if let Some(undo) = undo(&facts, None) {
                for action in &undo.plan.actions {
                    let is_named =
                        facts.journal.entries.iter().any(|entry| facts.reach(&entry.place) == Some(action.target.clone()));
                    let before = Path::new(HOME).join("before");
                    let kept = ["pairs", "requests"].map(|name| Path::new(HOME).join(name));
                    prop_assert!(!kept.iter().any(|folder| action.target.starts_with(folder)), "{}", action.target.display());
                    let is_folder = action.step.is_folder();
                    prop_assert!(is_folder || is_named || action.target.starts_with(&before) || before.starts_with(&action.target));
                    prop_assert!(!action.target.ends_with("key.pem"), "{}", action.target.display());
                }
            }
        }
    }
}
