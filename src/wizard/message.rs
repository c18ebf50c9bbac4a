//! What comes in and what goes out.

use std::path::PathBuf;

use crate::home::Facts;
use crate::pki::KeyKind;
use crate::plan::Plan;

use super::Slot;

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Msg {
    /// The first picture stands, and now everything was looked at; nothing was said yet.
    Start(Box<Facts>),
    /// A key was pressed.
    Key(Key),
    /// The focus is wanted at this place.
    Focus(Slot),
    /// A place was pointed at: it is given the focus, then these keys are pressed there.
    Press(Slot, Vec<Key>),
    /// The page is wanted in sight from this line on, wherever the focus is.
    Scroll(usize),
    /// What was typed is complete.
    Settle,
    /// Text was pasted.
    Paste(String),
    /// The world was looked at.
    Looked(Box<Facts>),
    /// What a path may be completed to.
    Completed {
        /// The path as far as it was typed then.
        start: String,
        /// Names; folders end in a separator.
        names: Vec<String>,
    },
    /// The answers were saved, or why not.
    Saved(Result<(), String>),
    /// What was pasted of a certificate was put into this file, or why not.
    Received(Result<PathBuf, String>),
    /// A run went on: so many actions are done.
    Progress(usize),
    /// A run ended.
    Finished {
        /// How many actions were done or there already.
        done: usize,
        /// What went wrong, put into words.
        failed: Option<String>,
        /// Whether it was told to stop.
        cancelled: bool,
        /// What there is now.
        facts: Box<Facts>,
    },
    /// The terminal was sent the text of this file.
    Copied(PathBuf),
}

/// A key, as far as the wizard tells keys apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Key {
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

/// Something to do outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Save the answers: the whole file.
    Save(String),
    /// Look at what the answers touch.
    Look,
    /// Make a key of this kind beside all other work, in memory only, in place of any made before; or throw that away.
    MakeKey(Option<KeyKind>),
    /// Perform a plan.
    Run(Plan),
    /// Stop the run at the next safe point.
    Cancel,
    /// Put a certificate that was pasted into a file of its own.
    Receive(String),
    /// List what a path may be completed to.
    Complete(String),
    /// Send the text of a file to the terminal's clipboard.
    Copy(PathBuf, String),
    /// Leave.
    Quit,
}
