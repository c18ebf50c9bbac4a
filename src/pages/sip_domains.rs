//! Page: which SIP domains get `sip.<domain>` in the certificate (Lync).

use std::collections::HashSet;

use crate::edge::Edge;
use crate::form::{Default, Field, Kind, Page, Sheet, Value};
use crate::name::Name;

use super::edge;
use super::server::has_sip;

/// The page.
pub static PAGE: Page = Page {
    // A certificate for the internal interface holds its one name; a tick would change nothing there.
    shown_if: |sheet| has_sip(sheet),
    show: |scene| vec![super::names::names_table(scene)],
    ..Page::new(
        "sip-domains",
        &[Field::new(PATH, Kind::Ticks(|sheet| sheet.list(DOMAINS)))
            .or(Default::From(|sheet| Value::List(sheet.list(DOMAINS))))],
    )
};

const PATH: &str = "names.sip";
const DOMAINS: &str = "edge.sip_domains";

/// The ticked SIP domains, each with the path of the answer that it comes from.
pub fn ticked(sheet: &Sheet, edge: &Edge) -> Vec<(String, Name)> {
    let path = if sheet.is_given(PATH) { PATH } else { DOMAINS };
    if !has_sip(sheet) {
        return Vec::new();
    }
    let domains: HashSet<&Name> = edge.sip_domains.iter().collect();
    let ticked = edge::names(sheet, PATH).into_iter().enumerate();
    ticked.filter(|(_, name)| domains.contains(name)).map(|(index, name)| (format!("{path}.{index}"), name)).collect()
}
