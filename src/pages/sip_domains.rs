//! Page: which SIP domains get `sip.<domain>` in the certificate (Lync).

use crate::form::{Answered, Ask, Page};
use crate::name::Name;

use super::edge::SIP_DOMAINS;
use super::server::has_sip;

/// The page.
pub static PAGE: Page = Page {
    // A certificate for the internal interface holds its one name; a tick would change nothing there.
    shown_if: |answered| has_sip(answered),
    show: |context| vec![super::names_table::names_table(context)],
    ..Page::new("sip-domains", &[TICKED.field()])
};

/// The SIP domains that are ticked.
pub const TICKED: Ask<Vec<Name>> = Ask::ticks("names.sip", |answered| answered.raw(SIP_DOMAINS).items().to_vec())
    .or_from(|answered| answered.raw(SIP_DOMAINS))
    .asked_if(has_sip);

/// Path of the answer that this ticked domain comes from.
pub fn path(answered: &Answered, place: usize) -> String {
    let ask = if answered.is_given(TICKED) { TICKED } else { SIP_DOMAINS };
    ask.item(place)
}
