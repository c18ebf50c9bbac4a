//! What a run came to, in words, and what the page is for.

use crate::edge::Authority;
use crate::plan::Action;
use crate::steps::served::Served;
use crate::text::{Message, say};

use super::run::{End, Run, reaches_server};
use super::state::Wizard;

impl Wizard {
    /// How `run` ended, with what it proved, or what became of the server where it was stopped.
    #[must_use]
    pub fn outcome(&self, run: &Run) -> Vec<Message> {
        let end = match &run.end {
            None => return Vec::new(),
            Some(End::Cancelled) if !run.taken_back.is_empty() => say("execute-stopped"),
            Some(end) => end.message(self.dry_run),
        };
        let is_done = run.end == Some(End::Complete) && !self.dry_run;
        let proved = run.plan.actions.iter().filter(|_| is_done).filter_map(|action| self.proved(action));
        std::iter::once(end).chain(proved).chain(run.taken_back.iter().cloned()).collect()
    }

    /// How the runs ended that did not come to their end.
    #[must_use]
    pub fn left_undone(&self) -> Vec<Message> {
        let is_undone = |run: &&Run| run.end.as_ref().is_some_and(|end| *end != End::Complete);
        self.runs.values().filter(is_undone).flat_map(|run| self.outcome(run)).collect()
    }

    /// What an action proved, in words.
    fn proved(&self, action: &Action) -> Option<Message> {
        let deployment = &self.reading().deployment;
        if let Some(served) = action.as_a::<Served>() {
            let number = served.pair.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Some(say("proved-served").with("number", number).with("domains", served.domains.join(", ")));
        }
        (action.what().key == "action-service-verify").then(|| {
            let count = deployment.federation.partners.len();
            say("proved-enforced").with("server", deployment.server.traits().title).with("count", count)
        })
    }

    /// What the page is for.
    #[must_use]
    pub fn page_help(&self) -> Message {
        match self.page.id {
            "settings-executing" if self.run().is_some_and(|run| reaches_server(&run.plan)) => {
                say("settings-to-server")
            }
            "organization" if self.reading().deployment.request.authority == Authority::Private => {
                say("organization-private")
            }
            id => say(format!("page-{id}.help")),
        }
    }
}
