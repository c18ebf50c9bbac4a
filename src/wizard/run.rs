//! A run of a plan, as the wizard follows it.

use crate::plan::{Change, Plan};
use crate::session::TaskId;
use crate::text::{Message, say};

/// A run of an execution page.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// What is performed.
    pub plan: Plan,
    /// The task that performs it.
    pub task: TaskId,
    /// How many actions are done or were there already.
    pub done: usize,
    /// How it ended; nothing while it goes on.
    pub end: Option<End>,
    /// What became of the server that it had begun to change, where it was stopped.
    pub taken_back: Vec<Message>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Everything is done.
    Complete,
    /// Somebody stopped it.
    Cancelled,
    /// Something went wrong.
    Failed(String),
}

impl End {
    /// How it ended, in words; a dry run wrote nothing.
    #[must_use]
    pub fn message(&self, dry_run: bool) -> Message {
        match self {
            End::Complete if dry_run => say("execute-dry"),
            End::Complete => say("execute-complete"),
            End::Cancelled => say("execute-cancelled"),
            End::Failed(reason) => say("execute-failed").with("reason", reason.as_str()),
        }
    }
}

/// Whether `plan` has a server of this machine do something.
pub(super) fn reaches_server(plan: &Plan) -> bool {
    plan.actions.iter().any(|action| action.stage.is_some() && action.kind != Change::Keep)
}
