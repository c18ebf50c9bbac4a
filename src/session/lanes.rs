//! Who does the tasks while a person goes on: each lane is a thread and does one task after the other. What a person asks
//! for never waits for them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use crate::text::Text;
use crate::world::World;

use super::{Control, Report, Session, Stop, Task, TaskId};

/// What a lane tells.
#[derive(Debug)]
pub enum Told {
    /// What a task reports.
    Report(TaskId, Report),
    /// A task is over.
    Over(TaskId),
}

/// The lanes of one session. There is one: all that is done so far is done to the home folder, in the order it was asked
/// for.
pub struct Lanes {
    home: Sender<(TaskId, Task, Stop)>,
    worker: JoinHandle<()>,
    /// The tasks that are not over.
    waiting: BTreeMap<TaskId, Stop>,
}

impl Lanes {
    /// Opens the lanes for work on the home folder `home` of `world`; `tell` hears what they tell, until it wants no more.
    pub fn open(
        mut world: Box<dyn World>,
        home: PathBuf,
        text: Arc<Text>,
        tell: impl Fn(Told) -> bool + Send + 'static,
    ) -> Self {
        let (tasks, work) = mpsc::channel::<(TaskId, Task, Stop)>();
        let worker = thread::spawn(move || {
            for (id, task, stop) in work {
                let mut session = Session { world: world.as_mut(), home: &home, text: &text };
                let mut report = |progress| {
                    let _ = tell(Told::Report(id, Report::Progress(progress)));
                };
                let report = session.carry_out(task, &mut Control { report: &mut report, stop: &stop });
                let is_heard = report.is_none_or(|report| tell(Told::Report(id, report)));
                if !is_heard || !tell(Told::Over(id)) {
                    return;
                }
            }
        });
        Lanes { home: tasks, worker, waiting: BTreeMap::new() }
    }

    /// Has a task done.
    pub fn start(&mut self, id: TaskId, task: Task) {
        let stop = Stop::default();
        self.waiting.insert(id, stop.clone());
        // The lane is gone only where it panicked, and then the panic has been told.
        if self.home.send((id, task, stop)).is_err() {
            self.waiting.clear();
        }
    }

    /// Has a task stop at the next safe point.
    pub fn stop(&self, id: TaskId) {
        if let Some(stop) = self.waiting.get(&id) {
            stop.now();
        }
    }

    /// Has every task stop that can.
    pub fn stop_all(&self) {
        self.waiting.values().for_each(Stop::now);
    }

    /// Takes note that a task is over.
    pub fn is_over(&mut self, id: TaskId) {
        self.waiting.remove(&id);
    }

    /// The task that is under way for longest.
    #[must_use]
    pub fn oldest(&self) -> Option<TaskId> {
        self.waiting.keys().next().copied()
    }

    /// Closes the lanes and lets the home folder go; `false` where a task that does not end still holds it.
    #[must_use]
    pub fn close(self) -> bool {
        drop(self.home);
        let is_idle = self.waiting.is_empty();
        if is_idle {
            let _ = self.worker.join();
        }
        is_idle
    }

    /// Whether nothing is under way.
    #[must_use]
    pub fn are_idle(&self) -> bool {
        self.waiting.is_empty()
    }
}
