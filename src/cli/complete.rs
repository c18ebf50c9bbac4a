//! `complete`: the certificate that was issued is proved and taken home.

use std::io;
use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::edge::{Deployment, Usage};
use crate::faces::headless as face;
use crate::form::file::write;
use crate::form::{Answers, Value};
use crate::home::Layout;
use crate::home::layout::KEY;
use crate::lifecycle::proof::KeyPlace;
use crate::lifecycle::{Said, complete as judged, is_installed, with_roots};
use crate::pages;
use crate::pki::encrypted_key::open;
use crate::pki::{Certificate, IssuedBundle, MAX_BUNDLE, PrivateKey};
use crate::plan::{Action, Plan};
use crate::problem::{Code, Problem, any_error};
use crate::servers::product;
use crate::session::{received as read, unreadable};
use crate::system::probe::LookOptions;
use crate::text::Text;
use crate::world::{Secrets, read_bounded, read_stream};

use super::exit::OK;
use super::headless::load_saved;
use super::home::absolute;
use super::run::{Ended, Run};
use super::secret::secret;
use super::told::report_problems;

/// What `complete` was told.
pub struct Sent<'a> {
    /// The certificate's file; `-` for standard input.
    pub certificate: &'a Path,
    /// A file with its issuers.
    pub chain: Option<&'a Path>,
    /// A file with roots to believe besides the system's, now and from now on.
    pub roots: Option<&'a Path>,
    /// Which interface it is for.
    pub usage: Option<Usage>,
    /// A file whose first line is the password of a PFX.
    pub password_file: Option<&'a Path>,
    /// A file whose first line is the passphrase of the request's key.
    pub passphrase_file: Option<&'a Path>,
}

/// Takes an issued certificate home. Besides the exit code, gives lines for the log.
pub fn complete(home: &Path, sent: &Sent<'_>, dry_run: bool, text: &Text) -> io::Result<Ended> {
    // Whoever writes it into a pipe may take his time: nothing is held meanwhile.
    let received = Received::read(sent);
    let mut run = match Run::begin(home, dry_run, LookOptions::default(), text)? {
        Ok(run) => run,
        Err(refused) => return Ok(refused),
    };
    let Received { offer, roots, passphrase } = match received {
        Ok(received) => received,
        Err(problems) => return run.refuse(&problems),
    };
    // In another folder nothing waits for it, and nobody should look for what is wrong with the certificate.
    if offer.key.is_none() && !run.facts.is_set_up() && !Layout::of(home).answers().exists() {
        return run.refuse(&[Problem::error(Code::HomeMissing, "").with("home", home.to_string_lossy().into_owned())]);
    }
    let (mut answers, problems) = load_saved(home);
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    let is_kept = keep(&mut answers, sent.roots);
    match own_roots(&run, &answers, roots) {
        Ok(roots) => run.facts.trust = with_roots(run.world.reader().trust(), &roots),
        Err(problems) => return run.refuse(&problems),
    }
    let deployment = run.deployment(&answers);
    if let Some(problem) = ask_server(&mut run, &deployment) {
        return run.refuse(&[problem]);
    }
    // Where it leads is known only when it is judged; then what is there is looked at.
    let said = Said { server: pages::server_chosen(&run.answered(&answers)), usage: sent.usage };
    let mut targets = judged(&offer, &deployment, said, &run.facts, run.text).plan.targets();
    targets.push(Layout::of(home).answers());
    run.look(&targets);
    let mut completion = judged(&offer, &deployment, said, &run.facts, run.text);
    if is_kept {
        let content = write(pages::PAGES, &run.answered(&answers));
        let answers = Action::file(&run.facts, Layout::of(home).answers(), content);
        completion.plan = Plan::of(&run.facts, std::iter::once(answers).chain(completion.plan.actions).collect());
    }
    let findings: Vec<Problem> =
        completion.proof.findings.into_iter().chain(completion.plan.problems(&run.facts)).collect();
    if any_error(&findings) {
        return run.refuse(&findings);
    }
    if let Some(problem) = locked_key(&run, passphrase.as_ref(), completion.proof.key) {
        return run.refuse(&[problem]);
    }
    report_problems(&findings, text)?;
    let hands = Secrets { key: offer.key, passphrase, ..Secrets::default() };
    let (code, mut lines) = run.perform(&completion.plan, hands)?;
    if code == OK && !dry_run {
        for said in completion.next {
            run.say(&said)?;
        }
    }
    lines.extend(face::problems_text(&findings, text).lines().map(str::to_owned));
    Ok((code, lines))
}

/// Asks the server that a run put into service before; says why it cannot be told.
fn ask_server(run: &mut Run, deployment: &Deployment) -> Option<Problem> {
    let local = product(deployment.server).local()?;
    let main = deployment.install.as_ref().filter(|_| is_installed(&run.facts.journal))?;
    let asked = local.ask(run.world.reader().as_ref(), main).map(Arc::new);
    run.facts.server = Some(asked.clone());
    let problem = match asked {
        Err(reason) => Problem::error(Code::ServerMissing, "").with("reason", reason),
        Ok(found) if !found.is_running => Problem::error(Code::ServerStopped, ""),
        // It would refuse to read its configuration again.
        Ok(found) => local.problems(deployment, &found).into_iter().find(|own| own.code == Code::ServerOption)?,
    };
    Some(problem.with("server", deployment.server.traits().title))
}

/// Answers that `roots` are believed, so that a renewal needs no option, and says whether they do. What a pipe said is gone
/// by then, and where there are no answers there is nothing to renew from.
fn keep(answers: &mut Answers, roots: Option<&Path>) -> bool {
    let Some(file) = roots.filter(|file| file.is_file() && !answers.is_empty()).map(absolute) else { return false };
    let path = pages::ROOT_FILE.path();
    answers.set(path, path, Value::Text(file.to_string_lossy().into_owned()));
    true
}

/// The roots to believe besides the system's: those that were `named`, else those that the answers name.
fn own_roots(
    run: &Run,
    answers: &Answers,
    named: Option<Result<Vec<Certificate>, Problem>>,
) -> Result<Vec<Certificate>, Vec<Problem>> {
    let kept = || {
        let file = pages::file(&run.answered(answers), pages::ROOT_FILE)?;
        Some(read(run.world.reader().as_ref(), &file).certificates)
    };
    let at = |problem| vec![Problem { path: pages::ROOT_FILE.path().to_owned(), ..problem }];
    let roots = named.or_else(kept).unwrap_or(Ok(Vec::new())).map_err(at)?;
    let problems = pages::root_problems(&roots, &run.facts);
    if problems.is_empty() { Ok(roots) } else { Err(problems) }
}

/// Why the request's key cannot be used, where it is under a passphrase: it is proved to open before anything moves.
fn locked_key(run: &Run, passphrase: Option<&Zeroizing<String>>, key: Option<KeyPlace>) -> Option<Problem> {
    let Some(KeyPlace::Request(number)) = key else { return None };
    let file = Layout::of(run.home).request(number).join(KEY);
    let key = run.world.read_key(&file).ok().filter(PrivateKey::is_encrypted)?;
    let opens = passphrase.is_some_and(|passphrase| open(key.pem(), passphrase).is_ok());
    let problem = Problem::error(Code::KeyPassphrase, "").with("number", number.to_string());
    (!opens).then(|| problem.with("given", usize::from(passphrase.is_some())))
}

/// What was sent, read.
struct Received {
    offer: IssuedBundle,
    /// The roots that were named, if some were, or why they cannot be read.
    roots: Option<Result<Vec<Certificate>, Problem>>,
    passphrase: Option<Zeroizing<String>>,
}

impl Received {
    fn read(sent: &Sent<'_>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let password = sent.password_file.and_then(|file| secret(file, &mut problems));
        let passphrase = sent.passphrase_file.and_then(|file| secret(file, &mut problems));
        if any_error(&problems) {
            return Err(problems);
        }
        let offer = offer(sent, password.as_ref().map(|password| password.as_str()));
        let roots =
            sent.roots.map(|file| Ok(IssuedBundle::read(&octets(file).map_err(|fault| *fault)?, None)?.certificates));
        offer.map(|offer| Received { offer, roots, passphrase }).map_err(|problem| vec![*problem])
    }
}

/// The certificate, and the issuers that came apart from it.
fn offer(sent: &Sent<'_>, password: Option<&str>) -> Result<IssuedBundle, Box<Problem>> {
    let mut offer = IssuedBundle::read(&octets(sent.certificate)?, password)?;
    if let Some(chain) = sent.chain {
        offer.add_issuers(IssuedBundle::read(&octets(chain)?, password)?);
    }
    Ok(offer)
}

pub fn octets(file: &Path) -> Result<Zeroizing<Vec<u8>>, Box<Problem>> {
    let most = MAX_BUNDLE as u64 + 1;
    let read = if file == Path::new("-") { read_stream(io::stdin().lock(), most) } else { read_bounded(file, most) };
    read.map_err(|error| Box::new(unreadable(file, &error)))
}
