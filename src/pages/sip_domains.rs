//! Page: which SIP domains get `sip.<domain>` in the certificate (Lync).

use crate::form::{Ask, Page, Sheet};
use crate::name::Name;

use super::edge::SIP_DOMAINS;
use super::server::has_sip;

/// The page.
pub static PAGE: Page = Page {
    // A certificate for the internal interface holds its one name; a tick would change nothing there.
    shown_if: |sheet| has_sip(sheet),
    show: |scene| vec![super::names::names_table(scene)],
    ..Page::new("sip-domains", &[TICKED.field()])
};

/// The SIP domains that are ticked.
pub const TICKED: Ask<Vec<Name>> = Ask::ticks("names.sip", |sheet| sheet.raw(SIP_DOMAINS).items().to_vec())
    .or_from(|sheet| sheet.raw(SIP_DOMAINS))
    .asked_if(has_sip);

/// Path of the answer that this ticked domain comes from.
pub fn path(sheet: &Sheet, place: usize) -> String {
    let ask = if sheet.is_given(TICKED) { TICKED } else { SIP_DOMAINS };
    ask.item(place)
}
