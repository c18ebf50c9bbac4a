//! Keys on what lies over the page.

use unicode_width::UnicodeWidthStr;

use crate::session::Effect;
use crate::text::{Message, say};
use crate::wizard::{Deed, Key, Overlay, Wizard};

use super::PAGE;
use super::deeds::perform;
use super::moving::leave;

/// Columns of a text that is viewed in the smallest window.
const NARROWEST: usize = 56;

pub(super) fn confirm(question: Message, deed: Deed) -> Overlay {
    Overlay::Confirm { question, deed, yes: false }
}

pub(super) fn overlay_key(wizard: &mut Wizard, overlay: Overlay, key: Key) -> Vec<Effect> {
    match overlay {
        Overlay::Menu { title, about, items, selected } => {
            let last = items.len().saturating_sub(1);
            let selected = match key {
                Key::Enter | Key::Char(' ') => {
                    return items.into_iter().nth(selected).map(|item| perform(wizard, item.deed)).unwrap_or_default();
                }
                Key::Escape => return Vec::new(),
                Key::Quit => return leave(wizard),
                Key::Up | Key::BackTab => selected.saturating_sub(1),
                Key::Down | Key::Tab => (selected + 1).min(last),
                Key::Home | Key::PageUp => 0,
                Key::End | Key::PageDown => last,
                _ => selected,
            };
            wizard.overlay = Some(Overlay::Menu { title, about, items, selected });
        }
        Overlay::Confirm { question, deed, yes } => {
            let word = |key: &'static str| wizard.text.say(&say(key)).to_lowercase().chars().next();
            let yes = match key {
                Key::Char(c) if c.to_lowercase().next() == word("yes") => return perform(wizard, deed),
                Key::Char(c) if c.to_lowercase().next() == word("no") => return Vec::new(),
                Key::Enter | Key::Char(' ') if yes => return perform(wizard, deed),
                Key::Enter | Key::Char(' ') | Key::Escape => return Vec::new(),
                Key::Quit => return leave(wizard),
                Key::Left | Key::Right | Key::Up | Key::Down | Key::Tab | Key::BackTab => !yes,
                _ => yes,
            };
            wizard.overlay = Some(Overlay::Confirm { question, deed, yes });
        }
        Overlay::Help { scroll } => {
            wizard.overlay = scrolled(scroll, key).map(|scroll| Overlay::Help { scroll });
        }
        Overlay::LeadsTo { scroll } => {
            wizard.overlay = scrolled(scroll, key).map(|scroll| Overlay::LeadsTo { scroll });
        }
        Overlay::View { name, file, content, scroll } => {
            let copied = file.clone().filter(|_| key == Key::Function(6));
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
    if key == Key::Quit { leave(wizard) } else { Vec::new() }
}

/// The first line shown after a key, or nothing where the key closes what is shown.
fn scrolled(scroll: usize, key: Key) -> Option<usize> {
    match key {
        Key::Up => Some(scroll.saturating_sub(1)),
        Key::Down => Some(scroll + 1),
        Key::PageUp => Some(scroll.saturating_sub(PAGE)),
        Key::PageDown | Key::Char(' ') => Some(scroll + PAGE),
        Key::Home => Some(0),
        Key::Escape | Key::Enter | Key::Function(_) | Key::Quit => None,
        _ => Some(scroll),
    }
}
