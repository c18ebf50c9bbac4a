//! `check`: domains as other servers find them. It needs no home folder and writes nothing.

use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use crate::check::{DomainCheck, Judge};
use crate::edge::Usage;
use crate::faces::check::{check_json, check_text};
use crate::form::{Answered, code_of};
use crate::home::Layout;
use crate::home::layout::{FULLCHAIN, KEY};
use crate::lifecycle::with_roots;
use crate::name::{Name, NameFault};
use crate::pages;
use crate::pki::{Certificate, IssuedBundle, covers};
use crate::problem::{Code, Problem, any_error};
use crate::system::probe::{Identity, ProbeOptions};
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
    /// The name server to be asked.
    pub resolver: Option<SocketAddr>,
    /// Roots that are believed besides the system's.
    pub ca_file: Option<&'a Path>,
    /// How long a domain may take.
    pub timeout: Duration,
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
    reader.probe(&asked.domains, &asked.options, &mut |probe| {
        let check = DomainCheck::of(&probe, &judge);
        // What was seen is shown as it comes; JSON is one thing.
        if !wish.json {
            shown = show(&format!("{}\n", check_text(&check, text)));
        }
        checks.push(check);
        matches!(shown, Ok(true))
    })?;
    shown?;
    if wish.json {
        checks.sort_by_key(|check| asked.domains.iter().position(|domain| *domain == check.domain));
        print(&format!("{:#}\n", check_json(&checks, text)))?;
    }
    Ok(if checks.iter().any(|check| check.ok() == Some(false)) { ATTENTION } else { OK })
}

/// What is asked for, made out.
struct Asked {
    domains: Vec<String>,
    options: ProbeOptions,
    roots: Vec<Certificate>,
}

fn asked(world: &RealWorld, home: &Path, wish: &Wish<'_>) -> Result<Asked, Vec<Problem>> {
    let roots = match wish.ca_file {
        Some(file) => octets(file).and_then(|read| Ok(IssuedBundle::read(&read, None)?.certificates)),
        None => Ok(Vec::new()),
    };
    let roots = roots.map_err(|problem| vec![*problem])?;
    let identity = wish.identity.map(|domain| identity(world, home, domain)).transpose()?;
    let domains = if wish.domains.is_empty() { of_answers(world, home, wish)? } else { wish.domains.to_vec() };
    let names: Vec<Name> = domains.iter().map(|domain| Name::new(domain)).collect();
    let faults: Vec<Problem> = names.iter().filter_map(unsound).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut domains: Vec<String> = names.iter().map(|name| name.ascii().to_owned()).collect();
    let mut seen = std::collections::HashSet::new();
    domains.retain(|domain| seen.insert(domain.clone()));
    let options = ProbeOptions { resolver: wish.resolver, timeout: wish.timeout, identity };
    Ok(Asked { domains, options, roots })
}

/// The domains of the answers: those of the edge, and all partners with what shares their settings.
fn of_answers(world: &RealWorld, home: &Path, wish: &Wish<'_>) -> Result<Vec<String>, Vec<Problem>> {
    let (answers, problems) = match wish.answers {
        Some(file) => {
            let loaded = load(file, home).map_err(|problem| vec![*problem])?;
            (loaded.answers, loaded.problems)
        }
        None => load_saved(home),
    };
    if any_error(&problems) {
        return Err(problems);
    }
    let facts = world.look(&[]);
    let deployment = pages::deployment(&Answered::new(&answers, &facts));
    let own = deployment.edge.xmpp_domains.iter();
    let partners = &deployment.federation.partners;
    let partners = partners.iter().flat_map(|partner| [&partner.domain].into_iter().chain(&partner.additional_domains));
    let domains: Vec<String> = own.chain(partners).map(|name| name.ascii().to_owned()).collect();
    if domains.is_empty() { Err(vec![Problem::error(Code::CheckNothing, "")]) } else { Ok(domains) }
}

/// Who we are: a domain of the certificate in use.
fn identity(world: &RealWorld, home: &Path, domain: &str) -> Result<Identity, Vec<Problem>> {
    let current = Layout::of(home).link(Usage::External);
    let domain = Name::new(domain).ascii().to_owned();
    let chain = world.read(&current.join(FULLCHAIN)).map(|pem| Certificate::read_all(&pem)).unwrap_or_default();
    let key = world.read_key(&current.join(KEY)).ok().filter(|key| !key.is_encrypted());
    let is_named = |leaf: &Certificate| leaf.dns_names.iter().any(|held| covers(held, &domain));
    match key {
        Some(key) if chain.first().is_some_and(is_named) => Ok(Identity { domain, chain, key }),
        _ => Err(vec![Problem::error(Code::CheckIdentity, "").with("name", domain)]),
    }
}

/// Why this is no name of a domain, if so.
fn unsound(name: &Name) -> Option<Problem> {
    let wildcard = name.is_wildcard().then_some(NameFault::Syntax);
    let code = code_of(name.fault().or(wildcard)?);
    Some(Problem::error(code, "").with("name", visible(&name.both()).into_owned()))
}
