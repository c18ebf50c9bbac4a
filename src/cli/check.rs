//! `check`: domains as other servers find them. It needs no home folder and writes nothing.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

use crate::check::{DomainCheck, Judge, Wanted};
use crate::edge::{Deployment, Usage};
use crate::faces::check::{check_json, check_text};
use crate::form::{Answered, code_of};
use crate::home::Layout;
use crate::home::layout::{FULLCHAIN, KEY};
use crate::lifecycle::with_roots;
use crate::name::{Name, NameFault};
use crate::pages;
use crate::pki::{Certificate, IssuedBundle, covers};
use crate::problem::{Code, Problem, any_error};
use crate::servers::product;
use crate::system::probe::{DomainProbe, Identity, LookOptions, ProbeOptions};
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
        Err(problems) => return report_problems(&problems, text).map(|()| FAILED),
    };
    let reader = world.reader();
    let trust = with_roots(reader.trust(), &asked.roots);
    let judge = Judge { trust: &trust, now: world.now() };
    let mut checks: Vec<DomainCheck> = Vec::new();
    let mut shown = Ok(true);
    let mut hear = |probe: DomainProbe| {
        let wanted = asked.wanted.get(&probe.domain).cloned();
        let check = DomainCheck::of(&probe, &judge, wanted);
        // What was seen is shown as it comes; JSON is one thing.
        if !wish.json {
            shown = show(&format!("{}\n", check_text(&check, text)));
        }
        checks.push(check);
        matches!(shown, Ok(true))
    };
    // Who we are is told to partners, and to others where that is asked for: it leaves a line in their log.
    let (partners, others): (Vec<String>, Vec<String>) =
        asked.domains.iter().cloned().partition(|domain| asked.wanted.contains_key(domain));
    let named = asked.named.as_ref();
    for (domains, identity) in [(others, named), (partners, named.or(asked.own.as_ref()))] {
        let options = ProbeOptions { look: wish.look, identity };
        reader.probe(&domains, &options, &mut hear)?;
    }
    shown?;
    if wish.json {
        checks.sort_by_key(|check| asked.domains.iter().position(|domain| *domain == check.domain));
        print(&format!("{:#}\n", check_json(&checks, text)))?;
    }
    Ok(if checks.iter().any(|check| check.ok() == Some(false)) { ATTENTION } else { OK })
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
    roots: Vec<Certificate>,
}

fn asked(world: &RealWorld, home: &Path, wish: &Wish<'_>) -> Result<Asked, Vec<Problem>> {
    let roots = match wish.ca_file {
        Some(file) => octets(file).and_then(|read| Ok(IssuedBundle::read(&read, None)?.certificates)),
        None => Ok(Vec::new()),
    };
    let roots = roots.map_err(|problem| vec![*problem])?;
    let named = wish.identity.map(|domain| {
        let domain = Name::new(domain).ascii().to_owned();
        let identity = identity(world, home, &domain);
        identity.ok_or_else(|| vec![Problem::error(Code::CheckIdentity, "").with("name", domain)])
    });
    let named = named.transpose()?;
    let deployment = deployment(world, home, wish)?;
    let partners = deployment.iter().flat_map(partners);
    let wanted: HashMap<String, Wanted> = partners.clone().collect();
    let own = deployment.iter().flat_map(|deployment| &deployment.edge.xmpp_domains).map(Name::ascii);
    let identities = own.clone().filter(|_| !wanted.is_empty()).find_map(|domain| identity(world, home, domain));
    let domains = if wish.domains.is_empty() {
        own.map(str::to_owned).chain(partners.map(|(domain, _)| domain)).collect()
    } else {
        named_domains(wish.domains)?
    };
    if domains.is_empty() {
        return Err(vec![Problem::error(Code::CheckNothing, "")]);
    }
    Ok(Asked { domains, wanted, named, own: identities, roots })
}

fn named_domains(domains: &[String]) -> Result<Vec<String>, Vec<Problem>> {
    let names: Vec<Name> = domains.iter().map(|domain| Name::new(domain)).collect();
    let faults: Vec<Problem> = names.iter().filter_map(unsound).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut seen = HashSet::new();
    Ok(names.iter().map(|name| name.ascii().to_owned()).filter(|name| seen.insert(name.clone())).collect())
}

/// What the answers mean, those named or the saved ones; nothing where there are none, or where they are faulty and not needed.
fn deployment(world: &RealWorld, home: &Path, wish: &Wish<'_>) -> Result<Option<Deployment>, Vec<Problem>> {
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
    let facts = world.look(&[]);
    Ok(Some(pages::deployment(&Answered::new(&answers, &facts))))
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
