//! What ejabberd does for a partner, with our module.

use crate::edge::{Negotiation, Server, negotiate};
use crate::servers::product::Enforced;

/// What takes place with these settings.
pub(super) fn enforces(asked: Negotiation) -> Enforced {
    Enforced { methods: negotiate(Server::Ejabberd, asked).methods, limits: Vec::new() }
}
