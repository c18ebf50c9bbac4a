//! The same questions as lines: numbered, defaults in brackets, no colour, no cursor motion, no box drawing. Fit for a
//! screen reader, a serial line and a terminal without a screen.
//!
//! It is another view of the same [`Wizard`]: a line typed becomes what it asks for.

mod prompt;

use crate::form::{Body, Kind, Question, message_key};
use crate::pages::CERTIFICATE_FILE;
use crate::pki::MAX_BUNDLE;
use crate::problem::{Problem, Severity};
use crate::text::{Message, Text, say};
use crate::wizard::{self, FocusTarget, Intent, Overlay, Wizard};

use super::headless::problems_text;
use prompt::{Place, ask, ask_item, explanation, heading, jumps, outcome, overlay_prompt, places, review};

/// Where the conversation stands on the page.
#[derive(Debug, Default)]
pub struct Plain {
    /// Whether the person was told what can be typed.
    greeted: bool,
    /// Page and row the person was told to be on.
    told: Option<(&'static str, Option<usize>)>,
    /// Which place of the page is asked about.
    at: usize,
    /// The answer that was just given, whose problems are still to be said.
    given: Option<String>,
    /// What is wrong with what was given, and what the page comes to, to be said before the next question.
    judged: String,
    /// What the page explains, as it was said last.
    explained: String,
    /// The item of the list asked about that is wrong and asked again.
    wrong_item: Option<usize>,
    /// How many lines were typed since the wizard heard of one.
    unheard: usize,
    /// The place whose error was said once; the next answer goes on whatever it is.
    insisted: Option<usize>,
    /// The blocks of a certificate that were pasted on this page so far, line by line.
    pasted: String,
    /// Whether the last of them is still to end.
    in_block: bool,
    /// Whether more of them may follow: a leaf is not judged before its issuers had their turn.
    may_go_on: bool,
}

/// What a typed line leads to.
#[derive(Debug)]
pub enum Reply {
    /// Something to be said before the question is asked again.
    Say(String),
    /// A document, line for line as it is.
    Print(String),
    /// Something for the wizard, if anything.
    Do(Option<Intent>),
}

impl Plain {
    /// What is to be said now; the last line is the prompt.
    pub fn prompt(&mut self, wizard: &Wizard) -> String {
        if self.in_block && wizard.overlay.is_none() {
            return String::new();
        }
        let mut said = String::new();
        if !std::mem::replace(&mut self.greeted, true) {
            said += &format!("{}\n", wizard.text.say(&say("plain-keys")));
        }
        if let Some(overlay) = &wizard.overlay {
            return said + &overlay_prompt(wizard, overlay);
        }
        // What was said is said once, however many lines are typed before the wizard hears of one.
        let notice = wizard.notice.as_ref().filter(|_| self.unheard == 0);
        let is_refused = notice.is_some_and(|notice| notice.key == "notice-page-errors");
        let judged = std::mem::take(&mut self.judged);
        if !is_refused {
            said += &judged;
        }
        let here = (wizard.page.id, wizard.row);
        if self.told != Some(here) {
            // Back from a row, the table is where it was left.
            let from_row = self.told.is_some_and(|(page, row)| page == here.0 && row.is_some() && here.1.is_none());
            let rows = places(wizard).iter().position(|place| matches!(place, Place::Rows));
            let at = rows.filter(|_| from_row).unwrap_or(0);
            *self = Plain { greeted: true, told: Some(here), at, ..Plain::default() };
            said += &heading(wizard);
        }
        if self.may_go_on {
            let is_told = |notice: &&Message| notice.key != "notice-received";
            let notice = wizard.notice.as_ref().filter(is_told).map(|notice| wizard.text.say(notice) + "\n");
            return said + &notice.unwrap_or_default() + &wizard.text.say(&say("plain-paste-on")) + " ";
        }
        // What the page explains stands before its questions, and once more only where an answer changed it.
        let explained = explanation(wizard);
        if explained != self.explained {
            said += &explained;
            self.explained = explained;
        }
        let places = places(wizard);
        self.at = self.at.min(places.len() - 1);
        if let Some(notice) = notice {
            said += &format!("{}\n", wizard.text.say(notice));
        }
        if is_refused {
            let errors = errors_of_page(wizard);
            said += &problems_text(&errors, &wizard.text);
            let is_wrong = |place: &Place| errors.iter().any(|error| place.holds(wizard, &error.path));
            self.at = places.iter().position(is_wrong).unwrap_or(self.at);
        }
        match (&places[self.at], self.wrong_item) {
            (Place::Question(question), Some(index)) => said + &ask_item(wizard, question, index),
            (place, _) => said + &ask(wizard, place),
        }
    }

    /// Where the last question of a page was answered and nothing is left to be read there, what goes on to the next.
    pub fn goes_on(&mut self, wizard: &Wizard) -> Option<Intent> {
        let is_here = self.told == Some((wizard.page.id, wizard.row));
        if !is_here || wizard.overlay.is_some() || self.in_block || self.may_go_on {
            return None;
        }
        if let Some(path) = self.given.take() {
            self.judge(wizard, &path);
        }
        let last = places(wizard).len() - 1;
        let is_read = wizard.row.is_none() && wizard.page.body == Body::Fields && last > 0;
        if !is_read || self.at < last {
            return None;
        }
        self.judged += &outcome(wizard);
        // Where the page is not left, its last question is asked again.
        self.at = last - 1;
        self.unheard = 0;
        Some(Intent::Open(FocusTarget::Next))
    }

    /// Finds what is wrong with the answer just given; an error keeps the question, once, or asks for the item again.
    fn judge(&mut self, wizard: &Wizard, path: &str) {
        let about = |problem: &&Problem| problem.path == path || problem.path.starts_with(&format!("{path}."));
        let problems: Vec<Problem> = wizard.reading().whole().problems.iter().filter(about).cloned().collect();
        self.judged += &problems_text(&problems, &wizard.text);
        let is_wrong = problems.iter().any(|problem| problem.severity == Severity::Error);
        let kind = match places(wizard).get(self.at) {
            Some(Place::Question(question)) => Some(question.field.kind),
            _ => None,
        };
        match kind {
            Some(Kind::List(_)) => {
                let index = path.rsplit('.').next().and_then(|index| index.parse().ok());
                self.wrong_item = index.filter(|_| is_wrong);
            }
            Some(Kind::MultiSelect(_)) => {}
            _ if is_wrong && self.insisted != Some(self.at) => self.insisted = Some(self.at),
            _ => self.at += 1,
        }
    }

    /// What the typed `line` leads to.
    pub fn take(&mut self, wizard: &Wizard, line: &str) -> Reply {
        let reply = self.reply(wizard, line);
        self.unheard = if matches!(reply, Reply::Do(None)) { self.unheard + 1 } else { 0 };
        reply
    }

    fn reply(&mut self, wizard: &Wizard, line: &str) -> Reply {
        let line = line.trim();
        if let Some(overlay) = &wizard.overlay {
            return overlay_answer(wizard, overlay, line);
        }
        let certificate = FocusTarget::Text(CERTIFICATE_FILE.path().to_owned());
        if self.in_block || line.starts_with("-----BEGIN ") && wizard.slots().contains(&certificate) {
            return Reply::Do(self.paste(certificate, line));
        }
        if self.may_go_on && !matches!(line, "?" | "!" | "<") {
            self.go_on_pasting(line);
            return Reply::Do(None);
        }
        match line {
            "?" => return Reply::Say(self.help(wizard)),
            "!" => return Reply::Say(review(wizard)),
            "<" if self.may_go_on => {
                self.may_go_on = false;
                return Reply::Do(None);
            }
            "<" if self.at > 0 => {
                self.at -= 1;
                return Reply::Do(None);
            }
            "<" => return Reply::Do(Some(Intent::Back)),
            _ => {}
        }
        let places = places(wizard);
        match places[self.at.min(places.len() - 1)].clone() {
            Place::Question(question) => self.answer(wizard, &question, line),
            Place::Preset(_) if line.is_empty() => {
                self.at += 1;
                Reply::Do(None)
            }
            Place::Preset(row) => Reply::Do(Some(Intent::Open(FocusTarget::Preset(row)))),
            Place::Rows => self.rows(wizard, line),
            Place::Go => go(wizard, line),
        }
    }

    /// Takes a line between blocks: an empty one says that there are no more, anything else stands around them.
    fn go_on_pasting(&mut self, line: &str) {
        if line.is_empty() {
            self.may_go_on = false;
            self.given = Some(CERTIFICATE_FILE.path().to_owned());
        } else if self.pasted.len() <= MAX_BUNDLE {
            self.pasted += line;
            self.pasted.push('\n');
        }
    }

    /// Takes a line of a certificate: the blocks of one file are given together, with each block that ends.
    fn paste(&mut self, certificate: FocusTarget, line: &str) -> Option<Intent> {
        self.pasted += line;
        self.pasted.push('\n');
        // What never ends is given too, and refused as too large.
        self.in_block = !line.starts_with("-----END ") && self.pasted.len() <= MAX_BUNDLE;
        if self.in_block {
            return None;
        }
        self.at = 0;
        self.may_go_on = line.starts_with("-----END ");
        self.given = (!self.may_go_on).then(|| CERTIFICATE_FILE.path().to_owned());
        Some(Intent::Paste(certificate, self.pasted.clone()))
    }

    fn answer(&mut self, wizard: &Wizard, question: &Question, line: &str) -> Reply {
        let path = question.path.clone();
        let literal = line.strip_prefix('\\').unwrap_or(line);
        let number = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let intent = match question.field.kind {
            Kind::List(_) => return self.item(question, line, literal),
            _ if line.is_empty() => wizard::slots_of(&wizard.answered(), question).into_iter().next().map(Intent::Keep),
            Kind::Choice(options, _) => {
                let Some(index) = number.filter(|index| *index < options.len()) else {
                    return Reply::Say(not_understood(wizard));
                };
                Some(Intent::Choose(path.clone(), index))
            }
            Kind::Toggle => {
                let Some(wanted) = yes_or_no(line, &wizard.text) else { return Reply::Say(not_understood(wizard)) };
                Some(Intent::Switch(path.clone(), wanted))
            }
            Kind::MultiSelect(source) => match number.filter(|index| *index < source(&wizard.answered()).len()) {
                Some(index) => Some(Intent::Tick(path.clone(), index)),
                None => return Reply::Say(not_understood(wizard)),
            },
            Kind::Country => Some(Intent::Type(FocusTarget::Text(path.clone()), literal.to_owned())),
            _ => {
                let literal = if line == "-" { "" } else { literal };
                Some(Intent::Type(FocusTarget::Text(path.clone()), literal.to_owned()))
            }
        };
        self.given = Some(path);
        if line.is_empty() && matches!(question.field.kind, Kind::MultiSelect(_)) {
            self.at += 1;
        }
        Reply::Do(intent)
    }

    /// Adds an item to a list, takes one away, or replaces the wrong one that was asked again.
    fn item(&mut self, question: &Question, line: &str, literal: &str) -> Reply {
        let count = question.value.items().len();
        let item = |index: usize| FocusTarget::Item(question.path.clone(), index);
        let wrong = self.wrong_item.take();
        let is_there = |number: &str| number.parse::<usize>().ok()?.checked_sub(1).filter(|index| *index < count);
        let removed = match (line.strip_prefix('-'), wrong) {
            (Some(""), Some(wrong)) => Some(wrong),
            (Some(number), _) => is_there(number),
            (None, _) => None,
        };
        if line.is_empty() {
            // A wrong item that is kept leads back to its list.
            self.at += usize::from(wrong.is_none());
            return Reply::Do(None);
        }
        if let Some(index) = removed {
            return Reply::Do(Some(Intent::Remove(item(index))));
        }
        let index = wrong.unwrap_or(count);
        self.given = Some(format!("{}.{index}", question.path));
        Reply::Do(Some(Intent::Type(item(index), literal.to_owned())))
    }

    fn rows(&mut self, wizard: &Wizard, line: &str) -> Reply {
        let shown = wizard.shown_rows();
        let row = |number: &str| {
            let index = number.trim().parse::<usize>().ok()?.checked_sub(1)?;
            shown.contains(&index).then_some(index)
        };
        let on = |intent: Option<Intent>| match intent {
            Some(intent) => Reply::Do(Some(intent)),
            None => Reply::Say(not_understood(wizard)),
        };
        match line.split_at_checked(1) {
            None => {
                self.at += 1;
                Reply::Do(None)
            }
            Some(("@", "")) if wizard.has_partners() => Reply::Do(Some(Intent::Outside)),
            Some(("+", "")) => Reply::Do(Some(Intent::Open(FocusTarget::AddRow))),
            Some(("-", number)) => on(row(number).map(|row| Intent::Remove(FocusTarget::Row(row)))),
            Some(("^", number)) => on(row(number).map(Intent::MoveUp)),
            Some(("/", filter)) => Reply::Do(Some(Intent::Filter(filter.to_owned()))),
            Some(_) => on(row(line).map(|row| Intent::Open(FocusTarget::Row(row)))),
        }
    }

    fn help(&self, wizard: &Wizard) -> String {
        let said = |key: String| wizard.text.say(&say(key));
        let mut help = wizard.text.say(&wizard.page_help());
        if let Some(Place::Question(question)) = places(wizard).get(self.at) {
            help = said(format!("{}.help", message_key(&question.path)));
        }
        format!("{help}\n{}\n", wizard.text.say(&say("plain-keys")))
    }
}

/// What a line has no focus to lead to is told.
fn errors_of_page(wizard: &Wizard) -> Vec<Problem> {
    let problems = wizard.problems_of(wizard.page).into_iter();
    problems.filter(|problem| problem.severity == Severity::Error).collect()
}

fn go(wizard: &Wizard, line: &str) -> Reply {
    if line.is_empty() {
        return Reply::Do(Some(Intent::Open(FocusTarget::Next)));
    }
    let Some(index) = line.parse::<usize>().ok().and_then(|number| number.checked_sub(1)) else {
        return Reply::Say(not_understood(wizard));
    };
    let jumps = jumps(wizard);
    if let Some(slot) = jumps.into_iter().nth(index) {
        return Reply::Do(Some(Intent::Open(slot)));
    }
    match wizard.document(index) {
        Some((_, file, content)) => Reply::Print(format!("{}\n{content}\n", file.display())),
        None => Reply::Say(not_understood(wizard)),
    }
}

fn overlay_answer(wizard: &Wizard, overlay: &Overlay, line: &str) -> Reply {
    Reply::Do(Some(match overlay {
        Overlay::Menu { items, selected, .. } => match line {
            "" => Intent::Item(*selected),
            "<" => Intent::Back,
            _ => match line.parse().ok().filter(|number| (1..=items.len()).contains(number)) {
                Some(number) => Intent::Item(number - 1),
                None => return Reply::Say(not_understood(wizard)),
            },
        },
        // Only a yes is a yes: whatever else is typed leaves everything as it is.
        Overlay::Confirm { .. } => Intent::Answer(yes_or_no(line, &wizard.text) == Some(true)),
        Overlay::Outside { .. } => match (line, listed(wizard, line)) {
            ("" | "<", _) => Intent::Back,
            ("r", _) => Intent::LookAgain,
            (_, Some(place)) => Intent::Item(place),
            (_, None) => return Reply::Say(not_understood(wizard)),
        },
        Overlay::Path { place, .. } => match line {
            "p" if wizard.partner_outside(*place).is_some() => Intent::Partner,
            "" | "<" => Intent::Back,
            _ => return Reply::Say(not_understood(wizard)),
        },
        // A line that is typed is seen.
        Overlay::View { .. } | Overlay::Help { .. } | Overlay::LeadsTo { .. } | Overlay::Password { .. } => {
            Intent::Back
        }
    }))
}

/// The place of the domain that stands in the list under this number.
fn listed(wizard: &Wizard, number: &str) -> Option<usize> {
    let at = number.parse::<usize>().ok()?.checked_sub(1)?;
    wizard.outside.as_ref()?.places().get(at).copied()
}

/// What a whole line means in the language of `text`; none where it is neither yes nor no.
#[must_use]
pub fn yes_or_no(line: &str, text: &Text) -> Option<bool> {
    let line = line.trim().to_lowercase();
    let means = |words: &'static str| text.say(&say(words)).split_whitespace().any(|word| word == line);
    if means("plain-yes-words") {
        return Some(true);
    }
    means("plain-no-words").then_some(false)
}

fn not_understood(wizard: &Wizard) -> String {
    format!("{}\n", wizard.text.say(&say("plain-not-understood")))
}
