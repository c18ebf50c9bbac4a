//! A walk through the wizard: keys in, screens and files out.

use std::cmp::Ordering;
use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use edgewright::edge::Server;
use edgewright::faces::tui::keys::{Pressed, pressed};
use edgewright::faces::tui::{Palette, Targets, Theme, draw};
use edgewright::form::{Answered, Answers, Body, Kind, NO_WISHES, Value, file};
use edgewright::pages;
use edgewright::session::{Control, Effect, Progress, Report, Session, Stop, Task, TaskId, look};
use edgewright::text::{Message, Text, say};
use edgewright::wizard::{FocusTarget, Msg, Wizard, update};
use edgewright::world::{FakeWorld, KnownAnswers, World, save_answers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use time::OffsetDateTime;
use time::macros::datetime;
use unicode_width::UnicodeWidthStr;

/// The home folder of every walk in memory.
pub const HOME: &str = "/home/ada/edge";
/// The sample edge: Lync, filled in from the first page to the last.
pub const CONTOSO: &str = include_str!("contoso.toml");
/// When every walk in memory takes place.
pub const NOW: OffsetDateTime = datetime!(2026-11-21 09:00 UTC);
/// No page needs more keys than this to be left.
const PATIENCE: usize = 200;

thread_local! {
    /// How many messages the wizards of this test took.
    pub static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// A person at the wizard.
pub struct Walk<W: World = FakeWorld> {
    at: Stage,
    pub world: W,
    /// Keys pressed in the middle of the next run: after so many actions.
    interruption: Option<(usize, &'static str)>,
    /// What looks under way will have seen, the oldest first; none where each comes to its end at once.
    known: KnownAnswers,
    slow_looks: Option<VecDeque<Msg>>,
}

/// The wizard and the screens it is drawn on after every message.
struct Stage {
    wizard: Wizard,
    screens: [Terminal<TestBackend>; 2],
    theme: Theme,
    /// Whether to draw after every message; a long random walk has no time for that.
    draws_always: bool,
    /// Places that had the focus: page and field.
    focused: BTreeSet<(String, String)>,
    /// Every file that was saved.
    saved: Vec<String>,
    /// What went to the clipboard: file and text.
    copied: Vec<(PathBuf, String)>,
    has_left: bool,
}

impl Walk {
    /// Somebody who starts with an empty home folder.
    pub fn new() -> Self {
        Walk::through(fake())
    }

    /// Somebody who starts with these answers in the home folder.
    pub fn with(answers: &str) -> Self {
        let mut world = fake();
        save_answers(&mut world, Path::new(HOME), &mut KnownAnswers::default(), answers)
            .expect("a fake disk takes everything");
        Walk::through(world)
    }

    /// Somebody who comes back to the sample edge, at this page.
    #[track_caller]
    pub fn at(page: &str) -> Self {
        let mut walk = Walk::with(&quick(CONTOSO));
        // The way there is walked, and drawn, by others.
        walk.draw_seldom().go_to_page(page);
        walk.at.draws_always = true;
        walk.draw();
        walk
    }

    /// Somebody who starts in this world: with the answers in its home folder, if there are any.
    pub fn through(world: FakeWorld) -> Self {
        let saved = world.disk.get(&answers_path(Path::new(HOME))).cloned().flatten();
        let saved = saved.map(|content| String::from_utf8(content).expect("answers are text"));
        let answers = saved.map(|saved| read_without_problems(&saved, Path::new(HOME))).unwrap_or_default();
        Walk::in_world(world, answers, false)
    }

    /// The answers file as it lies on the fake disk; empty while there is none.
    pub fn answers_file(&self) -> String {
        self.file(&answers_path(Path::new(HOME))).unwrap_or_default()
    }

    /// The text of a file on the fake disk.
    pub fn file(&self, path: &Path) -> Option<String> {
        let content = self.world.disk.get(path)?.clone()?;
        Some(String::from_utf8(content).expect("a text file"))
    }

    /// Puts a file on the fake disk, as somebody else would.
    pub fn put(&mut self, path: &str, content: &str) {
        self.world.disk.insert(path.into(), Some(content.into()));
    }
}

impl<W: World> Walk<W> {
    /// Somebody who starts in `world` with these answers.
    pub fn in_world(world: W, answers: Answers, dry_run: bool) -> Self {
        let text = Arc::new(Text::load("en"));
        let wizard = Wizard::new(text, answers, world.look(&[]), dry_run);
        let screen = |width, height| Terminal::new(TestBackend::new(width, height)).expect("a screen in memory");
        let mut at = Stage {
            wizard,
            screens: [screen(80, 24), screen(120, 40)],
            theme: Theme::new(Palette::None, true),
            draws_always: true,
            focused: BTreeSet::new(),
            saved: Vec::new(),
            copied: Vec::new(),
            has_left: false,
        };
        at.draw();
        at.focused.extend(place_of(&at.wizard));
        let known = KnownAnswers::read(&world, &at.wizard.reading().facts().home);
        let mut walk = Walk { at, world, interruption: None, slow_looks: None, known };
        walk.start();
        walk
    }

    /// The disk is slow from now on, and whoever is asked who may issue: what is looked at is known with [`Walk::look_ends`].
    pub fn looks_are_slow(&mut self) -> &mut Self {
        self.slow_looks = Some(VecDeque::new());
        self
    }

    /// The oldest look comes to its end.
    #[track_caller]
    pub fn look_ends(&mut self) -> &mut Self {
        let looked = self.slow_looks.as_mut().and_then(VecDeque::pop_front).expect("a look is under way");
        self.take(looked);
        self
    }

    /// Draws only when told to from now on.
    pub fn draw_seldom(&mut self) -> &mut Self {
        self.at.draws_always = false;
        self
    }

    /// Draws now.
    pub fn draw(&mut self) -> &mut Self {
        self.at.draw();
        self
    }

    /// Presses keys: characters as they are, others in brackets, such as `sip.contoso.com<enter>` or `<c-down>`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for event in events(keys) {
            assert!(!self.at.has_left, "nobody is there any more to press {keys:?}");
            if let Some(Pressed::Key(key)) = pressed(event) {
                self.take(Msg::Key(key));
            }
        }
        self
    }

    /// Pastes text as a terminal with bracketed paste does.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.take(Msg::Paste(text.to_owned()));
        self
    }

    /// Clicks the first letter of what stands at 80x24.
    #[track_caller]
    pub fn click(&mut self, text: &str) -> &mut Self {
        self.click_in((80, 24), text)
    }

    /// Clicks the first letter of what stands in a window of this size.
    #[track_caller]
    pub fn click_in(&mut self, size: (u16, u16), text: &str) -> &mut Self {
        let screen = self.drawn(size.0, size.1, Theme::new(Palette::None, true)).text;
        let found = screen.lines().enumerate().find_map(|(row, line)| Some((row, line.split_once(text)?.0.width())));
        let (row, column) = found.unwrap_or_else(|| panic!("{text:?} is not there to be clicked:\n{screen}"));
        let [column, row] = [column, row].map(|at| u16::try_from(at).expect("a place on the screen"));
        self.point(size, MouseEventKind::Down(MouseButton::Left), (column, row))
    }

    /// Does something with the mouse at this column and row of a window of this size.
    pub fn point(&mut self, (width, height): (u16, u16), kind: MouseEventKind, (column, row): (u16, u16)) -> &mut Self {
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        let mut screen = Terminal::new(TestBackend::new(width, height)).expect("a screen in memory");
        let mut targets = Targets::default();
        screen.draw(|frame| targets = draw(frame, &self.at.wizard, self.at.theme)).expect("drawing in memory");
        if let Some(intent) = targets.asks(event, &self.at.wizard) {
            self.take(Msg::Intent(intent));
        }
        self
    }

    /// Turns the wheel over the page at 80x24.
    pub fn wheel(&mut self, kind: MouseEventKind) -> &mut Self {
        self.point((80, 24), kind, (40, 10))
    }

    /// Lets a message arrive that nobody waits for any more.
    pub fn late(&mut self, msg: Msg) -> &mut Self {
        self.take(msg);
        self
    }

    /// Presses `keys` in the middle of the next run, after `done` of its actions.
    pub fn interrupt_after(&mut self, done: usize, keys: &'static str) -> &mut Self {
        self.interruption = Some((done, keys));
        self
    }

    /// Says that this is the page now; a walk without such signposts is hard to follow.
    #[track_caller]
    pub fn on(&mut self, page: &str) -> &mut Self {
        assert_eq!(self.page(), page, "\n{}", self.screen());
        self
    }

    /// Goes to a place, up or down.
    #[track_caller]
    pub fn go_to(&mut self, place: &FocusTarget) -> &mut Self {
        self.go_to_place(&format!("{place:?}"), |slot| slot == place)
    }

    /// Goes to the field at `path`, up or down, or to the first place of it.
    #[track_caller]
    pub fn go_to_field(&mut self, path: &str) -> &mut Self {
        self.go_to_place(path, |slot| slot.path() == Some(path))
    }

    /// Goes to the last line of a summary that leads to `path`, up or down.
    #[track_caller]
    pub fn go_to_line(&mut self, path: &str) -> &mut Self {
        let slots = self.at.wizard.slots();
        let line = slots.iter().rfind(|slot| matches!(slot, FocusTarget::Jump(_, to) if to == path));
        self.go_to(line.unwrap_or_else(|| panic!("no line leads to {path}\n{}", self.screen())))
    }

    #[track_caller]
    fn go_to_place(&mut self, what: &str, is_it: impl Fn(&FocusTarget) -> bool) -> &mut Self {
        // Whoever looks for a line of a summary reads it first.
        if self.at.wizard.overlay.is_none()
            && self.at.wizard.page.body == Body::Summary
            && self.at.wizard.slots().iter().any(|slot| is_it(slot) && matches!(slot, FocusTarget::Jump(..)))
        {
            self.keys("<end>");
        }
        for _ in 0..PATIENCE {
            let slots = self.at.wizard.slots();
            let Some(wanted) = slots.iter().position(&is_it) else { break };
            match slots.iter().position(|slot| *slot == self.at.wizard.focus) {
                Some(at) if at == wanted => return self,
                Some(at) if at > wanted => self.keys("<up>"),
                Some(_) if self.at.wizard.focus == FocusTarget::Next => self.keys("<right>"),
                _ => self.keys("<down>"),
            };
        }
        panic!("{what} cannot be reached\n{}", self.screen());
    }

    /// Presses the button that goes on.
    #[track_caller]
    pub fn next(&mut self) -> &mut Self {
        if self.at.wizard.overlay.is_none() && self.at.wizard.page.body == Body::Summary {
            self.keys("<end>");
        }
        self.go_to(&FocusTarget::Next).keys("<enter>")
    }

    /// Goes on or back page by page, changing nothing, until `page`.
    #[track_caller]
    pub fn go_to_page(&mut self, page: &str) -> &mut Self {
        for _ in 0..=pages::PAGES.len() {
            let pages = self.at.wizard.pages();
            let at = |id: &str| pages.iter().position(|page| page.id == id);
            let Some(wanted) = at(page) else { break };
            match at(self.page()).cmp(&Some(wanted)) {
                Ordering::Less => self.next(),
                Ordering::Equal => return self,
                Ordering::Greater => self.keys("<esc>"),
            };
        }
        panic!("{page} cannot be reached\n{}", self.screen());
    }

    /// The answers file as it would be saved now.
    pub fn written(&self) -> String {
        self.at.wizard.written()
    }

    /// The page being shown.
    pub fn page(&self) -> &'static str {
        self.at.wizard.page.id
    }

    /// The state behind the screen.
    pub fn wizard(&self) -> &Wizard {
        &self.at.wizard
    }

    /// The wizard as it is started again: with the hub over the page, looked at until nothing more is to be worked out.
    pub fn started_again(&mut self) -> &mut Self {
        let wizard = &self.at.wizard;
        let (text, answers) = (Arc::clone(&wizard.text), wizard.reading().answers().clone());
        let glance = self.world.look(&[]);
        self.at.wizard = Wizard::resumed(text, answers, glance, wizard.dry_run, Vec::new());
        self.at.draw();
        self.start();
        self
    }

    /// What follows the first picture.
    fn start(&mut self) {
        let wizard = &self.at.wizard;
        let facts = look(self.world.reader().as_ref(), wizard.reading().answers(), &NO_WISHES, &wizard.text);
        self.take(Msg::Start(Box::new(facts)));
    }

    /// The answer at `path` in one line, as typed; nothing where none was given.
    pub fn answer(&self, path: &str) -> Option<String> {
        self.at.wizard.reading().answers().get(path).map(Value::shown)
    }

    /// What is drawn at 80x24.
    pub fn screen(&self) -> String {
        contents(&self.at.screens[0])
    }

    /// What is drawn at 120x40.
    pub fn wide_screen(&self) -> String {
        contents(&self.at.screens[1])
    }

    /// Draws at any size, with any look.
    pub fn drawn(&self, width: u16, height: u16, theme: Theme) -> Drawn {
        let mut screen = Terminal::new(TestBackend::new(width, height)).expect("a screen in memory");
        screen.draw(|frame| drop(draw(frame, &self.at.wizard, theme))).expect("drawing in memory");
        let cursor = screen.backend().cursor_visible().then(|| screen.backend().cursor_position());
        Drawn { text: contents(&screen), cursor: cursor.map(|position| (position.x, position.y)) }
    }

    /// Whether a text can be read at 80x24, wrapped or not.
    pub fn shows(&self, text: &str) -> bool {
        can_be_read(text, &self.screen())
    }

    /// Whether a text can be read at 120x40, wrapped or not.
    pub fn shows_wide(&self, text: &str) -> bool {
        can_be_read(text, &self.wide_screen())
    }

    /// Whether a message of the catalogue can be read at 80x24, wrapped or not.
    pub fn says(&self, message: &Message) -> bool {
        self.shows(&self.words(message))
    }

    /// A message in the language of the walk.
    pub fn words(&self, message: &Message) -> String {
        self.at.wizard.text.say(message)
    }

    #[track_caller]
    pub fn must_show(&mut self, text: &str) -> &mut Self {
        assert!(self.shows(text), "{text:?} cannot be read:\n{}", self.screen());
        self
    }

    #[track_caller]
    pub fn must_not_show(&mut self, text: &str) -> &mut Self {
        assert!(!self.shows(text), "{text:?} can be read:\n{}", self.screen());
        self
    }

    #[track_caller]
    pub fn must_say(&mut self, message: &Message) -> &mut Self {
        let text = self.words(message);
        self.must_show(&text)
    }

    #[track_caller]
    pub fn must_say_key(&mut self, key: &'static str) -> &mut Self {
        self.must_say(&say(key))
    }

    #[track_caller]
    pub fn must_not_say_key(&mut self, key: &'static str) -> &mut Self {
        let text = self.words(&say(key));
        self.must_not_show(&text)
    }

    /// Every answers file that was saved so far, whatever became of it.
    pub fn saved(&self) -> &[String] {
        &self.at.saved
    }

    /// What went to the clipboard last: file and text.
    pub fn copied(&self) -> Option<&(PathBuf, String)> {
        self.at.copied.last()
    }

    pub fn has_left(&self) -> bool {
        self.at.has_left
    }

    /// The pages and fields that had the focus.
    pub fn focused(&self) -> &BTreeSet<(String, String)> {
        &self.at.focused
    }

    /// The pages and fields that are asked with the answers as they are.
    pub fn asked(&self) -> BTreeSet<(String, String)> {
        asked(&self.at.wizard.answered())
    }

    fn take(&mut self, msg: Msg) {
        for effect in self.at.take(msg) {
            self.carry_out(effect);
        }
    }

    /// Does what the screen's loop has done, at once.
    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Start(id, task) => self.start_task(id, task),
            Effect::Copy(file, text) => {
                self.at.copied.push((file.clone(), text));
                self.take(Msg::Copied(file));
            }
            Effect::Quit => {
                self.at.has_left = true;
                self.at.draw_at_every_size();
            }
            // Nothing is running any more.
            Effect::Stop(_) => {}
        }
    }

    fn start_task(&mut self, id: TaskId, task: Task) {
        if let Task::Save(content) = &task {
            self.at.saved.push(content.clone());
        }
        let (home, text) = (self.home(), Arc::clone(&self.at.wizard.text));
        let stop = Stop::default();
        let mut later = Vec::new();
        let Walk { at, world, interruption, slow_looks, known } = self;
        let mut seen = 0;
        let mut report = |progress| {
            seen += usize::from(matches!(progress, Progress::Seen(..)));
            let done = if let Progress::Step(done) = progress { done } else { seen };
            at.take(Msg::Task(id, Report::Progress(progress)));
            if let Some((_, keys)) = interruption.take_if(|(after, _)| *after == done) {
                for key in events(keys).into_iter().filter_map(pressed) {
                    let Pressed::Key(key) = key else { continue };
                    for effect in at.take(Msg::Key(key)) {
                        if matches!(effect, Effect::Stop(_)) { stop.now() } else { later.push(effect) }
                    }
                }
            }
        };
        let mut session = Session { world, home: &home, text: &text, known };
        let report = session.carry_out(task, &mut Control { report: &mut report, stop: &stop });
        match (report.map(|report| Msg::Task(id, report)), slow_looks) {
            (Some(looked @ Msg::Task(_, Report::Looked(_) | Report::Issuers(_))), Some(looks)) => {
                looks.push_back(looked);
            }
            (msg, _) => {
                for effect in later {
                    self.carry_out(effect);
                }
                if let Some(msg) = msg {
                    self.take(msg);
                }
            }
        }
    }

    fn home(&self) -> PathBuf {
        self.at.wizard.reading().facts().home.clone()
    }
}

impl<W: World> Drop for Walk<W> {
    /// However a walk ends, the last state can be drawn anywhere.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.at.draw_at_every_size();
        }
    }
}

impl Stage {
    fn take(&mut self, msg: Msg) -> Vec<Effect> {
        STEPS.set(STEPS.get() + 1);
        let effects = update(&mut self.wizard, msg);
        let slots = self.wizard.slots();
        assert!(slots.contains(&self.wizard.focus), "the focus {:?} is none of {slots:?}", self.wizard.focus);
        self.focused.extend(place_of(&self.wizard));
        if self.draws_always || self.wizard.page.body == Body::Summary {
            self.draw();
        }
        effects
    }

    fn draw(&mut self) {
        let targets = self.draw_once();
        // As the screen's loop: what can be seen may change what is drawn.
        if self.wizard.overlay.is_none() && self.wizard.sight.as_ref() != Some(&targets.sight()) {
            update(&mut self.wizard, Msg::Drawn(targets.sight()));
            self.draw_once();
        }
    }

    /// Draws every screen; says what can be clicked on the first.
    fn draw_once(&mut self) -> Targets {
        let mut first = None;
        for screen in &mut self.screens {
            let mut targets = Targets::default();
            screen.draw(|frame| targets = draw(frame, &self.wizard, self.theme)).expect("drawing in memory");
            first.get_or_insert(targets);
        }
        first.expect("a screen")
    }

    fn draw_at_every_size(&mut self) {
        for (width, height) in [(40, 12), (60, 16), (79, 23), (100, 30), (200, 60), (1, 1), (1, 60), (200, 1), (0, 0)] {
            let mut screen = Terminal::new(TestBackend::new(width, height)).expect("a screen in memory");
            screen.draw(|frame| drop(draw(frame, &self.wizard, self.theme))).expect("drawing in memory");
        }
    }
}

/// A drawn screen.
pub struct Drawn {
    pub text: String,
    /// Column and row of the cursor, where it is shown.
    pub cursor: Option<(u16, u16)>,
}

/// The sample edge run by another server.
pub fn contoso(server: Server) -> String {
    match server {
        Server::Lync => CONTOSO.to_owned(),
        // Host and kind of key follow from nothing else there.
        Server::Prosody | Server::Ejabberd => CONTOSO
            .replace("kind = \"lync\"", &format!("kind = \"{}\"", server.name()))
            .replace("\naddresses", "\nhost = \"xmpp.contoso.com\"\naddresses"),
    }
}

/// The same answers, but a key that is made in no time.
pub fn quick(answers: &str) -> String {
    answers.replace("rsa-2048", "ecdsa-p256")
}

/// An empty disk in memory.
pub fn fake() -> FakeWorld {
    FakeWorld::new(Path::new(HOME), NOW)
}

pub fn answers_path(home: &Path) -> PathBuf {
    home.join("answers.toml")
}

/// Reads an answers file that has to be a good one.
#[track_caller]
pub fn read_without_problems(file: &str, base: &Path) -> Answers {
    let loaded = file::read(file, pages::form(), base);
    assert_eq!(loaded.problems, [], "\n{file}");
    loaded.answers
}

/// The page and the field with the focus, rows and items without their number.
fn place_of(wizard: &Wizard) -> Option<(String, String)> {
    let path = match &wizard.focus {
        FocusTarget::Row(_) | FocusTarget::AddRow => wizard.rows_field()?.path.to_owned(),
        slot => without_numbers(slot.path()?),
    };
    Some((wizard.page.id.to_owned(), path))
}

fn asked(answered: &Answered) -> BTreeSet<(String, String)> {
    let mut asked = BTreeSet::new();
    for page in pages::form().shown(answered) {
        for field in page.fields.iter().filter(|field| (field.asked_if)(answered)) {
            asked.insert((page.id.to_owned(), field.path.to_owned()));
            let Kind::Rows(inner) = field.kind else { continue };
            for inner in inner.iter().filter(|inner| (inner.asked_if)(answered)) {
                asked.insert((page.id.to_owned(), format!("{}.{}", field.path, inner.path)));
            }
        }
    }
    asked
}

fn without_numbers(path: &str) -> String {
    path.split('.').filter(|part| part.parse::<usize>().is_err()).collect::<Vec<_>>().join(".")
}

/// What a screen holds, lines without blanks at their end.
fn contents(screen: &Terminal<TestBackend>) -> String {
    let buffer = screen.backend().buffer();
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).unwrap_or(1);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Whether `text` stands on `screen`: in one line, or wrapped within the page, a box, or the column beside the page.
pub fn can_be_read(text: &str, screen: &str) -> bool {
    const STEPS: usize = 25;
    let wanted = words_of(text);
    [0, STEPS].into_iter().any(|skip| {
        let lines: Vec<String> = screen.lines().map(|line| line.chars().skip(skip).collect()).collect();
        let parts = lines.iter().map(|line| line.split(['│', '|']).count()).max().unwrap_or(0);
        (0..parts).any(|part| {
            let column: Vec<&str> = lines.iter().filter_map(|line| line.split(['│', '|']).nth(part)).collect();
            words_of(&column.join(" ")).contains(&wanted)
        })
    })
}

/// Without blanks: a path is wrapped behind its separators, where there was none.
fn words_of(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The key events that a string stands for.
fn events(keys: &str) -> Vec<KeyEvent> {
    let mut events = Vec::new();
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        if let Some((name, after)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            events.push(named(name));
            rest = after;
        } else {
            events.push(KeyEvent::new(KeyCode::Char(first), KeyModifiers::NONE));
            rest = &rest[first.len_utf8()..];
        }
    }
    events
}

fn named(name: &str) -> KeyEvent {
    let (code, modifiers) = match name.strip_prefix("c-") {
        Some(rest) => (rest, KeyModifiers::CONTROL),
        None => (name, KeyModifiers::NONE),
    };
    let code = match code {
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pgup" => KeyCode::PageUp,
        "pgdn" => KeyCode::PageDown,
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backtab" => KeyCode::BackTab,
        "space" => KeyCode::Char(' '),
        "backspace" => KeyCode::Backspace,
        "delete" => KeyCode::Delete,
        "lt" => KeyCode::Char('<'),
        other => match (other.strip_prefix('f').and_then(|number| number.parse().ok()), other.chars().next()) {
            (Some(number), _) => KeyCode::F(number),
            (None, Some(c)) if other.len() == 1 => KeyCode::Char(c),
            _ => panic!("there is no key <{name}>"),
        },
    };
    KeyEvent::new(code, modifiers)
}
