//! The certificate comes home: what was sent is proved to fit, and leads to a pair that is switched to in one step.

use crate::model::proof::{Expected, KeyPlace, Proof, prove};
use crate::model::{Certificate, Deployment, Facts, Name, NamedFor, Offer, Pair, Usage, usage_of};
use crate::plan::{Access, Action, ActionKind, Plan, Work};
use crate::problem::any_error;

/// What comes of an offer.
pub struct Completion {
    /// What was proved, and what is wrong.
    pub proof: Proof,
    /// What it is for.
    pub usage: Usage,
    /// What puts it in place; empty where something is wrong, or where Windows has the key.
    pub plan: Plan,
}

/// Judges `offer` by what `deployment` asks for and by what is there.
#[must_use]
pub fn complete(offer: &Offer, deployment: &Deployment, facts: &Facts) -> Completion {
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
    let (number, usage) = match proof.key {
        Some(KeyPlace::Request(number)) => (number, usage_of(&facts.journal, &facts.home, number)),
        _ => (facts.next_number, deployment.request.usage),
    };
    // Judged once more for what it is really for: another interface has other rules.
    let proof = if usage == expected.usage {
        proof
    } else {
        prove(offer, &Expected { usage, ..expected }, &facts.trust, facts.now)
    };
    let plan = plan(&proof, number, usage, facts);
    Completion { proof, usage, plan }
}

fn plan(proof: &Proof, number: u32, usage: Usage, facts: &Facts) -> Plan {
    let (Some(leaf), Some(key), Some(chain)) = (&proof.certificate, proof.key, &proof.chain) else {
        return Plan::default();
    };
    if any_error(&proof.findings) || key == KeyPlace::Windows {
        return Plan::default();
    }
    let folder = facts.home.join(Pair::place(number));
    let key_file = folder.join("key.pem");
    let is_there = facts.pairs.iter().any(|pair| pair.number == number && pair.is_whole)
        || !facts.is_seen_free(&key_file) && facts.spots.contains_key(&key_file);
    let key_work = match key {
        KeyPlace::Request(number) => {
            Work::KeyCopy { from: facts.home.join("requests").join(number.to_string()).join("key.pem") }
        }
        _ => Work::KeyGiven,
    };
    let kind = if is_there { ActionKind::Keep } else { ActionKind::Create };
    let (leaf, chain) = (leaf.pem(), chain.issuers.iter().map(Certificate::pem).collect::<String>());
    let file = |name: &str, content: String| Action::file_for(facts, folder.join(name), content, Access::Shared);
    // The chain first and the whole last: a pair that a dead machine cut short is seen to be none.
    let actions = vec![
        Action::new(kind, key_file, key_work),
        file("chain.pem", chain.clone()),
        file("cert.pem", leaf.clone()),
        file("fullchain.pem", leaf + &chain),
        Action::link(facts, usage, Some(number)),
    ];
    Plan::of(facts, actions)
}
