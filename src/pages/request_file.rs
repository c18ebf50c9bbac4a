//! Page: where the copy of the request goes; and what the request pages lead to.

use std::path::PathBuf;

use crate::edge::{Deployment, KeyMaker, Purpose};
use crate::form::{Answered, Ask, Content, Page, PageContext, Value};
use crate::home::layout::{KEY, REQUEST, REQUEST_PURPOSE};
use crate::home::{Facts, Found, KeyLeft, PendingRequest, is_windows_path};
use crate::pki::KeyKind;
use crate::pki::request::RequestSpec;
use crate::plan::{Action, Change};
use crate::problem::{Code, Problem};
use crate::servers::product;
use crate::steps::key::Key;
use crate::steps::key_copy::KeyCopy;
use crate::steps::request::Request;
use crate::text::say;

use super::files::out_files;
use super::names::first_name;
use super::server::KEY_BY;

/// The page.
pub static PAGE: Page = Page { validate, show, actions, ..Page::new("request-file", &[FILE.field()]) };

const FILE: Ask<String> = Ask::file("request.file")
    .or_from(|answered| Value::Text(default_file(answered)))
    .elsewhere_if(|answered| answered.get(KEY_BY) == KeyMaker::Lync);

fn default_file(answered: &Answered) -> String {
    let name = first_name(answered);
    // A wildcard or a faulty name must not choose a folder.
    let name: String = name.chars().map(|c| if c.is_alphanumeric() || "-.".contains(c) { c } else { '_' }).collect();
    let name = if name.is_empty() { "edge".to_owned() } else { name };
    answered.facts.base.join(format!("{name}.req")).to_string_lossy().into_owned()
}

/// The copy's absolute path.
pub fn file(answered: &Answered) -> PathBuf {
    answered.facts.absolute(&answered.get(FILE))
}

/// The pending request that says what `deployment` asks, if there is one.
#[must_use]
pub fn pending<'a>(deployment: &Deployment, facts: &'a Facts) -> Option<&'a PendingRequest> {
    let spec = deployment.request_spec()?;
    facts.requests.iter().rev().find(|request| is_asked(request, &spec, deployment))
}

/// Whether a request says what `deployment` asks, whose specification is `spec`, and is for the same.
fn is_asked(request: &PendingRequest, spec: &RequestSpec, deployment: &Deployment) -> bool {
    let is_for_it =
        |purpose: &Purpose| (purpose.server, purpose.usage) == (deployment.server, deployment.request.usage);
    request.purpose.as_ref().is_none_or(is_for_it)
        && RequestSpec::read(&request.pem).is_some_and(|found| found.equals(spec))
}

/// The request that says what `deployment` asks and needs no successor: a pending one, else the one of the pair in use
/// while no renewal is due or wanted.
#[must_use]
pub fn kept<'a>(deployment: &Deployment, facts: &'a Facts) -> Option<&'a PendingRequest> {
    let spec = deployment.request_spec()?;
    let serves = || {
        let pair = facts
            .current(deployment.request.usage)
            .filter(|pair| pair.is_whole && deployment.request.renewal.is_none())?;
        pair.certificate.as_ref().filter(|certificate| !certificate.is_due_at(facts.now))?;
        let answered = facts.request_of(pair)?;
        is_asked(answered, &spec, deployment).then_some(answered)
    };
    pending(deployment, facts).or_else(serves)
}

/// The number of the request that `deployment` asks for: of the one there is, of a key that still waits for its request,
/// else the next one.
#[must_use]
pub fn number(deployment: &Deployment, facts: &Facts) -> u32 {
    let found = kept(deployment, facts).map(|found| found.number);
    let left = || key_left(deployment, facts).map(|left| left.number);
    found.or_else(left).unwrap_or(facts.next_number)
}

/// The file that holds the request to be sent: the copy, or where another file is in its place, what is kept at home.
#[must_use]
pub fn file_to_send(deployment: &Deployment, facts: &Facts) -> PathBuf {
    let copy = &deployment.request.file;
    let is_another =
        |pem: &str| matches!(&facts.path_state(copy).found, Found::File(octets) if octets.as_slice() != pem.as_bytes());
    match pending(deployment, facts) {
        Some(request) if is_another(&request.pem) => facts.layout().request(request.number).join(REQUEST),
        _ => copy.clone(),
    }
}

/// A key of the kind asked for that an unfinished run left without its request.
fn key_left<'a>(deployment: &Deployment, facts: &'a Facts) -> Option<&'a KeyLeft> {
    facts.keys_left.iter().rev().find(|left| Some(left.kind) == deployment.request.key)
}

/// The kind of key that a run would make; none where Windows makes it, or where a request or a key is there already.
#[must_use]
pub fn key_to_make(deployment: &Deployment, facts: &Facts) -> Option<KeyKind> {
    let asked = deployment.request.key.filter(|_| deployment.request.key_by == KeyMaker::Edgewright);
    asked.filter(|_| {
        kept(deployment, facts).is_none()
            && key_again(deployment, facts).is_none()
            && key_left(deployment, facts).is_none()
    })
}

/// The key of the pair in use, where the renewal keeps it.
fn key_again(deployment: &Deployment, facts: &Facts) -> Option<PathBuf> {
    deployment.request.renewal.filter(|renewal| renewal.keeps_key)?;
    key_in_use(deployment, facts)
}

/// Whether a renewal could keep the key.
#[must_use]
pub fn can_keep_key(deployment: &Deployment, facts: &Facts) -> bool {
    key_in_use(deployment, facts).is_some()
}

/// The key of the pair in use, where it is of the kind asked for.
fn key_in_use(deployment: &Deployment, facts: &Facts) -> Option<PathBuf> {
    let pair = facts.current(deployment.request.usage).filter(|pair| pair.is_whole)?;
    let answered = facts.answered.iter().find(|request| request.number == pair.number)?;
    let kind = RequestSpec::read(&answered.pem).map(|spec| spec.key);
    let key = facts.layout().pair(pair.number).join(KEY);
    (kind == deployment.request.key).then_some(key)
}

/// A path of the other system is no place here.
fn validate(context: &PageContext, problems: &mut Vec<Problem>) {
    let request = &context.deployment.request;
    let said = request.file.to_string_lossy();
    let reason = match request.key_by {
        KeyMaker::Edgewright if is_windows_path(&said) && !request.file.is_absolute() => say("reason-windows-path"),
        KeyMaker::Lync if !is_windows_name(said.rsplit(['/', '\\']).next().unwrap_or_default()) => {
            say("reason-windows-name")
        }
        _ => return,
    };
    let problem = Problem::error(Code::FileUnwritable, FILE.path()).with("file", said.into_owned());
    problems.push(problem.with("reason", reason));
}

/// Whether Windows has files of this name (Naming Files, Paths, and Namespaces), and none of our scripts has it.
fn is_windows_name(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let is_device = ["CON", "PRN", "AUX", "NUL"].contains(&stem.as_str())
        || ["COM", "LPT"].iter().any(|port| {
            stem.strip_prefix(port)
                .is_some_and(|number| number.len() == 1 && number.starts_with(|c: char| c.is_ascii_digit()))
        });
    let is_forbidden = |c: char| "<>:\"|?*".contains(c) || c.is_control();
    !name.is_empty()
        && !name.contains(is_forbidden)
        && !name.ends_with(['.', ' '])
        && !is_device
        && !name.to_ascii_lowercase().ends_with(".ps1")
}

fn show(context: &PageContext) -> Vec<Content> {
    let key_stays = match context.deployment.request.key_by {
        KeyMaker::Edgewright => say("request-file-key-here"),
        KeyMaker::Lync => say("request-file-key-windows"),
    };
    vec![Content::plain(key_stays)]
}

fn actions(context: &PageContext) -> Vec<Action> {
    let (deployment, facts) = (context.deployment, context.facts());
    if deployment.request.key_by == KeyMaker::Lync {
        return out_files(context, product(deployment.server).request(deployment, context.text));
    }
    let Some(spec) = deployment.request_spec() else { return Vec::new() };
    let found = kept(deployment, facts);
    let folder = facts.layout().request(number(deployment, facts));
    let kind = if found.is_some() { Change::Keep } else { Change::Create };
    let key = match key_left(deployment, facts).filter(|_| found.is_none()) {
        Some(left) => Action::new(Change::Keep, folder.join(KEY), Key::Left(left.kind)),
        None if found.is_some() && facts.is_open(&folder.join(KEY)) => {
            Action::new(Change::Change, folder.join(KEY), Key::Closed(spec.key))
        }
        None => match key_again(deployment, facts).filter(|_| found.is_none()) {
            Some(from) => Action::new(kind, folder.join(KEY), KeyCopy { from, usage: None }),
            None => Action::new(kind, folder.join(KEY), Key::New(spec.key)),
        },
    };
    let (server, usage) = (deployment.server, deployment.request.usage);
    let purpose = Purpose { server, usage, names: spec.names.clone(), made: facts.now, root: None };
    // Before the request itself: with it everything is there.
    let purpose = found.is_none().then(|| Action::purpose(facts, &folder, REQUEST_PURPOSE, purpose));
    let request = Action::new(kind, folder.join(REQUEST), Request(spec, usage));
    let copy = Action::request_copy(facts, deployment.request.file.clone(), found.map(|found| found.pem.clone()));
    let copy = Action { answer: FILE.path(), may_replace: context.may_replace(&deployment.request.file), ..copy };
    [key].into_iter().chain(purpose).chain([request, copy]).collect()
}
