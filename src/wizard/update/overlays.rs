//! Keys on what lies over the page.

use unicode_width::UnicodeWidthStr;

use crate::pki::Secret;
use crate::session::Effect;
use crate::text::say;
use crate::wizard::{KeyPress, MenuItem, Overlay, Wizard};

use super::commands::perform;
use super::moving::leave;
use super::outside::{ask, edit, stop};
use super::pfx;

/// Columns of a text that is viewed in the smallest window, as far as they are filled for certain where it breaks at words.
const NARROWEST: usize = 56 * 2 / 3;

pub(super) fn overlay_key(wizard: &mut Wizard, overlay: Overlay, key: KeyPress) -> Vec<Effect> {
    match overlay {
        Overlay::Menu { title, about, items, selected, escape } => {
            let last = items.len().saturating_sub(1);
            let selected = match key {
                KeyPress::Char(' ') if !wizard.typed_ahead.is_empty() => {
                    typed_ahead(wizard, &items, selected, ' ').unwrap_or(selected)
                }
                KeyPress::Enter | KeyPress::Char(' ') => {
                    wizard.typed_ahead.clear();
                    return items
                        .into_iter()
                        .nth(selected)
                        .map(|item| perform(wizard, item.command))
                        .unwrap_or_default();
                }
                KeyPress::Escape => {
                    wizard.typed_ahead.clear();
                    return perform(wizard, escape);
                }
                KeyPress::Quit => return leave(wizard),
                KeyPress::Up | KeyPress::BackTab => selected.saturating_sub(1),
                KeyPress::Down | KeyPress::Tab => (selected + 1).min(last),
                KeyPress::Home | KeyPress::PageUp => 0,
                KeyPress::End | KeyPress::PageDown => last,
                KeyPress::Char(c) => typed_ahead(wizard, &items, selected, c).unwrap_or(selected),
                _ => selected,
            };
            if !matches!(key, KeyPress::Char(_)) {
                wizard.typed_ahead.clear();
            }
            wizard.overlay = Some(Overlay::Menu { title, about, items, selected, escape });
        }
        Overlay::Confirm { question, command, yes } => {
            let word = |key: &'static str| wizard.text.say(&say(key)).to_lowercase().chars().next();
            let yes = match key {
                KeyPress::Char(c) if c.to_lowercase().next() == word("yes") => return perform(wizard, command),
                KeyPress::Char(c) if c.to_lowercase().next() == word("no") => return Vec::new(),
                KeyPress::Enter | KeyPress::Char(' ') if yes => return perform(wizard, command),
                KeyPress::Enter | KeyPress::Char(' ') | KeyPress::Escape => return Vec::new(),
                KeyPress::Quit => return leave(wizard),
                KeyPress::Left
                | KeyPress::Right
                | KeyPress::Up
                | KeyPress::Down
                | KeyPress::Tab
                | KeyPress::BackTab => !yes,
                _ => yes,
            };
            wizard.overlay = Some(Overlay::Confirm { question, command, yes });
        }
        password @ Overlay::Password { .. } => return password_key(wizard, password, key),
        Overlay::Outside { selected } => return list_key(wizard, selected, key),
        Overlay::Path { place, scroll } => return path_key(wizard, place, scroll, key),
        Overlay::Help { scroll } => {
            wizard.overlay = scrolled(scroll, key).map(|scroll| Overlay::Help { scroll });
        }
        Overlay::LeadsTo { scroll } => {
            wizard.overlay = scrolled(scroll, key).map(|scroll| Overlay::LeadsTo { scroll });
        }
        Overlay::View { name, file, content, scroll } => {
            let copied = file.clone().filter(|_| key == KeyPress::Function(6));
            let copy = copied.map(|file| Effect::Copy(file, content.clone()));
            let scroll = if copy.is_some() { Some(scroll) } else { scrolled(scroll, key) };
            // How its lines are wrapped is the screen's affair; in the smallest window there are the most of them.
            let wrapped = content.lines().map(|line| line.width().div_ceil(NARROWEST).max(1));
            let last = wrapped.sum::<usize>().saturating_sub(1);
            wizard.overlay = scroll.map(|scroll| Overlay::View { name, file, content, scroll: scroll.min(last) });
            if let Some(copy) = copy {
                return vec![copy];
            }
        }
    }
    if key == KeyPress::Quit { leave(wizard) } else { Vec::new() }
}

/// A key on the list of the domains.
fn list_key(wizard: &mut Wizard, selected: Option<usize>, key: KeyPress) -> Vec<Effect> {
    let Some(outside) = &wizard.outside else { return Vec::new() };
    let places = outside.places();
    let at = places.iter().position(|place| Some(*place) == selected).unwrap_or(0);
    let last = places.len().saturating_sub(1);
    let to = match key {
        KeyPress::Enter | KeyPress::Char(' ') => {
            wizard.overlay = Some(Overlay::Path { place: outside.selected(selected), scroll: 0 });
            return Vec::new();
        }
        // What goes on is stopped first, and what was seen by then stays to be read.
        KeyPress::Escape => {
            let stop = stop(wizard);
            wizard.overlay = stop.is_some().then_some(Overlay::Outside { selected });
            if let Some(outside) = &mut wizard.outside {
                outside.end.get_or_insert(Ok(()));
            }
            return stop.into_iter().collect();
        }
        KeyPress::Function(5) if outside.end.is_some() => {
            ask(wizard, None);
            return Vec::new();
        }
        KeyPress::Quit => return leave(wizard),
        KeyPress::Up | KeyPress::BackTab => at.saturating_sub(1),
        KeyPress::Down | KeyPress::Tab => (at + 1).min(last),
        KeyPress::PageUp => at.saturating_sub(KeyPress::PAGE),
        KeyPress::PageDown => (at + KeyPress::PAGE).min(last),
        KeyPress::End => last,
        // From here on it is the first again, whichever that is.
        KeyPress::Home => {
            wizard.overlay = Some(Overlay::Outside { selected: None });
            return Vec::new();
        }
        _ => {
            wizard.overlay = Some(Overlay::Outside { selected });
            return Vec::new();
        }
    };
    wizard.overlay = Some(Overlay::Outside { selected: places.get(to).copied() });
    Vec::new()
}

/// A key on the path to the domain at `place`.
fn path_key(wizard: &mut Wizard, place: usize, scroll: usize, key: KeyPress) -> Vec<Effect> {
    match key {
        KeyPress::Enter => return edit(wizard, place),
        KeyPress::Quit => return leave(wizard),
        _ => {}
    }
    wizard.overlay = Some(match scrolled(scroll, key) {
        Some(scroll) => Overlay::Path { place, scroll: scroll.min(height(wizard, place)) },
        None => Overlay::Outside { selected: Some(place) },
    });
    Vec::new()
}

/// The last line of a path in the smallest window, where there are the most of them.
fn height(wizard: &Wizard, place: usize) -> usize {
    let Some(check) = wizard.outside.as_ref().and_then(|outside| outside.check(place)) else { return 0 };
    let said = check.steps.iter().map(|step| &step.detail);
    let said = said.chain(check.contradictions.iter().map(|found| &found.hint));
    said.map(|said| wizard.text.say(said).width().div_ceil(NARROWEST) + 1).sum()
}

/// A key while the password is asked for.
fn password_key(wizard: &mut Wizard, overlay: Overlay, key: KeyPress) -> Vec<Effect> {
    let Overlay::Password { about, mut typed, mut at, mut fault, escape } = overlay else { return Vec::new() };
    match key {
        KeyPress::Escape => return perform(wizard, escape),
        KeyPress::Quit => return leave(wizard),
        KeyPress::Enter if at == 1 => {
            let found = pfx::fault_of(&typed);
            // What is only advised against is said once.
            match &found {
                None => return pfx::make(wizard, &typed[0], escape),
                Some(advice) if pfx::ADVICE.contains(&&*advice.key) => {
                    if found == fault {
                        return pfx::make(wizard, &typed[0], escape);
                    }
                }
                Some(_) => (typed, at) = Default::default(),
            }
            fault = found;
        }
        KeyPress::Enter | KeyPress::Tab | KeyPress::Down => at = 1,
        KeyPress::BackTab | KeyPress::Up => at = 0,
        KeyPress::Backspace => typed[at].pop(),
        KeyPress::DeleteToStart => typed[at] = Secret::default(),
        KeyPress::Char(c) => {
            let is_taken = typed[at].push(c);
            fault = fault.filter(|_| is_taken).or((!is_taken).then(|| say("pfx-too-long")));
            if !is_taken {
                typed[at] = Secret::default();
            }
        }
        _ => {}
    }
    wizard.overlay = Some(Overlay::Password { about, typed, at, fault, escape });
    Vec::new()
}

/// The item whose label begins with what was typed since the menu opened; else the next after the selected one that begins
/// with this letter.
fn typed_ahead(wizard: &mut Wizard, items: &[MenuItem], selected: usize, letter: char) -> Option<usize> {
    let labels: Vec<String> = items.iter().map(|item| wizard.text.say(&item.label).to_lowercase()).collect();
    let letter: String = letter.to_lowercase().collect();
    let typed = format!("{}{letter}", wizard.typed_ahead);
    // A word inside counts from its second letter on, such as the code behind a country's name.
    let has_word = |label: &String| label.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(&typed));
    let begins = labels.iter().position(|label| label.starts_with(&typed));
    let found = begins.or_else(|| labels.iter().position(has_word)).filter(|_| typed != letter);
    wizard.typed_ahead = if found.is_some() { typed } else { letter.clone() };
    found.or_else(|| (selected + 1..items.len()).chain(0..=selected).find(|at| labels[*at].starts_with(&letter)))
}

/// The first line shown after a key, or nothing where the key closes what is shown.
fn scrolled(scroll: usize, key: KeyPress) -> Option<usize> {
    match key {
        KeyPress::Up => Some(scroll.saturating_sub(1)),
        KeyPress::Down => Some(scroll + 1),
        KeyPress::PageUp => Some(scroll.saturating_sub(KeyPress::PAGE)),
        KeyPress::PageDown | KeyPress::Char(' ') => Some(scroll + KeyPress::PAGE),
        KeyPress::Home => Some(0),
        KeyPress::Escape | KeyPress::Enter | KeyPress::Function(_) | KeyPress::Quit => None,
        _ => Some(scroll),
    }
}
