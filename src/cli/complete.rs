//! `complete`: the certificate that was issued is proved and taken home.

use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use crate::edge::Usage;
use crate::faces::headless as face;
use crate::home::Layout;
use crate::home::layout::KEY;
use crate::lifecycle::proof::KeyPlace;
use crate::lifecycle::{Said, complete as judged};
use crate::pages;
use crate::pki::encrypted_key::open;
use crate::pki::{IssuedBundle, MAX_BUNDLE, PrivateKey};
use crate::problem::{Code, Problem, any_error};
use crate::session::unreadable;
use crate::text::Text;
use crate::world::{Secrets, read_bounded, read_stream};

use super::exit::OK;
use super::headless::load_saved;
use super::run::{Ended, Run};
use super::secret::secret;
use super::told::report_problems;

/// What `complete` was told.
pub struct Sent<'a> {
    /// The certificate's file; `-` for standard input.
    pub certificate: &'a Path,
    /// A file with its issuers.
    pub chain: Option<&'a Path>,
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
    let mut run = match Run::begin(home, dry_run, text)? {
        Ok(run) => run,
        Err(refused) => return Ok(refused),
    };
    let Received { offer, passphrase } = match received {
        Ok(received) => received,
        Err(problems) => return run.refuse(&problems),
    };
    let (answers, problems) = load_saved(home);
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    run.facts.trust = run.world.reader().trust();
    let deployment = run.deployment(&answers);
    // Where it leads is known only when it is judged; then what is there is looked at.
    let said = Said { server: pages::server_chosen(&run.answered(&answers)), usage: sent.usage };
    let targets = judged(&offer, &deployment, said, &run.facts, run.text).plan.targets();
    run.look(&targets);
    let completion = judged(&offer, &deployment, said, &run.facts, run.text);
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
        offer.map(|offer| Received { offer, passphrase }).map_err(|problem| vec![*problem])
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

fn octets(file: &Path) -> Result<Zeroizing<Vec<u8>>, Box<Problem>> {
    let most = MAX_BUNDLE as u64 + 1;
    let read = if file == Path::new("-") { read_stream(io::stdin().lock(), most) } else { read_bounded(file, most) };
    read.map_err(|error| Box::new(unreadable(file, &error)))
}
