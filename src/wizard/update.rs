//! The pure update: a message in, effects out.

use std::sync::Arc;

use tui_input::InputRequest as Edit;
use unicode_width::UnicodeWidthStr;

use crate::form::{Body, Kind, Page, Value};
use crate::model::request::sha256_hex;
use crate::model::{Name, Preset};
use crate::pages::{self, Change};
use crate::plan::Plan;
use crate::problem::{Code, Severity};
use crate::text::{Message, say};

use super::hub;
use super::overlay::{Deed, MenuItem, Overlay};
use super::slot::{Slot, is_in_row, row_of};
use super::state::{End, Run, Wizard};
use super::{Effect, Key, Msg};

/// Lines that a page key moves by.
const PAGE: usize = 10;
/// Columns of a text that is viewed in the smallest window.
const NARROWEST: usize = 56;

/// Takes `msg` in and says what is to be done outside.
pub fn update(wizard: &mut Wizard, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => {
            wizard.notice = None;
            match wizard.overlay.take() {
                Some(overlay) => overlay_key(wizard, overlay, key),
                None => page_key(wizard, key),
            }
        }
        Msg::Focus(slot) => {
            wizard.notice = None;
            if wizard.slots().contains(&slot) { move_to(wizard, slot) } else { Vec::new() }
        }
        Msg::Settle => {
            let effects = leave_place(wizard);
            wizard.load_input();
            effects
        }
        Msg::Idle => {
            // Nothing was said yet: what would be written now is what was saved.
            wizard.saved = sha256_hex(wizard.written().as_bytes());
            hub::count(wizard);
            Vec::new()
        }
        Msg::Paste(text) => paste(wizard, &text),
        Msg::Looked(facts) => {
            looked(wizard, *facts);
            Vec::new()
        }
        Msg::Completed { start, names } => complete(wizard, &start, names),
        Msg::Saved(Ok(())) => Vec::new(),
        Msg::Saved(Err(reason)) => {
            wizard.saved.clear();
            wizard.unsaved = true;
            wizard.notice = Some(say("notice-not-saved").with("reason", reason));
            Vec::new()
        }
        Msg::Progress(done) => {
            if let Some(run) = wizard.runs.values_mut().find(|run| run.end.is_none()) {
                run.done = done;
            }
            Vec::new()
        }
        Msg::Finished { done, failed, cancelled, facts } => {
            // Whatever was said of the run while it went on holds no longer.
            wizard.notice = None;
            finished(wizard, done, failed, cancelled);
            looked(wizard, *facts);
            if wizard.leaving { vec![Effect::Quit] } else { Vec::new() }
        }
        Msg::Copied(file) => {
            let is_there = wizard.facts.spot(&file).found != crate::model::Found::Nothing;
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let place = file.parent().map(|folder| folder.to_string_lossy().into_owned()).unwrap_or_default();
            let notice = if is_there { say("notice-copied") } else { say("notice-copied-planned") };
            wizard.notice = Some(notice.with("name", name).with("folder", place));
            Vec::new()
        }
    }
}

fn looked(wizard: &mut Wizard, facts: crate::model::Facts) {
    let agreed = wizard.facts.agreed.clone();
    wizard.facts = Arc::new(crate::model::Facts { agreed, ..facts });
    wizard.refresh(Change::Facts);
    wizard.keep_focus();
}

fn finished(wizard: &mut Wizard, done: usize, failed: Option<String>, cancelled: bool) {
    let Some(run) = wizard.runs.values_mut().find(|run| run.end.is_none()) else { return };
    run.done = done;
    run.end = Some(match failed {
        Some(reason) => End::Failed(reason),
        None if cancelled => End::Cancelled,
        None => End::Complete,
    });
    let performed = run.plan.actions.iter().take(done);
    let lines = performed.map(|action| action.line(&wizard.text));
    wizard.log.extend(lines);
    if let Some(End::Failed(reason)) = &run.end {
        wizard.log.push(reason.clone());
    }
}

// Keys on a page.

fn page_key(wizard: &mut Wizard, key: Key) -> Vec<Effect> {
    if wizard.focus.is_text()
        && let Some(edit) = edit_of(key)
    {
        return type_into(wizard, edit);
    }
    match key {
        Key::Up | Key::BackTab => step(wizard, -1),
        Key::Tab if matches!(wizard.kind_at_focus(), Some(Kind::File)) => {
            vec![Effect::Complete(wizard.input.value().to_owned())]
        }
        Key::Down | Key::Tab => step(wizard, 1),
        Key::Left => turn(wizard, -1),
        Key::Right => turn(wizard, 1),
        Key::Char(' ') => space(wizard),
        Key::Char('/') if wizard.slots().contains(&Slot::Filter) => move_to(wizard, Slot::Filter),
        Key::Enter => enter(wizard),
        Key::Escape => back(wizard),
        Key::PageUp => scroll(wizard, false),
        Key::PageDown => scroll(wizard, true),
        Key::MoveUp => with_row(wizard, |row| Deed::MoveRow { row, up: true }),
        Key::MoveDown => with_row(wizard, |row| Deed::MoveRow { row, up: false }),
        Key::Delete => with_row(wizard, Deed::AskToRemove),
        Key::Function(number) => function(wizard, number),
        Key::Save => save(wizard),
        Key::Next if wizard.row.is_some() => close_row(wizard),
        Key::Next => next(wizard),
        Key::Quit => leave(wizard),
        _ => Vec::new(),
    }
}

fn edit_of(key: Key) -> Option<Edit> {
    Some(match key {
        Key::Char(c) => Edit::InsertChar(c),
        Key::Left => Edit::GoToPrevChar,
        Key::Right => Edit::GoToNextChar,
        Key::WordLeft => Edit::GoToPrevWord,
        Key::WordRight => Edit::GoToNextWord,
        Key::Home => Edit::GoToStart,
        Key::End => Edit::GoToEnd,
        Key::Backspace => Edit::DeletePrevChar,
        Key::Delete => Edit::DeleteNextChar,
        Key::DeleteWord => Edit::DeletePrevWord,
        Key::DeleteToStart => Edit::DeleteFromStart,
        Key::DeleteToEnd => Edit::DeleteTillEnd,
        _ => return None,
    })
}

fn type_into(wizard: &mut Wizard, edit: Edit) -> Vec<Effect> {
    if wizard.input.handle(edit).is_some_and(|changed| changed.value) {
        take_input(wizard);
    }
    Vec::new()
}

/// Writes what is being typed to its answer, so that what it leads to is seen at once.
fn take_input(wizard: &mut Wizard) {
    let typed = wizard.input.value().to_owned();
    // A problem that shows goes when it is mended; a new one waits until the place is left.
    if let Some(path) = wizard.focus.problem_path()
        && wizard.problem_at(&path).is_none()
    {
        wizard.touched.remove(&path);
    }
    let focus = wizard.focus.clone();
    let Some(changed) = focus.path() else {
        if focus == Slot::Filter {
            wizard.filter = typed;
        }
        return;
    };
    match focus.clone() {
        Slot::Text(path) => {
            let number = typed.parse().ok().filter(|_| matches!(wizard.kind_at_focus(), Some(Kind::Number(..))));
            match (typed.is_empty(), number) {
                (true, _) => wizard.answers_mut().unset(&path),
                (false, Some(number)) => set(wizard, &path, Value::Number(number)),
                (false, None) => set(wizard, &path, Value::Text(typed)),
            }
        }
        Slot::Item(path, index) => {
            let mut items = wizard.sheet().list(&path);
            if let Some(item) = items.get_mut(index) {
                *item = typed;
            } else {
                items.push(typed);
            }
            set(wizard, &path, Value::List(items));
        }
        _ => return,
    }
    wizard.refresh(Change::Answer(changed));
}

fn set(wizard: &mut Wizard, path: &str, value: Value) {
    if let Some((_, field)) = pages::form().field(path) {
        wizard.answers_mut().set(field, path, value);
        wizard.insisted = None;
    }
}

// The focus.

/// Moves the focus by one place; where there is none to move to, what does not fit is scrolled.
fn step(wizard: &mut Wizard, by: isize) -> Vec<Effect> {
    let slots = wizard.slots();
    let at = slots.iter().position(|slot| *slot == wizard.focus).unwrap_or(0);
    // From option to option of one choice, no answer is left yet.
    if let (Slot::Option(path, _), Some(to @ Slot::Option(beside, _))) =
        (&wizard.focus, at.checked_add_signed(by).and_then(|to| slots.get(to)))
        && path == beside
    {
        wizard.focus = to.clone();
        return Vec::new();
    }
    let goes_away = is_emptied_item(wizard);
    let effects = leave_place(wizard);
    if goes_away && by > 0 {
        // What comes next has taken its place.
        wizard.load_input();
        return effects;
    }
    let slots = wizard.slots();
    let at = slots.iter().position(|slot| *slot == wizard.focus).unwrap_or(0);
    match at.checked_add_signed(by).filter(|to| *to < slots.len()) {
        Some(to) => {
            wizard.focus = slots[to].clone();
            wizard.load_input();
        }
        None if slots.len() == 1 => wizard.scroll = wizard.scroll.saturating_add_signed(by),
        None => wizard.load_input(),
    }
    effects
}

fn move_to(wizard: &mut Wizard, slot: Slot) -> Vec<Effect> {
    let effects = leave_place(wizard);
    wizard.focus = slot;
    wizard.load_input();
    effects
}

/// Blanks around a name, an address or a number come from pasting and mean nothing.
fn trim(wizard: &mut Wizard) {
    let is_word = match wizard.kind_at_focus() {
        Some(Kind::List(item)) => !matches!(item, Kind::Text(_)),
        Some(kind) => matches!(kind, Kind::Name(_) | Kind::Address | Kind::Number(..)),
        None => false,
    };
    let typed = wizard.input.value();
    if is_word && typed.trim().len() != typed.len() {
        wizard.input = tui_input::Input::new(typed.trim().to_owned());
        take_input(wizard);
    }
}

/// What happens when a place is left: its problems may show, empty items go, and what changed is saved.
fn leave_place(wizard: &mut Wizard) -> Vec<Effect> {
    trim(wizard);
    if let Some(path) = wizard.focus.problem_path() {
        wizard.touched.insert(path);
    }
    let mut effects = Vec::new();
    match wizard.focus.clone() {
        Slot::Item(path, index) => {
            let mut items = wizard.sheet().list(&path);
            let gone = |items: &[String]| items.iter().filter(|item| item.is_empty()).count();
            let before = gone(&items[..index.min(items.len())]);
            if gone(&items) > 0 {
                items.retain(|item| !item.is_empty());
                set(wizard, &path, Value::List(items));
                wizard.focus = Slot::Item(path.clone(), index - before);
                wizard.refresh(Change::Answer(&path));
            }
            wizard.touched.insert(path);
        }
        Slot::Text(path) => match wizard.kind_at_focus() {
            Some(Kind::Country) => settle_country(wizard, &path),
            Some(Kind::File) => effects.push(Effect::Look),
            _ => {}
        },
        _ => {}
    }
    if sweep_ticks(wizard) {
        wizard.refresh(Change::Facts);
    }
    effects.extend(save_if_changed(wizard));
    effects
}

/// Takes the ticks of what cannot be ticked any more away, and says whether there were any.
fn sweep_ticks(wizard: &mut Wizard) -> bool {
    let mut swept = Vec::new();
    let sheet = wizard.sheet();
    let questions = sheet.pages().into_iter().flat_map(|page| sheet.questions_of(page));
    for question in questions.filter(|question| question.given) {
        let (Kind::Ticks(source), Value::List(ticked)) = (question.field.kind, &question.value) else { continue };
        let offered: Vec<Name> = source(&sheet).iter().map(|option| Name::new(option)).collect();
        let kept: Vec<String> = ticked.iter().filter(|tick| offered.contains(&Name::new(tick))).cloned().collect();
        if kept.len() < ticked.len() {
            swept.push((question.path, kept));
        }
    }
    for (path, kept) in &swept {
        if kept.is_empty() {
            wizard.answers_mut().unset(path);
        } else {
            set(wizard, path, Value::List(kept.clone()));
        }
    }
    !swept.is_empty()
}

/// Whether the focus is on an item whose text was deleted, so that the item goes when it is left.
fn is_emptied_item(wizard: &Wizard) -> bool {
    match &wizard.focus {
        Slot::Item(path, index) => wizard.sheet().list(path).get(*index).is_some_and(String::is_empty),
        _ => false,
    }
}

/// A country typed by name becomes its code, where the name leaves no doubt.
fn settle_country(wizard: &mut Wizard, path: &str) {
    let typed = wizard.input.value().to_owned();
    if let [(code, _)] = countries(&typed).as_slice() {
        set(wizard, path, Value::Text((*code).to_owned()));
        wizard.refresh(Change::Answer(path));
    }
}

/// The countries that a typed text may mean, code and name: the one of that code or name, else those whose name holds it.
#[must_use]
pub fn countries(typed: &str) -> Vec<(&'static str, &'static str)> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return Vec::new();
    }
    if let Some(country) = rust_iso3166::from_alpha2(&typed.to_uppercase()) {
        return vec![(country.alpha2, country.name)];
    }
    let mut found: Vec<(&str, &str)> = rust_iso3166::ALL
        .iter()
        .filter(|country| country.name.to_lowercase().contains(&typed))
        .map(|country| (country.alpha2, country.name))
        .collect();
    if let Some(whole) = found.iter().find(|(_, name)| name.to_lowercase() == typed) {
        return vec![*whole];
    }
    found.sort_by_key(|(_, name)| (!name.to_lowercase().starts_with(&typed), *name));
    found
}

impl Wizard {
    /// What the focused field takes.
    #[must_use]
    pub fn kind_at_focus(&self) -> Option<Kind> {
        let (_, field) = pages::form().field(self.focus.path()?)?;
        Some(field.kind)
    }

    /// After answers or facts changed from outside: a focus that is gone goes to the start.
    fn keep_focus(&mut self) {
        if !self.slots().contains(&self.focus) {
            self.focus_first();
        }
    }
}

// What keys do where the focus is.

fn turn(wizard: &mut Wizard, by: isize) -> Vec<Effect> {
    match wizard.focus.clone() {
        Slot::Choice(path) => {
            let Some((_, field)) = pages::form().field(&path) else { return Vec::new() };
            let Kind::Choice(options, _) = field.kind else { return Vec::new() };
            let sheet = wizard.sheet();
            let now = sheet.text(&path);
            let open: Vec<&str> =
                options.iter().copied().filter(|option| (field.barred)(&sheet, option).is_none()).collect();
            let next = match open.iter().position(|option| *option == now) {
                Some(at) => open[(at + open.len()).saturating_add_signed(by) % open.len()],
                None => open[0],
            };
            if next != now || !wizard.sheet().is_given(&path) {
                set(wizard, &path, Value::Text(next.to_owned()));
            }
            after_change(wizard, Change::Answer(&path))
        }
        Slot::Toggle(_) => flip(wizard),
        _ => Vec::new(),
    }
}

/// Chooses the option with the focus, if it can be chosen.
fn choose(wizard: &mut Wizard) -> Option<Vec<Effect>> {
    let Slot::Option(path, index) = wizard.focus.clone() else { return None };
    let (_, field) = pages::form().field(&path)?;
    let Kind::Choice(options, _) = field.kind else { return None };
    let option = options.get(index)?;
    if let Some(code) = (field.barred)(&wizard.sheet(), option) {
        wizard.notice = Some(say(format!("problem-{}", code.name())));
        return None;
    }
    set(wizard, &path, Value::Text((*option).to_owned()));
    Some(after_change(wizard, Change::Answer(&path)))
}

fn flip(wizard: &mut Wizard) -> Vec<Effect> {
    match wizard.focus.clone() {
        Slot::Toggle(path) => {
            let now = wizard.sheet().flag(&path);
            set(wizard, &path, Value::Flag(!now));
            after_change(wizard, Change::Answer(&path))
        }
        Slot::Tick(path, index) => {
            let Some(Kind::Ticks(source)) = wizard.kind_at_focus() else { return Vec::new() };
            let sheet = wizard.sheet();
            let offered = source(&sheet);
            let Some(option) = offered.get(index) else { return Vec::new() };
            let mut ticked = sheet.list(&path);
            let same = |item: &String| Name::new(item) == Name::new(option);
            if ticked.iter().any(same) {
                ticked.retain(|item| !same(item));
            } else {
                // In the order of what is offered, however it came about.
                let wanted = |item: &&String| ticked.contains(item) || *item == option;
                ticked = offered.iter().filter(wanted).cloned().collect();
            }
            if ticked.len() == offered.len() {
                // All of them is what it is when nothing is said, and goes on holding for those that are added later.
                wizard.answers_mut().unset(&path);
            } else {
                set(wizard, &path, Value::List(ticked));
            }
            after_change(wizard, Change::Answer(&path))
        }
        _ => Vec::new(),
    }
}

/// What follows a change that is complete by itself.
fn after_change(wizard: &mut Wizard, change: Change) -> Vec<Effect> {
    if sweep_ticks(wizard) {
        wizard.refresh(Change::Facts);
    }
    wizard.refresh(change);
    if let Some(path) = wizard.focus.path() {
        wizard.touched.insert(path.to_owned());
    }
    save_if_changed(wizard)
}

fn space(wizard: &mut Wizard) -> Vec<Effect> {
    match wizard.focus.clone() {
        Slot::Choice(_) => turn(wizard, 1),
        Slot::Option(..) => choose(wizard).unwrap_or_default(),
        Slot::Toggle(_) | Slot::Tick(..) => flip(wizard),
        Slot::Row(row) => {
            wizard.overlay = Some(row_menu(wizard, row));
            Vec::new()
        }
        _ => enter(wizard),
    }
}

fn enter(wizard: &mut Wizard) -> Vec<Effect> {
    match wizard.focus.clone() {
        Slot::Text(path) if matches!(wizard.kind_at_focus(), Some(Kind::Country)) => {
            let found = countries(wizard.input.value());
            if found.len() < 2 {
                return step(wizard, 1);
            }
            let items = found.into_iter().map(|(code, name)| MenuItem {
                label: say("country").with("code", code).with("name", name),
                deed: Deed::Answer { path: path.clone(), text: code.to_owned() },
            });
            wizard.overlay = Some(Overlay::Menu {
                title: say("menu-country"),
                about: Vec::new(),
                items: items.collect(),
                selected: 0,
            });
            Vec::new()
        }
        Slot::Option(path, _) => {
            // Return chooses, and goes on to what comes after the choice.
            let Some(mut effects) = choose(wizard) else { return Vec::new() };
            let slots = wizard.slots();
            let here = slots.iter().position(|slot| *slot == wizard.focus).unwrap_or(0);
            let after = slots[here..].iter().find(|slot| slot.path() != Some(path.as_str())).cloned();
            effects.extend(after.map(|slot| move_to(wizard, slot)).unwrap_or_default());
            effects
        }
        Slot::Text(_) | Slot::Item(..) | Slot::Choice(_) | Slot::Toggle(_) | Slot::Tick(..) | Slot::Filter => {
            step(wizard, 1)
        }
        Slot::Preset(row) => perform(wizard, Deed::ChoosePreset(row)),
        Slot::Row(row) => perform(wizard, Deed::EditRow(row)),
        Slot::AddRow => add_row(wizard),
        Slot::Document(index) => view_document(wizard, index),
        Slot::Log => {
            let name = wizard.text.say(&say("log"));
            wizard.overlay = Some(Overlay::View { name, file: None, content: wizard.log.join("\n"), scroll: 0 });
            Vec::new()
        }
        Slot::Jump(_, path) => jump(wizard, &path),
        Slot::Next if wizard.row.is_some() => close_row(wizard),
        Slot::Next => next(wizard),
    }
}

fn function(wizard: &mut Wizard, number: u8) -> Vec<Effect> {
    let clearable = match &wizard.focus {
        Slot::Item(path, _) => Some(path.clone()),
        Slot::Row(_) | Slot::AddRow | Slot::Filter => wizard.rows_field().map(|field| field.path.to_owned()),
        _ => None,
    };
    match (number, wizard.focus.clone()) {
        (1, _) => wizard.overlay = Some(Overlay::Help { scroll: 0 }),
        (2, _) => wizard.overlay = Some(Overlay::LeadsTo { scroll: 0 }),
        (4, _) if !wizard.is_running() => wizard.overlay = Some(super::all_pages(wizard)),
        (3, Slot::Document(index)) => return view_document(wizard, index),
        (3, _) => return view_document(wizard, 0),
        (5, Slot::Row(row)) => return perform(wizard, Deed::ChoosePreset(row)),
        (5, _) => {
            if let Some(row) = wizard.row.filter(|_| wizard.page.has_presets) {
                return perform(wizard, Deed::ChoosePreset(row));
            }
        }
        (6, focus) => {
            let index = if let Slot::Document(index) = focus { index } else { 0 };
            let document = wizard.document(index);
            return document.map(|(_, file, content)| Effect::Copy(file, content)).into_iter().collect();
        }
        (7, _) if wizard.rows_field().is_some() && wizard.row.is_none() => return add_row(wizard),
        (8, Slot::Item(path, index)) => {
            let mut items = wizard.sheet().list(&path);
            if index < items.len() {
                items.remove(index);
                set(wizard, &path, Value::List(items));
                wizard.load_input();
                return after_change(wizard, Change::Answer(&path));
            }
        }
        (8, Slot::Row(row)) => ask_to_remove(wizard, row),
        (9, _) => {
            if let Some(path) = clearable {
                wizard.overlay = Some(confirm(say("confirm-clear"), Deed::Clear(path)));
            }
        }
        _ => {}
    }
    Vec::new()
}

/// Moves by a page: the focus where there are places, else what is shown.
fn scroll(wizard: &mut Wizard, down: bool) -> Vec<Effect> {
    let slots = wizard.slots();
    let at = slots.iter().position(|slot| *slot == wizard.focus).unwrap_or(0);
    if slots.len() > 1 && wizard.page.body != Body::Document {
        let to = if down { (at + PAGE).min(slots.len() - 1) } else { at.saturating_sub(PAGE) };
        return move_to(wizard, slots[to].clone());
    }
    wizard.scroll = if down { wizard.scroll + PAGE } else { wizard.scroll.saturating_sub(PAGE) };
    Vec::new()
}

fn view_document(wizard: &mut Wizard, index: usize) -> Vec<Effect> {
    if let Some((name, file, content)) = wizard.document(index) {
        wizard.overlay = Some(Overlay::View { name, file: Some(file), content, scroll: 0 });
    }
    Vec::new()
}

fn paste(wizard: &mut Wizard, text: &str) -> Vec<Effect> {
    // A paste may carry escape sequences; a line break in it must not press a button.
    let lines: Vec<String> =
        text.split(['\n', '\r']).map(|line| line.chars().filter(|c| !c.is_control()).collect()).collect();
    let mut lines = lines.into_iter().filter(|line: &String| !line.trim().is_empty());
    let Some(first) = lines.next() else { return Vec::new() };
    if wizard.overlay.is_some() || !wizard.focus.is_text() {
        return Vec::new();
    }
    for c in first.trim().chars() {
        wizard.input.handle(Edit::InsertChar(c));
    }
    take_input(wizard);
    let more: Vec<String> = lines.map(|line| line.trim().to_owned()).collect();
    match wizard.focus.clone() {
        Slot::Item(path, index) if !more.is_empty() => {
            let mut items = wizard.sheet().list(&path);
            let end = index + 1 + more.len();
            wizard.touched.extend((index..end).map(|index| format!("{path}.{index}")));
            items.splice(index + 1..=index, more);
            set(wizard, &path, Value::List(items));
            wizard.refresh(Change::Answer(&path));
            move_to(wizard, Slot::Item(path, end))
        }
        _ => Vec::new(),
    }
}

fn complete(wizard: &mut Wizard, start: &str, names: Vec<String>) -> Vec<Effect> {
    let typed = wizard.input.value().to_owned();
    // The disk may be slow: whoever typed on, or is elsewhere already, does not wait for this any more.
    if typed != start || !matches!(wizard.kind_at_focus(), Some(Kind::File)) {
        return Vec::new();
    }
    let common = names.iter().skip(1).fold(names.first().cloned().unwrap_or_default(), |common, name| {
        common.chars().zip(name.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect()
    });
    if common.chars().count() > typed.chars().count() {
        wizard.input = tui_input::Input::new(common);
        take_input(wizard);
        wizard.completions = if names.len() > 1 { names } else { Vec::new() };
        return Vec::new();
    }
    if names.len() > 1 {
        wizard.completions = names;
        return Vec::new();
    }
    step(wizard, 1)
}

// Rows.

fn with_row(wizard: &mut Wizard, deed: impl FnOnce(usize) -> Deed) -> Vec<Effect> {
    match wizard.focus {
        Slot::Row(row) => perform(wizard, deed(row)),
        _ => Vec::new(),
    }
}

fn add_row(wizard: &mut Wizard) -> Vec<Effect> {
    let Some(field) = wizard.rows_field() else { return Vec::new() };
    let mut effects = leave_place(wizard);
    let row = wizard.answers_mut().add_row(field);
    wizard.filter.clear();
    wizard.refresh(Change::All);
    effects.extend(perform(wizard, Deed::EditRow(row)));
    let of_row = format!("{}.{row}.", field.path);
    wizard.touched.retain(|path| !path.starts_with(&of_row));
    // A new row is typed from its first field on; the preset above it is the default one already.
    effects
        .extend(wizard.slots().into_iter().find(Slot::is_text).map(|slot| move_to(wizard, slot)).unwrap_or_default());
    effects
}

fn close_row(wizard: &mut Wizard) -> Vec<Effect> {
    let mut effects = leave_place(wizard);
    let (Some(row), Some(field)) = (wizard.row.take(), wizard.rows_field()) else { return effects };
    let says_nothing = |value: &Value| value.is_blank() || *value == Value::List(Vec::new());
    let is_empty = wizard.answers.rows(field.path).get(row).is_some_and(|row| row.values().all(says_nothing));
    if is_empty && let Some(rows) = wizard.answers_mut().rows_mut(field.path) {
        rows.remove(row);
        wizard.refresh(Change::All);
    }
    wizard.focus = if is_empty { Slot::AddRow } else { Slot::Row(row) };
    wizard.scroll = 0;
    wizard.load_input();
    effects.extend(save_if_changed(wizard));
    effects
}

/// Lets all problems of a row show.
fn touch_row(wizard: &mut Wizard, row: usize) {
    let Some(field) = wizard.rows_field() else { return };
    let questions = wizard.sheet().questions_of_row(wizard.page, field, row).into_iter().map(|question| question.path);
    let problems = wizard.reading.problems_in(row).map(|problem| problem.path.clone());
    let paths: Vec<String> = questions.chain(problems).collect();
    wizard.touched.extend(paths);
}

fn ask_to_remove(wizard: &mut Wizard, row: usize) {
    let name = wizard.with_scene(|scene| (wizard.page.row_cells)(scene, Some(row)).into_iter().next());
    let question = say("confirm-remove").with("name", name.unwrap_or_default());
    wizard.overlay = Some(confirm(question, Deed::RemoveRow(row)));
}

fn row_menu(wizard: &Wizard, row: usize) -> Overlay {
    let item = |label: Message, deed: Deed| MenuItem { label, deed };
    let mut items = vec![item(say("menu-edit"), Deed::EditRow(row))];
    if wizard.page.has_presets {
        items.push(item(say("menu-preset"), Deed::ChoosePreset(row)));
    }
    items.push(item(say("menu-up"), Deed::MoveRow { row, up: true }));
    items.push(item(say("menu-down"), Deed::MoveRow { row, up: false }));
    items.push(item(say("menu-remove"), Deed::AskToRemove(row)));
    Overlay::Menu { title: say("menu-row"), about: Vec::new(), items, selected: 0 }
}

fn confirm(question: Message, deed: Deed) -> Overlay {
    Overlay::Confirm { question, deed, yes: false }
}

/// Does what a menu, a confirmation or a key asks.
fn perform(wizard: &mut Wizard, deed: Deed) -> Vec<Effect> {
    match deed {
        Deed::GoTo(id) => {
            let mut effects = leave_place(wizard);
            if let Some(page) = wizard.pages().into_iter().find(|page| page.id == id) {
                effects.extend(show(wizard, page));
            }
            return effects;
        }
        Deed::EditRow(row) => {
            let effects = leave_place(wizard);
            wizard.row = Some(row);
            // It was filled in before, here or under another number: what is wrong with it shows.
            touch_row(wizard, row);
            wizard.focus_first();
            return effects;
        }
        Deed::MoveRow { row, up } => {
            let to = if up { row.checked_sub(1) } else { Some(row + 1) };
            let rows = wizard.rows_field().and_then(|field| wizard.answers_mut().rows_mut(field.path));
            if let (Some(to), Some(rows)) = (to, rows)
                && to < rows.len()
            {
                rows.swap(row, to);
                wizard.focus = Slot::Row(to);
            }
        }
        Deed::AskToRemove(row) => ask_to_remove(wizard, row),
        Deed::RemoveRow(row) => {
            if let Some(rows) = wizard.rows_field().and_then(|field| wizard.answers_mut().rows_mut(field.path)) {
                rows.remove(row);
            }
            wizard.refresh(Change::All);
            let shown = wizard.shown_rows();
            let next = shown.iter().find(|shown| **shown >= row).or(shown.last());
            wizard.focus = next.map_or(Slot::AddRow, |row| Slot::Row(*row));
        }
        Deed::Clear(path) => {
            wizard.answers_mut().unset(&path);
            wizard.refresh(Change::All);
            let slots = wizard.slots();
            let list = slots.iter().find(|slot| slot.path() == Some(path.as_str()));
            wizard.focus = list.cloned().unwrap_or(Slot::AddRow);
            wizard.keep_focus();
            wizard.load_input();
        }
        Deed::ChoosePreset(row) => {
            let item = |preset: Preset| MenuItem {
                label: say("menu-preset-line")
                    .with("preset", say(format!("preset-{}", preset.name())))
                    .with("help", say(format!("preset-{}.help", preset.name()))),
                deed: if preset == Preset::LegacyClearText {
                    Deed::AskClearText(row)
                } else {
                    Deed::Preset(row, preset)
                },
            };
            let items = Preset::ALL.into_iter().map(item).collect();
            let partner = wizard.reading.deployment.federation.partners.get(row);
            let now = partner.and_then(pages::preset_of).unwrap_or(Preset::Balanced);
            let selected = Preset::ALL.iter().position(|preset| *preset == now).unwrap_or(0);
            wizard.overlay = Some(Overlay::Menu { title: say("menu-preset"), about: Vec::new(), items, selected });
        }
        Deed::Preset(row, preset) => pages::apply_preset(wizard.answers_mut(), row, preset, false),
        Deed::AskClearText(row) => {
            wizard.overlay = Some(confirm(say("confirm-clear-text"), Deed::AcceptClearText(row)));
        }
        Deed::AcceptClearText(row) => {
            wizard.overlay = Some(confirm(say("confirm-clear-text-again"), Deed::Preset(row, Preset::LegacyClearText)));
        }
        Deed::Answer { path, text } => {
            set(wizard, &path, Value::Text(text));
            wizard.refresh(Change::Answer(&path));
            wizard.load_input();
            return step(wizard, 1);
        }
        Deed::Replace => {
            let file = wizard.reading.deployment.request.file.clone();
            wizard.reading.forget();
            Arc::make_mut(&mut wizard.facts).agreed.insert(file);
            wizard.refresh(Change::Facts);
            return next(wizard);
        }
        Deed::Quit => return leave(wizard),
    }
    after_change(wizard, Change::All)
}

// Keys on what lies over the page.

fn overlay_key(wizard: &mut Wizard, overlay: Overlay, key: Key) -> Vec<Effect> {
    match overlay {
        Overlay::Menu { title, about, items, selected } => {
            let last = items.len().saturating_sub(1);
            let selected = match key {
                Key::Enter | Key::Char(' ') => {
                    return items.into_iter().nth(selected).map(|item| perform(wizard, item.deed)).unwrap_or_default();
                }
                Key::Escape => return Vec::new(),
                Key::Quit => return leave(wizard),
                Key::Up | Key::BackTab => selected.saturating_sub(1),
                Key::Down | Key::Tab => (selected + 1).min(last),
                Key::Home | Key::PageUp => 0,
                Key::End | Key::PageDown => last,
                _ => selected,
            };
            wizard.overlay = Some(Overlay::Menu { title, about, items, selected });
        }
        Overlay::Confirm { question, deed, yes } => {
            let word = |key: &'static str| wizard.text.say(&say(key)).to_lowercase().chars().next();
            let yes = match key {
                Key::Char(c) if c.to_lowercase().next() == word("yes") => return perform_confirmed(wizard, deed),
                Key::Char(c) if c.to_lowercase().next() == word("no") => return Vec::new(),
                Key::Enter | Key::Char(' ') if yes => return perform_confirmed(wizard, deed),
                Key::Enter | Key::Char(' ') | Key::Escape => return Vec::new(),
                Key::Quit => return leave(wizard),
                Key::Left | Key::Right | Key::Up | Key::Down | Key::Tab | Key::BackTab => !yes,
                _ => yes,
            };
            wizard.overlay = Some(Overlay::Confirm { question, deed, yes });
        }
        Overlay::Help { scroll } => {
            wizard.overlay = scrolled(scroll, key).map(|scroll| Overlay::Help { scroll });
        }
        Overlay::LeadsTo { scroll } => {
            wizard.overlay = scrolled(scroll, key).map(|scroll| Overlay::LeadsTo { scroll });
        }
        Overlay::View { name, file, content, scroll } => {
            let copied = file.clone().filter(|_| key == Key::Function(6));
            let copy = copied.map(|file| Effect::Copy(file, content.clone()));
            let scroll = if copy.is_some() { Some(scroll) } else { scrolled(scroll, key) };
            // How its lines are wrapped is the screen's affair; in the smallest window there are the most of them.
            let wrapped = content.lines().map(|line| line.width().div_ceil(NARROWEST).max(1));
            let last = wrapped.sum::<usize>().saturating_sub(1);
            wizard.overlay = scroll.map(|scroll| Overlay::View { name, file, content, scroll: scroll.min(last) });
            if let Some(copy) = copy {
                return vec![copy];
            }
        }
    }
    if key == Key::Quit { leave(wizard) } else { Vec::new() }
}

fn perform_confirmed(wizard: &mut Wizard, deed: Deed) -> Vec<Effect> {
    // Clear text is accepted by the second yes, and only there.
    if let Deed::Preset(row, Preset::LegacyClearText) = deed {
        pages::apply_preset(wizard.answers_mut(), row, Preset::LegacyClearText, true);
        return after_change(wizard, Change::All);
    }
    perform(wizard, deed)
}

/// The first line shown after a key, or nothing where the key closes what is shown.
fn scrolled(scroll: usize, key: Key) -> Option<usize> {
    match key {
        Key::Up => Some(scroll.saturating_sub(1)),
        Key::Down => Some(scroll + 1),
        Key::PageUp => Some(scroll.saturating_sub(PAGE)),
        Key::PageDown | Key::Char(' ') => Some(scroll + PAGE),
        Key::Home => Some(0),
        Key::Escape | Key::Enter | Key::Function(_) | Key::Quit => None,
        _ => Some(scroll),
    }
}

// From page to page.

fn next(wizard: &mut Wizard) -> Vec<Effect> {
    let mut effects = leave_place(wizard);
    if let Some(refused) = refuse_to_go_on(wizard) {
        effects.extend(refused);
        return effects;
    }
    say_defaults(wizard);
    let pages = wizard.pages();
    if let Some(summary) = wizard.came_from.filter(|summary| pages.contains(summary)) {
        effects.extend(save_if_changed(wizard));
        effects.extend(show(wizard, summary));
        return effects;
    }
    let here = pages.iter().position(|page| *page == wizard.page).unwrap_or(0);
    let Some(page) = pages.get(here + 1) else {
        effects.push(Effect::Quit);
        return effects;
    };
    effects.extend(save_if_changed(wizard));
    effects.extend(show(wizard, page));
    if page.body == Body::Execute {
        let plan = Plan::clone(&wizard.stage_plan());
        wizard.runs.insert(page.id, Run { plan: plan.clone(), done: 0, end: None });
        effects.push(Effect::Run(plan));
    }
    effects
}

/// Why the page cannot be left forwards now; what to do about it is set up already.
fn refuse_to_go_on(wizard: &mut Wizard) -> Option<Vec<Effect>> {
    if wizard.page.body == Body::Execute {
        if wizard.run().is_some_and(|run| run.end == Some(End::Complete)) {
            return None;
        }
        wizard.notice = Some(if wizard.is_running() { say("notice-running") } else { say("notice-not-run") });
        return Some(Vec::new());
    }
    let is_summary = wizard.page.body == Body::Summary;
    let problems = if is_summary { wizard.problems_to_here() } else { wizard.problems_of(wizard.page) };
    let paths: Vec<String> = problems.iter().map(|problem| problem.path.clone()).collect();
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    let errors: Vec<(Code, String)> = errors.map(|problem| (problem.code, problem.path.clone())).collect();
    wizard.touched.extend(paths);
    if errors.is_empty() {
        return None;
    }
    if errors.iter().all(|(code, _)| *code == Code::FileExists) {
        let file = wizard.reading.deployment.request.file.to_string_lossy().into_owned();
        wizard.overlay = Some(confirm(say("confirm-replace").with("file", file), Deed::Replace));
        return Some(Vec::new());
    }
    if is_summary {
        wizard.notice = Some(say("notice-errors").with("count", errors.len()));
        // Problems come first, and errors first among them.
        wizard.focus_first();
        return Some(Vec::new());
    }
    if wizard.insisted == Some(wizard.page.id) {
        return None;
    }
    wizard.insisted = Some(wizard.page.id);
    wizard.notice = Some(say("notice-page-errors"));
    let slots = wizard.slots();
    let places = errors.iter().filter_map(|(_, path)| place_of(wizard, path));
    let first = places.min_by_key(|place| slots.iter().position(|slot| slot == place));
    Some(first.map(|slot| move_to(wizard, slot)).unwrap_or_default())
}

/// Going on accepts what the page shows, so that the saved answers say it.
fn say_defaults(wizard: &mut Wizard) {
    for question in wizard.sheet().questions_of(wizard.page) {
        if question.field.settles() && !question.given && !question.value.is_blank() && !is_in_row(&question.path) {
            wizard.answers_mut().set(question.field, &question.path, question.value);
        }
    }
    wizard.refresh(Change::Facts);
}

fn back(wizard: &mut Wizard) -> Vec<Effect> {
    if wizard.is_running() {
        wizard.notice = Some(say("notice-stopping"));
        return vec![Effect::Cancel];
    }
    if wizard.row.is_some() {
        return close_row(wizard);
    }
    let mut effects = leave_place(wizard);
    let pages = wizard.pages();
    let here = pages.iter().position(|page| *page == wizard.page).unwrap_or(0);
    match here.checked_sub(1) {
        Some(before) => effects.extend(show(wizard, pages[before])),
        None => wizard.overlay = Some(confirm(say("confirm-quit"), Deed::Quit)),
    }
    effects
}

fn show(wizard: &mut Wizard, page: &'static Page) -> Vec<Effect> {
    wizard.page = page;
    wizard.came_from = None;
    wizard.visited.insert(page.id);
    wizard.row = None;
    wizard.filter.clear();
    wizard.insisted = None;
    wizard.focus_first();
    vec![Effect::Look]
}

/// Goes to the answer at `path`.
fn jump(wizard: &mut Wizard, path: &str) -> Vec<Effect> {
    let Some((page, _)) = pages::form().field(path) else { return Vec::new() };
    let summary = wizard.page;
    let effects = show(wizard, page);
    wizard.came_from = Some(summary);
    wizard.touched.insert(path.to_owned());
    if let (Some(field), Some(row)) = (wizard.rows_field(), row_of(path))
        && path.starts_with(field.path)
    {
        wizard.row = Some(row);
        wizard.focus_first();
    }
    if let Some(slot) = place_of(wizard, path) {
        wizard.focus = slot;
        wizard.load_input();
    }
    effects
}

/// The place on this page for the answer at `path`: its own, else its list or its row.
fn place_of(wizard: &Wizard, path: &str) -> Option<Slot> {
    let outer = path.rsplit_once('.').map_or("", |(outer, _)| outer);
    let slots = wizard.slots();
    let exact = slots.iter().find(|slot| slot.problem_path().as_deref() == Some(path));
    let near = || slots.iter().find(|slot| slot.path() == Some(path) || slot.path() == Some(outer));
    let row = || slots.iter().find(|slot| matches!(slot, Slot::Row(row) if Some(*row) == row_of(path)));
    exact.or_else(near).or_else(row).cloned()
}

fn save(wizard: &mut Wizard) -> Vec<Effect> {
    let effects = leave_place(wizard);
    wizard.load_input();
    wizard.notice = Some(if wizard.dry_run { say("notice-dry-run") } else { say("notice-saved") });
    effects
}

fn save_if_changed(wizard: &mut Wizard) -> Vec<Effect> {
    if wizard.dry_run || !wizard.unsaved {
        return Vec::new();
    }
    let written = wizard.written();
    wizard.unsaved = false;
    let digest = sha256_hex(written.as_bytes());
    if digest == wizard.saved {
        return Vec::new();
    }
    wizard.saved = digest;
    vec![Effect::Save(written)]
}

fn leave(wizard: &mut Wizard) -> Vec<Effect> {
    let mut effects = leave_place(wizard);
    if wizard.is_running() {
        wizard.leaving = true;
        wizard.notice = Some(say("notice-stopping"));
        effects.push(Effect::Cancel);
    } else {
        effects.push(Effect::Quit);
    }
    effects
}
