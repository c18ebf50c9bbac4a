//! The server that the edge runs.

/// What runs on the edge. Decides which pages are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// Lync Server 2013 or Skype for Business Server 2015, prepared from another machine.
    Lync,
    /// Prosody, on this machine.
    Prosody,
    /// ejabberd, on this machine.
    Ejabberd,
}

impl Server {
    /// Every server, in the order they are offered.
    pub const ALL: [Server; 3] = [Server::Lync, Server::Prosody, Server::Ejabberd];

    /// The contract's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Server::Lync => "lync",
            Server::Prosody => "prosody",
            Server::Ejabberd => "ejabberd",
        }
    }

    /// The server of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|server| server.name() == name)
    }

    /// Where Debian keeps the main configuration file; Lync has none here.
    #[must_use]
    pub fn config_path(self) -> Option<&'static str> {
        match self {
            Server::Lync => None,
            Server::Prosody => Some("/etc/prosody/prosody.cfg.lua"),
            Server::Ejabberd => Some("/etc/ejabberd/ejabberd.yml"),
        }
    }
}
