//! One thing that a run does, and the list of them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::edge::{Purpose, Usage};
use crate::home::layout::BEFORE;
use crate::home::layout::{KEY, pair};
use crate::home::{Facts, Found};
use crate::pki::KeyKind;
use crate::pki::digest::sha256_hex;
use crate::pki::request::RequestSpec;
use crate::problem::{Code, Problem};
use crate::system::Access;
use crate::text::{Message, Text, say, visible};

use super::diff;

/// What a run will do, in order. A dry run and a run perform the same plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The actions in order.
    pub actions: Vec<Action>,
    /// The run that it takes back, by its beginning.
    pub undoes: Option<OffsetDateTime>,
}

/// One action on one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it amounts to, compared with what is there.
    pub kind: ActionKind,
    /// Absolute path of what it makes or changes.
    pub target: PathBuf,
    /// How it is done.
    pub work: Work,
    /// Path of the answer that chose the target; empty where it follows from the home folder.
    pub answer: &'static str,
    /// Permission bits of the file that is there now and is replaced or taken away.
    pub mode: Option<u32>,
}

/// What an action amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// Something new.
    Create,
    /// Something that is there becomes different.
    Change,
    /// It is there already.
    Keep,
    /// Something that is there goes away.
    Remove,
    /// A command.
    Run,
}

impl ActionKind {
    /// The contract's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ActionKind::Create => "create",
            ActionKind::Change => "change",
            ActionKind::Keep => "keep",
            ActionKind::Remove => "remove",
            ActionKind::Run => "run",
        }
    }

    /// One column that tells it apart in a list.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            ActionKind::Create => "+",
            ActionKind::Change => "~",
            ActionKind::Keep => "=",
            ActionKind::Remove => "-",
            ActionKind::Run => ">",
        }
    }
}

/// How an action is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// A folder for its owner alone: 0700.
    Folder,
    /// A folder for its owner alone that is there with all that the next actions put into it, or not at all.
    Whole,
    /// What tells the home folder apart from every other: random, made once.
    HomeId,
    /// A private key, never over an existing file.
    Key(KeyKind),
    /// A private key that an unfinished run left without its request, and that the request is now made with.
    KeyLeft(KeyKind),
    /// The private key of a request, which others may read, made its owner's alone.
    KeyClosed(KeyKind),
    /// A copy of the private key `from`, for its owner alone.
    KeyCopy {
        /// Absolute path of the key.
        from: PathBuf,
        /// What a pair is for; none for the key of a request, which says so itself.
        usage: Option<Usage>,
    },
    /// The private key that came with its certificate, for a pair of this use.
    KeyGiven(Usage),
    /// What a request or a pair is for, which stands beside it.
    Purpose(Purpose),
    /// A request, signed by the key beside it.
    Request(RequestSpec, Usage),
    /// A copy of the request that this run made or found.
    RequestCopy {
        /// The request, where it exists already.
        found: Option<String>,
        /// What is there now and is replaced.
        before: Option<String>,
    },
    /// A file with this content.
    File {
        /// The new content.
        content: String,
        /// What is there now.
        before: Option<String>,
        /// Who may read it.
        access: Access,
    },
    /// A file is taken away.
    Remove {
        /// What is there now.
        before: String,
    },
    /// A symbolic link, switched in one step; the pair it leads to is proved once more before.
    Link {
        /// Where it is to lead, as the link says it; none takes it away.
        to: Option<PathBuf>,
        /// Where it leads now.
        was: Option<PathBuf>,
    },
    /// A PFX of the pair in a folder, for its owner alone; its password is handed over apart.
    Pfx {
        /// Absolute path of the pair's folder.
        pair: PathBuf,
        /// The name shown beside it in Windows.
        friendly_name: String,
        /// Whether for Windows Server 2016 and older.
        legacy: bool,
    },
}

impl Action {
    /// A file in the home folder for its owner alone, created or changed or kept as `facts` have it.
    #[must_use]
    pub fn file(facts: &Facts, target: PathBuf, content: String) -> Self {
        Action::file_for(facts, target, content, Access::Private)
    }

    /// A file, created or changed or kept as `facts` have it.
    #[must_use]
    pub fn file_for(facts: &Facts, target: PathBuf, content: String, access: Access) -> Self {
        let is_too_open = access == Access::Private && facts.is_open(&target);
        let before = text_at(facts, &target);
        let kind = match &before {
            // A file that others came to read is written anew with its own mode.
            Some(before) if *before == content && !is_too_open => ActionKind::Keep,
            _ => appearance(facts, &target),
        };
        let mode = facts.spot(&target).mode;
        Action { mode, ..Action::new(kind, target, Work::File { content, before, access }) }
    }

    /// What a request or a pair in `folder` is for, as the file `name` in it.
    #[must_use]
    pub fn purpose(facts: &Facts, folder: &Path, name: &str, purpose: Purpose) -> Self {
        let target = folder.join(name);
        Action::new(appearance(facts, &target), target, Work::Purpose(purpose))
    }

    /// Takes the file at `target` away, as `facts` have it.
    #[must_use]
    pub fn remove(facts: &Facts, target: PathBuf) -> Self {
        let before = text_at(facts, &target).unwrap_or_default();
        let mode = facts.spot(&target).mode;
        Action { mode, ..Action::new(ActionKind::Remove, target, Work::Remove { before }) }
    }

    /// A copy of the request at `target`: of `found`, else of the one made in this run.
    #[must_use]
    pub fn request_copy(facts: &Facts, target: PathBuf, found: Option<String>) -> Self {
        let before = text_at(facts, &target);
        let kind = match (&before, &found) {
            (Some(before), Some(found)) if before == found => ActionKind::Keep,
            _ => appearance(facts, &target),
        };
        let mode = facts.spot(&target).mode;
        let copy = Action::new(kind, target, Work::RequestCopy { found, before });
        Action { mode, answer: "request.file", ..copy }
    }

    /// The link that `usage` is served through, to the pair of this number; none takes the link away.
    #[must_use]
    pub fn link(facts: &Facts, usage: Usage, number: Option<u32>) -> Self {
        let target = facts.layout().link(usage);
        let was = facts.links.get(usage.link()).cloned();
        let to = number.map(pair);
        let kind = match (&was, &to) {
            _ if was == to => ActionKind::Keep,
            (None, _) => ActionKind::Create,
            (_, None) => ActionKind::Remove,
            _ => ActionKind::Change,
        };
        Action::new(kind, target, Work::Link { to, was })
    }

    /// What is there now and is replaced or taken away.
    #[must_use]
    pub fn before(&self) -> Option<&str> {
        match &self.work {
            Work::RequestCopy { before, .. } | Work::File { before, .. } => before.as_deref(),
            Work::Remove { before } => Some(before),
            _ => None,
        }
    }

    /// Something new or kept at `target`.
    #[must_use]
    pub fn new(kind: ActionKind, target: PathBuf, work: Work) -> Self {
        Action { kind, target, work, answer: "", mode: None }
    }

    /// The action in one line, without its target.
    #[must_use]
    pub fn summary(&self) -> Message {
        if matches!(self.work, Work::KeyLeft(_)) {
            return say("action-go-on").with("what", self.what());
        }
        say(format!("action-{}", self.kind.name())).with("what", self.what())
    }

    /// The action with its target, as a line of the log.
    #[must_use]
    pub fn line(&self, text: &Text) -> String {
        format!("{}  {}", text.say(&self.summary()), visible(&self.target.to_string_lossy()))
    }

    /// What it makes or changes, without the deed.
    #[must_use]
    pub fn what(&self) -> Message {
        match &self.work {
            Work::Folder | Work::Whole => say("action-folder"),
            Work::HomeId | Work::Purpose(_) => say("action-file").with("name", file_name(&self.target)),
            Work::Key(kind) | Work::KeyLeft(kind) | Work::KeyClosed(kind) => {
                say("action-key").with("kind", say(format!("field-security-key.{}", kind.name())))
            }
            Work::KeyCopy { .. } => say("action-key-copy"),
            Work::KeyGiven(_) => say("action-key-given"),
            Work::Request(spec, _) => say("action-request").with("names", spec.names.len()),
            Work::RequestCopy { .. } => say("action-request-copy"),
            Work::File { .. } if is_in(BEFORE, &self.target) => say("action-before"),
            Work::File { .. } | Work::Remove { .. } => say("action-file").with("name", file_name(&self.target)),
            Work::Link { to: Some(to), .. } => say("action-link").with("to", to.to_string_lossy().into_owned()),
            Work::Link { to: None, .. } => say("action-link-away"),
            Work::Pfx { .. } => say("action-pfx"),
        }
    }

    /// What changes, as a diff; empty for anything but a changed text.
    #[must_use]
    pub fn changes(&self) -> String {
        match &self.work {
            Work::File { content, before: Some(before), .. } if self.kind == ActionKind::Change => {
                diff(before, content)
            }
            _ => String::new(),
        }
    }

    /// Why it cannot be done, as far as `facts` tell.
    #[must_use]
    pub fn problem(&self, facts: &Facts) -> Option<Problem> {
        if self.kind == ActionKind::Keep {
            return None;
        }
        let spot = facts.spot(&self.target);
        let unwritable = |reason: Message| Some(unwritable(self.answer, &self.target, reason));
        match (&spot.found, &self.work) {
            (Found::Link | Found::Nothing, Work::Link { .. }) => unwritable(spot.unwritable.clone()?),
            (Found::Link, _) => unwritable(say("reason-link")),
            (Found::Other, _) => unwritable(say("reason-other")),
            (Found::Folder, Work::Folder | Work::Whole) | (Found::Nothing, _) => unwritable(spot.unwritable.clone()?),
            (Found::Folder, _) => unwritable(say("reason-folder")),
            (Found::File(_) | Found::Key, Work::Folder | Work::Whole | Work::Link { .. }) => {
                unwritable(say("reason-file"))
            }
            (Found::File(_) | Found::Key, Work::Pfx { .. }) => Some(self.file_exists()),
            (Found::Key, Work::KeyClosed(_)) => None,
            (Found::Key, _) => unwritable(say("reason-key")),
            (Found::File(content), Work::RequestCopy { .. }) if holds_certificate(content) => {
                unwritable(say("reason-certificate"))
            }
            (Found::File(content), _) if self.is_of_another(facts, content) => Some(self.file_exists()),
            (Found::File(_), _) => unwritable(spot.unwritable.clone()?),
        }
    }

    /// Whether `content` at the target is what somebody else may still need.
    fn is_of_another(&self, facts: &Facts, content: &[u8]) -> bool {
        let wrote = || facts.wrote(&self.target, content);
        !facts.agreed.contains(&self.target)
            && match self.work {
                // Ours, but still waiting for its certificate, is needed too.
                Work::RequestCopy { .. } => !is_answered(facts, content) || !wrote(),
                Work::File { .. } | Work::Remove { .. } => !self.target.starts_with(&facts.home) && !wrote(),
                _ => false,
            }
    }

    fn file_exists(&self) -> Problem {
        Problem::error(Code::FileExists, self.answer).with("file", self.target.to_string_lossy().into_owned())
    }
}

impl Plan {
    /// Makes a plan of `actions`, with the folders up to and in the home folder that they need and that are not there yet.
    #[must_use]
    pub fn of(facts: &Facts, actions: Vec<Action>) -> Self {
        let mut plan = Plan::default();
        let mut planned = HashSet::new();
        for action in actions {
            let replaced = action.before().filter(|_| matches!(action.kind, ActionKind::Change | ActionKind::Remove));
            let kept = replaced.and_then(|before| {
                let digest = sha256_hex(before.as_bytes());
                let is_kept = facts.kept.contains(&digest);
                let place = facts.layout().before().join(digest);
                (!is_kept).then(|| Action::file(facts, place, before.to_owned()))
            });
            for action in kept.into_iter().chain([action]) {
                plan.add(facts, action, &mut planned);
            }
        }
        plan.add_home_id(facts);
        plan
    }

    /// A home folder without a name of its own gets one with the first thing that is done in it.
    fn add_home_id(&mut self, facts: &Facts) {
        if facts.owner.home_id.is_empty() && !self.is_done() {
            let is_above = |action: &Action| facts.home.starts_with(&action.target);
            let at = self.actions.iter().rposition(is_above).map_or(0, |last| last + 1);
            self.actions.insert(at, Action::new(ActionKind::Create, facts.layout().home_id(), Work::HomeId));
        }
    }

    /// Adds an action that is not there yet; `planned` are the targets of those that are.
    fn add(&mut self, facts: &Facts, action: Action, planned: &mut HashSet<PathBuf>) {
        if planned.contains(&action.target) && self.actions.contains(&action) {
            return;
        }
        if action.target.starts_with(&facts.home) {
            // What goes away needs no folder made for it.
            let is_needed =
                |folder: &&Path| action.kind != ActionKind::Remove || facts.spot(folder).found != Found::Nothing;
            let mut folders: Vec<&Path> = action.target.ancestors().skip(1).filter(is_needed).collect();
            folders.reverse();
            for folder in folders {
                self.add_folder(facts, folder, planned);
            }
        }
        planned.insert(action.target.clone());
        self.actions.push(action);
    }

    fn add_folder(&mut self, facts: &Facts, folder: &Path, planned: &mut HashSet<PathBuf>) {
        let spot = facts.spot(folder);
        let is_home = folder == facts.home;
        let kind = match spot.found {
            // Another's curiosity about the home folder ends here; the files in it are private on their own as well.
            Found::Folder if is_home && facts.is_open(folder) => ActionKind::Change,
            Found::Folder => return,
            // Above the home folder, where nobody looked counts as there, and links lead where their owner wants.
            _ if !folder.starts_with(&facts.home) && !facts.is_seen_free(folder) => return,
            _ => ActionKind::Create,
        };
        if planned.insert(folder.to_owned()) {
            let is_whole = kind == ActionKind::Create && facts.layout().is_numbered(folder);
            let work = if is_whole { Work::Whole } else { Work::Folder };
            self.actions.push(Action::new(kind, folder.to_owned(), work));
        }
    }

    /// Every place the plan touches.
    #[must_use]
    pub fn targets(&self) -> Vec<PathBuf> {
        self.actions.iter().map(|action| action.target.clone()).collect()
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.actions.iter().all(|action| action.kind == ActionKind::Keep)
    }

    /// Why it cannot be done, as far as `facts` tell.
    #[must_use]
    pub fn problems(&self, facts: &Facts) -> Vec<Problem> {
        let unsafe_home = facts.home_unsafe.iter().map(|who| {
            Problem::error(Code::HomeUnsafe, "")
                .with("home", facts.home.to_string_lossy().into_owned())
                .with("who", who.as_str())
        });
        let mut problems: Vec<Problem> = unsafe_home
            .chain(self.journal_problem(facts))
            .chain(self.open_keys(facts))
            .chain(self.shared_keys(facts))
            .collect();
        let mut blocked: Vec<&Path> = Vec::new();
        for action in &self.actions {
            // What is inside a folder that cannot be made is one trouble with it.
            if blocked.iter().any(|folder| action.target.starts_with(folder)) {
                continue;
            }
            if let Some(problem) = self.clash(facts, action).or_else(|| action.problem(facts)) {
                problems.push(problem);
                let is_folder = matches!(action.work, Work::Folder | Work::Whole);
                blocked.extend(is_folder.then_some(action.target.as_path()));
            }
        }
        if problems.is_empty() {
            problems.extend(self.unjournalled(facts));
        }
        problems
    }

    /// Why what is done could not be written down, where it is done outside the home folder: all else would say so itself.
    fn unjournalled(&self, facts: &Facts) -> Option<Problem> {
        let journal = facts.layout().journal();
        let reason = facts.spot(&journal).unwritable.clone()?;
        (!self.is_done()).then(|| unwritable("", &journal, reason))
    }

    /// Why the place that a person chose for `action` is another's.
    fn clash(&self, facts: &Facts, action: &Action) -> Option<Problem> {
        let (home, place) = (facts.layout(), facts.place(&action.target));
        let is_taken = || match action.work {
            Work::Pfx { .. } => home.is_taken(place) && !home.is_for_pfx(place),
            Work::RequestCopy { .. } => home.is_taken(place),
            // A place outside that a link leads into the home folder by now is none outside.
            Work::File { .. } | Work::Remove { .. } => !action.target.starts_with(&facts.home) && home.is_taken(place),
            _ => false,
        };
        let same = || self.actions.iter().filter(|other| facts.place(&other.target) == place).count();
        let clashes = is_taken() || !action.answer.is_empty() && same() > 1;
        clashes.then(|| unwritable(action.answer, &action.target, say("reason-taken")))
    }

    /// The keys that others may read, which is said of each: what they were told of it cannot be taken back.
    fn open_keys<'a>(&'a self, facts: &'a Facts) -> impl Iterator<Item = Problem> + 'a {
        let closed = self.actions.iter().filter(|action| matches!(action.work, Work::KeyClosed(_)));
        let closed = closed.map(|action| (&action.target, say("key-open-closed")));
        let open = closed.chain(facts.keys_open.iter().map(|key| (key, say("key-open-unused"))));
        open.map(|(key, todo)| {
            let file = key.to_string_lossy().into_owned();
            Problem::warning(Code::KeyOpen, "").with("file", file).with("todo", todo)
        })
    }

    /// The keys that are to be used and are not ours alone: whoever holds the other name could change what is copied.
    fn shared_keys<'a>(&'a self, facts: &'a Facts) -> impl Iterator<Item = Problem> + 'a {
        let used = self.actions.iter().filter(|action| action.kind != ActionKind::Keep).filter_map(|action| {
            match &action.work {
                Work::KeyCopy { from, .. } => Some(from.clone()),
                Work::Request(..) => Some(action.target.with_file_name(KEY)),
                _ => None,
            }
        });
        used.filter(|key| facts.keys_shared.contains(key))
            .map(|key| Problem::error(Code::KeyShared, "").with("file", key.to_string_lossy().into_owned()))
    }

    /// Why what is done could not be written down, or the home folder not be held meanwhile.
    fn journal_problem(&self, facts: &Facts) -> Option<Problem> {
        let is_in_the_way = |path: &PathBuf| !matches!(facts.spot(path).found, Found::Nothing | Found::File(_));
        let path = [facts.layout().journal(), facts.layout().lock()].into_iter().find(is_in_the_way)?;
        let reason = match facts.spot(&path).found {
            Found::Link => say("reason-link"),
            Found::Folder => say("reason-folder"),
            _ => say("reason-other"),
        };
        (!self.is_done()).then(|| unwritable("", &path, reason))
    }
}

fn unwritable(answer: &str, file: &Path, reason: Message) -> Problem {
    let file = file.to_string_lossy().into_owned();
    Problem::error(Code::FileUnwritable, answer).with("file", file).with("reason", reason)
}

/// Whether a file holds a request of ours whose certificate came: it has done its work, and is kept in the home folder.
fn is_answered(facts: &Facts, content: &[u8]) -> bool {
    facts.answered.iter().any(|request| request.pem.as_bytes() == content)
}

/// Whether a file holds a private key, which is never replaced whatever a person agreed to.
#[must_use]
pub fn holds_key(content: &[u8]) -> bool {
    holds(content, b"PRIVATE KEY-----")
}

/// Whether a file holds a certificate, which may be the only one for a key.
fn holds_certificate(content: &[u8]) -> bool {
    holds(content, b"BEGIN CERTIFICATE-----")
}

fn holds(content: &[u8], sign: &[u8]) -> bool {
    content.windows(sign.len()).any(|window| window == sign)
}

fn appearance(facts: &Facts, target: &Path) -> ActionKind {
    match facts.spot(target).found {
        Found::Nothing => ActionKind::Create,
        _ => ActionKind::Change,
    }
}

fn text_at(facts: &Facts, path: &Path) -> Option<String> {
    match &facts.spot(path).found {
        // What is no text is none of ours, and could not be put back as it was; nor could a key.
        Found::File(content) => String::from_utf8(content.clone()).ok(),
        _ => None,
    }
}

fn is_in(folder: &str, path: &Path) -> bool {
    path.parent().is_some_and(|parent| parent.ends_with(folder))
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
