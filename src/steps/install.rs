//! What puts settings and certificate into service on the server of this machine: a stage, done as a whole or taken back.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};

use crate::edge::{Deployment, Usage};
use crate::home::{Entry, Facts, Found, ModuleFound, ServerFound};
use crate::name::Name;
use crate::pki::covers;
use crate::plan::{Action, Change};
use crate::servers::{InstalledFile, Local, Verb, our_hosts};
use crate::system::{Access, Command};
use crate::text::Text;

use super::folder::Folder;
use super::server_link::SERVER_LINK;
use super::server_pair::{SERVED_KEY, folder_name};

/// Name of the stage in plan and journal.
pub const SERVER_STAGE: &str = "server";

/// A pair that is to be served: the number of its folder in the home folder, and what its `fullchain.pem` says.
#[derive(Debug, Clone, Copy)]
pub struct ServedPair<'a> {
    /// The number.
    pub number: u32,
    /// The chain.
    pub fullchain: &'a str,
}

/// A server on this machine, and what is to be done there.
#[derive(Clone, Copy)]
pub struct Installer<'a> {
    /// What there is.
    pub facts: &'a Facts,
    /// The product.
    pub local: &'a dyn Local,
    /// What is here of it.
    pub found: &'a ServerFound,
    /// What the answers mean.
    pub deployment: &'a Deployment,
}

impl Installer<'_> {
    /// Settings and certificate; all is kept where all is there already.
    #[must_use]
    pub fn install(&self, pair: ServedPair<'_>, text: &Text) -> Vec<Action> {
        let mut actions: Vec<Action> = self.module().into_iter().chain(self.pair(pair)).collect();
        for file in self.local.files(self.deployment, self.found, text) {
            actions.extend(self.folders(&file));
            actions.push(self.file(file));
        }
        actions.push(self.main());
        self.with_verbs(actions, pair, &[Verb::Reload, Verb::Enforce, Verb::Verify])
    }

    /// The certificate alone, on a server that was set up before.
    #[must_use]
    pub fn serve(&self, pair: ServedPair<'_>) -> Vec<Action> {
        let mut actions = self.pair(pair);
        actions.push(Action::link(self.facts, Usage::External, Some(pair.number)));
        self.with_verbs(actions, pair, &[Verb::Reload])
    }

    /// Every place that is looked at for it.
    #[must_use]
    pub fn places(&self, pair: Option<ServedPair<'_>>, text: &Text) -> Vec<PathBuf> {
        let files = [self.local.files(self.deployment, self.found, text), self.local.module(self.found)].concat();
        let files = files.iter().flat_map(|file| file.path.ancestors()).map(Path::to_owned);
        let pairs = self.local.pairs(self.found);
        let pair = pair.map(|pair| pairs.join(folder_name(pair.fullchain)));
        files.chain([self.found.main.clone(), pairs.join(SERVER_LINK), pairs.clone()]).chain(pair).collect()
    }

    /// Whether a module that is there is exchanged, with which the server closes every stream of our hosts.
    #[must_use]
    pub fn exchanges_module(&self) -> bool {
        self.found.module != ModuleFound::Missing && self.module().is_some()
    }

    /// Has the server take our module in, where it has another one or none.
    fn module(&self) -> Option<Action> {
        let files = self.local.module(self.found);
        let there = |file: &InstalledFile| match &self.facts.path_state(&file.path).found {
            Found::File(octets) => String::from_utf8(octets.clone()).ok(),
            _ => None,
        };
        // One that was put away leaves nothing of use but its source; one that does not answer is made anew.
        let module = self.found.module;
        if module == ModuleFound::Answers && files.iter().all(|file| there(file).as_ref() == Some(&file.content)) {
            return None;
        }
        let before = files.last().filter(|_| module != ModuleFound::Missing).and_then(there);
        let commands = self.local.commands(Verb::InstallModule, self.found, Some(self.deployment));
        Action::service_replacing(self.local, Verb::InstallModule, self.found, commands, before)
    }

    fn with_verbs(&self, mut actions: Vec<Action>, pair: ServedPair<'_>, verbs: &[Verb]) -> Vec<Action> {
        let verb = |verb: &Verb| {
            let commands = self.local.commands(*verb, self.found, Some(self.deployment));
            Action::service(self.local, *verb, self.found, commands)
        };
        let is_new = actions.iter().any(|action| action.kind != Change::Keep);
        if is_new || verbs.contains(&Verb::Verify) && !self.found.is_in_force {
            actions.extend(verbs.iter().filter_map(verb));
            let domains = our_hosts(self.deployment).map(|name| self.found.spelled(name).to_owned()).collect();
            let link = self.local.pairs(self.found).join(SERVER_LINK);
            let pair = self.facts.layout().pair(pair.number);
            actions.push(Action::served(link, pair, domains, listening_at(self.deployment)));
        }
        actions.into_iter().map(|action| Action { stage: Some(SERVER_STAGE), ..action }).collect()
    }

    /// The pair in a folder of the server's own, and the link to it.
    fn pair(&self, pair: ServedPair<'_>) -> Vec<Action> {
        let (facts, owner) = (self.facts, self.found.reader());
        let pairs = self.local.pairs(self.found);
        let home = facts.layout().pair(pair.number);
        let copy = Action::server_pair(facts, &pairs, home, pair.fullchain, owner);
        let readable = self.readable(&copy.target.join(SERVED_KEY));
        let link = Action::server_link(facts, pairs.join(SERVER_LINK), Some(folder_name(pair.fullchain).into()));
        let readable = readable.filter(|_| link.kind != Change::Keep);
        let folder = self.folder(&pairs, Access::Exactly { mode: 0o750, owner: Some(owner) });
        folder.into_iter().chain([copy]).chain(readable).chain([link]).collect()
    }

    /// Proves, before anything is switched, that the server can read the key.
    fn readable(&self, key: &Path) -> Option<Action> {
        let command = Command::new("test", &["-r", &key.to_string_lossy()]).as_user(self.found.user);
        Action::service(self.local, Verb::ReadKey, self.found, vec![command])
    }

    /// The folders above a file that are not there.
    fn folders(&self, file: &InstalledFile) -> Vec<Action> {
        let missing = file.path.ancestors().skip(1);
        let missing = missing.filter_map(|folder| self.folder(folder, Access::Exactly { mode: 0o755, owner: None }));
        let mut missing: Vec<Action> = missing.collect();
        missing.reverse();
        missing
    }

    fn folder(&self, folder: &Path, access: Access) -> Option<Action> {
        let is_missing = self.facts.is_seen_free(folder);
        is_missing.then(|| Action::new(Change::Create, folder.to_owned(), Folder::For(access)))
    }

    fn file(&self, file: InstalledFile) -> Action {
        let (mode, owner) = if file.is_public { (0o644, None) } else { (0o640, Some(self.found.reader())) };
        // Another home folder may have written it, for an edge that is in service.
        let is_ours = |entry: &Entry| self.facts.reach(&entry.place).is_some_and(|place| place == file.path);
        let may_replace = file.is_public || self.facts.journal.entries.iter().any(is_ours);
        let action = Action::file_for(self.facts, file.path, file.content, Access::Exactly { mode, owner });
        Action { may_replace, ..action }
    }

    /// The main configuration file, with the line that reads ours.
    fn main(&self) -> Action {
        let spot = self.facts.path_state(&self.found.main);
        let is = match &spot.found {
            Found::File(octets) => String::from_utf8_lossy(octets).into_owned(),
            _ => String::new(),
        };
        let access = Access::Exactly { mode: spot.mode.unwrap_or(0o640), owner: spot.owner };
        let content = self.local.included(&is, &self.found.main);
        let action = Action::file_for(self.facts, self.found.main.clone(), content, access);
        Action { may_replace: true, ..action }
    }
}

/// What of `deployment` is put into service: hosts that the certificate in use does not stand for wait for one that does.
#[must_use]
pub fn in_service(deployment: &Deployment, facts: &Facts) -> Deployment {
    let mut deployment = deployment.clone();
    deployment.edge.xmpp_domains.retain(|name| is_named(name, facts));
    deployment.edge.components.retain(|name| is_named(name, facts));
    deployment
}

/// Whether the certificate in use stands for `name`, as far as there is one.
#[must_use]
pub fn is_named(name: &Name, facts: &Facts) -> bool {
    let leaf = facts.current(Usage::External).and_then(|pair| pair.certificate.as_ref());
    leaf.is_none_or(|leaf| leaf.dns_names.iter().any(|held| covers(held, name.ascii())))
}

/// Where the server may listen: on loopback, else where its host is said to be.
#[must_use]
pub fn listening_at(deployment: &Deployment) -> Vec<IpAddr> {
    let loopback = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    loopback.into_iter().chain(deployment.edge.addresses.iter().copied()).collect()
}
