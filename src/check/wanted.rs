//! What was seen of a partner, set against what our settings for it ask.

use crate::edge::{Method, Negotiation, Requirement};
use crate::text::{Message, say};

use super::step::Seen;

/// What our settings ask of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The settings.
    pub settings: Negotiation,
    /// What they lead to on our server, strongest first.
    pub methods: Vec<Method>,
}

/// Something seen that the settings do not go with.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradiction {
    /// Whose part it is.
    pub side: Side,
    /// `tls`, `sasl` or `certificate`.
    pub setting: &'static str,
    /// What does not happen, why, and what mends it.
    pub hint: Message,
}

/// A side of a federation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Our server.
    Ours,
    /// The partner's.
    Theirs,
}

impl Side {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Side::Ours => "ours",
            Side::Theirs => "theirs",
        }
    }
}

/// What the partner offers that connects: what its settings leave to ours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Offered {
    /// Whether STARTTLS is offered.
    pub tls: bool,
    /// Whether nothing goes without it.
    pub requires_tls: bool,
    /// Whether dialback is.
    pub dialback: bool,
}

impl Wanted {
    /// What happens in a direction where, whatever the settings, `seen` would.
    #[must_use]
    pub fn leads_to(&self, offered: Offered, seen: Seen) -> Seen {
        let goes_in_clear = !offered.requires_tls && offered.dialback;
        let dialback = [(Method::TlsDialback, offered.tls && offered.dialback), (Method::TcpDialback, goes_in_clear)];
        let allows = |method: Method| self.methods.contains(&method);
        let is_left = dialback.into_iter().find(|(method, is_there)| *is_there && allows(*method));
        match seen {
            _ if self.settings.tls == Requirement::NotSupported && offered.requires_tls => Seen::None,
            Seen::Method(method) if !allows(method) => is_left.map_or(Seen::None, |(method, _)| Seen::Method(method)),
            _ => seen,
        }
    }

    /// What keeps stanzas from going to the partner, by what we are believed there, and from coming from it, by what it can
    /// be believed here; nothing where that cannot be told.
    #[must_use]
    pub fn contradictions(&self, offered: Offered, to: Seen, from: Seen) -> Vec<Contradiction> {
        let is_stuck = |seen: &Seen| self.leads_to(offered, *seen) == Seen::None;
        // Who lets no method pass has no partner there, which the settings say already.
        let seen =
            [(to, true), (from, false)].into_iter().filter(|(seen, _)| !self.methods.is_empty() && is_stuck(seen));
        seen.filter_map(|(seen, is_out)| self.contradiction(seen, is_out)).collect()
    }

    fn contradiction(&self, seen: Seen, is_out: bool) -> Option<Contradiction> {
        let (side, setting, key) = match (seen, is_out) {
            (_, true) if self.settings.tls == Requirement::NotSupported => (Side::Ours, "tls", "check-to-clear"),
            (Seen::Method(Method::SaslOverTls), true) => (Side::Ours, "sasl", "check-to-sasl"),
            (Seen::Method(Method::TlsDialback), true) => (Side::Theirs, "certificate", "check-to-certificate"),
            (Seen::Method(Method::TcpDialback), true) => (Side::Theirs, "tls", "check-to-tls"),
            (Seen::None, true) => (Side::Theirs, "certificate", "check-to-none"),
            (Seen::Method(Method::TlsDialback), false) => (Side::Theirs, "certificate", "check-from-certificate"),
            (Seen::None, false) => (Side::Theirs, "certificate", "check-from-none"),
            // What keeps it from coming in keeps us from going out, which is said.
            _ => return None,
        };
        Some(Contradiction { side, setting, hint: say(key) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::{Server, negotiate};

    const BOTH: Offered = Offered { tls: true, requires_tls: true, dialback: true };
    const EXTERNAL: Seen = Seen::Method(Method::SaslOverTls);
    const DIALBACK: Seen = Seen::Method(Method::TlsDialback);

    fn wanted(sasl: Requirement, dialback: bool) -> Wanted {
        let settings = Negotiation { tls: Requirement::Required, sasl, dialback };
        Wanted { settings, methods: negotiate(Server::Prosody, settings).methods }
    }

    fn said(wanted: &Wanted, offered: Offered, to: Seen, from: Seen) -> Vec<(Side, &'static str)> {
        let all = wanted.contradictions(offered, to, from);
        all.iter().map(|contradiction| (contradiction.side, contradiction.setting)).collect()
    }

    #[test]
    fn what_is_allowed_and_seen_contradicts_nothing() {
        let [strict, balanced] = [wanted(Requirement::Required, false), wanted(Requirement::Optional, true)];
        assert_eq!(said(&strict, BOTH, EXTERNAL, EXTERNAL), []);
        assert_eq!(said(&balanced, BOTH, DIALBACK, DIALBACK), []);
        assert_eq!(said(&strict, BOTH, Seen::Unknown, Seen::Unknown), []);
    }

    #[test]
    fn a_certificate_that_is_not_believed_contradicts_settings_without_dialback() {
        let strict = wanted(Requirement::Required, false);
        assert_eq!(said(&strict, BOTH, DIALBACK, EXTERNAL), [(Side::Theirs, "certificate")]);
        assert_eq!(said(&strict, BOTH, EXTERNAL, DIALBACK), [(Side::Theirs, "certificate")]);
    }

    #[test]
    fn dialback_alone_is_no_use_where_the_partner_offers_none() {
        let dialback = wanted(Requirement::NotSupported, true);
        let none = Offered { dialback: false, ..BOTH };
        assert_eq!(said(&dialback, none, EXTERNAL, EXTERNAL), [(Side::Ours, "sasl")]);
        assert_eq!(said(&dialback, BOTH, EXTERNAL, EXTERNAL), []);
        assert_eq!(said(&dialback, none, Seen::None, Seen::None).len(), 2);
        assert_eq!(dialback.leads_to(BOTH, EXTERNAL), DIALBACK);
    }

    #[test]
    fn who_offers_no_tls_contradicts_settings_that_require_it() {
        let clear = Offered { dialback: true, ..Offered::default() };
        let seen = Seen::Method(Method::TcpDialback);
        assert_eq!(said(&wanted(Requirement::Optional, true), clear, seen, Seen::Unknown), [(Side::Theirs, "tls")]);
    }

    #[test]
    fn who_requires_tls_contradicts_settings_without_it() {
        let settings = Negotiation { tls: Requirement::NotSupported, sasl: Requirement::NotSupported, dialback: true };
        let clear = Wanted { settings, methods: negotiate(Server::Prosody, settings).methods };
        assert_eq!(said(&clear, BOTH, EXTERNAL, EXTERNAL), [(Side::Ours, "tls")]);
        assert_eq!(said(&clear, Offered { requires_tls: false, ..BOTH }, DIALBACK, DIALBACK), []);
    }
}
