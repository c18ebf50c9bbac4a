//! The server on this machine, as its own programs describe it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::FileOwner;
use crate::edge::Method;
use crate::name::Name;

/// A server that was found on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFound {
    /// Its version, as it says it.
    pub version: String,
    /// Whether it runs.
    pub is_running: bool,
    /// Who it runs as.
    pub user: FileOwner,
    /// Its main configuration file.
    pub main: PathBuf,
    /// Where modules of others are put.
    pub modules: PathBuf,
    /// Our module, where the server takes it in by itself.
    pub module: ModuleFound,
    /// Whether it says that it enforces what the answers say, and serves the pair in use, where that was asked.
    pub is_in_force: bool,
    /// Hosts and components as the person's own configuration has them, without what is ours; by name.
    pub hosts: BTreeMap<String, HostFound>,
    /// The authenticated streams with other servers, as far as it tells of each.
    pub streams: Vec<StreamFound>,
    /// How many there are of which it tells nothing.
    pub other_streams: usize,
    /// What the person's own configuration says that our settings say too, where it may be said but once.
    pub options: Vec<OptionFound>,
}

/// An authenticated stream with another server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamFound {
    /// Which host of this server it belongs to, as the server calls it.
    pub host: String,
    /// The other domain.
    pub domain: String,
    /// Whether the other domain made it.
    pub is_incoming: bool,
    /// How it was authenticated; none where nobody can tell any more.
    pub method: Option<Method>,
}

/// An option in a person's own configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionFound {
    /// The host that it is for, as the configuration calls it; empty where it is for all.
    pub host: String,
    /// Its name, after those of what it is in: `host_config: example.com: s2s_access`.
    pub name: String,
    /// Where it stands.
    pub file: PathBuf,
    /// In which line, from 1.
    pub line: usize,
}

/// What there is of a module that a server takes in by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModuleFound {
    /// None: it was never taken in, or was put away.
    Missing,
    /// One that does not answer: an updated server may have to take it in anew.
    Silent,
    /// One that answers.
    Answers,
}

impl ServerFound {
    /// A server with its files where packages put them, of which nothing else is known.
    #[must_use]
    pub fn unasked(main: &Path, modules: &Path) -> Self {
        ServerFound {
            version: String::new(),
            is_running: true,
            user: FileOwner { uid: 0, gid: 0 },
            main: main.to_owned(),
            modules: modules.to_owned(),
            module: ModuleFound::Answers,
            is_in_force: false,
            hosts: BTreeMap::new(),
            streams: Vec::new(),
            other_streams: 0,
            options: Vec::new(),
        }
    }

    /// Whose the files are that it only reads: root's, for its group.
    #[must_use]
    pub fn reader(&self) -> FileOwner {
        FileOwner { uid: 0, gid: self.user.gid }
    }

    /// The host of this name in A-labels, in whatever form the server has it.
    #[must_use]
    pub fn host(&self, name: &str) -> Option<(&str, &HostFound)> {
        let is_it = |known: &str| known == name || Name::new(known).ascii() == name;
        self.hosts.iter().find(|(known, _)| is_it(known)).map(|(known, host)| (known.as_str(), host))
    }

    /// What the server calls the host of this name in A-labels.
    #[must_use]
    pub fn spelled<'a>(&'a self, name: &'a str) -> &'a str {
        self.host(name).map_or(name, |(known, _)| known)
    }
}

impl HostFound {
    /// Whether users have addresses there.
    #[must_use]
    pub fn is_domain(&self) -> bool {
        self.component.is_none()
    }

    /// Whether it is a service for chat rooms (XEP-0045).
    #[must_use]
    pub fn is_rooms(&self) -> bool {
        self.component.as_deref() == Some("muc")
    }
}

/// A host or a component, as the person's own configuration has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HostFound {
    /// What kind of component it is; none for a host.
    pub component: Option<String>,
    /// Whether it is switched off.
    pub is_disabled: bool,
    /// Whether it has server dialback (XEP-0220).
    pub has_dialback: bool,
    /// The modules that are enabled for it alone.
    pub modules_enabled: Vec<String>,
    /// The modules that are disabled for it.
    pub modules_disabled: Vec<String>,
    /// What else its TLS is to be like, besides certificate and key.
    pub tls: serde_json::Map<String, serde_json::Value>,
}
