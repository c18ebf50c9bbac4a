//! What lies over the page: boxes with help, a file, a menu, a question.

use ratatui::Frame;
use ratatui::layout::{Margin, Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block as Border, Clear, Paragraph};
use unicode_width::UnicodeWidthStr;

use crate::faces::tui::fit::{broken, wrap};
use crate::faces::tui::lines::Lines;
use crate::faces::tui::mouse::{Target, Targets};
use crate::form;
use crate::text::{say, visible};
use crate::wizard::Overlay;

use super::{View, more};

impl View<'_> {
    /// Draws the overlay over `body`.
    pub(super) fn overlay(&self, frame: &mut Frame, overlay: &Overlay, body: Rect, targets: &mut Targets) {
        match overlay {
            Overlay::Help { scroll } => {
                let title = self.say(&say(format!("page-{}", self.wizard.page.id)));
                let lines = self.help_lines(inner_width(body));
                self.scrolling(frame, &title, lines, *scroll, body);
            }
            Overlay::LeadsTo { scroll } => {
                let mut lines = Lines::new(self.wizard, self.theme, inner_width(body));
                let blocks = self.wizard.blocks();
                let said: Vec<_> =
                    blocks.iter().filter(|b| !matches!(b, form::Content::Document { .. })).cloned().collect();
                lines.blocks(&said);
                if said.is_empty() {
                    lines.paragraph(&self.say(&say("leads-nowhere")), Style::new(), 0);
                }
                let lines = lines.all.into_iter().map(|line| line.line).collect();
                self.scrolling(frame, &self.say(&say("screen-leads-to")), lines, *scroll, body);
            }
            Overlay::View { name, content, scroll, .. } => {
                let width = inner_width(body);
                let lines = content.lines().flat_map(|line| broken(&visible(line), width)).map(Line::from).collect();
                self.scrolling(frame, name, lines, *scroll, body);
            }
            Overlay::Menu { title, about, items, selected, .. } => {
                let width = inner_width(body).min(70);
                let said = about.iter().flat_map(|message| wrap(&self.say(message), width));
                let mut lines: Vec<Line> = said.map(Line::from).collect();
                if !lines.is_empty() {
                    lines.push(Line::default());
                }
                let mut at = 0;
                let mut lines_of_items = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let style = if index == *selected { self.theme.focus() } else { Style::new() };
                    if index == *selected {
                        at = lines.len();
                    }
                    let mark = if index == *selected { self.theme.signs.here } else { " " };
                    for (row, line) in wrap(&self.say(&item.label), width.saturating_sub(2)).into_iter().enumerate() {
                        let mark = Span::styled(if row == 0 { mark } else { " " }, self.theme.accent());
                        lines_of_items.push((lines.len(), index));
                        lines.push(Line::from(vec![mark, Span::raw(" "), Span::styled(line, style)]));
                    }
                }
                let inner = self.boxed(frame, &self.say(title), lines, (at, 2), body);
                for (line, index) in lines_of_items {
                    if let Some(row) = inner.row(line) {
                        targets.add(row, Target::Item(index));
                    }
                }
            }
            Overlay::Outside { selected } => self.outside(frame, *selected, body, targets),
            Overlay::Path { place, scroll } => self.path(frame, *place, *scroll, body),
            Overlay::Password { .. } => self.password(frame, overlay, body),
            Overlay::Confirm { question, yes, .. } => {
                let width = inner_width(body).min(60);
                let mut lines: Vec<Line> = wrap(&self.say(question), width).into_iter().map(Line::from).collect();
                lines.push(Line::default());
                let button = |key: &'static str, chosen: bool| {
                    let style = if chosen { self.theme.focus() } else { Style::new() };
                    Span::styled(format!("[ {} ]", self.say(&say(key))), style)
                };
                let (no, yes_button) = (button("no", !yes), button("yes", *yes));
                let columns = [(false, 0, no.width()), (true, no.width() + 2, yes_button.width())];
                let column = columns[usize::from(*yes)].1;
                lines.push(Line::from(vec![no, Span::raw("  "), yes_button]));
                let at = (lines.len() - 1, column);
                let row = self.boxed(frame, "", lines, at, body).row(at.0);
                for (answer, column, width) in columns {
                    let [x, width] = [column, width].map(|columns| u16::try_from(columns).unwrap_or(0));
                    if let Some(row) = row {
                        targets.add(Rect { x: row.x + x, width, ..row }, Target::Answer(answer));
                    }
                }
            }
        }
    }

    /// A password that is typed twice, hidden.
    fn password(&self, frame: &mut Frame, overlay: &Overlay, body: Rect) {
        let Overlay::Password { about, typed, at, fault, .. } = overlay else { return };
        let at = *at;
        let width = inner_width(body).min(60);
        let mut lines: Vec<Line> = Vec::new();
        for message in about {
            lines.extend(wrap(&self.say(message), width).into_iter().map(Line::from));
            lines.push(Line::default());
        }
        let mut cursor = (0, 0);
        for (index, (label, typed)) in ["pfx-first", "pfx-again"].into_iter().zip(typed).enumerate() {
            let label = self.say(&say(label));
            let shown = self.theme.signs.hidden.repeat(typed.count().min(width.saturating_sub(label.width() + 4)));
            let style = if index == at { self.theme.focus() } else { Style::new() };
            let mark = if index == at { self.theme.signs.here } else { " " };
            if index == at {
                cursor = (lines.len(), label.width() + 3 + shown.width());
            }
            let mark = Span::styled(mark, self.theme.accent());
            lines.push(Line::from(vec![
                mark,
                Span::raw(" "),
                Span::styled(label, style),
                Span::raw(format!(" {shown}")),
            ]));
        }
        let fault = fault.iter().flat_map(|fault| wrap(&self.say(fault), width));
        lines.extend(fault.map(|line| Line::from(Span::styled(line, self.theme.error()))));
        self.boxed(frame, &self.say(&say("pfx-make")), lines, cursor, body);
    }

    fn help_lines(&self, width: usize) -> Vec<Line<'static>> {
        let wizard = self.wizard;
        let mut lines = Lines::new(wizard, self.theme, width);
        let page = self.say(&wizard.page_help());
        lines.paragraph(&page, Style::new(), 0);
        if let Some(path) = wizard.focus.path() {
            lines.paragraph(" ", Style::new(), 0);
            let key = form::message_key(path);
            lines.paragraph(&self.say(&say(key.clone())), self.theme.heading(), 0);
            lines.paragraph(&self.say(&say(format!("{key}.help"))), Style::new(), 0);
        }
        if let Some(problem) = lines.problem_at_focus() {
            lines.paragraph(" ", Style::new(), 0);
            lines.told(&problem);
        }
        lines.paragraph(" ", Style::new(), 0);
        lines.paragraph(&self.say(&say("help-keys")), Style::new(), 0);
        lines.all.into_iter().map(|line| line.line).collect()
    }

    /// A box over the whole body whose content scrolls.
    pub(super) fn scrolling(
        &self,
        frame: &mut Frame,
        title: &str,
        lines: Vec<Line<'static>>,
        scroll: usize,
        body: Rect,
    ) {
        let first = scroll.min(lines.len().saturating_sub(usize::from(body.height) - 2));
        let shown = lines.into_iter().skip(first).collect();
        self.in_box(frame, title, shown, body);
        frame.set_cursor_position(Position { x: body.x + 1, y: body.y + 1 });
    }

    /// A box as large as its content, in the middle; the cursor on this line, which is in sight, and column. Gives the
    /// lines in sight.
    fn boxed(
        &self,
        frame: &mut Frame,
        title: &str,
        lines: Vec<Line<'static>>,
        (at, column): (usize, usize),
        body: Rect,
    ) -> InSight {
        let widest = lines.iter().map(Line::width).max().unwrap_or(0).max(title.width() + 2);
        let width = u16::try_from(widest + 4).unwrap_or(u16::MAX).min(body.width);
        let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(body.height);
        let area = Rect { x: body.x + (body.width - width) / 2, y: body.y + (body.height - height) / 2, width, height };
        let first = (at + 1).saturating_sub(usize::from(height) - 2);
        self.in_box(frame, title, lines.into_iter().skip(first).collect(), area);
        let y = area.y + 1 + u16::try_from(at - first).unwrap_or(0);
        let x = (area.x + 2).saturating_add(u16::try_from(column).unwrap_or(u16::MAX));
        frame.set_cursor_position(Position { x: x.min(area.right() - 1), y });
        let inner = area.inner(Margin { horizontal: 2, vertical: 1 });
        InSight { first, inner }
    }

    /// Says at the foot of a box over `body` whether there is more above or below.
    pub(super) fn more(&self, frame: &mut Frame, (above, below): (bool, bool), body: Rect) {
        let Some(more) = more(above, below) else { return };
        let more = Line::from(format!(" {} ", self.say(&more))).right_aligned();
        let foot = Rect { x: body.x + 1, width: body.width.saturating_sub(2), y: body.bottom() - 1, height: 1 };
        frame.render_widget(more, foot);
    }

    /// The lines that fit, and whether there are more of them.
    pub(super) fn in_box(&self, frame: &mut Frame, title: &str, lines: Vec<Line<'static>>, area: Rect) {
        frame.render_widget(Clear, area);
        let title = if title.is_empty() { String::new() } else { format!(" {title} ") };
        let border = Border::bordered().title(Span::styled(title, self.theme.heading()));
        let border = border.padding(ratatui::widgets::Padding::horizontal(1));
        let border = if lines.len() + 2 > usize::from(area.height) {
            border.title_bottom(Line::from(format!(" {} ", self.say(&say("screen-more-below")))).right_aligned())
        } else {
            border
        };
        let border = if self.theme.signs.wall == "|" { border.border_set(ASCII_BORDER) } else { border };
        frame.render_widget(Paragraph::new(lines).block(border), area);
    }
}

/// The lines of a box in sight.
struct InSight {
    /// The first of them.
    first: usize,
    /// Where they stand.
    inner: Rect,
}

impl InSight {
    /// Where a line stands, if it is in sight.
    fn row(&self, line: usize) -> Option<Rect> {
        let below = u16::try_from(line.checked_sub(self.first)?).ok()?;
        (below < self.inner.height).then_some(Rect { y: self.inner.y + below, height: 1, ..self.inner })
    }
}

const ASCII_BORDER: ratatui::symbols::border::Set<'static> = ratatui::symbols::border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

fn inner_width(body: Rect) -> usize {
    usize::from(body.width).saturating_sub(4)
}
