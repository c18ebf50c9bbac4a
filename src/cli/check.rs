//! `check`: domains as other servers find them. It needs no home folder and writes nothing.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use crate::check::{DomainCheck, Judge, Wanted};
use crate::edge::{Deployment, Server, Usage};
use crate::faces::check::{check_text, domain_json, json_begin, json_end};
use crate::form::{Answered, code_of};
use crate::home::Layout;
use crate::home::layout::{FULLCHAIN, KEY};
use crate::lifecycle::with_roots;
use crate::name::{Name, NameFault};
use crate::pages;
use crate::pki::{Certificate, IssuedBundle, covers};
use crate::problem::{Code, Problem, any_error};
use crate::servers::product;
use crate::system::probe::{Identity, LookOptions, ProbeOptions};
use crate::system::{Clock as _, Files as _};
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
                print(&(json_begin() + &json_end(false, &problems, text)))?;
            }
            return report_problems(&problems, text).map(|()| FAILED);
        }
    };
    let reader = world.reader();
    let trust = reader.trust();
    let (given, own_roots) = (with_roots(trust.clone(), &asked.roots), with_roots(trust, &asked.own_roots));
    let identity = asked.named.as_ref().or(asked.own.as_ref());
    // Who we are is told to partners, and to others where that is asked for: it leaves a line in their log. To itself nobody
    // tells it.
    let is_told = |domain: &str| {
        let is_meant = asked.named.is_some() || asked.wanted.contains_key(domain);
        is_meant && identity.is_some_and(|identity| identity.domain != domain)
    };
    let options = ProbeOptions { look: wish.look, identity, is_told: &is_told };
    let mut heard = Heard::begin(wish.json, text);
    let looked = reader.probe(&asked.domains, &options, &mut |place, probe| {
        let is_own = asked.own_domains.contains(&probe.domain);
        let judge = Judge {
            trust: if is_own { &own_roots } else { &given },
            now: world.now(),
            here: asked.here,
            ours: identity.filter(|_| is_told(&probe.domain)).and_then(|identity| identity.chain.first()),
            is_own,
        };
        let check = DomainCheck::of(&probe, &judge, asked.wanted.get(&probe.domain).cloned());
        heard.hears(place, &check)
    });
    // What was seen stands there as a whole, whatever came between.
    let code = heard.end()?;
    looked.map(|()| code)
}

/// What was heard by now. It is shown in the order in which it was asked for: what comes before its turn waits, written
/// already, which is smaller.
struct Heard<'a> {
    is_json: bool,
    text: &'a Text,
    waiting: HashMap<usize, Box<str>>,
    /// How many were shown.
    shown: usize,
    /// Whether anybody still reads it.
    is_read: io::Result<bool>,
    is_any_wrong: bool,
    could_be_told: bool,
}

impl<'a> Heard<'a> {
    fn begin(is_json: bool, text: &'a Text) -> Self {
        let is_read = if is_json { print(&json_begin()) } else { Ok(true) };
        let waiting = HashMap::new();
        Heard { is_json, text, waiting, shown: 0, is_read, is_any_wrong: false, could_be_told: false }
    }

    /// Takes one in, and shows those whose turn it is. Whether to go on.
    fn hears(&mut self, place: usize, check: &DomainCheck) -> bool {
        self.is_any_wrong |= check.ok() == Some(false);
        self.could_be_told |= check.ok().is_some();
        let said = if self.is_json { domain_json(check, self.text) } else { check_text(check, self.text) + "\n" };
        self.waiting.insert(place, said.into());
        while let (Ok(true), Some(said)) = (&self.is_read, self.waiting.remove(&self.shown)) {
            self.is_read = match (self.is_json, self.shown) {
                (false, _) => show(&said),
                (true, 0) => print(&said),
                (true, _) => print(&format!(",{said}")),
            };
            self.shown += 1;
        }
        matches!(self.is_read, Ok(true))
    }

    /// Writes what is left to be written, and the exit code.
    fn end(self) -> io::Result<u8> {
        if self.is_read? && self.is_json {
            print(&json_end(self.shown > 0, &[], self.text))?;
        }
        Ok(match self.is_any_wrong {
            true => ATTENTION,
            // Silence of the network is no good news.
            false if !self.could_be_told => FAILED,
            false => OK,
        })
    }
}

/// What is asked for, made out.
struct Asked {
    /// In A-labels, each once.
    domains: Vec<String>,
    /// What the answers ask of those that are partners.
    wanted: HashMap<String, Wanted>,
    /// Who we are to say we are.
    named: Option<Identity>,
    /// Who we are to partners.
    own: Option<Identity>,
    /// The domains of the answers that are ours.
    own_domains: HashSet<String>,
    /// What runs here.
    here: Option<Server>,
    /// Roots that were named.
    roots: Vec<Certificate>,
    /// Those, and the one of our own certificate.
    own_roots: Vec<Certificate>,
}

fn asked(world: &RealWorld, home: &Path, wish: &Wish<'_>) -> Result<Asked, Vec<Problem>> {
    let roots = wish.ca_file.map(certificates).transpose().map_err(|problem| vec![*problem])?.unwrap_or_default();
    let named = wish.identity.map(|domain| {
        let domain = Name::new(domain).ascii().to_owned();
        let identity = identity(world, home, &domain);
        identity.ok_or_else(|| vec![Problem::error(Code::CheckIdentity, "").with("name", domain)])
    });
    let named = named.transpose()?;
    let (deployment, root) = known(world, home, wish)?.unzip();
    let partners = deployment.iter().flat_map(partners);
    let wanted: HashMap<String, Wanted> = partners.clone().collect();
    let own =
        deployment.iter().flat_map(|deployment| deployment.edge.xmpp_domains.iter().chain(&deployment.edge.components));
    let own_domains: Vec<String> = own.map(|name| name.ascii().to_owned()).collect();
    let own = own_domains.iter().filter(|_| !wanted.is_empty()).find_map(|domain| identity(world, home, domain));
    let mut domains: Vec<String> = if wish.domains.is_empty() {
        own_domains.iter().cloned().chain(partners.map(|(domain, _)| domain)).collect()
    } else {
        named_domains(wish.domains)?
    };
    let mut seen = HashSet::new();
    domains.retain(|domain| seen.insert(domain.clone()));
    if domains.is_empty() {
        return Err(vec![Problem::error(Code::CheckNothing, "")]);
    }
    let here = deployment.as_ref().map(|deployment| deployment.server);
    // The root that `complete` was told of need not be known to this system.
    let own_root = root.flatten().and_then(|file| certificates(&file).ok()).unwrap_or_default();
    let own_roots = roots.iter().cloned().chain(own_root).collect();
    let own_domains = own_domains.into_iter().collect();
    Ok(Asked { domains, wanted, named, own, own_domains, here, roots, own_roots })
}

fn named_domains(domains: &[String]) -> Result<Vec<String>, Vec<Problem>> {
    let names: Vec<Name> = domains.iter().map(|domain| Name::new(domain)).collect();
    let faults: Vec<Problem> = names.iter().filter_map(unsound).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(names.iter().map(|name| name.ascii().to_owned()).collect())
}

/// What the answers mean, those named or the saved ones, and the file of the root that they name; nothing where there are none,
/// or where they are faulty and not needed.
fn known(
    world: &RealWorld,
    home: &Path,
    wish: &Wish<'_>,
) -> Result<Option<(Deployment, Option<PathBuf>)>, Vec<Problem>> {
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
    Ok(Some((pages::deployment(&answered), pages::file(&answered, pages::ROOT_FILE))))
}

fn certificates(file: &Path) -> Result<Vec<Certificate>, Box<Problem>> {
    Ok(IssuedBundle::read(&octets(file)?, None)?.certificates)
}

/// The partners, with what shares their settings, and what is wanted of each.
fn partners(deployment: &Deployment) -> impl Iterator<Item = (String, Wanted)> + Clone {
    deployment.federation.partners.iter().flat_map(|partner| {
        let methods = product(deployment.server).enforces(partner.negotiation).methods;
        let wanted = Wanted { settings: partner.negotiation, methods };
        let domains = [&partner.domain].into_iter().chain(&partner.additional_domains);
        domains.map(move |domain| (domain.ascii().to_owned(), wanted.clone()))
    })
}

/// A domain that the certificate in use is for, with its key.
fn identity(world: &RealWorld, home: &Path, domain: &str) -> Option<Identity> {
    let current = Layout::of(home).link(Usage::External);
    let chain = Certificate::read_all(&world.read(&current.join(FULLCHAIN)).ok()?);
    let is_named = chain.first()?.dns_names.iter().any(|held| covers(held, domain));
    let key = world.read_key(&current.join(KEY)).ok().filter(|key| is_named && !key.is_encrypted())?;
    Some(Identity { domain: domain.to_owned(), chain, key })
}

/// Why this is no name of a domain, if so.
fn unsound(name: &Name) -> Option<Problem> {
    let wildcard = name.is_wildcard().then_some(NameFault::Syntax);
    let code = code_of(name.fault().or(wildcard)?);
    Some(Problem::error(code, "").with("name", visible(&name.both()).into_owned()))
}
