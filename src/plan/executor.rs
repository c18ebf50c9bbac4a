//! What one step of a run leaves for the next, and how the journal hears of them.

use std::collections::VecDeque;
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::home::{Entry, Layout};
use crate::pki::encrypted_key::seal;
use crate::pki::{KeyKind, PrivateKey};
use crate::system::{Access, World};
use crate::text::{Message, say};

/// Secrets that a plan needs and does not hold.
#[derive(Default)]
pub struct Secrets {
    /// The key that came with its certificate.
    pub key: Option<PrivateKey>,
    /// The password of a PFX.
    pub password: Option<Zeroizing<String>>,
    /// The passphrase that a new key is put under, and that an old one is opened with.
    pub passphrase: Option<Zeroizing<String>>,
}

/// What came of an action.
pub enum Done {
    /// It is done.
    Made,
    /// It is done, and wrote this, which may be told.
    Wrote(String),
    /// It is done, and this is to be known.
    Noted(Message),
}

impl Done {
    /// What is to be known, if anything is.
    #[must_use]
    pub fn note(self) -> Option<Message> {
        match self {
            Done::Noted(note) => Some(note),
            Done::Made | Done::Wrote(_) => None,
        }
    }
}

/// Why an action was not done.
pub enum Undone {
    /// It was told to stop.
    Cancelled,
    /// It could not be done.
    Failed(Message),
}

impl Undone {
    /// It could not be done for a reason in the words of the system, or of a library.
    #[must_use]
    pub fn because(reason: impl Display) -> Self {
        Undone::Failed(system_said(reason))
    }
}

/// A reason in the words of the system, or of a library.
pub fn system_said(reason: impl Display) -> Message {
    say("reason-system").with("reason", reason.to_string())
}

impl From<Message> for Undone {
    fn from(reason: Message) -> Self {
        Undone::Failed(reason)
    }
}

impl From<io::Error> for Undone {
    fn from(error: io::Error) -> Self {
        Undone::because(error)
    }
}

/// What a run takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undoes {
    /// A run, by its beginning.
    pub run: OffsetDateTime,
    /// A stage of it; none for the whole.
    pub stage: Option<&'static str>,
}

/// What the steps of one run share.
pub struct Executor<'a> {
    /// The home folder.
    pub home: &'a Path,
    /// The secrets that were handed over.
    pub hands: Secrets,
    /// The key that was made in this run and is still to be used.
    pub key: Option<NewKey>,
    /// The request that was made in this run.
    pub request: Option<String>,
    /// When the run began.
    pub run: OffsetDateTime,
    /// What it takes back.
    pub undoes: Option<Undoes>,
    go_on: &'a dyn Fn() -> bool,
    untold: VecDeque<Entry>,
    /// What is to be known of what was done.
    pub noted: Vec<Message>,
    /// The folder that is being made whole.
    staged: Option<PathBuf>,
}

/// A key that was made in this run.
pub struct NewKey {
    /// The key.
    pub key: PrivateKey,
    /// The key as it is written, maybe under a passphrase.
    pub written: Zeroizing<String>,
}

impl<'a> Executor<'a> {
    /// Of a run that begins at `run` and takes back `undoes`. While something takes long, `go_on` is asked whether to go on.
    #[must_use]
    pub fn new(
        home: &'a Path,
        hands: Secrets,
        run: OffsetDateTime,
        undoes: Option<Undoes>,
        go_on: &'a dyn Fn() -> bool,
    ) -> Self {
        Executor {
            home,
            hands,
            key: None,
            request: None,
            run,
            undoes,
            go_on,
            untold: VecDeque::new(),
            noted: Vec::new(),
            staged: None,
        }
    }

    /// Whether to go on, which whatever takes long asks now and then.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        (self.go_on)()
    }

    /// Makes a key, and puts it under the passphrase if there is one.
    ///
    /// # Errors
    /// The backend's words, or that it was told to stop.
    pub fn make_key(&self, world: &mut dyn World, kind: KeyKind) -> Result<NewKey, Undone> {
        let key = world.make_key(kind, self.go_on).map_err(Undone::because)?.ok_or(Undone::Cancelled)?;
        let sealed = self.hands.passphrase.as_ref().map(|passphrase| seal(&key, passphrase)).transpose();
        let written = sealed.map_err(Undone::because)?.unwrap_or_else(|| key.pem().to_owned());
        Ok(NewKey { key, written: Zeroizing::new(written) })
    }

    /// Begins a folder for `access` that is to be there whole or not at all.
    ///
    /// # Errors
    /// The system's.
    pub fn stage(&mut self, world: &mut dyn World, folder: &Path, access: Access) -> io::Result<()> {
        world.stage(folder, access)?;
        self.staged = Some(folder.to_owned());
        Ok(())
    }

    /// The folder that is being made whole.
    #[must_use]
    pub fn staged(&self) -> Option<&Path> {
        self.staged.as_deref()
    }

    /// Puts the folder that was being made whole in its place, and says so.
    ///
    /// # Errors
    /// Why it cannot be put there, or the journal not be written.
    pub fn publish(&mut self, world: &mut dyn World) -> Result<(), Message> {
        let Some(folder) = self.staged.take() else { return Ok(()) };
        if let Err(error) = world.publish() {
            self.give_up(world, &folder);
            return Err(system_said(error));
        }
        self.tell(world)
    }

    /// Gives up the folder that was being made whole; tells whether there was one.
    pub fn unstage(&mut self, world: &mut dyn World) -> bool {
        let Some(folder) = self.staged.take() else { return false };
        self.give_up(world, &folder);
        true
    }

    fn give_up(&mut self, world: &mut dyn World, folder: &Path) {
        world.unstage();
        let home = self.home;
        self.untold.retain(|entry| !entry.place.in_home().is_some_and(|at| home.join(at).starts_with(folder)));
    }

    /// A run that takes another back says when it is through: until then it is to be done again.
    ///
    /// # Errors
    /// Why the journal cannot be written.
    pub fn end(&mut self, world: &mut dyn World) -> Result<(), Message> {
        self.tell(world)?;
        let Some(undone) = self.undoes else { return Ok(()) };
        world.sync().map_err(system_said)?;
        let stage = undone.stage.map(str::to_owned);
        self.untold.push_back(Entry { stage, ..Entry::undone(undone.run, self.run, world.now()) });
        self.tell(world)?;
        // That line may be lost with the machine: what is then done again is done already. A failure told here would
        // have the person take back the run before as well.
        let _ = world.sync();
        Ok(())
    }

    /// Keeps in mind what was done, to be written down.
    pub fn note(&mut self, entry: Entry) {
        self.untold.push_back(entry);
    }

    /// Writes down what was done since the last time.
    ///
    /// # Errors
    /// Why the journal cannot be written.
    pub fn tell(&mut self, world: &mut dyn World) -> Result<(), Message> {
        let failed = |error: io::Error| say("reason-journal").with("reason", error.to_string());
        if self.untold.is_empty() {
            return Ok(());
        }
        let owner = world.owner().map_err(failed)?;
        let journal = Layout::of(self.home).journal();
        while let Some(entry) = self.untold.front() {
            world.append(&journal, &entry.clone().line(&owner)).map_err(failed)?;
            self.untold.pop_front();
        }
        Ok(())
    }
}
