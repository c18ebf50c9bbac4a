//! What a person wants, however it was said.

use super::focus_target::FocusTarget;

/// What a click or a typed line asks for. A key alone means something only where the focus is, so it stays a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// The focus goes to this place.
    Focus(FocusTarget),
    /// A click on this place: it gets the focus, and what one click does there is done.
    Click(FocusTarget),
    /// This place is pressed: a button, a row, a line that leads elsewhere.
    Open(FocusTarget),
    /// This text is the answer there, in place of what was.
    Type(FocusTarget, String),
    /// This is pasted there, and that is all.
    Paste(FocusTarget, String),
    /// The answer there stands as it is.
    Keep(FocusTarget),
    /// The option of this number is chosen for this path.
    Choose(String, usize),
    /// Yes or no for this path.
    Switch(String, bool),
    /// The tick of this number is set or taken away for this path.
    Tick(String, usize),
    /// What is at this place goes: an item of a list, a row.
    Remove(FocusTarget),
    /// The row goes one place up.
    MoveUp(usize),
    /// Rows are shown that hold this.
    Filter(String),
    /// The page is in sight from this line on, wherever the focus is.
    Scroll(usize),
    /// What lies over the page moves by so many lines.
    Roll(isize),
    /// The item of this number in the menu over the page; the domain at this place in the list over it.
    Item(usize),
    /// Domains are shown as other servers see them.
    Outside,
    /// It is looked at them once more.
    LookAgain,
    /// The form of the partner is opened whose path lies over the page.
    Partner,
    /// The answer to the question over the page.
    Answer(bool),
    /// Back: what lies over the page is closed, else the page before is shown.
    Back,
    /// Leave.
    Quit,
}
