//! The mouse, where a person switched it on: a click becomes what says the same by keys.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::wizard::{Key, Msg, Overlay, Slot, Wizard};

/// Lines that the wheel moves by.
const WHEEL: usize = 3;

/// What is where on the screen that was drawn last.
#[derive(Debug, Default)]
pub struct Targets {
    places: Vec<(Rect, Target)>,
    /// The first line of the page in sight.
    pub first: usize,
    /// The first line in sight at the page's end.
    pub last: usize,
}

/// Something that can be clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A place of the page.
    Slot(Slot),
    /// A word of a choice in one line: so many turns to the right choose it.
    Word(Slot, usize),
    /// A line of the menu over the page.
    Item(usize),
    /// An answer to the question over the page.
    Answer(bool),
}

impl Targets {
    /// Adds what is at `area`; what was added before lies below it.
    pub fn add(&mut self, area: Rect, target: Target) {
        self.places.push((area, target));
    }

    /// Takes everything away: something lies over it.
    pub fn cover(&mut self) {
        self.places.clear();
    }

    /// What an event means for `wizard`, of which this was drawn.
    #[must_use]
    pub fn msgs(&self, event: MouseEvent, wizard: &Wizard) -> Vec<Msg> {
        match event.kind {
            MouseEventKind::Down(MouseButton::Left) => {
                let at = Position { x: event.column, y: event.row };
                let target = self.places.iter().rfind(|(area, _)| area.contains(at));
                target.map(|(_, target)| clicked(target, wizard)).unwrap_or_default()
            }
            MouseEventKind::ScrollUp => self.wheel(wizard, Key::Up, self.first.saturating_sub(WHEEL)),
            MouseEventKind::ScrollDown => self.wheel(wizard, Key::Down, (self.first + WHEEL).min(self.last)),
            _ => Vec::new(),
        }
    }

    /// Scrolls what lies over the page by `key`, else the page to the line `to`; the focus stays where it is.
    fn wheel(&self, wizard: &Wizard, key: Key, to: usize) -> Vec<Msg> {
        match &wizard.overlay {
            Some(Overlay::Confirm { .. }) => Vec::new(),
            Some(Overlay::Menu { .. }) => vec![Msg::Key(key)],
            Some(Overlay::Help { .. } | Overlay::LeadsTo { .. } | Overlay::View { .. }) => {
                vec![Msg::Key(key); WHEEL]
            }
            None if to == self.first => Vec::new(),
            None => vec![Msg::Scroll(to)],
        }
    }
}

fn clicked(target: &Target, wizard: &Wizard) -> Vec<Msg> {
    match target {
        Target::Slot(slot) => vec![Msg::Press(slot.clone(), keys_at(slot, wizard))],
        Target::Word(slot, turns) => vec![Msg::Press(slot.clone(), vec![Key::Right; *turns])],
        Target::Item(index) => {
            let down = std::iter::repeat_n(Key::Down, *index);
            [Key::Home].into_iter().chain(down).chain([Key::Enter]).map(Msg::Key).collect()
        }
        Target::Answer(wanted) => {
            let is_chosen = matches!(&wizard.overlay, Some(Overlay::Confirm { yes, .. }) if yes == wanted);
            let turn = (!is_chosen).then_some(Key::Right);
            turn.into_iter().chain([Key::Enter]).map(Msg::Key).collect()
        }
    }
}

/// What a click on `slot` does besides giving it the focus.
fn keys_at(slot: &Slot, wizard: &Wizard) -> Vec<Key> {
    match slot {
        Slot::Text(_) | Slot::Item(..) | Slot::Filter | Slot::Choice(_) => Vec::new(),
        Slot::Option(..) | Slot::Toggle(_) | Slot::Tick(..) => vec![Key::Char(' ')],
        // What leads elsewhere is opened by a second click, once it is seen to be the right one.
        Slot::Row(_) | Slot::Jump(..) if wizard.focus != *slot => Vec::new(),
        Slot::Row(_) | Slot::Jump(..) => vec![Key::Enter],
        Slot::Preset(_) | Slot::AddRow | Slot::Document(_) | Slot::Log | Slot::Next => vec![Key::Enter],
    }
}
