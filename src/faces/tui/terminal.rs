//! The terminal itself: taken over, given back however the process ends.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write, stdout};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, MouseEvent,
};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::{Backend, CrosstermBackend};

use crate::wizard::{Intent, Sight, Wizard};

use super::view::fits;
use super::{Targets, Theme, draw};

/// Octets that the picture of a usual window takes.
const PICTURE: usize = 16 << 10;

/// Whether a person sits at both ends.
#[must_use]
pub fn on_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// The terminal while it is ours; given back when dropped, and before a panic is told.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    theme: Theme,
    targets: Targets,
}

impl Screen {
    /// Takes the terminal over, which is seen at the first draw.
    ///
    /// # Errors
    /// Where it cannot be set up.
    pub fn take(theme: Theme) -> io::Result<Self> {
        let tell = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let _ = give_back();
            tell(panic);
        }));
        // Over a bad line a picture should come in one piece.
        let out = BufWriter::with_capacity(PICTURE, stdout());
        let mut terminal = Terminal::new(CrosstermBackend::new(out))?;
        take_over(terminal.backend_mut())?;
        Ok(Screen { terminal, theme, targets: Targets::default() })
    }

    /// Draws the state.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn draw(&mut self, wizard: &Wizard) -> io::Result<()> {
        let Screen { terminal, theme, targets } = self;
        terminal.draw(|frame| *targets = draw(frame, wizard, *theme))?;
        Ok(())
    }

    /// What of the page can be seen since the last draw.
    #[must_use]
    pub fn sight(&self) -> Sight {
        self.targets.sight()
    }

    /// Whether the window is large enough to see what is typed into.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn shows_page(&self) -> io::Result<bool> {
        self.terminal.size().map(fits)
    }

    /// Draws everything anew at the next draw: something else may have written to the screen.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn forget(&mut self) -> io::Result<()> {
        // Not `Terminal::clear`: it asks the terminal where the cursor is, and the answer goes to whoever reads the keys.
        self.terminal.backend_mut().clear()?;
        self.terminal.swap_buffers();
        Ok(())
    }

    /// Changes to the next look.
    pub fn next_look(&mut self) {
        self.theme = self.theme.next();
    }

    /// Switches the mouse on, or off, so that the terminal selects text again.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn switch_mouse(&mut self) -> io::Result<()> {
        self.theme.mouse = !self.theme.mouse;
        self.tell_mouse()
    }

    fn tell_mouse(&self) -> io::Result<()> {
        if self.theme.mouse { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) }
    }

    /// What an event of the mouse means, on the screen as `wizard` stands now.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn point(&mut self, event: MouseEvent, wizard: &Wizard) -> io::Result<Option<Intent>> {
        self.draw(wizard)?;
        Ok(self.targets.asks(event, wizard))
    }

    /// Sends text to the terminal's clipboard (OSC 52).
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let mut out = stdout();
        write!(out, "\x1b]52;c;{}\x07", STANDARD.encode(text))?;
        out.flush()
    }

    /// Gives the terminal back while `meanwhile` goes on, and takes it again.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn lend(&mut self, meanwhile: impl FnOnce()) -> io::Result<()> {
        give_back()?;
        meanwhile();
        take_over(self.terminal.backend_mut())?;
        if self.theme.mouse {
            self.tell_mouse()?;
        }
        self.forget()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // What nobody drew must not follow.
        let _ = Write::flush(self.terminal.backend_mut());
        let _ = give_back();
    }
}

/// What the terminal is told goes out with the next picture, at the latest.
fn take_over(out: &mut impl Write) -> io::Result<()> {
    enable_raw_mode()?;
    queue!(out, EnterAlternateScreen, EnableBracketedPaste)
}

fn give_back() -> io::Result<()> {
    // Whether or not it was on; Windows refuses where it never was.
    let _ = execute!(stdout(), DisableMouseCapture);
    execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show)?;
    disable_raw_mode()
}
