//! The lines of a summary and of what is carried out after it.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::faces::tui::fit::{broken, cut, pad, wrap};
use crate::faces::tui::theme::Signs;
use crate::form::message_key;
use crate::pages;
use crate::plan::Action;
use crate::problem::Problem;
use crate::text::{say, visible};
use crate::wizard::{self, End, FocusTarget};

use super::Lines;

impl Lines<'_> {
    pub(super) fn summary(&mut self) {
        for (index, line) in self.wizard.review().iter().enumerate() {
            match line {
                wizard::Line::Heading(message) => {
                    self.blank();
                    let text = self.say(message);
                    self.paragraph(&text, self.theme.heading(), 0);
                }
                wizard::Line::Content(content) => self.blocks(std::slice::from_ref(content)),
                wizard::Line::Problem(problem) => self.summary_problem(problem, line.slot(index)),
                wizard::Line::Answer { label, value, given, .. } => {
                    let Some(slot) = line.slot(index) else { continue };
                    let style = if *given { Style::new() } else { self.theme.quiet() };
                    self.answer(&slot, &self.say(label), value, style);
                }
                wizard::Line::Action(action) => {
                    self.action(action.kind.sign(), action);
                    for change in pages::changes(action, &self.wizard.text).lines() {
                        self.change(&visible(change));
                    }
                }
            }
        }
    }

    /// An action behind a sign.
    fn action(&mut self, sign: &str, action: &Action) {
        let layout = self.wizard.reading().facts().layout();
        let place = action.made().map(|place| format!("  {}", visible(&layout.shown(place))));
        let text = self.say(&action.in_short()) + &place.unwrap_or_default();
        self.labelled(&format!("{sign} "), &text, Style::new());
    }

    /// A line of a diff to its end, what goes on indented.
    fn change(&mut self, line: &str) {
        for (row, piece) in broken(line, self.width.saturating_sub(6)).into_iter().enumerate() {
            let indent = if row == 0 { 4 } else { 6 };
            self.push(Line::from(Span::styled(" ".repeat(indent) + &piece, self.theme.quiet())));
        }
    }

    /// An answer beside its label, each wrapped; of a very long list, the beginning.
    fn answer(&mut self, slot: &FocusTarget, label: &str, value: &str, style: Style) {
        const MOST: usize = 4;
        let room = self.width * 2 / 5;
        let labels = wrap(label, room);
        let beside = self.width.saturating_sub(room + 2);
        let mut values = wrap(value, beside);
        if values.len() > MOST {
            values.truncate(MOST);
            values[MOST - 1] =
                cut(&format!("{} {}", values[MOST - 1], self.theme.signs.cut), beside, self.theme.signs.cut);
        }
        for row in 0..labels.len().max(values.len()) {
            let part = |lines: &[String]| lines.get(row).cloned().unwrap_or_default();
            let label = Span::styled(pad(&part(&labels), room), self.focus_style(slot));
            let line = Line::from(vec![label, Span::raw("  "), Span::styled(part(&values), style)]);
            if row == 0 { self.push_slot(line, slot, 0) } else { self.push(line) }
        }
    }

    fn summary_problem(&mut self, problem: &Problem, slot: Option<FocusTarget>) {
        let (sign, style) = self.severity(problem);
        let what = self.say(&problem.what());
        // Far from its field, a problem says which one it is about.
        let text = match pages::form().field(&problem.path) {
            Some(_) => format!("{sign} {}: {what}", self.say(&say(message_key(&problem.path)))),
            None => format!("{sign} {what}"),
        };
        let lines = wrap(&text, self.width);
        for (row, line) in lines.into_iter().enumerate() {
            match &slot {
                Some(slot) if row == 0 => {
                    let style = if *slot == self.wizard.focus { self.theme.focus() } else { style };
                    self.push_slot(Line::from(Span::styled(line, style)), slot, 0);
                }
                _ => self.push(Line::from(Span::styled(line, style))),
            }
        }
        for more in problem.why(&self.wizard.text).into_iter().chain(problem.hint(&self.wizard.text)) {
            self.paragraph(&more, self.theme.quiet(), 4);
        }
    }

    pub(super) fn execution(&mut self) {
        let Some(run) = self.wizard.run() else {
            let text = self.say(&say("notice-not-run"));
            self.paragraph(&text, Style::new(), 0);
            return;
        };
        let all = run.plan.actions.len();
        let progress = say("screen-progress").with("done", run.done).with("all", all);
        let text = format!("{}  {}", bar(run.done, all, self.theme.signs), self.say(&progress));
        self.paragraph(&text, self.theme.heading(), 0);
        if let Some(end) = &run.end {
            let style = match end {
                End::Complete => self.theme.good(),
                End::Cancelled => self.theme.warning(),
                End::Failed(_) => self.theme.error(),
            };
            for outcome in self.wizard.outcome(run) {
                let text = self.say(&outcome);
                self.paragraph(&text, style, 0);
            }
        }
        self.blank();
        let layout = self.wizard.reading().facts().layout();
        for (index, action) in run.plan.actions.iter().enumerate() {
            if layout.is_before(&action.target) {
                continue; // kept for an undo
            }
            let sign = match index.cmp(&run.done) {
                std::cmp::Ordering::Less => self.theme.signs.done,
                std::cmp::Ordering::Equal if run.end.is_none() => self.theme.signs.here,
                std::cmp::Ordering::Equal if matches!(run.end, Some(End::Failed(_))) => self.theme.signs.error,
                _ => " ",
            };
            if index == run.done && run.end.is_none() {
                self.under_way = Some(self.all.len());
            }
            self.action(sign, action);
        }
        self.blank();
        let log = format!("[ {} ]", self.say(&say("log")));
        self.push_slot(Line::from(Span::styled(log, self.focus_style(&FocusTarget::Log))), &FocusTarget::Log, 2);
    }
}

fn bar(done: usize, all: usize, signs: Signs) -> String {
    const WIDTH: usize = 20;
    let full = (done * WIDTH).checked_div(all).unwrap_or(WIDTH);
    format!("[{}{}]", "#".repeat(full), signs.rule.repeat(WIDTH - full))
}
