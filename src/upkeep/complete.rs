//! The certificate comes home: what was sent is proved to fit, and leads to a pair that is switched to in one step.

use crate::model::proof::{Expected, KeyPlace, Proof, prove};
use crate::model::{Certificate, Chain, Deployment, Facts, Found, Name, NamedFor, Offer, Pair, Usage, usage_of};
use crate::plan::{Access, Action, ActionKind, Plan, Work};
use crate::problem::any_error;
use crate::servers::certificate_files;
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

/// Judges `offer` by what `deployment` asks for and by what is there.
#[must_use]
pub fn complete(offer: &Offer, deployment: &Deployment, facts: &Facts, text: &Text) -> Completion {
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
        usage: deployment.request.usage,
        partners: &deployment.federation.partners,
    };
    let proof = prove(offer, &expected, &facts.trust, facts.now);
    let usage = match proof.key {
        Some(KeyPlace::Request(number)) => usage_of(&facts.journal, &facts.home, number),
        _ => deployment.request.usage,
    };
    // Judged once more for what it is really for: another interface has other rules.
    let proof = if usage == expected.usage {
        proof
    } else {
        prove(offer, &Expected { usage, ..expected }, &facts.trust, facts.now)
    };
    let mut completion = Completion { usage, plan: Plan::default(), next: Vec::new(), proof };
    let Proof { certificate, key, chain, findings } = &completion.proof;
    if let (Some(leaf), Some(key), Some(chain)) = (certificate, *key, chain)
        && !any_error(findings)
    {
        let pair = if key == KeyPlace::Windows { Vec::new() } else { pair(leaf, chain, key, usage, facts) };
        let files = certificate_files(deployment, leaf, usage, text);
        if !files.is_empty() {
            let out = facts.home.join("out/lync").to_string_lossy().into_owned();
            let next = if pair.is_empty() { "complete-next-windows" } else { "complete-next-pfx" };
            completion.next.push(say(next).with("folder", out));
        }
        let out =
            files.into_iter().map(|file| Action::file(facts, facts.home.join("out").join(file.path), file.content));
        completion.plan = Plan::of(facts, pair.into_iter().chain(out).collect());
    }
    completion
}

/// What makes a pair of a certificate and its key, and switches to it.
fn pair(leaf: &Certificate, chain: &Chain, key: KeyPlace, usage: Usage, facts: &Facts) -> Vec<Action> {
    let (leaf, chain) = (leaf.pem(), chain.issuers.iter().map(Certificate::pem).collect::<String>());
    let full = leaf.clone() + &chain;
    let number = number(&full, key, facts);
    let folder = facts.home.join(Pair::place(number));
    let key_file = folder.join("key.pem");
    let is_there = facts.spot(&key_file).found != Found::Nothing;
    let key_work = match key {
        KeyPlace::Request(number) => {
            let from = facts.home.join("requests").join(number.to_string()).join("key.pem");
            Work::KeyCopy { from, usage: Some(usage) }
        }
        _ => Work::KeyGiven(usage),
    };
    let kind = if is_there { ActionKind::Keep } else { ActionKind::Create };
    let file = |name: &str, content: String| Action::file_for(facts, folder.join(name), content, Access::Shared);
    // The chain first and the whole last: a pair that a dead machine cut short is seen to be none.
    vec![
        Action::new(kind, key_file, key_work),
        file("chain.pem", chain),
        file("cert.pem", leaf),
        file("fullchain.pem", full),
        Action::link(facts, usage, Some(number)),
    ]
}

/// The number of the pair: that of the same one given before, else of the request it answers, else the next one. A whole
/// pair is never changed, as it may be in use: what else the authority sends for its key is another pair.
fn number(full: &str, key: KeyPlace, facts: &Facts) -> u32 {
    let whole = || facts.pairs.iter().filter(|pair| pair.is_whole);
    let same = whole().find(|pair| pair.fullchain.as_deref() == Some(full)).map(|pair| pair.number);
    let asked = match key {
        KeyPlace::Request(number) if whole().all(|pair| pair.number != number) => Some(number),
        _ => None,
    };
    same.or(asked).unwrap_or(facts.next_number)
}
