//! PowerShell commands as text: what a person said stays inside its quotes.
//!
//! Source: the language's quoting rules; U+2018, U+2019, U+201A and U+201B end a single-quoted string as `'` does.

use std::fmt::Write as _;

use super::draft::Draft;
use super::product::OutFile;

/// The characters PowerShell reads as a single quote.
const QUOTES: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201A}', '\u{201B}'];

/// `text` as a single-quoted string, in which nothing but a quote means anything, and a doubled quote means itself.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        quoted.push(c);
        if QUOTES.contains(&c) {
            quoted.push(c);
        }
    }
    quoted.push('\'');
    quoted
}

/// `'a', 'b'`: an array, save where it is empty.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

/// One command with its parameters.
pub(super) struct Command(String);

impl Command {
    /// Starts with the cmdlet's name.
    pub(super) fn new(cmdlet: &str) -> Self {
        Command(cmdlet.to_owned())
    }

    /// A parameter without a value.
    pub(super) fn switch(mut self, parameter: &str) -> Self {
        let _ = write!(self.0, " -{parameter}");
        self
    }

    /// A parameter and an expression, which stands as it is: never anything a person said.
    pub(super) fn bare(mut self, parameter: &str, expression: &str) -> Self {
        let _ = write!(self.0, " -{parameter} {expression}");
        self
    }

    /// A parameter and a text.
    pub(super) fn text(self, parameter: &str, text: &str) -> Self {
        self.bare(parameter, &quote(text))
    }

    /// A parameter and a text, left out where the text is empty.
    pub(super) fn any_text(self, parameter: &str, text: &str) -> Self {
        if text.is_empty() { self } else { self.text(parameter, text) }
    }

    /// A parameter and a truth value.
    pub(super) fn truth(self, parameter: &str, truth: bool) -> Self {
        self.bare(parameter, if truth { "$true" } else { "$false" })
    }
}

impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a script takes besides `-WhatIf`, which every cmdlet in it heeds then. It stops at the first error.
pub(super) fn parameters(draft: &mut Draft<'_>, parameters: &[&str]) {
    draft.gap();
    draft.line("[CmdletBinding(SupportsShouldProcess = $true)]");
    draft.line(format!("param({})", parameters.join(", ")));
    draft.line("$ErrorActionPreference = 'Stop'");
    draft.gap();
}

/// The finished script. Windows PowerShell reads a file without a byte order mark in the machine's old code page, so one
/// that holds more than ASCII gets the mark.
pub(super) fn file(path: &str, draft: Draft<'_>) -> OutFile {
    let mut file = draft.file(path);
    if !file.content.is_ascii() {
        file.content.insert(0, '\u{FEFF}');
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Text, say};

    #[test]
    fn each_of_the_five_quote_characters_is_doubled() {
        for c in QUOTES {
            assert_eq!(quote(&format!("a{c}b")), format!("'a{c}{c}b'"));
        }
        assert_eq!(quote("$(x) `n \"q\" #>"), "'$(x) `n \"q\" #>'");
        assert_eq!(quote(""), "''");
    }

    #[test]
    fn a_command_shows_its_parameters_in_order() {
        let command =
            Command::new("Do-It").switch("New").text("Name", "it's").any_text("Empty", "").truth("Sure", true);
        assert_eq!(command.to_string(), "Do-It -New -Name 'it''s' -Sure $true");
        assert_eq!(list(["a", "b"]), "'a', 'b'");
    }

    #[test]
    fn only_a_script_beyond_ascii_starts_with_a_byte_order_mark() {
        let text = Text::load("en");
        for (name, marked) in [("contoso", false), ("münchen", true)] {
            let mut draft = Draft::new(&text, "#");
            draft.remark(&say("file-made").with("name", name));
            assert_eq!(file("x.ps1", draft).content.starts_with('\u{FEFF}'), marked);
        }
    }
}
