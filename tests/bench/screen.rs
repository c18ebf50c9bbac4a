//! From a key to its frame with 10,000 partners at 200x60, as microseconds. `cargo bench --bench screen`.
//!
//! A loop of its own instead of criterion's: what a person feels is the slowest key, so each is measured by itself.

mod sample;

use std::sync::Arc;
use std::time::{Duration, Instant};

use edgewright::faces::tui::{Palette, Theme, draw};
use edgewright::text::Text;
use edgewright::wizard::{FocusTarget, KeyPress, Msg, Wizard, update};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

const PARTNERS: usize = 10_000;

/// A wizard on a screen in memory.
struct Seat {
    wizard: Wizard,
    screen: Terminal<TestBackend>,
}

impl Seat {
    /// At the table of partners.
    fn new() -> Self {
        let (answers, facts) = sample::sample(PARTNERS, 0);
        let started = Instant::now();
        let wizard = Wizard::new(Arc::new(Text::load("en")), answers, facts, false);
        let mut seat = Seat { wizard, screen: Terminal::new(TestBackend::new(200, 60)).expect("a screen in memory") };
        seat.draw();
        println!("from answers to the first frame  {:>8} µs", started.elapsed().as_micros());
        while seat.wizard.page.id != "partners" {
            let forward = seat.wizard.pages().iter().position(|page| page.id == "partners")
                > seat.wizard.pages().iter().position(|page| *page == seat.wizard.page);
            // The button that goes on would perform the plan: this goes around it.
            if forward {
                let pages = seat.wizard.pages();
                seat.wizard.page = pages.into_iter().find(|page| page.id == "partners").expect("a page");
                seat.wizard.focus = FocusTarget::Row(0);
            } else {
                seat.key(KeyPress::Escape);
            }
        }
        seat.draw();
        seat
    }

    fn draw(&mut self) {
        let theme = Theme::new(Palette::Sixteen, true);
        self.screen.draw(|frame| drop(draw(frame, &self.wizard, theme))).expect("drawing in memory");
    }

    /// Presses a key and draws; how long both took.
    fn key(&mut self, key: KeyPress) -> Duration {
        let pressed = Instant::now();
        update(&mut self.wizard, Msg::Key(key));
        self.draw();
        pressed.elapsed()
    }
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_micros();
    println!("{what:<32} p50 {:>6} µs   p99 {:>6} µs   max {:>6} µs   n {}", at(50), at(99), at(100), times.len());
}

fn main() {
    let mut seat = Seat::new();
    let down = (0..2000).map(|_| seat.key(KeyPress::Down)).collect();
    report("scrolling by lines", down);
    let pages = (0..500).map(|_| seat.key(KeyPress::PageDown)).collect();
    report("scrolling by pages", pages);

    seat.key(KeyPress::Char('/'));
    let mut filtering = Vec::new();
    for number in 0..100 {
        let typed = format!("partner{number}");
        filtering.extend(typed.chars().map(|c| seat.key(KeyPress::Char(c))));
        filtering.extend(typed.chars().map(|_| seat.key(KeyPress::Backspace)));
    }
    report("filtering", filtering);

    // In the middle of the table.
    seat.wizard.focus = FocusTarget::Row(PARTNERS / 2);
    let opened = seat.key(KeyPress::Enter);
    report("opening a partner", vec![opened]);
    while !matches!(&seat.wizard.focus, FocusTarget::Text(path) if path.ends_with(".domain")) {
        seat.key(KeyPress::Down);
    }
    let mut typing = Vec::new();
    for _ in 0..100 {
        typing.extend(".more".chars().map(|c| seat.key(KeyPress::Char(c))));
        typing.extend((0..5).map(|_| seat.key(KeyPress::Backspace)));
    }
    report("typing a partner's domain", typing);
    let mut leaving = Vec::new();
    for _ in 0..20 {
        seat.key(KeyPress::Char('x'));
        leaving.push(seat.key(KeyPress::Down));
        leaving.push(seat.key(KeyPress::Up));
    }
    report("leaving a field, which saves", leaving);
    let closed = seat.key(KeyPress::Escape);
    report("closing a partner", vec![closed]);
}
