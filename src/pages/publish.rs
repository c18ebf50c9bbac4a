//! Page: where the records are published, and what publishing them changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::check::record_sets;
use crate::edge::{Deployment, DnsSettings, Publication, Publisher, Record, Usage, name_server, records};
use crate::form::{Answered, Ask, Content, Field, NameUse, Page, PageContext, Row};
use crate::home::{Facts, RecordLook, RecordSet, SetChange, Want, ZoneChange, ZoneRecord};
use crate::lifecycle::{is_unproved, published_sets};
use crate::name::Name;
use crate::plan::Action;
use crate::problem::{Code, Problem};
use crate::steps::zone_update::{ZoneFault, asked, compared, published};
use crate::text::{say, visible};

/// The page.
pub static PAGE: Page = Page {
    validate: validate_answers,
    show,
    row_cells,
    review_row: |context, row| {
        let cells = row_cells(context, Some(row));
        (say("review-zone").with("zone", cells[0].clone()), say("review-zone-server").with("server", cells[1].clone()))
    },
    looks_up,
    wants: |context| {
        let publishers = context.deployment.dns.publication.publishers();
        let files: BTreeSet<PathBuf> = publishers.map(|publisher| publisher.key_file.clone()).collect();
        files.into_iter().map(Want::TsigKey).collect()
    },
    ..Page::new("publish", &[SERVER.field(), KEY_FILE.field(), ZONES.field()])
};

const SERVER: Ask<String> =
    Ask::name_server("dns.publish.server").required_if(|answered| !answered.get(KEY_FILE).is_empty());
// Whoever publishes nothing is asked one thing.
const KEY_FILE: Ask<String> = Ask::file("dns.publish.tsig_key_file")
    .required_if(|answered| !answered.get(SERVER).is_empty())
    .asked_if(|answered| !answered.get(SERVER).is_empty() || answered.is_given(KEY_FILE));
const ZONES: Ask<[Row]> = Ask::rows("dns.publish.zone", ROW)
    .asked_if(|answered| !answered.get(SERVER).is_empty() || !answered.rows(ZONES).is_empty());

const ZONE: Ask<Option<Name>> = Ask::name("name", NameUse::Host).required();
const ZONE_SERVER: Ask<String> = Ask::name_server("server");
const ZONE_KEY_FILE: Ask<String> = Ask::file("tsig_key_file");
const ROW: &[Field] = &[ZONE.field(), ZONE_SERVER.field(), ZONE_KEY_FILE.field()];

/// Where the records are published.
pub fn publication(answered: &Answered) -> Publication {
    let file = |said: String| Some(said).filter(|said| !said.is_empty()).map(|said| answered.facts.absolute(&said));
    let server = |said: &str| name_server(said).ok();
    let (usual_server, usual_file) = (server(&answered.get(SERVER)), file(answered.get(KEY_FILE)));
    // What a zone does not say is as with the others.
    let own = answered.rows(ZONES).iter().filter_map(|row| {
        let zone = answered.get_in(row, ZONE).filter(Name::is_sound)?;
        let said = answered.get_in(row, ZONE_SERVER);
        let server = if said.is_empty() { usual_server } else { server(&said) };
        let key_file = file(answered.get_in(row, ZONE_KEY_FILE)).or_else(|| usual_file.clone());
        Some((zone.ascii().to_owned(), Publisher { server: server?, key_file: key_file? }))
    });
    let usual = usual_server.zip(usual_file.clone()).map(|(server, key_file)| Publisher { server, key_file });
    Publication { own: own.collect(), usual }
}

/// What changes the zones, each with the proof that it changed everywhere; nothing while there is no certificate for the server
/// that is set up here: whoever follows the records is to find it.
pub(super) fn actions(context: &PageContext) -> Vec<Action> {
    if waits(context) {
        return Vec::new();
    }
    zones(context.deployment, context.facts()).iter().flat_map(|zone| zone.actions(context.facts())).collect()
}

/// What keeps it from being done, and what is to be known before.
pub(super) fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let zones = zones(context.deployment, context.facts());
    if !zones.is_empty() && waits(context) {
        return problems.push(Problem::warning(Code::ZoneWaits, SERVER.path()));
    }
    problems.extend(zones.iter().filter_map(|zone| zone.problem(context.facts())));
}

/// What name servers are asked about the records, and about those that earlier runs published and nobody wants any more.
#[must_use]
pub fn record_asks(deployment: &Deployment, facts: &Facts) -> Vec<RecordSet> {
    let mut sets = record_sets(&asked_records(deployment), &deployment.dns.publication);
    let zones = zones(deployment, facts);
    let gone = zones.iter().flat_map(|zone| asked(&zone.wanted)).filter(|set| !sets.contains(set));
    let gone: Vec<RecordSet> = gone.collect();
    sets.extend(gone);
    sets
}

/// The records that are wanted. Whether a key would count is asked before there is one.
fn asked_records(deployment: &Deployment) -> Vec<Record> {
    let is_to_come = deployment.dns.keys.as_ref().is_some_and(Vec::is_empty);
    if !is_to_come {
        return records(deployment);
    }
    let dns = DnsSettings { keys: Some(vec![Vec::new()]), ..deployment.dns.clone() };
    records(&Deployment { dns, ..deployment.clone() })
}

/// The same, where records are published at all.
pub(super) fn looks_up(context: &PageContext) -> Vec<RecordSet> {
    let is_any = !zones(context.deployment, context.facts()).is_empty();
    if is_any { record_asks(context.deployment, context.facts()) } else { Vec::new() }
}

/// A zone that is published.
struct Zone {
    /// What is to be there; of what nobody wants any more, nothing.
    wanted: ZoneChange,
    /// What runs that stand published there.
    ours: Vec<SetChange>,
}

fn zones(deployment: &Deployment, facts: &Facts) -> Vec<Zone> {
    let zone = |mut wanted: ZoneChange| {
        wanted.sets.retain(|set| set.kind != "TLSA" || !is_not_begun(set, facts));
        let ours = published_sets(facts, &wanted.url());
        let is_same = |set: &SetChange, other: &SetChange| (&set.name, &set.kind) == (&other.name, &other.kind);
        let gone = ours.iter().filter(|set| !wanted.sets.iter().any(|other| is_same(set, other)));
        let gone = gone.map(|set| SetChange { before: Vec::new(), after: Vec::new(), ..set.clone() });
        let gone: Vec<SetChange> = gone.collect();
        wanted.sets.extend(gone);
        Zone { wanted, ours }
    };
    published(&records(deployment), &deployment.dns.publication).into_iter().map(zone).collect()
}

impl Zone {
    /// What changes there. What nobody wants any more goes only where it is as a run of ours left it.
    fn change(&self, facts: &Facts) -> Result<ZoneChange, ZoneFault> {
        let mut change = compared(&self.wanted, &facts.records)?;
        change.sets.retain(|set| !set.after.is_empty() || set.before.iter().all(|record| self.is_ours(set, record)));
        Ok(change)
    }

    fn is_ours(&self, set: &SetChange, record: &ZoneRecord) -> bool {
        let same = |own: &&SetChange| (&own.name, &own.kind) == (&set.name, &set.kind);
        self.ours.iter().find(same).is_some_and(|own| own.after.contains(record))
    }

    fn actions(&self, facts: &Facts) -> Vec<Action> {
        match self.change(facts) {
            Ok(change) if change.sets.is_empty() && !self.wanted.sets.iter().any(|set| is_unproved(facts, set)) => {
                vec![Action::zone_update(change)]
            }
            Ok(change) => {
                let is_proved = |set: &SetChange| {
                    !set.after.is_empty()
                        || change.sets.iter().any(|gone| (&gone.name, &gone.kind) == (&set.name, &set.kind))
                };
                let sets = self.wanted.sets.iter().filter(|set| is_proved(set)).cloned().collect();
                let proof = Action::zone_served(ZoneChange { sets, ..self.wanted.clone() });
                vec![Action::zone_update(change), proof]
            }
            Err(fault) => vec![Action::zone_unseen(self.wanted.clone(), fault)],
        }
    }

    fn problem(&self, facts: &Facts) -> Option<Problem> {
        let ZoneChange { zone, server, .. } = &self.wanted;
        let about = |problem: Problem| Some(problem.with("zone", zone.clone()).with("server", server.to_string()));
        let warning = |code| Problem::warning(code, SERVER.path());
        match self.change(facts) {
            Err(ZoneFault::Unasked) => about(warning(Code::ZoneUnasked)),
            // All else can be done while a name server is away, and is done before.
            Err(ZoneFault::Unanswered(why)) => about(warning(Code::ZoneUnanswered).with("reason", why.reason())),
            Err(ZoneFault::Alias(name, target)) => {
                let alias = Problem::error(Code::ZoneAlias, SERVER.path());
                about(alias.with("name", name).with("target", target))
            }
            Ok(change) => {
                let lost = self.lost(&change).join(", ");
                let replaces = warning(Code::ZoneReplaces).with("records", lost.clone());
                if lost.is_empty() { None } else { about(replaces) }
            }
        }
    }

    /// The records of others that go away.
    fn lost(&self, change: &ZoneChange) -> Vec<String> {
        let of_set = |set: &SetChange| {
            let is_lost = |record: &&ZoneRecord| {
                !set.after.iter().any(|kept| kept.data == record.data) && !self.is_ours(set, record)
            };
            let lost = set.before.iter().filter(is_lost);
            lost.map(|record| format!("{} {} {}", set.name, set.kind, record.data.presentation())).collect::<Vec<_>>()
        };
        change.sets.iter().flat_map(of_set).collect()
    }
}

/// Whether a set of keys is not to be begun with.
fn is_not_begun(set: &SetChange, facts: &Facts) -> bool {
    let look = facts.records.iter().find(|look| look.set.name == set.name && look.set.kind == set.kind);
    look.is_some_and(RecordLook::is_not_begun)
}

fn waits(context: &PageContext) -> bool {
    context.deployment.install.is_some() && context.facts().current(Usage::External).is_none()
}

fn validate_answers(context: &PageContext, problems: &mut Vec<Problem>) {
    let answered = context.answered;
    let rows = answered.rows(ZONES);
    let zones: BTreeSet<String> = records(context.deployment).into_iter().map(|record| record.zone).collect();
    let mut files: BTreeMap<PathBuf, String> = BTreeMap::new();
    if !answered.get(KEY_FILE).is_empty() {
        files.insert(answered.facts.absolute(&answered.get(KEY_FILE)), KEY_FILE.path().to_owned());
    }
    for (row, said) in rows.iter().enumerate() {
        let at = |ask| ZONES.at(row, ask);
        if let Some(name) = answered.get_in(said, ZONE).filter(|name| name.is_sound() && !zones.contains(name.ascii()))
        {
            let problem = Problem::warning(Code::ZoneWithoutRecords, ZONES.at(row, ZONE));
            problems.push(problem.with("zone", name.both()));
        }
        let file = answered.get_in(said, ZONE_KEY_FILE);
        let missing =
            [(ZONE_SERVER, answered.get_in(said, ZONE_SERVER), SERVER), (ZONE_KEY_FILE, file.clone(), KEY_FILE)];
        let missing = missing.into_iter().filter(|(_, said, usual)| said.is_empty() && answered.get(*usual).is_empty());
        problems.extend(missing.map(|(ask, ..)| Problem::error(Code::AnswersMissing, at(ask))));
        if !file.is_empty() {
            files.entry(answered.facts.absolute(&file)).or_insert_with(|| at(ZONE_KEY_FILE));
        }
    }
    let faulty = files.into_iter().filter_map(|(file, path)| {
        let problem = answered.facts.tsig_keys.get(&file)?.clone()?;
        Some(Problem { path, ..problem })
    });
    problems.extend(faulty);
}

fn show(context: &PageContext) -> Vec<Content> {
    let zones = zones(context.deployment, context.facts());
    if zones.is_empty() {
        // Where something was said that nobody understands, that is what is wrong.
        let is_said = context.answered.answers.get(SERVER.path()).is_some_and(|said| !said.is_blank());
        return if is_said { Vec::new() } else { vec![Content::plain(say("publish-nowhere"))] };
    }
    let of_zone = |zone: Zone| {
        let ZoneChange { zone: name, server, .. } = &zone.wanted;
        let about = |key: &'static str| say(key).with("zone", name.clone()).with("server", server.to_string());
        let change = match zone.change(context.facts()) {
            Ok(change) => change,
            Err(fault) => return vec![Content::plain(about("publish-unknown").with("reason", fault.reason()))],
        };
        if change.sets.is_empty() {
            return vec![Content::plain(about("publish-there"))];
        }
        vec![Content::plain(about("publish-changes")), Content::Table(rows(context, &change))]
    };
    zones.into_iter().flat_map(of_zone).collect()
}

/// What changes in a zone, a row for each record that goes or comes.
fn rows(context: &PageContext, change: &ZoneChange) -> Vec<Vec<String>> {
    let heading = ["dns-column-name", "dns-column-type", "dns-column-data", "publish-column-ttl"];
    let heading = heading.map(|column| context.text.say(&say(column))).to_vec();
    let rows = change.sets.iter().flat_map(|set| {
        let row = move |sign: &'static str, ZoneRecord { ttl, data }: &ZoneRecord| {
            vec![format!("{sign} {}", set.name), set.kind.clone(), data.presentation(), ttl.to_string()]
        };
        let goes = set.before.iter().filter(|record| !set.after.contains(record)).map(move |record| row("-", record));
        let comes = set.after.iter().filter(|record| !set.before.contains(record)).map(move |record| row("+", record));
        goes.chain(comes)
    });
    std::iter::once(heading).chain(rows).collect()
}

fn row_cells(context: &PageContext, row: Option<usize>) -> Vec<String> {
    let Some(row) = row else {
        let columns = ["publish-column-zone", "publish-column-server", "publish-column-key"];
        return columns.iter().map(|column| context.text.say(&say(*column))).collect();
    };
    let answered = context.answered;
    let said = &answered.rows(ZONES)[row];
    let zone = answered.get_in(said, ZONE).map(|name| name.both()).unwrap_or_default();
    let cells = [zone, answered.get_in(said, ZONE_SERVER), answered.get_in(said, ZONE_KEY_FILE)];
    cells.iter().map(|cell| visible(cell).into_owned()).collect()
}
