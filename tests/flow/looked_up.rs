//! The records as name servers have them, on their page.

use std::sync::Arc;

use edgewright::check::record_sets;
use edgewright::edge::{Publication, records};
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
        let servers = Ok(vec![("ns.contoso.com".to_owned(), Ok(seen.clone()))]);
        RecordLook { set, servers, primary: None, resolver: Ok(seen), proof: None }
    };
    record_sets(&wanted, &Publication::default()).into_iter().map(look).collect()
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

/// What the name servers of the zones that are published answer: nothing is there yet, or what is wanted.
fn published(walk: &Walk, is_there: bool) -> Arc<[RecordLook]> {
    let deployment = &walk.wizard().reading().deployment;
    let sets = record_sets(&records(deployment), &deployment.dns.publication);
    assert!(sets.iter().filter(|set| set.kind == "A").all(|set| set.primary.is_some()), "{sets:?}");
    let found = found(walk, is_there);
    let look = |set: RecordSet| {
        let same = |look: &&RecordLook| (&look.set.name, look.set.kind) == (&set.name, set.kind);
        let resolver = found.iter().find(same).map_or(Ok(Vec::new()), |look| look.resolver.clone());
        let primary = set.primary.map(|_| resolver.clone());
        RecordLook { set, servers: Ok(Vec::new()), primary, resolver, proof: None }
    };
    sets.into_iter().map(look).collect()
}

#[test]
fn what_publishing_changes_stands_on_its_page_and_is_done_at_the_end() {
    let mut walk = Walk::at("publish");
    walk.must_show("publishes nothing");
    let key = b"key \"upd\" { algorithm hmac-sha256; secret \"c2VjcmV0\"; };".to_vec();
    walk.world.disk.insert("/home/ada/tsig.key".into(), Some(key));
    walk.keys("192.0.2.53<enter>").keys("/home/ada/tsig.key<enter>");
    walk.must_show("did not say what it holds");
    walk.world.records = published(&walk, false);
    walk.go_to_page("ports").go_to_page("publish");
    walk.must_show("will be told").must_show("+ _xmpp-server._tcp.contoso.com");
    walk.go_to_page("settings-summary").must_not_show("not known yet").next().on("settings-executing");
    walk.must_say_key("execute-complete");
    let journal = walk.file(std::path::Path::new("/home/ada/edge/journal.jsonl")).unwrap();
    assert!(journal.contains("\"dns-update\"") && journal.contains("\"dns-served\""), "{journal}");
    assert!(!journal.contains("c2VjcmV0"), "{journal}");
    walk.world.records = published(&walk, true);
    walk.go_to_page("publish").must_show("holds all records already");
}
