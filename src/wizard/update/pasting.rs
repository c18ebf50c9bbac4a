//! Text that comes from elsewhere: pasted, received, completed.

use std::path::Path;

use tui_input::Input;

use crate::form::{Kind, Value};
use crate::pages::CERTIFICATE_FILE;
use crate::pki::{IssuedBundle, Secret};
use crate::session::{Effect, Task};
use crate::text::say;
use crate::wizard::{FocusTarget, Overlay, Wizard};

use super::focus::{leave_place, move_to, step};
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
    if let Some(Overlay::Password { typed, at, fault, .. }) = &mut wizard.overlay {
        // The line break at the end comes along with many a copy; one in the middle is in no password.
        if !text.trim_end_matches(['\r', '\n']).chars().all(|c| typed[*at].push(c)) {
            (typed[*at], *fault) = (Secret::default(), Some(say("pfx-not-pasted")));
        }
        return Vec::new();
    }
    if wizard.overlay.is_some() || !wizard.focus.is_text() {
        return Vec::new();
    }
    if let FocusTarget::Item(path, index) = wizard.focus.clone() {
        return paste_items(wizard, &path, index, text);
    }
    paste_line(wizard, text);
    Vec::new()
}

/// Takes a list as others write it, in lines, columns or with commas: each word is an item, and what is there stays.
fn paste_items(wizard: &mut Wizard, path: &str, index: usize, text: &str) -> Vec<Effect> {
    let parts = text.split(|c: char| c.is_whitespace() || [',', ';'].contains(&c));
    // A paste may carry escape sequences.
    let words = parts.map(|word| word.chars().filter(|c| !c.is_control()).collect());
    let words: Vec<String> = words.filter(|word: &String| !word.is_empty()).collect();
    if words.len() < 2 {
        insert(wizard, &words.concat());
        return Vec::new();
    }
    let mut items = wizard.items(path);
    let has_own = items.get(index).is_some_and(|item| !item.is_empty());
    let start = if has_own { index + 1 } else { index };
    let end = start + words.len();
    items.splice(start..if has_own { start } else { items.len().min(index + 1) }, words);
    wizard.touched.extend((start..end).map(|index| format!("{path}.{index}")));
    wizard.set(path, Value::List(items));
    wizard.load_input();
    // Once it is left, what was said before counts once.
    let mut effects = leave_place(wizard);
    let end = end.min(wizard.items(path).len());
    effects.extend(move_to(wizard, FocusTarget::Item(path.to_owned(), end)));
    effects
}

/// Takes the first line of a text: a line break in it must not press a button, and a tab is a blank here.
fn paste_line(wizard: &mut Wizard, text: &str) {
    let mut lines = text.split(['\n', '\r']).filter(|line| !line.trim().is_empty());
    let Some(first) = lines.next() else { return };
    let blanks = first.chars().map(|c| if c.is_whitespace() { ' ' } else { c });
    // A paste may carry escape sequences.
    let line: String = blanks.filter(|c| !c.is_control()).collect();
    insert(wizard, line.trim());
    if lines.next().is_some() {
        wizard.notice = Some(say("notice-first-line"));
    }
}

/// Inserts text at the cursor, at once: one character after the other takes long where there are many.
fn insert(wizard: &mut Wizard, text: &str) {
    let (value, cursor) = (wizard.input.value(), wizard.input.cursor());
    let at = value.char_indices().nth(cursor).map_or(value.len(), |(at, _)| at);
    let whole = [&value[..at], text, &value[at..]].concat();
    wizard.input = Input::new(whole).with_cursor(cursor + text.chars().count());
    take_input(wizard);
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
        wizard.input = Input::new(common);
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
