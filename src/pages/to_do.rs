//! What a person still has to do: `out/to-do.md`, and what of it is done.

use crate::edge::KeyMaker;
use crate::form::PageContext;
use crate::home::layout::OUT;
use crate::home::{Found, Want};
use crate::pki::digest::sha256_hex;
use crate::plan::Action;
use crate::servers::product;
use crate::text::{Message, say};

use super::request_file::number;
use super::upkeep::TIMER;

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
        ToDo { is_seen: is_seen(context, &words.key), words, digest, is_ticked }
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
    let content = context.text.say(&say("to-do-file").with("name", name)) + "\n\n" + &steps.collect::<String>();
    Action::file(context.facts(), context.facts().layout().out().join(FILE), content)
}

/// What is to be looked at, so that a step whose file changed is open again.
pub(super) fn wants(context: &PageContext) -> Vec<Want> {
    let named =
        |step: &Message| context.text.say(step).split_whitespace().map(bare).map(str::to_owned).collect::<Vec<_>>();
    let files = steps(context).iter().flat_map(named).filter(|word| word.starts_with(OUT)).collect::<Vec<_>>();
    files.into_iter().map(|file| Want::Place(context.facts().home.join(file))).collect()
}

/// What is to be done, in order, whatever of it is done already: paths are in the home folder, commands run there.
fn steps(context: &PageContext) -> Vec<Message> {
    let (deployment, facts) = (context.deployment, context.facts());
    let sent = match deployment.request.key_by {
        KeyMaker::Edgewright => {
            let file = facts.layout().shown(&deployment.request.file);
            let number = number(deployment, facts).to_string();
            vec![
                say("to-do-send").with("number", number.as_str()).with("file", file),
                say("to-do-complete").with("number", number),
            ]
        }
        KeyMaker::Lync => vec![say("to-do-request-on-windows"), say("to-do-name-certificate")],
    };
    let has_records = !crate::edge::records(deployment).is_empty();
    let publish = has_records.then(|| say("to-do-publish"));
    let timer = context.answered.get(TIMER).then(|| say("to-do-timer"));
    let own = product(deployment.server).still_to_do(deployment);
    sent.into_iter().chain(own).chain(publish).chain(timer).collect()
}

/// Whether the home folder shows that the step of this name is done.
fn is_seen(context: &PageContext, step: &str) -> bool {
    let (deployment, facts) = (context.deployment, context.facts());
    if deployment.request.key_by == KeyMaker::Lync {
        return false;
    }
    let usage = deployment.request.usage;
    let number = number(deployment, facts);
    let serves = facts.current(usage).is_some_and(|pair| pair.is_whole && pair.number == number);
    match step {
        "to-do-send" | "to-do-complete" => serves,
        // It may be gone again, carried to where it is needed. One of an earlier certificate does not count.
        "to-do-pfx" => {
            let mut since = facts.journal.entries.iter().rev().take_while(|entry| entry.pair() != Some(number));
            serves && since.any(|entry| entry.what == "pfx" && entry.place.in_home().is_some())
        }
        _ => false,
    }
}

fn digest(context: &PageContext, step: &Message) -> String {
    let mut content = context.text.say(step).into_bytes();
    for word in context.text.say(step).split_whitespace().map(bare) {
        if let Found::File(file) = &context.facts().path_state(&context.facts().home.join(word)).found {
            content.extend(file);
        }
    }
    sha256_hex(&content)
}

/// A word without what ends a sentence.
fn bare(word: &str) -> &str {
    word.trim_end_matches(['.', ',', ':', ';'])
}
