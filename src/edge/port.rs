//! The ports an edge needs open.
//!
//! Sources: the product's «Port summary» topics for Lync (both directions of 5269 although three tables forget one), RFC
//! 6120 14.7 for 5269.

/// Which way a connection is opened, seen from the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Others connect to the edge.
    In,
    /// The edge connects to others.
    Out,
}

/// One row of the firewall table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port {
    /// Name of its use, `port-<use>` in the catalogue.
    pub used_for: &'static str,
    /// `TCP` or `UDP`.
    pub protocol: &'static str,
    /// First and last port.
    pub range: (u16, u16),
    /// Who opens the connection.
    pub direction: Direction,
    /// Whether it is on the internal interface.
    pub internal: bool,
}

impl Port {
    /// `5269`, or `50000-59999`.
    #[must_use]
    pub fn numbers(&self) -> String {
        let (first, last) = self.range;
        if first == last { first.to_string() } else { format!("{first}-{last}") }
    }
}

const fn external(used_for: &'static str, protocol: &'static str, port: u16, direction: Direction) -> Port {
    Port { used_for, protocol, range: (port, port), direction, internal: false }
}

const fn internal(used_for: &'static str, protocol: &'static str, range: (u16, u16), direction: Direction) -> Port {
    Port { used_for, protocol, range, direction, internal: true }
}

/// The firewall table of an XMPP server.
pub(super) const XMPP: &[Port] = &[
    external("xmpp", "TCP", 5269, Direction::In),
    external("xmpp", "TCP", 5269, Direction::Out),
    external("dns", "UDP", 53, Direction::Out),
    external("dns", "TCP", 53, Direction::Out),
];

/// The firewall table of a Lync edge.
pub(super) const LYNC: &[Port] = &[
    external("xmpp", "TCP", 5269, Direction::In),
    external("xmpp", "TCP", 5269, Direction::Out),
    internal("xmpp-gateway", "TCP", (23456, 23456), Direction::In),
    external("sip", "TCP", 5061, Direction::In),
    external("sip", "TCP", 5061, Direction::Out),
    external("sip-client", "TCP", 443, Direction::In),
    external("stun", "UDP", 3478, Direction::In),
    external("stun", "UDP", 3478, Direction::Out),
    external("stun-out", "TCP", 443, Direction::Out),
    Port { used_for: "media", protocol: "TCP", range: (50000, 59999), direction: Direction::Out, internal: false },
    external("crl", "TCP", 80, Direction::Out),
    external("dns", "UDP", 53, Direction::Out),
    external("dns", "TCP", 53, Direction::Out),
    internal("sip-internal", "TCP", (5061, 5061), Direction::In),
    internal("sip-internal", "TCP", (5061, 5061), Direction::Out),
    internal("conferencing", "TCP", (8057, 8057), Direction::In),
    internal("av-authentication", "TCP", (5062, 5062), Direction::In),
    internal("stun", "UDP", (3478, 3478), Direction::In),
    internal("stun", "TCP", (443, 443), Direction::In),
    internal("replication", "TCP", (4443, 4443), Direction::In),
    internal("logging", "TCP", (50001, 50003), Direction::In),
    Port {
        used_for: "media-legacy",
        protocol: "UDP",
        range: (50000, 59999),
        direction: Direction::In,
        internal: false,
    },
    Port {
        used_for: "media-legacy",
        protocol: "UDP",
        range: (50000, 59999),
        direction: Direction::Out,
        internal: false,
    },
    Port {
        used_for: "media-legacy",
        protocol: "TCP",
        range: (50000, 59999),
        direction: Direction::In,
        internal: false,
    },
];
