//! Page: partners, policy, records and ports before anything of them is written, with what is left to do by hand. With them go the files in `out/` that
//! earlier answers led to and nothing leads to any more: whoever carries `out/` elsewhere shall not carry them along. A run
//! takes them away and keeps them under `before/`; what a person changed stays.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::form::{Body, Content, Page, PageContext};
use crate::home::layout::OUT;
use crate::home::{Facts, Found, Want};
use crate::pki::digest::sha256_hex;
use crate::plan::{Action, Change};
use crate::problem::Code;
use crate::servers::product;
use crate::steps::file::File;
use crate::text::say;

use super::files::out_files;
use super::{install, publish, to_do};

/// The page.
pub static PAGE: Page = Page {
    body: Body::Summary,
    validate: |context, problems| {
        install::validate(context, problems);
        publish::validate(context, problems);
    },
    looks_up: publish::looks_up,
    show,
    actions,
    wants,
    ..Page::new("settings-summary", &[])
};

/// What the server waits for, if it does.
fn show(context: &PageContext) -> Vec<Content> {
    let mut problems = Vec::new();
    install::validate(context, &mut problems);
    let waits = problems.iter().any(|problem| problem.code == Code::ServerWaits);
    let title = context.deployment.server.traits().title;
    waits.then(|| Content::plain(say("settings-wait").with("server", title))).into_iter().collect()
}

/// Every file in `out/` that the journal says is there, with the SHA-256 of what was written.
fn written(facts: &Facts) -> BTreeMap<PathBuf, &str> {
    let mut written = BTreeMap::new();
    for entry in facts.journal.entries.iter().filter(|entry| entry.what == File::NAME) {
        let Some(place) = entry.place.in_home().filter(|place| place.starts_with(OUT)) else { continue };
        match (&entry.sha256, entry.kind == Change::Remove.name()) {
            (Some(sha256), false) => drop(written.insert(facts.home.join(place), sha256.as_str())),
            _ => drop(written.remove(&facts.home.join(place))),
        }
    }
    written
}

fn wants(context: &PageContext) -> Vec<Want> {
    written(context.facts()).into_keys().map(Want::Place).chain(install::wants(context)).collect()
}

/// What takes them away, and what is put into service; that is last, so that all else is there when it is. Then the world is led
/// there.
fn actions(context: &PageContext) -> Vec<Action> {
    out_actions(context).into_iter().chain(install::actions(context)).chain(publish::actions(context)).collect()
}

fn out_actions(context: &PageContext) -> Vec<Action> {
    let facts = context.facts();
    let guide = product(context.deployment.server).guide(context.deployment, context.text);
    let own: Vec<Action> = out_files(context, guide).into_iter().chain([to_do::file(context)]).collect();
    let written = written(facts);
    if written.is_empty() {
        return own;
    }
    let others = context.shown().into_iter().filter(|page| **page != PAGE);
    let others = others.flat_map(|page| (page.actions)(context)).map(|action| action.target);
    let led_to: BTreeSet<PathBuf> = others.chain(own.iter().map(|action| action.target.clone())).collect();
    let is_stale = |file: &Path, sha256: &str| {
        let inside = file.strip_prefix(facts.layout().out()).unwrap_or(file);
        let is_unchanged =
            matches!(&facts.path_state(file).found, Found::File(octets) if sha256_hex(octets) == *sha256);
        is_unchanged && !led_to.contains(file) && !product(context.deployment.server).is_for_certificate(inside)
    };
    let stale = written.into_iter().filter(|(file, sha256)| is_stale(file, sha256));
    stale.map(|(file, _)| Action::remove(facts, file)).chain(own).collect()
}
