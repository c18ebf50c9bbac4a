//! One question: its label, its answer, and beside them what is wrong with it or what helps to answer it.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::faces::tui::fit::{cut, pad, typed, wrap};
use crate::form::{Kind, Presets, Question, Value, message_key};
use crate::name::Name;
use crate::problem::Code;
use crate::text::{Message, say, visible};
use crate::wizard::{self, FocusTarget};

use super::Lines;

/// Columns of a label that stands beside its value.
const LABEL: usize = 24;
/// Columns that most values are given at least; where a label leaves less, it stands above.
const VALUE: usize = 40;
/// Columns that a country or a number needs.
const SHORT: usize = 12;

impl Lines<'_> {
    pub(super) fn question(&mut self, question: &Question) {
        let label = self.say(&say(message_key(&question.path)));
        match question.field.kind {
            Kind::Choice(options, _) if wizard::is_in_row(&question.path) => self.choice(question, &label, options),
            Kind::Choice(options, _) => self.options(question, &label, options),
            Kind::Toggle => self.toggle(question, &label),
            Kind::List(_) => self.list(question, &label),
            Kind::MultiSelect(source) => self.ticks(question, &label, &source(&self.wizard.answered())),
            kind => {
                let slot = FocusTarget::Text(question.path.clone());
                let value = self.wizard.reading().answers().get(&question.path).unwrap_or(&question.value).shown();
                let needs = if matches!(kind, Kind::Country | Kind::Number(..)) { SHORT } else { VALUE };
                let head = self.head(&slot, &label, needs);
                self.text(&slot, head, &value, question.given);
                self.country_hint(question, &slot);
                self.completions(&slot);
                self.problem(&question.path);
                self.help(&slot);
            }
        }
        self.gap();
    }

    /// An empty line between what is asked, where there is room.
    fn gap(&mut self) {
        if self.spaced {
            self.blank();
        }
    }

    /// What stands before a value: its label where that leaves the columns that the value `needs`; else the label has a
    /// line of its own above.
    fn head(&mut self, slot: &FocusTarget, label: &str, needs: usize) -> Vec<Span<'static>> {
        let style = if slot.path() == self.wizard.focus.path() { self.theme.accent() } else { Style::new() };
        if label.width() < LABEL && self.width >= LABEL + needs {
            return vec![Span::styled(pad(label, LABEL), style)];
        }
        let above = self.all.len();
        self.paragraph(label, style, 0);
        self.clickable(above, slot);
        vec![Span::raw("  ")]
    }

    /// A line that text is typed into: what stands before, value, and the real cursor where the focus is.
    pub(super) fn text(&mut self, slot: &FocusTarget, head: Vec<Span<'static>>, value: &str, given: bool) {
        let before: usize = head.iter().map(Span::width).sum();
        let room = self.width.saturating_sub(before).max(1);
        let (shown, cursor) = if *slot == self.wizard.focus {
            typed(&self.wizard.input, room, self.theme.signs.cut)
        } else {
            (cut(&visible(value), room, self.theme.signs.cut), 0)
        };
        let style = if given || *slot == self.wizard.focus {
            self.theme.input()
        } else {
            self.theme.input().patch(self.theme.quiet())
        };
        let mut spans = head;
        spans.push(Span::styled(pad(&shown, room), style));
        self.push_slot(Line::from(spans), slot, before + cursor);
    }

    /// A text line whose label stands before it, whatever room that leaves.
    pub(super) fn labelled_text(&mut self, slot: &FocusTarget, label: &str, value: &str) {
        let head = self.head(slot, label, SHORT);
        self.text(slot, head, value, true);
    }

    fn country_hint(&mut self, question: &Question, slot: &FocusTarget) {
        if !matches!(question.field.kind, Kind::Country) {
            return;
        }
        let typed = if *slot == self.wizard.focus { self.wizard.input.value() } else { &question.value.shown() };
        for (code, name) in wizard::countries(typed).into_iter().take(4) {
            let line = self.say(&say("country").with("code", code).with("name", name));
            self.paragraph(&line, self.theme.quiet(), 2);
        }
    }

    fn completions(&mut self, slot: &FocusTarget) {
        if *slot == self.wizard.focus {
            for name in self.wizard.completions.iter().take(6) {
                self.paragraph(&visible(name), self.theme.quiet(), 2);
            }
        }
    }

    /// Options that stand below each other, each a place of its own.
    fn options(&mut self, question: &Question, label: &str, options: &[&str]) {
        self.group(&question.path, label);
        let chosen = question.value.shown();
        for (index, option) in options.iter().enumerate() {
            let slot = FocusTarget::Option(question.path.clone(), index);
            let disabled = (question.field.disabled)(&self.wizard.answered(), option);
            let style = if disabled.is_some() { self.theme.quiet() } else { Style::new() };
            self.hanging(&slot, &self.option(&question.path, option, **option == *chosen), style);
            if let Some(code) = disabled {
                let why = self.say(&say(format!("problem-{}.why", code.name())));
                self.paragraph(&why, self.theme.quiet(), 6);
            }
        }
        self.problem(&question.path);
    }

    /// An option with its sign: `(*) Required`.
    fn option(&self, path: &str, option: &str, is_chosen: bool) -> String {
        let signs = self.theme.signs;
        let word = self.say(&say(format!("{}.{option}", message_key(path))));
        format!("{} {word}", if is_chosen { signs.chosen } else { signs.open })
    }

    /// The label of several places, with the help for them.
    fn group(&mut self, path: &str, label: &str) {
        let has_focus = self.wizard.focus.path() == Some(path);
        self.paragraph(label, if has_focus { self.theme.accent() } else { Style::new() }, 0);
        if has_focus && self.problem_at_focus().is_none() {
            self.help(&self.wizard.focus.clone());
        }
    }

    fn choice(&mut self, question: &Question, label: &str, options: &[&str]) {
        let chosen = question.value.shown();
        let parts: Vec<String> =
            options.iter().map(|option| self.option(&question.path, option, **option == *chosen)).collect();
        let chosen_at = options.iter().position(|option| *option == chosen);
        let slot = FocusTarget::Choice(question.path.clone());
        self.open_choice(&slot, label, parts, chosen_at);
        self.problem(&question.path);
        self.help(&slot);
    }

    /// The ready-made settings of a row, with the one it has.
    pub(super) fn preset(&mut self, row: usize, presets: &Presets) {
        let signs = self.theme.signs;
        let now = self.wizard.with_context(|context| (presets.now)(context, row));
        let part = |said: &Message, is_chosen: bool| {
            format!("{} {}", if is_chosen { signs.chosen } else { signs.open }, self.say(said))
        };
        let names = presets.names.iter().enumerate().map(|(index, name)| {
            let (preset, help) = (say(format!("preset-{name}")), say(format!("preset-{name}.help")));
            part(&say("menu-preset-line").with("preset", preset).with("help", help), now == Some(index))
        });
        let own = now.is_none().then(|| part(&say("preset-none"), true));
        let parts: Vec<String> = names.chain(own).collect();
        let slot = FocusTarget::Preset(row);
        self.open_choice(&slot, &self.say(&say("screen-preset")), parts, now.or(Some(presets.names.len())));
        self.gap();
    }

    /// All options of one place: in the line of the label where that fits, else in a line below it, else each in its own.
    fn open_choice(&mut self, slot: &FocusTarget, label: &str, parts: Vec<String>, chosen_at: Option<usize>) {
        let needs: usize = parts.iter().map(|part| part.width() + 2).sum::<usize>().saturating_sub(2);
        let head = self.head(slot, label, needs);
        let before: usize = head.iter().map(Span::width).sum();
        let has_focus = *slot == self.wizard.focus;
        let theme = self.theme;
        let style = |index| if has_focus && chosen_at == Some(index) { theme.focus() } else { Style::new() };
        if before + needs <= self.width {
            let mut column = before;
            let (mut spans, mut words, mut cursor) = (head, Vec::new(), before + 1);
            for (index, part) in parts.into_iter().enumerate() {
                let end = column + part.width();
                words.push((columns(column, end), index));
                if chosen_at == Some(index) {
                    cursor = column + 1;
                }
                spans.extend([Span::styled(part, style(index)), Span::raw("  ")]);
                column = end + 2;
            }
            self.push_slot(Line::from(spans), slot, cursor);
            self.words_of_last(words);
            return;
        }
        for (index, part) in parts.into_iter().enumerate() {
            for (row, part) in wrap(&part, self.width.saturating_sub(6)).into_iter().enumerate() {
                let indent = if row == 0 { 2 } else { 6 };
                let words = vec![(columns(indent, indent + part.width()), index)];
                let line = Line::from(vec![Span::raw(" ".repeat(indent)), Span::styled(part, style(index))]);
                if row == 0 && index == chosen_at.unwrap_or(0) {
                    self.push_slot(line, slot, 3);
                } else {
                    self.push(line);
                    self.clickable(self.all.len() - 1, slot);
                }
                self.words_of_last(words);
            }
        }
    }

    /// A place whose text hangs behind its sign: `(*) text`.
    fn hanging(&mut self, slot: &FocusTarget, text: &str, style: Style) {
        for (row, line) in wrap(text, self.width.saturating_sub(6)).into_iter().enumerate() {
            if row == 0 {
                let style = style.patch(self.focus_style(slot));
                self.push_slot(Line::from(vec![Span::raw("  "), Span::styled(line, style)]), slot, 3);
            } else {
                self.push(Line::from(Span::styled(format!("      {line}"), style)));
                self.clickable(self.all.len() - 1, slot);
            }
        }
    }

    fn toggle(&mut self, question: &Question, label: &str) {
        let slot = FocusTarget::Toggle(question.path.clone());
        let signs = self.theme.signs;
        let sign = if question.value == Value::Flag(true) { signs.ticked } else { signs.unticked };
        self.hanging(&slot, &format!("{sign} {label}"), Style::new());
        self.problem(&question.path);
        self.help(&slot);
    }

    fn list(&mut self, question: &Question, label: &str) {
        let items = question.value.items();
        let slot = |index| FocusTarget::Item(question.path.clone(), index);
        let first = self.head(&slot(0), label, VALUE);
        let beside = " ".repeat(first.iter().map(Span::width).sum());
        for index in 0..=items.len() {
            let slot = slot(index);
            let head = if index == 0 { first.clone() } else { vec![Span::raw(beside.clone())] };
            if index == items.len() && slot != self.wizard.focus {
                let hint = self.say(&say("screen-add"));
                self.text(&slot, head, &hint, false);
            } else {
                self.text(&slot, head, items.get(index).map_or("", String::as_str), question.given);
            }
            // An emptied line goes away by itself.
            if items.get(index).is_some_and(|item| !item.is_empty()) {
                self.problem(&format!("{}.{index}", question.path));
            }
            self.help(&slot);
        }
        self.problem(&question.path);
    }

    fn ticks(&mut self, question: &Question, label: &str, offered: &[String]) {
        self.group(&question.path, label);
        let ticked: Vec<Name> = question.value.items().iter().map(|name| Name::new(name)).collect();
        for (index, option) in offered.iter().enumerate() {
            let slot = FocusTarget::Tick(question.path.clone(), index);
            let name = Name::new(option);
            let sign = if ticked.contains(&name) { self.theme.signs.ticked } else { self.theme.signs.unticked };
            let what = say(format!("{}.option", message_key(&question.path))).with("name", name.both());
            self.hanging(&slot, &format!("{sign} {}", visible(&self.say(&what))), Style::new());
        }
        self.problem(&question.path);
    }

    fn problem(&mut self, path: &str) {
        if let Some(problem) = self.wizard.problem_at(path) {
            let (sign, style) = self.severity(&problem);
            let what = format!("{sign} {}", self.say(&problem.what()));
            self.paragraph(&what, style, 2);
        }
    }

    /// What helps at the place with the focus: where it has a problem, what to do and why; else its help. Where nothing was
    /// answered yet, the help says best what to do.
    fn help(&mut self, slot: &FocusTarget) {
        if *slot != self.wizard.focus {
            return;
        }
        let problem = self.problem_at_focus().filter(|problem| problem.code != Code::AnswersMissing);
        let said: Vec<String> = match (&problem, slot.path()) {
            (Some(problem), _) => {
                problem.hint(&self.wizard.text).into_iter().chain(problem.why(&self.wizard.text)).collect()
            }
            (None, Some(path)) => vec![self.say(&say(format!("{}.help", message_key(path))))],
            (None, None) => return,
        };
        self.quietly(&said.join("\n"), 2, self.most_help);
    }
}

fn columns(start: usize, end: usize) -> std::ops::Range<u16> {
    let column = |at| u16::try_from(at).unwrap_or(u16::MAX);
    column(start)..column(end)
}
