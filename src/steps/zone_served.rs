//! Every name server of a zone is asked: each is to answer what was published.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::home::{Entry, Facts, RecordLook, Undo, ZoneChange};
use crate::plan::{Action, Change, Done, Executor, Step, Undone};
use crate::problem::{Code, Problem};
use crate::system::World;
use crate::text::{Message, say};

use super::zone_update::{asked, lagging};

/// How long the others may take to fetch the zone from its server (RFC 1996).
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(500);

/// Asks every name server of a zone.
#[derive(Debug, PartialEq)]
pub struct ZoneServed {
    /// What each is to answer, after the change.
    pub wanted: ZoneChange,
}

impl Action {
    /// Proves that every name server of the zone answers what `wanted` has after the change.
    #[must_use]
    pub fn zone_served(wanted: ZoneChange) -> Self {
        Action::new(Change::Run, PathBuf::from(wanted.url()), ZoneServed { wanted })
    }
}

impl ZoneServed {
    /// What the journal calls it.
    pub const NAME: &'static str = "dns-served";
    /// What the journal calls that it was proved.
    pub const PROVED: &'static str = "dns-proved";
}

impl Step for ZoneServed {
    fn name(&self) -> &'static str {
        ZoneServed::NAME
    }

    fn what(&self, _: &Path) -> Message {
        say("action-dns-served").with("zone", self.wanted.zone.clone())
    }

    fn problem(&self, _: &Action, _: &Facts) -> Option<Problem> {
        None
    }

    fn failure(&self) -> Code {
        Code::ZoneBehind
    }

    fn perform(&self, action: &Action, executor: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        let sets: Vec<_> = asked(&self.wanted).collect();
        let end = Instant::now() + PATIENCE;
        loop {
            let looks = world.records(&sets)?;
            let lagging = lagging(&self.wanted, &looks);
            if lagging.is_empty() {
                let entry = action.entry(executor, None, world.now());
                executor.note(Entry { what: ZoneServed::PROVED.to_owned(), ..entry });
                return Ok(self.unknown(&looks).map_or(Done::Made, Done::Noted));
            }
            if Instant::now() >= end {
                return Err(say("reason-zone-behind").with("servers", names(&lagging)).into());
            }
            if !executor.goes_on() {
                return Err(Undone::Cancelled);
            }
            sleep(PAUSE);
        }
    }

    // A run that came so far has changed the zone.
    fn is_told_first(&self) -> bool {
        true
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::Nothing
    }
}

impl ZoneServed {
    /// What could not be proved: the zone's servers are not known here, or do not answer.
    fn unknown(&self, looks: &[RecordLook]) -> Option<Message> {
        let zone = |key: &'static str| say(key).with("zone", self.wanted.zone.clone());
        if let Some(error) = looks.iter().find_map(|look| look.servers.as_ref().err()) {
            return Some(zone("zone-servers-unknown").with("reason", error.reason()));
        }
        let answers = looks.iter().flat_map(|look| look.servers.iter().flatten());
        let silent: BTreeSet<String> =
            answers.filter(|(_, answer)| answer.is_err()).map(|(name, _)| name.clone()).collect();
        (!silent.is_empty()).then(|| zone("zone-servers-silent").with("servers", names(&silent)))
    }
}

fn names(servers: &BTreeSet<String>) -> String {
    servers.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
