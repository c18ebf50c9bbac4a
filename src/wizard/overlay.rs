//! What lies over the page until it is answered or closed.

use std::path::PathBuf;

use crate::edge::Renewal;
use crate::pki::Secret;
use crate::text::Message;

/// What lies over the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    /// Help for the page and the focused field.
    Help {
        /// First line shown.
        scroll: usize,
    },
    /// What the answers lead to, where the window is too narrow to show it beside the page.
    LeadsTo {
        /// First line shown.
        scroll: usize,
    },
    /// A text as it is.
    View {
        /// Its name.
        name: String,
        /// The file it is in; none for a text that is in none.
        file: Option<PathBuf>,
        /// Its content.
        content: String,
        /// First line shown.
        scroll: usize,
    },
    /// Domains as other servers see them.
    Outside {
        /// The place of the domain under the cursor; none: the first that is shown, whichever that is.
        selected: Option<usize>,
    },
    /// The path to one of them.
    Path {
        /// The place of the domain.
        place: usize,
        /// First line shown.
        scroll: usize,
    },
    /// A choice of commands.
    Menu {
        /// What it is about.
        title: Message,
        /// What is to be known before one chooses.
        about: Vec<Message>,
        /// The commands.
        items: Vec<MenuItem>,
        /// The one under the cursor.
        selected: usize,
        /// What closing it does.
        escape: Command,
    },
    /// A password, typed twice, for the PFX.
    Password {
        /// What is to be known before one types.
        about: Vec<Message>,
        /// What was typed.
        typed: [Secret; 2],
        /// Which of the two is being typed.
        at: usize,
        /// What is wrong with what was typed.
        fault: Option<Message>,
        /// What closing it does, and what follows the PFX.
        escape: Command,
    },
    /// A question that is answered with no unless a person moves to yes.
    Confirm {
        /// The question.
        question: Message,
        /// What yes does.
        command: Command,
        /// Whether yes is under the cursor.
        yes: bool,
    },
}

impl Overlay {
    /// A choice of commands that needs no explaining, and that may be left alone.
    pub(super) fn choice(title: Message, items: Vec<MenuItem>, selected: usize) -> Self {
        Overlay::Menu { title, about: Vec::new(), items, selected, escape: Command::Leave }
    }

    /// The question whether `command` is to be done.
    pub(super) fn confirm(question: Message, command: Command) -> Self {
        Overlay::Confirm { question, command, yes: false }
    }
}

/// One line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// What it says.
    pub label: Message,
    /// What it does.
    pub command: Command,
}

/// Something that waits for a person's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Go to the page of this name.
    GoTo(&'static str),
    /// Open a row.
    EditRow(usize),
    /// Move a row by one place.
    MoveRow {
        /// Which row.
        row: usize,
        /// Towards the start.
        up: bool,
    },
    /// Ask before a row is taken away.
    AskToRemove(usize),
    /// Leave the open row as it was before.
    CancelRow,
    /// Take a row away.
    RemoveRow(usize),
    /// Take all rows or items of a path away.
    Clear(String),
    /// Choose a preset for a row.
    ChoosePreset(usize),
    /// Set a row to a preset, after its questions.
    Preset {
        /// Which row.
        row: usize,
        /// Which preset.
        preset: usize,
        /// How many of its questions were answered with yes.
        yes: usize,
    },
    /// Set a text answer.
    Answer {
        /// Its path.
        path: String,
        /// Its new text.
        text: String,
    },
    /// Replace these files, and go on.
    Replace(Vec<PathBuf>),
    /// Say where things stand, and what can be done next.
    Overview,
    /// Go through what decides the next request: other names, another interface.
    NewRequest,
    /// List what is left to do by hand.
    ToDo,
    /// Ask for the password of the PFX that is to be made.
    AskForPfx,
    /// Take the step of this number up: do it here, or tick it.
    Tick(usize),
    /// Tick the step of this number, or open it again.
    TickByHand(usize),
    /// Ask how the certificate is to be renewed.
    AskToRenew,
    /// Work towards the next request.
    Renew(Renewal),
    /// Ask before the last run is taken back.
    AskToUndo,
    /// Take the last run back.
    Undo,
    /// Show domains as other servers see them, the cursor on the partner of this row; ask before it is looked.
    Outside(Option<usize>),
    /// Look at the partner of this row alone, or at all domains.
    LookOutside(Option<usize>),
    /// Nothing: everything stays as it is.
    Leave,
    /// Leave.
    Quit,
}
