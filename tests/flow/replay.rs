//! Random walks: nothing panics, and every answers file that is saved on the way replays to itself.

use std::path::Path;

use crossterm::event::{MouseButton, MouseEventKind};
use edgewright::edge::Server;
use edgewright::form::{Answered, file};
use edgewright::pages;
use edgewright::problem::Code;
use edgewright::text::Text;
use edgewright::wizard::FocusTarget;
use proptest::prelude::*;

use crate::walk::{HOME, STEPS, Walk, contoso, quick};

/// What a person does.
#[derive(Debug, Clone)]
enum Command {
    Press(&'static str),
    Type(String),
    Paste(String),
    /// Clicks at this column and row.
    Click(u16, u16),
    /// Turns the wheel down or up.
    Wheel(bool),
    /// Goes on, twice if need be.
    GoOn,
    /// Goes back to the first page and chooses this server.
    Serve(usize),
    /// Goes to the place of this number.
    GoTo(usize),
    /// Adds a row with this text in its first field.
    AddRow(String),
    /// Takes the row of this number away.
    RemoveRow(usize),
    /// From a review, jumps to the answer of this number.
    Jump(usize),
}

const KEYS: &[&str] = &[
    "<up>",
    "<down>",
    "<left>",
    "<right>",
    "<enter>",
    "<space>",
    "<tab>",
    "<backtab>",
    "<esc>",
    "<home>",
    "<end>",
    "<pgup>",
    "<pgdn>",
    "<backspace>",
    "<delete>",
    "<c-u>",
    "<c-k>",
    "<c-w>",
    "<c-left>",
    "<c-right>",
    "<c-up>",
    "<c-down>",
    "<c-s>",
    "<c-n>",
    "y",
    "/",
    "<f1>",
    "<f2>",
    "<f3>",
    "<f4>",
    "<f5>",
    "<f6>",
    "<f7>",
    "<f8>",
    "<f9>",
    "<f12>",
];

const WORDS: &[&str] = &[
    "contoso.com",
    "fabrikam.com",
    "*.contoso.com",
    "sip_.contoso.com",
    "localhost",
    "192.0.2.1",
    "2001:db8::1",
    "bücher.example",
    "例え.テスト",
    "us",
    "united",
    "Niger",
    "7200",
    "-1",
    "99999999999999999999",
    "global",
    "site:Redmond",
    "~/x",
    "/",
    "../x.req",
    "",
    " ",
    "\"",
    "\\",
    "'''",
    "#",
    "=",
    "\u{200b}",
    "\u{202e}",
    "🏳️‍🌈",
    "a.very.long.name.that.does.not.end.a.very.long.name.that.does.not.end.a.very.long.name.that.does.not.end.example",
];

fn command() -> impl Strategy<Value = Command> {
    let text = prop_oneof![proptest::sample::select(WORDS).prop_map(str::to_owned), "\\PC{0,12}"];
    let pasted = proptest::collection::vec(prop_oneof![text.clone(), any::<String>()], 1..4);
    prop_oneof![
        12 => proptest::sample::select(KEYS).prop_map(Command::Press),
        6 => text.prop_map(Command::Type),
        2 => pasted.prop_map(|lines| Command::Paste(lines.join("\n"))),
        4 => (0_u16..80, 0_u16..24).prop_map(|(column, row)| Command::Click(column, row)),
        1 => any::<bool>().prop_map(Command::Wheel),
        4 => Just(Command::GoOn),
        1 => (0..Server::ALL.len()).prop_map(Command::Serve),
        6 => (0_usize..40).prop_map(Command::GoTo),
        2 => proptest::sample::select(WORDS).prop_map(|name| Command::AddRow(name.to_owned())),
        1 => (0_usize..4).prop_map(Command::RemoveRow),
        2 => (0_usize..40).prop_map(Command::Jump),
    ]
}

/// A new home folder, or the sample edge on one of the servers.
fn start(number: usize) -> Walk {
    match Server::ALL.get(number) {
        Some(server) => Walk::with(&quick(&contoso(*server))),
        None => Walk::new(),
    }
}

impl Walk {
    fn perform(&mut self, command: &Command) {
        match command {
            Command::Press(keys) => drop(self.keys(keys)),
            Command::Type(text) => self.type_in(text),
            Command::Click(column, row) => {
                self.point((80, 24), MouseEventKind::Down(MouseButton::Left), (*column, *row));
            }
            Command::Wheel(down) => {
                self.wheel(if *down { MouseEventKind::ScrollDown } else { MouseEventKind::ScrollUp });
            }
            Command::AddRow(name) => {
                self.walk_to(&FocusTarget::AddRow, "<f7>");
                self.type_in(name);
                if !self.has_left() {
                    self.keys("<c-n>");
                }
            }
            Command::RemoveRow(row) => {
                self.walk_to(&FocusTarget::Row(*row), "<f8>");
                self.type_in("y");
            }
            Command::Jump(number) => {
                let is_jump = |slot: &FocusTarget| matches!(slot, FocusTarget::Jump(..));
                let jumps: Vec<FocusTarget> = self.wizard().slots().into_iter().filter(is_jump).collect();
                if !jumps.is_empty() {
                    self.walk_to(&jumps[number % jumps.len()], "<enter>");
                }
            }
            Command::Paste(text) => drop(self.paste(text)),
            Command::GoOn => {
                self.walk_to(&FocusTarget::Next, "<enter>");
                self.walk_to(&FocusTarget::Next, "<enter>");
            }
            Command::Serve(server) => {
                for _ in 0..pages::PAGES.len() {
                    if self.page() != "server" && !self.has_left() {
                        self.keys("<esc>");
                    }
                }
                self.walk_to(&FocusTarget::Option("server.kind".into(), *server), "<enter>");
            }
            Command::GoTo(number) => {
                let slots = self.wizard().slots();
                self.walk_to(&slots[number % slots.len()].clone(), "");
            }
        }
    }

    /// Types text, as far as there is anybody to take it: a blank presses buttons, also the last one.
    fn type_in(&mut self, text: &str) {
        for c in text.chars() {
            if !self.has_left() {
                self.keys(&c.to_string().replace('<', "<lt>"));
            }
        }
    }

    /// Goes to a place by arrow keys, as far as that leads, and presses `keys` there.
    fn walk_to(&mut self, place: &FocusTarget, keys: &str) {
        let at = |walk: &Walk, slot: &FocusTarget| walk.wizard().slots().iter().position(|other| other == slot);
        for _ in 0..60 {
            if self.has_left() {
                return;
            }
            let (Some(here), Some(there)) = (at(self, &self.wizard().focus), at(self, place)) else { return };
            match here.cmp(&there) {
                std::cmp::Ordering::Less => self.keys("<down>"),
                std::cmp::Ordering::Greater => self.keys("<up>"),
                std::cmp::Ordering::Equal => {
                    self.keys(keys);
                    return;
                }
            };
        }
    }
}

/// A saved file is read without a problem and saved again the same.
fn replays_to_itself(saved: &str, walk: &Walk) -> Result<(), TestCaseError> {
    let loaded = file::read(saved, pages::form(), Path::new(HOME));
    prop_assert_eq!(&loaded.problems, &[], "\n{}", saved);
    let answered = Answered::new(&loaded.answers, walk.wizard().reading().facts());
    prop_assert_eq!(file::write(pages::PAGES, &answered), saved);
    Ok(())
}

/// What is wrong with a saved file is what was typed, never the file.
fn is_understood(saved: &str, walk: &Walk, text: &Text) -> Result<(), TestCaseError> {
    let loaded = file::read(saved, pages::form(), Path::new(HOME));
    let answered = Answered::new(&loaded.answers, walk.wizard().reading().facts());
    for problem in pages::read(&answered, text).problems {
        let about_the_file = problem.code.name().starts_with("answers-") || problem.code == Code::NotAsked;
        let typed = matches!(problem.code, Code::AnswersMissing | Code::AnswersType);
        prop_assert!(typed || !about_the_file, "{problem:?}\n{saved}");
    }
    Ok(())
}

/// Many short walks find more than a few long ones. Those of every day take about 12,000 steps; `PROPTEST_CASES` asks for
/// more walks, 20,000 of them in `tests/run --long`.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    asked.unwrap_or(120)
}

#[test]
fn any_walk_replays_to_itself() {
    walks();
    let steps = STEPS.get();
    println!("{} walks, {steps} steps", cases());
    assert!(steps >= cases() as usize * 50, "{steps} steps");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 400, ..ProptestConfig::default() })]

    fn walks(number in 0..=Server::ALL.len(), commands in proptest::collection::vec(command(), 1..30)) {
        let text = Text::load("en");
        let mut walk = start(number);
        walk.draw_seldom();
        let mut saved = 0;
        for command in commands {
            walk.perform(&command);
            walk.draw();
            for file in &walk.saved()[saved..] {
                replays_to_itself(file, &walk)?;
            }
            if let Some(last) = walk.saved()[saved..].last() {
                is_understood(last, &walk, &text)?;
            }
            saved = walk.saved().len();
            if walk.has_left() {
                break;
            }
        }
    }
}
