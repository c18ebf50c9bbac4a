//! Colours and signs. Colour is never the only sign: every state has a sign or a word of its own too.

use ratatui::style::{Color, Modifier, Style};

/// How things look.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    colour: bool,
    /// The signs.
    pub signs: Signs,
}

/// Signs of one column each.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Signs {
    pub done: &'static str,
    pub here: &'static str,
    pub warning: &'static str,
    pub error: &'static str,
    pub chosen: &'static str,
    pub open: &'static str,
    pub ticked: &'static str,
    pub unticked: &'static str,
    pub rule: &'static str,
    pub wall: &'static str,
    pub cut: &'static str,
}

const UNICODE: Signs = Signs {
    done: "✓",
    here: "▸",
    warning: "!",
    error: "✗",
    chosen: "(•)",
    open: "( )",
    ticked: "[x]",
    unticked: "[ ]",
    rule: "─",
    wall: "│",
    cut: "…",
};

const ASCII: Signs = Signs {
    done: "+",
    here: ">",
    warning: "!",
    error: "X",
    chosen: "(o)",
    open: "( )",
    ticked: "[x]",
    unticked: "[ ]",
    rule: "-",
    wall: "|",
    cut: "~",
};

impl Theme {
    /// With or without colours, with Unicode or ASCII signs.
    #[must_use]
    pub fn new(colour: bool, unicode: bool) -> Self {
        Theme { colour, signs: if unicode { UNICODE } else { ASCII } }
    }

    fn style(self, colour: Color, modifier: Modifier) -> Style {
        let style = Style::new().add_modifier(modifier);
        if self.colour { style.fg(colour) } else { style }
    }

    /// Headings.
    #[must_use]
    pub fn heading(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// What is less important; readable on light and dark.
    #[must_use]
    pub fn quiet(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// Good news.
    #[must_use]
    pub fn good(self) -> Style {
        self.style(Color::Green, Modifier::empty())
    }

    /// Warnings.
    #[must_use]
    pub fn warning(self) -> Style {
        self.style(Color::Yellow, Modifier::BOLD)
    }

    /// Errors.
    #[must_use]
    pub fn error(self) -> Style {
        self.style(Color::Red, Modifier::BOLD)
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
