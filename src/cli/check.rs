//! `check`: domains as other servers find them. It needs no home folder and writes nothing.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use crate::check::DomainCheck;
use crate::faces::check::{check_text, domain_json, json_begin, json_end};
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
    /// How it is looked into the network.
    pub network: LookOptions,
}

/// Looks at them and says what was seen.
pub fn check(home: &Path, wish: &Wish<'_>, text: &Text) -> io::Result<u8> {
    let world = RealWorld::new(home.to_owned(), absolute(Path::new("."))).looking(wish.network.clone());
    let asked = match asked(&world, home, wish) {
        Ok(asked) => asked,
        Err(problems) => {
            if wish.json {
                print(&(json_begin() + &json_end(false, &problems, text)))?;
            }
            return report_problems(&problems, text).map(|()| FAILED);
        }
    };
    let Asked { domains, identity, roots } = asked;
    let options = CheckOptions { home, now: world.now(), identity, roots, go_on: &|| true };
    let mut heard = Heard::begin(wish.json, text);
    let looked =
        check_domains(world.reader().as_ref(), &domains, &options, &mut |place, check| heard.hears(place, &check));
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
    /// What is looked at.
    domains: Domains,
    /// Who we are to say we are.
    identity: Option<Identity>,
    /// Roots that were named.
    roots: Vec<Certificate>,
}

fn asked(world: &RealWorld, home: &Path, wish: &Wish<'_>) -> Result<Asked, Vec<Problem>> {
    let roots = wish.ca_file.map(certificates).transpose().map_err(|problem| vec![*problem])?.unwrap_or_default();
    let named = wish.identity.map(|domain| {
        let domain = Name::new(domain).ascii().to_owned();
        let identity = identity(world.reader().as_ref(), home, &domain);
        identity.ok_or_else(|| vec![Problem::error(Code::CheckIdentity, "").with("name", domain)])
    });
    let identity = named.transpose()?;
    let known = known(world, home, wish)?.unwrap_or_default();
    let domains = match wish.domains {
        [] => known,
        // Whoever names a domain wants to know all that it shows.
        named => Domains { asks_for_sip: true, ..known.looking_at(named_domains(named)?) },
    };
    if domains.all.is_empty() {
        return Err(vec![Problem::error(Code::CheckNothing, "")]);
    }
    Ok(Asked { domains, identity, roots })
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

/// The certificates in a file that was named.
pub(super) fn certificates(file: &Path) -> Result<Vec<Certificate>, Box<Problem>> {
    Ok(IssuedBundle::read(&octets(file)?, None)?.certificates)
}

/// Why this is no name of a domain, if so.
fn unsound(name: &Name) -> Option<Problem> {
    let wildcard = name.is_wildcard().then_some(NameFault::Syntax);
    let code = code_of(name.fault().or(wildcard)?);
    Some(Problem::error(code, "").with("name", visible(&name.both()).into_owned()))
}
