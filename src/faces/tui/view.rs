//! The whole screen: steps, page, what it leads to, keys; and what lies over them.

mod outside;
mod overlay;
mod steps;

use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr;

use crate::form::{Body, Kind};
use crate::pages;
use crate::text::{Message, say};
use crate::wizard::{Command, FocusTarget, Overlay, Wizard};

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
const STEPS: u16 = 23;
/// Columns left of a page for the mark of the focus.
const MARK: u16 = 2;
/// Lines below a page's content: an empty one, and the buttons.
const FOOT: u16 = 2;
/// Lines below the focused one that belong into sight with it: its problem, its help.
const MOST_BELOW: usize = 4;
/// Lines of a title.
const MOST_TITLE: usize = 2;
/// Lines that what is said once may take.
const MOST_SAID: usize = 4;

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

    /// What is set up, where in it a person is, and whether nothing is written.
    fn header(&self, width: usize) -> Line<'static> {
        let name = self.wizard.reading().deployment.first_name();
        let edge = if name.is_empty() { say("screen-new") } else { say("screen-edge").with("name", name) };
        let left = format!(" {}   {}", self.say(&say("product")), self.say(&edge));
        let dry_run = if self.wizard.dry_run { self.say(&say("screen-dry-run")) } else { String::new() };
        let gap = if dry_run.is_empty() { " " } else { "   " };
        let room = width.saturating_sub(dry_run.width() + gap.len() + 2);
        // In a narrow window what is set up is worth more than the words for where in it one is.
        let mut here = ["screen-here", "screen-here-step", "screen-here-short"].map(|key| self.here(key)).into_iter();
        let fits = |here: &String| left.width() + 2 + here.width() <= room;
        let here = here.find(fits).unwrap_or_else(|| self.here("screen-here-short"));
        let left = cut(&left, room.saturating_sub(here.width() + 2), self.theme.signs.cut);
        let between = " ".repeat(room.saturating_sub(left.width() + here.width()) + 1);
        Line::from(vec![
            Span::styled(left, self.theme.heading()),
            Span::raw(between),
            Span::styled(here, self.theme.accent()),
            Span::raw(gap),
            Span::styled(dry_run, self.theme.warning()),
        ])
    }

    /// Stage and step, and how far that is.
    fn here(&self, key: &'static str) -> String {
        let pages = self.wizard.pages();
        let at = pages.iter().position(|page| *page == self.wizard.page).unwrap_or(0);
        let here = say(key)
            .with("stage", say(format!("stage-{}", pages::stage_of(self.wizard.page))))
            .with("step", say(format!("page-{}.step", self.wizard.page.id)))
            .with("number", (at + 1).to_string())
            .with("all", pages.len().to_string());
        self.say(&here)
    }

    /// What an overlay lies over: steps, page, side. Gives the cursor's place, if it is in sight.
    fn below(&self, frame: &mut Frame, body: Rect, targets: &mut Targets) -> Option<Position> {
        let (steps, page, side) = self.split(body);
        if let Some(steps) = steps {
            frame.render_widget(Paragraph::new(self.steps(steps.height.into(), steps.width.into())), steps);
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
        let left = steps.map_or(body.x, Rect::right);
        let room = body.right() - left;
        // A table needs the width, and what its rows lead to stands in it.
        let is_table = self.wizard.row.is_none() && self.wizard.rows_field().is_some();
        let has_side = body.width >= WIDE && self.wizard.page.body == Body::Fields && !is_table;
        let side = has_side.then(|| {
            let width = body.width / 3;
            Rect { x: body.right() - width, width, ..body }
        });
        let width = room - side.map_or(1, |side| side.width + 1);
        (steps, Rect { x: left, width, ..body }, side)
    }

    /// The page; gives the cursor's place, if it is in sight.
    fn page(&self, frame: &mut Frame, area: Rect, beside: bool, targets: &mut Targets) -> Option<Position> {
        let wizard = self.wizard;
        let inner = Rect { x: area.x + MARK, width: area.width - MARK, ..area };
        let title = self.title(inner.width.into());
        let said = self.said(inner.width.into(), beside);
        let [above, below] = [title.len() + 1, said.len() + usize::from(FOOT)];
        let height = usize::from(area.height).saturating_sub(above + below).max(1);
        let [above, content_height] = [above, height].map(|lines| u16::try_from(lines).unwrap_or(0));
        frame.render_widget(Paragraph::new(title), inner);

        let content = Rect { y: inner.y + above, height: content_height, ..inner };
        let mut lines = Lines::of_page(wizard, self.theme, inner.width.into(), height, beside);
        let all = std::mem::take(&mut lines.all);
        // A list that goes on by itself is followed.
        let first = match lines.under_way {
            Some(line) => line.saturating_sub(height / 2).min(all.len().saturating_sub(height)),
            None => first_line(&all, wizard, height),
        };
        (targets.first, targets.last, targets.height) = (first, all.len().saturating_sub(height), height);
        let mut cursor = None;
        for (y, line) in (content.y..).zip(all.iter().skip(first).take(height)) {
            if let Some(column) = line.cursor {
                let column = u16::try_from(column).unwrap_or(u16::MAX).min(content.width.saturating_sub(1));
                cursor = Some(Position { x: content.x + column, y });
                self.mark(frame, Position { x: area.x, y });
            }
            let row = Rect { y, height: 1, ..content };
            frame.render_widget(lines.drawn(line), row);
            targets.add_line(row, line);
        }
        let foot = Rect { y: content.bottom(), height: area.bottom() - content.bottom(), ..inner };
        let buttons = self.foot(frame, foot, said, (first > 0, all.len() > first + height));
        let focused = buttons.iter().find(|(slot, _)| *slot == wizard.focus).map(|(_, button)| *button);
        for (slot, button) in buttons {
            targets.add(button, Target::FocusTarget(slot));
        }
        if let Some(button) = focused {
            self.mark(frame, Position { x: area.x, y: button.y });
        }
        // A place that was scrolled away has no cursor; where it is on no line of the page, it is on a button.
        cursor.or(focused.map(|button| Position { x: button.x + 2, y: button.y }))
    }

    /// The page's title, with the name of the row that is edited.
    fn title(&self, width: usize) -> Vec<Line<'static>> {
        let wizard = self.wizard;
        let mut title = self.say(&say(format!("page-{}", wizard.page.id)));
        if let Some(row) = wizard.row {
            let name = wizard.with_context(|context| (wizard.page.row_cells)(context, Some(row)).into_iter().next());
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                title = format!("{title}: {name}");
            }
        }
        let lines = wrap(&title, width);
        let lines = if lines.len() > MOST_TITLE { vec![cut(&title, width, self.theme.signs.cut)] } else { lines };
        lines.into_iter().map(|line| Line::from(Span::styled(line, self.theme.heading()))).collect()
    }

    /// Marks the place with the focus, in every theme.
    fn mark(&self, frame: &mut Frame, at: Position) {
        let mark = Line::from(Span::styled(self.theme.signs.here, self.theme.accent()));
        frame.render_widget(mark, Rect { x: at.x, y: at.y, width: 1, height: 1 });
    }

    /// What is said above the buttons: what is said once, if anything; for a row without a place for it beside, in a line
    /// what its settings lead to.
    fn said(&self, width: usize, beside: bool) -> Vec<Line<'static>> {
        let wizard = self.wizard;
        let mut lines = Lines::new(wizard, self.theme, width);
        if let Some(notice) = &wizard.notice {
            lines.paragraph(&self.say(notice), self.theme.heading(), 0);
            lines.all.truncate(MOST_SAID);
        } else if wizard.row.is_some() && !beside {
            lines.sentences(&wizard.blocks());
            if lines.all.len() > 1 {
                lines.all.truncate(1);
                lines.cut_last("F2");
            }
        }
        lines.all.into_iter().map(|line| line.line).collect()
    }

    /// What is `said`, then the buttons, and at their right whether there is more above and below; gives their places.
    fn foot(
        &self,
        frame: &mut Frame,
        area: Rect,
        said: Vec<Line<'static>>,
        (above, below): (bool, bool),
    ) -> Vec<(FocusTarget, Rect)> {
        let wizard = self.wizard;
        let lines = u16::try_from(said.len()).unwrap_or(0);
        let said_at = Rect { y: area.bottom().saturating_sub(1 + lines), height: lines, ..area };
        frame.render_widget(Paragraph::new(said), said_at);
        let line = Rect { y: area.bottom() - 1, height: 1, ..area };
        let labels = [(FocusTarget::Next, Some(wizard.next_label())), (FocusTarget::Back, wizard.back_label())];
        let mut left = line;
        let mut buttons = Vec::new();
        for (slot, label) in labels {
            let Some(label) = label else { continue };
            let style = if wizard.focus == slot { self.theme.focus() } else { Style::new() };
            let label = Line::from(Span::styled(format!("[ {} ]", self.say(&label)), style));
            let width = u16::try_from(label.width()).unwrap_or(u16::MAX).min(left.width);
            let button = Rect { width, ..left };
            frame.render_widget(label, button);
            buttons.push((slot, button));
            let taken = (width + 2).min(left.width);
            left = Rect { x: left.x + taken, width: left.width - taken, ..left };
        }
        let Some(more) = more(above, below) else { return buttons };
        let more = self.say(&more);
        let more = if more.width() > usize::from(left.width) { self.say(&say("screen-more")) } else { more };
        frame.render_widget(Line::from(Span::styled(more, self.theme.quiet())).right_aligned(), left);
        buttons
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
        let height = usize::from(inner.height);
        let is_cut = lines.all.len() > height;
        let mut lines: Vec<Line> = lines.all.into_iter().map(|line| line.line).take(height).collect();
        if let Some(last) = lines.last_mut().filter(|_| is_cut) {
            *last = Line::from(Span::styled(self.say(&say("screen-more-beside")), self.theme.quiet()));
        }
        frame.render_widget(Paragraph::new(lines), inner);
    }

    fn keys(&self, frame: &mut Frame, area: Rect) {
        let wizard = self.wizard;
        let message = match &wizard.overlay {
            Some(overlay) => keys_of_overlay(overlay, wizard),
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
            FocusTarget::Row(_) if self.wizard.has_partners() => say("keys-row"),
            FocusTarget::Row(_) => say("keys-row-plain"),
            FocusTarget::Document(_) => say("keys-document"),
            FocusTarget::Jump(..) => say("keys-jump"),
            FocusTarget::AddRow if self.wizard.has_partners() => say("keys-add"),
            FocusTarget::AddRow => say("keys-add-plain"),
            FocusTarget::Preset(_) => say("keys-preset"),
            FocusTarget::Next if self.wizard.document(0).is_some() => say("keys-next-document"),
            FocusTarget::Log | FocusTarget::Next | FocusTarget::Back if self.wizard.page.is_for_reading() => {
                say("keys-next-reading")
            }
            FocusTarget::Log | FocusTarget::Next | FocusTarget::Back => say("keys-next"),
        }
    }
}

/// Whether there is more than what is in sight.
fn more(above: bool, below: bool) -> Option<Message> {
    match (above, below) {
        (true, true) => Some(say("screen-more-both")),
        (true, false) => Some(say("screen-more-above")),
        (false, true) => Some(say("screen-more-below")),
        (false, false) => None,
    }
}

fn keys_of_overlay(overlay: &Overlay, wizard: &Wizard) -> Message {
    match overlay {
        Overlay::Outside { .. } if wizard.outside.as_ref().is_some_and(|outside| outside.end.is_none()) => {
            say("keys-outside-goes-on")
        }
        Overlay::Outside { .. } => say("keys-outside"),
        Overlay::Path { place, .. } if wizard.partner_outside(*place).is_some() => say("keys-path"),
        Overlay::Path { .. } => say("keys-path-own"),
        Overlay::Help { .. } | Overlay::LeadsTo { .. } | Overlay::View { file: None, .. } => say("keys-overlay"),
        Overlay::View { .. } => say("keys-view"),
        Overlay::Menu { escape: Command::Quit, .. } => say("keys-overview"),
        Overlay::Menu { .. } => say("keys-menu"),
        Overlay::Confirm { .. } => say("keys-confirm"),
        Overlay::Password { .. } => say("keys-password"),
    }
}

/// The first line shown: where a person scrolled to, moved so that the focused line is in sight; the wheel moves the page
/// alone.
fn first_line(lines: &[PageLine], wizard: &Wizard, height: usize) -> usize {
    let last = lines.len().saturating_sub(height);
    if let Some(line) = wizard.wheel {
        return line.min(last);
    }
    let Some(at) = lines.iter().position(|line| line.cursor.is_some()) else {
        // What the answers lead to stands at the end, and so does a person who has come to the buttons.
        return if wizard.page.is_for_reading() { wizard.scroll.min(last) } else { last };
    };
    // What belongs to the focused line belongs into sight with it: its label above, below it the other options of its
    // choice, its problem or its help.
    let slot = lines[at].slot.as_ref();
    let is_beside = |line: &PageLine| {
        line.slot.as_ref().zip(slot).is_some_and(|(other, slot)| other == slot || other.is_beside(slot))
    };
    let is_near = |line: &&PageLine| line.slot.is_none() || is_beside(line);
    let near: Vec<&PageLine> = lines[at + 1..].iter().take_while(is_near).collect();
    let group = near.iter().rposition(|line| is_beside(line)).map_or(0, |last| last + 1);
    let below = group + (near.len() - group).min(MOST_BELOW);
    let above = lines[..at].iter().rev().take_while(|line| line.click.as_ref() == slot || is_beside(line)).count();
    let above = above.min(height / 2);
    let (first, end) = (at - above, at + 1 + below.min(height.saturating_sub(above + 1)));
    end.saturating_sub(height).max(wizard.scroll.min(first)).min(first).min(last)
}
