//! What is done after the request: the certificate is taken home and proved, the pair in use is switched, watched,
//! renewed, and switched back. All of it is worked out from facts; a world does it.

mod complete;
mod recover;
mod status;
mod undo;

pub use complete::{Completion, complete};
pub use recover::{Recovery, recover};
pub use status::{InUse, State, Status, Waiting, broken_pair};
pub use undo::{Undo, touched as undo_touches, undo};

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;
    use time::{Duration, OffsetDateTime};

    use super::{recover, undo, undo_touches};
    use crate::model::request::sha256_hex;
    use crate::model::{Entry, Facts, Found, Pair, Spot, Usage};

    pub const HOME: &str = "/home/edge";
    const KEY: &[u8] = b"-----BEGIN PRIVATE KEY-----\n";

    /// An entry of the run that began at the epoch, about a place in the home folder.
    pub fn entry(kind: &str, what: &str, target: &str) -> Entry {
        let (epoch, home) = (OffsetDateTime::UNIX_EPOCH, Path::new(HOME));
        let target = home.join(target).to_string_lossy().into_owned();
        Entry {
            undoes: None,
            kind: kind.to_owned(),
            what: what.to_owned(),
            target,
            ..Entry::undone(epoch, home, epoch, epoch)
        }
    }

    /// A switch from `was` to `to`.
    pub fn link(target: &str, to: Option<&str>, was: Option<&str>) -> Entry {
        let [to, was] = [to, was].map(|end| end.map(str::to_owned));
        Entry { to, was, ..entry("change", "link", target) }
    }

    /// Lines that nearly are a journal's, about places that are there.
    fn journal() -> impl Strategy<Value = String> {
        let place = prop_oneof![
            "(/home/edge)?/?(pairs|requests|before|out|current|current-internal|\\.\\.)?/?[0-9a-z.]{0,11}(/key\\.pem)?",
            ".*"
        ];
        let what = prop_oneof!["link", "file", "key", "request", "request-copy", "pfx", "undo", "folder", ".*"];
        let end = || proptest::option::of(prop_oneof!["pairs/[0-9]{0,12}", ".*"]);
        let digest = || proptest::option::of(prop_oneof![Just(sha256_hex(b"is")), Just(sha256_hex(KEY)), ".*"]);
        let said = (place, what, end(), end(), digest(), digest(), -3i64..3, proptest::option::of(-3i64..3));
        let line = said.prop_map(|(target, what, to, was, sha256, before, run, undoes)| {
            let at = |seconds| OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds);
            let (run, undoes) = (at(run), undoes.map(at));
            Entry { run, undoes, target, sha256, before, to, was, ..entry("create", &what, "") }.line()
        });
        proptest::collection::vec(prop_oneof![4 => line, 1 => ".*"], 0..12).prop_map(|lines| lines.join("\n"))
    }

    proptest! {
        #[test]
        fn no_journal_brings_it_down_or_out_of_what_the_journal_names(text in journal()) {
            let mut facts = Facts::unseen(Path::new(HOME), Path::new("/"), OffsetDateTime::UNIX_EPOCH);
            facts.journal = Entry::read_all(&text);
            facts.pairs = vec![Pair { number: 1, certificate: None, fullchain: None, is_fitting: true, is_whole: true }];
            facts.links.insert(Usage::External.link(), "pairs/1".into());
            for place in undo_touches(&facts) {
                let is_key = place.ends_with("key.pem");
                let found = Found::File(if is_key { KEY.to_vec() } else { b"is".to_vec() });
                facts.spots.insert(place, Spot { found, unwritable: None, mode: None });
            }
            let _ = recover(&facts);
            if let Some(undo) = undo(&facts) {
                for action in &undo.plan.actions {
                    let is_named = facts.journal.iter().any(|entry| Path::new(&entry.target) == action.target);
                    let before = Path::new(HOME).join("before");
                    prop_assert!(is_named || action.target.starts_with(&before) || before.starts_with(&action.target));
                    prop_assert!(!action.target.ends_with("key.pem"), "{}", action.target.display());
                }
            }
        }
    }
}
