//! Page: the certificate has come. It asks where it lies; what is found there is proved, shown, and taken home.

use std::path::PathBuf;

use crate::edge::{Deployment, KeyMaker};
use crate::form::{Ask, Block, Page, Scene, Sheet};
use crate::home::layout;
use crate::home::{Facts, Found};
use crate::lifecycle::proof::{KeyPlace, Proof};
use crate::lifecycle::{Completion, Said, complete};
use crate::pki::request::public_key_in;
use crate::pki::{Certificate, Chain, ChainEnd, Offer};
use crate::plan::{Action, ActionKind};
use crate::problem::{Code, Problem, Severity};
use crate::servers::product;
use crate::text::say;

use super::server::chosen;
use super::{kept, pending};

/// Where the certificate's file is answered; what is pasted there may be the certificate itself.
pub const FILE: Ask<String> = Ask::file("certificate.file");

/// The page.
pub static PAGE: Page = Page { judge, show, actions, ..Page::new("certificate", &[FILE.field()]) };

/// The absolute path of the certificate's file, where one is named.
#[must_use]
pub fn file(sheet: &Sheet) -> Option<PathBuf> {
    let file = sheet.get(FILE);
    (!file.is_empty()).then(|| sheet.facts.base.join(file))
}

/// What comes of the file that is named.
struct Taken {
    completion: Completion,
    /// Whether it was taken home before: then it is kept as it is, whatever became of it since.
    is_home: bool,
    brings_key: bool,
}

/// Reads what the facts hold of the file; nothing where none is named.
fn taken(scene: &Scene) -> Option<Result<Taken, Problem>> {
    let file = file(scene.sheet)?;
    let Some(received) = scene.facts().received.as_ref().filter(|received| received.file == file) else {
        let problem = Problem::error(Code::FileUnreadable, "").with("file", file.to_string_lossy().into_owned());
        return Some(Err(problem.with("reason", say("reason-not-looked"))));
    };
    let judged = |offer: Offer| {
        let completion = complete(&offer, scene.deployment, said(scene, &offer), scene.facts(), scene.text);
        Taken { is_home: is_home(scene, &completion), completion, brings_key: received.brings_key }
    };
    Some(received.offer().map(judged))
}

/// What the answers say that a certificate is for; of a request in an older home only where they ask for the very same.
fn said(scene: &Scene, offer: &Offer) -> Said {
    let deployment = scene.deployment;
    let is_asked =
        pending(deployment, scene.facts()).or_else(|| kept(deployment, scene.facts())).is_some_and(|request| {
            let key = public_key_in(&request.pem);
            key.is_some() && offer.certificates.iter().any(|certificate| Some(&certificate.public_key) == key.as_ref())
        });
    Said { server: chosen(scene.sheet), usage: is_asked.then_some(deployment.request.usage) }
}

/// Whether the certificate lies in a whole pair, or where Windows has the key, in the script for Windows.
fn is_home(scene: &Scene, completion: &Completion) -> bool {
    let facts = scene.facts();
    let Some(leaf) = &completion.proof.certificate else { return false };
    let in_pair = facts.pairs.iter().any(|pair| pair.is_whole && pair.certificate.as_ref() == Some(leaf));
    let thumbprint = leaf.thumbprint();
    let in_script = scene.deployment.request.key_by == KeyMaker::Lync
        && scripts(scene, completion).iter().any(|script| match &facts.spot(script).found {
            Found::File(content) => String::from_utf8_lossy(content).contains(&thumbprint),
            _ => false,
        });
    in_pair || in_script
}

/// The scripts that the certificate leads to, whatever is wrong with it.
fn scripts(scene: &Scene, completion: &Completion) -> Vec<PathBuf> {
    let Some(leaf) = &completion.proof.certificate else { return Vec::new() };
    let out = scene.facts().layout().out();
    let files = product(scene.deployment.server).certificate(scene.deployment, leaf, completion.usage, scene.text);
    files.into_iter().map(|file| out.join(file.path)).collect()
}

/// The places that tell whether the certificate was taken home before.
#[must_use]
pub fn touched(scene: &Scene) -> Vec<PathBuf> {
    match taken(scene) {
        Some(Ok(taken)) => scripts(scene, &taken.completion),
        _ => Vec::new(),
    }
}

fn judge(scene: &Scene, problems: &mut Vec<Problem>) {
    let (deployment, facts) = (scene.deployment, scene.facts());
    let findings = match taken(scene) {
        None => Vec::new(),
        Some(Ok(taken)) if taken.is_home => Vec::new(),
        Some(Ok(taken)) => taken.completion.proof.findings,
        // The file of a certificate that was taken home has done its work, and nobody has to keep it.
        Some(Err(problem)) if problem.code == Code::FileUnreadable && !awaits(deployment, facts) => {
            vec![Problem { severity: Severity::Warning, ..problem }]
        }
        Some(Err(problem)) => vec![problem],
    };
    problems.extend(findings.into_iter().map(|finding| Problem { path: FILE.path().to_owned(), ..finding }));
}

/// Whether a certificate is still to come for what is asked.
fn awaits(deployment: &Deployment, facts: &Facts) -> bool {
    pending(deployment, facts).is_some() || facts.current(deployment.request.usage).is_none()
}

fn actions(scene: &Scene) -> Vec<Action> {
    let Some(Ok(Taken { completion, is_home, .. })) = taken(scene) else { return Vec::new() };
    let mut actions = completion.plan.actions;
    if is_home {
        // What is there stays, and an older certificate does not come before the one in use. Its script follows the answers.
        let leaf = completion.proof.certificate.as_ref();
        let serves = scene.facts().current(completion.usage).and_then(|pair| pair.certificate.as_ref()) == leaf;
        let follows = serves || scene.deployment.request.key_by == KeyMaker::Lync;
        let out = scene.facts().layout().out();
        actions.retain(|action| action.kind == ActionKind::Keep || follows && action.target.starts_with(&out));
    }
    actions
}

fn show(scene: &Scene) -> Vec<Block> {
    if let Some(Ok(_)) = taken(scene) {
        return found(scene);
    }
    let (deployment, facts) = (scene.deployment, scene.facts());
    let state = if deployment.request.key_by == KeyMaker::Lync {
        say("certificate-windows")
    } else if let Some(request) = pending(deployment, facts) {
        say("certificate-waits").with("number", request.number.to_string())
    } else if kept(deployment, facts).is_some() {
        say("certificate-came")
    } else {
        say("certificate-no-request")
    };
    vec![Block::plain(state), Block::plain(say("certificate-how")), Block::plain(say("certificate-pfx"))]
}

/// The certificate that was found, and what comes of it.
pub fn found(scene: &Scene) -> Vec<Block> {
    let Some(Ok(Taken { completion, is_home, brings_key })) = taken(scene) else { return Vec::new() };
    let Proof { certificate, key, chain, .. } = &completion.proof;
    let Some(leaf) = certificate else { return Vec::new() };
    let answers = match key {
        Some(KeyPlace::Request(number)) => say("certificate-of-request").with("number", number.to_string()),
        Some(KeyPlace::Windows) => say("certificate-of-windows"),
        Some(KeyPlace::Offer) | None => say("certificate-of-none"),
    };
    let name = leaf.dns_names.first().unwrap_or(&leaf.subject);
    let (from, to) = (leaf.not_before.date().to_string(), leaf.not_after.date().to_string());
    let about_it = say("certificate-for").with("name", name.as_str()).with("answers", answers);
    let about_it = about_it.with("from", from).with("to", to);
    let mut blocks = vec![Block::Heading(say("certificate-found")), Block::plain(about_it)];
    if is_home {
        let pair = scene.facts().pairs.iter().find(|pair| pair.certificate.as_ref() == Some(leaf));
        let serves = pair.is_some_and(|pair| serving(scene, &completion) == Some(pair.number));
        blocks.push(Block::plain(match pair.map(|pair| pair.number.to_string()) {
            Some(number) if serves => say("certificate-serves").with("number", number),
            Some(number) => say("certificate-at-home").with("number", number),
            None => say("certificate-in-script"),
        }));
    } else if brings_key && key.is_none() {
        blocks.push(Block::warning(say("certificate-brings-key")));
    } else if completion.plan.actions.is_empty() {
        blocks.push(Block::warning(say("certificate-refused")));
    } else if let Some(KeyPlace::Request(number)) = key {
        let pair = layout::pair(*number).to_string_lossy().into_owned();
        let next = say("certificate-next").with("pair", pair).with("link", completion.usage.link());
        blocks.push(Block::plain(next));
        let serving = serving(scene, &completion);
        blocks.extend(serving.map(|old| Block::plain(say("certificate-old-serves").with("number", old.to_string()))));
    }
    blocks.extend(completion.next.iter().cloned().map(Block::plain));
    blocks.extend(about(leaf, chain.as_ref()));
    blocks
}

/// The number of the pair that is in use for what the certificate is for.
fn serving(scene: &Scene, completion: &Completion) -> Option<u32> {
    scene.facts().current(completion.usage).map(|pair| pair.number)
}

/// Its names, and who issued it.
fn about(leaf: &Certificate, chain: Option<&Chain>) -> Vec<Block> {
    let issuers = chain.map(|chain| chain.issuers.as_slice()).unwrap_or_default();
    let issuers = issuers.iter().map(|issuer| say("certificate-issuer").with("issuer", issuer.subject.as_str()));
    let end = chain.map(|chain| match &chain.end {
        ChainEnd::Trusted(root) => say("certificate-root").with("root", root.subject.as_str()),
        ChainEnd::UnknownRoot(root) => say("certificate-root-not-known").with("root", root.subject.as_str()),
        ChainEnd::Missing(issuer) => say("certificate-issuer-missing").with("issuer", issuer.as_str()),
    });
    let names = say("certificate-names").with("names", leaf.dns_names.join(", "));
    std::iter::once(names).chain(issuers).chain(end).map(Block::plain).collect()
}
