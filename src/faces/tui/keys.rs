//! From the terminal's keys to the wizard's.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::wizard::KeyPress;

/// What the terminal reader hands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// A key for the wizard.
    Key(KeyPress),
    /// A key for the wizard that follows so soon on itself that it may be held down.
    Held(KeyPress),
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
        KeyCode::Char('q') if control => KeyPress::Quit,
        KeyCode::Char('s') if control => KeyPress::Save,
        KeyCode::Char('n') if control => KeyPress::Next,
        KeyCode::Char('a') if control => KeyPress::Home,
        KeyCode::Char('e') if control => KeyPress::End,
        KeyCode::Char('u') if control => KeyPress::DeleteToStart,
        KeyCode::Char('k') if control => KeyPress::DeleteToEnd,
        KeyCode::Char('w') if control => KeyPress::DeleteWord,
        KeyCode::Char('b') if alt => KeyPress::WordLeft,
        KeyCode::Char('f') if alt => KeyPress::WordRight,
        KeyCode::Char(_) if control || alt => return None,
        KeyCode::Char(c) => KeyPress::Char(c),
        KeyCode::Left if control => KeyPress::WordLeft,
        KeyCode::Right if control => KeyPress::WordRight,
        KeyCode::Up if control || alt => KeyPress::MoveUp,
        KeyCode::Down if control || alt => KeyPress::MoveDown,
        KeyCode::Up => KeyPress::Up,
        KeyCode::Down => KeyPress::Down,
        KeyCode::Left => KeyPress::Left,
        KeyCode::Right => KeyPress::Right,
        KeyCode::Home => KeyPress::Home,
        KeyCode::End => KeyPress::End,
        KeyCode::PageUp => KeyPress::PageUp,
        KeyCode::PageDown => KeyPress::PageDown,
        KeyCode::Enter => KeyPress::Enter,
        KeyCode::Esc => KeyPress::Escape,
        KeyCode::Tab => KeyPress::Tab,
        KeyCode::BackTab => KeyPress::BackTab,
        KeyCode::Backspace if control || alt => KeyPress::DeleteWord,
        KeyCode::Backspace => KeyPress::Backspace,
        KeyCode::Delete => KeyPress::Delete,
        KeyCode::F(number) => KeyPress::Function(number),
        _ => return None,
    };
    Some(Pressed::Key(key))
}
