//! The records as name servers have them, on their page.

use std::sync::Arc;

use edgewright::check::record_sets;
use edgewright::edge::records;
use edgewright::home::{RecordLook, RecordSet, SeenData, SeenRecord};
use edgewright::session::{Report, TaskId};
use edgewright::wizard::Msg;

use crate::walk::Walk;

/// Every name server holds what is wanted, or nothing.
fn found(walk: &Walk, is_there: bool) -> Arc<[RecordLook]> {
    let wanted = records(&walk.wizard().reading().deployment);
    let look = |set: RecordSet| {
        let of_set = wanted.iter().filter(|record| record.name == set.name && record.data.kind() == set.kind);
        let seen: Vec<SeenRecord> = of_set
            .filter(|_| is_there)
            .map(|record| SeenRecord { data: SeenData::Record(record.data.clone()), ttl: record.ttl })
            .collect();
        RecordLook { set, servers: Ok(vec![("ns.contoso.com".to_owned(), Ok(seen.clone()))]), resolver: Ok(seen) }
    };
    record_sets(&wanted).into_iter().map(look).collect()
}

#[test]
fn the_page_says_what_name_servers_hold_as_soon_as_they_answered() {
    let mut walk = Walk::at("dns");
    walk.must_not_show("sip.contoso.com.  MISSING");
    let none = found(&walk, false);
    walk.late(Msg::Task(TaskId(99), Report::LookedUp(none)));
    walk.must_show("sip.contoso.com.  MISSING");
    let all = found(&walk, true);
    walk.late(Msg::Task(TaskId(99), Report::LookedUp(all)));
    walk.must_show("sip.contoso.com.  there").must_not_show("MISSING");
    // What is wanted changes; what they said holds on.
    walk.go_to_field("dns.ttl").keys("<c-u>600<tab>").must_show("sip.contoso.com.  there");
}
