//! Carries a plan out, action by action, and writes the journal.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::home::Layout;
use crate::home::layout::{CERTIFICATE, CHAIN, FULLCHAIN, KEY};
use crate::home::{Entry, Pair};
use crate::pki::encrypted_key::{open, seal};
use crate::pki::pfx::{self, Parcel};
use crate::pki::request::{public_key_of, sign};
use crate::pki::{KeyKind, PrivateKey};
use crate::plan::{Action, ActionKind, Plan, Work, entry};
use crate::problem::{Code, Problem};
use crate::system::{Access, PlannedFile, World};
use crate::text::{Message, say};

/// How far a run came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What was done; kept things are not in it.
    pub done: Vec<Action>,
    /// How many actions of the plan are behind: done, or there already.
    pub reached: usize,
    /// What could not be done, and why; nothing after it was tried.
    pub failed: Option<(Action, Problem)>,
    /// Whether it was told to stop before the end.
    pub cancelled: bool,
}

/// Secrets that a plan needs and does not hold.
#[derive(Default)]
pub struct Hands {
    /// The key that came with its certificate.
    pub key: Option<PrivateKey>,
    /// The password of a PFX.
    pub password: Option<Zeroizing<String>>,
    /// The passphrase that a new key is put under, and that an old one is opened with.
    pub passphrase: Option<Zeroizing<String>>,
}

/// Performs `plan` in `world`; `home` is where the journal is. `tell` hears how many actions are behind. Between two
/// actions, and while a key is being made, `go_on` is asked whether to go on.
pub fn perform(
    world: &mut dyn World,
    home: &Path,
    plan: &Plan,
    tell: &mut dyn FnMut(usize),
    go_on: &dyn Fn() -> bool,
) -> Outcome {
    perform_with(world, home, plan, Hands::default(), tell, go_on)
}

/// Performs `plan` as [`perform`] does, with secrets at hand.
pub fn perform_with(
    world: &mut dyn World,
    home: &Path,
    plan: &Plan,
    hands: Hands,
    tell: &mut dyn FnMut(usize),
    go_on: &dyn Fn() -> bool,
) -> Outcome {
    let mut outcome = Outcome::default();
    let journal = Layout::of(home).journal();
    let run = world.now();
    let mut bench = Bench {
        home,
        journal,
        run,
        undoes: plan.undoes,
        hands,
        untold: VecDeque::new(),
        staged: None,
        is_prepared: false,
        key: None,
        request: None,
    };
    // How far the run was when it began a folder that is made whole.
    let mut before_whole = (0, 0);
    for (index, action) in plan.actions.iter().enumerate() {
        if !go_on() {
            outcome.cancelled = true;
            break;
        }
        // The first run makes the home folder before it can hold it.
        if let Err(held) = world.lock() {
            let problem = Problem::error(Code::HomeLocked, "").with("by", held.by);
            outcome.failed = Some((action.clone(), problem));
            break;
        }
        if action.kind != ActionKind::Keep {
            if let Err(error) = world.has_randomness() {
                let reason = say("reason-no-randomness").with("reason", error.to_string());
                outcome.failed = Some((action.clone(), undone(action, reason)));
                break;
            }
            if let Err(reason) = bench.leave_whole(world, action) {
                outcome.failed = Some((action.clone(), undone(action, reason)));
                break;
            }
            if action.work == Work::Whole {
                before_whole = (outcome.done.len(), outcome.reached);
            }
            if !bench.is_prepared && matches!(action.work, Work::File { .. } | Work::Key(_)) {
                bench.prepare(world, &plan.actions[index..], go_on);
            }
            match bench.perform(world, action, go_on) {
                Ok(()) => outcome.done.push(action.clone()),
                Err(Undone::Cancelled) => {
                    outcome.cancelled = true;
                    break;
                }
                Err(Undone::Failed(reason)) => {
                    outcome.failed = Some((action.clone(), undone(action, reason)));
                    break;
                }
            }
        }
        outcome.reached = index + 1;
        tell(outcome.reached);
    }
    if outcome.failed.is_some() || outcome.cancelled {
        if bench.unstage(world) {
            // Nothing of it is there.
            outcome.done.truncate(before_whole.0);
            outcome.reached = before_whole.1;
        }
    } else if let (Err(reason), Some(last)) = (bench.publish(world), plan.actions.last()) {
        outcome.done.truncate(before_whole.0);
        outcome.reached = before_whole.1;
        outcome.failed = Some((last.clone(), undone(last, reason)));
    }
    if bench.is_prepared {
        // What was not needed makes room.
        world.prepare(Vec::new());
    }
    let is_over = outcome.failed.is_none() && !outcome.cancelled;
    // What was done is told, however it ended.
    let ended = if is_over { bench.end(world) } else { bench.tell(world) };
    // However it ended, what was done shall last.
    let is_settled = outcome.done.is_empty() || is_over && plan.undoes.is_some();
    let settled = if is_settled { Ok(()) } else { world.settle().map_err(system) };
    if let (Err(reason), None) = (ended.and(settled), &outcome.failed) {
        // Without an action, the line that ends the run is all there was to write.
        let line = || Work::File { content: String::new(), before: None, access: Access::Private };
        let journal = || Action::new(ActionKind::Change, Layout::of(home).journal(), line());
        let last = plan.actions.last().cloned().unwrap_or_else(journal);
        let problem = undone(&last, reason);
        outcome.failed = Some((last, problem));
    }
    outcome
}

fn undone(action: &Action, reason: Message) -> Problem {
    Problem::error(Code::FileUnwritable, action.answer)
        .with("file", action.target.to_string_lossy().into_owned())
        .with("reason", reason)
}

/// Why an action was not done.
enum Undone {
    /// It was told to stop.
    Cancelled,
    /// It could not be done.
    Failed(Message),
}

impl From<Message> for Undone {
    fn from(reason: Message) -> Self {
        Undone::Failed(reason)
    }
}

/// What one action leaves for the next.
struct Bench<'a> {
    home: &'a Path,
    journal: PathBuf,
    run: OffsetDateTime,
    undoes: Option<OffsetDateTime>,
    hands: Hands,
    untold: VecDeque<Entry>,
    /// The folder that is being made whole.
    staged: Option<PathBuf>,
    is_prepared: bool,
    key: Option<NewKey>,
    request: Option<String>,
}

/// A key that was made in this run.
struct NewKey {
    key: PrivateKey,
    /// The key as it is written, maybe under a passphrase.
    written: Zeroizing<String>,
}

impl Bench<'_> {
    /// Has everything that is known or can be made before it is written brought to the disk at once; nothing, where a key
    /// cannot be made: its action tries again, and says why.
    fn prepare(&mut self, world: &mut dyn World, actions: &[Action], go_on: &dyn Fn() -> bool) {
        self.is_prepared = true;
        let mut files = Vec::new();
        for action in actions.iter().filter(|action| action.kind != ActionKind::Keep) {
            let (content, access) = match &action.work {
                Work::Key(kind) => {
                    let Ok(new) = self.make_key(world, *kind, go_on) else { return };
                    (Some(self.key.insert(new).written.clone()), Access::Private)
                }
                Work::Request(spec, _) => {
                    self.request = self.key.as_ref().and_then(|new| sign(spec, &new.key).ok());
                    (self.request.clone().map(Zeroizing::new), Access::Private)
                }
                Work::RequestCopy { found, .. } => {
                    (found.clone().or_else(|| self.request.clone()).map(Zeroizing::new), Access::Shared)
                }
                Work::File { content, access, .. } => (Some(content.clone().into()), *access),
                Work::Purpose(purpose) => (Some(purpose.json().into()), Access::Private),
                _ => continue,
            };
            files.extend(content.map(|content| PlannedFile { path: action.target.clone(), content, access }));
        }
        world.prepare(files);
    }

    fn make_key(&self, world: &mut dyn World, kind: KeyKind, go_on: &dyn Fn() -> bool) -> Result<NewKey, Undone> {
        let key = world.make_key(kind, go_on).map_err(backend)?.ok_or(Undone::Cancelled)?;
        let sealed = self.hands.passphrase.as_ref().map(|passphrase| seal(&key, passphrase)).transpose();
        let written = sealed.map_err(backend)?.unwrap_or_else(|| key.pem().to_owned());
        Ok(NewKey { key, written: Zeroizing::new(written) })
    }

    /// Puts the folder that was being made whole in its place, where `action` is about something else.
    fn leave_whole(&mut self, world: &mut dyn World, action: &Action) -> Result<(), Message> {
        let is_left = self.staged.as_ref().is_some_and(|folder| !action.target.starts_with(folder));
        if is_left { self.publish(world) } else { Ok(()) }
    }

    /// Puts the folder that was being made whole in its place, and says so.
    fn publish(&mut self, world: &mut dyn World) -> Result<(), Message> {
        let Some(folder) = self.staged.take() else { return Ok(()) };
        let published = world.publish();
        if published.is_err() {
            world.unstage();
            self.untold
                .retain(|entry| !entry.place.in_home().is_some_and(|at| self.home.join(at).starts_with(&folder)));
        }
        published.map_err(system)?;
        self.tell(world)
    }

    /// Gives up the folder that was being made whole; tells whether there was one.
    fn unstage(&mut self, world: &mut dyn World) -> bool {
        let Some(folder) = self.staged.take() else { return false };
        world.unstage();
        self.untold.retain(|entry| !entry.place.in_home().is_some_and(|at| self.home.join(at).starts_with(&folder)));
        true
    }

    fn perform(&mut self, world: &mut dyn World, action: &Action, go_on: &dyn Fn() -> bool) -> Result<(), Undone> {
        // What has left the home folder leads back to it, so all that is in it outlasts the machine first.
        if matches!(action.work, Work::RequestCopy { .. }) && !action.target.starts_with(self.home) {
            world.settle().map_err(system)?;
        }
        let told = match &action.work {
            Work::Folder => {
                world.make_folder(&action.target).map_err(system)?;
                None
            }
            Work::HomeId => {
                world.owner().map_err(system)?;
                None
            }
            Work::Whole => {
                world.stage(&action.target).map_err(system)?;
                self.staged = Some(action.target.clone());
                None
            }
            // It is there, and kept.
            Work::KeyLeft(_) => None,
            Work::KeyClosed(_) => {
                world.close_key(&action.target).map_err(system)?;
                None
            }
            Work::Key(kind) => {
                let new = self.key.take().map_or_else(|| self.make_key(world, *kind, go_on), Ok)?;
                world.create(&action.target, new.written.as_bytes(), Access::Private).map_err(system)?;
                self.key = Some(new);
                None
            }
            Work::KeyCopy { from, .. } => {
                let key = world.read_key(from).map_err(|e| say("reason-no-key").with("reason", e.to_string()))?;
                let key = if key.is_encrypted() {
                    let passphrase = self.hands.passphrase.as_ref().ok_or_else(|| say("reason-passphrase"))?;
                    open(key.pem(), passphrase).map_err(|_| say("reason-passphrase"))?
                } else {
                    key
                };
                world.create(&action.target, key.pem().as_bytes(), Access::Private).map_err(system)?;
                None
            }
            Work::KeyGiven(_) => {
                let key = self.hands.key.take().ok_or_else(|| say("reason-no-key-given"))?;
                world.create(&action.target, key.pem().as_bytes(), Access::Private).map_err(system)?;
                None
            }
            Work::Link { to, .. } => {
                // Told before it is done: whoever takes it back has to know where it led.
                self.note(action, None, world);
                self.tell(world).map_err(|reason| Message { key: "reason-journal-first".into(), ..reason })?;
                world.settle().map_err(system)?;
                if let Some(to) = to {
                    prove_pair(world, &self.home.join(to))?;
                }
                world.link(&action.target, to.as_deref()).map_err(system)?;
                return Ok(world.settle().map_err(system)?);
            }
            Work::Remove { .. } => {
                world.remove(&action.target).map_err(system)?;
                None
            }
            Work::Purpose(purpose) => {
                let json = purpose.json();
                write(world, action, &json, Access::Private)?;
                Some(json)
            }
            Work::Pfx { pair, friendly_name, legacy } => {
                let pfx = self.pfx(world, pair, friendly_name, *legacy)?;
                world.create(&action.target, &pfx, Access::Private).map_err(system)?;
                None
            }
            Work::Request(spec, _) => {
                let beside = action.target.with_file_name(KEY);
                let left = || world.read_key(&beside).map_err(|e| say("reason-no-key").with("reason", e.to_string()));
                let made = || {
                    let key = self.key.take().map_or_else(left, |new| Ok(new.key))?;
                    sign(spec, &key).map_err(backend)
                };
                let pem = self.request.take().map_or_else(made, Ok)?;
                // It has done its work.
                self.key = None;
                world.create(&action.target, pem.as_bytes(), Access::Private).map_err(system)?;
                self.request.insert(pem).clone().into()
            }
            Work::RequestCopy { found, .. } => {
                let Some(pem) = found.clone().or_else(|| self.request.clone()) else {
                    return Err(say("reason-no-request").into());
                };
                write(world, action, &pem, Access::Shared)?;
                Some(pem)
            }
            Work::File { content, access, .. } => {
                write(world, action, content, *access)?;
                Some(content.clone())
            }
        };
        self.note(action, told.as_deref(), world);
        // What is not in its place yet is not told yet.
        if self.staged.is_some() {
            return Ok(());
        }
        // A folder above the home folder is made before there is a place to say so.
        let has_journal =
            self.journal.parent().is_none_or(|home| action.target == home || !home.starts_with(&action.target));
        if has_journal { Ok(self.tell(world)?) } else { Ok(()) }
    }

    /// A run that takes another back says when it is through: until then it is to be done again.
    fn end(&mut self, world: &mut dyn World) -> Result<(), Message> {
        self.tell(world)?;
        let Some(undone) = self.undoes else { return Ok(()) };
        world.settle().map_err(system)?;
        self.untold.push_back(Entry::undone(undone, self.run, world.now()));
        self.tell(world)?;
        // That line may be lost with the machine: what is then done again is done already. A failure told here would
        // have the person take back the run before as well.
        let _ = world.settle();
        Ok(())
    }

    fn pfx(
        &self,
        world: &dyn World,
        pair: &Path,
        friendly_name: &str,
        legacy: bool,
    ) -> Result<Zeroizing<Vec<u8>>, Message> {
        let key = world.read_key(&pair.join(KEY)).map_err(|e| say("reason-no-key").with("reason", e.to_string()))?;
        let full = world.read(&pair.join(FULLCHAIN)).map_err(system)?;
        let blocks = pem::parse_many(full).map_err(|error| backend(error.to_string()))?;
        let certificates: Vec<&[u8]> = blocks.iter().map(pem::Pem::contents).collect();
        let password = self.hands.password.as_ref().ok_or_else(|| say("reason-no-password"))?;
        pfx::write(&Parcel { key: &key, certificates: &certificates, friendly_name, password, legacy }).map_err(backend)
    }

    /// Keeps in mind what was done, to be written down.
    fn note(&mut self, action: &Action, content: Option<&str>, world: &dyn World) {
        let told = entry(action, self.home, content, self.run, world.now());
        self.untold.push_back(Entry { undoes: self.undoes, ..told });
    }

    /// Writes down what was done since the last time.
    fn tell(&mut self, world: &mut dyn World) -> Result<(), Message> {
        let failed = |error: io::Error| say("reason-journal").with("reason", error.to_string());
        if self.untold.is_empty() {
            return Ok(());
        }
        let owner = world.owner().map_err(failed)?;
        while let Some(entry) = self.untold.front() {
            world.append(&self.journal, &entry.clone().line(&owner)).map_err(failed)?;
            self.untold.pop_front();
        }
        Ok(())
    }
}

/// Proves that what lies in the folder of a pair is one: read anew from the disk, at the last moment.
fn prove_pair(world: &dyn World, folder: &Path) -> Result<(), Message> {
    let read = |name: &str| world.read(&folder.join(name)).ok();
    let key = world.read_key(&folder.join(KEY)).ok();
    let pair = Pair::of(0, [CERTIFICATE, CHAIN, FULLCHAIN].map(read), key.as_ref().and_then(public_key_of));
    if pair.is_whole { Ok(()) } else { Err(say("reason-no-pair")) }
}

fn write(world: &mut dyn World, action: &Action, content: &str, access: Access) -> Result<(), Message> {
    let written = match action.kind {
        ActionKind::Create => world.create(&action.target, content.as_bytes(), access),
        _ => world.replace(&action.target, content.as_bytes(), access),
    };
    written.map_err(system)
}

fn system(error: io::Error) -> Message {
    say("reason-system").with("reason", error.to_string())
}

fn backend(error: String) -> Message {
    say("reason-system").with("reason", error)
}
