//! The steps, grouped by stage.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::faces::tui::fit::cut;
use crate::form::Page;
use crate::pages;
use crate::problem::Severity;
use crate::text::say;

use super::View;

/// A stage with the pages of it that are shown.
struct Stage {
    name: &'static str,
    pages: Vec<&'static Page>,
}

impl View<'_> {
    /// The steps of every stage where that fits, else those of the stage where a person is.
    pub(super) fn steps(&self, height: usize, width: usize) -> Vec<Line<'static>> {
        let here = pages::stage_of(self.wizard.page);
        let stages = self.stages();
        let mut lines = Vec::new();
        for stage in &stages {
            self.stage(stage, true, width, &mut lines);
            lines.push(Line::default());
        }
        if lines.len() <= height + 1 {
            return lines;
        }
        lines.clear();
        for stage in &stages {
            self.stage(stage, stage.name == here, width, &mut lines);
        }
        let at =
            lines.iter().position(|line| line.spans.iter().any(|span| span.content.contains(self.theme.signs.here)));
        let first = (at.unwrap_or(0) + 3).saturating_sub(height).min(lines.len().saturating_sub(height));
        lines.split_off(first)
    }

    fn stages(&self) -> Vec<Stage> {
        let mut stages: Vec<Stage> = Vec::new();
        for page in self.wizard.pages() {
            let name = pages::stage_of(page);
            match stages.last_mut().filter(|stage| stage.name == name) {
                Some(stage) => stage.pages.push(page),
                None => stages.push(Stage { name, pages: vec![page] }),
            }
        }
        stages
    }

    fn stage(&self, stage: &Stage, is_open: bool, width: usize, lines: &mut Vec<Line<'static>>) {
        let signs = self.theme.signs;
        let is_here = stage.name == pages::stage_of(self.wizard.page);
        let signs_of_steps: Vec<&str> = stage.pages.iter().map(|page| self.sign(page).0).collect();
        let worst = [signs.error, signs.warning].into_iter().find(|sign| signs_of_steps.contains(sign));
        let is_done = signs_of_steps.iter().all(|sign| *sign == signs.done);
        let waits = pages::waits_on(&self.wizard.reading().deployment, self.wizard.reading().facts());
        let is_waiting = waits.is_some_and(|page| stage.pages.contains(&page));
        let sign = match (is_open, worst) {
            (true, _) => " ",
            (false, Some(worst)) => worst,
            (false, None) if is_waiting => signs.cut,
            (false, None) if is_done => signs.done,
            (false, None) => " ",
        };
        let title = self.say(&say(format!("stage-{}", stage.name)));
        let style = if is_here { self.theme.heading() } else { self.theme.quiet() };
        lines.push(Line::from(Span::styled(format!("{sign} {title}"), style)));
        if !is_open {
            return;
        }
        for page in &stage.pages {
            let (sign, style) = self.sign(page);
            if waits.is_some_and(|waits| waits == *page) {
                let waiting = self.say(&say("screen-waits"));
                let waiting = cut(&format!("  {} {waiting}", signs.cut), width - 1, signs.cut);
                lines.push(Line::from(Span::styled(waiting, self.theme.warning())));
            }
            let title = cut(&self.say(&say(format!("page-{}.step", page.id))), width - 5, signs.cut);
            lines.push(Line::from(Span::styled(format!("  {sign} {title}"), style)));
        }
    }

    /// How a step stands.
    fn sign(&self, page: &'static Page) -> (&'static str, Style) {
        let (wizard, signs) = (self.wizard, self.theme.signs);
        let is_visited = wizard.visited.contains(page.id);
        match (page == wizard.page, is_visited, wizard.reading().worst_of(page)) {
            (true, ..) => (signs.here, self.theme.accent()),
            (_, true, Some(Severity::Error)) => (signs.error, self.theme.error()),
            (_, true, Some(Severity::Warning)) => (signs.warning, self.theme.warning()),
            (_, true, None) if wizard.is_done(page) => (signs.done, Style::new()),
            _ => (" ", self.theme.quiet()),
        }
    }
}
