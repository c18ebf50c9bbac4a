//! A PFX of a pair, for its owner alone.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::home::layout::{FULLCHAIN, KEY};
use crate::home::{Facts, Found, Stay, Undo};
use crate::pki::pfx::{self, Parcel};
use crate::plan::{Action, Done, Executor, Step, Undone};
use crate::problem::Problem;
use crate::system::{Access, World};
use crate::text::{Message, say};

/// Writes a PFX; its password is handed over apart. It may be imported elsewhere as soon as it is there, and stays.
#[derive(Debug, PartialEq)]
pub struct Pfx {
    /// Absolute path of the pair's folder.
    pub pair: PathBuf,
    /// The name shown beside it in Windows.
    pub friendly_name: String,
    /// Whether for Windows Server 2016 and older.
    pub legacy: bool,
    /// Whether it takes the place of one that a run here made, as [`Pfx::is_ours`] finds.
    pub replaces: bool,
}

impl Step for Pfx {
    fn name(&self) -> &'static str {
        Pfx::NAME
    }

    fn what(&self, _: &Path) -> Message {
        say("action-pfx")
    }

    fn problem(&self, action: &Action, facts: &Facts) -> Option<Problem> {
        match facts.path_state(&action.target).found {
            Found::File(_) if self.replaces => None,
            Found::File(_) | Found::Key => Some(action.file_exists()),
            _ => action.in_the_way(facts),
        }
    }

    fn is_taken(&self, action: &Action, facts: &Facts) -> bool {
        let place = facts.place(&action.target);
        facts.layout().is_taken(place) && !facts.layout().is_for_pfx(place)
    }

    fn perform(&self, action: &Action, executor: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        let password = executor.hands.password.as_ref();
        let written = self.written(world, password)?;
        if self.replaces {
            world.replace(&action.target, &written, Access::Private)?;
        } else {
            world.create(&action.target, &written, Access::Private)?;
        }
        Ok(Done::Made)
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::Stays { why: Stay::Pfx }
    }
}

impl Pfx {
    /// What the journal calls it.
    pub const NAME: &'static str = "pfx";

    /// Whether what is at `target` is a PFX in `out/` that a run here made: a later certificate takes its place.
    #[must_use]
    pub fn is_ours(facts: &Facts, target: &Path) -> bool {
        let made = facts.journal.entries.iter().rfind(|entry| facts.reach(&entry.place).as_deref() == Some(target));
        facts.layout().is_for_pfx(facts.place(target)) && made.is_some_and(|entry| entry.what == Pfx::NAME)
    }

    /// The pair's key and certificates, under `password`.
    fn written(&self, world: &dyn World, password: Option<&Zeroizing<String>>) -> Result<Zeroizing<Vec<u8>>, Undone> {
        let key = world.read_key(&self.pair.join(KEY));
        let key = key.map_err(|error| say("reason-no-key").with("reason", error.to_string()))?;
        let full = world.read(&self.pair.join(FULLCHAIN))?;
        let blocks = pem::parse_many(full).map_err(Undone::because)?;
        let certificates: Vec<&[u8]> = blocks.iter().map(pem::Pem::contents).collect();
        let password = password.ok_or_else(|| say("reason-no-password"))?;
        let Pfx { friendly_name, legacy, .. } = self;
        let parcel = Parcel { key: &key, certificates: &certificates, friendly_name, password, legacy: *legacy };
        pfx::write(&parcel).map_err(Undone::because)
    }
}
