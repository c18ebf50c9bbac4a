//! The whole screen: steps, page, what it leads to, keys; and what lies over them.

mod overlay;

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::form::{self, Body, Kind};
use crate::problem::{Code, Problem, Severity};
use crate::text::{Message, say};
use crate::wizard::{FocusTarget, Overlay, Wizard};

use super::fit::{cut, wrap};
use super::lines::{Lines, PageLine};
use super::mouse::{Target, Targets};
use super::theme::Theme;

/// Below this, only a message is shown.
const SMALLEST: (u16, u16) = (60, 16);
/// From this width on, what the answers lead to stands beside the page.
const WIDE: u16 = 100;
/// From this width on, the steps stand beside the page.
const WITH_STEPS: u16 = 80;
/// Columns of the steps.
const STEPS: u16 = 25;
/// Lines of help that a page always has room for.
const HELP: usize = 3;
/// Lines below a page's content: whether there is more, help, button.
const FOOT: u16 = 5;

/// Whether a page can be drawn in a window of this size.
#[must_use]
pub fn fits(window: Size) -> bool {
    window.width >= SMALLEST.0 && window.height >= SMALLEST.1
}

/// Draws the state, and says what can be clicked where.
pub fn draw(frame: &mut Frame, wizard: &Wizard, theme: Theme) -> Targets {
    let area = frame.area();
    let mut targets = Targets::default();
    let view = View { wizard, theme };
    if !fits(area.as_size()) {
        let text = wrap(&view.say(&say("screen-too-small")), area.width.into()).join("\n");
        frame.render_widget(Paragraph::new(text), area);
        return targets;
    }
    let body = Rect { y: area.y + 2, height: area.height - 4, ..area };
    frame.render_widget(view.header(area.width.into()), Rect { height: 1, ..area });
    let rule = theme.signs.rule.repeat(area.width.into());
    for y in [body.y - 1, body.bottom()] {
        frame.render_widget(Line::from(Span::styled(rule.clone(), theme.quiet())), Rect { y, height: 1, ..area });
    }
    view.keys(frame, Rect { y: body.bottom() + 1, height: 1, ..area });
    // What has to be read first stands alone.
    let stands_alone = matches!(&wizard.overlay, Some(Overlay::Menu { about, .. }) if !about.is_empty());
    let cursor = if stands_alone { None } else { view.below(frame, body, &mut targets) };
    match &wizard.overlay {
        Some(overlay) => {
            targets.cover();
            view.overlay(frame, overlay, body, &mut targets);
        }
        None => cursor.into_iter().for_each(|cursor| frame.set_cursor_position(cursor)),
    }
    targets
}

struct View<'a> {
    wizard: &'a Wizard,
    theme: Theme,
}

impl View<'_> {
    fn say(&self, message: &Message) -> String {
        self.wizard.text.say(message)
    }

    fn header(&self, width: usize) -> Line<'static> {
        let name = self.wizard.reading.deployment.first_name();
        let edge = if name.is_empty() { say("screen-new") } else { say("screen-edge").with("name", name) };
        let left = format!(" {}   {}", self.say(&say("product")), self.say(&edge));
        let right = if self.wizard.dry_run {
            format!("{}   {} ", self.say(&say("screen-dry-run")), self.say(&say("screen-dry-run-note")))
        } else {
            String::new()
        };
        let left = cut(&left, width.saturating_sub(right.width() + 1), self.theme.signs.cut);
        let gap = " ".repeat(width.saturating_sub(left.width() + right.width()));
        Line::from(vec![
            Span::styled(left, self.theme.heading()),
            Span::raw(gap),
            Span::styled(right, self.theme.warning()),
        ])
    }

    /// What an overlay lies over: steps, page, side. Gives the cursor's place, if it is in sight.
    fn below(&self, frame: &mut Frame, body: Rect, targets: &mut Targets) -> Option<Position> {
        let (steps, page, side) = self.split(body);
        if let Some(steps) = steps {
            frame.render_widget(Paragraph::new(self.steps(steps)), steps);
        }
        let cursor = self.page(frame, page, side.is_some(), targets);
        if let Some(side) = side {
            self.side(frame, side);
        }
        cursor
    }

    /// Steps, page, side.
    fn split(&self, body: Rect) -> (Option<Rect>, Rect, Option<Rect>) {
        let steps = (body.width >= WITH_STEPS).then_some(Rect { width: STEPS, ..body });
        let left = steps.map_or(body.x + 1, Rect::right);
        let room = body.right() - left;
        let has_side = body.width >= WIDE && self.wizard.page.body == Body::Fields;
        let side = has_side.then(|| {
            let width = body.width / 3;
            Rect { x: body.right() - width, width, ..body }
        });
        let width = room - side.map_or(1, |side| side.width + 1);
        (steps, Rect { x: left, width, ..body }, side)
    }

    fn steps(&self, area: Rect) -> Vec<Line<'static>> {
        let wizard = self.wizard;
        let pages = wizard.pages();
        let here = pages.iter().position(|page| *page == wizard.page).unwrap_or(0);
        let height = usize::from(area.height);
        let first = (here + 3).saturating_sub(height).min(pages.len().saturating_sub(height));
        let signs = self.theme.signs;
        let step = |(index, page): (usize, &&'static form::Page)| {
            let worst = wizard.reading.worst_of(page);
            let visited = wizard.visited.contains(page.id);
            let (sign, style) = match (index == here, visited, worst) {
                (true, ..) => (signs.here, self.theme.heading()),
                (_, true, Some(Severity::Error)) => (signs.error, self.theme.error()),
                (_, true, Some(Severity::Warning)) => (signs.warning, self.theme.warning()),
                (_, true, None) => (signs.done, Style::new()),
                _ => (" ", self.theme.quiet()),
            };
            let title = self.say(&say(format!("page-{}.step", page.id)));
            let title = cut(&title, usize::from(area.width) - 4, signs.cut);
            Line::from(Span::styled(format!(" {sign} {title}"), style))
        };
        pages.iter().enumerate().skip(first).take(height).map(step).collect()
    }

    /// The page; gives the cursor's place, if it is in sight.
    fn page(&self, frame: &mut Frame, area: Rect, beside: bool, targets: &mut Targets) -> Option<Position> {
        let wizard = self.wizard;
        let mut title = self.say(&say(format!("page-{}", wizard.page.id)));
        if let Some(row) = wizard.row {
            let name = wizard.with_context(|context| (wizard.page.row_cells)(context, Some(row)).into_iter().next());
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                title = format!("{title}: {name}");
            }
        }
        let title = cut(&title, area.width.into(), self.theme.signs.cut);
        frame.render_widget(Line::from(Span::styled(title, self.theme.heading())), Rect { height: 1, ..area });

        let mut lines = Lines::new(wizard, self.theme, area.width.into());
        lines.page(beside);
        let all = std::mem::take(&mut lines.all);
        let help = self.help(area.width.into(), beside);
        // Help takes the room that the page leaves, and its own few lines in any case.
        let room = usize::from(area.height - 2 - FOOT);
        let spare = room.saturating_sub(all.len()).min(help.len().saturating_sub(HELP));
        let foot_height = FOOT + u16::try_from(spare).unwrap_or(0);
        let content = Rect { y: area.y + 2, height: area.height - 2 - foot_height, ..area };
        let height = usize::from(content.height);
        let first = first_line(&all, wizard, height);
        let more = (first > 0, all.len() > first + height);
        (targets.first, targets.last) = (first, all.len().saturating_sub(height));
        let mut cursor = None;
        for (y, line) in all.iter().skip(first).take(height).enumerate() {
            let y = content.y + u16::try_from(y).unwrap_or(u16::MAX);
            if let Some(column) = line.cursor {
                let column = u16::try_from(column).unwrap_or(u16::MAX).min(content.width.saturating_sub(1));
                cursor = Some(Position { x: content.x + column, y });
            }
            let row = Rect { y, height: 1, ..content };
            frame.render_widget(lines.drawn(line), row);
            if let Some(slot) = &line.click {
                targets.add(row, Target::FocusTarget(slot.clone()));
                for (columns, index) in &line.words {
                    let columns = columns.start.min(row.width)..columns.end.min(row.width);
                    let word = Rect { x: row.x + columns.start, width: columns.end - columns.start, ..row };
                    targets.add(word, Target::Word(slot.path().unwrap_or_default().to_owned(), *index));
                }
            }
        }
        let foot = Rect { y: content.bottom(), height: foot_height, ..area };
        let button = self.foot(frame, foot, help, more);
        targets.add(button, Target::FocusTarget(FocusTarget::Next));
        let out_of_sight = cursor.is_none() && wizard.wheel.is_some() && wizard.focus != FocusTarget::Next;
        cursor.or((!out_of_sight).then_some(Position { x: button.x + 2, y: button.y }))
    }

    /// Whether there is more, help or problem of the focused place, and the button; gives the button's place.
    fn foot(&self, frame: &mut Frame, area: Rect, mut help: Vec<Line<'static>>, (above, below): (bool, bool)) -> Rect {
        let wizard = self.wizard;
        let more: Vec<String> = [(above, "screen-more-above"), (below, "screen-more-below")]
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, key)| self.say(&say(key)))
            .collect();
        let more = if more.is_empty() { String::new() } else { format!("({})", more.join(", ")) };
        frame.render_widget(Line::from(Span::styled(more, self.theme.quiet())), Rect { height: 1, ..area });
        let help_area = Rect { y: area.y + 1, height: area.height - 2, ..area };
        if help.len() > usize::from(help_area.height) {
            let sign = format!("{} F1", self.theme.signs.cut);
            let room = usize::from(area.width).saturating_sub(sign.width() + 1);
            let last = usize::from(help_area.height) - 1;
            help[last] = Line::from(cut(&help[last].to_string(), room, "") + " " + &sign).style(self.theme.quiet());
        }
        frame.render_widget(Paragraph::new(help), help_area);
        let style = if wizard.focus == FocusTarget::Next { self.theme.focus() } else { Style::new() };
        let label = Line::from(Span::styled(format!("[ {} ]", self.say(&wizard.next_label())), style));
        let width = u16::try_from(label.width()).unwrap_or(u16::MAX).min(area.width);
        let button = Rect { y: area.bottom() - 1, height: 1, width, ..area };
        frame.render_widget(label, button);
        button
    }

    /// What is said once, if anything; then the help of the focused place; where it has a problem, what to do and why; for a row without a place for it
    /// beside, what its settings lead to.
    fn help(&self, width: usize, beside: bool) -> Vec<Line<'static>> {
        let wizard = self.wizard;
        let text = &wizard.text;
        let mut lines = Lines::new(wizard, self.theme, width);
        if let Some(notice) = &wizard.notice {
            lines.paragraph(&self.say(notice), self.theme.heading(), 0);
        }
        if wizard.row.is_some() && !beside && !wizard.focus.is_text() {
            lines.sentences(&wizard.blocks());
        } else if let Some(problem) = self.problem_at_focus() {
            for more in problem.hint(text).into_iter().chain(problem.why(text)) {
                lines.paragraph(&more, self.theme.quiet(), 0);
            }
        } else {
            lines.paragraph(&self.help_text(), self.theme.quiet(), 0);
        }
        lines.all.into_iter().map(|line| line.line).collect()
    }

    /// The problem shown at the focus. Where nothing was answered yet, the field's help says best what to do.
    fn problem_at_focus(&self) -> Option<Cow<'_, Problem>> {
        let problem = self.wizard.focus.problem_path().and_then(|path| self.wizard.problem_at(&path));
        problem.filter(|problem| problem.code != Code::AnswersMissing)
    }

    fn help_text(&self) -> String {
        let wizard = self.wizard;
        let key = match wizard.focus.path() {
            Some(path) => format!("{}.help", form::message_key(path)),
            None => format!("page-{}.help", wizard.page.id),
        };
        self.say(&say(key))
    }

    fn side(&self, frame: &mut Frame, area: Rect) {
        let wall = self.theme.signs.wall;
        for y in area.y..area.bottom() {
            let spot = Rect { y, height: 1, width: 1, ..area };
            frame.render_widget(Line::from(Span::styled(wall, self.theme.quiet())), spot);
        }
        let inner = Rect { x: area.x + 2, width: area.width - 3, ..area };
        let mut lines = Lines::new(self.wizard, self.theme, inner.width.into());
        let heading = self.say(&say("screen-leads-to"));
        lines.paragraph(&heading, self.theme.heading(), 0);
        lines.paragraph(" ", Style::new(), 0);
        lines.blocks(&self.wizard.blocks());
        let lines: Vec<Line> = lines.all.into_iter().map(|line| line.line).collect();
        frame.render_widget(Paragraph::new(lines), inner);
    }

    fn keys(&self, frame: &mut Frame, area: Rect) {
        let wizard = self.wizard;
        let message = match &wizard.overlay {
            Some(overlay) => keys_of_overlay(overlay),
            None if wizard.is_running() => say("keys-running"),
            None => self.keys_of_focus(),
        };
        let mouse = if self.theme.mouse { format!("  {} ", self.say(&say("screen-mouse"))) } else { String::new() };
        let room = usize::from(area.width).saturating_sub(mouse.width());
        let mut text = format!(" {}", self.say(&message));
        if text.width() > room {
            text = text.replace("   ", "  ");
        }
        let text = cut(&text, room, self.theme.signs.cut);
        let gap = " ".repeat(room.saturating_sub(text.width()));
        frame.render_widget(Line::from(Span::styled(text + &gap + &mouse, self.theme.quiet())), area);
    }

    fn keys_of_focus(&self) -> Message {
        match &self.wizard.focus {
            FocusTarget::Text(_) if matches!(self.wizard.kind_at_focus(), Some(Kind::File)) => say("keys-file"),
            FocusTarget::Text(_) | FocusTarget::Filter => say("keys-text"),
            FocusTarget::Choice(_) => say("keys-choice"),
            FocusTarget::Option(..) => say("keys-option"),
            FocusTarget::Toggle(_) | FocusTarget::Tick(..) => say("keys-toggle"),
            FocusTarget::Item(..) => say("keys-item"),
            FocusTarget::Row(_) => say("keys-row"),
            FocusTarget::Document(_) => say("keys-document"),
            FocusTarget::Jump(..) => say("keys-jump"),
            FocusTarget::AddRow => say("keys-add"),
            FocusTarget::Preset(_) => say("keys-preset"),
            FocusTarget::Next if self.wizard.document(0).is_some() => say("keys-next-document"),
            FocusTarget::Log | FocusTarget::Next => say("keys-next"),
        }
    }
}

fn keys_of_overlay(overlay: &Overlay) -> Message {
    match overlay {
        Overlay::Help { .. } | Overlay::LeadsTo { .. } | Overlay::View { file: None, .. } => say("keys-overlay"),
        Overlay::View { .. } => say("keys-view"),
        Overlay::Menu { .. } => say("keys-menu"),
        Overlay::Confirm { .. } => say("keys-confirm"),
    }
}

/// The first line shown: where a person scrolled to, moved so that the focused line is in sight; the wheel moves the page
/// alone.
fn first_line(lines: &[PageLine], wizard: &Wizard, height: usize) -> usize {
    let last = lines.len().saturating_sub(height);
    match lines.iter().position(|line| line.cursor.is_some()) {
        Some(at) if wizard.wheel.is_none() => {
            // What stands below the focused line, such as its problem, belongs into sight with it.
            let below = lines[at + 1..].iter().take_while(|line| line.slot.is_none()).count().min(3);
            (at + 1 + below).saturating_sub(height).min(at).max(wizard.scroll.min(at)).min(last)
        }
        _ => wizard.wheel.unwrap_or(wizard.scroll).min(last),
    }
}
