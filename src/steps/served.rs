//! A server is looked at from outside: it is to serve the certificate that was installed.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::home::layout::CERTIFICATE;
use crate::home::{Facts, Undo};
use crate::pki::Certificate;
use crate::plan::{Action, Change, Done, Executor, Step, Undone};
use crate::problem::{Code, Problem};
use crate::system::World;
use crate::text::{Message, say};

/// How long a server may take to serve what it was told to read.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(200);

/// Reads back what is served.
#[derive(Debug, PartialEq)]
pub struct Served {
    /// The folder of the pair, absolute.
    pub pair: PathBuf,
    /// The domains that a server is asked for, as it spells them.
    pub domains: Vec<String>,
    /// Where it may listen.
    pub addresses: Vec<IpAddr>,
}

impl Action {
    /// Proves that what the server reads through `link`, the certificate of the home folder's `pair`, is served.
    #[must_use]
    pub fn served(link: PathBuf, pair: PathBuf, domains: Vec<String>, addresses: Vec<IpAddr>) -> Self {
        Action::new(Change::Run, link, Served { pair, domains, addresses })
    }
}

impl Step for Served {
    fn name(&self) -> &'static str {
        "served"
    }

    fn what(&self, _: &Path) -> Message {
        say("action-served").with("domains", self.domains.join(", "))
    }

    fn problem(&self, _: &Action, _: &Facts) -> Option<Problem> {
        None
    }

    fn failure(&self) -> Code {
        Code::ServerFailed
    }

    fn perform(&self, _: &Action, _: &mut Executor<'_>, world: &mut dyn World) -> Result<Done, Undone> {
        let wanted = world.read(&self.pair.join(CERTIFICATE))?;
        let wanted = Certificate::read_pem(&wanted).ok_or_else(|| say("reason-no-pair"))?;
        for domain in &self.domains {
            self.wait(domain, &wanted, world)?;
        }
        Ok(Done::Made)
    }

    fn undo(&self, _: &Action) -> Undo {
        Undo::Nothing
    }
}

impl Served {
    fn wait(&self, domain: &str, wanted: &Certificate, world: &dyn World) -> Result<(), Message> {
        let end = Instant::now() + PATIENCE;
        loop {
            let failed = match world.served(domain, &self.addresses) {
                Ok(served) if served.as_ref().is_none_or(|served| served == wanted) => return Ok(()),
                Ok(Some(served)) => say("reason-other-served").with("serial", served.serial.clone()),
                Ok(None) => return Ok(()),
                Err(reason) => say("reason-not-served").with("reason", reason),
            };
            if Instant::now() >= end {
                return Err(failed.with("domain", domain));
            }
            sleep(PAUSE);
        }
    }
}
