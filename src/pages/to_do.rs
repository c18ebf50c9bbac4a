//! What a person still has to do: `out/to-do.md`, and what of it is done.

use std::path::{Path, PathBuf};

use crate::edge::{Authority, Deployment, KeyMaker, Record, Usage, records};
use crate::form::PageContext;
use crate::home::Found;
use crate::home::layout::OUT;
use crate::lifecycle::{is_installed, is_published};
use crate::pki::digest::sha256_hex;
use crate::plan::Action;
use crate::servers::product;
use crate::steps::pfx::Pfx;
use crate::text::{Message, say, visible};

use super::request_file::{file_to_send, number};
use super::upkeep::switch_on;

/// The file, below `out/`.
const FILE: &str = "to-do.md";

/// A step that a person has to do.
pub struct ToDo {
    /// What to do; the message's key is the step's name.
    pub words: Message,
    /// SHA-256 of what it says and of the files that it names, as they are in the home folder.
    pub digest: String,
    /// Whether the home folder shows that it is done.
    pub is_seen: bool,
    /// Whether a person said that it is done.
    pub is_ticked: bool,
}

impl ToDo {
    /// Whether it is done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.is_seen || self.is_ticked
    }
}

/// The steps in order.
#[must_use]
pub fn to_do(context: &PageContext) -> Vec<ToDo> {
    let step = |words: Message| {
        let digest = digest(context, &words);
        let is_ticked = context.facts().ticks.has(&words.key, &digest);
        ToDo { is_seen: is_seen(context, &words), words, digest, is_ticked }
    };
    steps(context).into_iter().map(step).collect()
}

/// Whether the steps are written down, as somebody saw.
#[must_use]
pub fn is_to_do_written(context: &PageContext) -> bool {
    matches!(context.facts().path_state(&context.facts().layout().out().join(FILE)).found, Found::File(_))
}

/// What writes them down. It says nothing of what is done, so that a run that does some of it leaves it as it is.
pub(super) fn file(context: &PageContext) -> Action {
    let name = context.deployment.first_name();
    let steps = steps(context);
    let steps = steps.iter().enumerate().map(|(at, step)| format!("{}. {}\n", at + 1, context.text.say(step)));
    let written = context.text.say(&say("to-do-file").with("name", name)) + "\n\n" + &steps.collect::<String>();
    Action::file(context.facts(), context.facts().layout().out().join(FILE), written)
}

/// The files in `out/`, or in the pair in use, that a step names.
pub(super) fn named(context: &PageContext, step: &Message) -> Vec<PathBuf> {
    let words = context.text.say(step);
    let words = words.split_whitespace().map(|word| Path::new(word.trim_end_matches(['.', ',', ':', ';'])));
    words.filter(|word| word.starts_with(OUT) || word.starts_with(Usage::External.link())).map(Path::to_owned).collect()
}

/// What is to be done, in order, whatever of it is done already: paths are in the home folder, commands run there.
fn steps(context: &PageContext) -> Vec<Message> {
    let (deployment, facts) = (context.deployment, context.facts());
    let sent = match deployment.request.key_by {
        KeyMaker::Edgewright => {
            let file = visible(&facts.layout().shown(&file_to_send(deployment, facts))).into_owned();
            let number = number(deployment, facts).to_string();
            vec![
                say("to-do-send").with("number", number.as_str()).with("file", file),
                say("to-do-complete").with("number", number),
            ]
        }
        KeyMaker::Lync => vec![say("to-do-request-on-windows"), say("to-do-name-certificate")],
    };
    let by_hand = |record: &Record| deployment.dns.publication.of(&record.zone).is_none();
    let wanted = records(deployment);
    let by_apply = wanted.iter().any(|record| !by_hand(record)).then(|| say("to-do-publish-apply"));
    let publish = wanted.iter().any(by_hand).then(|| say("to-do-publish"));
    let keys = deployment.dns.keys.is_some().then(|| say("to-do-tlsa").with("ttl", deployment.dns.ttl.to_string()));
    let root = is_for_partners(deployment).then(|| say("to-do-partners-root"));
    let product = product(deployment.server);
    let (first, own) = (product.first_to_do(), product.still_to_do(deployment));
    first
        .into_iter()
        .chain(sent)
        .chain(own)
        .chain(by_apply)
        .chain(publish)
        .chain(keys)
        .chain(root)
        .chain(switch_on(context.answered))
        .chain(product.last_to_do())
        .collect()
}

/// Whether partners are shown a certificate of an authority that they do not know.
fn is_for_partners(deployment: &Deployment) -> bool {
    let request = &deployment.request;
    let is_private = request.authority == Authority::Private && request.usage == Usage::External;
    is_private && !deployment.federation.partners.is_empty()
}

/// Whether the home folder shows that a step is done.
fn is_seen(context: &PageContext, step: &Message) -> bool {
    let (deployment, facts) = (context.deployment, context.facts());
    if deployment.request.key_by == KeyMaker::Lync {
        return false;
    }
    match &*step.key {
        "to-do-send" | "to-do-complete" => serves(context),
        "to-do-apply" => is_installed(&facts.journal),
        "to-do-publish-apply" => is_published(facts),
        // It may be gone again, carried to where it is needed. One of an earlier certificate does not count.
        "to-do-pfx" => {
            let files = named(context, step);
            let pair = facts.current(deployment.request.usage).map(|pair| pair.number);
            let mut since = facts.journal.entries.iter().rev().take_while(|entry| entry.pair() != pair);
            let is_it = |place: PathBuf| files.contains(&place);
            serves(context) && since.any(|entry| entry.what == Pfx::NAME && entry.place.in_home().is_some_and(is_it))
        }
        _ => false,
    }
}

/// Whether the certificate of the request that the steps are about is in use.
pub(super) fn serves(context: &PageContext) -> bool {
    let (deployment, facts) = (context.deployment, context.facts());
    let request = facts.current(deployment.request.usage).filter(|pair| pair.is_whole);
    let request = request.and_then(|pair| facts.request_of(pair));
    request.is_some_and(|request| request.number == number(deployment, facts))
}

/// SHA-256 of what a step says and of the files that it names, as far as this program wrote them, or of which pair they are:
/// nobody looked at a PFX, which may come and go.
fn digest(context: &PageContext, step: &Message) -> String {
    let mut said = format!("{}{:?}", context.text.say(step), step.args).into_bytes();
    for file in named(context, step) {
        if let Found::File(octets) = &context.facts().path_state(&context.facts().home.join(&file)).found {
            said.extend(octets);
        }
        // Another pair in use is to be installed again.
        let link = file.iter().next().and_then(|link| context.facts().links.get(link.to_str()?));
        said.extend(link.into_iter().flat_map(|link| link.as_os_str().as_encoded_bytes()));
    }
    sha256_hex(&said)
}
