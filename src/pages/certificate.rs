//! Page: the certificate has come. It asks where it is, and where its issuers and its root are, if these came apart or nobody
//! here knows them; what is found there is proved, shown, and put into a pair.

use std::path::PathBuf;

use crate::edge::{Authority, Deployment, KeyMaker};
use crate::form::{Answered, Ask, Content, Page, PageContext};
use crate::home::layout;
use crate::home::{Facts, Found, Received, Want};
use crate::lifecycle::proof::{KeyPlace, Proof};
use crate::lifecycle::{Completion, Said, complete, of_roots};
use crate::pki::request::public_key_in;
use crate::pki::{Certificate, Chain, ChainEnd, IssuedBundle};
use crate::plan::{Action, Change};
use crate::problem::{Code, Problem, Severity};
use crate::servers::product;
use crate::text::say;

use super::delivery::AUTHORITY;
use super::server::chosen;
use super::{kept, pending};

/// Where the certificate's file is answered; what is pasted there may be the certificate itself.
pub const FILE: Ask<String> = Ask::file("certificate.file");
/// A file with the issuers, where they came apart from the certificate.
const CHAIN_FILE: Ask<String> = Ask::file("certificate.chain_file").asked_if(|answered| {
    let certificates = certificates(answered, FILE);
    let known = || certificates.iter().chain(&*answered.facts.trust);
    // What nobody knows above an issuer of one's own CA is its root, which is asked for below.
    let is_below_root = |one: &Certificate| one.is_ca && answered.get(AUTHORITY) == Authority::Private;
    let lacks_issuer = |one: &Certificate| !is_below_root(one) && !known().any(|issuer| one.names_as_issuer(issuer));
    answered.is_given(CHAIN_FILE) || certificates.iter().any(lacks_issuer)
});
/// A file with roots that are believed besides the system's. It outlasts the certificate, so that a renewal asks for none.
pub const ROOT_FILE: Ask<String> = Ask::file("certificate.root_file").asked_if(|answered| {
    let certificates: Vec<&Certificate> = SENT_FILES.iter().flat_map(|ask| certificates(answered, *ask)).collect();
    let leads_to_root = |one: &&Certificate| answered.facts.trust.iter().any(|root| one.names_as_issuer(root));
    answered.get(AUTHORITY) == Authority::Private
        || answered.is_given(ROOT_FILE)
        || certificates.iter().any(|one| one.is_ca) && !certificates.iter().any(leads_to_root)
});

/// What was sent for one request: the next certificate comes in files of its own.
pub const SENT_FILES: [Ask<String>; 2] = [FILE, CHAIN_FILE];

/// The page.
pub static PAGE: Page = Page {
    validate,
    show,
    actions,
    wants,
    ..Page::new("certificate", &[FILE.field(), CHAIN_FILE.field(), ROOT_FILE.field()])
};

/// The absolute path of the file that is answered to `ask`, where one is named.
#[must_use]
pub fn file(answered: &Answered, ask: Ask<String>) -> Option<PathBuf> {
    let file = answered.get(ask);
    (!file.is_empty()).then(|| answered.facts.absolute(&file))
}

/// What lies in the file that is answered to `ask`; nothing where none is named, or nobody looked into it yet.
fn received<'a>(answered: &Answered<'a>, ask: Ask<String>) -> Option<&'a Received> {
    answered.facts.received.get(&file(answered, ask)?).map(|received| &**received)
}

/// The file that is answered to `ask`, where nobody looked into it yet.
fn unseen(answered: &Answered, ask: Ask<String>) -> Option<PathBuf> {
    file(answered, ask).filter(|file| !answered.facts.received.contains_key(file))
}

/// The certificates in the file that is answered to `ask`. The questions that follow from them are asked often, so nothing
/// is proved.
fn certificates<'a>(answered: &Answered<'a>, ask: Ask<String>) -> &'a [Certificate] {
    match received(answered, ask) {
        Some(Received { certificates: Ok(certificates), .. }) => certificates,
        _ => &[],
    }
}

/// What was sent in the file that is answered to `ask`; nothing where none is named, or nobody looked into it yet.
fn offer(answered: &Answered, ask: Ask<String>) -> Option<Result<IssuedBundle, Problem>> {
    Some(received(answered, ask)?.offer().map_err(|problem| Problem { path: ask.path().to_owned(), ..problem }))
}

/// What comes of the file that is named.
struct Taken {
    completion: Completion,
    /// Whether it was taken home before: then it is kept as it is, whatever became of it since.
    is_home: bool,
    brings_key: bool,
}

/// Reads what the facts hold of the files; nothing where none is named.
fn taken(context: &PageContext) -> Option<Result<Taken, Problem>> {
    let answered = context.answered;
    let brings_key = received(answered, FILE)?.brings_key;
    let with_issuers = |mut sent: IssuedBundle| {
        offer(answered, CHAIN_FILE).transpose()?.into_iter().for_each(|issuers| sent.add_issuers(issuers));
        Ok(sent)
    };
    let judged = |offer: IssuedBundle| {
        let completion = complete(&offer, context.deployment, said(context, &offer), context.facts(), context.text);
        Taken { is_home: is_home(context, &completion), completion, brings_key }
    };
    Some(offer(answered, FILE)?.and_then(with_issuers).map(judged))
}

/// What the answers say that a certificate is for; of a request in an older home only where they ask for the very same.
fn said(context: &PageContext, offer: &IssuedBundle) -> Said {
    let deployment = context.deployment;
    let is_asked =
        pending(deployment, context.facts()).or_else(|| kept(deployment, context.facts())).is_some_and(|request| {
            let key = public_key_in(&request.pem);
            key.is_some() && offer.certificates.iter().any(|certificate| Some(&certificate.public_key) == key.as_ref())
        });
    Said { server: chosen(context.answered), usage: is_asked.then_some(deployment.request.usage) }
}

/// Whether the certificate lies in a whole pair, or where Windows has the key, in the script for Windows.
fn is_home(context: &PageContext, completion: &Completion) -> bool {
    let facts = context.facts();
    let Some(leaf) = &completion.proof.certificate else { return false };
    let in_pair = facts.pairs.iter().any(|pair| pair.is_whole && pair.certificate.as_ref() == Some(leaf));
    let thumbprint = leaf.thumbprint();
    let in_script = context.deployment.request.key_by == KeyMaker::Lync
        && scripts(context, completion).iter().any(|script| match &facts.path_state(script).found {
            Found::File(octets) => String::from_utf8_lossy(octets).contains(&thumbprint),
            _ => false,
        });
    in_pair || in_script
}

/// The scripts that the certificate leads to, whatever is wrong with it.
fn scripts(context: &PageContext, completion: &Completion) -> Vec<PathBuf> {
    let Some(leaf) = &completion.proof.certificate else { return Vec::new() };
    let out = context.facts().layout().out();
    let files =
        product(context.deployment.server).certificate(context.deployment, leaf, completion.usage, context.text);
    files.into_iter().map(|file| out.join(file.path)).collect()
}

/// The files, and once they were read, the places that tell whether the certificate was taken home before.
fn wants(context: &PageContext) -> Vec<Want> {
    let sent = SENT_FILES.into_iter().filter_map(|ask| file(context.answered, ask)).map(Want::Received);
    let roots = file(context.answered, ROOT_FILE).map(Want::Roots);
    let scripts = match taken(context) {
        Some(Ok(taken)) => scripts(context, &taken.completion),
        _ => Vec::new(),
    };
    sent.chain(roots).chain(scripts.into_iter().map(Want::Place)).collect()
}

fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let facts = context.facts();
    let (is_wanted, findings) = match taken(context) {
        None => (false, Vec::new()),
        Some(Ok(taken)) if taken.is_home => (false, Vec::new()),
        Some(Ok(taken)) => {
            let authority =
                if context.deployment.request.authority == Authority::Private { "private" } else { "public" };
            let at =
                |finding: Problem| Problem { path: FILE.path().to_owned(), ..finding }.with("authority", authority);
            (true, taken.completion.proof.findings.into_iter().map(at).collect())
        }
        Some(Err(problem)) => (awaits(context.deployment, facts), vec![problem]),
    };
    let roots = match offer(context.answered, ROOT_FILE) {
        None => Vec::new(),
        Some(Ok(roots)) => root_problems(&roots.certificates, facts),
        Some(Err(problem)) => vec![problem],
    };
    // The file of a certificate that was taken home has done its work, and nobody has to keep it; roots are of use with the
    // next one.
    let is_harmless =
        |problem: &Problem| !is_wanted && (problem.code == Code::FileUnreadable || problem.path == ROOT_FILE.path());
    let severity = |problem: &Problem| if is_harmless(problem) { Severity::Warning } else { problem.severity };
    let judged = |problem| Problem { severity: severity(&problem), ..problem };
    problems.extend(findings.into_iter().chain(roots).map(judged));
}

/// What is wrong with the roots that are to be believed.
#[must_use]
pub fn root_problems(roots: &[Certificate], facts: &Facts) -> Vec<Problem> {
    let at = |problem| Problem { path: ROOT_FILE.path().to_owned(), ..problem };
    of_roots(roots, facts.now).into_iter().map(at).collect()
}

/// Whether a certificate is still to come for what is asked.
fn awaits(deployment: &Deployment, facts: &Facts) -> bool {
    pending(deployment, facts).is_some() || facts.current(deployment.request.usage).is_none()
}

fn actions(context: &PageContext) -> Vec<Action> {
    let Some(Ok(Taken { completion, is_home, .. })) = taken(context) else { return Vec::new() };
    let mut actions = completion.plan.actions;
    if is_home {
        // What is there stays, and an older certificate does not come before the one in use. Its script follows the answers.
        let leaf = completion.proof.certificate.as_ref();
        let serves = context.facts().current(completion.usage).and_then(|pair| pair.certificate.as_ref()) == leaf;
        let follows = serves || context.deployment.request.key_by == KeyMaker::Lync;
        let out = context.facts().layout().out();
        actions.retain(|action| action.kind == Change::Keep || follows && action.target.starts_with(&out));
    }
    actions
}

fn show(context: &PageContext) -> Vec<Content> {
    if let Some(Ok(_)) = taken(context) {
        return found(context);
    }
    let (deployment, facts) = (context.deployment, context.facts());
    if let Some(file) = unseen(context.answered, FILE) {
        return vec![Content::plain(say("certificate-looking").with("file", file.to_string_lossy().into_owned()))];
    }
    let state = if deployment.request.key_by == KeyMaker::Lync {
        say("certificate-windows")
    } else if let Some(request) = pending(deployment, facts) {
        say("certificate-waits").with("number", request.number.to_string())
    } else if kept(deployment, facts).is_some() {
        say("certificate-came")
    } else {
        say("certificate-no-request")
    };
    vec![Content::plain(state), Content::plain(say("certificate-how")), Content::plain(say("certificate-pfx"))]
}

/// The certificate that was found, and what comes of it.
pub fn found(context: &PageContext) -> Vec<Content> {
    let Some(Ok(Taken { completion, is_home, brings_key })) = taken(context) else { return Vec::new() };
    let Proof { certificate, key, chain, findings } = &completion.proof;
    let Some(leaf) = certificate else { return Vec::new() };
    let answers = match key {
        Some(KeyPlace::Request(number)) => say("certificate-of-request").with("number", number.to_string()),
        Some(KeyPlace::Windows) => say("certificate-of-windows"),
        Some(KeyPlace::IssuedBundle) | None => say("certificate-of-none"),
    };
    let name = leaf.dns_names.first().unwrap_or(&leaf.subject);
    let (from, to) = (leaf.not_before.date().to_string(), leaf.not_after.date().to_string());
    let about_it = say("certificate-for").with("name", name.as_str()).with("answers", answers);
    let about_it = about_it.with("from", from).with("to", to);
    let mut blocks = vec![Content::Heading(say("certificate-found")), Content::plain(about_it)];
    if is_home {
        let pair = context.facts().pairs.iter().find(|pair| pair.certificate.as_ref() == Some(leaf));
        let serves = pair.is_some_and(|pair| serving(context, &completion) == Some(pair.number));
        blocks.push(Content::plain(match pair.map(|pair| pair.number.to_string()) {
            Some(number) if serves => say("certificate-serves").with("number", number),
            Some(number) => say("certificate-at-home").with("number", number),
            None => say("certificate-in-script"),
        }));
    } else if brings_key && key.is_none() {
        blocks.push(Content::warning(say("certificate-brings-key")));
    } else if completion.plan.actions.is_empty() {
        blocks.push(Content::warning(say("certificate-refused")));
    } else if let Some(KeyPlace::Request(number)) = key {
        let pair = layout::pair(*number).to_string_lossy().into_owned();
        let next = say("certificate-next").with("pair", pair).with("link", completion.usage.link());
        blocks.push(Content::plain(next));
        let serving = serving(context, &completion);
        blocks.extend(serving.map(|old| Content::plain(say("certificate-old-serves").with("number", old.to_string()))));
    }
    // The wizard lists what is to be done with the server in the end.
    let next = completion.next.iter().filter(|next| next.key != "complete-next-install");
    blocks.extend(next.cloned().map(Content::plain));
    let is_root = |problem: &Problem| problem.code == Code::CertificateRootUnknown;
    blocks.extend(about(leaf, chain.as_ref(), findings.iter().any(is_root)));
    blocks
}

/// The number of the pair that is in use for what the certificate is for.
fn serving(context: &PageContext, completion: &Completion) -> Option<u32> {
    context.facts().current(completion.usage).map(|pair| pair.number)
}

/// Its names, and who issued it; whether what is missing `is_root`, the proof says.
fn about(leaf: &Certificate, chain: Option<&Chain>, is_root: bool) -> Vec<Content> {
    let issuers = chain.map(|chain| chain.issuers.as_slice()).unwrap_or_default();
    let issuers = issuers.iter().map(|issuer| say("certificate-issuer").with("issuer", issuer.subject.as_str()));
    let end = chain.map(|chain| match &chain.end {
        ChainEnd::Trusted(root) => say("certificate-root").with("root", root.subject.as_str()),
        ChainEnd::UnknownRoot(root) => say("certificate-root-not-known").with("root", root.subject.as_str()),
        ChainEnd::Missing(root) if is_root => say("certificate-root-not-known").with("root", root.as_str()),
        ChainEnd::Missing(issuer) => say("certificate-issuer-missing").with("issuer", issuer.as_str()),
    });
    let names = say("certificate-names").with("names", leaf.dns_names.join(", "));
    std::iter::once(names).chain(issuers).chain(end).map(Content::plain).collect()
}
