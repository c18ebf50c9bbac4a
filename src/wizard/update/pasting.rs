//! Text that comes from elsewhere: pasted, received, completed.

use std::path::Path;

use tui_input::InputRequest as Edit;

use crate::form::{Kind, Value};
use crate::pages::CERTIFICATE_FILE;
use crate::pki::IssuedBundle;
use crate::session::{Effect, Task};
use crate::text::say;
use crate::wizard::{FocusTarget, Wizard};

use super::focus::{move_to, step};
use super::saving::save_if_changed;
use super::typing::take_input;

/// Octets that no path has more of; a certificate in base64 without its first and last line has.
const LONGEST_PATH: usize = 500;

/// Takes the certificate that was pasted where its file is asked for; nothing where a path was.
fn paste_certificate(wizard: &mut Wizard, text: &str) -> Option<Vec<Effect>> {
    let is_asked = wizard.overlay.is_none() && wizard.focus == FocusTarget::Text(CERTIFICATE_FILE.path().to_owned());
    let is_path = !text.contains("-----BEGIN") && text.trim().lines().count() < 2 && text.len() <= LONGEST_PATH;
    if !is_asked || is_path {
        return None;
    }
    // Many terminals paste a line break as a return.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let refused = match IssuedBundle::read(text.as_bytes(), None) {
        Ok(_) if wizard.dry_run => say("paste-dry-run"),
        Ok(offer) if offer.key.is_some() => say("paste-key"),
        Ok(_) => return Some(vec![wizard.start(Task::Receive(text))]),
        Err(problem) => say("paste-refused").with("what", problem.what()),
    };
    wizard.notice = Some(refused);
    Some(Vec::new())
}

/// The certificate that was pasted lies in this file now.
pub(super) fn received(wizard: &mut Wizard, file: &Path) -> Vec<Effect> {
    wizard.set(CERTIFICATE_FILE.path(), Value::Text(file.to_string_lossy().into_owned()));
    wizard.touched.insert(CERTIFICATE_FILE.path().to_owned());
    if wizard.focus.path() == Some(CERTIFICATE_FILE.path()) {
        wizard.load_input();
    }
    wizard.notice = Some(say("notice-received"));
    let mut effects = save_if_changed(wizard);
    effects.push(wizard.look_at_path());
    effects
}

pub(super) fn paste(wizard: &mut Wizard, text: &str) -> Vec<Effect> {
    if let Some(effects) = paste_certificate(wizard, text) {
        return effects;
    }
    // A paste may carry escape sequences; a line break in it must not press a button.
    let lines: Vec<String> =
        text.split(['\n', '\r']).map(|line| line.chars().filter(|c| !c.is_control()).collect()).collect();
    let mut lines = lines.into_iter().filter(|line: &String| !line.trim().is_empty());
    let Some(first) = lines.next() else { return Vec::new() };
    if wizard.overlay.is_some() || !wizard.focus.is_text() {
        return Vec::new();
    }
    for c in first.trim().chars() {
        wizard.input.handle(Edit::InsertChar(c));
    }
    take_input(wizard);
    let more: Vec<String> = lines.map(|line| line.trim().to_owned()).collect();
    match wizard.focus.clone() {
        FocusTarget::Item(path, index) if !more.is_empty() => {
            let mut items = wizard.items(&path);
            let end = index + 1 + more.len();
            wizard.touched.extend((index..end).map(|index| format!("{path}.{index}")));
            items.splice(index + 1..=index, more);
            wizard.set(&path, Value::List(items));
            move_to(wizard, FocusTarget::Item(path, end))
        }
        _ => Vec::new(),
    }
}

pub(super) fn complete(wizard: &mut Wizard, start: &str, names: Vec<String>) -> Vec<Effect> {
    let typed = wizard.input.value().to_owned();
    // The disk may be slow: whoever typed on, or is elsewhere already, does not wait for this any more.
    if typed != start || !matches!(wizard.kind_at_focus(), Some(Kind::File)) {
        return Vec::new();
    }
    let common = names.iter().skip(1).fold(names.first().cloned().unwrap_or_default(), |common, name| {
        common.chars().zip(name.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    });
    if common.chars().count() > typed.chars().count() {
        wizard.input = tui_input::Input::new(common);
        take_input(wizard);
        wizard.completions = if names.len() > 1 { names } else { Vec::new() };
        return Vec::new();
    }
    if names.len() > 1 {
        wizard.completions = names;
        return Vec::new();
    }
    step(wizard, 1)
}
