//! Page: where the copy of the request goes; and what the request pages lead to.

use std::path::PathBuf;

use crate::form::{Block, Default, Field, Kind, Page, Scene, Sheet, Value};
use crate::model::request::RequestSpec;
use crate::model::{Deployment, Facts, KeyKind, KeyLeft, KeyMaker, PendingRequest};
use crate::plan::{Action, ActionKind, Work};
use crate::servers::request_files;
use crate::text::say;

use super::names::first_name;
use super::out_files;

/// The page.
pub static PAGE: Page = Page { show, actions, ..Page::new("request-file", FIELDS) };

const FIELDS: &[Field] =
    &[Field::new("request.file", Kind::File).or(Default::From(|sheet| Value::Text(default_file(sheet))))];

fn default_file(sheet: &Sheet) -> String {
    let name = first_name(sheet);
    // A wildcard or a faulty name must not choose a folder.
    let name: String = name.chars().map(|c| if c.is_alphanumeric() || "-.".contains(c) { c } else { '_' }).collect();
    let name = if name.is_empty() { "edge".to_owned() } else { name };
    sheet.facts.base.join(format!("{name}.req")).to_string_lossy().into_owned()
}

/// The copy's absolute path.
pub fn file(sheet: &Sheet) -> PathBuf {
    sheet.facts.base.join(sheet.text("request.file"))
}

/// The pending request that says what `deployment` asks, if there is one.
#[must_use]
pub fn pending<'a>(deployment: &Deployment, facts: &'a Facts) -> Option<&'a PendingRequest> {
    let spec = RequestSpec::of(deployment)?;
    let equal = |request: &&PendingRequest| RequestSpec::read(&request.pem).is_some_and(|found| found.equals(&spec));
    facts.requests.iter().rev().find(equal)
}

/// The number of the request that `deployment` asks for: of the one there is, of a key that still waits for its request,
/// else the next one.
#[must_use]
pub fn number(deployment: &Deployment, facts: &Facts) -> u32 {
    let found = pending(deployment, facts).map(|found| found.number);
    let left = || key_left(deployment, facts).map(|left| left.number);
    found.or_else(left).unwrap_or(facts.next_number)
}

/// A key of the kind asked for that an unfinished run left without its request.
fn key_left<'a>(deployment: &Deployment, facts: &'a Facts) -> Option<&'a KeyLeft> {
    facts.keys_left.iter().rev().find(|left| Some(left.kind) == deployment.request.key)
}

/// The kind of key that a run would make; none where Windows makes it, or where a request or a key is there already.
#[must_use]
pub fn key_to_make(deployment: &Deployment, facts: &Facts) -> Option<KeyKind> {
    let asked = deployment.request.key.filter(|_| deployment.request.key_by == KeyMaker::Edgewright);
    asked.filter(|_| pending(deployment, facts).is_none() && key_left(deployment, facts).is_none())
}

fn show(scene: &Scene) -> Vec<Block> {
    let key_stays = match scene.deployment.request.key_by {
        KeyMaker::Edgewright => say("request-file-key-here"),
        KeyMaker::Lync => say("request-file-key-windows"),
    };
    vec![Block::plain(key_stays)]
}

fn actions(scene: &Scene) -> Vec<Action> {
    let (deployment, facts) = (scene.deployment, scene.facts());
    if deployment.request.key_by == KeyMaker::Lync {
        return out_files(scene, request_files(deployment, scene.text));
    }
    let Some(spec) = RequestSpec::of(deployment) else { return Vec::new() };
    let found = pending(deployment, facts);
    let folder = facts.home.join("requests").join(number(deployment, facts).to_string());
    let kind = if found.is_some() { ActionKind::Keep } else { ActionKind::Create };
    let key = match key_left(deployment, facts).filter(|_| found.is_none()) {
        Some(left) => Action::new(ActionKind::Keep, folder.join("key.pem"), Work::KeyLeft(left.kind)),
        None if found.is_some() && facts.is_open(&folder.join("key.pem")) => {
            Action::new(ActionKind::Change, folder.join("key.pem"), Work::KeyClosed(spec.key))
        }
        None => Action::new(kind, folder.join("key.pem"), Work::Key(spec.key)),
    };
    vec![
        key,
        Action::new(kind, folder.join("request.pem"), Work::Request(spec, deployment.request.usage)),
        Action::request_copy(facts, deployment.request.file.clone(), found.map(|found| found.pem.clone())),
    ]
}
