//! How settings and certificate come to a server on this machine, as data.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::edge::{Deployment, Server};
use crate::home::{FileOwner, ServerFound};
use crate::name::Name;
use crate::problem::Problem;
use crate::system::{Command, Programs, Ran};
use crate::text::{Message, Text, say, visible};

/// A server that can run on this machine.
pub trait Local: Sync {
    /// Which it is.
    fn server(&self) -> Server;

    /// Where its main configuration file is, unless somebody says otherwise.
    fn main(&self) -> &'static Path;

    /// Where our settings are, beside its main configuration file.
    fn settings(&self, main: &Path) -> PathBuf;

    /// The server as Debian's packages put it there, of which nothing else is known.
    fn usual(&self) -> ServerFound;

    /// Asks its programs what is here; `main` is its main configuration file.
    ///
    /// # Errors
    /// What keeps it from being told.
    fn ask(&self, programs: &dyn Programs, main: &Path) -> Result<ServerFound, Message>;

    /// The files that make the server do what the answers say, in the order in which they are put there: what a file needs
    /// comes before it. The last is read by the line that [`Local::included`] adds.
    fn files(&self, deployment: &Deployment, found: &ServerFound, text: &Text) -> Vec<InstalledFile>;

    /// The files of our module that the server takes in by itself ([`Verb::InstallModule`]), as they are then; its source is
    /// the last.
    fn module(&self, found: &ServerFound) -> Vec<InstalledFile>;

    /// The commands that have the server take in our module as another version has it, from its source.
    fn take_in(&self, found: &ServerFound, source: &str) -> Vec<Command>;

    /// The `content` of the main configuration file with the line that reads our settings; as it is where it has that
    /// already, at its end.
    fn included(&self, content: &str, main: &Path) -> String;

    /// The `content` without that line; all else stays as it is.
    fn excluded(&self, content: &str, main: &Path) -> String;

    /// Whether a service for chat rooms has to stand in its configuration, and can be made there.
    fn can_make_rooms(&self) -> bool;

    /// What keeps the answers from being put into service here.
    fn problems(&self, deployment: &Deployment, found: &ServerFound) -> Vec<Problem>;

    /// The commands that have the server do something; none where it takes none. What is taken back needs no answers.
    fn commands(&self, verb: Verb, found: &ServerFound, deployment: Option<&Deployment>) -> Vec<Command>;

    /// The server as far as it has to be known for what it is told when a run is taken back, where it could not be asked; none
    /// where that is not enough.
    fn blind(&self, _: &Path) -> Option<ServerFound> {
        None
    }

    /// The commands that do the same while the server does not run: it reads its files when it starts.
    fn at_rest(&self, _: Verb, _: &ServerFound) -> Vec<Command> {
        Vec::new()
    }

    /// Where the server's copies of pairs are, and the link to the one in use.
    fn pairs(&self, found: &ServerFound) -> PathBuf {
        found.main.with_file_name("edgewright")
    }
}

/// A file that is put where a server reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledFile {
    /// Absolute path.
    pub path: PathBuf,
    /// The whole content.
    pub content: String,
    /// Whether everybody may read it; else root and the server's group.
    pub is_public: bool,
}

/// What a server is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// To read a key, which it does without being told: we do, as its user.
    ReadKey,
    /// To take our module in.
    InstallModule,
    /// To read its configuration and its certificates again.
    Reload,
    /// To have our module work for our hosts.
    Enforce,
    /// To say that it does what the answers say.
    Verify,
    /// To go on without our module.
    Release,
    /// To put our module away.
    RemoveModule,
}

impl Verb {
    /// Every verb with its name.
    pub const ALL: [(Verb, &'static str); 7] = [
        (Verb::ReadKey, "read-key"),
        (Verb::InstallModule, "install-module"),
        (Verb::Reload, "reload"),
        (Verb::Enforce, "enforce"),
        (Verb::Verify, "verify"),
        (Verb::Release, "release"),
        (Verb::RemoveModule, "remove-module"),
    ];

    /// Its name in the journal.
    #[must_use]
    pub fn name(self) -> &'static str {
        Verb::ALL.iter().find(|(verb, _)| *verb == self).map_or("", |(_, name)| name)
    }

    /// The verb of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Verb::ALL.iter().find(|(_, known)| *known == name).map(|(verb, _)| *verb)
    }

    /// What a server is told when it is taken back, once the files are as they were.
    #[must_use]
    pub fn taken_back_by(self) -> Option<Verb> {
        match self {
            Verb::InstallModule => Some(Verb::RemoveModule),
            Verb::Reload => Some(Verb::Reload),
            Verb::Enforce => Some(Verb::Release),
            Verb::ReadKey | Verb::Verify | Verb::Release | Verb::RemoveModule => None,
        }
    }
}

/// Our hosts and components, in A-labels; what is no name is passed over.
pub fn our_hosts(deployment: &Deployment) -> impl Iterator<Item = &str> {
    let names = deployment.edge.xmpp_domains.iter().chain(&deployment.edge.components);
    names.filter(|name| name.is_sound() && !name.is_wildcard()).map(Name::ascii)
}

/// The text with an end to its last line.
pub(super) fn ended(text: &str) -> String {
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{gap}")
}

/// A user of this machine.
pub(super) struct User {
    /// By number.
    pub owner: FileOwner,
    /// The user's folder.
    pub home: PathBuf,
}

/// The user of that name, as the system knows it (getent(1)): it may know more than its files say.
pub(super) fn user_of(programs: &dyn Programs, name: &str) -> Result<User, Message> {
    let said = program_said(programs, &Command::new("getent", &["passwd", name]))?;
    let fields: Vec<&str> = said.trim().split(':').collect();
    let number = |at: usize| fields.get(at).and_then(|field| field.parse().ok());
    match (number(2), number(3), fields.get(5)) {
        (Some(uid), Some(gid), Some(home)) => Ok(User { owner: FileOwner { uid, gid }, home: PathBuf::from(home) }),
        _ => Err(say("ask-no-user").with("user", name)),
    }
}

/// What comes of a program, whatever it says.
pub(super) fn program_ran(programs: &dyn Programs, command: &Command) -> Result<Ran, Message> {
    programs.run(command).map_err(|error| match error.kind() {
        ErrorKind::NotFound => say("ask-no-program").with("program", command.program.to_string_lossy().into_owned()),
        _ => failed(command, &error.to_string()),
    })
}

/// What a program says that does what it is told.
pub(super) fn program_said(programs: &dyn Programs, command: &Command) -> Result<String, Message> {
    let ran = program_ran(programs, command)?;
    if ran.did(command) { Ok(ran.output) } else { Err(failed(command, &ran.last_words())) }
}

fn failed(command: &Command, reason: &str) -> Message {
    let command = visible(&command.shown()).into_owned();
    say("reason-command").with("command", command).with("reason", visible(reason).into_owned())
}
