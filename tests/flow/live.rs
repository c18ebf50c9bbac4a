//! What the screen reads again after a change is what reading everything anew says.

use std::path::Path;
use std::sync::Arc;

use edgewright::edge::Renewal;
use edgewright::form::Value;
use edgewright::home::Facts;
use edgewright::pages::{self, Changed, Live, PAGES};
use edgewright::problem::{Code, Problem};
use edgewright::text::Text;
use proptest::prelude::*;

use crate::walk::{CONTOSO, HOME, NOW, read_without_problems};

/// What becomes different.
#[derive(Debug, Clone)]
enum Command {
    /// The answer of this field in the row of this number.
    InRow(usize, &'static str, Value),
    /// The answer of this field.
    Besides(&'static str, Value),
    TakeBack(&'static str),
    Add,
    Remove(usize),
    Swap(usize, usize),
    /// A look found what was known.
    Look,
    /// A renewal is wanted, or not any more.
    Renew(Option<Renewal>),
}

fn value() -> impl Strategy<Value = Value> {
    let words = ["a.example", "A.example", "b.example", "bücher.example", "a_b", "", "x", "required", "optional"];
    let more = ["not-supported", "federated", "prosody", "ejabberd", "lync", "internal", "contoso.com", "refuse"];
    let word = proptest::sample::select([&words[..], &more[..]].concat()).prop_map(str::to_owned);
    prop_oneof![
        4 => word.clone().prop_map(Value::Text),
        2 => any::<bool>().prop_map(Value::Flag),
        1 => (0_i64..9).prop_map(Value::Number),
        2 => proptest::collection::vec(word, 0..3).prop_map(Value::List),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let inner = ["domain", "description", "additional_domains", "type", "tls", "sasl", "dialback", "keep_alive"];
    let inner = proptest::sample::select([&inner[..], &["accept_clear_text", "domain", "domain"]].concat());
    let besides: Vec<&str> = PAGES.iter().flat_map(|page| page.fields).map(|field| field.path).collect();
    let besides = proptest::sample::select([&besides[..], &["server.kind"; 5]].concat());
    let besides = besides.prop_filter("rows are none", |path| *path != "partners");
    prop_oneof![
        12 => (0_usize..6, inner, value()).prop_map(|(row, inner, value)| Command::InRow(row, inner, value)),
        4 => (besides.clone(), value()).prop_map(|(path, value)| Command::Besides(path, value)),
        2 => besides.prop_map(Command::TakeBack),
        3 => Just(Command::Add),
        1 => (0_usize..6).prop_map(Command::Remove),
        1 => (0_usize..6, 0_usize..6).prop_map(|(one, other)| Command::Swap(one, other)),
        1 => Just(Command::Look),
        1 => any::<Option<bool>>().prop_map(|how| Command::Renew(how.map(|keeps_key| Renewal { keeps_key }))),
    ]
}

/// Changes what the screen shows.
fn perform(command: Command, live: &mut Live) {
    let field = |path: &str| pages::form().field(path).expect("a field").1;
    let rows = live.answers().rows("partners").len();
    match command {
        Command::InRow(row, inner, value) if row < rows => {
            let path = format!("partners.{row}.{inner}");
            live.change(Changed::Answer(&path), |answers| answers.set(field(&path).path, &path, value));
        }
        Command::Besides(path, value) => {
            live.change(Changed::Answer(path), |answers| answers.set(field(path).path, path, value));
        }
        Command::TakeBack(path) => live.change(Changed::Answer(path), |answers| answers.unset(path)),
        Command::Add => {
            live.change(Changed::All, |answers| answers.add_row("partners"));
        }
        Command::Remove(row) if row < rows => {
            live.change(Changed::All, |answers| answers.rows_mut("partners").expect("rows").remove(row));
        }
        Command::Swap(one, other) if one.max(other) < rows => {
            live.change(Changed::All, |answers| answers.rows_mut("partners").expect("rows").swap(one, other));
        }
        Command::Look => live.look_is_in(live.facts().clone()),
        Command::Renew(how) => live.wish(|wishes| wishes.renewal = how),
        Command::InRow(..) | Command::Remove(_) | Command::Swap(..) => {}
    }
}

/// Problems in an order that does not depend on who found them.
fn sorted(problems: impl Iterator<Item = Problem>) -> Vec<String> {
    let mut all: Vec<String> = problems.map(|problem| format!("{problem:?}")).collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn after_any_change_it_says_what_reading_anew_says(commands in proptest::collection::vec(command(), 1..25)) {
        let text = Arc::new(Text::load("en"));
        let facts = Facts::unseen(Path::new(HOME), Path::new(HOME), NOW);
        let mut live = Live::new(read_without_problems(CONTOSO, Path::new(HOME)), facts, Arc::clone(&text));
        for command in commands {
            perform(command.clone(), &mut live);
            let mut whole = pages::read(&live.answered(), &text);
            whole.problems.retain(|problem| problem.code != Code::NotAsked);
            prop_assert_eq!(&live.deployment, &whole.deployment, "{:?}", command);
            for page in PAGES.iter().copied() {
                let of_page = |problem: &&Problem| pages::form().field(&problem.path).is_some_and(|(at, _)| at == page);
                let wanted: Vec<Problem> = whole.problems.iter().filter(of_page).cloned().collect();
                prop_assert_eq!(live.worst_of(page), wanted.iter().map(|problem| problem.severity).max(), "{:?}", command);
                for problem in &wanted {
                    let here = |all: &mut dyn Iterator<Item = Problem>| -> Vec<Problem> {
                        all.filter(|other| other.path == problem.path).collect()
                    };
                    let found = here(&mut live.problems_at(&problem.path).map(std::borrow::Cow::into_owned));
                    prop_assert_eq!(found, here(&mut wanted.iter().cloned()), "{:?}", command);
                }
                prop_assert_eq!(sorted(live.problems_of(page).into_iter()), sorted(wanted.into_iter()), "{:?}", command);
            }
            prop_assert_eq!(&live.whole().problems, &whole.problems);
            prop_assert_eq!(&live.whole().plan, &whole.plan);
        }
    }
}
