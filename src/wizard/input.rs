//! The focus, with what is being typed there.

use tui_input::Input;

use crate::pages;

use super::focus_target::FocusTarget;
use super::state::Wizard;

impl Wizard {
    /// Puts the focus on `slot`.
    pub(super) fn focus_on(&mut self, slot: FocusTarget) {
        self.focus = slot;
        self.load_input();
    }

    /// Puts the focus where a person starts on this page.
    pub(super) fn focus_first(&mut self) {
        self.focus_on(self.first_slot());
        self.scroll = 0;
    }

    /// After answers or facts changed from outside: a focus that is gone goes to the start, unless its line only moved.
    pub(super) fn keep_focus(&mut self) {
        let slots = self.slots();
        if slots.contains(&self.focus) {
            return;
        }
        let leads_to = |slot: &FocusTarget| match slot {
            FocusTarget::Jump(_, path) => Some(path.clone()),
            _ => None,
        };
        let path = leads_to(&self.focus);
        let is_moved = |slot: &&FocusTarget| path.is_some() && leads_to(slot) == path;
        match slots.iter().rfind(is_moved) {
            Some(moved) => self.focus = moved.clone(),
            None => self.focus_first(),
        }
    }

    /// Takes what is at the focus into the input.
    pub(super) fn load_input(&mut self) {
        let answered = self.answered();
        let text = match &self.focus {
            FocusTarget::Text(path) => answered
                .answers
                .get(path)
                .cloned()
                .or_else(|| pages::form().value(&answered, path))
                .map(|said| said.shown())
                .unwrap_or_default(),
            FocusTarget::Item(path, index) => self.items(path).get(*index).cloned().unwrap_or_default(),
            FocusTarget::Filter => self.filter.clone(),
            _ => String::new(),
        };
        self.input = Input::new(text);
        self.completions.clear();
    }
}
