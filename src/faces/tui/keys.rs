//! From the terminal's keys to the wizard's.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::wizard::Key;

/// What the terminal reader hands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// A key for the wizard.
    Key(Key),
    /// Draw everything anew.
    Redraw,
    /// Change the look.
    Look,
    /// Switch the mouse on or off.
    Mouse,
    /// Stop the process as ctrl-Z does.
    Suspend,
    /// End as ctrl-C does.
    Interrupt,
}

/// What a key event means; nothing for a key that means nothing here.
#[must_use]
pub fn pressed(event: KeyEvent) -> Option<Pressed> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let key = match event.code {
        KeyCode::Char('l') if control => return Some(Pressed::Redraw),
        KeyCode::Char('t') if control => return Some(Pressed::Look),
        KeyCode::Char('p') if control => return Some(Pressed::Mouse),
        KeyCode::Char('z') if control => return Some(Pressed::Suspend),
        KeyCode::Char('c') if control => return Some(Pressed::Interrupt),
        KeyCode::Char('q') if control => Key::Quit,
        KeyCode::Char('s') if control => Key::Save,
        KeyCode::Char('n') if control => Key::Next,
        KeyCode::Char('a') if control => Key::Home,
        KeyCode::Char('e') if control => Key::End,
        KeyCode::Char('u') if control => Key::DeleteToStart,
        KeyCode::Char('k') if control => Key::DeleteToEnd,
        KeyCode::Char('w') if control => Key::DeleteWord,
        KeyCode::Char('b') if alt => Key::WordLeft,
        KeyCode::Char('f') if alt => Key::WordRight,
        KeyCode::Char(_) if control || alt => return None,
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Left if control => Key::WordLeft,
        KeyCode::Right if control => Key::WordRight,
        KeyCode::Up if control || alt => Key::MoveUp,
        KeyCode::Down if control || alt => Key::MoveDown,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Escape,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace if control || alt => Key::DeleteWord,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::F(number) => Key::Function(number),
        _ => return None,
    };
    Some(Pressed::Key(key))
}
