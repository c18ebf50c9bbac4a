//! The wizard at the screen: messages in, update, effects out, draw. The world works on a thread of its own, so that the
//! screen never waits for a disk.

use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use crossterm::event::{self, Event};

use crate::faces::headless::plan_text;
use crate::faces::tui::keys::{Pressed, pressed};
use crate::faces::tui::{Screen, Theme, on_terminal};
use crate::form::Answers;
use crate::pages;
use crate::plan::Plan;
use crate::text::{Text, say};
use crate::wizard::{Effect, Msg, Wizard, update};
use crate::world::{Access, DryWorld, Outcome, RealWorld, Step, World, perform, save_answers};

use super::headless::{base_of, load, report_problems};
use super::{Args, FAILED, OK, absolute, log, survey, tell};

/// What a process ended by a signal is said to exit with, above the signal's number.
const BY_SIGNAL: u8 = 128;
/// The number of the signal that a cut line stands for.
const HANGUP: u8 = 1;
/// The number of the signal that ctrl-C stands for.
const INTERRUPT: u8 = 2;

/// Runs the wizard.
pub fn run(home: &Path, args: &Args, text: Text) -> io::Result<u8> {
    if !on_terminal() {
        tell(&text.say(&say("not-a-terminal")));
        return Ok(FAILED);
    }
    let text = Rc::new(text);
    let mut world = world(home, args);
    if let Err(held) = world.lock() {
        let home = home.to_string_lossy().into_owned();
        tell(&text.say(&say("locked").with("home", home).with("by", held.by)));
        return Ok(FAILED);
    }
    let Some((answers, resumed)) = first_answers(home, args, &text)? else { return Ok(FAILED) };
    let facts = survey(world.as_ref(), &answers, &text);
    let mut wizard = Wizard::new(Rc::clone(&text), answers, facts, args.dry_run);
    if resumed {
        wizard.notice = Some(say("notice-resumed").with("home", home.to_string_lossy().into_owned()));
    }
    let (code, mut wizard) = Loop::start(home, args, wizard, world)?.run()?;
    if args.dry_run {
        if let Some(file) = &args.answers_out {
            keep_answers(home, &absolute(file), &wizard, &text)?;
        }
        wizard.with_scene(|scene| {
            let reading = pages::read(scene.sheet, scene.text);
            print!("{}", plan_text(&reading, scene.text));
            report_problems(&reading.problems, scene.text)
        })?;
    }
    if !args.dry_run && home.exists() {
        let home = home.to_string_lossy().into_owned();
        tell(&text.say(&say("come-back").with("home", home)));
    }
    log(args, &std::mem::take(&mut wizard.log))?;
    Ok(code)
}

fn world(home: &Path, args: &Args) -> Box<dyn World> {
    let base = match &args.answers {
        Some(answers) => base_of(answers),
        None => absolute(Path::new(".")),
    };
    let real = RealWorld::new(home.to_owned(), base);
    if args.dry_run { Box::new(DryWorld::of(real)) } else { Box::new(real) }
}

/// The answers to start from, and whether they are saved ones; nothing where a file cannot be read, which is told.
fn first_answers(home: &Path, args: &Args, text: &Text) -> io::Result<Option<(Answers, bool)>> {
    let saved = home.join("answers.toml");
    let file: PathBuf = match &args.answers {
        Some(answers) => answers.clone(),
        None if saved.exists() => saved,
        None => return Ok(Some((Answers::default(), false))),
    };
    let (answers, problems) = match load(&file) {
        Ok(loaded) => (Some(loaded.answers), loaded.problems),
        Err(problem) => (None, vec![*problem]),
    };
    if !problems.is_empty() {
        tell(&text.say(&say("answers-refused").with("file", file.to_string_lossy().into_owned())));
        report_problems(&problems, text)?;
        return Ok(None);
    }
    Ok(answers.map(|answers| (answers, args.answers.is_none())))
}

/// Keeps the answers of a dry run: the one thing it writes.
fn keep_answers(home: &Path, file: &Path, wizard: &Wizard, text: &Text) -> io::Result<()> {
    let mut world = RealWorld::new(home.to_owned(), absolute(Path::new(".")));
    let written = world.replace(file, wizard.written().as_bytes(), Access::Private);
    if let Err(error) = &written {
        tell(&text.say(&say("notice-not-saved").with("reason", error.to_string())));
    }
    written
}

/// Something that reaches the loop.
enum Happening {
    Msg(Msg),
    Pressed(Pressed),
    Resized,
    Continued,
    Signal(i32),
}

/// Work for the world.
enum Job {
    Save(String),
    Look(Answers),
    Run(Plan, Answers),
    Complete(String),
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
    fn start(home: &Path, args: &Args, wizard: Wizard, world: Box<dyn World>) -> io::Result<Self> {
        let (sender, events) = mpsc::channel();
        let (jobs, work) = mpsc::channel();
        let cancel = Arc::new(AtomicBool::new(false));
        let worker = Worker {
            world,
            home: home.to_owned(),
            lang: super::language(args),
            tell: sender.clone(),
            cancel: Arc::clone(&cancel),
        };
        let worker = thread::spawn(move || worker.work(&work));
        listen_to_signals(sender.clone())?;
        let screen = Screen::take(theme(args))?;
        thread::spawn(move || listen_to_terminal(&sender));
        Ok(Loop { wizard, screen, events, jobs: Some(jobs), worker, cancel })
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
                end = end.or(self.take(event)?);
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
        let msg = match event {
            Happening::Msg(msg) => msg,
            Happening::Pressed(Pressed::Key(key)) => Msg::Key(key),
            Happening::Pressed(Pressed::Redraw) => return self.screen.forget().map(|()| None),
            Happening::Pressed(Pressed::Suspend) => return self.screen.lend(suspend).map(|()| None),
            Happening::Pressed(Pressed::Interrupt) => return self.end_by(INTERRUPT),
            Happening::Resized => return Ok(None),
            // Whoever stopped and continued us has had the terminal in between, and may have left it in any mode.
            Happening::Continued => return self.screen.lend(|| ()).map(|()| None),
            Happening::Signal(signal) => return self.end_by(u8::try_from(signal).unwrap_or_default()),
        };
        for effect in update(&mut self.wizard, msg) {
            if let Some(code) = self.carry_out(effect)? {
                return Ok(Some(code));
            }
        }
        Ok(None)
    }

    /// Ends as the signal of this number does, with what was typed last saved.
    fn end_by(&mut self, signal: u8) -> io::Result<Option<u8>> {
        for effect in update(&mut self.wizard, Msg::Key(crate::wizard::Key::Quit)) {
            if effect != Effect::Quit {
                self.carry_out(effect)?;
            }
        }
        Ok(Some(BY_SIGNAL + signal))
    }

    fn carry_out(&mut self, effect: Effect) -> io::Result<Option<u8>> {
        let answers = || self.wizard.answers.clone();
        let job = match effect {
            Effect::Save(content) => Job::Save(content),
            Effect::Look => Job::Look(answers()),
            Effect::Run(plan) => {
                self.cancel.store(false, Ordering::Relaxed);
                Job::Run(plan, answers())
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

struct Worker {
    world: Box<dyn World>,
    home: PathBuf,
    lang: String,
    tell: Sender<Happening>,
    cancel: Arc<AtomicBool>,
}

impl Worker {
    fn work(mut self, jobs: &Receiver<Job>) {
        // The catalogue cannot cross threads; this one reads its own.
        let text = Text::load(&self.lang);
        for job in jobs {
            let msg = match job {
                Job::Save(content) => {
                    let saved = save_answers(self.world.as_mut(), &self.home, &content);
                    Msg::Saved(saved.map_err(|error| error.to_string()))
                }
                Job::Look(answers) => Msg::Looked(Box::new(survey(self.world.as_ref(), &answers, &text))),
                Job::Complete(start) => Msg::Completed { names: self.world.complete(&start), start },
                Job::Run(plan, answers) => {
                    let Outcome { reached, failed, cancelled, .. } = self.perform(&plan);
                    let failed = failed.map(|(_, problem)| problem.message(&text));
                    let facts = Box::new(survey(self.world.as_ref(), &answers, &text));
                    Msg::Finished { done: reached, failed, cancelled, facts }
                }
            };
            let _ = self.tell.send(Happening::Msg(msg));
        }
    }

    fn perform(&mut self, plan: &Plan) -> Outcome {
        let mut tell = |step| {
            if let Step::Done(index) = step {
                let _ = self.tell.send(Happening::Msg(Msg::Progress(index + 1)));
            }
        };
        let go_on = || !self.cancel.load(Ordering::Relaxed);
        perform(self.world.as_mut(), &self.home, plan, &mut tell, &go_on)
    }
}

/// Reads the terminal until it is gone.
fn listen_to_terminal(sender: &Sender<Happening>) {
    while let Ok(event) = event::read() {
        let happening = match event {
            Event::Key(key) => pressed(key).map(Happening::Pressed),
            Event::Paste(text) => Some(Happening::Msg(Msg::Paste(text))),
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

#[cfg(unix)]
fn listen_to_signals(sender: Sender<Happening>) -> io::Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGCONT])?;
    thread::spawn(move || {
        for signal in &mut signals {
            let happening = if signal == SIGCONT { Happening::Continued } else { Happening::Signal(signal) };
            if sender.send(happening).is_err() {
                return;
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn listen_to_signals(_: Sender<Happening>) -> io::Result<()> {
    Ok(())
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
    let colour = match args.color.as_str() {
        "always" => true,
        "never" => false,
        // https://no-color.org
        _ => set("NO_COLOR").is_none() && set("TERM").as_deref() != Some("dumb"),
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set).unwrap_or_default().to_lowercase();
    Theme::new(colour, cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8"))
}
