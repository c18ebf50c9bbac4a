//! Random walks: nothing panics, and every answers file that is saved on the way replays to itself.

use std::path::Path;

use edgewright::form::{Sheet, answers};
use edgewright::model::Server;
use edgewright::pages;
use edgewright::problem::Code;
use edgewright::text::Text;
use edgewright::wizard::Slot;
use proptest::prelude::*;

use crate::walk::{HOME, Walk, contoso, quick};

/// What a person does.
#[derive(Debug, Clone)]
enum Deed {
    Press(&'static str),
    Type(String),
    Paste(String),
    /// Goes on, twice if need be.
    GoOn,
    /// Goes back to the first page and chooses this server.
    Serve(usize),
    /// Goes to the place of this number.
    GoTo(usize),
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

fn deed() -> impl Strategy<Value = Deed> {
    let text = prop_oneof![proptest::sample::select(WORDS).prop_map(str::to_owned), "\\PC{0,12}"];
    let pasted = proptest::collection::vec(prop_oneof![text.clone(), any::<String>()], 1..4);
    prop_oneof![
        12 => proptest::sample::select(KEYS).prop_map(Deed::Press),
        6 => text.prop_map(Deed::Type),
        2 => pasted.prop_map(|lines| Deed::Paste(lines.join("\n"))),
        4 => Just(Deed::GoOn),
        1 => (0..Server::ALL.len()).prop_map(Deed::Serve),
        6 => (0_usize..40).prop_map(Deed::GoTo),
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
    fn perform(&mut self, deed: &Deed) {
        match deed {
            Deed::Press(keys) => drop(self.keys(keys)),
            Deed::Type(text) => {
                for c in text.chars() {
                    // A blank presses buttons, also the last one.
                    if !self.has_left() {
                        self.keys(&c.to_string().replace('<', "<lt>"));
                    }
                }
            }
            Deed::Paste(text) => drop(self.paste(text)),
            Deed::GoOn => {
                self.walk_to(&Slot::Next, "<enter>");
                self.walk_to(&Slot::Next, "<enter>");
            }
            Deed::Serve(server) => {
                for _ in 0..pages::PAGES.len() {
                    if self.page() != "server" && !self.has_left() {
                        self.keys("<esc>");
                    }
                }
                self.walk_to(&Slot::Option("server.kind".into(), *server), "<enter>");
            }
            Deed::GoTo(number) => {
                let slots = self.wizard().slots();
                self.walk_to(&slots[number % slots.len()].clone(), "");
            }
        }
    }

    /// Goes to a place by arrow keys, as far as that leads, and presses `keys` there.
    fn walk_to(&mut self, place: &Slot, keys: &str) {
        let at = |walk: &Walk, slot: &Slot| walk.wizard().slots().iter().position(|other| other == slot);
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

/// Checks what the last step saved.
fn replays_to_itself(saved: &str, walk: &Walk, text: &Text) -> Result<(), TestCaseError> {
    let loaded = answers::read(saved, pages::form(), Path::new(HOME));
    prop_assert_eq!(&loaded.problems, &[], "\n{}", saved);
    let sheet = Sheet { form: pages::form(), answers: &loaded.answers, facts: &walk.wizard().facts };
    prop_assert_eq!(answers::write(&sheet), saved);
    for problem in pages::read(&sheet, text).problems {
        let about_the_file = problem.code.name().starts_with("answers-") || problem.code == Code::NotAsked;
        let typed = matches!(problem.code, Code::AnswersMissing | Code::AnswersType);
        prop_assert!(typed || !about_the_file, "{problem:?}\n{saved}");
    }
    Ok(())
}

/// Many short walks find more than a few long ones; `PROPTEST_CASES` asks for more of them.
fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    asked.unwrap_or(150)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_walk_replays_to_itself(number in 0..=Server::ALL.len(), deeds in proptest::collection::vec(deed(), 1..30)) {
        let text = Text::load("en");
        let mut walk = start(number);
        walk.draw_seldom();
        let mut saved = 0;
        for deed in deeds {
            walk.perform(&deed);
            walk.draw();
            for file in &walk.saved()[saved..] {
                replays_to_itself(file, &walk, &text)?;
            }
            saved = walk.saved().len();
            if walk.has_left() {
                break;
            }
        }
    }
}
