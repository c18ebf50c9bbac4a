//! The server on this machine, as its own programs describe it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::FileOwner;
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
    /// Whether it took our module in before, where it does that by itself.
    pub has_module: bool,
    /// Whether it says that it enforces what the answers say, and serves the pair in use, where that was asked.
    pub is_in_force: bool,
    /// Hosts and components as the person's own configuration has them, without what is ours; by name.
    pub hosts: BTreeMap<String, HostFound>,
}

impl ServerFound {
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
