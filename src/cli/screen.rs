//! The full screen: events in, update, effects out, draw. What is done outside is done in lanes of its own, so that the
//! screen never waits for a disk.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{self, Event, MouseEvent, MouseEventKind};

use crate::faces::tui::keys::{Pressed, pressed};
use crate::faces::tui::{Palette, Screen, Theme};
use crate::session::{Effect, Lanes, Report, TaskId, Told};
use crate::wizard::{Intent, KeyPress, Msg, Sight, Wizard, update};
use crate::world::World;

use super::args::Args;
use super::exit::OK;
use super::left::Left;

/// What a process ended by a signal is said to exit with, above the signal's number.
const BY_SIGNAL: u8 = 128;
/// The number of the signal that a cut line stands for.
const HANGUP: u8 = 1;
/// The number of the signal that ctrl-C stands for.
const INTERRUPT: u8 = 2;

/// How long a task may take before a person is told what is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// How soon a key that comes again may still be held down. Longer than a keyboard takes to begin to repeat one.
const HELD: Duration = Duration::from_millis(700);

/// Runs `wizard` at the screen.
pub fn run(args: &Args, home: &Path, world: Box<dyn World>, wizard: Wizard) -> io::Result<Left> {
    Loop::start(args, home, world, wizard)?.run()
}

/// Something that reaches the loop.
enum Happening {
    Told(Told),
    Pressed(Pressed),
    Pasted(String),
    Pointed(MouseEvent),
    Resized,
    Continued,
    Signal(i32),
}

struct Loop {
    wizard: Wizard,
    screen: Screen,
    events: Receiver<Happening>,
    lanes: Lanes,
    /// What happened before the first look was over; none once it is.
    early: Option<Vec<Happening>>,
    /// What was said to be slow last: a task, and whether leaving waits for it.
    told_slow: Option<(TaskId, bool)>,
    /// The exit code, where it is time to leave and what is being written is still waited for.
    leaving: Option<Leaving>,
    /// The page being shown, and since when.
    shown: (&'static str, Instant),
    /// Whether a person was told that leaving now loses what could not be saved.
    is_warned: bool,
}

/// That it is time to leave.
#[derive(Clone, Copy)]
struct Leaving {
    code: u8,
    since: Instant,
}

impl Leaving {
    fn with(code: u8) -> Self {
        Leaving { code, since: Instant::now() }
    }

    /// Whether what is being written takes so long that nobody has to wait for it: a cut line alone says more than once that
    /// it is cut, and a key may be pressed twice.
    fn is_overdue(self) -> bool {
        self.since.elapsed() >= PATIENCE
    }
}

impl Loop {
    fn start(args: &Args, home: &Path, world: Box<dyn World>, mut wizard: Wizard) -> io::Result<Self> {
        let (sender, events) = mpsc::channel();
        // From here on a signal waits until somebody listens.
        let signals = Signals::catch()?;
        let mut screen = Screen::take(theme(args))?;
        // On a screen nothing was read that was not drawn: without one, each page is told whole.
        wizard.sight = Some(Sight::default());
        // Nobody should wait for threads to see the first page. A line that is cut is noticed at the next draw.
        let _ = screen.draw(&wizard);
        let told = sender.clone();
        let mut lanes = Lanes::open(world, home.to_owned(), Arc::clone(&wizard.text), move |what| {
            told.send(Happening::Told(what)).is_ok()
        });
        let (first, look) = wizard.first_look();
        lanes.start(first, look);
        let heard = sender.clone();
        thread::spawn(move || signals.listen(&heard));
        let line = sender.clone();
        thread::spawn(move || listen_to_line(&line));
        thread::spawn(move || listen_to_terminal(&sender));
        let shown = (wizard.page.id, Instant::now());
        let (early, told_slow, leaving, is_warned) = (Some(Vec::new()), None, None, false);
        Ok(Loop { wizard, screen, events, lanes, early, told_slow, leaving, shown, is_warned })
    }

    fn run(mut self) -> io::Result<Left> {
        let code = loop {
            // Whoever leaves needs to know no more.
            if self.leaving.is_none() {
                self.lanes.begin_look();
            }
            if self.draw().is_err() {
                // The line is cut. A signal says so too, and the answers are saved all the same.
                let signal = self.awaited_signal().unwrap_or(HANGUP);
                break match self.end_by(signal)? {
                    Some(code) => code,
                    None => self.wait(BY_SIGNAL + signal),
                };
            }
            let first = match self.next() {
                Ok(first) => first,
                Err(RecvTimeoutError::Timeout) => {
                    self.tell_what_is_slow();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => break OK,
            };
            // Everything that is there already is taken in before the next draw.
            let mut end = None;
            for event in std::iter::once(first).chain(self.events.try_iter().collect::<Vec<_>>()) {
                // Where the terminal cannot be written any more, the line is cut.
                let taken = self.take(event).or_else(|_| self.hang_up());
                end = end.or(taken.unwrap_or(Some(BY_SIGNAL + HANGUP)));
            }
            let is_done = !self.lanes.is_writing();
            if let Some(code) = end.or(self.leaving.filter(|_| is_done).map(|leaving| leaving.code)) {
                break code;
            }
        };
        Ok(Left { code, wizard: self.wizard, is_settled: self.lanes.close() })
    }

    /// Draws, and once more where what can be seen then changes what is drawn.
    fn draw(&mut self) -> io::Result<()> {
        self.screen.draw(&self.wizard)?;
        let sight = self.screen.sight();
        if self.wizard.overlay.is_some() || self.wizard.sight.as_ref() == Some(&sight) {
            return Ok(());
        }
        let label = self.wizard.next_label();
        update(&mut self.wizard, Msg::Drawn(sight));
        if label == self.wizard.next_label() { Ok(()) } else { self.screen.draw(&self.wizard) }
    }

    /// What happens next; while there is something to be told of what is waited for, nothing for long enough is an error.
    fn next(&self) -> Result<Happening, RecvTimeoutError> {
        if self.waited_for() == self.told_slow {
            return self.events.recv().map_err(|_| RecvTimeoutError::Disconnected);
        }
        self.events.recv_timeout(PATIENCE)
    }

    /// The task that is waited for longest, and whether leaving waits for it.
    fn waited_for(&self) -> Option<(TaskId, bool)> {
        let is_leaving = self.leaving.is_some();
        let task = if is_leaving { self.lanes.oldest_write() } else { self.lanes.oldest() };
        task.map(|task| (task, is_leaving))
    }

    /// Says what is waited for.
    fn tell_what_is_slow(&mut self) {
        self.told_slow = self.waited_for();
        match self.told_slow {
            Some((_, true)) => drop(update(&mut self.wizard, Msg::Leaving)),
            Some((task, false)) => drop(update(&mut self.wizard, Msg::Slow(task))),
            None => {}
        }
    }

    /// Waits until what is being written is finished, where nobody sees it any more; gives the exit code.
    fn wait(&mut self, code: u8) -> u8 {
        while self.lanes.is_writing() {
            let Ok(event) = self.events.recv() else { break };
            if let Ok(Some(code)) = self.take_while_leaving(event) {
                return code;
            }
        }
        code
    }

    /// A signal that is there or comes within a moment; what the lanes tell meanwhile is heard.
    fn awaited_signal(&mut self) -> Option<u8> {
        while let Ok(event) = self.events.recv_timeout(Duration::from_millis(200)) {
            match event {
                Happening::Signal(signal) => return u8::try_from(signal).ok(),
                told @ Happening::Told(_) => drop(self.take_while_leaving(told)),
                _ => {}
            }
        }
        None
    }

    /// Takes an event in; an exit code ends the loop.
    fn take(&mut self, event: Happening) -> io::Result<Option<u8>> {
        if self.leaving.is_some() {
            return self.take_while_leaving(event);
        }
        let Some(event) = self.hold_back(event) else { return Ok(None) };
        let msgs = match event {
            // Nothing was said yet, so there is nothing to be saved.
            Happening::Pressed(Pressed::Key(KeyPress::Quit) | Pressed::Held(KeyPress::Quit))
                if self.early.is_some() =>
            {
                return Ok(Some(OK));
            }
            // What cannot be seen takes nothing but the key that leaves.
            Happening::Pressed(Pressed::Key(key) | Pressed::Held(key))
                if key != KeyPress::Quit && !self.screen.shows_page()? =>
            {
                return Ok(None);
            }
            Happening::Pasted(_) | Happening::Pointed(_) if !self.screen.shows_page()? => return Ok(None),
            Happening::Told(told) => return self.hear(told),
            // What is pressed as soon as a page is there was meant for the one before.
            Happening::Pressed(Pressed::Key(key)) if self.shown.1.elapsed() < HELD => vec![Msg::Held(key)],
            Happening::Pressed(Pressed::Key(key)) => vec![Msg::Key(key)],
            Happening::Pressed(Pressed::Held(key)) => vec![Msg::Held(key)],
            Happening::Pasted(text) => vec![Msg::Paste(text)],
            Happening::Pointed(event) => self.screen.point(event, &self.wizard)?.map(Msg::Intent).into_iter().collect(),
            Happening::Pressed(Pressed::Mouse) => return self.screen.switch_mouse().map(|()| None),
            Happening::Pressed(Pressed::Redraw) => return self.screen.forget().map(|()| None),
            Happening::Pressed(Pressed::Look) => {
                self.screen.next_look();
                return Ok(None);
            }
            Happening::Pressed(Pressed::Suspend) => return self.screen.lend(suspend).map(|()| None),
            Happening::Pressed(Pressed::Interrupt) => return self.end_by(INTERRUPT),
            Happening::Resized => return Ok(None),
            // Whoever stopped and continued us has had the terminal in between, and may have left it in any mode.
            Happening::Continued => return self.screen.lend(|| ()).map(|()| None),
            Happening::Signal(signal) => return self.end_by(u8::try_from(signal).unwrap_or_default()),
        };
        let ended = self.give(msgs);
        if self.shown.0 != self.wizard.page.id {
            self.shown = (self.wizard.page.id, Instant::now());
        }
        ended
    }

    /// Holds back what a person does before it is known what is there; what leaves, and what is about the terminal, is not.
    fn hold_back(&mut self, event: Happening) -> Option<Happening> {
        let is_meant_for_a_page = match &event {
            Happening::Pressed(Pressed::Key(key) | Pressed::Held(key)) => *key != KeyPress::Quit,
            Happening::Pasted(_) | Happening::Pointed(_) => true,
            _ => false,
        };
        match &mut self.early {
            Some(early) if is_meant_for_a_page => {
                early.push(event);
                None
            }
            _ => Some(event),
        }
    }

    /// Hears what a lane tells.
    fn hear(&mut self, told: Told) -> io::Result<Option<u8>> {
        match self.lanes.hear(told) {
            Some((_, Report::Looked(facts))) if self.early.is_some() => {
                let mut end = self.give(vec![Msg::Start(facts)])?;
                for event in self.early.take().into_iter().flatten() {
                    end = end.or(self.take(event)?);
                }
                Ok(end)
            }
            Some((id, report)) => self.give(vec![Msg::Task(id, report)]),
            None => Ok(None),
        }
    }

    /// While what is being written is finished: whoever wants to leave all the same may.
    fn take_while_leaving(&mut self, event: Happening) -> io::Result<Option<u8>> {
        match event {
            Happening::Pressed(Pressed::Key(KeyPress::Quit) | Pressed::Held(KeyPress::Quit) | Pressed::Interrupt) => {
                Ok(self.leaving.filter(|leaving| leaving.is_overdue()).map(|leaving| leaving.code))
            }
            Happening::Signal(signal) => {
                let is_overdue = self.leaving.is_some_and(Leaving::is_overdue);
                Ok(is_overdue.then(|| BY_SIGNAL + u8::try_from(signal).unwrap_or_default()))
            }
            // What was done is in the log all the same.
            Happening::Told(told) => {
                if let Some((id, report)) = self.lanes.hear(told) {
                    update(&mut self.wizard, Msg::Task(id, report));
                }
                self.stay_with_what_is_unsaved();
                Ok(None)
            }
            Happening::Continued => self.screen.lend(|| ()).map(|()| None),
            _ => Ok(None),
        }
    }

    /// A person who leaves by a key, and whose answers could not be saved, is told so once and may make room for them.
    fn stay_with_what_is_unsaved(&mut self) {
        let is_by_key = self.leaving.is_some_and(|leaving| leaving.code == OK);
        if is_by_key && self.wizard.is_unsaved() && !self.is_warned {
            self.is_warned = true;
            self.leaving = None;
            update(&mut self.wizard, Msg::Unsaved);
        }
    }

    /// Gives messages to the wizard and does what it asks.
    fn give(&mut self, msgs: Vec<Msg>) -> io::Result<Option<u8>> {
        for msg in msgs {
            for effect in update(&mut self.wizard, msg) {
                self.carry_out(effect)?;
            }
        }
        Ok(None)
    }

    /// Ends as the signal of this number does, with what was typed last saved.
    fn end_by(&mut self, signal: u8) -> io::Result<Option<u8>> {
        if self.early.is_some() {
            return Ok(Some(BY_SIGNAL + signal));
        }
        self.give(vec![Msg::Intent(Intent::Quit)])?;
        self.lanes.stop_all();
        self.leaving = Some(Leaving::with(BY_SIGNAL + signal));
        Ok(None)
    }

    /// Ends as a signal does where the line is cut, unless that began already.
    fn hang_up(&mut self) -> io::Result<Option<u8>> {
        if self.leaving.is_some() { Ok(None) } else { self.end_by(HANGUP) }
    }

    fn carry_out(&mut self, effect: Effect) -> io::Result<()> {
        match effect {
            Effect::Start(id, task) => self.lanes.start(id, task),
            Effect::Stop(id) => self.lanes.stop(id),
            Effect::Copy(file, text) => {
                self.screen.copy(&text)?;
                update(&mut self.wizard, Msg::Copied(file));
            }
            Effect::Quit => {
                self.lanes.stop_all();
                self.leaving = Some(Leaving::with(OK));
            }
        }
        Ok(())
    }
}

/// Reads the terminal until it is gone.
fn listen_to_terminal(sender: &Sender<Happening>) {
    let mut last = None;
    while let Ok(event) = event::read() {
        let happening = match event {
            Event::Key(key) => pressed(key).map(|pressed| Happening::Pressed(held(pressed, &mut last))),
            Event::Paste(text) => Some(Happening::Pasted(text)),
            // Where the mouse is while nothing is pressed concerns nobody.
            Event::Mouse(mouse) => (mouse.kind != MouseEventKind::Moved).then_some(Happening::Pointed(mouse)),
            Event::Resize(..) => Some(Happening::Resized),
            _ => None,
        };
        if happening.is_some_and(|happening| sender.send(happening).is_err()) {
            return;
        }
    }
    // The line is gone, whether or not the system says so with a signal.
    let _ = sender.send(Happening::Signal(HANGUP.into()));
}

/// Waits until the line is cut: of a terminal that is gone crossterm reads nothing for ever, and tells nobody.
#[cfg(unix)]
fn listen_to_line(sender: &Sender<Happening>) {
    use rustix::event::{PollFd, PollFlags, poll};
    let stdin = io::stdin();
    // That nobody is at the other end is told of every file.
    while let Err(rustix::io::Errno::INTR) = poll(&mut [PollFd::new(&stdin, PollFlags::empty())], None) {}
    let _ = sender.send(Happening::Signal(HANGUP.into()));
}

#[cfg(not(unix))]
fn listen_to_line(_: &Sender<Happening>) {}

/// What was pressed, told from what may be held down; `last` is what was pressed before, and when.
fn held(now: Pressed, last: &mut Option<(Pressed, Instant)>) -> Pressed {
    let moment = Instant::now();
    let before = last.replace((now, moment));
    match now {
        Pressed::Key(key) if before.is_some_and(|(before, at)| before == now && moment - at < HELD) => {
            Pressed::Held(key)
        }
        now => now,
    }
}

/// The signals that are ours to answer.
#[cfg(unix)]
struct Signals(signal_hook::iterator::Signals);

#[cfg(unix)]
impl Signals {
    fn catch() -> io::Result<Self> {
        use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM};
        signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGCONT]).map(Signals)
    }

    fn listen(mut self, sender: &Sender<Happening>) {
        for signal in &mut self.0 {
            let continued = signal == signal_hook::consts::SIGCONT;
            let happening = if continued { Happening::Continued } else { Happening::Signal(signal) };
            if sender.send(happening).is_err() {
                return;
            }
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn catch() -> io::Result<Self> {
        Ok(Signals)
    }

    fn listen(self, _: &Sender<Happening>) {}
}

/// Stops the process until it is continued, as ctrl-Z does outside raw mode.
#[cfg(unix)]
fn suspend() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP);
}

#[cfg(not(unix))]
fn suspend() {}

fn theme(args: &Args) -> Theme {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let most = match set("COLORTERM").as_deref() {
        Some("truecolor" | "24bit") => Palette::Full,
        _ => Palette::Sixteen,
    };
    let palette = match args.color.as_str() {
        "always" => most,
        "never" => Palette::None,
        // https://no-color.org
        _ if set("NO_COLOR").is_some() => Palette::None,
        _ => most,
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_lowercase();
    let is_unicode = cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8");
    // The terminals of that name have no such signs, whatever the locale says.
    Theme::new(palette, is_unicode && !set("TERM").is_some_and(|term| term.starts_with("vt")))
}
