//! Domains as other servers see them: the list, and the path to one of them.

use ratatui::Frame;
use ratatui::layout::{Margin, Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::check::{Contradiction, DomainCheck, Seen, Step};
use crate::faces::check::verdicts;
use crate::faces::tui::fit::{cut, in_columns, wrap};
use crate::faces::tui::mouse::{Target, Targets};
use crate::text::{say, visible};
use crate::wizard::{Outside, Standing};

use super::View;

/// Lines below the list for what is said of the domain under the cursor.
const MOST_SAID: usize = 3;
/// Columns of the mark of the cursor and of the sign before a domain.
const SIGNS: usize = 4;
/// In a lower box the list comes first.
const LOW: usize = 14;

impl View<'_> {
    /// The list, the most urgent first: as many of them as fit, and below it all that is said of the one under the cursor.
    pub(super) fn outside(&self, frame: &mut Frame, chosen: Option<usize>, body: Rect, targets: &mut Targets) {
        let Some(outside) = &self.wizard.outside else { return };
        let inner = body.inner(Margin { horizontal: 2, vertical: 1 });
        let (width, height) = (usize::from(inner.width), usize::from(inner.height));
        let (places, selected) = (outside.places(), outside.selected(chosen));
        let at = places.iter().position(|place| *place == selected).unwrap_or(0);

        let mut lines = vec![Line::from(Span::styled(self.say(&outside.progress()), self.theme.heading()))];
        if height >= LOW {
            let from = wrap(&self.say(&say("outside-from")), width);
            lines.extend(from.into_iter().map(|line| Line::from(Span::styled(line, self.theme.quiet()))));
        }
        lines.push(Line::default());
        let above = lines.len();
        let room = height.saturating_sub(above + 1 + MOST_SAID).max(1);
        let first = (at + 1).saturating_sub(room);
        let widest = outside.names().iter().map(|name| name.unicode().width()).max().unwrap_or(0).min(width / 3);
        for place in places.iter().skip(first).take(room) {
            lines.push(self.domain(outside, *place, *place == selected, (widest, width)));
        }
        let below = places.len().min(first + room);
        lines.resize_with(above + room + 1, Line::default);
        let said = wrap(&self.say(&outside.sentence(selected)), width);
        let is_cut = said.len() > MOST_SAID;
        lines.extend(said.into_iter().take(MOST_SAID).map(Line::from));
        if let Some(last) = lines.last_mut().filter(|_| is_cut) {
            last.push_span(format!(" {}", self.theme.signs.cut));
        }
        self.in_box(frame, &self.say(&say("outside")), lines, body);
        self.more(frame, (first > 0, below < places.len()), body);
        for (line, place) in (above..).zip(places.iter().skip(first).take(room)) {
            let y = inner.y + u16::try_from(line).unwrap_or(u16::MAX);
            targets.add(Rect { y, height: 1, ..inner }, Target::Item(*place));
        }
        let y = inner.y + u16::try_from(above + at - first).unwrap_or(0);
        frame.set_cursor_position(Position { x: inner.x + 2, y });
    }

    /// A domain of the list: sign, name, what is to be known of it.
    fn domain(
        &self,
        outside: &Outside,
        place: usize,
        is_selected: bool,
        (widest, width): (usize, usize),
    ) -> Line<'static> {
        let (sign, style) = self.sign_of(outside.standing(place));
        let name = visible(&outside.names()[place].unicode()).into_owned();
        let cells = [name, self.say(&outside.sentence(place))];
        let room = width.saturating_sub(SIGNS);
        let said = in_columns(&cells, &[widest, room.saturating_sub(widest + 2)], room, self.theme.signs.cut);
        let mark = if is_selected { self.theme.signs.here } else { " " };
        let said_style = if is_selected { self.theme.focus() } else { Style::new() };
        Line::from(vec![
            Span::styled(mark, self.theme.accent()),
            Span::raw(" "),
            Span::styled(sign, style),
            Span::raw(" "),
            Span::styled(said, said_style),
        ])
    }

    fn sign_of(&self, standing: Standing) -> (&'static str, Style) {
        let signs = self.theme.signs;
        match standing {
            Standing::Wrong => (signs.error, self.theme.error()),
            Standing::Unclear => (signs.note, self.theme.warning()),
            Standing::Waiting => (signs.cut, self.theme.quiet()),
            Standing::Fine => (signs.done, self.theme.good()),
        }
    }

    /// The path to the domain at `place`, step by step.
    pub(super) fn path(&self, frame: &mut Frame, place: usize, scroll: usize, body: Rect) {
        let Some(outside) = &self.wizard.outside else { return };
        let width = usize::from(body.width).saturating_sub(4);
        let (sign, style) = self.sign_of(outside.standing(place));
        let mut lines = Vec::new();
        hanging(&format!("{sign} "), &self.say(&outside.sentence(place)), style, width, &mut lines);
        if let Some(check) = outside.check(place) {
            self.steps_of(check, width, &mut lines);
        }
        self.scrolling(frame, &visible(&outside.names()[place].both()), lines, scroll, body);
    }

    fn steps_of(&self, check: &DomainCheck, width: usize, lines: &mut Vec<Line<'static>>) {
        let mut target = None;
        for step in &check.steps {
            if target != Some(&step.target) {
                lines.push(Line::default());
                lines.push(Line::from(cut(&visible(&step.target), width, self.theme.signs.cut)));
                target = Some(&step.target);
            }
            if check.wrong() == Some(step) {
                let here = if check.to_partner == Seen::None { say("outside-here") } else { say("outside-here-wrong") };
                let here = format!("{} {}", self.theme.signs.here, self.say(&here));
                lines.push(Line::from(Span::styled(here, self.theme.error())));
            }
            self.step(step, width, lines);
        }
        if !check.contradictions.is_empty() {
            lines.push(Line::default());
            lines.push(Line::from(Span::styled(self.say(&say("outside-against-heading")), self.theme.heading())));
        }
        for Contradiction { side, hint, .. } in &check.contradictions {
            let side = self.say(&say("check-side").with("side", side.name()));
            let said = format!("{side}: {}", self.say(hint));
            hanging(&format!("  {} ", self.theme.signs.error), &said, self.theme.error(), width, lines);
        }
        lines.push(Line::default());
        for said in verdicts(check, &self.wizard.text) {
            hanging("", &said, Style::new(), width, lines);
        }
        let command = self.say(&say("outside-command").with("domain", check.domain.as_str()));
        hanging("", &command, self.theme.quiet(), width, lines);
    }

    fn step(&self, step: &Step, width: usize, lines: &mut Vec<Line<'static>>) {
        let (sign, style) = match step.ok {
            Some(true) => (self.theme.signs.done, self.theme.good()),
            Some(false) => (self.theme.signs.error, self.theme.error()),
            None => (self.theme.signs.note, self.theme.warning()),
        };
        let name = self.say(&step.title());
        let took = step.took.map(|took| say("check-milliseconds").with("count", took.as_millis().to_string()));
        let took = took.map(|took| format!(" ({})", self.say(&took))).unwrap_or_default();
        let said = format!("{name}: {}{took}", self.say(&step.detail));
        hanging(&format!("  {sign} "), &said, style, width, lines);
    }
}

/// Text that hangs behind a sign, which alone is in colour.
fn hanging(sign: &str, text: &str, style: Style, width: usize, lines: &mut Vec<Line<'static>>) {
    for (row, line) in wrap(text, width.saturating_sub(sign.width())).into_iter().enumerate() {
        let sign = if row == 0 { sign.to_owned() } else { " ".repeat(sign.width()) };
        lines.push(Line::from(vec![Span::styled(sign, style), Span::raw(line)]));
    }
}
