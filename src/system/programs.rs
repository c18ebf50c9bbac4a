//! Programs of this machine, and the services behind them.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::home::FileOwner;

/// Characters of an argument that are shown; no path that people have is longer.
const LONGEST_SHOWN: usize = 200;

/// Who runs programs.
pub trait Programs {
    /// Runs a program to its end, or to the end of its time, and keeps what it said.
    ///
    /// # Errors
    /// The system's: `NotFound` where there is no such program, `TimedOut` where it was ended.
    fn run(&self, command: &Command) -> io::Result<Ran>;
}

/// A program with its arguments. No shell reads any of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Its name, looked for where the system keeps programs, or its absolute path.
    pub program: PathBuf,
    /// What it is told.
    pub arguments: Vec<String>,
    /// What it reads from its standard input.
    pub input: String,
    /// Who runs it; none: we.
    pub user: Option<FileOwner>,
    /// How long it may take.
    pub patience: Duration,
    /// What it says where it did what it was told; a program that says nothing else may end with 0 all the same.
    pub expects: Option<String>,
    /// What it says where there was nothing to do, whatever it ends with.
    pub unless: Option<&'static str>,
}

impl Command {
    /// How long a program may take that only has to ask a server.
    pub const PATIENCE: Duration = Duration::from_secs(30);

    /// `program` with these arguments.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, arguments: &[&str]) -> Self {
        Command {
            program: program.into(),
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            input: String::new(),
            user: None,
            patience: Command::PATIENCE,
            expects: None,
            unless: None,
        }
    }

    /// The same, as somebody else.
    #[must_use]
    pub fn as_user(self, user: FileOwner) -> Self {
        Command { user: Some(user), ..self }
    }

    /// The same, with something to read.
    #[must_use]
    pub fn reading(self, input: impl Into<String>) -> Self {
        Command { input: input.into(), ..self }
    }

    /// The same, which failed unless it says this.
    #[must_use]
    pub fn expecting(self, said: impl Into<String>) -> Self {
        Command { expects: Some(said.into()), ..self }
    }

    /// Which says so where there was nothing to do.
    #[must_use]
    pub fn unless(self, said: &'static str) -> Self {
        Command { unless: Some(said), ..self }
    }

    /// The command as a person would type it, for words only; what is long in it is cut.
    #[must_use]
    pub fn shown(&self) -> String {
        let program = self.program.to_string_lossy().into_owned();
        let short = |argument: &String| match argument.char_indices().nth(LONGEST_SHOWN) {
            Some((end, _)) => format!("{}…", &argument[..end]),
            None => argument.clone(),
        };
        [program].into_iter().chain(self.arguments.iter().map(short)).collect::<Vec<_>>().join(" ")
    }
}

/// What came of a program.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ran {
    /// Its exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// What it said on its standard output, what is not UTF-8 in it replaced.
    pub output: String,
    /// What it said on its standard error.
    pub errors: String,
}

impl Ran {
    /// Whether it did what `command` told it.
    #[must_use]
    pub fn did(&self, command: &Command) -> bool {
        let said = |said: &str| self.output.contains(said) || self.errors.contains(said);
        let is_done = self.code == Some(0) && command.expects.as_deref().is_none_or(|it| self.output.contains(it));
        is_done || command.unless.is_some_and(said)
    }

    /// What it says went wrong, for people: its first line that says more of an error than that there is one, else its last; of
    /// its standard error, else of its output.
    #[must_use]
    pub fn last_words(&self) -> String {
        let line = |text: &str| {
            let lines = || text.lines().map(str::trim).filter(|line| line.contains(char::is_alphanumeric));
            let tells = |line: &&str| {
                let line = line.to_lowercase();
                // ejabberdctl says «Error: error» before what it is, and how it is used after it.
                (line.contains("error") || line.contains("failed"))
                    && line.split(|c: char| !c.is_alphanumeric()).any(|word| !["", "error"].contains(&word))
            };
            let error = lines().find(tells);
            error.or_else(|| lines().next_back()).map(str::to_owned)
        };
        line(&self.errors).or_else(|| line(&self.output)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_last_words_say_what_went_wrong() {
        let words = |errors: &str| Ran { errors: errors.to_owned(), ..Ran::default() }.last_words();
        assert_eq!(words("Error: error\nError: \"Duplicated option: x\"\n"), "Error: \"Duplicated option: x\"");
        assert_eq!(words("error: no such file\nusage: x\n"), "error: no such file");
        assert_eq!(words("Failed RPC connection to the node\n\n  --node name\n"), "Failed RPC connection to the node");
        assert_eq!(words("a\nb\n--\n"), "b");
        assert_eq!(words("Error: error\n"), "Error: error");
    }
}
