//! `check`: domains as other servers find them. It needs no home folder and writes nothing.

use std::io;
use std::path::Path;
use std::sync::Arc;

use hickory_proto::dnssec::TrustAnchors;

use crate::check::DomainCheck;
use crate::faces::check::{check_json, check_text};
use crate::form::{Answered, code_of};
use crate::name::{Name, NameFault};
use crate::pages;
use crate::pki::{Certificate, IssuedBundle};
use crate::problem::{Code, Problem, any_error};
use crate::session::{CheckOptions, Domains, check_domains, identity};
use crate::system::Clock as _;
use crate::system::probe::{Identity, LookOptions};
use crate::text::{Text, visible};
use crate::world::{RealWorld, World as _};

use super::complete::octets;
use super::exit::{ATTENTION, FAILED, OK};
use super::headless::{load, load_saved};
use super::home::absolute;
use super::told::{print, report_problems, show};

/// What is to be looked at, and how.
pub struct Wish<'a> {
    /// The domains; none: those of the answers, with all partners.
    pub domains: &'a [String],
    /// The domain that we say we are.
    pub identity: Option<&'a str>,
    /// An answers file instead of the saved one.
    pub answers: Option<&'a Path>,
    /// Whether JSON is printed.
    pub json: bool,
    /// Roots that are believed besides the system's.
    pub ca_file: Option<&'a Path>,
    /// The root's keys that names are validated from, instead of those that are built in.
    pub trust_anchor: Option<&'a Path>,
    /// How it is looked into the network.
    pub look: LookOptions,
}

/// Looks at them and says what was seen.
pub fn check(home: &Path, wish: &Wish<'_>, text: &Text) -> io::Result<u8> {
    let world = RealWorld::new(home.to_owned(), absolute(Path::new(".")));
    let asked = match asked(&world, home, wish) {
        Ok(asked) => asked,
        Err(problems) => {
            if wish.json {
                print(&format!("{:#}\n", check_json(&[], &problems, text)))?;
            }
            return report_problems(&problems, text).map(|()| FAILED);
        }
    };
    let Asked { domains, identity, roots, anchors } = asked;
    let options = CheckOptions { home, now: world.now(), look: wish.look, identity, roots, anchors, go_on: &|| true };
    let mut heard = Heard { checks: domains.all.iter().map(|_| None).collect(), shown: 0, outcome: Ok(true) };
    check_domains(world.reader().as_ref(), &domains, &options, &mut |place, check| {
        heard.hears(place, check, wish.json, text)
    })?;
    heard.outcome?;
    let checks: Vec<DomainCheck> = heard.checks.into_iter().flatten().collect();
    if wish.json {
        print(&format!("{:#}\n", check_json(&checks, &[], text)))?;
    }
    let could_be_told = checks.iter().any(|check| check.ok().is_some());
    Ok(match checks.iter().any(|check| check.ok() == Some(false)) {
        true => ATTENTION,
        // Silence of the network is no good news.
        false if !could_be_told => FAILED,
        false => OK,
    })
}

/// What was heard by now, in the order in which it was asked for.
struct Heard {
    checks: Vec<Option<DomainCheck>>,
    /// How many of them were shown.
    shown: usize,
    outcome: io::Result<bool>,
}

impl Heard {
    /// Takes one in, and shows those whose turn it is; JSON is one thing, and shown at the end. Whether to go on.
    fn hears(&mut self, place: usize, check: DomainCheck, is_json: bool, text: &Text) -> bool {
        self.checks[place] = Some(check);
        while let (false, Ok(true), Some(Some(check))) = (is_json, &self.outcome, self.checks.get(self.shown)) {
            self.outcome = show(&format!("{}\n", check_text(check, text)));
            self.shown += 1;
        }
        matches!(self.outcome, Ok(true))
    }
}

/// What is asked for, made out.
struct Asked {
    /// What is looked at.
    domains: Domains,
    /// Who we are to say we are.
    identity: Option<Identity>,
    /// Roots that were named.
    roots: Vec<Certificate>,
    /// The root's keys.
    anchors: Arc<TrustAnchors>,
}

fn asked(world: &RealWorld, home: &Path, wish: &Wish<'_>) -> Result<Asked, Vec<Problem>> {
    let roots = wish.ca_file.map(certificates).transpose().map_err(|problem| vec![*problem])?.unwrap_or_default();
    let anchors = wish.trust_anchor.map(anchors).transpose().map_err(|problem| vec![*problem])?.unwrap_or_default();
    let named = wish.identity.map(|domain| {
        let domain = Name::new(domain).ascii().to_owned();
        let identity = identity(world.reader().as_ref(), home, &domain);
        identity.ok_or_else(|| vec![Problem::error(Code::CheckIdentity, "").with("name", domain)])
    });
    let identity = named.transpose()?;
    let known = known(world, home, wish)?.unwrap_or_default();
    let domains = if wish.domains.is_empty() { known } else { known.looking_at(named_domains(wish.domains)?) };
    if domains.all.is_empty() {
        return Err(vec![Problem::error(Code::CheckNothing, "")]);
    }
    Ok(Asked { domains, identity, roots, anchors: Arc::new(anchors) })
}

fn named_domains(domains: &[String]) -> Result<Vec<String>, Vec<Problem>> {
    let names: Vec<Name> = domains.iter().map(|domain| Name::new(domain)).collect();
    let faults: Vec<Problem> = names.iter().filter_map(unsound).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(names.iter().map(|name| name.ascii().to_owned()).collect())
}

/// The domains of the answers, those named or the saved ones; nothing where there are none, or where they are faulty and not
/// needed.
fn known(world: &RealWorld, home: &Path, wish: &Wish<'_>) -> Result<Option<Domains>, Vec<Problem>> {
    let is_needed = wish.answers.is_some() || wish.domains.is_empty();
    let (answers, problems) = match wish.answers {
        Some(file) => {
            let loaded = load(file, home).map_err(|problem| vec![*problem])?;
            (loaded.answers, loaded.problems)
        }
        None => load_saved(home),
    };
    if any_error(&problems) {
        return if is_needed { Err(problems) } else { Ok(None) };
    }
    if answers.is_empty() {
        return Ok(None);
    }
    let facts = world.look(&[]);
    let answered = Answered::new(&answers, &facts);
    Ok(Some(Domains::of(&answered, &pages::deployment(&answered))))
}

fn certificates(file: &Path) -> Result<Vec<Certificate>, Box<Problem>> {
    Ok(IssuedBundle::read(&octets(file)?, None)?.certificates)
}

/// The root's keys in a file of DNSKEY records (RFC 1035 5.1).
fn anchors(file: &Path) -> Result<TrustAnchors, Box<Problem>> {
    let read = octets(file)?;
    let anchors = str::from_utf8(&read).ok().and_then(|text| text.parse().ok());
    let is_of_root = |anchors: &TrustAnchors| !anchors.is_empty();
    let none = || Box::new(Problem::error(Code::CheckTrustAnchor, "").with("file", file.display().to_string()));
    anchors.filter(is_of_root).ok_or_else(none)
}

/// Why this is no name of a domain, if so.
fn unsound(name: &Name) -> Option<Problem> {
    let wildcard = name.is_wildcard().then_some(NameFault::Syntax);
    let code = code_of(name.fault().or(wildcard)?);
    Some(Problem::error(code, "").with("name", visible(&name.both()).into_owned()))
}
