//! Who does the tasks while a person goes on: each lane is a thread and does one task after the other. What a person asks
//! for never waits for them.
//!
//! What writes to the home folder has one lane, and what only looks has another, so that a disk that stalls where somebody
//! looks holds back nothing that is to be saved. The network is asked on a third, and nobody waits for it. No look tells
//! what was before something that was to be written: it begins while nothing is being written, and is done again where
//! something was written before its end.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use crate::text::Text;
use crate::world::{KnownAnswers, World};

use super::remembered::Remembered;
use super::task::only_look;
use super::{Control, Progress, Report, Session, Stop, Task, TaskId, Wanted};

/// How long the home folder may take to be let go where somebody still looks, maybe at the disk that it is on.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a lane tells.
#[derive(Debug)]
pub enum Told {
    /// How far a task is.
    Progress(TaskId, Progress),
    /// A task is over, and this came of it.
    Over(TaskId, Option<Report>),
}

/// The lanes of one session.
pub struct Lanes {
    writer: Sender<(TaskId, Task, Stop)>,
    looker: Sender<(TaskId, Task)>,
    asker: Sender<(TaskId, Task, Stop)>,
    /// Hears nothing but that the writer let the home folder go.
    held: Receiver<()>,
    /// The tasks of the writer that are not over.
    writing: BTreeMap<TaskId, Stop>,
    /// The tasks of the asker that are not over.
    asking: BTreeMap<TaskId, Stop>,
    /// The task of the looker that is not over, and whether something was to be written since it began.
    looking: Option<(TaskId, bool)>,
    /// The look that is to be begun; one that is asked for later takes its place.
    look: Option<TaskId>,
    /// The completion that is to be begun, likewise.
    completion: Option<(TaskId, String)>,
    /// What was wanted last of any look, also of one that ends a run: each that is begun looks at that.
    wanted: Option<Wanted>,
}

impl Lanes {
    /// Opens the lanes for work on the home folder `home` of `world`; `tell` hears what they tell, until it wants no more.
    pub fn open(
        mut world: Box<dyn World>,
        home: PathBuf,
        text: Arc<Text>,
        tell: impl Fn(Told) -> bool + Clone + Send + 'static,
    ) -> Self {
        let (looker, to_look) = mpsc::channel::<(TaskId, Task)>();
        let (reader, words, hear) = (world.reader(), Arc::clone(&text), tell.clone());
        thread::spawn(move || {
            let reader = Remembered::new(reader);
            for (id, task) in to_look {
                let mut control = Control { report: &mut |_| (), stop: &Stop::default() };
                if !hear(Told::Over(id, only_look(&reader, task, &words, &mut control))) {
                    return;
                }
            }
        });
        let (asker, to_ask) = mpsc::channel::<(TaskId, Task, Stop)>();
        let (reader, words, hear) = (world.reader(), Arc::clone(&text), tell.clone());
        thread::spawn(move || {
            for (id, task, stop) in to_ask {
                let mut report = |progress| {
                    let _ = hear(Told::Progress(id, progress));
                };
                let mut control = Control { report: &mut report, stop: &stop };
                if !hear(Told::Over(id, only_look(reader.as_ref(), task, &words, &mut control))) {
                    return;
                }
            }
        });
        let (writer, to_write) = mpsc::channel::<(TaskId, Task, Stop)>();
        let (holding, held) = mpsc::channel();
        thread::spawn(move || {
            let mut known = KnownAnswers::read(world.as_ref(), &home);
            for (id, task, stop) in to_write {
                let mut session = Session { world: world.as_mut(), home: &home, text: &text, known: &mut known };
                let mut report = |progress| {
                    let _ = tell(Told::Progress(id, progress));
                };
                let report = session.carry_out(task, &mut Control { report: &mut report, stop: &stop });
                if !tell(Told::Over(id, report)) {
                    break;
                }
            }
            drop(world);
            // Whoever hears of it asks the disk for the home folder next, so the disk has to answer first.
            let _ = home.try_exists();
            drop(holding);
        });
        Lanes::to([writer, asker], looker, held)
    }

    fn to(
        [writer, asker]: [Sender<(TaskId, Task, Stop)>; 2],
        looker: Sender<(TaskId, Task)>,
        held: Receiver<()>,
    ) -> Self {
        let (writing, asking) = (BTreeMap::new(), BTreeMap::new());
        let (looking, look, completion, wanted) = (None, None, None, None);
        Lanes { writer, looker, asker, held, writing, asking, looking, look, completion, wanted }
    }

    /// Has a task done; one that only looks, as soon as [`Lanes::begin_look`] finds nothing in its way.
    pub fn start(&mut self, id: TaskId, task: Task) {
        match task {
            Task::Look(wanted) => (self.look, self.wanted) = (Some(id), Some(wanted)),
            Task::Complete(start) => self.completion = Some((id, start)),
            task @ (Task::LookUp(_) | Task::AskIssuers(_) | Task::Check(_)) => {
                let stop = Stop::default();
                self.asking.insert(id, stop.clone());
                // Its lane is gone only where it panicked, which was told.
                let _ = self.asker.send((id, task, stop));
            }
            task => self.write(id, task),
        }
    }

    fn write(&mut self, id: TaskId, task: Task) {
        if let Task::Run(.., wanted) = &task {
            self.wanted = Some(wanted.clone());
        }
        // A key that is made ahead is in memory only.
        if let (Some((_, is_overtaken)), false) = (&mut self.looking, matches!(task, Task::PrepareKey(_))) {
            *is_overtaken = true;
        }
        let stop = Stop::default();
        self.writing.insert(id, stop.clone());
        // The lane is gone only where it panicked, and then the panic has been told.
        if self.writer.send((id, task, stop)).is_err() {
            self.writing.clear();
        }
    }

    /// Begins what is to be looked at, unless something is being written, or looked at already.
    pub fn begin_look(&mut self) {
        if self.looking.is_some() || self.is_writing() {
            return;
        }
        let completion = self.completion.take().map(|(id, start)| (id, Task::Complete(start)));
        let next = completion.or_else(|| Some((self.look.take()?, Task::Look(self.wanted.clone()?))));
        if let Some((id, task)) = next
            && self.looker.send((id, task)).is_ok()
        {
            self.looking = Some((id, false));
        }
    }

    /// Takes note of what a lane told, and gives what that reports.
    pub fn hear(&mut self, told: Told) -> Option<(TaskId, Report)> {
        let (id, report) = match told {
            Told::Progress(id, progress) => return Some((id, Report::Progress(progress))),
            Told::Over(id, report) => (id, report),
        };
        self.writing.remove(&id);
        self.asking.remove(&id);
        let looked = self.looking.take_if(|(look, _)| *look == id);
        if let (Some((_, true)), Some(Report::Looked(_))) = (looked, &report) {
            self.look.get_or_insert(id);
            return None;
        }
        Some((id, report?))
    }

    /// Has a task stop at the next safe point.
    pub fn stop(&self, id: TaskId) {
        self.writing.get(&id).or_else(|| self.asking.get(&id)).into_iter().for_each(Stop::now);
    }

    /// Has every task stop that can.
    pub fn stop_all(&self) {
        self.writing.values().chain(self.asking.values()).for_each(Stop::now);
    }

    /// The task that is not over for longest.
    #[must_use]
    pub fn oldest(&self) -> Option<TaskId> {
        let completion = self.completion.as_ref().map(|(id, _)| *id);
        let looks = [self.look, completion, self.looking.map(|(id, _)| id)];
        self.oldest_write().into_iter().chain(looks.into_iter().flatten()).min()
    }

    /// The task that writes and is not over for longest.
    #[must_use]
    pub fn oldest_write(&self) -> Option<TaskId> {
        self.writing.keys().next().copied()
    }

    /// Whether something is being written, or to be.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        !self.writing.is_empty()
    }

    /// Closes the lanes and lets the home folder go; `false` where a task that does not end still holds it.
    #[must_use]
    pub fn close(self) -> bool {
        drop(self.writer);
        let patience = if self.looking.is_some() { PATIENCE } else { Duration::MAX };
        self.writing.is_empty() && self.held.recv_timeout(patience) == Err(RecvTimeoutError::Disconnected)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use time::OffsetDateTime;

    use super::*;
    use crate::form::Answers;
    use crate::home::Facts;
    use crate::plan::Plan;

    /// Lanes without anybody in them: what is begun there, and what holds the home folder.
    struct Unmanned {
        lanes: Lanes,
        to_write: Receiver<(TaskId, Task, Stop)>,
        to_look: Receiver<(TaskId, Task)>,
        to_ask: Receiver<(TaskId, Task, Stop)>,
        holding: Sender<()>,
    }

    impl Unmanned {
        fn new() -> Self {
            let ((writer, to_write), (looker, to_look)) = (mpsc::channel(), mpsc::channel());
            let ((asker, to_ask), (holding, held)) = (mpsc::channel(), mpsc::channel());
            let lanes = Lanes::to([writer, asker], looker, held);
            Unmanned { lanes, to_write, to_look, to_ask, holding }
        }

        fn start(&mut self, id: u64, task: Task) -> &mut Self {
            self.lanes.start(TaskId(id), task);
            self
        }

        /// The write and the look that are begun now.
        fn begun(&mut self) -> (Option<u64>, Option<(u64, Task)>) {
            self.lanes.begin_look();
            let write = self.to_write.try_recv().ok().map(|(id, ..)| id.0);
            (write, self.to_look.try_recv().ok().map(|(id, task)| (id.0, task)))
        }

        /// A task is over; gives the one whose report counts.
        fn over(&mut self, id: u64, report: Report) -> Option<u64> {
            self.lanes.hear(Told::Over(TaskId(id), Some(report))).map(|(id, _)| id.0)
        }
    }

    fn save() -> Task {
        Task::Save(String::new())
    }

    fn wanted(renews: bool) -> Wanted {
        let renewal = renews.then_some(crate::edge::Renewal { keeps_key: true });
        let wishes = Arc::new(crate::form::Wishes { renewal, ..Default::default() });
        Wanted { answers: Answers::default(), wishes }
    }

    fn facts() -> Box<Facts> {
        Box::new(Facts::unseen(Path::new("/home"), Path::new("/"), OffsetDateTime::UNIX_EPOCH))
    }

    fn looked() -> Report {
        Report::Looked(facts())
    }

    fn saved() -> Report {
        Report::Saved(Ok(false))
    }

    #[test]
    fn a_look_that_does_not_end_holds_back_nothing_that_is_written() {
        let mut lanes = Unmanned::new();
        lanes.start(1, Task::Complete("/stalled/".to_owned()));
        assert_eq!(lanes.begun(), (None, Some((1, Task::Complete("/stalled/".to_owned())))));
        lanes.start(2, Task::Look(wanted(false))).start(3, save());
        assert_eq!(lanes.begun(), (Some(3), None));
        assert_eq!(lanes.lanes.oldest_write(), Some(TaskId(3)));
        assert_eq!(lanes.over(3, saved()), Some(3));
        assert!(!lanes.lanes.is_writing(), "one may leave");
        assert_eq!(lanes.lanes.oldest(), Some(TaskId(1)));
        drop(lanes.holding);
        assert!(lanes.lanes.close());
    }

    #[test]
    fn a_look_begins_when_what_was_to_be_written_is() {
        let mut lanes = Unmanned::new();
        lanes.start(1, save()).start(2, Task::Look(wanted(false)));
        assert_eq!(lanes.begun(), (Some(1), None));
        lanes.over(1, saved());
        assert_eq!(lanes.begun(), (None, Some((2, Task::Look(wanted(false))))));
        assert_eq!(lanes.over(2, looked()), Some(2));
        assert_eq!(lanes.lanes.oldest(), None);
    }

    #[test]
    fn a_look_that_was_overtaken_by_a_write_is_done_again() {
        let mut lanes = Unmanned::new();
        lanes.start(1, Task::Look(wanted(false)));
        lanes.begun();
        lanes.start(2, save());
        assert_eq!(lanes.over(1, looked()), None, "it may tell what was before");
        assert_eq!(lanes.begun(), (Some(2), None));
        lanes.over(2, saved());
        assert_eq!(lanes.begun(), (None, Some((1, Task::Look(wanted(false))))));
        lanes.start(3, Task::PrepareKey(None));
        assert_eq!(lanes.over(1, looked()), Some(1), "a key ahead is not on the disk");
    }

    #[test]
    fn a_look_that_was_overtaken_by_a_run_tells_of_what_the_run_was_asked_to_look_at() {
        let mut lanes = Unmanned::new();
        lanes.start(1, Task::Look(wanted(false)));
        lanes.begun();
        lanes.start(2, Task::Run(Plan::default(), None, wanted(true)));
        lanes.over(
            2,
            Report::Finished { done: 0, failed: None, cancelled: false, taken_back: Vec::new(), facts: facts() },
        );
        assert_eq!(lanes.over(1, looked()), None);
        assert_eq!(lanes.begun(), (Some(2), Some((1, Task::Look(wanted(true))))));
    }

    #[test]
    fn of_the_looks_and_of_the_completions_that_wait_only_the_last_is_done() {
        let mut lanes = Unmanned::new();
        lanes.start(1, Task::Look(wanted(false)));
        lanes.begun();
        for id in 2..5 {
            lanes.start(id, Task::Look(wanted(id == 4))).start(id + 10, Task::Complete(id.to_string()));
        }
        assert_eq!(lanes.begun(), (None, None));
        lanes.over(1, looked());
        assert_eq!(lanes.begun().1, Some((14, Task::Complete("4".to_owned()))));
        lanes.over(14, Report::Completed { start: "4".to_owned(), names: Vec::new() });
        assert_eq!(lanes.begun().1, Some((4, Task::Look(wanted(true)))));
        assert_eq!(lanes.over(4, looked()), Some(4));
        assert_eq!(lanes.begun(), (None, None));
    }

    #[test]
    fn what_is_asked_of_the_network_can_be_stopped_and_nobody_waits_for_it() {
        let mut lanes = Unmanned::new();
        lanes.start(1, Task::Check(Arc::default())).start(2, Task::LookUp(Vec::new()));
        assert_eq!((lanes.lanes.oldest(), lanes.lanes.is_writing()), (None, false));
        let [first, second] = [(); 2].map(|()| lanes.to_ask.try_recv().unwrap().2);
        lanes.lanes.stop(TaskId(1));
        assert_eq!((first.is_wanted(), second.is_wanted()), (true, false));
        lanes.lanes.stop_all();
        assert!(second.is_wanted());
    }

    #[test]
    fn a_home_folder_that_is_not_let_go_keeps_nobody_who_leaves_a_stalled_look() {
        let mut lanes = Unmanned::new();
        lanes.start(1, Task::Look(wanted(false)));
        lanes.begun();
        assert!(!lanes.lanes.close());
        drop(lanes.holding);
    }
}
