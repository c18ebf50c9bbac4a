//! The server that the edge runs, and what every decision about it asks.

use super::port::{self, Port};
use crate::pki::KeyKind;

macro_rules! servers {
    ($($(#[$doc:meta])* $server:ident => $traits:ident,)+) => {
        /// What runs on the edge. Decides which pages are asked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Server {
            $($(#[$doc])* $server,)+
        }

        impl Server {
            /// Every server, in the order they are offered.
            pub const ALL: [Server; [$(stringify!($server)),+].len()] = [$(Server::$server),+];

            /// What is known of it.
            #[must_use]
            pub const fn traits(self) -> &'static Traits {
                match self {
                    $(Server::$server => &$traits,)+
                }
            }
        }
    };
}

// A server more is a line here, with its table below.
servers! {
    /// Lync Server 2013 or Skype for Business Server 2015, prepared from another machine.
    Lync => LYNC,
    /// Prosody, on this machine.
    Prosody => PROSODY,
    /// ejabberd, on this machine.
    Ejabberd => EJABBERD,
}

impl Server {
    /// The names of all, in that order.
    pub const NAMES: [&'static str; Self::ALL.len()] = {
        let mut names = [""; Self::ALL.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = Self::ALL[at].name();
            at += 1;
        }
        names
    };

    /// The one an example is about where nobody says which.
    pub const EXAMPLE: Server = Server::Prosody;

    /// The contract's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.traits().name
    }

    /// The server of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|server| server.name() == name)
    }

    /// Whether certificates with `fault` are trouble for it.
    #[must_use]
    pub fn stumbles_over(self, fault: CertificateFault) -> bool {
        self.traits().stumbles_over.contains(&fault)
    }
}

/// What a server is and can do. Whoever decides something asks for what it means here and not for the product; a new
/// server answers all of it.
#[allow(clippy::struct_excessive_bools)] // Each is a question by itself.
#[derive(Debug)]
pub struct Traits {
    /// The contract's name.
    pub name: &'static str,
    /// The server's own name.
    pub title: &'static str,
    /// Whether it runs on another machine, where scripts finish what is prepared here.
    pub is_remote: bool,
    /// Whether it runs on Windows, which keeps certificates with their keys in a store of its own and may make the keys.
    pub is_on_windows: bool,
    /// Whether it serves SIP as well: by an access, a web conferencing and an A/V edge, alone or in a pool.
    pub has_sip: bool,
    /// Whether it has an internal interface, with a certificate of its own.
    pub has_internal_interface: bool,
    /// Whether it has components, such as a chat-room service.
    pub has_components: bool,
    /// Whether a policy says who may talk with the outside.
    pub has_access_policy: bool,
    /// Whether it can be told to keep streams to a partner alive.
    pub has_keep_alive: bool,
    /// Whether it refuses domains that are no partner by itself.
    pub refuses_unlisted: bool,
    /// Whether SASL that is required keeps dialback out by itself; else only where TLS is required too.
    pub enforces_sasl: bool,
    /// Whether who proves himself to it by certificate needs the usage of a TLS client in it (ejabberd before 25.08); else it
    /// takes him for a server.
    pub asks_client_usage: bool,
    /// The kind of key that is made where none is said.
    pub usual_key: KeyKind,
    /// The firewall table.
    pub ports: &'static [Port],
    /// What certificates may not have, or lack, to be of use to it.
    pub stumbles_over: &'static [CertificateFault],
}

/// What is no fault to the rules and still trouble for some servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateFault {
    /// A wildcard stands for a name.
    Wildcard,
    /// The key is Ed25519.
    Ed25519,
    /// The names have an otherName among them, such as an XMPP address.
    OtherName,
    /// It says nowhere where its revocation list is.
    NoRevocationList,
}

static LYNC: Traits = Traits {
    name: "lync",
    title: "Lync Server",
    is_remote: true,
    is_on_windows: true,
    has_sip: true,
    has_internal_interface: true,
    has_components: false,
    has_access_policy: true,
    has_keep_alive: true,
    refuses_unlisted: true,
    enforces_sasl: false,
    asks_client_usage: false,
    usual_key: KeyKind::Rsa2048,
    ports: port::LYNC,
    stumbles_over: &[CertificateFault::Wildcard, CertificateFault::Ed25519, CertificateFault::NoRevocationList],
};

static PROSODY: Traits = Traits {
    name: "prosody",
    title: "Prosody",
    is_remote: false,
    is_on_windows: false,
    has_sip: false,
    has_internal_interface: false,
    has_components: true,
    has_access_policy: false,
    has_keep_alive: false,
    refuses_unlisted: false,
    enforces_sasl: true,
    asks_client_usage: false,
    usual_key: KeyKind::EcdsaP256,
    ports: port::XMPP,
    stumbles_over: &[],
};

static EJABBERD: Traits = Traits {
    name: "ejabberd",
    title: "ejabberd",
    is_remote: false,
    is_on_windows: false,
    has_sip: false,
    has_internal_interface: false,
    has_components: true,
    has_access_policy: false,
    has_keep_alive: false,
    refuses_unlisted: false,
    enforces_sasl: true,
    asks_client_usage: true,
    usual_key: KeyKind::EcdsaP256,
    ports: port::XMPP,
    stumbles_over: &[CertificateFault::Ed25519, CertificateFault::OtherName],
};
