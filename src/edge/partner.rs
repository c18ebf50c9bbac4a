//! A federated partner and the ready-made settings for one.

use super::Server;
use super::negotiation::{Negotiation, Outcome, Requirement, negotiate};
use crate::name::Name;

/// What a partner's users may do here, «XMPP federated partner type».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartnerType {
    /// An own company or business partner: may add users and write without asking, sees status notes.
    Federated,
    /// A public provider trusted to verify its users: may add and write without asking, never sees status notes.
    PublicVerified,
    /// A public provider: reaches a user only after the user added the contact.
    PublicUnverified,
}

impl PartnerType {
    /// Every type, in the order they are offered.
    pub const ALL: [PartnerType; 3] =
        [PartnerType::Federated, PartnerType::PublicVerified, PartnerType::PublicUnverified];

    /// The contract's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PartnerType::Federated => "federated",
            PartnerType::PublicVerified => "public-verified",
            PartnerType::PublicUnverified => "public-unverified",
        }
    }
}

/// A domain that users here may talk with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Primary domain.
    pub domain: Name,
    /// Free text.
    pub description: String,
    /// Further domains with the same settings; they add no names to the certificate.
    pub additional_domains: Vec<Name>,
    /// What its users may do.
    pub kind: PartnerType,
    /// How its streams are secured.
    pub negotiation: Negotiation,
    /// Lync: the partner sends periodic keep-alives.
    pub keep_alive: bool,
    /// Clear text was accepted in so many words.
    pub accept_clear_text: bool,
}

impl Partner {
    /// What its settings lead to on `server`.
    #[must_use]
    pub fn outcome(&self, server: Server) -> Outcome {
        negotiate(server, self.negotiation)
    }
}

/// Ready-made settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Certificate only (row 2 of the table).
    Strict,
    /// Certificate first, then dialback over TLS (row 7); the default.
    Balanced,
    /// Dialback over TLS (row 13), for partners without a usable certificate.
    EncryptedDialback,
    /// Dialback in clear text (row 17), for partners without TLS.
    LegacyClearText,
}

impl Preset {
    /// Every preset, strongest first.
    pub const ALL: [Preset; 4] = [Preset::Strict, Preset::Balanced, Preset::EncryptedDialback, Preset::LegacyClearText];

    /// Its name in the catalogue.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Preset::Strict => "strict",
            Preset::Balanced => "balanced",
            Preset::EncryptedDialback => "encrypted-dialback",
            Preset::LegacyClearText => "legacy-clear-text",
        }
    }

    /// Its settings.
    #[must_use]
    pub fn negotiation(self) -> Negotiation {
        use Requirement::{NotSupported, Optional, Required};
        let (tls, sasl, dialback) = match self {
            Preset::Strict => (Required, Required, false),
            Preset::Balanced => (Required, Optional, true),
            Preset::EncryptedDialback => (Required, NotSupported, true),
            Preset::LegacyClearText => (NotSupported, NotSupported, true),
        };
        Negotiation { tls, sasl, dialback }
    }
}
