//! The mouse, where a person switched it on: what a click or the wheel asks for.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use crate::wizard::{FocusTarget, Intent, Overlay, Sight, Wizard};

use super::lines::PageLine;

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
    /// Lines in sight.
    pub height: usize,
}

/// Something that can be clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A place of the page.
    FocusTarget(FocusTarget),
    /// A word of the choice at this path, by its index.
    Word(String, usize),
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

    /// Adds what a line of the page at `row` is about, with each word in it that chooses.
    pub fn add_line(&mut self, row: Rect, line: &PageLine) {
        let Some(slot) = &line.click else { return };
        self.add(row, Target::FocusTarget(slot.clone()));
        for (columns, index) in &line.words {
            let columns = columns.start.min(row.width)..columns.end.min(row.width);
            let word = Rect { x: row.x + columns.start, width: columns.end - columns.start, ..row };
            if let Some(path) = slot.path() {
                self.add(word, Target::Word(path.to_owned(), *index));
            }
        }
    }

    /// What of the page can be seen.
    #[must_use]
    pub fn sight(&self) -> Sight {
        let mut slots: Vec<FocusTarget> = Vec::new();
        for (_, target) in &self.places {
            if let Target::FocusTarget(slot) = target
                && !matches!(slot, FocusTarget::Next | FocusTarget::Back)
                && slots.last() != Some(slot)
            {
                slots.push(slot.clone());
            }
        }
        Sight { first: self.first, last: self.last, height: self.height, slots }
    }

    /// Takes everything away: something lies over it.
    pub fn cover(&mut self) {
        self.places.clear();
    }

    /// What an event means for `wizard`, of which this was drawn.
    #[must_use]
    pub fn asks(&self, event: MouseEvent, wizard: &Wizard) -> Option<Intent> {
        match event.kind {
            MouseEventKind::Down(MouseButton::Left) => {
                let at = Position { x: event.column, y: event.row };
                self.places.iter().rfind(|(area, _)| area.contains(at)).map(|(_, target)| target.asks())
            }
            MouseEventKind::ScrollUp => self.wheel(wizard, -1, self.first.saturating_sub(WHEEL)),
            MouseEventKind::ScrollDown => self.wheel(wizard, 1, (self.first + WHEEL).min(self.last)),
            _ => None,
        }
    }

    /// Moves what lies over the page up or down, else the page to the line `to`; the focus stays where it is.
    fn wheel(&self, wizard: &Wizard, way: isize, to: usize) -> Option<Intent> {
        match &wizard.overlay {
            Some(Overlay::Confirm { .. } | Overlay::Password { .. }) => None,
            Some(Overlay::Menu { .. } | Overlay::Outside { .. }) => Some(Intent::Roll(way)),
            Some(Overlay::Help { .. } | Overlay::LeadsTo { .. } | Overlay::View { .. } | Overlay::Path { .. }) => {
                Some(Intent::Roll(way * WHEEL.cast_signed()))
            }
            None => (to != self.first).then_some(Intent::Scroll(to)),
        }
    }
}

impl Target {
    /// What a click on it asks for.
    fn asks(&self) -> Intent {
        match self {
            Target::FocusTarget(slot) => Intent::Click(slot.clone()),
            Target::Word(path, index) => Intent::Choose(path.clone(), *index),
            Target::Item(index) => Intent::Item(*index),
            Target::Answer(yes) => Intent::Answer(*yes),
        }
    }
}
