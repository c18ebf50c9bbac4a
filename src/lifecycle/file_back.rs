//! A file is put back as it was before a run, as far as that harms nobody.

use std::path::PathBuf;

use crate::edge::Server;
use crate::home::{Entry, Facts, Found};
use crate::pki::digest::sha256_hex;
use crate::plan::{Action, Change};
use crate::servers::product;
use crate::steps::file::File;
use crate::system::Access;
use crate::text::{Message, say};

/// The server's main configuration file without the line that the run added, where the person changed it since: what is
/// theirs stays, and nothing reads the settings that go. Nothing where it can be put back as a whole.
pub(super) fn line_back(
    facts: &Facts,
    entry: &Entry,
    server: Option<&(Server, PathBuf)>,
) -> Option<Result<Action, Message>> {
    // What the server is told is told of the same place.
    let is_it = |main: &PathBuf| entry.what == File::NAME && facts.reach(&entry.place).as_ref() == Some(main);
    let (server, main) = server.filter(|(_, main)| is_it(main))?;
    let spot = facts.path_state(main);
    let Found::File(octets) = &spot.found else { return None };
    let now = std::str::from_utf8(octets).ok().filter(|now| Some(sha256_hex(now.as_bytes())) != entry.sha256)?;
    let before = kept(facts, entry.before.as_deref()?).ok()?;
    let local = product(*server).local()?;
    let is_added = local.excluded(&before, main) == before;
    let (content, access) = (local.excluded(now, main), Access::Exactly { mode: spot.mode?, owner: spot.owner });
    let action = Action::file_for(facts, main.clone(), content, access);
    (is_added && action.kind != Change::Keep).then_some(Ok(Action { may_replace: true, ..action }))
}

/// A file as it was before, if nobody changed it since; nothing where it is so already. It is for `access`, or was not
/// there before.
pub(super) fn put_back(
    facts: &Facts,
    entry: &Entry,
    target: PathBuf,
    access: Option<Access>,
) -> Option<Result<Action, Message>> {
    let stays = |why: &'static str| Some(Err(say(why).with("file", entry.place.shown(&facts.home))));
    let was_removed = entry.kind == Change::Remove.name();
    let digest = match &facts.path_state(&target).found {
        Found::Nothing if access.is_none() => return None,
        Found::Nothing if was_removed => None,
        Found::Nothing => return stays("undo-file-gone"),
        Found::File(content) => Some(sha256_hex(content)),
        Found::Key => return stays("undo-key-stays"),
        _ => return stays("undo-file-unreadable"),
    };
    if digest == entry.before {
        return mode_back(facts, entry, target, access?).map(Ok);
    }
    if digest != entry.sha256 {
        return stays("undo-file-changed");
    }
    let Some(access) = access else {
        return Some(Ok(Action::remove(facts, target)));
    };
    match kept(facts, entry.before.as_deref().unwrap_or_default()) {
        Ok(before) => Some(Ok(Action::file_for(facts, target, before, access))),
        Err(why) => stays(why),
    }
}

/// The content of this SHA-256 that a run replaced, or why it is not to be had.
pub(super) fn kept(facts: &Facts, sha256: &str) -> Result<String, &'static str> {
    let place = kept_at(facts, sha256).ok_or("undo-before-gone")?;
    let Found::File(before) = &facts.path_state(&place).found else { return Err("undo-before-gone") };
    // Its name is its digest: what somebody changed is not put back.
    let is_as_it_was = sha256_hex(before) == sha256;
    String::from_utf8(before.clone()).ok().filter(|_| is_as_it_was).ok_or("undo-before-changed")
}

/// A file that was only made readable for others, or for fewer, as it was for whom.
fn mode_back(facts: &Facts, entry: &Entry, target: PathBuf, access: Access) -> Option<Action> {
    let spot = facts.path_state(&target);
    let is_ours = entry.sha256 == entry.before && spot.mode.map(|mode| format!("{mode:04o}")) == entry.mode;
    let Found::File(content) = &spot.found else { return None };
    let content = String::from_utf8(content.clone()).ok().filter(|_| is_ours)?;
    let action = Action::file_for(facts, target, content, access);
    (action.kind != Change::Keep).then_some(action)
}

/// Where the content of this SHA-256 is kept that a run replaced.
pub(super) fn kept_at(facts: &Facts, sha256: &str) -> Option<PathBuf> {
    let is_digest = sha256.len() == 64 && sha256.bytes().all(|octet| octet.is_ascii_hexdigit());
    is_digest.then(|| facts.layout().before().join(sha256))
}
