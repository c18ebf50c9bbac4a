//! The places of the page that can have the focus.

use crate::form::{Body, Kind};
use crate::pages;
use crate::problem::Severity;

use super::focus_target::{self, FocusTarget, row_of};
use super::state::Wizard;

impl Wizard {
    /// The places of the page that can have the focus, top to bottom.
    #[must_use]
    pub fn slots(&self) -> Vec<FocusTarget> {
        let answered = self.answered();
        let mut slots = match (self.page.body, self.row, self.rows_field()) {
            (Body::Summary, ..) => {
                self.review().iter().enumerate().filter_map(|(index, line)| line.slot(index)).collect()
            }
            (Body::Execute, ..) => vec![FocusTarget::Log],
            (_, Some(row), Some(field)) => {
                let preset = self.page.presets.is_some().then_some(FocusTarget::Preset(row));
                let questions = self.page.questions_of_row(&answered, field, row);
                let questions = questions.iter().flat_map(|question| focus_target::of_question(&answered, question));
                preset.into_iter().chain(questions).collect()
            }
            _ => focus_target::of_page(&answered, self.page, &self.blocks(), &self.shown_rows()),
        };
        slots.push(FocusTarget::Next);
        slots.extend(self.back_label().map(|_| FocusTarget::Back));
        slots
    }

    /// Where a person starts on this page.
    pub(super) fn first_slot(&self) -> FocusTarget {
        let slots = self.slots();
        let starts_at_the_end = match self.page.body {
            Body::Summary => !self.problems_to_here().iter().any(|problem| problem.severity == Severity::Error),
            Body::Execute | Body::Document => true,
            Body::Fields => false,
        };
        let row = slots.iter().find(|slot| matches!(slot, FocusTarget::Row(_)));
        let chosen = slots.first().map(|slot| self.entered(slot));
        let start = row.or(chosen.as_ref()).or(slots.first());
        if starts_at_the_end { FocusTarget::Next } else { start.cloned().unwrap_or(FocusTarget::Next) }
    }

    /// The place where `slot` is entered from elsewhere: the options of a choice at the chosen one.
    pub(super) fn entered(&self, slot: &FocusTarget) -> FocusTarget {
        let chosen = |path: &str| {
            let (_, field) = pages::form().field(path)?;
            let Kind::Choice(options, _) = field.kind else { return None };
            let chosen = pages::form().value(&self.answered(), path)?.shown();
            options.iter().position(|option| *option == chosen)
        };
        match slot {
            FocusTarget::Option(path, index) => FocusTarget::Option(path.clone(), chosen(path).unwrap_or(*index)),
            slot => slot.clone(),
        }
    }

    /// The place on this page for the answer at `path`: its own, else its list or its row.
    pub(super) fn slot_of(&self, path: &str) -> Option<FocusTarget> {
        let outer = path.rsplit_once('.').map_or("", |(outer, _)| outer);
        let slots = self.slots();
        let exact = slots.iter().find(|slot| slot.problem_path().as_deref() == Some(path));
        let near = || slots.iter().find(|slot| slot.path() == Some(path) || slot.path() == Some(outer));
        let row = || slots.iter().find(|slot| matches!(slot, FocusTarget::Row(row) if Some(*row) == row_of(path)));
        exact.or_else(near).or_else(row).cloned()
    }
}
