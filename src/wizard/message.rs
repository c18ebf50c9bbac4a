//! What comes in; what goes out is the session's.

use std::path::PathBuf;

use crate::home::Facts;
use crate::session::{Report, TaskId};

use super::intent::Intent;
use super::sight::Sight;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Msg {
    /// The first picture stands, and now everything was looked at; nothing was said yet.
    Start(Box<Facts>),
    /// A key was pressed.
    Key(KeyPress),
    /// A key came again so soon that it may be held down.
    Held(KeyPress),
    /// Something was asked for by a click or by a typed line.
    Intent(Intent),
    /// Text was pasted.
    Paste(String),
    /// The page was drawn, and this is what of it can be seen.
    Drawn(Sight),
    /// A task tells something.
    Task(TaskId, Report),
    /// A task takes so long that a person wonders.
    Slow(TaskId),
    /// Leaving waits for what is being written.
    Leaving,
    /// The last answers could not be saved, and leaving loses them.
    Unsaved,
    /// The terminal was sent the text of this file.
    Copied(PathBuf),
}

/// A key, as far as the wizard tells keys apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum KeyPress {
    Up,
    Down,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    PageUp,
    PageDown,
    Enter,
    Escape,
    Tab,
    BackTab,
    Backspace,
    Delete,
    DeleteWord,
    DeleteToStart,
    DeleteToEnd,
    /// Moves a row up or down.
    MoveUp,
    MoveDown,
    Char(char),
    Function(u8),
    Save,
    /// Goes on without moving to the button first.
    Next,
    Quit,
}

impl KeyPress {
    /// Lines that a page key moves by.
    pub(super) const PAGE: usize = 10;
}
