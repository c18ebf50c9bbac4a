//! The certificate comes home: what was sent is proved to fit, and leads to a pair that is switched to in one step.

use std::path::Path;

use super::runs::is_installed;
use super::status::request_missing;
use super::tlsa::{is_published_alone, of_switch};
use crate::edge::{Deployment, NamedFor, Purpose, Server, Usage, allows};
use crate::home::layout::{CERTIFICATE, CHAIN, FULLCHAIN, KEY, PAIR_PURPOSE};
use crate::home::{Facts, Pair, PendingRequest};
use crate::lifecycle::proof::{Expected, KeyPlace, Proof, prove, shown};
use crate::name::Name;
use crate::pki::request::RequestSpec;
use crate::pki::{Certificate, Chain, IssuedBundle};
use crate::plan::{Action, Change, Plan};
use crate::problem::{Code, Problem, Severity, any_error};
use crate::servers::product;
use crate::steps::install::{Installer, ServedPair, in_service};
use crate::steps::key::Key;
use crate::steps::key_copy::KeyCopy;
use crate::steps::key_given::KeyGiven;
use crate::system::Access;
use crate::text::{Message, Text, say};

/// What comes of an offer.
pub struct Completion {
    /// What was proved, and what is wrong.
    pub proof: Proof,
    /// What it is for.
    pub usage: Usage,
    /// What puts it in place; empty where something is wrong.
    pub plan: Plan,
    /// What is left for a person to do.
    pub next: Vec<Message>,
}

/// What a person says of a certificate beside the answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said {
    /// What runs on the edge; none while nobody chose.
    pub server: Option<Server>,
    /// Which interface it is for.
    pub usage: Option<Usage>,
}

/// Judges `offer` by what `deployment` asks for, by what was `said` and by what is there.
#[must_use]
pub fn complete(offer: &IssuedBundle, deployment: &Deployment, said: Said, facts: &Facts, text: &Text) -> Completion {
    let names: Vec<String> =
        deployment.names.iter().map(|NamedFor { name, .. }| Name::ascii(name).to_owned()).collect();
    // A certificate may be given again: then it is kept, not refused for want of a request.
    let requests = [facts.answered.as_slice(), &facts.requests].concat();
    let expected = Expected {
        requests: &requests,
        names: &names,
        server: deployment.server,
        key_by: deployment.request.key_by,
        authority: deployment.request.authority,
        usage: said.usage.unwrap_or(deployment.request.usage),
        partners: &deployment.federation.partners,
    };
    let proof = prove(offer, &expected, &facts.trust, facts.now);
    let purpose = match proof.key {
        Some(KeyPlace::Request(number)) => {
            let asked = requests.iter().find(|request| request.number == number);
            asked.map_or(Ok((expected.server, expected.usage)), |asked| purpose(asked, deployment, said, facts))
        }
        _ => purpose_of_offer(&proof, deployment, said),
    };
    let (server, usage) = *purpose.as_ref().unwrap_or(&(expected.server, expected.usage));
    let other = said.server.filter(|said| *said != server);
    // Judged once more for what it is really for: another interface and another server have other rules.
    let mut proof = if (server, usage) == (expected.server, expected.usage) {
        proof
    } else {
        prove(offer, &Expected { server, usage, ..expected }, &facts.trust, facts.now)
    };
    proof.findings.extend(purpose.err());
    let left = proof
        .certificate
        .as_ref()
        .and_then(|leaf| facts.keys_left.iter().find(|left| left.public_key == leaf.public_key));
    if let (None, Some(left)) = (proof.key, left) {
        proof.findings.retain(|finding| finding.code != Code::CertificateOtherKey);
        proof.findings.push(Problem { severity: Severity::Error, ..request_missing(facts, left.number) });
    }
    proof.findings.extend(other.map(|other| {
        let name = |server: Server| say(format!("field-server-kind.{}", server.name()));
        Problem::warning(Code::ServerOther, "").with("server", name(server)).with("other", name(other))
    }));
    proof.findings.extend(beside_current(&proof, usage, facts));
    if let (Some(leaf), Some(key)) = (&proof.certificate, proof.key) {
        proof.findings.extend(of_switch(leaf, key, usage, deployment, facts));
    }
    let mut completion = Completion { usage, plan: Plan::default(), next: Vec::new(), proof };
    let Proof { certificate, key, chain, findings } = &completion.proof;
    if let (Some(leaf), Some(key), Some(chain)) = (certificate, *key, chain)
        && !any_error(findings)
    {
        let deployment = &Deployment { server, ..deployment.clone() };
        let pair = if key == KeyPlace::Windows {
            Vec::new()
        } else {
            let made = facts.now;
            let root = Some(chain.issuers.last().unwrap_or(leaf).issuer.clone());
            let purpose = Purpose { server, usage, names: leaf.dns_names.clone(), made, root };
            pair(leaf, chain, key, &purpose, deployment, facts)
        };
        let files = product(server).certificate(deployment, leaf, usage, text);
        let out = |file: &str| facts.layout().out().join(file);
        if let Some(script) = files.last().map(|script| out(&script.path)) {
            let next = if pair.is_empty() { "complete-next-windows" } else { "complete-next-pfx" };
            let said = |path: &Path| path.to_string_lossy().into_owned();
            completion.next.push(
                say(next)
                    .with("folder", script.parent().map(said).unwrap_or_default())
                    .with("script", script.file_name().map(Path::new).map(said).unwrap_or_default())
                    .with("pfx", said(&script.with_extension("pfx")))
                    .with("usage", usage.name()),
            );
        }
        let is_served = pair.iter().any(|action| action.stage.is_some());
        if files.is_empty()
            && !is_served
            && let Some(step) = product(server).still_to_do(deployment).into_iter().next()
        {
            let home = facts.home.to_string_lossy().into_owned();
            completion.next.push(say("complete-next-install").with("home", home).with("step", step));
        }
        let publishes = usage == Usage::External && deployment.dns.keys.is_some();
        if publishes && !is_published_alone(leaf, deployment, facts) {
            completion.next.push(say("complete-next-tlsa"));
        }
        let out = files.into_iter().map(|file| Action::file(facts, out(&file.path), file.content));
        completion.plan = Plan::of(facts, pair.into_iter().chain(out).collect());
    }
    completion
}

/// What is to be said of the certificate beside the one that is in use.
fn beside_current(proof: &Proof, usage: Usage, facts: &Facts) -> Option<Problem> {
    let leaf = proof.certificate.as_ref().filter(|_| proof.key.is_some())?;
    let pair = facts.current(usage).filter(|pair| pair.is_whole)?;
    let current = pair.certificate.as_ref()?;
    let said = |code| Problem::warning(code, "").with("number", pair.number.to_string());
    if current == leaf {
        return Some(said(Code::CertificateInUse));
    }
    let problem = said(Code::CertificateEndsEarlier).with("date", shown(leaf.not_after));
    (leaf.not_after < current.not_after).then(|| problem.with("until", shown(current.not_after)))
}

/// What a request is for: what stands beside it. Of a request in an older home that is known where its kind of server has
/// one interface only, or where the journal says it; else a person has to.
fn purpose(
    request: &PendingRequest,
    deployment: &Deployment,
    said: Said,
    facts: &Facts,
) -> Result<(Server, Usage), Problem> {
    let number = request.number.to_string();
    let problem = |code| Problem::error(code, "").with("number", number.as_str());
    let names = RequestSpec::read(&request.pem).map(|spec| spec.names).unwrap_or_default();
    let found = match &request.purpose {
        Some(purpose) if purpose.names != names => return Err(problem(Code::RequestPurpose)),
        Some(purpose) => Some((purpose.server, purpose.usage)),
        None => None,
    };
    let server = found.map(|(server, _)| server).or(said.server).ok_or_else(|| problem(Code::ServerUnknown))?;
    let fits = |usage: &Usage| allows(server, *usage, &names, &deployment.edge);
    let journaled = || {
        if server.traits().has_internal_interface {
            facts.usage_of_request(request.number).filter(fits)
        } else {
            Some(Usage::External)
        }
    };
    let known = found.map(|(_, usage)| usage).or_else(journaled);
    let usage = known.or(said.usage).ok_or_else(|| problem(Code::UsageUnknown))?;
    if !fits(&usage) || said.usage.is_some_and(|said| said != usage) {
        let wrong = said.usage.unwrap_or(usage);
        return Err(problem(Code::UsageOther)
            .with("usage", say(format!("field-request-usage.{}", wrong.name())))
            .with("names", names.join(", ")));
    }
    Ok((server, usage))
}

/// What a certificate is for that came with its key, or whose key is in Windows: what the answers say.
fn purpose_of_offer(proof: &Proof, deployment: &Deployment, said: Said) -> Result<(Server, Usage), Problem> {
    let usage = said.usage.unwrap_or(deployment.request.usage);
    let Some(leaf) = proof.certificate.as_ref().filter(|_| proof.key.is_some()) else {
        return Ok((deployment.server, usage));
    };
    let server = said.server.ok_or_else(|| Problem::error(Code::ServerUnknown, ""))?;
    if allows(server, usage, &leaf.dns_names, &deployment.edge) {
        return Ok((server, usage));
    }
    Err(Problem::error(Code::UsageOther, "")
        .with("number", "")
        .with("usage", say(format!("field-request-usage.{}", usage.name())))
        .with("names", leaf.dns_names.join(", ")))
}

/// What makes a pair of a certificate and its key, and switches to it.
fn pair(
    leaf: &Certificate,
    chain: &Chain,
    key: KeyPlace,
    purpose: &Purpose,
    deployment: &Deployment,
    facts: &Facts,
) -> Vec<Action> {
    let (leaf, chain) = (leaf.pem(), chain.issuers.iter().map(Certificate::pem).collect::<String>());
    let (full, usage) = (leaf.clone() + &chain, purpose.usage);
    let number = number(&full, key, facts);
    let folder = facts.layout().pair(number);
    let is_there = !facts.is_free(&folder.join(KEY));
    let kind = if is_there { Change::Keep } else { Change::Create };
    let (closed, key) = match key {
        KeyPlace::Request(number) => {
            let from = facts.layout().request(number).join(KEY);
            let closed = key_closed(facts, number, &from);
            (closed, Action::new(kind, folder.join(KEY), KeyCopy { from, usage: Some(usage) }))
        }
        _ => (None, Action::new(kind, folder.join(KEY), KeyGiven(usage))),
    };
    let switch = switch(ServedPair { number, fullchain: &full }, usage, deployment, facts);
    let file = |name: &str, content: String| Action::file_for(facts, folder.join(name), content, Access::Shared);
    let is_known = facts.pairs.iter().any(|pair| pair.number == number && pair.is_whole);
    let purpose = (!is_known).then(|| Action::purpose(facts, &folder, PAIR_PURPOSE, purpose.clone()));
    // What it is for first and the whole last: a pair that a dead machine cut short is seen to be none.
    let mut actions: Vec<Action> = closed.into_iter().chain([key]).collect();
    actions.extend(purpose);
    actions.extend([file(CHAIN, chain), file(CERTIFICATE, leaf), file(FULLCHAIN, full)]);
    actions.extend(switch);
    actions
}

/// What switches to a pair: the link in the home folder, and where a run put this server into service before, the server's in
/// one stage with it.
fn switch(pair: ServedPair<'_>, usage: Usage, deployment: &Deployment, facts: &Facts) -> Vec<Action> {
    let found = facts.server.as_ref().and_then(|found| found.as_deref().ok());
    let local = deployment.install.as_ref().and_then(|_| product(deployment.server).local());
    match (local, found) {
        (Some(local), Some(found)) if is_installed(&facts.journal) => {
            let deployment = &in_service(deployment, facts);
            Installer { facts, local, found, deployment }.serve(pair)
        }
        _ => vec![Action::link(facts, usage, Some(pair.number))],
    }
}

/// Makes the key of a request its owner's alone, where others came to read it: it is said, and closed before it is copied.
fn key_closed(facts: &Facts, number: u32, key: &Path) -> Option<Action> {
    let request = facts.requests.iter().chain(&facts.answered).find(|request| request.number == number)?;
    let kind = RequestSpec::read(&request.pem)?.key;
    let is_open = facts.keys_exposed.iter().any(|open| open == key);
    is_open.then(|| Action::new(Change::Change, key.to_owned(), Key::Closed(kind)))
}

/// The number of the pair: that of the same one given before, else of the request it answers, else the next one. A pair
/// that is there is never changed: it may be in use, and of a broken one nobody knows what else is wrong with it.
fn number(full: &str, key: KeyPlace, facts: &Facts) -> u32 {
    let is_same = |pair: &&Pair| pair.is_whole && pair.fullchain.as_deref() == Some(full);
    let same = facts.pairs.iter().find(is_same).map(|pair| pair.number);
    let asked = match key {
        KeyPlace::Request(number) if facts.pairs.iter().all(|pair| pair.number != number) => Some(number),
        _ => None,
    };
    same.or(asked).unwrap_or(facts.next_number)
}
