//! Colours and signs. Colour is never the only sign: every state has a sign or a word of its own too.

use ratatui::style::{Color, Modifier, Style};

/// How things look.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    palette: Palette,
    /// The signs.
    pub signs: Signs,
    /// Whether the mouse is on, which the last line says.
    pub mouse: bool,
}

/// Which colours there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Palette {
    /// Any colour: tones that can be read on light and dark.
    Full,
    /// The terminal's own sixteen.
    Sixteen,
    /// None (<https://no-color.org>).
    None,
}

/// Signs of one column each.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Signs {
    pub done: &'static str,
    pub here: &'static str,
    pub warning: &'static str,
    pub error: &'static str,
    /// What is neither good nor bad.
    pub note: &'static str,
    pub chosen: &'static str,
    pub open: &'static str,
    pub ticked: &'static str,
    pub unticked: &'static str,
    pub rule: &'static str,
    pub wall: &'static str,
    pub cut: &'static str,
    /// A character that must not be seen.
    pub hidden: &'static str,
}

const UNICODE: Signs = Signs {
    done: "✓",
    here: "▸",
    warning: "!",
    error: "✗",
    note: "–",
    // A bullet is two columns wide on some East Asian terminals.
    chosen: "(*)",
    open: "( )",
    ticked: "[x]",
    unticked: "[ ]",
    rule: "─",
    wall: "│",
    cut: "…",
    hidden: "•",
};

const ASCII: Signs = Signs {
    done: "+",
    here: ">",
    warning: "!",
    error: "X",
    note: "-",
    chosen: "(*)",
    open: "( )",
    ticked: "[x]",
    unticked: "[ ]",
    rule: "-",
    wall: "|",
    cut: "~",
    hidden: "*",
};

impl Theme {
    /// With these colours, and Unicode or ASCII signs.
    #[must_use]
    pub fn new(palette: Palette, unicode: bool) -> Self {
        Theme { palette, signs: if unicode { UNICODE } else { ASCII }, mouse: false }
    }

    /// The next look: fewer colours, then the other signs, and round again.
    #[must_use]
    pub fn next(self) -> Self {
        let is_unicode = self.signs.done == UNICODE.done;
        let next = match self.palette {
            Palette::Full => Theme::new(Palette::Sixteen, is_unicode),
            Palette::Sixteen => Theme::new(Palette::None, is_unicode),
            Palette::None => Theme::new(Palette::Full, !is_unicode),
        };
        Theme { mouse: self.mouse, ..next }
    }

    /// One of the sixteen colours or, where there are all, a tone of its own.
    fn style(self, sixteen: Color, (red, green, blue): (u8, u8, u8), modifier: Modifier) -> Style {
        let style = Style::new().add_modifier(modifier);
        match self.palette {
            Palette::Full => style.fg(Color::Rgb(red, green, blue)),
            Palette::Sixteen => style.fg(sixteen),
            Palette::None => style,
        }
    }

    /// Headings.
    #[must_use]
    pub fn heading(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Where a person is: the step, the field.
    #[must_use]
    pub fn accent(self) -> Style {
        self.style(Color::Cyan, (0x1c, 0x86, 0xc4), Modifier::BOLD)
    }

    /// What is less important; readable on light and dark.
    #[must_use]
    pub fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// Good news.
    #[must_use]
    pub fn good(self) -> Style {
        self.style(Color::Green, (0x2e, 0x9e, 0x5b), Modifier::empty())
    }

    /// Warnings.
    #[must_use]
    pub fn warning(self) -> Style {
        self.style(Color::Yellow, (0xb8, 0x86, 0x0b), Modifier::BOLD)
    }

    /// Errors.
    #[must_use]
    pub fn error(self) -> Style {
        self.style(Color::Red, (0xd6, 0x45, 0x45), Modifier::BOLD)
    }

    /// Where the focus is.
    #[must_use]
    pub fn focus(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A place that text is typed into.
    #[must_use]
    pub fn input(self) -> Style {
        Style::new().add_modifier(Modifier::UNDERLINED)
    }
}
