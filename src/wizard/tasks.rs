//! What the wizard has done outside.

use std::sync::Arc;

use crate::edge::Partner;
use crate::pages;
use crate::pki::Secret;
use crate::plan::Plan;
use crate::session::{Effect, Task, TaskId, Wanted};
use crate::text::{Message, say};

use super::run::Run;
use super::state::Wizard;

impl Wizard {
    /// Has a task done.
    pub(super) fn start(&mut self, task: Task) -> Effect {
        let (id, task) = self.counted(task);
        Effect::Start(id, task)
    }

    fn counted(&mut self, task: Task) -> (TaskId, Task) {
        self.last_task = TaskId(self.last_task.0 + 1);
        let slow = match task {
            Task::Save(_) | Task::Tick(_) => Some(say("notice-slow-save")),
            Task::Look(_) => Some(self.slow_look()),
            Task::Receive(_) => Some(say("notice-slow-receive")),
            Task::LookUp(_) | Task::AskIssuers(_) => Some(say("notice-slow-names")),
            // What it does and how far it is stands on the screen, or nobody waits for it.
            Task::Run(..) | Task::PrepareKey(_) | Task::Complete(_) | Task::Check(_) => None,
        };
        self.tasks.extend(slow.map(|notice| (self.last_task, notice)));
        (self.last_task, task)
    }

    /// What takes long where somebody looks: a server takes longer to answer than a disk.
    fn slow_look(&self) -> Message {
        let deployment = &self.reading().deployment;
        if deployment.install.is_none() {
            return say("notice-slow-look");
        }
        say("notice-slow-server").with("server", deployment.server.traits().title)
    }

    /// Has everything that the answers touch looked at, before anything is asked.
    pub fn first_look(&mut self) -> (TaskId, Task) {
        let wanted = self.wanted();
        self.counted(Task::Look(wanted))
    }

    /// Has everything that the answers touch looked at.
    pub(super) fn look(&mut self) -> Effect {
        let wanted = self.wanted();
        self.start(Task::Look(wanted))
    }

    /// The same, for a path that was just answered: going on waits for it.
    pub(super) fn look_at_path(&mut self) -> Effect {
        let effect = self.look();
        self.awaited = Some(self.last_task);
        effect
    }

    /// Takes note that a task is over.
    pub(super) fn is_over(&mut self, task: TaskId) {
        self.tasks.remove(&task);
        if self.slow.take_if(|slow| *slow == task).is_some() {
            self.notice = None;
        }
    }

    /// Performs `plan` for the page `page`, with the password that it needs.
    pub(super) fn run_plan(&mut self, page: &'static str, plan: Plan, password: Option<Secret>) -> Effect {
        let wanted = self.wanted();
        let effect = self.start(Task::Run(plan.clone(), password, wanted));
        self.runs.insert(page, Run { plan, task: self.last_task, done: 0, end: None, taken_back: Vec::new() });
        effect
    }

    /// The row of the partner whose domain is at `place` of those that are looked at; one of our own has none.
    #[must_use]
    pub fn partner_outside(&self, place: usize) -> Option<usize> {
        let domain = self.outside.as_ref()?.domains.all.get(place)?;
        let has_it = |partner: &Partner| {
            [&partner.domain].into_iter().chain(&partner.additional_domains).any(|name| name.ascii() == domain)
        };
        self.reading().deployment.federation.partners.iter().position(has_it)
    }

    /// Stops the run that goes on, if one does.
    pub(super) fn stop(&self) -> Option<Effect> {
        let running = self.runs.values().find(|run| run.end.is_none())?;
        Some(Effect::Stop(running.task))
    }

    /// What is to be looked at with the answers there are.
    fn wanted(&self) -> Wanted {
        let reading = self.reading();
        // A server is asked whether it does what the rows say as well.
        let is_asked = reading.deployment.install.is_some();
        let answers = if is_asked { reading.answers().clone() } else { reading.answers().outline(pages::MANY) };
        Wanted { answers, wishes: Arc::clone(reading.wishes()) }
    }
}
