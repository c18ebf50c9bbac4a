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
    /// `tls`, `sasl`, `dialback` or `certificate`.
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

/// What was seen of the partner, whatever our settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is seen apart from the others
pub struct Sight {
    /// By what we are believed there.
    pub to: Seen,
    /// By what it may be believed here.
    pub from: Seen,
    /// Whether STARTTLS is offered.
    pub offers_tls: bool,
    /// Whether nothing goes without it.
    pub requires_tls: bool,
    /// Whether SASL EXTERNAL is offered.
    pub offers_external: bool,
    /// Whether dialback is.
    pub offers_dialback: bool,
    /// Whether its certificate proves it where we connect.
    pub proves_itself: bool,
    /// Whether it refused ours, which is for servers only.
    pub refuses_server_only: bool,
}

impl Wanted {
    /// By what stanzas go to the partner with these settings, and by what they come from it.
    #[must_use]
    pub fn leads_to(&self, sight: Sight) -> (Seen, Seen) {
        // Our server goes over to dialback where the certificate that it is shown proves nothing.
        let to = match sight.to {
            Seen::Method(Method::SaslOverTls) if !sight.proves_itself => sight.dialback(),
            to => to,
        };
        (self.with_settings(sight, to), self.with_settings(sight, sight.from))
    }

    fn with_settings(&self, sight: Sight, seen: Seen) -> Seen {
        let goes_in_clear = !sight.requires_tls && sight.offers_dialback;
        let goes_over_tls = sight.offers_tls && sight.offers_dialback;
        let left = [(Method::TlsDialback, goes_over_tls), (Method::TcpDialback, goes_in_clear)];
        let left = left.into_iter().find(|(method, goes)| *goes && self.methods.contains(method));
        match seen {
            _ if self.settings.tls == Requirement::NotSupported && sight.requires_tls => Seen::None,
            Seen::Method(method) if !self.methods.contains(&method) => {
                left.map_or(Seen::None, |(method, _)| Seen::Method(method))
            }
            _ => seen,
        }
    }

    /// What keeps stanzas from going to the partner and from coming from it; nothing where that cannot be told.
    #[must_use]
    pub fn contradictions(&self, sight: Sight) -> Vec<Contradiction> {
        // Who lets no method pass has no partner there, which the settings say already.
        if self.methods.is_empty() {
            return Vec::new();
        }
        let (to, from) = self.leads_to(sight);
        let outward = (to == Seen::None).then(|| self.outward(sight));
        let inward = (from == Seen::None).then(|| self.inward(sight)).flatten();
        outward.into_iter().chain(inward).collect()
    }

    fn outward(&self, sight: Sight) -> Contradiction {
        let is_for_certificates = self.methods.contains(&Method::SaslOverTls);
        let (side, setting, key) = match sight.to {
            _ if self.settings.tls == Requirement::NotSupported => (Side::Ours, "tls", "check-to-clear"),
            _ if !sight.offers_tls => (Side::Theirs, "tls", "check-to-tls"),
            Seen::Method(Method::SaslOverTls) if is_for_certificates => {
                (Side::Theirs, "certificate", "check-to-their-certificate")
            }
            Seen::Method(Method::SaslOverTls) => (Side::Ours, "sasl", "check-to-sasl"),
            _ if sight.refuses_server_only => (Side::Ours, "certificate", "check-to-usage"),
            _ if !sight.offers_external => (Side::Theirs, "sasl", "check-to-no-external"),
            _ => (Side::Theirs, "certificate", "check-to-certificate"),
        };
        Contradiction { side, setting, hint: say(key) }
    }

    fn inward(&self, sight: Sight) -> Option<Contradiction> {
        let is_for_certificates = self.methods.contains(&Method::SaslOverTls);
        let (side, setting, key) = match sight.from {
            // What keeps us from going out keeps it from coming in, and is said.
            _ if self.settings.tls == Requirement::NotSupported => return None,
            Seen::Method(Method::SaslOverTls) => (Side::Ours, "sasl", "check-from-sasl"),
            _ if is_for_certificates => (Side::Theirs, "certificate", "check-from-certificate"),
            _ => (Side::Theirs, "dialback", "check-from-dialback"),
        };
        Some(Contradiction { side, setting, hint: say(key) })
    }
}

impl Sight {
    /// What is left where certificates prove nothing.
    fn dialback(self) -> Seen {
        if self.offers_dialback { Seen::Method(Method::TlsDialback) } else { Seen::None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::{Server, negotiate};

    const EXTERNAL: Seen = Seen::Method(Method::SaslOverTls);
    const DIALBACK: Seen = Seen::Method(Method::TlsDialback);
    /// Everything as it should be.
    const GOOD: Sight = Sight {
        to: EXTERNAL,
        from: EXTERNAL,
        offers_tls: true,
        requires_tls: true,
        offers_external: true,
        offers_dialback: true,
        proves_itself: true,
        refuses_server_only: false,
    };

    fn wanted(sasl: Requirement, dialback: bool) -> Wanted {
        let settings = Negotiation { tls: Requirement::Required, sasl, dialback };
        Wanted { settings, methods: negotiate(Server::Prosody, settings).methods }
    }

    fn strict() -> Wanted {
        wanted(Requirement::Required, false)
    }

    fn said(wanted: &Wanted, sight: Sight) -> Vec<(Side, String)> {
        let all = wanted.contradictions(sight).into_iter();
        all.map(|found| (found.side, found.hint.key.trim_start_matches("check-").to_owned())).collect()
    }

    fn one(side: Side, key: &str) -> (Side, String) {
        (side, key.to_owned())
    }

    #[test]
    fn what_is_allowed_and_seen_contradicts_nothing() {
        assert_eq!(said(&strict(), GOOD), []);
        let balanced = wanted(Requirement::Optional, true);
        let weak = Sight { to: DIALBACK, from: DIALBACK, ..GOOD };
        assert_eq!((said(&balanced, weak), balanced.leads_to(weak)), (vec![], (DIALBACK, DIALBACK)));
        assert_eq!(said(&strict(), Sight { to: Seen::Unknown, from: Seen::Unknown, ..GOOD }), []);
    }

    #[test]
    fn a_certificate_that_is_not_believed_contradicts_settings_without_dialback() {
        let refused = Sight { to: DIALBACK, ..GOOD };
        assert_eq!(said(&strict(), refused), [one(Side::Theirs, "to-certificate")]);
        let for_servers = Sight { refuses_server_only: true, ..refused };
        assert_eq!(said(&strict(), for_servers), [one(Side::Ours, "to-usage")]);
        let without = Sight { offers_external: false, from: Seen::Unknown, ..refused };
        assert_eq!(said(&strict(), without), [one(Side::Theirs, "to-no-external")]);
        // Theirs counts in both directions.
        let theirs = Sight { from: DIALBACK, proves_itself: false, ..GOOD };
        let both = [one(Side::Theirs, "to-their-certificate"), one(Side::Theirs, "from-certificate")];
        assert_eq!(said(&strict(), theirs), both);
        let balanced = wanted(Requirement::Optional, true);
        assert_eq!((said(&balanced, theirs), balanced.leads_to(theirs)), (vec![], (DIALBACK, DIALBACK)));
        let none_left = Sight { offers_dialback: false, from: Seen::None, ..theirs };
        assert_eq!(said(&balanced, none_left), both);
    }

    #[test]
    fn dialback_alone_is_no_use_where_the_partner_offers_none() {
        let dialback = wanted(Requirement::NotSupported, true);
        let none = Sight { offers_dialback: false, ..GOOD };
        assert_eq!(said(&dialback, none), [one(Side::Ours, "to-sasl"), one(Side::Ours, "from-sasl")]);
        let bad = Sight { from: Seen::None, proves_itself: false, ..none };
        assert_eq!(said(&dialback, bad), [one(Side::Ours, "to-sasl"), one(Side::Theirs, "from-dialback")]);
        assert_eq!((said(&dialback, GOOD), dialback.leads_to(GOOD)), (vec![], (DIALBACK, DIALBACK)));
    }

    #[test]
    fn tls_that_one_side_requires_and_the_other_does_not_have() {
        let in_clear = Seen::Method(Method::TcpDialback);
        let clear = Sight { to: in_clear, from: Seen::Unknown, offers_tls: false, requires_tls: false, ..GOOD };
        assert_eq!(said(&wanted(Requirement::Optional, true), clear), [one(Side::Theirs, "to-tls")]);
        let settings = Negotiation { tls: Requirement::NotSupported, sasl: Requirement::NotSupported, dialback: true };
        let without = Wanted { settings, methods: negotiate(Server::Prosody, settings).methods };
        assert_eq!(said(&without, GOOD), [one(Side::Ours, "to-clear")]);
        let either = Sight { requires_tls: false, ..GOOD };
        assert_eq!((said(&without, either), without.leads_to(either)), (vec![], (in_clear, in_clear)));
    }
}
