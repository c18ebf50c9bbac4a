//! `complete`, `renew`, `undo`: what is done with a certificate after its request.

use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::edge::{Deployment, Usage};
use crate::faces::headless::{self as face, Report};
use crate::form::{Answers, Body, Scene, Sheet};
use crate::home::Layout;
use crate::home::layout::KEY;
use crate::home::{Facts, Renewal};
use crate::lifecycle::proof::KeyPlace;
use crate::lifecycle::{Recovery, Said, complete as judged, recover, undo as worked_out, undo_barred, undo_touches};
use crate::pages;
use crate::pki::encrypted_key::open;
use crate::pki::{Offer, PrivateKey};
use crate::plan::{Action, Plan};
use crate::problem::{Code, Problem, Severity, any_error};
use crate::text::{Message, Text, say};
use crate::world::{DryWorld, Hands, Outcome, RealWorld, World, perform_with, read_bounded, read_stream};

use super::headless::load_saved;
use super::secret::secret;
use super::told::{print, report_problems, tell};
use super::{FAILED, OK, absolute, survey, unreadable};

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
pub fn complete(home: &Path, sent: &Sent<'_>, dry_run: bool, text: &Text) -> io::Result<(u8, Vec<String>)> {
    // Whoever writes it into a pipe may take his time: nothing is held meanwhile.
    let received = Received::read(sent);
    let mut run = match Held::begin(home, dry_run, text)? {
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
    run.facts.trust = run.world.trust();
    let deployment = run.deployment(&answers);
    // Where it leads is known only when it is judged; then what is there is looked at.
    let said = Said { server: pages::server_chosen(&run.sheet(&answers)), usage: sent.usage };
    let targets = judged(&offer, &deployment, said, &run.facts, run.text).plan.targets();
    run.look(&targets);
    let completion = judged(&offer, &deployment, said, &run.facts, run.text);
    let findings: Vec<Problem> =
        completion.proof.findings.into_iter().chain(completion.plan.problems(&run.facts)).collect();
    if any_error(&findings) {
        return run.refuse(&findings);
    }
    if let Some(problem) = run.locked_key(passphrase.as_ref(), completion.proof.key) {
        return run.refuse(&[problem]);
    }
    report_problems(&findings, text)?;
    let hands = Hands { key: offer.key, passphrase, ..Hands::default() };
    let (code, mut lines) = run.perform(&completion.plan, hands)?;
    if code == OK && !dry_run {
        for said in completion.next {
            run.say(&said)?;
        }
    }
    lines.extend(face::problems_text(&findings, text).lines().map(str::to_owned));
    Ok((code, lines))
}

/// Makes the next request from the answers there are.
pub fn renew(home: &Path, keeps_key: bool, dry_run: bool, text: &Text) -> io::Result<(u8, Vec<String>)> {
    let mut run = match Held::begin(home, dry_run, text)? {
        Ok(run) => run,
        Err(refused) => return Ok(refused),
    };
    let (mut answers, problems) = load_saved(home);
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    // What is named there is the answer to the last request.
    answers.unset(pages::CERTIFICATE_FILE.path());
    if answers.is_empty() {
        let file = Layout::of(home).answers().to_string_lossy().into_owned();
        return run.refuse(&[Problem::error(Code::RenewWithoutAnswers, "").with("file", file)]);
    }
    run.facts = survey(run.world.as_ref(), &answers, Some(Renewal { keeps_key }), text);
    let sheet = Sheet { form: pages::form(), answers: &answers, facts: &run.facts };
    let shown = sheet.pages();
    let end = shown.iter().position(|page| page.body == Body::Execute).unwrap_or(shown.len());
    let deployment = pages::deployment(&sheet);
    let plan = pages::plan(&Scene { sheet: &sheet, deployment: &deployment, text }, &shown[..end]);
    let asked = pages::read(&sheet, text).problems;
    let concerns_request =
        |problem: &Problem| pages::form().field(&problem.path).is_some_and(|(page, _)| shown[..end].contains(&page));
    let problems: Vec<Problem> = asked
        .into_iter()
        .filter(concerns_request)
        .chain(plan.problems(&run.facts).into_iter().filter(|p| p.path.is_empty()))
        .collect();
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    report_problems(&problems, text)?;
    run.perform(&plan, Hands::default())
}

/// Takes the last run back.
pub fn undo(home: &Path, dry_run: bool, text: &Text) -> io::Result<(u8, Vec<String>)> {
    let mut run = match Held::begin(home, dry_run, text)? {
        Ok(run) => run,
        Err(refused) => return Ok(refused),
    };
    let touched = undo_touches(&run.facts);
    run.look(&touched);
    let barred = undo_barred(&run.facts);
    if !barred.is_empty() {
        return run.refuse(&barred);
    }
    let Some(undo) = worked_out(&run.facts) else {
        run.say(&say("undo-nothing"))?;
        return Ok((OK, Vec::new()));
    };
    let problems = undo.plan.problems(&run.facts);
    if any_error(&problems) {
        return run.refuse(&problems);
    }
    for stays in &undo.stays {
        run.say(stays)?;
    }
    run.perform(&undo.plan, Hands::default())
}

/// A run of one of these commands: the home folder is held, and what an earlier run left half-done is done with.
struct Held<'a> {
    home: &'a Path,
    world: Box<dyn World>,
    facts: Facts,
    dry_run: bool,
    text: &'a Text,
}

type Ended = (u8, Vec<String>);

impl<'a> Held<'a> {
    /// Holds the home folder and looks at it; `Err` where that, or a run that was cut off, keeps this one from going on,
    /// which is told.
    fn begin(home: &'a Path, dry_run: bool, text: &'a Text) -> io::Result<Result<Self, Ended>> {
        let real = RealWorld::new(home.to_owned(), absolute(Path::new(".")));
        let mut world: Box<dyn World> = if dry_run { Box::new(DryWorld::of(real)) } else { Box::new(real) };
        let held = world.lock().err();
        let facts = world.look(&[]);
        let mut run = Held { home, world, facts, dry_run, text };
        if let Some(held) = held {
            return run.refuse(&[Problem::error(Code::HomeLocked, "").with("by", held.by)]).map(Err);
        }
        if let Some(by) = run.world.cut_off().map(str::to_owned) {
            run.say(&say("run-cut-off").with("by", by))?;
        }
        let Finished { said, done, problems } = finish(run.world.as_mut(), &run.facts);
        tell_all(&said, text)?;
        if any_error(&problems) {
            return run.refuse(&problems).map(Err);
        }
        if !done.is_empty() {
            run.look(&[]);
        }
        Ok(Ok(run))
    }

    /// Why the request's key cannot be used, where it is under a passphrase: it is proved to open before anything moves.
    fn locked_key(&self, passphrase: Option<&Zeroizing<String>>, key: Option<KeyPlace>) -> Option<Problem> {
        let Some(KeyPlace::Request(number)) = key else { return None };
        let file = Layout::of(self.home).request(number).join(KEY);
        let key = self.world.read_key(&file).ok().filter(PrivateKey::is_encrypted)?;
        let opens = passphrase.is_some_and(|passphrase| open(key.pem(), passphrase).is_ok());
        let problem = Problem::error(Code::KeyPassphrase, "").with("number", number.to_string());
        (!opens).then(|| problem.with("given", usize::from(passphrase.is_some())))
    }

    fn look(&mut self, wanted: &[PathBuf]) {
        let trust = self.facts.trust.clone();
        self.facts = self.world.look(wanted);
        self.facts.trust = trust;
    }

    fn sheet<'s>(&'s self, answers: &'s Answers) -> Sheet<'s> {
        Sheet { form: pages::form(), answers, facts: &self.facts }
    }

    fn deployment(&self, answers: &Answers) -> Deployment {
        pages::deployment(&self.sheet(answers))
    }

    /// Does what `plan` says, and tells what was done; or only tells, in a dry run.
    fn perform(&mut self, plan: &Plan, hands: Hands) -> io::Result<Ended> {
        let Outcome { done, failed, .. } =
            perform_with(self.world.as_mut(), self.home, plan, hands, &mut |_| (), &|| true);
        let report = Report { done, failed };
        let told = if self.dry_run {
            face::actions_text(&plan.actions, self.text)
        } else {
            face::report_text(&report, self.text)
        };
        print(&told)?;
        let lines = report.done.iter().map(|action| action.line(self.text)).collect();
        match report.failed {
            Some((_, problem)) => {
                report_problems(&[problem], self.text)?;
                Ok((FAILED, lines))
            }
            None => Ok((OK, lines)),
        }
    }

    /// Tells why nothing is done.
    fn refuse(&self, problems: &[Problem]) -> io::Result<Ended> {
        report_problems(problems, self.text)?;
        let errors: Vec<Problem> =
            problems.iter().filter(|problem| problem.severity == Severity::Error).cloned().collect();
        Ok((FAILED, face::problems_text(&errors, self.text).lines().map(str::to_owned).collect()))
    }

    fn say(&self, said: &Message) -> io::Result<()> {
        tell(said, self.text)
    }
}

/// What became of a run that was cut off.
#[derive(Default)]
pub struct Finished {
    /// What became of it, in words.
    pub said: Vec<Message>,
    /// What was done to end it.
    pub done: Vec<Action>,
    /// What keeps it from being ended.
    pub problems: Vec<Problem>,
}

/// Ends what a run that was cut off had begun, as `facts` show it.
pub fn finish(world: &mut dyn World, facts: &Facts) -> Finished {
    let Recovery { plan, said } = recover(facts);
    let problems = if plan.is_done() { Vec::new() } else { plan.problems(facts) };
    if any_error(&problems) {
        return Finished { problems, ..Finished::default() };
    }
    let Outcome { done, failed, .. } = perform_with(world, &facts.home, &plan, Hands::default(), &mut |_| (), &|| true);
    world.take_for_done();
    match failed {
        Some((_, problem)) => Finished { done, problems: vec![problem], said: Vec::new() },
        None => Finished { said, done, problems: Vec::new() },
    }
}

/// Tells what is worth knowing on standard error, a line each.
pub fn tell_all(said: &[Message], text: &Text) -> io::Result<()> {
    said.iter().try_for_each(|said| tell(said, text))
}

/// What was sent, read.
struct Received {
    offer: Offer,
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
fn offer(sent: &Sent<'_>, password: Option<&str>) -> Result<Offer, Box<Problem>> {
    let mut offer = Offer::read(&octets(sent.certificate)?, password)?;
    if let Some(chain) = sent.chain {
        offer.add_issuers(Offer::read(&octets(chain)?, password)?);
    }
    Ok(offer)
}

fn octets(file: &Path) -> Result<Zeroizing<Vec<u8>>, Box<Problem>> {
    let most = crate::pki::MAX_OFFER as u64 + 1;
    let read = if file == Path::new("-") { read_stream(io::stdin().lock(), most) } else { read_bounded(file, most) };
    read.map_err(|error| Box::new(unreadable(file, &error)))
}
