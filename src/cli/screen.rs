//! The full screen: events in, update, effects out, draw. From the second picture on the world works on a thread of its
//! own, so that the screen never waits for a disk.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event, MouseEvent, MouseEventKind};

use crate::faces::tui::keys::{Pressed, pressed};
use crate::faces::tui::{Palette, Screen, Theme};
use crate::wizard::{Effect, Key, Msg, Wizard, update};

use super::work::{Job, Worker};
use super::{Args, FAILED, OK};

/// What a process ended by a signal is said to exit with, above the signal's number.
const BY_SIGNAL: u8 = 128;
/// The number of the signal that a cut line stands for.
const HANGUP: u8 = 1;
/// The number of the signal that ctrl-C stands for.
const INTERRUPT: u8 = 2;

/// Runs `wizard` at the screen; gives the exit code and how it ended.
pub fn run(args: &Args, wizard: Wizard, worker: Worker) -> io::Result<(u8, Wizard)> {
    Loop::start(args, wizard, worker)?.run()
}

/// Something that reaches the loop.
enum Happening {
    Msg(Msg),
    Pressed(Pressed),
    Pointed(MouseEvent),
    Resized,
    Continued,
    Signal(i32),
}

struct Loop {
    wizard: Wizard,
    screen: Screen,
    events: Receiver<Happening>,
    jobs: Option<Sender<Job>>,
    worker: thread::JoinHandle<()>,
    cancel: Arc<AtomicBool>,
}

impl Loop {
    fn start(args: &Args, wizard: Wizard, mut worker: Worker) -> io::Result<Self> {
        let (sender, events) = mpsc::channel();
        let (jobs, work) = mpsc::channel();
        let cancel = Arc::new(AtomicBool::new(false));
        // From here on a signal waits until somebody listens.
        let signals = Signals::catch()?;
        let mut screen = Screen::take(theme(args))?;
        // Nobody should wait for threads to see the first page. A line that is cut is noticed at the next draw.
        let _ = screen.draw(&wizard);
        let start = Msg::Start(worker.look(&wizard.answers, None));
        let (tell, cancelled) = (sender.clone(), Arc::clone(&cancel));
        let worker = thread::spawn(move || {
            for job in work {
                let mut progress = |done| drop(tell.send(Happening::Msg(Msg::Progress(done))));
                let msg = worker.carry_out(job, &mut progress, &|| !cancelled.load(Ordering::Relaxed));
                if let Some(msg) = msg {
                    let _ = tell.send(Happening::Msg(msg));
                }
            }
        });
        let heard = sender.clone();
        thread::spawn(move || signals.listen(&heard));
        thread::spawn(move || listen_to_terminal(&sender));
        let mut started = Loop { wizard, screen, events, jobs: Some(jobs), worker, cancel };
        started.take(Happening::Msg(start))?;
        Ok(started)
    }

    fn run(mut self) -> io::Result<(u8, Wizard)> {
        let code = loop {
            if self.screen.draw(&self.wizard).is_err() {
                // The line is cut. A signal says so too, and the answers are saved all the same.
                let signal = self.awaited_signal().unwrap_or(HANGUP);
                break self.end_by(signal)?.unwrap_or(FAILED);
            }
            let Ok(first) = self.events.recv() else { break OK };
            // Everything that is there already is taken in before the next draw.
            let mut end = None;
            for event in std::iter::once(first).chain(self.events.try_iter().collect::<Vec<_>>()) {
                // Where the terminal cannot be written any more, the line is cut.
                end = end.or(self.take(event).unwrap_or(Some(BY_SIGNAL + HANGUP)));
            }
            if let Some(code) = end {
                break code;
            }
        };
        // Writes under way are finished before leaving.
        self.cancel.store(true, Ordering::Relaxed);
        drop(self.jobs.take());
        let _ = self.worker.join();
        Ok((code, self.wizard))
    }

    /// A signal that is there or comes within a moment.
    fn awaited_signal(&self) -> Option<u8> {
        while let Ok(event) = self.events.recv_timeout(Duration::from_millis(200)) {
            if let Happening::Signal(signal) = event {
                return u8::try_from(signal).ok();
            }
        }
        None
    }

    /// Takes an event in; an exit code ends the loop.
    fn take(&mut self, event: Happening) -> io::Result<Option<u8>> {
        let msgs = match event {
            // What cannot be seen takes nothing but the key that leaves.
            Happening::Pressed(Pressed::Key(key)) if key != Key::Quit && !self.screen.shows_page()? => return Ok(None),
            Happening::Msg(Msg::Paste(_)) | Happening::Pointed(_) if !self.screen.shows_page()? => return Ok(None),
            Happening::Msg(msg) => vec![msg],
            Happening::Pressed(Pressed::Key(key)) => vec![Msg::Key(key)],
            Happening::Pointed(event) => self.screen.point(event, &self.wizard)?,
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
        for msg in msgs {
            for effect in update(&mut self.wizard, msg) {
                if let Some(code) = self.carry_out(effect)? {
                    return Ok(Some(code));
                }
            }
        }
        Ok(None)
    }

    /// Ends as the signal of this number does, with what was typed last saved.
    fn end_by(&mut self, signal: u8) -> io::Result<Option<u8>> {
        for effect in update(&mut self.wizard, Msg::Key(Key::Quit)) {
            if effect != Effect::Quit {
                self.carry_out(effect)?;
            }
        }
        Ok(Some(BY_SIGNAL + signal))
    }

    fn carry_out(&mut self, effect: Effect) -> io::Result<Option<u8>> {
        let (answers, renewal) = (|| self.wizard.answers.clone(), self.wizard.facts.renewal);
        let job = match effect {
            Effect::Save(content) => Job::Save(content),
            Effect::Look => Job::Look(answers(), renewal),
            Effect::Receive(pasted) => Job::Receive(pasted),
            Effect::MakeKey(kind) => Job::MakeKey(kind),
            Effect::Run(plan) => {
                self.cancel.store(false, Ordering::Relaxed);
                Job::Run(plan, answers(), renewal)
            }
            Effect::Complete(start) => Job::Complete(start),
            Effect::Cancel => {
                self.cancel.store(true, Ordering::Relaxed);
                return Ok(None);
            }
            Effect::Copy(file, text) => {
                self.screen.copy(&text)?;
                update(&mut self.wizard, Msg::Copied(file));
                return Ok(None);
            }
            Effect::Quit => return Ok(Some(OK)),
        };
        if let Some(jobs) = &self.jobs {
            // The worker is gone only where it panicked, and then the panic has been told.
            let _ = jobs.send(job);
        }
        Ok(None)
    }
}

/// Reads the terminal until it is gone.
fn listen_to_terminal(sender: &Sender<Happening>) {
    while let Ok(event) = event::read() {
        let happening = match event {
            Event::Key(key) => pressed(key).map(Happening::Pressed),
            Event::Paste(text) => Some(Happening::Msg(Msg::Paste(text))),
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
    Theme::new(palette, cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8"))
}
