//! A server is told something, by its own programs.

use std::path::Path;

use crate::edge::Server;
use crate::home::{Facts, ServerFound, Undo};
use crate::plan::{Action, Change, Done, Executor, Step, Undone};
use crate::problem::{Code, Problem};
use crate::servers::{Local, Verb};
use crate::system::{Command, World};
use crate::text::{Message, say, visible};

/// Runs the commands that have a server do something.
#[derive(Debug, PartialEq)]
pub struct Service {
    server: Server,
    verb: Verb,
    commands: Vec<Command>,
    /// What is exchanged, from which the same verb puts it back.
    before: Option<String>,
}

impl Action {
    /// Has the server `found` do something; nothing where that takes no command of it. The journal names product and verb.
    #[must_use]
    pub fn service(local: &dyn Local, verb: Verb, found: &ServerFound, commands: Vec<Command>) -> Option<Self> {
        Action::service_replacing(local, verb, found, commands, None)
    }

    /// The same, in place of what is there `before`.
    #[must_use]
    pub fn service_replacing(
        local: &dyn Local,
        verb: Verb,
        found: &ServerFound,
        commands: Vec<Command>,
        before: Option<String>,
    ) -> Option<Self> {
        let service = Service { server: local.server(), verb, commands, before };
        (!service.commands.is_empty()).then(|| Action::new(Change::Run, found.main.clone(), service))
    }
}

impl Service {
    /// Who is told.
    #[must_use]
    pub fn server(&self) -> Server {
        self.server
    }
}

impl Step for Service {
    fn name(&self) -> &'static str {
        "service"
    }

    fn what(&self, _: &Path) -> Message {
        say(format!("action-service-{}", self.verb.name())).with("server", self.server.traits().title)
    }

    fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    fn problem(&self, _: &Action, _: &Facts) -> Option<Problem> {
        None
    }

    fn failure(&self) -> Code {
        Code::ServerFailed
    }

    fn perform(&self, _: &Action, _: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        for command in &self.commands {
            let failed = |reason: String| {
                let command = visible(&command.shown()).into_owned();
                say("reason-command").with("command", command).with("reason", visible(&reason).into_owned())
            };
            let ran = world.run(command).map_err(|error| failed(error.to_string()))?;
            if !ran.did(command) {
                return Err(failed(ran.last_words()).into());
            }
        }
        Ok(Done::Made)
    }

    fn undo(&self, _: &Action) -> Undo {
        let verb = if self.before.is_some() { Some(self.verb) } else { self.verb.taken_back_by() };
        match verb {
            Some(verb) => Undo::Service { server: self.server.name().to_owned(), verb: verb.name().to_owned() },
            None => Undo::Nothing,
        }
    }
}
