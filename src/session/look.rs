//! Everything that answers touch is looked at.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::form::{Answered, Answers, PageContext, Wishes};
use crate::home::{Facts, Received, ServerFound, Want};
use crate::lifecycle::{is_installed, undo_touches, with_roots};
use crate::pages;
use crate::pki::IssuedBundle;
use crate::problem::{Code, Problem};
use crate::servers::product;
use crate::system::Look;
use crate::system::update::TsigFault;
use crate::text::{Text, say};

use super::server::is_in_force;

/// Looks at everything that the pages want looked at with `answers`, and at what taking back the last run would. What the
/// home folder holds can move the targets (a request's number), and so can what an authority sent, so they are looked at
/// first. What rows say moves no target, and there may be many rows.
pub fn look(reader: &dyn Look, answers: &Answers, wishes: &Wishes, text: &Text) -> Facts {
    let (all, answers) = (answers, &answers.outline(pages::MANY));
    let wants = |facts: &Facts| {
        let answered = Answered { wishes, ..Answered::new(answers, facts) };
        let deployment = pages::deployment(&answered);
        pages::wants(&PageContext { pages: pages::PAGES, answered: &answered, deployment: &deployment, text })
    };
    let mut facts = reader.look_home();
    let mut wanted = wants(&facts);
    let mut roots = Vec::new();
    for want in &wanted {
        let (Want::Received(file) | Want::Roots(file)) = want else { continue };
        let received = received(reader, file);
        if let (Want::Roots(_), Ok(certificates)) = (want, &received.certificates) {
            roots.extend_from_slice(certificates);
        }
        facts.received.insert(file.clone(), Arc::new(received));
    }
    if wanted.iter().any(|want| matches!(want, Want::Received(_))) {
        facts.trust = with_roots(reader.trust(), &roots);
        wanted = wants(&facts);
    }
    for want in &wanted {
        let Want::TsigKey(file) = want else { continue };
        facts.tsig_keys.insert(file.clone(), reader.read_tsig(file).err().map(|fault| unsigned(file, &fault)));
    }
    let server = wanted.iter().find_map(|want| match want {
        Want::Server(server, main) => Some((product(*server).local()?, main.clone())),
        _ => None,
    });
    if let Some((local, main)) = server {
        facts.server = Some(local.ask(reader, &main).map(|found| {
            let is_in_force = is_installed(&facts.journal) && found.is_running && {
                let answered = Answered { wishes, ..Answered::new(all, &facts) };
                is_in_force(reader, local, &found, &facts, &pages::deployment(&answered))
            };
            Arc::new(ServerFound { is_in_force, ..found })
        }));
        wanted = wants(&facts);
    }
    let places = wanted.into_iter().filter_map(|want| match want {
        Want::Place(place) => Some(place),
        Want::Received(_) | Want::Roots(_) | Want::Server(..) | Want::TsigKey(_) => None,
    });
    let places: Vec<PathBuf> = places.chain(undo_touches(&facts, None)).collect();
    reader.look_at(&mut facts, &places);
    facts
}

/// Says why a file gives no key that signs updates.
fn unsigned(file: &Path, fault: &TsigFault) -> Problem {
    let (code, said) = match fault {
        TsigFault::Open(_) => (Code::SecretOpen, "how"),
        _ => (Code::TsigKey, "reason"),
    };
    Problem::error(code, "").with("file", file.to_string_lossy().into_owned()).with(said, fault.reason())
}

/// Reads what an authority sent, or roots of one.
pub fn received(reader: &dyn Look, file: &Path) -> Received {
    let read = reader.read_sent(file).map_err(|error| unreadable(file, &error));
    Received::of(read.and_then(|octets| IssuedBundle::read(&octets, None)))
}

/// Says that a file that was named cannot be read.
#[must_use]
pub fn unreadable(file: &Path, error: &io::Error) -> Problem {
    let problem = Problem::error(Code::FileUnreadable, "").with("file", file.to_string_lossy().into_owned());
    match error.kind() {
        io::ErrorKind::InvalidInput => problem.with("reason", say("reason-other")),
        _ => problem.with("reason", say("reason-system").with("reason", error.to_string())),
    }
}
